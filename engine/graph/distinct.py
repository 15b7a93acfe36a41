"""Columns of few values: what is done to them is done once for each distinct value, not once for each row.

Most of what a country's law computes depends on ages, statuses and conditions: over any number of persons it has a few
values only, or one. Such a column is kept as a code per row and the values that the codes stand for; an operation on columns
of the same codes is one on their values. Columns of different codes are joined: their pairs of codes are the codes of the
result, found once for each pair of columns and used by all that rests on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from engine.graph.nodes import DType
    from engine.graph.operations import Array

# Codes of one byte or two; with more values than this a column is worth no codes.
MOST_CODES = 1_024
# Of a column that may have few values, so many rows are looked at first.
SAMPLE = 512
# Of a column that may have one value, about so many rows are looked at before all are.
SOME = 64
# Where no value has this share of the rows, rows are sorted; else the others are looked up.
SHARE_SORTED = 0.5
# Pairs of codes beyond so many are counted, and those that no row has are left out.
MOST_UNCOUNTED = 64
# Pairs beyond so many are not even counted.
MOST_PAIRS = 65_536
TRUTHS = np.array([False, True])
_BITS = {size: np.dtype(f"i{size}") for size in (1, 2, 4, 8)}


class Encoding:
    """Which of a few values each row has, as a code per row.

    `finer_than` gives, for the number of each encoding that these codes tell everything of, its code for each code here.
    """

    __slots__ = ("codes", "finer_than", "number", "size")

    def __init__(self, number: int, codes: Array, size: int, finer_than: dict[int, Array] | None = None) -> None:
        self.number = number
        self.codes = codes
        self.size = size
        self.finer_than = finer_than or {}


class Few:
    """A column of few values: row i has `values[encoding.codes[i]]`. Some of the values may be those of no row."""

    __slots__ = ("_numbers", "_rows", "encoding", "fewest", "values")

    def __init__(self, encoding: Encoding, values: Array) -> None:
        self.encoding = encoding
        self.values = values
        self.fewest: Few | None = None
        self._rows: Array | None = None
        self._numbers: Array | None = None

    def rows(self) -> Array:
        """Return the values row by row."""
        if self._rows is None:
            self._rows = self.values.take(self.encoding.codes)
        return self._rows

    def numbers(self) -> Array:
        """Return truths or whole numbers row by row as floats: numpy would turn each row into one, wherever it meets a float."""
        if self.values.dtype == np.float64:
            return self.rows()
        if self._numbers is None:
            self._numbers = self.values.astype(np.float64).take(self.encoding.codes)
        return self._numbers


class Encodings:
    """The encodings of one evaluation, and how they were joined."""

    def __init__(self) -> None:
        self._count = 0
        self._joined: dict[tuple[int, int], Encoding | None] = {}
        self._gathered: dict[tuple[Any, ...], Encoding] = {}

    def new(self, codes: Array, size: int, finer_than: dict[int, Array] | None = None) -> Encoding:
        """Return an encoding of its own."""
        self._count += 1
        return Encoding(self._count, codes, size, finer_than)

    def of_rows(self, array: Array) -> Array | Few:
        """Return a computed array as one value (an array of one element) or as few, where that is quickly seen; else itself."""
        count = len(array)
        if count <= 1:
            return array
        if array.dtype == bool:
            if array.all() if array[0] else not array.any():
                return array[:1]
            return Few(self.new(array.view(np.uint8), 2), TRUTHS)
        return array[:1] if _is_one_value(array) else array

    def of_whole_numbers(self, array: Array) -> Array | Few:
        """Return whole numbers of a narrow range as few values, other arrays as `of_rows` does."""
        if array.dtype.kind not in "iu" or len(array) <= 1:
            return self.of_rows(array)
        least, most = int(array.min()), int(array.max())
        if most - least >= MOST_UNCOUNTED:
            return array
        if least == most:
            return array[:1]
        return Few(self.new((array - array.dtype.type(least)).astype(np.uint8), most - least + 1), np.arange(least, most + 1, dtype=array.dtype))

    def of_totals(self, totals: Array, dtype: DType) -> Array | Few:
        """Return whole numbers that were added up as floats, as few values where their range is narrow."""
        least, most = totals.min(), totals.max()
        if most - least >= MOST_UNCOUNTED:
            return totals.astype(dtype)
        values = np.arange(int(least), int(most) + 1).astype(dtype)
        return self.of_values(self.new((totals - least).astype(np.uint8), len(values)), values)

    def of_leaf(self, array: Array) -> Array | Few:
        """Return given values as few, found by sorting them, where they are."""
        if array.dtype == bool or len(array) <= 1:
            return self.of_rows(array)
        every = _bits(array)
        if len(np.unique(every[:: len(every) // SAMPLE + 1])) > SAMPLE // 2:
            return array
        in_order = np.sort(every)  # that of the values alone takes a twentieth of that of the rows: most columns of many values end here
        starts = np.flatnonzero(np.concatenate([[True], in_order[1:] != in_order[:-1]]))
        bits = in_order[starts]
        if len(bits) > MOST_CODES:
            return array
        if len(bits) == 1:
            return array[:1]
        most = int(np.diff(starts, append=len(every)).argmax())
        return Few(self.new(_codes(every, bits, most), len(bits)), bits.view(array.dtype))

    @staticmethod
    def of_values(encoding: Encoding, values: Array) -> Array | Few:
        """Return the column of these values, one for each code; an array of one element where all are the same."""
        if len(values) <= 1:
            return values
        if values.dtype != object:
            bits = _bits(values)
            if bits[0] == bits[-1] and (bits == bits[0]).all():
                return values[:1]
        return Few(encoding, values)

    def joined(self, columns: list[Few]) -> Encoding | None:
        """Return an encoding that tells the codes of all these columns; None where that would be too many."""
        encoding: Encoding | None = columns[0].encoding
        for column in columns[1:]:
            assert encoding is not None
            if column.encoding is not encoding:
                encoding = self._join(encoding, column.encoding)
                if encoding is None:
                    return None
        return encoding

    def _join(self, left: Encoding, right: Encoding) -> Encoding | None:
        key = (left.number, right.number)
        if key not in self._joined:
            self._joined[key] = self._joined[key[::-1]] = self._pairs(left, right)
        return self._joined[key]

    def _pairs(self, left: Encoding, right: Encoding) -> Encoding | None:
        """Return the encoding of the pairs of codes that rows have."""
        if right.number in left.finer_than:
            return left
        if left.number in right.finer_than:
            return right
        size = left.size * right.size
        if size > MOST_PAIRS:
            return None
        kind = _type_of_codes(size)
        codes = left.codes.astype(kind)
        codes *= kind(right.size) if size > right.size else kind(1)
        codes += right.codes
        pairs = np.arange(size)
        if size > MOST_UNCOUNTED:
            seen = np.zeros(size, dtype=bool)
            seen[codes] = True
            pairs = np.flatnonzero(seen)
            if len(pairs) > MOST_CODES:
                return None
            place = np.empty(size, _type_of_codes(len(pairs)))
            place[pairs] = np.arange(len(pairs))
            codes = place.take(codes)
        of_left, of_right = np.divmod(pairs, right.size)
        finer_than = {number: told.take(of_right) for number, told in right.finer_than.items()}
        finer_than.update({number: told.take(of_left) for number, told in left.finer_than.items()})
        return self.new(codes, len(pairs), {**finer_than, left.number: of_left, right.number: of_right})

    def fewest(self, column: Few) -> Few:
        """Return the same column with a code for each distinct value only, where that leaves out many."""
        if column.fewest is None:
            column.fewest = self._with_fewest(column)
        return column.fewest

    def _with_fewest(self, column: Few) -> Few:
        size = column.encoding.size
        if size <= 2 or column.values.dtype == object:  # noqa: PLR2004 - two are as few as there can be
            return column
        bits, places = np.unique(_bits(column.values), return_inverse=True)
        if 2 * len(bits) > size:
            return column
        return Few(self.new(places.astype(_type_of_codes(len(bits))).take(column.encoding.codes), len(bits)), bits.view(column.values.dtype))

    def gathered(self, encoding: Encoding, way: tuple[Any, ...], rows: Array, *, has_missing: bool) -> Encoding:
        """Return the codes at some rows (-1: none, which gets a code of its own, the last). `way` names the rows."""
        key = (encoding.number, *way)
        found = self._gathered.get(key)
        if found is None:
            codes, size = encoding.codes, encoding.size
            if has_missing:
                size += 1
                codes = np.append(codes.astype(_type_of_codes(size)), _type_of_codes(size)(size - 1))
            found = self._gathered[key] = self.new(codes.take(rows), size)
        return found


def values_in(column: Few, encoding: Encoding) -> Array:
    """Return a column's values for the codes of a finer encoding."""
    return column.values if column.encoding is encoding else column.values.take(encoding.finer_than[column.encoding.number])


