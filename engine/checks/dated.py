"""What an expression of the period gives, period by period: `period.start.year - 1`, `period.n_2.first_month`, the value of a figure.

Such an expression is kept as it is written and worked out when something rests on it: the name of a variable or of a figure, the period
that it is asked for, a condition. Only operations on dates, numbers and texts are worked out, never the law's own functions.
"""

from __future__ import annotations

import datetime
import enum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.periods import Instant, Period, instant, period
from engine.variables import EnumType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.checks.calendars import Calendar

FAILED: Final = object()
"""Stands for what could not be worked out at a period."""

SCALARS: Final = (
    str,
    int,
    float,
    bool,
    type(None),
    bytes,
    Period,
    Instant,
    datetime.date,
    datetime.timedelta,
    enum.Enum,
    np.datetime64,
    np.timedelta64,
    np.number,
)
CONTAINERS: Final = (list, tuple, dict, set, frozenset, range)
_OWN: Final = frozenset({"engine.checks.values"})
_METHODS_THAT_CHANGE: Final = frozenset(
    {"append", "extend", "insert", "pop", "remove", "clear", "update", "setdefault", "popitem", "add", "discard", "sort", "reverse"}
    | {"intersection_update", "difference_update", "symmetric_difference_update"}
)
PURE_FUNCTIONS: Final[frozenset[Any]] = frozenset(
    [
        *(abs, all, any, bool, dict, divmod, enumerate, float, frozenset, int, len, list, max, min, range, reversed, round, set, sorted, str, sum, tuple, zip),
        *(datetime.date, datetime.datetime, datetime.timedelta, Period, Instant, instant, period, np.datetime64, np.timedelta64, slice),
        *(np.maximum, np.minimum, np.floor, np.ceil, np.round),
    ]
)
_DEEPEST: Final = 60
_LONGEST: Final = 100_000


class Dated:
    """An operation on other values, of which some differ by period. Made by `Times`."""

    __slots__ = ("_found", "calendar", "depth", "operands", "operation")

    def __init__(self, calendar: Calendar, operation: Callable[..., Any], operands: tuple[Any, ...], depth: int) -> None:
        self.calendar = calendar
        self.operation = operation
        self.operands = operands
        self.depth = depth
        self._found: dict[int, Any] = {}

    def at(self, position: int) -> Any:
        """Return what the expression gives at a period of the calendar, or FAILED."""
        found = self._found.get(position, self)
        if found is self:
            found = self._found[position] = self._worked_out(position)
        return found

    def _worked_out(self, position: int) -> Any:
        values = [operand.at(position) if isinstance(operand, Dated) else operand for operand in self.operands]
        if any(value is FAILED for value in values):
            return FAILED
        return attempt(self.operation, *values)


def attempt(operation: Callable[..., Any], *values: Any) -> Any:
    """Return what an operation gives, or FAILED."""
    try:
        return operation(*values)
    except Exception:  # noqa: BLE001 - what fails here would fail in the formula: there is nothing to know
        return FAILED


class Times:
    """Makes the dated values of one calendar: equal expressions are one object, worked out once."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._made: dict[Any, Dated] = {}
        self.position = Position(calendar)
        self.period = Dated(calendar, calendar.periods.__getitem__, (self.position,), 1)

    def dated(self, operation: Callable[..., Any], *operands: Any) -> Dated | None:
        """Return the operation on operands that are dated or plain; None where it is too deep to be worth it."""
        depth = 1 + max((operand.depth for operand in operands if isinstance(operand, Dated)), default=0)
        if depth > _DEEPEST:
            return None
        key = (operation, tuple((type(operand), operand) for operand in operands))
        try:
            found = self._made.get(key)
        except TypeError:  # a list or a mapping among the operands
            return Dated(self.calendar, operation, operands, depth)
        if found is None:
            found = self._made[key] = Dated(self.calendar, operation, operands, depth)
        return found

    def of(self, value: Any) -> Dated | None:
        """Return a value as a dated one: itself, a container of such, or what is plain; None where it holds anything else."""
        if isinstance(value, Dated):
            return value
        if is_plain(value):
            return self.dated(_same, value)
        if isinstance(value, tuple | list):
            parts = [self.of(part) for part in value]
            if all(part is not None for part in parts):
                return self.dated(tuple_of if isinstance(value, tuple) else list_of, *parts)
        return None


class Position(Dated):
    """The position in the calendar itself."""

    __slots__ = ()

    def __init__(self, calendar: Calendar) -> None:
        super().__init__(calendar, _same, (), 0)

    def at(self, position: int) -> int:
        """Return the position."""
        return position


def _same(value: Any) -> Any:
    return value


def tuple_of(*parts: Any) -> tuple[Any, ...]:
    """Return the parts as a tuple."""
    return parts


def list_of(*parts: Any) -> list[Any]:
    """Return the parts as a list."""
    return list(parts)


def is_plain(value: Any) -> bool:
    """Whether a value is made of dates, numbers and texts alone."""
    if isinstance(value, (*SCALARS, EnumType)):
        return True
    if isinstance(value, dict):
        return len(value) < _LONGEST and all(is_plain(key) and is_plain(each) for key, each in value.items())
    if isinstance(value, CONTAINERS):
        return len(value) < _LONGEST and (isinstance(value, range) or all(is_plain(each) for each in value))
    parameters = getattr(type(value), "__dataclass_params__", None)
    return parameters is not None and parameters.frozen and parameters.eq and not isinstance(value, Dated) and type(value).__module__ not in _OWN


def attribute(value: Any, name: str) -> Any:
    """Return an attribute of a date, a number or a text. Raises AttributeError for anything else."""
    if not isinstance(value, SCALARS) or name.startswith("_"):
        raise AttributeError(name)
    return getattr(value, name)


def method(value: Any, name: str, names: tuple[str, ...], *arguments: Any) -> Any:
    """Return what a method of a date, a number, a text or a container of them gives; the last arguments go by the names.

    Raises AttributeError for methods that change it.
    """
    if not isinstance(value, SCALARS + CONTAINERS) or name in _METHODS_THAT_CHANGE or name.startswith("_"):
        raise AttributeError(name)
    plain = arguments[: len(arguments) - len(names)]
    found = getattr(value, name)(*plain, **dict(zip(names, arguments[len(plain) :], strict=True)))
    return list(found) if isinstance(value, dict) and name in {"keys", "values", "items"} else found


def applied(function: Callable[..., Any], names: tuple[str, ...], *arguments: Any) -> Any:
    """Return what one of the pure functions gives; the last arguments go by the names."""
    plain = arguments[: len(arguments) - len(names)]
    found = function(*plain, **dict(zip(names, arguments[len(plain) :], strict=True)))
    return list(found) if isinstance(found, enumerate | zip | reversed) else found


def values_of(value: Dated, window: int, most: int) -> list[tuple[Any, int]] | None:
    """Return the different values over a set of periods, each with its periods; None where one fails or there are more than `most`."""
    found: dict[Any, tuple[Any, int]] = {}
    for position, each in at_positions(value, window):
        if each is FAILED:
            return None
        try:
            key = (type(each), each)
            before = found.get(key, (each, 0))[1]
        except TypeError:  # a list or a mapping
            return None
        found[key] = (each, before | 1 << position)
        if len(found) > most:
            return None
    return list(found.values())


def at_positions(value: Dated, window: int) -> Iterator[tuple[int, Any]]:
    """Yield each position of a set with the value there."""
    while window:
        lowest = window & -window
        position = lowest.bit_length() - 1
        yield position, value.at(position)
        window ^= lowest
