"""The periods for which a law may be asked, and sets of them.

A formula is read for all its periods at once. A set of periods is a whole number whose bit i stands for the i-th period of the calendar, so
that "the years since 2016 in which a figure has no value" is one operation on two numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from engine.periods import DAY, ETERNAL_PERIOD, ETERNITY, MONTH, WEEK, WEEKDAY, YEAR, DateUnit, Period, calendar_month, calendar_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.periods import Instant

_MONTHS: Final = range(1, 13)


@dataclass(frozen=True, eq=False)
class Calendar:
    """The periods of one unit, ascending. Of weeks and days there is one a month: figures of the law change with months.

    Nothing in the law changes before the first period; the last stands for all later ones too.
    """

    unit: DateUnit
    periods: tuple[Period, ...]

    @classmethod
    def of(cls, unit: DateUnit, first_year: int, last_year: int) -> Calendar:
        """Return the calendar of a unit from one year to another, both included. Eternity has one period."""
        years = range(first_year, last_year + 1)
        if unit is ETERNITY:
            return cls(unit, (ETERNAL_PERIOD,))
        if unit is YEAR:
            return cls(unit, tuple(calendar_year(year) for year in years))
        months = (calendar_month(year, month) for year in years for month in _MONTHS)
        shorter = {
            MONTH: lambda month: month,
            WEEK: lambda month: month.first_week,
            DAY: lambda month: month.first_day,
            WEEKDAY: lambda month: month.first_weekday,
        }
        return cls(unit, tuple(shorter[unit](month) for month in months))

    @property
    def all(self) -> int:
        """The set of all periods."""
        return (1 << len(self.periods)) - 1

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """The first day of each period, as text; an empty one for eternity."""
        return tuple("" if period.is_eternal else str(period.start) for period in self.periods)

    def between(self, start: Instant | None, before: Instant | None, last: Instant | None) -> int:
        """Return the periods that begin on `start` or later, before `before`, and not after `last`; None sets no bound."""
        if self.unit is ETERNITY:
            return self.all
        low = 0 if start is None else bisect_left(self.starts, str(start))
        high = len(self.starts) if before is None else bisect_left(self.starts, str(before))
        if last is not None:
            high = min(high, bisect_left(self.starts, f"{last}+"))  # after that very day
        return bits_between(low, high)


def bits_between(low: int, high: int) -> int:
    """Return the set of the positions from `low` to before `high`; none where high is not above."""
    return (1 << high) - (1 << low) if high > low else 0


def positions(chosen: int) -> Iterator[int]:
    """Yield the positions of a set, ascending."""
    while chosen:
        lowest = chosen & -chosen
        yield lowest.bit_length() - 1
        chosen ^= lowest


def first(chosen: int) -> int:
    """Return the lowest position of a set that is not empty."""
    return (chosen & -chosen).bit_length() - 1


def last(chosen: int) -> int:
    """Return the highest position of a set that is not empty."""
    return chosen.bit_length() - 1


def within(dates: Sequence[str], spans: Iterable[tuple[str, str | None]]) -> int:
    """Return the positions of ascending dates that lie in a span, from its first day to before the other; None: for ever."""
    found = 0
    for start, before in spans:
        high = len(dates) if before is None else bisect_left(dates, before)
        found |= bits_between(bisect_left(dates, start), high)
    return found


def runs(chosen: int, among: int) -> list[tuple[int, int]]:
    """Return the first and last position of each run of `chosen`: what of `among` lies between the two is all chosen."""
    found: list[tuple[int, int]] = []
    open_run: tuple[int, int] | None = None
    for position in positions(among):
        if chosen >> position & 1:
            open_run = (open_run[0] if open_run else position, position)
        elif open_run:
            found.append(open_run)
            open_run = None
    return [*found, open_run] if open_run else found
