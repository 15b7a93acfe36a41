"""A result of a study under any law, for who asks for it many times: only the measures that it needs are computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.comparison import Comparison
from analysis.measures import periods_of
from analysis.readings import Readings, readings
from analysis.solving import BUDGET, names_of, result_of
from engine.errors import DataError, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.measures import Measure
    from analysis.reform_parts import ReformParts
    from analysis.study import Study
    from engine.legislation import Legislation
    from engine.simulation import Simulation
    from engine.traces import Key

    Floats = NDArray[np.float64]


class Output:
    """A result by its name, as `budget.impot_revenu` or `gini`; of the budget, what it moves by from a law (`base`) to another.

    `names` and `labels` are those of the results of a trial: the one asked for, and, of the whole budget, each measure.
    """

    def __init__(self, study: Study, name: str, base: Legislation | None = None) -> None:
        known = names_of(study)
        if name not in known:
            raise DataError(f"There is no result `{name}`: expected one of {', '.join(known)}.{nearest(name, known)}")
        self.study, self.name = study, name
        self.is_budget = name.partition(".")[0] == BUDGET
        self.measures: tuple[Measure, ...] = study.measures
        if self.is_budget and name != BUDGET:
            self.measures = tuple(measure for measure in study.measures if f"{BUDGET}.{measure.name}" == name)
        several = self.measures if name == BUDGET else ()
        self.names = (name, *(f"{BUDGET}.{measure.name}" for measure in several))
        whole = "Ensemble : prélèvements moins prestations" if name == BUDGET else self.measures[0].label if self.is_budget else name
        self.labels = (whole, *(measure.label for measure in several))
        self.base_law = study.law if base is None else base
        self.base_simulation = study.under(study.law)  # what it computes is lent to the others
        self.base_amounts, self.base_outside = self._amounts(self.base_simulation)
        if self.base_law is not study.law:
            self.base_simulation = self.base_simulation.under(self.base_law)
            self.base_amounts, self.base_outside = self._amounts(self.base_simulation)

    def simulation(self, law: Legislation) -> Simulation:
        """Return a simulation that computes what a law changes from the base."""
        return self.base_simulation if law is self.base_law else self.base_simulation.under(law)

    def _amounts(self, simulation: Simulation) -> tuple[Floats, Floats]:
        """Return each household's euros, levies less benefits (measures, households), and those of rows that lie in no household."""
        outcome = self.study.outcome(simulation.legislation, simulation=simulation, measures=self.measures)
        signs = [1.0 if measure.is_levy else -1.0 for measure in self.measures]
        inside = np.stack([sign * outcome.amounts[measure.name] for sign, measure in zip(signs, self.measures, strict=True)])
        return inside, np.array([sign * outcome.outside[measure.name] for sign, measure in zip(signs, self.measures, strict=True)])

    def changes(self, simulation: Simulation) -> tuple[Floats, Floats]:
        """Return by how much the budget changes: by household (unweighted euros, all measures), and by measure (weighted)."""
        inside, outside = self._amounts(simulation)
        change = inside - self.base_amounts
        return change.sum(axis=0), change @ self.study.weights + (outside - self.base_outside)

    def results(self, simulation: Simulation) -> Floats:
        """Return the result and, of the whole budget, each measure's."""
        if self.is_budget:
            by_measure = self.changes(simulation)[1]
            return by_measure if len(self.names) == 1 else np.concatenate([[by_measure.sum()], by_measure])
        after = self.study.outcome(simulation.legislation, simulation=simulation)
        return np.array([result_of(self.name, Comparison(self.study, self.name, self.study.base, after))])

    @property
    def keys(self) -> list[Key]:
        """The variables and periods that the result is made of."""
        law = self.base_law
        rules = [law.variable(name) for measure in self.measures for name in measure.variables]
        codes = [law.variable(code) for rule in rules if (code := law.refusal_of(rule)) is not None]
        others = [] if self.is_budget else [rule for rule in (self.study.tax_rule, self.study.living_standard_rule) if rule is not None]
        return list(dict.fromkeys((rule.name, at) for rule in (*rules, *codes, *others) for at in periods_of(rule, self.study.period)))

    def readings(self, simulation: Simulation) -> Readings:
        """Return what the result rests on."""
        return readings(simulation, self.keys)

    def trial(self, reform: ReformParts, parts: frozenset[int]) -> tuple[Any, frozenset[int]]:
        """Return the results under the law with some parts of a reform, and the parts that matter to them (see analysis/shapley.py)."""
        simulation = self.simulation(reform.law(parts))
        return self.results(simulation), self.readings(simulation).parts(reform)
