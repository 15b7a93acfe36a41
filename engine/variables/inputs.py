"""Inputs given for longer periods than a variable has: a year's salary for the twelve months, a status for every month of it.

An input rule is pure: from the variable, the period, the column given and the columns already known, it says which column
to set for which of the variable's own periods. It sets nothing itself. A variable names its rule:

    set_input = set_input_divide_by_period

Packages written for OpenFisca hand such functions a holder: `set_input_divide_by_period(holder, period, array)`. That form
belongs to the compatibility layer, which offers functions of the same names over these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.errors import InputConflictError, PeriodMismatchError, VariableValueError
from engine.periods import Period

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.variables.rule import Rule

Columns = Mapping[Period, "NDArray[Any]"]
InputRule = Callable[["Rule", Period, "NDArray[Any]", Columns], dict[Period, "NDArray[Any]"]]

# twelve twelfths of an amount miss it by rounding only
_ROUNDING: Final = 1e-9


def set_input_dispatch_by_period(variable: Rule, period: Period, array: NDArray[Any], known: Columns) -> dict[Period, NDArray[Any]]:
    """Give the same column to each of the variable's own periods within `period` whose column is not known yet.

    Raises PeriodMismatchError where `period` does not divide into the variable's periods.
    """
    column = variable.cast_array(array)
    return {part: column for part in _parts(variable, period) if part not in known}


def set_input_divide_by_period(variable: Rule, period: Period, array: NDArray[Any], known: Columns) -> dict[Period, NDArray[Any]]:
    """Share an amount equally among the variable's own periods within `period`, less what is known of them.

    Whole amounts are shared in whole parts whose sum is the amount. Raises InputConflictError where all parts are known and
    do not sum to the amount, VariableValueError for a variable that is no number, and PeriodMismatchError where `period`
    does not divide into the variable's periods.
    """
    if variable.dtype.kind not in "if" or variable.possible_values is not None:
        raise VariableValueError(
            f"Variable `{variable.name}` is no number: its value for `{period}` is not divided among its periods. Expected `set_input_dispatch_by_period`."
        )
    amount = variable.cast_array(array)
    parts = _parts(variable, period)
    given = [known[part] for part in parts if part in known]
    rest = amount - sum(given, start=np.zeros_like(amount))
    unknown = [part for part in parts if part not in known]
    if not unknown:
        _check_nothing_left(variable, period, amount, rest, given)
        return {}
    if variable.dtype.kind == "f":
        share = rest / len(unknown)
        return dict.fromkeys(unknown, share)
    return {part: rest * (index + 1) // len(unknown) - rest * index // len(unknown) for index, part in enumerate(unknown)}


def _check_nothing_left(variable: Rule, period: Period, amount: NDArray[Any], rest: NDArray[Any], given: list[NDArray[Any]]) -> None:
    scale = sum((np.abs(column) for column in given), start=np.abs(amount))
    wrong = np.flatnonzero(np.abs(rest) > _ROUNDING * scale)
    if wrong.size:
        row = int(wrong[0])
        raise InputConflictError(
            f"Variable `{variable.name}` is given {amount[row]} for `{period}` in row {row}, but the values given for its {variable.definition_period}s "
            f"sum to {amount[row] - rest[row]}."
        )


def _parts(variable: Rule, period: Period) -> list[Period]:
    own = variable.definition_period
    if not period.divides_into(own):
        raise PeriodMismatchError(f"Variable `{variable.name}` is defined by {own}: an input for `{period}` cannot be split into its periods.")
    return period.get_subperiods(own)
