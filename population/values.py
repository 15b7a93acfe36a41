"""What the cells of a column mean: from Arrow's types to the value types of the law, with every cell that does not fit.

Each conversion works on whole columns. What is text is looked at once per distinct text, never once per row, and a bad cell
is told by its position, so that a million good rows cost no Python at all.
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import nearest
from population.files import FALSE_WORDS, TRUE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
WHOLE_NUMBER = re.compile(r"[+-]?\d+(\.0*)?")
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
INT64 = range(-(2**63), 2**63)
BAD = object()


@dataclass(frozen=True)
class Faults:
    """Cells that do not fit, by position, and what to say of each. `rows` is None where the column as a whole is at fault."""

    rows: NDArray[np.int64] | None
    message: Callable[[int], str]

    def __len__(self) -> int:
        """Return how many cells (or columns) are at fault."""
        return 1 if self.rows is None else len(self.rows)


# the values, or None where some cell does not fit; and what does not fit
Converted: TypeAlias = "tuple[Any, list[Faults]]"


@dataclass(frozen=True)
class Kind:
    """A value type as tables hold it: Arrow's type for reading CSV, the words for it, and the conversion of a column without empty cells.

    `keeps_empty`: a column with empty cells is converted all the same (to an Arrow array with nulls there), so that its other cells are checked.
    """

    arrow: pa.DataType
    words: str
    convert: Callable[[pa.Array], Converted]
    keeps_empty: bool = False


def convert(column: pa.Array, kind: Kind, empty_text: bool = False) -> Converted:  # noqa: FBT001, FBT002 - read beside its name
    """Return a column's values as numpy knows them, and the cells that do not fit (then the values are not to be calculated with).

    A cell must not be empty, but for text where `empty_text` says that an empty text is a value.
    """
    if pa.types.is_dictionary(column.type) and column.dictionary.null_count:
        column = column.dictionary_decode()
    missing = _missing(column, empty_text)
    if missing is None:
        return kind.convert(column)
    empty = missing.nonzero()[0]
    if len(empty) == len(column):
        return None, [Faults(None, lambda _: f"every cell is empty: expected {kind.words}, or no such column")]
    full = np.flatnonzero(~missing)
    found, faults = kind.convert(column.take(pa.array(full)))
    moved = [_moved(fault, full) for fault in faults]
    values = found.take(pa.array(np.cumsum(~missing) - 1, mask=missing)) if kind.keeps_empty and found is not None else None
    return values, [Faults(empty, lambda _: f"the cell is empty: expected {kind.words}"), *moved]


def _missing(column: pa.Array, empty_text: bool) -> NDArray[np.bool_] | None:  # noqa: FBT001
    missing = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    if empty_text or not is_text(column.type):
        return missing
    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    blank = pc.equal(pc.utf8_trim_whitespace(texts.cast(pa.string())), "").fill_null(fill_value=False).to_numpy(zero_copy_only=False)
    if not blank.any():
        return missing
    if pa.types.is_dictionary(column.type):
        blank = blank[column.indices.fill_null(0).to_numpy()]
    both: NDArray[np.bool_] = blank if missing is None else blank | missing
    return both


def _moved(fault: Faults, rows: NDArray[np.int64]) -> Faults:
    """Return the faults found among some of the rows as faults of the whole column."""
    if fault.rows is None:
        return fault
    back = {int(rows[row]): int(row) for row in fault.rows}
    return Faults(rows[fault.rows], lambda row: fault.message(back[row]))


def is_text(kind: pa.DataType) -> bool:
    """Return whether cells of that Arrow type are texts, plain or as a dictionary."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def distinct(column: pa.Array) -> tuple[list[str], NDArray[np.int64]]:
    """Return the distinct texts of a column without empty cells, and for each row the position of its text among them."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64, copy=False)


def _wrong_type(column: pa.Array, words: str) -> tuple[None, list[Faults]]:
    held = "texts" if is_text(column.type) else f"values of type {column.type}"
    return None, [Faults(None, lambda _: f"holds {held}: expected {words}")]


def _of_texts(column: pa.Array, dtype: Any, read: Callable[[str], Any], says: Callable[[str], str]) -> Converted:
    """Convert text by reading each distinct text once; `read` returns BAD where it does not fit, and `says` tells why."""
    texts, positions = distinct(column)
    values = [read(text.strip()) for text in texts]
    bad = np.array([value is BAD for value in values], bool)
    if bad.any():
        return None, [Faults(np.flatnonzero(bad[positions]), lambda row: says(texts[positions[row]]))]
    return np.array(values, dtype)[positions], []


# --- Numbers --------------------------------------------------------------------------------------------------------


def _read_number(text: str) -> Any:
    return float(text) if NUMBER.fullmatch(text) and math.isfinite(float(text)) else BAD


def _not_a_number(text: str) -> str:
    if NOT_FINITE.fullmatch(text.strip()) or NUMBER.fullmatch(text.strip()):
        return f"`{text}` is not finite: expected a number"
    hint = " Write a decimal point." if NUMBER.fullmatch(text.strip().replace(",", ".")) else ""
    return f"`{text}` is not a number.{hint}"


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind))


def to_floats(column: pa.Array) -> Converted:
    """Convert a column to finite float64."""
    if is_text(column.type):
        return _of_texts(column, np.float64, _read_number, _not_a_number)
    if not _is_number(column.type):
        return _wrong_type(column, "numbers")
    values = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    finite = np.isfinite(values)
    if finite.all():
        return values, []
    return None, [Faults(np.flatnonzero(~finite), lambda row: f"`{values[row]}` is not finite: expected a number")]


def _read_weight(text: str) -> Any:
    value = _read_number(text)
    return value if value is BAD or value >= 0 else BAD


def _not_a_weight(text: str) -> str:
    return _not_a_number(text) if _read_number(text.strip()) is BAD else f"`{text}` is negative: expected a weight of at least 0"


def to_weights(column: pa.Array) -> Converted:
    """Convert a column to float64 of at least 0."""
    if is_text(column.type):
        return _of_texts(column, np.float64, _read_weight, _not_a_weight)
    values, faults = to_floats(column)
    numbers = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False) if _is_number(column.type) else np.zeros(0)
    negative = np.flatnonzero((numbers < 0) & np.isfinite(numbers))
    if not len(negative):
        return values, faults
    return None, [*faults, Faults(negative, lambda row: f"`{numbers[row]}` is negative: expected a weight of at least 0")]


def _read_whole_number(text: str) -> Any:
    if not WHOLE_NUMBER.fullmatch(text):
        return BAD
    value = int(text.partition(".")[0])
    return value if value in INT64 else BAD


def _not_whole(text: str) -> str:
    return f"`{text}` is not a whole number" + (" of 64 bits" if WHOLE_NUMBER.fullmatch(text.strip()) else "")


def to_integers(column: pa.Array) -> Converted:
    """Convert a column to int64; numbers with a fraction of zero are whole too."""
    if is_text(column.type):
        return _of_texts(column, np.int64, _read_whole_number, _not_whole)
    if pa.types.is_integer(column.type) and not pa.types.is_uint64(column.type):
        return column.cast(pa.int64()).to_numpy(zero_copy_only=False), []
    if not (pa.types.is_floating(column.type) or pa.types.is_uint64(column.type) or pa.types.is_decimal(column.type)):
        return _wrong_type(column, "whole numbers")
    values = column.to_numpy(zero_copy_only=False) if pa.types.is_uint64(column.type) else column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    whole = (values < 2**63) & (values >= -(2**63)) & (np.floor(values) == values)
    if whole.all():
        return values.astype(np.int64), []
    return None, [Faults(np.flatnonzero(~whole), lambda row: _not_whole(str(values[row])))]


# --- Truth values, dates, texts, enumerations ------------------------------------------------------------------------


def to_booleans(column: pa.Array) -> Converted:
    """Convert a column of true and false, 1 and 0, vrai and faux."""
    if pa.types.is_boolean(column.type):
        return column.to_numpy(zero_copy_only=False), []
    if is_text(column.type):
        words = {**dict.fromkeys(TRUE_WORDS, True), **dict.fromkeys(FALSE_WORDS, False)}
        return _of_texts(column, bool, lambda text: words.get(text, BAD), lambda text: f"`{text}` is neither true nor false")
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return _wrong_type(column, "true or false")
    values = column.to_numpy(zero_copy_only=False)
    bad = (values != 0) & (values != 1)
    if bad.any():
        return None, [Faults(np.flatnonzero(bad), lambda row: f"`{values[row]}` is neither true (1) nor false (0)")]
    return values.astype(bool), []


def _read_date(text: str) -> Any:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return BAD


def to_dates(column: pa.Array) -> Converted:
    """Convert a column to days (datetime64[D]); instants within a day count as that day."""
    if is_text(column.type):
        return _of_texts(column, "datetime64[D]", _read_date, lambda text: f"`{text}` is not a date: expected 2017-12-31")
    if not (pa.types.is_date(column.type) or pa.types.is_timestamp(column.type)):
        return _wrong_type(column, "dates")
    days = column.cast(pa.date32(), safe=False)
    return days.cast(pa.int32()).to_numpy(zero_copy_only=False).astype("datetime64[D]"), []


def kind_of_texts(max_length: int | None = None) -> Kind:
    """Return the kind of a column of texts, as Python objects; equal texts are one object."""

    def read(text: str) -> Any:
        return text if max_length is None or len(text) <= max_length else BAD

    def to_texts(column: pa.Array) -> Converted:
        if not is_text(column.type):
            return _wrong_type(column, "texts")
        return _of_texts(column, object, read, lambda text: f"`{text}` has {len(text)} characters: expected at most {max_length}")

    return Kind(pa.string(), "a text", to_texts)


def kind_of_members(names: Sequence[str]) -> Kind:
    """Return the kind of a column that holds one of these names, as positions among them: members of an enumeration, keys of roles."""
    position = {name: number for number, name in enumerate(names)}
    words = f"one of {', '.join(_few(names))}"

    def to_positions(column: pa.Array) -> Converted:
        if not is_text(column.type):
            return _wrong_type(column, words)
        return _of_texts(column, np.int64, lambda text: position.get(text, BAD), lambda text: f"`{text}` is not {words}.{nearest(text, names)}")

    return Kind(pa.dictionary(pa.int32(), pa.string()), words, to_positions)


def _few(names: Sequence[str], most: int = 12) -> Iterator[str]:
    yield from names[:most]
    if len(names) > most:
        yield f"… ({len(names)} in all)"


# --- Identifiers ----------------------------------------------------------------------------------------------------


def to_identifiers(column: pa.Array) -> Converted:
    """Convert identifiers to an Arrow array of texts, whether the table holds texts or whole numbers: 1 and `1` name the same row."""
    if is_text(column.type):
        plain = column.cast(pa.string()) if not pa.types.is_dictionary(column.type) else column.dictionary_decode().cast(pa.string())
        return plain, []
    values, faults = to_integers(column)
    if faults:
        return None, faults
    return pa.array(values).cast(pa.string()), []


FLOATS = Kind(pa.float64(), "a number", to_floats)
WEIGHTS = Kind(pa.float64(), "a weight", to_weights)
INTEGERS = Kind(pa.int64(), "a whole number", to_integers)
BOOLEANS = Kind(pa.bool_(), "true or false", to_booleans)
DATES = Kind(pa.date32(), "a date", to_dates)
IDENTIFIERS = Kind(pa.string(), "an identifier", to_identifiers, keeps_empty=True)
