"""Time as the law counts it: units, instants and periods. Everything else in the engine stands on this."""

from engine.periods.instants import Instant
from engine.periods.intervals import Period, calendar_month, calendar_year, period_between, shortest_first
from engine.periods.reading import ETERNAL_PERIOD, InstantLike, PeriodLike, instant, period
from engine.periods.units import DAY, ETERNITY, MONTH, WEEK, WEEKDAY, YEAR, DateUnit, date_unit, unit_weight

__all__ = [
    "DAY",
    "ETERNAL_PERIOD",
    "ETERNITY",
    "MONTH",
    "WEEK",
    "WEEKDAY",
    "YEAR",
    "DateUnit",
    "Instant",
    "InstantLike",
    "Period",
    "PeriodLike",
    "calendar_month",
    "calendar_year",
    "date_unit",
    "instant",
    "period",
    "period_between",
    "shortest_first",
    "unit_weight",
]
