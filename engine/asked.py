"""What is asked of a variable: at which of its own periods it is read, and what it is by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import PeriodMismatchError
from engine.graph.operations import TEXT
from engine.periods import DateUnit, Period
from engine.periods import period as as_period

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
        raise PeriodMismatchError(
            f"`{rule.name}` is defined for a {unit}; it was asked for {at} ({at.size} {at.unit}). "
            "Ask for one of its own periods, or use the options ADD or DIVIDE (`calculate_add`, `calculate_divide`)."
        )
    return at


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
