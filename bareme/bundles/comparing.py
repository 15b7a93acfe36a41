"""Two results held against each other: which columns differ, in how many rows, by how much at most.

Values are compared bit by bit (a NaN equals a NaN, nothing equals nothing). Files whose bytes differ but whose values do not, as another
pyarrow writes them, are equal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TABLES: Final = (".parquet", ".csv", ".arrow", ".feather")
_MOST_LINES: Final = 20
_SHOWN: Final = 60


def differences(before: Path, after: Path) -> list[str]:
    """Return what differs between two files of results, a line each; nothing where all values are the same."""
    suffix = before.suffix.lower()
    try:
        if suffix in _TABLES:
            return list(_of_tables(_table(before), _table(after)))
        if suffix == ".json":
            return _of_documents(json.loads(before.read_text(encoding="utf-8")), json.loads(after.read_text(encoding="utf-8")))
    except (ValueError, OSError) as error:  # Arrow's own errors are these
        return [f"cannot be read, and is other than what the law gives now: {str(error).splitlines()[0]}"]
    return [] if before.read_bytes() == after.read_bytes() else ["other bytes"]


def _table(path: Path) -> pa.Table:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        from pyarrow import parquet  # noqa: PLC0415 - each reader is loaded where it is needed

        return parquet.read_table(path)
    if suffix == ".csv":
        from pyarrow import csv  # noqa: PLC0415

        return csv.read_csv(path)
    from pyarrow import feather  # noqa: PLC0415

    return feather.read_table(path)


def _of_tables(before: pa.Table, after: pa.Table) -> Iterator[str]:
    for word, one, other in (("is missing", before, after), ("is new", after, before)):
        for name in one.column_names:
            if name not in other.column_names:
                yield f"column `{name}` {word}"
    if before.num_rows != after.num_rows:
        yield f"{before.num_rows:,} rows then, {after.num_rows:,} now"
        return
    for name in before.column_names:
        if name in after.column_names:
            yield from _of_columns(name, before.column(name), after.column(name))
    if before.column_names != after.column_names and set(before.column_names) == set(after.column_names):
        yield "columns stand in another order"


def _of_columns(name: str, before: pa.ChunkedArray, after: pa.ChunkedArray) -> Iterator[str]:
    one, other = _plain(before), _plain(after)
    if one.type != other.type:
        yield f"column `{name}`: {one.type} then, {other.type} now"
        if not (_is_number(one.type) and _is_number(other.type)):
            return
    empty_before, empty_after = one.is_null().to_numpy(zero_copy_only=False), other.is_null().to_numpy(zero_copy_only=False)
    if _is_number(one.type):
        # integers beyond 2^53 are compared as they are: the difference shown may then be rounded, never the count
        left, right = (np.asarray(array.fill_null(0).to_numpy(zero_copy_only=False)) for array in (one, other))
        unequal = ~_same_bits(left, right)
        with np.errstate(all="ignore"):
            distance = np.abs(right.astype(np.float64) - left.astype(np.float64))
    else:
        unequal = np.array([a != b for a, b in zip(one.to_pylist(), other.to_pylist(), strict=True)], dtype=bool)
        distance = None
    rows = np.flatnonzero((unequal & ~(empty_before | empty_after)) | (empty_before != empty_after))
    if len(rows):
        first = int(rows[0])
        told = f", first in row {first + 1}: {_shown(one[first].as_py())} then, {_shown(other[first].as_py())} now"
        known = None if distance is None else distance[rows][np.isfinite(distance[rows])]
        largest = f", largest difference {float(known.max()):.9g}" if known is not None and len(known) else ""
        yield f"column `{name}`: {len(rows):,} of {len(one):,} rows differ{largest}{told}"


def _same_bits(left: Any, right: Any) -> Any:
    if left.dtype != right.dtype or left.dtype.kind != "f":
        return left == right
    bits = np.dtype(f"u{left.dtype.itemsize}")
    return (np.ascontiguousarray(left).view(bits) == np.ascontiguousarray(right).view(bits)) | (np.isnan(left) & np.isnan(right))


def _plain(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece, dictionaries written out."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    one = column.combine_chunks()
    return pa.concat_arrays(one.chunks) if isinstance(one, pa.ChunkedArray) and one.num_chunks else one


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _of_documents(before: Any, after: Any) -> list[str]:
    found = list(_in_documents(before, after, ""))
    if len(found) <= _MOST_LINES:
        return found
    return [*found[:_MOST_LINES], f"and {len(found) - _MOST_LINES:,} values more"]


def _in_documents(before: Any, after: Any, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            below = f"{path}/{key}" if path else str(key)
            if key not in after or key not in before:
                yield f"`{below}` is {'new' if key in after else 'missing'}"
            else:
                yield from _in_documents(before[key], after[key], below)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _in_documents(one, other, f"{path}/{number}" if path else str(number))
    elif repr(before) != repr(after):  # tells 1 from 1.0 and 0.0 from -0.0, and a NaN is a NaN
        numbers = isinstance(before, int | float) and isinstance(after, int | float)
        by = f", difference {abs(after - before):.9g}" if numbers else ""
        yield f"`{path}`: {_shown(before)} then, {_shown(after)} now{by}"


def _shown(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
