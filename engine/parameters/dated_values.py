"""A figure of the law: its values, each with the date from which it holds, and where they come from.

A parameter never changes. `updated` returns another one, as a reform or a finance act does with the figure itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from engine.errors import ParameterError
from engine.parameters.dates import date_text, day_after

if TYPE_CHECKING:
    from engine.periods import InstantLike, Period

Value = float | int | bool | str | tuple[Any, ...] | None
"""What a figure may be: a number, a truth value, a text, a tuple of them, or None where there is none."""


class Values(tuple[Any, ...]):
    """A figure that is a list, as the tree keeps it: nobody can change it, and it equals a list of the same values."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Whether a list or a tuple holds the same values."""
        return super().__eq__(tuple(other) if isinstance(other, list) else other)

    def __ne__(self, other: object) -> bool:
        """Whether it is anything else."""
        return not self == other

    def __hash__(self) -> int:
        """Hash as a tuple of the same values."""
        return super().__hash__()


class Sort(Enum):
    """What an item of the tree is."""

    FIGURE = "figure"
    SCALE = "scale"
    BRACKET = "bracket"
    TABLE = "table"
    BRANCH = "branch"


NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Detail:
    """What is known of one value: its metadata, the law it comes from, its unit where it differs from the parameter's."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    reference: Any = None
    unit: str | None = None


@dataclass(frozen=True)
class DatedValue:
    """One value of a figure and the day from which it holds (until the next one); None is the end of the figure."""

    start: str
    value: Value
    metadata: Mapping[str, Any]
    reference: Any
    unit: str | None


@dataclass(frozen=True)
class Described:
    """What every item of the tree carries: its full name, what it is, and the file and line it was read from."""

    name: str = ""
    description: str | None = None
    documentation: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    reference: Any = None
    unit: str | None = None
    file: str | None = None
    line: int | None = None

    sort: ClassVar[Sort]

    @property
    def place(self) -> str:
        """The file and line that it was read from, as `seuils.yaml:3`; an empty text where it was not."""
        return ":".join(str(part) for part in (self.file, self.line) if part is not None)

    def renamed(self, name: str) -> Self:
        """Return the item under another full name; itself where the name is the same."""
        return self if name == self.name else replace(self, name=name)


@dataclass(frozen=True)
class Parameter(Described):
    """A figure: ascending dates (`2015-01-31`) and the value that holds from each. None: no value from then on."""

    starts: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    details: Mapping[str, Detail] = field(default_factory=dict)

    sort: ClassVar[Sort] = Sort.FIGURE

    def at(self, instant: InstantLike) -> Value:
        """Return the value in force at an instant, or None where there is none."""
        return self.at_date(date_text(instant))

    def at_date(self, date: str) -> Value:
        """Return the value in force at a date `2015-01-31`, or None where there is none."""
        position = bisect_right(self.starts, date)
        return self.values[position - 1] if position else None

    def is_present(self, date: str) -> bool:
        """Tell whether there is a value at that date."""
        return self.at_date(date) is not None

    def since(self, date: str) -> str:
        """Return the date from which what holds at `date` holds: an empty text before the first value."""
        position = bisect_right(self.starts, date)
        return self.starts[position - 1] if position else ""

    def spans(self) -> str:
        """Return, for a message, when the figure has values: `it has values from 2014-01-01 until before 2018-01-01`."""
        spans: list[tuple[str, str | None]] = []
        for start, value, following in zip(self.starts, self.values, [*self.starts[1:], None], strict=True):
            if value is not None and spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], following)
            elif value is not None:
                spans.append((start, following))
        told = " and ".join(f"from {start}" + (f" until before {end}" if end else " on") for start, end in spans)
        return f"it has values {told}" if told else "it never has one"

    @property
    def change_dates(self) -> tuple[str, ...]:
        """The dates at which something changes, ascending."""
        return self.starts

    @property
    def dated_values(self) -> tuple[DatedValue, ...]:
        """The values with their dates, metadata, law references and units, ascending."""
        return tuple(self._dated(position) for position in range(len(self.starts)))

    def dated_value_at(self, instant: InstantLike) -> DatedValue | None:
        """Return the value in force at an instant with its date and the law it comes from, or None where there is none."""
        position = bisect_right(self.starts, date_text(instant))
        return self._dated(position - 1) if position and self.values[position - 1] is not None else None

    def _dated(self, position: int) -> DatedValue:
        start = self.starts[position]
        detail = self.details.get(start)
        metadata = detail.metadata if detail else NOTHING
        reference = detail.reference if detail else None
        unit = detail.unit if detail else None
        if reference is None:
            reference = self._inherited_reference(start)
        return DatedValue(start, self.values[position], metadata, reference, unit or self.unit)

    def _inherited_reference(self, start: str) -> Any:
        """Return the parameter's own reference for a value; where it is given by date, that of the value's date."""
        if not isinstance(self.reference, Mapping):
            return self.reference
        dates = sorted(str(date) for date in self.reference)
        position = bisect_right(dates, start)
        return self.reference.get(dates[position - 1]) if position else None

    def updated(
        self,
        *,
        value: Any,
        start: InstantLike | None = None,
        stop: InstantLike | None = None,
        period: Period | None = None,
        reference: Any = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Self:
        """Return the parameter with `value` from `start` to `stop`, both included; for ever where `stop` is None.

        After `stop` holds again what held then. `period` stands for its first and last day. None as value takes the figure away.
        Raises ParameterError where neither start nor period is given, both are, or stop comes before start.
        """
        first, after = self._bounds(start, stop, period)
        low = bisect_left(self.starts, first)
        high = len(self.starts) if after is None else bisect_left(self.starts, after)
        starts, values = [first], [self._of_the_same_kind(as_value(value, self.name))]
        details = {date: detail for date, detail in self.details.items() if date < first or (after is not None and date >= after)}
        if reference is not None or metadata:
            details[first] = Detail(dict(metadata or {}), reference)
        if after is not None and not (high < len(self.starts) and self.starts[high] == after):
            starts.append(after)
            values.append(self.values[high - 1] if high else None)
            if high and self.starts[high - 1] in self.details:
                details[after] = self.details[self.starts[high - 1]]
        return replace(
            self,
            starts=(*self.starts[:low], *starts, *self.starts[high:]),
            values=(*self.values[:low], *values, *self.values[high:]),
            details=details,
        )

    def _of_the_same_kind(self, value: Value) -> Value:
        """Return a value that is what the others are: a number, a truth value or a text; a list may come anew. Raises ParameterError."""
        kinds = dict.fromkeys(_kind(other) for other in self.values if other is not None)
        if value is not None and not isinstance(value, tuple) and kinds and _kind(value) not in kinds:
            raise ParameterError(f"Parameter `{self.name}` cannot become {value!r}, a {_kind(value)}: expected a {' or a '.join(kinds)}, as it was.")
        return value

    def _bounds(self, start: InstantLike | None, stop: InstantLike | None, period: Period | None) -> tuple[str, str | None]:
        """Return the first day of an update and the day after its last one (None: for ever)."""
        if period is not None:
            if start is not None or stop is not None:
                raise ParameterError(f"Parameter `{self.name}` is updated over a period or from a start to a stop, not both.")
            start, stop = period.start, period.stop
        if start is None:
            raise ParameterError(f"Parameter `{self.name}` cannot be updated without a start or a period.")
        first = date_text(start)
        if stop is None:
            return first, None
        last = date_text(stop)
        if last < first:
            raise ParameterError(f"Parameter `{self.name}` cannot be updated from {first} to {last}, which is before.")
        return first, day_after(last)


def as_value(value: Any, name: str) -> Value:
    """Return a value as the tree keeps it: lists as `Values`. Raises ParameterError for what cannot be a figure of the law."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        if value != value:  # noqa: PLR0124 - not a number is the one value that differs from itself
            raise ParameterError(f"A value of parameter `{name}` is not a number (NaN).")
        return value
    if isinstance(value, list | tuple):
        return Values(as_value(item, name) for item in value)
    raise ParameterError(f"A value of parameter `{name}` is {value!r}: expected a number, a truth value, a text, a list of them, or None.")


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "truth value"
    return "number" if isinstance(value, int | float) else "text" if isinstance(value, str) else "list"
