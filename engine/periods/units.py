"""The units of time in which the law counts, and how they nest.

Two calendars meet here: years, months and days of the civil calendar; years, weeks and weekdays of ISO 8601.
A unit is a text (`"month"`), so that legal coders may write either the constant or the word.
"""

from __future__ import annotations

from enum import EnumType, StrEnum
from typing import Final

from engine.errors import PeriodError, nearest


class _DateUnitType(EnumType):
    """The two families of units, read on the class: `DateUnit.isoformat`, `DateUnit.isocalendar`."""

    @property
    def isoformat(cls) -> tuple[DateUnit, ...]:
        """The units of the civil calendar, finest first."""
        return DateUnit.DAY, DateUnit.MONTH, DateUnit.YEAR

    @property
    def isocalendar(cls) -> tuple[DateUnit, ...]:
        """The units of the ISO 8601 week calendar, finest first."""
        return DateUnit.WEEKDAY, DateUnit.WEEK, DateUnit.YEAR


class DateUnit(StrEnum, metaclass=_DateUnitType):
    """A unit of time, from the day to eternity."""

    WEEKDAY = "weekday"
    WEEK = "week"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ETERNITY = "eternity"


WEEKDAY: Final = DateUnit.WEEKDAY
WEEK: Final = DateUnit.WEEK
DAY: Final = DateUnit.DAY
MONTH: Final = DateUnit.MONTH
YEAR: Final = DateUnit.YEAR
ETERNITY: Final = DateUnit.ETERNITY

_BY_NAME: Final = {unit.value: unit for unit in DateUnit}
# a period of one unit may be written on a base of the same or a smaller weight: `year:2018-03`, never `month:2018`
_WEIGHTS: Final = {WEEKDAY: 100, DAY: 100, WEEK: 200, MONTH: 200, YEAR: 300, ETERNITY: 400}


def date_unit(name: object) -> DateUnit:
    """Return the unit of that name, as `"month"`. Raises PeriodError with the nearest names."""
    unit = _BY_NAME.get(name) if isinstance(name, str) else None
    if unit is None:
        raise PeriodError(f"`{name}` is not a unit of time: expected one of {', '.join(_BY_NAME)}.{nearest(str(name), _BY_NAME)}")
    return unit


def unit_weight(unit: str) -> int:
    """Return how large a unit is, for comparison only: weekday and day 100, week and month 200, year 300, eternity 400."""
    return _WEIGHTS[date_unit(unit)]