def _codes(every: Array, bits: Array, most: int) -> Array:
    """Return the place of each row's value among `bits`, in order; `most` is the place of the one that most rows have."""
    rest = np.flatnonzero(every != bits[most])
    if len(rest) > len(every) * SHARE_SORTED:
        return np.unique(every, return_inverse=True)[1].astype(_type_of_codes(len(bits)))
    found = np.full(len(every), most, _type_of_codes(len(bits)))
    found[rest] = np.searchsorted(bits, every.take(rest))
    return found


def _is_one_value(array: Array) -> bool:
    """Whether all rows have the same value: some are looked at before all are."""
    if array.dtype == object:
        return False
    bits = _bits(array)
    first, count = bits[0], len(bits)
    return bool(first == bits[-1] and first == bits[count // 2] and (bits[:: count // SOME + 1] == first).all() and (bits == first).all())


def _bits(array: Array) -> Array:
    """Return numbers as whole numbers of the same bits: they tell 0.0 from -0.0, and NaN is itself."""
    return array.view(_BITS[array.itemsize])


def _type_of_codes(size: int) -> type[np.unsignedinteger[Any]]:
    return np.uint8 if size <= 256 else np.uint16 if size <= 65_536 else np.uint32  # noqa: PLR2004 - what a byte holds, and two
