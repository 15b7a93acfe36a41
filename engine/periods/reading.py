"""Reading periods and instants as people write them: `2018`, `2018-03`, `month:2018-03:3`, `2018-W05`, a date, a year.

Texts are read once each and kept; the same text gives the same object.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Final, SupportsIndex

from engine.errors import PeriodError
from engine.periods.instants import Instant, is_day, whole_number
from engine.periods.intervals import Period, calendar_month, calendar_year
from engine.periods.units import DAY, ETERNITY, WEEK, WEEKDAY, DateUnit, date_unit, unit_weight

PeriodLike = Period | Instant | datetime.date | int | str
InstantLike = Instant | Period | datetime.date | int | str

ETERNAL_PERIOD: Final = Period((ETERNITY, Instant.eternity(), -1))

_FORMS: Final = "`2018`, `2018-03`, `2018-03-31`, `2018-W05`, `2018-W05-1`, `unit:start` or `unit:start:size` as `month:2018-03:3`, or `eternity`"
_FORMS_OF_INSTANT: Final = "`2018-03-31`, or `2018`, `2018-03`, `2018-W05` and `2018-W05-1` for their first day"
_BASE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?|-W([0-9]{2})(?:-([1-7]))?)?")
_SIZE: Final = re.compile(r"[1-9][0-9]{0,6}")


def period(value: PeriodLike) -> Period:
    """Return the period that a text, a year, a date or an instant stands for; a period comes back as it is.

    A year is a number or a text of four digits; a date or an instant is that day. Raises PeriodError that names the value and the accepted forms.
    """
    if isinstance(value, Period):
        return value
    if isinstance(value, str):
        return _period_of_text(value)
    if isinstance(value, Instant):
        return ETERNAL_PERIOD if value.is_eternal else Period((DAY, value, 1))
    if isinstance(value, datetime.date):
        return Period((DAY, _instant_of_date(value), 1))
    if _is_year(value):
        return calendar_year(whole_number(value, "a year"))
    raise PeriodError(f"{value!r} is not a period: expected a year, a date, or a text {_FORMS}.")


def instant(value: InstantLike | tuple[int, ...] | list[int]) -> Instant:
    """Return the day that a text, a date, or a tuple of year, month and day stands for; the first day of a period or a year.

    Raises PeriodError that names the value and the accepted forms.
    """
    if isinstance(value, Instant):
        return value
    if isinstance(value, Period):
        return value.start
    if isinstance(value, str):
        return _instant_of_text(value)
    if isinstance(value, datetime.date):
        return _instant_of_date(value)
    if isinstance(value, tuple | list) and 1 <= len(value) <= len(Instant._fields):
        return Instant((*value, 1, 1)[: len(Instant._fields)])
    if _is_year(value):
        return calendar_year(whole_number(value, "a year")).start
    raise PeriodError(f"{value!r} is not an instant: expected a year, a date, or a text {_FORMS_OF_INSTANT}.")


def _is_year(value: object) -> bool:
    return type(value) is int or (isinstance(value, SupportsIndex) and not isinstance(value, bool))


def _instant_of_date(value: datetime.date) -> Instant:
    return Instant((value.year, value.month, value.day))


@lru_cache(maxsize=4096)
def _instant_of_text(text: str) -> Instant:
    if text.lower() == ETERNITY:
        return Instant.eternity()
    return _read_base(text, text, _FORMS_OF_INSTANT).start


@lru_cache(maxsize=4096)
def _period_of_text(text: str) -> Period:
    if text.lower() == ETERNITY:
        return ETERNAL_PERIOD
    unit_name, colon, rest = text.partition(":")
    if not colon:
        return _read_base(text, text, _FORMS)
    unit = date_unit(unit_name) if unit_name in set(DateUnit) else None
    start, has_size, size = rest.partition(":")
    if unit is None or unit is ETERNITY or (has_size and not _SIZE.fullmatch(size)):
        raise PeriodError(f"`{text}` is not a period: expected {_FORMS}.")
    base = _read_base(start, text, _FORMS)
    if unit_weight(base.unit) > unit_weight(unit):
        raise PeriodError(f"`{text}` is not a period: `{start}` is a {base.unit}, too coarse to start a period of {unit}s. Expected {_FORMS}.")
    return Period((unit, base.start, int(size) if has_size else 1))


def _read_base(base: str, text: str, forms: str) -> Period:
    """Return the period that a text without unit stands for. Errors quote the whole `text` and the accepted `forms`."""
    match = _BASE.fullmatch(base)
    if match is None:
        raise PeriodError(f"`{text}` is not a period or an instant: expected {forms}.")
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    if not is_day(year, month, day):
        raise PeriodError(f"`{text}` is not a period or an instant: there is no `{base}` in the calendar. Expected {forms}.")
    if match[4]:
        return _read_week(year, int(match[4]), int(match[5]) if match[5] else None, text)
    if match[2] is None:
        return calendar_year(year)
    return calendar_month(year, month) if match[3] is None else Period((DAY, Instant((year, month, day)), 1))


def _read_week(year: int, week: int, weekday: int | None, text: str) -> Period:
    # 28 December is always in the last ISO week of its year
    last_week = datetime.date(year, 12, 28).isocalendar().week
    if not 1 <= week <= last_week:
        raise PeriodError(f"`{text}` is not a period or an instant: {year} has the weeks 1 to {last_week}.")
    monday = datetime.date.fromisocalendar(year, week, 1).toordinal()
    if weekday is None:
        return Period((WEEK, Instant.from_ordinal(monday), 1))
    return Period((WEEKDAY, Instant.from_ordinal(monday + weekday - 1), 1))
