"""What is asked of a variable: at which of its own periods it is read, and what it is by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import PeriodMismatchError, nearest
from engine.graph.operations import TEXT
from engine.periods import DateUnit, Period
from engine.periods import period as as_period
from engine.variables import Option

if TYPE_CHECKING:
    from engine.variables import Rule


def default_scalar(rule: Rule) -> Any:
    """Return a variable's default as a scalar of its type: an index for an enumeration's member."""
    value = rule.stored_default
    return value if rule.dtype == TEXT else np.array([value], dtype=rule.dtype)[0]


def check_period(rule: Rule, at: Period) -> Period:
    """Return the period under which a variable is known. Raises PeriodMismatchError where it is not of the variable's kind."""
    unit = rule.definition_period
    if unit == DateUnit.ETERNITY:
        return as_period("eternity")
    if at.unit != unit or at.size != 1:
        asked = "without a period" if at.is_eternal else f"for {at} ({at.size} {at.unit})"
        raise PeriodMismatchError(f"`{rule.name}` is defined for a {unit}; it was asked {asked}. {_remedy(DateUnit(unit), at)}")
    return at


def _remedy(unit: DateUnit, at: Period) -> str:
    """Say how a variable defined for a unit is asked for instead."""
    if at.is_eternal:
        return f"Say for which {unit}, as `period`."
    if at.divides_into(unit):
        one = "this_year" if unit == DateUnit.YEAR else f"first_{unit}"
        return f"Give options=[ADD] for the sum of its {unit}s (`calculate_add`), or ask for one {unit}, as `period.{one}`."
    of_year = "for the whole year, as `period.this_year`" if unit == DateUnit.YEAR else f"for a whole {unit}"
    return f"Ask {of_year}, or give options=[DIVIDE] for the share of it (`calculate_divide`)."


def check_options(rule: Rule, options: tuple[str, ...]) -> None:
    """Raise PeriodMismatchError for a word that is no option, or for both options; packages for OpenFisca may say any word."""
    for option in options:
        if option not in set(Option) and not rule.is_lenient:
            near = nearest(option.lower(), set(Option)).upper().replace("DID YOU MEAN", "Did you mean")
            raise PeriodMismatchError(f"`{option}` is no option for reading `{rule.name}`: expected ADD or DIVIDE, of `engine.variables`.{near}")
    if Option.ADD in options and Option.DIVIDE in options:
        raise PeriodMismatchError(f"`{rule.name}` was asked both to add and to divide; choose one.")


def share_of(rule: Rule, wanted: Period) -> tuple[Period, int]:
    """Return the period of the variable's kind that holds `wanted`, and how many such parts it has."""
    unit = rule.definition_period
    if unit == DateUnit.ETERNITY or wanted.size != 1 or wanted.unit == DateUnit.ETERNITY:
        raise PeriodMismatchError(f"`{rule.name}` is defined for a {unit}; it cannot be divided to {wanted}.")
    longer = {
        DateUnit.YEAR: lambda: wanted.this_year,
        DateUnit.MONTH: lambda: wanted.first_month,
        DateUnit.WEEK: lambda: wanted.first_week,
        DateUnit.DAY: lambda: wanted.first_day,
        DateUnit.WEEKDAY: lambda: wanted.first_weekday,
    }[DateUnit(unit)]()
    parts = len(longer.get_subperiods(wanted.unit)) if wanted.unit != unit else 1
    return longer, parts
