"""The value of a figure of the law that brings a result of a reform where it is wanted.

    solved = solve(reform, study, "impot_revenu.bareme.brackets[4].rate", "budget = 0")
    solved.value, solved.result, solved.steps

Results are steps, not curves: taxes are rounded to euros and households are counted. The search ends where the result is within a
tolerance of the target, or where the value cannot be told from its neighbours any more; what the result then is, is said.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from analysis import inequality
from analysis.comparison import Comparison
from analysis.effects import THRESHOLD
from engine.errors import DataError, ReformError, nearest
from engine.parameters import Parameter
from engine.reform import DataReform

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.study import Study
    from engine.legislation import Legislation
    from engine.reform import Reform

BUDGET: Final = "budget"
COUNTS: Final = ("gagnants", "perdants", "imposes", "entrants", "sortants")
_TARGET: Final = re.compile(r"\s*([\w.]+)\s*=\s*([-+]?(?:\d[\d_ ]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*$")
_TOLERANCE: Final = 1e-6  # of the span of results between the ends of the search
_PRECISION: Final = 1e-7  # of the span of values
_WIDENINGS: Final = 14
_RATES: Final = ("/1", "rate", "taux")


@dataclass(frozen=True)
class Target:
    """A result, by its name, and what it should be."""

    name: str
    goal: float

    @classmethod
    def parsed(cls, text: str, study: Study) -> Target:
        """Return the target that a text as `budget = 0` or `gini = 0.29` says. Raises DataError with the results that there are."""
        found = _TARGET.match(text)
        known = names_of(study)
        if found is None:
            raise DataError(f"`{text}` is no target: expected a result and a number, as `budget = 0` or `gini = 0.29`.")
        name = found[1]
        if name not in known:
            raise DataError(f"There is no result `{name}`: expected one of {', '.join(known)}.{nearest(name, known)}")
        return cls(name, float(found[2].replace(" ", "").replace("_", "")))


@dataclass(frozen=True)
class Step:
    """A value that was tried, and the result that it gave."""

    value: float
    result: float


@dataclass(frozen=True)
class Solution:
    """The value found, the result that it gives, how far from the target that may be, and each value tried, in order."""

    parameter: str
    date: str
    target: Target
    before: float
    value: float
    result: float
    tolerance: float
    steps: tuple[Step, ...]

    @property
    def is_reached(self) -> bool:
        """Whether the result is within the tolerance; else it jumps over the target at the value."""
        return abs(self.result - self.target.goal) <= self.tolerance


def names_of(study: Study) -> tuple[str, ...]:
    """Return the results that can be a target.

    `budget` and `budget.<measure>` are changes in euros, `gagnants`, `perdants`, `entrants` and `sortants` counts of households; the
    others are what is after the reform.
    """
    return (BUDGET, *(f"{BUDGET}.{measure.name}" for measure in study.measures), *COUNTS, *inequality.INDICATORS)


def result_of(name: str, comparison: Comparison) -> float:
    """Return one result of a reform, without its sampling error."""
    study, weights = comparison.study, comparison.study.weights
    beside = {measure.name: (comparison.after.outside[measure.name] - comparison.before.outside[measure.name]) for measure in study.measures}
    signs = {measure.name: 1 if measure.is_levy else -1 for measure in study.measures}
    if name == BUDGET:
        return -float(weights @ comparison.change) + sum(signs[each] * change for each, change in beside.items())
    if name.startswith(f"{BUDGET}."):
        measure = next(each for each in study.measures if each.name == name.removeprefix(f"{BUDGET}."))
        change = comparison.after.amounts[measure.name] - comparison.before.amounts[measure.name]
        return (float(weights @ change) + beside[measure.name]) * signs[measure.name]
    if name in ("gagnants", "perdants"):
        return float(weights @ ((comparison.change if name == "gagnants" else -comparison.change) >= THRESHOLD))
    if name in COUNTS:
        return _taxed(name, comparison)
    if comparison.after.living_standard is None:
        raise DataError(f"`{name}` cannot be measured: the population does not tell living standards.")
    return float(study.inequality_of(comparison.after)[0, inequality.INDICATORS.index(name)])


def _taxed(name: str, comparison: Comparison) -> float:
    before, after, rule = comparison.before.tax, comparison.after.tax, comparison.study.tax_rule
    if before is None or after is None or rule is None:
        raise DataError(f"`{name}` cannot be measured: the population has no tax households.")
    paid, pays = before > 0, after > 0
    rows = {"imposes": pays, "entrants": ~paid & pays, "sortants": paid & ~pays}[name]
    counts = comparison.study.households.added_up(rows, rule.entity.key)
    return float(comparison.study.weights @ (np.zeros(comparison.study.households.count) if counts is None else counts))


def solve(
    reform: Reform,
    study: Study,
    parameter: str,
    target: str,
    *,
    date: str | None = None,
    between: tuple[float, float] | None = None,
    tolerance: float | None = None,
    watch: Callable[[Step], None] | None = None,
) -> Solution:
    """Return the value of a figure, from `date` on, with which the reform's result meets the target.

    The figure is changed after the reform; `date` is the first of January of the study's year where it is not given. Without `between`
    the search widens around the reform's own value. `tolerance` is in units of the result: by default a millionth of its span between
    the ends of the search. `watch` is told each step. Raises DataError where the target cannot be reached, ReformError and
    ParameterError where the reform or the figure is not there.
    """
    try:
        from scipy.optimize import brentq  # noqa: PLC0415 - a second to import, for solvers only
    except ModuleNotFoundError as error:
        raise DataError("Solving needs scipy: install `bareme[analysis]`.") from error

    wanted = Target.parsed(target, study)
    if between is not None and len(between) != 2:  # noqa: PLR2004 - a pair
        raise DataError(f"`between` is {between!r}: expected two numbers, as (0.3, 0.5).")
    search = _Search(study, reform(study.law), parameter, date or f"{study.year}-01-01", wanted, watch)
    low, high = search.bracket(between)
    search.tolerance = _TOLERANCE * abs(high.result - low.result) if tolerance is None else tolerance
    if low.value != high.value:
        brentq(search.gap, low.value, high.value, xtol=max(_PRECISION * (high.value - low.value), 1e-300), rtol=1e-12, maxiter=200)
    best = min(search.steps, key=lambda step: abs(step.result - wanted.goal))
    return Solution(parameter, search.date, wanted, search.start, best.value, best.result, search.tolerance, tuple(search.steps))


class _Search:
    """The values tried for one figure, over one reformed law."""

    def __init__(self, study: Study, law: Legislation, parameter: str, date: str, target: Target, watch: Callable[[Step], None] | None) -> None:
        self.study, self.law, self.parameter, self.date, self.target, self.watch = study, law, parameter, date, target, watch
        item = law.parameters.child(parameter)
        value = item.at(date) if isinstance(item, Parameter) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            found = "is no figure" if not isinstance(item, Parameter) else f"is {value!r} at {date}; {item.spans()}"
            below = f" Below it: {', '.join(item.child_names())}." if hasattr(item, "child_names") else ""
            raise DataError(f"`{parameter}` {found}: expected the path of a number, as `impot_revenu.bareme.brackets[1].rate`.{below}")
        self.start = float(value)
        self.is_share = item.unit in _RATES or parameter.endswith("rate")
        self.tolerance = 0.0
        self.steps: list[Step] = []

    def tried(self, value: float) -> Step:
        """Return what a value gives. Raises ReformError for one that does not fit the law, as a threshold beyond the next."""
        known = next((step for step in self.steps if step.value == value), None)
        if known is not None:
            return known
        law = DataReform(name=self.parameter, parameters={self.parameter: {self.date: value}})(self.law)
        comparison = Comparison(self.study, "solve", self.study.base, self.study.outcome(law))
        step = Step(value, result_of(self.target.name, comparison))
        self.steps.append(step)
        if self.watch is not None:
            self.watch(step)
        return step

    def gap(self, value: float) -> float:
        """Return how far the result is from the target; nothing within the tolerance."""
        gap = self.tried(value).result - self.target.goal
        return 0.0 if abs(gap) <= self.tolerance else gap

    def bracket(self, between: tuple[float, float] | None) -> tuple[Step, Step]:
        """Return two values, ascending, whose results lie on both sides of the target (or twice the one that meets it)."""
        if between is not None:
            low, high = (self.tried(value) for value in sorted(between))
            if not self._holds(low, high):
                raise self._unreached(low, high)
            return low, high
        first = low = high = self.tried(self.start)
        if first.result == self.target.goal:
            return first, first
        step = abs(self.start) / 16 or (1 / 256 if self.is_share else 1.0)
        may_fall = may_rise = True
        for _ in range(_WIDENINGS):
            if may_rise:
                found, may_rise = self._further(high, min(high.value + step, 1.0 if self.is_share else math.inf))
                if self._holds(high, found):
                    return high, found
                high = found
            if may_fall:
                found, may_fall = self._further(low, max(low.value - step, 0.0 if self.start >= 0 else -math.inf))
                if self._holds(found, low):
                    return found, low
                low = found
            if not (may_fall or may_rise):
                break
            step *= 2
        raise self._unreached(low, high)

    def _further(self, last: Step, value: float) -> tuple[Step, bool]:
        """Return what a value further out gives, and whether the search may go on there; the last one where the law does not allow it."""
        if value == last.value:
            return last, False
        for _ in range(8):
            try:
                return self.tried(value), True
            except ReformError:
                value = (value + last.value) / 2  # nearer: a threshold stops short of the next one
        return last, False

    def _holds(self, low: Step, high: Step) -> bool:
        return (low.result - self.target.goal) * (high.result - self.target.goal) <= 0 and low.value != high.value

    def _unreached(self, low: Step, high: Step) -> DataError:
        results = [step.result for step in self.steps]
        return DataError(
            f"`{self.target.name} = {self.target.goal:g}` cannot be reached with `{self.parameter}`: between {low.value:g} and {high.value:g} "
            f"the result lies between {min(results):,.6g} and {max(results):,.6g}. Other bounds may be tried with --between."
        )
