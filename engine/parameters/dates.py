"""Dates as the parameter tree keeps them: texts `2015-01-31`, which compare as the days they name.

Figures are read far more often than dates are computed with, and a text costs nothing to compare, to store or to show.
Instants, periods, Python's dates and years become such texts at the edge of the tree.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Final

from engine.errors import PeriodError
from engine.periods import InstantLike, instant

LAST_DAY: Final = "9999-12-31"
_FORM: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_KNOWN_DATES: Final = 65_536


def looks_like_date(text: str) -> bool:
    """Tell whether a text has the form of a date, be there such a day or not."""
    return _FORM.fullmatch(text) is not None


@lru_cache(maxsize=_KNOWN_DATES)
def is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar, written `2015-01-31`."""
    if not looks_like_date(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def date_text(moment: InstantLike) -> str:
    """Return the day that an instant, a date, a year, a text or the start of a period stands for, as `2015-01-31`.

    Raises PeriodError where it is none, and for eternity: figures of the law are dated.
    """
    if type(moment) is str and is_date(moment):
        return moment
    day = instant(moment)
    if day.is_eternal:
        raise PeriodError("Figures of the law are dated: eternity is no date to read them at. Name a date, as `parameters('2017-01-01')`.")
    return str(day)


def day_after(date: str) -> str | None:
    """Return the next day, or None after the last day of the calendar."""
    if date >= LAST_DAY:
        return None
    return (datetime.date.fromisoformat(date) + datetime.timedelta(days=1)).isoformat()
