"""Periods: the spans of time for which a variable has a value.

A period is a tuple of unit, start and size: three months from January 2018 are `Period(("month", Instant((2018, 1, 1)), 3))`.
Tracing a law makes tens of thousands of them, so that hashing and equality are the tuple's own, and the calendar's months
and years are made once. Order is by time: by start, then by length; only periods of the same days fall back on their unit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

from engine.errors import PeriodError
from engine.periods.instants import Instant, days_in_month, whole_number
from engine.periods.units import DAY, ETERNITY, MONTH, WEEK, WEEKDAY, YEAR, DateUnit, date_unit

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

_DECEMBER: Final = 12
_ORDER_OF_UNITS: Final = {WEEKDAY: 0, DAY: 1, WEEK: 2, MONTH: 3, YEAR: 4, ETERNITY: 5}
_DIVIDES_INTO: Final = {
    YEAR: (YEAR, MONTH, WEEK, DAY, WEEKDAY),
    MONTH: (MONTH, WEEK, DAY, WEEKDAY),
    WEEK: (WEEK, DAY, WEEKDAY),
    DAY: (DAY, WEEKDAY),
    WEEKDAY: (DAY, WEEKDAY),
    ETERNITY: (),
}


class _PeriodFields(NamedTuple):
    """The fields of a period: read by name at the speed of a tuple."""

    unit: DateUnit
    start: Instant
    size: int


class Period(_PeriodFields):
    """A number of units of time from a start: `Period(("month", Instant((2018, 1, 1)), 3))`.

    Ordered by time, hashable, immutable. Eternity has the unit `eternity`, the start of eternity and the size -1.
    Raises PeriodError for an unknown unit, a start that is no day, or a size under 1.
    """

    __slots__ = ()

    def __new__(cls, fields: Iterable[str | Instant | tuple[int, int, int] | int]) -> Self:
        """Return the period of unit, start and size."""
        if type(fields) is cls:
            return fields
        given = tuple(fields)
        if len(given) != len(cls._fields):
            raise PeriodError(f"{given!r} is not a period: expected a unit, a start and a size.")
        unit = date_unit(given[0])
        if unit is ETERNITY:
            return tuple.__new__(cls, (ETERNITY, Instant.eternity(), -1))
        start = Instant(given[1])  # type: ignore[arg-type]
        size = whole_number(given[2], "the size of a period")
        if size < 1 or start.is_eternal:
            raise PeriodError(f"{given!r} is not a period: expected a start that is a day, and a size of at least 1.")
        return tuple.__new__(cls, (unit, start, size))

    # Order

    def _order(self) -> tuple[Instant, Instant, int]:
        return self.start, self.stop, _ORDER_OF_UNITS[self.unit]

    def __lt__(self, other: object) -> bool:
        """Return whether this period comes before: starts earlier, or starts with the other and stops earlier."""
        if not isinstance(other, Period):
            return NotImplemented
        return self.start < other.start if self.start != other.start else self._order() < other._order()

    def __le__(self, other: object) -> bool:
        """Return whether this period comes before or is the other."""
        return self == other or self < other if isinstance(other, Period) else NotImplemented

    def __gt__(self, other: object) -> bool:
        """Return whether this period comes after the other."""
        return other < self if isinstance(other, Period) else NotImplemented

    def __ge__(self, other: object) -> bool:
        """Return whether this period comes after or is the other."""
        return self == other or other < self if isinstance(other, Period) else NotImplemented

    # Bounds and lengths

    @property
    def is_eternal(self) -> bool:
        """Whether this is eternity."""
        return self.unit is ETERNITY

    @property
    def stop(self) -> Instant:
        """The last day. Eternity stops at eternity."""
        return _stop(self)

    @property
    def date(self) -> datetime.date:
        """The first day as Python's date. Raises PeriodError for a size over 1 and for eternity."""
        if self.size > 1:
            raise PeriodError(f"`date` is defined for a period of one unit; `{self}` has {self.size}.")
        return self.start.date

    @property
    def days(self) -> int:
        """The number of days, from the first to the last."""
        return self.stop.ordinal - self.start.ordinal + 1

    def size_in(self, unit: str) -> int:
        """Return how many units of that kind the period has: the length of `get_subperiods(unit)`.

        A week belongs to the year and month of its Thursday, as in ISO 8601: a year has 52 weeks or 53.
        Raises PeriodError where the period does not divide into that unit, as a month into years.
        """
        wanted = self._divisible_into(unit)
        if wanted is self.unit:
            return self.size
        if wanted is MONTH:
            return 12 * self.size
        if wanted is WEEK:
            return (self.stop.ordinal + 3) // 7 - (self.start.ordinal + 2) // 7
        return self.days

    def divides_into(self, unit: str) -> bool:
        """Return whether the period divides into units of that kind: a month into weeks or days, not into years."""
        return unit in _DIVIDES_INTO[self.unit]

    def _divisible_into(self, unit: str) -> DateUnit:
        wanted = date_unit(unit)
        if not self.divides_into(wanted):
            finer = ", ".join(_DIVIDES_INTO[self.unit]) or "nothing"
            raise PeriodError(f"`{self}` does not divide into units of {wanted}: {self.unit} divides into {finer}.")
        return wanted

    @property
    def size_in_years(self) -> int:
        """The number of years. Raises PeriodError for a finer unit."""
        return self.size_in(YEAR)

    @property
    def size_in_months(self) -> int:
        """The number of months. Raises PeriodError for weeks and days."""
        return self.size_in(MONTH)

    @property
    def size_in_weeks(self) -> int:
        """The number of ISO weeks. Raises PeriodError for days."""
        return self.size_in(WEEK)

    @property
    def size_in_days(self) -> int:
        """The number of days."""
        return self.size_in(DAY)

    @property
    def size_in_weekdays(self) -> int:
        """The number of weekdays: that of days."""
        return self.size_in(WEEKDAY)

    # Other periods

    def offset(self, offset: int | Literal["first-of", "last-of"], unit: str | None = None) -> Period:
        """Return the period of the same unit and size that starts that many units later (by default, of its own unit).

        `first-of` and `last-of` move the start to the first or last day of the unit around it.
        """
        return _offset(self, offset, self.unit if unit is None else unit)

    def get_subperiods(self, unit: str) -> list[Period]:
        """Return the calendar's years, months, weeks or days of this period, in order, each of size 1.

        Those are the periods for which a variable of that unit has values: the first holds the start even where the
        period begins in its midst. Weeks are those whose Thursday lies in the year or month. Raises PeriodError as `size_in`.
        """
        count = self.size_in(unit)
        wanted = date_unit(unit)
        if wanted is YEAR:
            return [calendar_year(self.start.year + index) for index in range(count)]
        if wanted is MONTH:
            first = 12 * self.start.year + self.start.month - 1
            return [calendar_month(month // 12, month % 12 + 1) for month in range(first, first + count)]
        if wanted is WEEK:
            start = self.start.ordinal
            # the Monday of the first week: of the one around the start, or of the first whose Thursday is not before it
            monday = start - (start - 1) % 7 if self.unit is WEEK else start + (4 - start) % 7 - 3
            return [_one(WEEK, Instant.from_ordinal(monday + 7 * index)) for index in range(count)]
        first_day = self.start.ordinal
        return [_one(wanted, Instant.from_ordinal(first_day + index)) for index in range(count)]

    def contains(self, other: Period) -> bool:
        """Return whether every day of `other` is a day of this period. Eternity contains all, and only eternity contains it."""
        if self.unit is ETERNITY:
            return True
        return other.unit is not ETERNITY and self.start <= other.start and other.stop <= self.stop

    def intersection(self, start: Instant | None, stop: Instant | None) -> Period | None:
        """Return the days of this period from `start` to `stop` (None: its own bounds), or None where there are none.

        Part of the period comes back in years or months where it is whole ones, else in days. Raises PeriodError where eternity gets one bound only.
        """
        if start is None and stop is None:
            return self
        if self.unit is ETERNITY:
            if start is None or stop is None:
                raise PeriodError("The intersection of eternity needs both bounds, a start and a stop.")
            return period_between(start, stop) if start <= stop else None
        first = self.start if start is None else max(self.start, start)
        last = self.stop if stop is None else min(self.stop, stop)
        if first > last:
            return None
        return self if (first, last) == (self.start, self.stop) else period_between(first, last)

    # Shortcuts, all relative to the start

    @property
    def this_year(self) -> Period:
        """The calendar year of the start."""
        return calendar_year(self.start.year)

    @property
    def last_year(self) -> Period:
        """The calendar year before that of the start."""
        return calendar_year(self.start.year - 1)

    @property
    def n_2(self) -> Period:
        """The calendar year two years before that of the start."""
        return calendar_year(self.start.year - 2)

    @property
    def first_month(self) -> Period:
        """The calendar month of the start."""
        return calendar_month(self.start.year, self.start.month)

    @property
    def last_month(self) -> Period:
        """The calendar month before that of the start."""
        return self.first_month.offset(-1)

    @property
    def last_3_months(self) -> Period:
        """The three calendar months before that of the start."""
        return Period((MONTH, self.first_month.start.offset(-3, MONTH), 3))

    @property
    def first_day(self) -> Period:
        """The first day."""
        return _one(DAY, self.start)

    @property
    def first_weekday(self) -> Period:
        """The first day, counted in weekdays."""
        return _one(WEEKDAY, self.start)

    @property
    def first_week(self) -> Period:
        """The ISO week around the start."""
        return _one(WEEK, self.start.first_of(WEEK))

    def _weeks_before(self, count: int) -> Period:
        return Period((WEEK, self.first_week.start.offset(-count, WEEK), count))

    @property
    def last_week(self) -> Period:
        """The week before that of the start."""
        return self._weeks_before(1)

    @property
    def last_fortnight(self) -> Period:
        """The two weeks before that of the start."""
        return self._weeks_before(2)

    @property
    def last_2_weeks(self) -> Period:
        """The two weeks before that of the start."""
        return self._weeks_before(2)

    @property
    def last_26_weeks(self) -> Period:
        """The 26 weeks before that of the start."""
        return self._weeks_before(26)

    @property
    def last_52_weeks(self) -> Period:
        """The 52 weeks before that of the start."""
        return self._weeks_before(52)

    # Texts

    def __str__(self) -> str:
        """Return the shortest text that `period` reads back as this very period: `2018`, `2018-03`, `year:2018-03:2`, `week:2018-W05:3`."""
        unit, start, size = self
        if unit is ETERNITY:
            return "ETERNITY"
        base, unit_of_base = _base_text(unit, start)
        if size == 1 and unit_of_base is unit:
            return base
        return f"{unit}:{base}" if size == 1 else f"{unit}:{base}:{size}"

    def __repr__(self) -> str:
        """Return the expression that makes this period."""
        return f"Period(({self.unit.value!r}, {self.start!r}, {self.size}))"

    def __getnewargs__(self) -> tuple[tuple[DateUnit, Instant, int]]:
        """Return what `copy` and `pickle` hand to the constructor."""
        return ((self.unit, self.start, self.size),)


def _base_text(unit: DateUnit, start: Instant) -> tuple[str, DateUnit]:
    """Return the start as written in a period of that unit, and the unit that this text alone stands for."""
    if unit is WEEK or unit is WEEKDAY:
        year, week, weekday = start.date.isocalendar()
        return (f"{year:04d}-W{week:02d}", WEEK) if unit is WEEK and weekday == 1 else (f"{year:04d}-W{week:02d}-{weekday}", WEEKDAY)
    if unit is DAY or start.day > 1:
        return str(start), DAY
    if unit is MONTH or start.month > 1:
        return f"{start.year:04d}-{start.month:02d}", MONTH
    return f"{start.year:04d}", YEAR


def _one(unit: DateUnit, start: Instant) -> Period:
    return tuple.__new__(Period, (unit, start, 1))


@lru_cache(maxsize=8192)
def _offset(period: Period, offset: int | Literal["first-of", "last-of"], unit: str) -> Period:
    return tuple.__new__(Period, (period.unit, period.start.offset(offset, unit), period.size))


@lru_cache(maxsize=8192)
def _stop(period: Period) -> Instant:
    unit, start, size = period
    if unit is ETERNITY:
        return start
    if unit is MONTH or unit is YEAR:
        return _day_before_months_later(start, size if unit is MONTH else 12 * size)
    return Instant.from_ordinal(start.ordinal + (7 * size if unit is WEEK else size) - 1)


def _day_before_months_later(start: Instant, months: int) -> Instant:
    """Return the last day of so many months from `start`; works up to the last day of the last year."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = start.day
    if day == 1:
        year, month = (year, month) if month else (year - 1, _DECEMBER)
        return Instant((year, month, days_in_month(year, month)))
    return Instant((year, month + 1, min(day, days_in_month(year, month + 1)) - 1))


@lru_cache(maxsize=1024)
def calendar_year(year: int) -> Period:
    """Return that year, from 1 January."""
    return _one(YEAR, Instant((year, 1, 1)))


@lru_cache(maxsize=8192)
def calendar_month(year: int, month: int) -> Period:
    """Return that month, from its first day."""
    return _one(MONTH, Instant((year, month, 1)))


def period_between(start: Instant, stop: Instant) -> Period:
    """Return the period from one day to another, both included, in years or months where it is whole ones, else in days.

    Raises PeriodError where `stop` comes before `start`.
    """
    if stop < start:
        raise PeriodError(f"There is no period from {start} to {stop}: it would stop before it starts.")
    if start.day == 1 and stop.day == days_in_month(stop.year, stop.month):
        if start.month == 1 and stop.month == _DECEMBER:
            return Period((YEAR, start, stop.year - start.year + 1))
        return Period((MONTH, start, 12 * (stop.year - start.year) + stop.month - start.month + 1))
    return Period((DAY, start, stop.ordinal - start.ordinal + 1))


def shortest_first(period: Period) -> tuple[int, Instant, int]:
    """Return the key that sorts periods by length, the shortest first and eternity last; used where narrower inputs go before wider ones."""
    if period.unit is ETERNITY:
        return (10**7, period.start, _ORDER_OF_UNITS[ETERNITY])
    return (period.days, period.start, _ORDER_OF_UNITS[period.unit])
