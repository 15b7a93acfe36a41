"""Holders: what a package sees of one variable's values, in a formula and in a simulation; and its rules for longer periods.

OpenFisca hands an input rule a holder that it fills; Barème's rules are pure and return columns. Either form serves here:
`set_input_divide_by_period` and `set_input_dispatch_by_period` take a holder, and a package's own rule for holders is run
on one that only notes what it is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.periods import ETERNITY, MONTH, WEEK, YEAR, Period
from engine.periods import period as as_period
from engine.variables import set_input_dispatch_by_period as dispatch_by_period
from engine.variables import set_input_divide_by_period as divide_by_period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.graph.array import SymbolicArray
    from engine.openfisca.populations import PopulationView
    from engine.variables import InputRule, Rule

Array = np.ndarray[Any, Any]


def set_input_dispatch_by_period(holder: Any, period: Period, array: Any) -> None:
    """Give the same values to each of the variable's own periods within a longer one."""
    holder.split(dispatch_by_period, period, array)


def set_input_divide_by_period(holder: Any, period: Period, array: Any) -> None:
    """Share values among the variable's own periods within a longer one."""
    holder.split(divide_by_period, period, array)


def input_rule(function: Callable[..., Any] | None, *, is_number: bool) -> InputRule | None:
    """Return the engine's input rule for one that a package names. A twelfth of a truth is a truth: what is no number is not divided."""
    if function is None or isinstance(function, _SplitOrWhole | _RuleForHolders):
        return function
    if function in (divide_by_period, set_input_divide_by_period):
        return _SplitOrWhole(divide_by_period if is_number else dispatch_by_period)
    if function in (dispatch_by_period, set_input_dispatch_by_period):
        return _SplitOrWhole(dispatch_by_period)
    return _RuleForHolders(function)


class _SplitOrWhole:
    """One of the engine's input rules; what is given for a shorter period than the variable's own, as a day of a month, is given for that month."""

    def __init__(self, rule: InputRule) -> None:
        self.rule = rule

    def __call__(self, variable: Rule, period: Period, array: Array, known: Mapping[Period, Array]) -> dict[Period, Array]:
        """Return the columns of the variable's own periods."""
        if period.divides_into(variable.definition_period) or variable.definition_period not in _AROUND:
            return self.rule(variable, period, array, known)
        return {_AROUND[variable.definition_period](period): variable.cast_array(array)}


_AROUND: Final[dict[str, Callable[[Period], Period]]] = {
    YEAR: lambda period: period.this_year,
    MONTH: lambda period: period.first_month,
    WEEK: lambda period: period.first_week,
}


class _RuleForHolders:
    """A package's own input rule, written for holders."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, variable: Rule, period: Period, array: Array, known: Mapping[Period, Array]) -> dict[Period, Array]:
        """Return what the rule sets."""
        noted = _NotingHolder(variable, known, len(array))
        self.function(noted, period, array)
        return noted.noted


class _NotingHolder:
    """A holder that notes what a rule sets, and sets nothing."""

    def __init__(self, rule: Rule, known: Mapping[Period, Array], count: int) -> None:
        self.variable = rule
        self.known = dict(known)
        self.count = count
        self.noted: dict[Period, Array] = {}

    def get_array(self, period: Period) -> Any:
        """Return what is known, or None."""
        return self.known.get(period)

    def get_known_periods(self) -> list[Period]:
        """Return the periods of what is known."""
        return list(self.known)

    def default_array(self) -> Array:
        """Return the variable's default for every row."""
        return self.variable.default_array(self.count)

    def split(self, rule: InputRule, period: Period, array: Any) -> None:
        """Split a longer period by one of the engine's rules."""
        for at, values in rule(self.variable, period, array, self.known).items():
            self.set_input(at, values)

    def set_input(self, period: Period, array: Any) -> None:
        """Note values; those for longer periods are divided by the rule that calls this."""
        self.noted[period] = self.known[period] = self.variable.cast_array(array, lenient=True)

    _set = set_input
    put_in_cache = set_input


class FormulaHolder:
    """What a formula learns of a variable: for which periods it was given, and the values given."""

    def __init__(self, population: PopulationView, rule: Rule) -> None:
        self.population = population
        self.variable = rule

    def get_known_periods(self) -> list[Period]:
        """Return the periods for which values were given. What was computed does not count: results depend on no order of calls."""
        return self.population.known_periods(self.variable.name)

    def get_array(self, period: Any) -> SymbolicArray | None:
        """Return the values given for a period, or None."""
        at = as_period("eternity") if self.variable.definition_period == ETERNITY else as_period(period)
        return self.population(self.variable.name, at) if at in self.get_known_periods() else None

    def default_array(self) -> SymbolicArray:
        """Return the variable's default for every row."""
        return self.population.default_array(self.variable)


class Holder:
    """One variable's values in a simulation."""

    def __init__(self, variable: Any, population: Any) -> None:
        self.variable = variable
        self.population = population

    @property
    def simulation(self) -> Any:
        """The simulation."""
        return self.population.simulation

    def set_input(self, period: Any, array: Any) -> None:
        """Give values for a period."""
        self.simulation.set_input(self.variable.name, period, array)

    def split(self, rule: InputRule, period: Period, array: Any) -> None:
        """Split a longer period by one of the engine's rules."""
        known = {at: self.get_array(at) for at in self.get_known_periods()}
        for at, values in rule(self.variable.rule, as_period(period), np.asarray(array), known).items():
            self.set_input(at, values)

    _set = set_input
    put_in_cache = set_input

    def get_array(self, period: Any) -> Any:
        """Return the values given or computed for a period, or None."""
        return self.simulation.get_array(self.variable.name, period)

    def get_known_periods(self) -> list[Period]:
        """Return the periods for which values were given or computed."""
        found: list[Period] = self.simulation.get_known_periods(self.variable.name)
        return found

    def delete_arrays(self, period: Any = None) -> None:
        """Forget the values of a period, or all."""
        self.simulation.delete_arrays(self.variable.name, period)

    def default_array(self) -> Array:
        """Return the variable's default for every row."""
        made: Array = self.variable.default_array(self.population.count)
        return made

    def get_memory_usage(self) -> dict[str, Any]:
        """Return how many bytes the values given take."""
        arrays = [self.get_array(at) for at in self.get_known_periods()]
        found = {
            "nb_cells_by_array": self.population.count,
            "dtype": self.variable.dtype,
            "nb_arrays": len(arrays),
            "total_nb_bytes": sum(array.nbytes for array in arrays),
            "cell_size": arrays[0].itemsize if arrays else np.nan,
        }
        if self.simulation.trace:
            found["nb_requests"] = self.simulation.tracer.get_nb_requests(self.variable.name)
            found["nb_requests_by_array"] = found["nb_requests"] / len(arrays) if arrays else np.nan
        return found
