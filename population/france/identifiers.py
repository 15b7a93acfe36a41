"""Identifiers of a population's tables as places of rows: what links tables, whatever users call their rows.

Tables that Barème writes number rows from 0 in their order, which is seen at once and costs nothing; other identifiers are looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import Problem, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def places_of_rows(tables: Mapping[str, pa.Table]) -> dict[tuple[str, str], Ints]:
    """Return for each column of identifiers, by entity and name, the rows that it names: an entity's own, and those of the groups it belongs to.

    Raises TableError where an entity has none, an identifier is empty or names two rows, or a link names no row.
    """
    problems: list[Problem] = []
    found: dict[tuple[str, str], Ints] = {}
    for group, table in tables.items():
        name = f"{group}_id"
        if name not in table.column_names:
            problems.append(Problem(_file(group), f"expected a column `{name}`"))
            continue
        own = table[name].combine_chunks()
        faults = list(_faults_of_own(group, own))
        problems += faults
        if faults:
            continue
        found[group, name] = np.arange(len(own))
        in_order = _counts_rows(own)
        for entity, other in tables.items():
            if entity != group and name in other.column_names:
                rows = _rows(other[name].combine_chunks(), own, in_order=in_order)
                unknown = np.flatnonzero((rows < 0) | (rows >= len(own)))
                if unknown.size:
                    place = f"{_file(entity)}, row {unknown[0] + 1}, column `{name}`"
                    problems.append(Problem(place, f"there is no {group} `{other[name][int(unknown[0])]}`: expected one of those in {_file(group)}"))
                found[entity, name] = rows
    if problems:
        raise TableError(problems)
    return found


def _file(entity: str) -> str:
    return f"{entity}.parquet"


def _faults_of_own(entity: str, ids: pa.Array) -> Iterator[Problem]:
    if ids.null_count:
        row = int(np.flatnonzero(np.asarray(ids.is_null()))[0]) + 1
        yield Problem(f"{_file(entity)}, row {row}, column `{entity}_id`", "the cell is empty: expected an identifier")
    elif not _counts_rows(ids) and len(pc.unique(ids)) < len(ids):
        encoded = ids.dictionary_encode().indices.to_numpy()
        again = np.setdiff1d(np.arange(len(ids)), np.unique(encoded, return_index=True)[1])[0]
        yield Problem(f"{_file(entity)}, row {again + 1}, column `{entity}_id`", f"`{ids[int(again)]}` names a row already: expected an identifier of its own")


def _counts_rows(ids: pa.Array) -> bool:
    """Whether identifiers are the places of the rows."""
    return pa.types.is_integer(ids.type) and bool(np.array_equal(ids.to_numpy(zero_copy_only=False), np.arange(len(ids))))


def _rows(links: pa.Array, own: pa.Array, *, in_order: bool) -> Ints:
    """Return the rows that links name, -1 where they name none."""
    if in_order and pa.types.is_integer(links.type) and not links.null_count:
        return np.asarray(links.to_numpy(zero_copy_only=False)).astype(np.int64)
    names: Any = pc.index_in(links.cast(pa.string()), own.cast(pa.string()))
    return np.asarray(names.fill_null(-1).to_numpy(zero_copy_only=False)).astype(np.int64)
