"""Instants: the days on which the law changes and periods begin.

An instant is a tuple of year, month and day, so that it compares and hashes as fast as Python can. Its arithmetic follows
the calendar: a month after 31 January is 28 (or 29) February. Years run from 1 to 9999; eternity has its own instant,
before all others.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self, SupportsIndex

from engine.errors import PeriodError
from engine.periods.units import DAY, MONTH, WEEK, WEEKDAY, YEAR, date_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

_ETERNAL: Final = (-1, -1, -1)
_NO_DAY: Final = "Eternity is no day: it has no date, no year, no length, and nothing comes before or after it."
_LAST_YEAR: Final = 9999
_MONTHS: Final = 12
_LAST_ORDINAL: Final = datetime.date.max.toordinal()
_DAYS_IN_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY: Final = 2
# every month has these days, so that most dates need no look at the month's length
_ALWAYS_THERE: Final = 28


def days_in_month(year: int, month: int) -> int:
    """Return how many days that month has: 28 to 31."""
    if month == _FEBRUARY and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _DAYS_IN_MONTH[month - 1]


def is_day(year: int, month: int, day: int) -> bool:
    """Return whether the calendar has that day, in the years 1 to 9999."""
    return 1 <= year <= _LAST_YEAR and 1 <= month <= _MONTHS and day >= 1 and (day <= _ALWAYS_THERE or day <= days_in_month(year, month))


def whole_number(value: object, what: str) -> int:
    """Return `value` as a Python int, numpy's integers included. Raises PeriodError that names what was expected."""
    if type(value) is int:
        return value
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise PeriodError(f"Expected {what}: a whole number; got {value!r}.")
    return value.__index__()


class _InstantFields(NamedTuple):
    """The fields of an instant: read by name at the speed of a tuple."""

    year: int
    month: int
    day: int


class Instant(_InstantFields):
    """One day: `Instant((2018, 1, 31))`. Ordered by time, hashable, immutable. Raises PeriodError where there is no such day."""

    __slots__ = ()

    def __new__(cls, fields: Iterable[int]) -> Self:
        """Return the instant of year, month and day."""
        if type(fields) is cls:
            return fields
        given = tuple(fields)
        if len(given) != len(cls._fields):
            raise PeriodError(f"{given!r} is not an instant: expected a year, a month and a day.")
        if given == _ETERNAL:
            return tuple.__new__(cls, given)
        year, month, day = given
        if not (type(year) is type(month) is type(day) is int):
            year, month, day = (whole_number(field, f"the {name} of an instant") for field, name in zip(given, cls._fields, strict=True))
        if is_day(year, month, day):
            return tuple.__new__(cls, (year, month, day))
        if year < 0:
            raise PeriodError(_NO_DAY)
        raise PeriodError(f"There is no day {year:04d}-{month:02d}-{day:02d}: expected a day of the calendar, of the years 1 to 9999.")

    @classmethod
    def eternity(cls) -> Self:
        """Return the instant at which eternity begins: before all others."""
        return tuple.__new__(cls, _ETERNAL)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Self:
        """Return the day of that proleptic Gregorian ordinal (1 January of year 1 is 1). Raises PeriodError outside the years 1 to 9999."""
        if not 1 <= ordinal <= _LAST_ORDINAL:
            raise PeriodError(f"Day {ordinal} of the calendar lies outside the years 1 to 9999.")
        day = datetime.date.fromordinal(ordinal)
        return tuple.__new__(cls, (day.year, day.month, day.day))

    @property
    def is_eternal(self) -> bool:
        """Whether this is the instant of eternity, which is no day."""
        return self.year < 0

    @property
    def date(self) -> datetime.date:
        """The day as Python's date. Raises PeriodError for eternity."""
        return datetime.date(*self._day())

    @property
    def ordinal(self) -> int:
        """The day's number in the calendar (1 January of year 1 is 1). Raises PeriodError for eternity."""
        return self.date.toordinal()

    def _day(self) -> Self:
        if self.is_eternal:
            raise PeriodError(_NO_DAY)
        return self

    def offset(self, offset: int | Literal["first-of", "last-of"], unit: str) -> Instant:
        """Return the instant that many units later (earlier, if negative), or the first or last day of the unit around it.

        Where the month reached is shorter, its last day is meant: 31 January and one month is 28 February.
        Raises PeriodError for an unknown unit, for eternity and outside the years 1 to 9999.
        """
        if offset == "first-of":
            return self.first_of(unit)
        if offset == "last-of":
            return self.last_of(unit)
        count = whole_number(offset, "an offset, `first-of` or `last-of`")
        if unit == MONTH:
            return self._months_later(count)
        if unit == YEAR:
            return self._months_later(12 * count)
        if unit == WEEK:
            return Instant.from_ordinal(self.ordinal + 7 * count)
        if unit in (DAY, WEEKDAY):
            return Instant.from_ordinal(self.ordinal + count)
        raise PeriodError(f"An instant is not offset by units of {date_unit(unit)}: expected year, month, week, day or weekday.")

    def _months_later(self, months: int) -> Instant:
        self._day()
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if not 1 <= year <= _LAST_YEAR:
            raise PeriodError(f"{self} offset by {months} months lies outside the years 1 to 9999.")
        day = self.day
        if day > _ALWAYS_THERE:
            day = min(day, days_in_month(year, month + 1))
        return tuple.__new__(Instant, (year, month + 1, day))

    def first_of(self, unit: str) -> Instant:
        """Return the first day of the year, month or ISO week around this day; the day itself for days."""
        self._day()
        if unit == MONTH:
            return tuple.__new__(Instant, (self.year, self.month, 1))
        if unit == YEAR:
            return tuple.__new__(Instant, (self.year, 1, 1))
        if unit == WEEK:
            return Instant.from_ordinal(self.ordinal - self.date.weekday())
        if unit in (DAY, WEEKDAY):
            return self
        raise PeriodError(f"There is no first day of {date_unit(unit)}.")

    def last_of(self, unit: str) -> Instant:
        """Return the last day of the year, month or ISO week around this day; the day itself for days."""
        self._day()
        if unit == MONTH:
            return tuple.__new__(Instant, (self.year, self.month, days_in_month(self.year, self.month)))
        if unit == YEAR:
            return tuple.__new__(Instant, (self.year, 12, 31))
        if unit == WEEK:
            return Instant.from_ordinal(self.ordinal - self.date.weekday() + 6)
        if unit in (DAY, WEEKDAY):
            return self
        raise PeriodError(f"There is no last day of {date_unit(unit)}.")

    def __str__(self) -> str:
        """Return `2018-01-31`, or `ETERNITY`."""
        return "ETERNITY" if self.is_eternal else f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    def __repr__(self) -> str:
        """Return the expression that makes this instant."""
        return f"Instant(({self.year}, {self.month}, {self.day}))"

    def __getnewargs__(self) -> tuple[tuple[int, int, int]]:
        """Return what `copy` and `pickle` hand to the constructor."""
        return ((self.year, self.month, self.day),)
