"""Tables of figures looked up by arrays of keys: the figure of each row's zone, department, category or date.

One frozen table serves numbers and symbols alike: a formula that looks up a real array gets the figures, one that looks up a symbolic
array leaves the table in the graph, where it is an operation like any other: known by its content, and pickled with the graph.
The work is done on whole arrays: no Python code runs once a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from engine.errors import LookUpError, ParameterError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Array = NDArray[Any]

_SHOWN_KEYS: Final = 8
_SPARSE: Final = 4
_SMALL: Final = 4096
_BY_DATE: Final = re.compile(r"(before|after)_(\d{4})(?:_(\d{2}))?(?:_(\d{2}))?", re.ASCII)


def key_text(key: Any) -> str:
    """Return the text by which a key is known in a table: the name of an enumeration's member, `3` for 3 and 3.0, `true` for truth."""
    if isinstance(key, str):
        return str(key)
    if isinstance(key, bytes):
        return key.decode()
    if isinstance(key, Enum):
        return key.name
    if isinstance(key, bool | np.bool_):
        return "true" if key else "false"
    if isinstance(key, float | np.floating) and float(key).is_integer():
        return str(int(key))
    return str(key)


@dataclass(frozen=True, eq=False)
class LookUpTable:
    """Keys and the figure of each, looked up by arrays: `table(keys)` has the shape of `keys`.

    `name` is the parameter's, with `[*]` where the keys stand; `date` that from which the figures hold; `values` float64, int64, bool or object (texts).
    With `missing`, rows are looked up by position (the index of an enumeration's member), and positions marked there have no figure.
    With `has_default`, `values` holds one more figure than there are keys: that of all other keys.
    Some of them move (`engine/graph/moving_figures.py`) where `moves`: which one a key has chosen must then be known, though the key be one for all.
    Two tables are equal where name, keys and values are.
    """

    name: str
    date: str
    keys: tuple[str, ...]
    values: Array
    missing: NDArray[np.bool_] | None = None
    has_default: bool = False
    moves: bool = False

    @classmethod
    def of(cls, name: str, date: str, keys: Iterable[str], values: Sequence[Any]) -> Self:
        """Return the table of these keys and values. Raises ParameterError where the values are not all numbers, all truth values or all texts."""
        return cls(name, date, tuple(keys), _array_of(name, values), moves=_any_moves(values))

    @classmethod
    def by_position(cls, name: str, date: str, keys: Iterable[str], values: Sequence[Any]) -> Self:
        """Return the table whose rows are looked up by position among the keys; None as value: the key has no figure."""
        present = [value for value in values if value is not None]
        missing = np.array([value is None for value in values], dtype=bool)
        array = _array_of(name, present)
        spread = np.zeros(len(values), array.dtype) if array.dtype != object else np.full(len(values), "", dtype=object)
        spread[~missing] = array
        return cls(name, date, tuple(keys), spread, missing, moves=_any_moves(values))

    def __post_init__(self) -> None:
        """Make the arrays read-only: tables are shared."""
        for array in (self.values, self.missing):
            if array is not None:
                array.setflags(write=False)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the figures, whatever the keys."""
        return self.values.dtype

    def __str__(self) -> str:
        """Show the parameter's name."""
        return self.name

    @cached_property
    def _content(self) -> tuple[Any, ...]:
        figures = tuple(self.values.tolist()) if self.values.dtype == object else self.values.tobytes()
        return (self.name, self.keys, self.values.dtype.str, figures, None if self.missing is None else self.missing.tobytes(), self.has_default)

    @cached_property
    def _hash(self) -> int:
        return hash(self._content)

    def __eq__(self, other: object) -> bool:
        """Tell whether the other table has the same name, keys and figures."""
        if self is other:
            return True
        return self._hash == other._hash and self._content == other._content if isinstance(other, LookUpTable) else NotImplemented

    def __hash__(self) -> int:
        """Hash by content."""
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave out what is worked out again."""
        return (type(self), (self.name, self.date, self.keys, self.values, self.missing, self.has_default, self.moves))

    # --- Looking up -------------------------------------------------------------------------------------------------

    def __call__(self, keys: Any) -> Array:
        """Return the figure of each key. Raises LookUpError that names the first row whose key is missing, and the nearest keys."""
        values, missing = self.values_and_missing(keys)
        if missing is not None:
            raise self.error(keys, missing)
        return values

    def values_and_missing(self, keys: Any) -> tuple[Array, NDArray[np.bool_] | None]:
        """Return the figure of each key, and which rows have none (None where all have one): 0, False or an empty text stands there.

        For rows that a choice leaves out: a key missing there is no error.
        """
        table, array = self._fit_for(keys)
        if table._all_present and array.size and array.min() >= 0 and array.max() < len(table.keys):  # noqa: SLF001 - the same class
            return table.values.take(array), None
        positions = table.positions(array)
        if table.has_default:  # it stands last, where -1 leads
            return table.values.take(positions), None
        missing = positions < 0
        if not missing.any():
            return table.values.take(positions), None
        filler: Any = "" if table.values.dtype == object else 0
        if not len(table.values):
            return np.full(positions.shape, filler, dtype=table.values.dtype), missing
        values = table.values.take(np.where(missing, 0, positions))
        values[missing] = filler
        return values, missing

    def error(self, keys: Any, missing: NDArray[np.bool_]) -> LookUpError:
        """Return the error that names the first of the rows marked in `missing`."""
        table, array = self._fit_for(keys)
        rows = np.flatnonzero(missing)
        key = array.ravel()[rows[0]]
        known = [name for position, name in enumerate(table.keys) if table.missing is None or not table.missing[position]]
        text = table._text_of(key)  # noqa: SLF001 - the same class
        others = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
        since = f" from {self.date} on" if self.date else ""
        shown = ", ".join(known[:_SHOWN_KEYS]) + (f", … ({len(known)} in all)" if len(known) > _SHOWN_KEYS else "")
        hint = nearest(text, known) or f" Its keys are: {shown or 'none'}."
        return LookUpError(f"Parameter `{self.name}`{since} has no value for key `{text}`, which row {rows[0]}{others} asks for.{hint}")

    def _text_of(self, key: Any) -> str:
        if self.missing is None:
            return key_text(key)
        return self.keys[int(key)] if 0 <= int(key) < len(self.keys) else f"number {int(key)}"

    def _fit_for(self, keys: Any) -> tuple[LookUpTable, Array]:
        """Return the table to use for these keys and the keys as a plain array: an enumeration's by position, all others by text."""
        members = getattr(keys, "possible_values", None)
        if members is None or self.missing is not None:
            return self, np.asarray(keys)
        return self.for_enum(tuple(member.name for member in members)), np.asarray(keys)

    def with_default(self, default: float | str) -> LookUpTable:
        """Return the table that gives `default` for all keys it does not have. Raises ParameterError where that is no figure as the others."""
        if self.has_default or self.missing is not None:
            raise ParameterError(f"Parameter `{self.name}` has a default already, or is looked up by position.")
        values = _array_of(self.name, [*self.values.tolist(), default])
        return LookUpTable(self.name, self.date, self.keys, values, has_default=True, moves=self.moves)

    def for_enum(self, names: tuple[str, ...]) -> LookUpTable:
        """Return the table looked up by the indices of an enumeration's members; those without a figure are marked as missing."""
        found = self._by_enum.get(names)
        if found is None:
            positions = np.array([self._position_of.get(name, -1) for name in names], dtype=np.intp)
            if self.has_default:
                values, missing = self.values.take(positions), np.zeros(len(names), dtype=bool)
            else:
                nothing = np.zeros(1, self.dtype) if self.dtype != object else np.array([""], dtype=object)
                values, missing = np.concatenate([self.values, nothing]).take(positions), positions < 0
            found = self._by_enum.setdefault(names, LookUpTable(self.name, self.date, names, values, missing, moves=self.moves))
        return found

    # --- Positions of keys ------------------------------------------------------------------------------------------

    def position(self, key: Any) -> int:
        """Return the position of one key, -1 where it is missing."""
        if isinstance(key, bool | np.bool_):
            return self._truth[int(key)]
        return self._position_of.get(key_text(key), -1)

    def positions(self, keys: Array) -> NDArray[np.intp]:
        """Return the position of each key among the table's, -1 where it is missing."""
        if self.missing is not None:
            return self._by_position(keys)
        kind = keys.dtype.kind
        if kind in "iu":
            return self._by_number(keys)
        if kind == "M":
            return self._by_day(keys)
        if kind == "f":
            whole = np.isfinite(keys) & (np.floor(keys) == keys)
            return np.where(whole, self._by_number(np.where(whole, keys, 0).astype(np.int64)), -1)
        if kind == "b":
            return np.where(keys, self._truth[1], self._truth[0])
        items = keys.ravel().tolist()
        found = {item: self.position(item) for item in dict.fromkeys(items)}
        return np.fromiter(map(found.__getitem__, items), dtype=np.intp, count=len(items)).reshape(keys.shape)

    @cached_property
    def _all_present(self) -> bool:
        """Whether rows are looked up by position and every position has a figure: then a look-up is one `take`."""
        return self.missing is not None and not self.missing.any()

    @cached_property
    def _by_enum(self) -> dict[tuple[str, ...], LookUpTable]:
        return {}

    @cached_property
    def _position_of(self) -> Mapping[str, int]:
        return {key: position for position, key in enumerate(self.keys)}

    @cached_property
    def _truth(self) -> tuple[int, int]:
        """The positions of false and true."""
        position = {key.lower(): position for key, position in self._position_of.items()}
        return position.get("false", -1), position.get("true", -1)

    @cached_property
    def _numbers(self) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """The keys that are whole numbers, ascending, and their positions."""
        found = sorted((int(key), position) for key, position in self._position_of.items() if key.lstrip("-").isdecimal() and str(int(key)) == key)
        return np.array([number for number, _ in found], dtype=np.int64), np.array([position for _, position in found], dtype=np.intp)

    @cached_property
    def _dense(self) -> NDArray[np.intp] | None:
        """The positions by number from the smallest on, where the numbers lie close together."""
        numbers, positions = self._numbers
        if not len(numbers) or int(numbers[-1]) - int(numbers[0]) > _SMALL + _SPARSE * len(numbers):
            return None
        dense = np.full(int(numbers[-1]) - int(numbers[0]) + 1, -1, dtype=np.intp)
        dense[numbers - numbers[0]] = positions
        return dense

    @cached_property
    def _days(self) -> tuple[Array, NDArray[np.intp]]:
        """The days from which the keys `after_2015_01_31` hold, ascending, and the positions before the first and from each of them on."""
        days, before = [], -1
        for position, key in enumerate(self.keys):
            match = _BY_DATE.fullmatch(key)
            if match is None:
                raise ParameterError(
                    f"Parameter `{self.name}` is looked up by dates, but has a key `{key}`: expected `before_2015_01_31` and `after_2015_01_31`."
                )
            side, *date = match.groups()
            if side == "before" and before >= 0:
                raise ParameterError(f"Parameter `{self.name}` is looked up by dates, but has several keys `before_…`: expected one, and `after_…`.")
            if side == "before":
                before = position
            else:
                days.append(("-".join(part or "01" for part in date), position))
        days.sort()
        positions = np.array([before, *(position for _, position in days)], dtype=np.intp)
        return np.array([day for day, _ in days], dtype="datetime64[D]"), positions

    def _by_position(self, keys: Array) -> NDArray[np.intp]:
        missing: Any = self.missing
        known = (keys >= 0) & (keys < len(self.keys))
        positions = np.where(known, keys, 0).astype(np.intp)
        return np.where(known & ~missing.take(positions), positions, -1) if len(self.keys) else np.full(keys.shape, -1, dtype=np.intp)

    def _by_number(self, keys: Array) -> NDArray[np.intp]:
        keys = keys.astype(np.int64, copy=False)
        numbers, positions = self._numbers
        if not len(numbers):
            return np.full(keys.shape, -1, dtype=np.intp)
        if self._dense is not None:
            known = (keys >= numbers[0]) & (keys <= numbers[-1])
            return np.where(known, self._dense.take(np.where(known, keys, numbers[0]) - numbers[0]), -1)
        found = np.searchsorted(numbers, keys)
        found = np.where(found < len(numbers), found, 0)
        return np.where(numbers.take(found) == keys, positions.take(found), -1)

    def _by_day(self, keys: Array) -> NDArray[np.intp]:
        days, positions = self._days
        return np.where(np.isnat(keys), -1, positions.take(np.searchsorted(days, keys, side="right")))


def _any_moves(values: Iterable[Any]) -> bool:
    return any(hasattr(value, "plain") for value in values)


def _array_of(name: str, values: Sequence[Any]) -> Array:
    """Return figures as one array: float64, int64, bool, or object for texts; of figures that move, the values: the table's own place tells them."""
    values = [getattr(value, "plain", value) for value in values]
    kinds = {
        "truth values" if isinstance(value, bool) else "numbers" if isinstance(value, int | float) else "texts" if isinstance(value, str) else "lists"
        for value in values
    }
    if len(kinds) > 1 or "lists" in kinds:
        raise ParameterError(
            f"Parameter `{name}` cannot be looked up by an array: its values are {', '.join(sorted(kinds))}. Expected one kind of number or text."
        )
    if kinds == {"texts"}:
        texts = np.empty(len(values), dtype=object)
        texts[:] = values
        return texts
    if kinds == {"truth values"}:
        return np.array(values, dtype=bool)
    whole = all(isinstance(value, int) for value in values)
    return np.array(values, dtype=np.int64 if whole and kinds else np.float64)
