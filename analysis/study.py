"""A population and a year, under any law: what each household pays and receives, and its living standard.

A study is made once for a population; each law that is asked of it costs one calculation. What does not depend on the reform (the law
in force, groups, bootstrap draws) is worked out the first time that it is needed and kept, so that a changed figure is answered in seconds.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import groups, levels
from analysis.bills import Bills
from analysis.composition import Composition
from analysis.effects import by_group
from analysis.households import Households, unit_of
from analysis.measures import catalogue, periods_of
from analysis.replicates import DEFAULT_REPLICATES, DEFAULT_SEED, Replicates, keys_of
from engine.errors import DataError
from engine.periods import period
from engine.population import Population
from engine.simulation import Simulation
from legislation import france

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from analysis.groups import Grouping
    from analysis.measures import Measure
    from engine.legislation import Legislation
    from engine.simulation import Progress
    from engine.traces import Key
    from engine.variables import Rule
    from population.columns import Columns

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """A law over households: yearly euros of each measure, the tax of each tax household, living standards; `refused` rows count as zero.

    `outside` are the weighted euros of rows that lie in no household, as second homes whose owner is not known: the budget counts them.
    """

    amounts: dict[str, Floats]
    tax: Floats | None
    living_standard: Floats | None
    refused: dict[str, int]
    outside: dict[str, float] = field(default_factory=dict)
    told: dict[tuple[str, int], Floats] = field(default_factory=dict, repr=False, compare=False)
    """What `analysis.levels` has worked out of it."""

    def net(self, measures: Iterable[Measure]) -> Floats | float:
        """Return each household's levies less its benefits."""
        return sum((self.amounts[measure.name] * (1 if measure.is_levy else -1) for measure in measures), start=np.float64(0.0))


class Study:
    """A population at a year. `weights` (one per household, in the order of rows) take the place of those of the tables; `name` is how it is told of."""

    def __init__(  # noqa: PLR0913 - each is a choice of its own, by name
        self,
        columns: Columns,
        year: int,
        *,
        law: Legislation | None = None,
        weights: ArrayLike | None = None,
        unit: str | None = None,
        replicates: int = DEFAULT_REPLICATES,
        seed: int = DEFAULT_SEED,
        name: str = "",
        threads: int | None = None,
    ) -> None:
        self.name = name
        self.law = france() if law is None else law
        self.year = year
        self.period = period(year)
        self.columns = columns
        self._inputs = Simulation(self.law, Population(columns.counts, columns.links), threads=threads)
        for (variable, when), given in sorted(columns.inputs.items(), key=lambda item: item[0][1].days if not item[0][1].is_eternal else 0):
            self._inputs.set_input(variable, when, given, copy=False)  # shorter periods first, as in population.results
        self.asked: dict[Key, None] = {}
        self._in_force: Simulation | None = None  # once the law in force is computed: reforms compute what they change
        self.households = Households(unit_of(columns.counts, unit, self.law), self._inputs.population)
        self.composition = Composition(self._inputs, self.households, self.period, self.asked)
        self.weights = self._weights(weights)
        self._wanted_replicates, self._seed = replicates, seed
        self._by_group: dict[tuple[str, int], Floats] = {}
        self.bills = Bills()

    def _weights(self, given: ArrayLike | None) -> Floats:
        unit, count = self.households.unit, self.households.count
        if given is not None:
            weights = np.asarray(given, dtype=np.float64)
            if weights.shape != (count,):
                raise DataError(f"{len(weights):,} weights were given; there are {count:,} rows of `{unit}`.")
            if not (np.isfinite(weights) & (weights >= 0)).all():
                raise DataError("A weight is negative or no number: expected how many households each row stands for.")
            return weights
        own = self.columns.weights_of(unit)
        if own is not None:
            return own
        for entity, weights in self.columns.weights.items():  # the weight of persons or tax households: that of the household's first
            rows = self.households.household_of(entity)
            if rows is not None:
                found = np.zeros(count)
                found[rows[rows >= 0][::-1]] = weights[rows >= 0][::-1]
                return found
        return np.ones(count)

    @cached_property
    def replicates(self) -> Replicates:
        """The sample and its bootstrap replicates."""
        return Replicates.of(self.weights, count=self._wanted_replicates, seed=self._seed, ids=self.columns.ids.get(self.households.unit))

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """A number for each household, made of its identifier: what its bootstrap draws follow."""
        return keys_of(self.columns.ids.get(self.households.unit), self.households.count)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of the law whose entity has rows in the population, in some household."""
        rows = self.households.household_of
        return tuple(measure for measure in catalogue().of_law(self.law) if rows(self.law.variable(measure.plus[0]).entity.key) is not None)

    # Calculating

    @cached_property
    def base(self) -> Outcome:
        """The law in force."""
        return self.outcome(self.law)

    @property
    def has_base(self) -> bool:
        """Whether the law in force is computed already."""
        return "base" in self.__dict__

    def watched_base(self, progress: Progress | None) -> Outcome:
        """Return the law in force; where it is computed now, `progress` is told of it, and may stop it by raising: nothing is kept then."""
        if not self.has_base:
            self.__dict__["base"] = self.outcome(self.law, progress)
        return self.base

    def with_replicates(self, count: int) -> Study:
        """Return the same study with so many bootstrap replicates; it shares all that does not depend on them."""
        if count == self._wanted_replicates:
            return self
        other = copy(self)
        other._wanted_replicates = count  # noqa: SLF001 - of its own class
        other.__dict__.pop("replicates", None)
        return other

    def as_part(self, roles: Iterable[str], varying: Iterable[str]) -> Study:
        """Take the study for a part of a population: a part may have no child, or lie in one department. Return it.

        In the whole population somebody has these `roles` in households, and these variables, of those that say something of households, are not
        the same for all.
        """
        self.composition = replace(self.composition, roles=frozenset(roles), varying=frozenset(varying))
        return self

    def under(self, law: Legislation) -> Simulation:
        """Return a simulation of the population under a law, which computes what the law in force has not; that one is kept."""
        simulation = self._inputs.under(law) if self._in_force is None else self._in_force.under(law)
        if law is self.law:
            self._in_force = simulation
        return simulation

    def outcome(
        self, law: Legislation, progress: Progress | None = None, *, simulation: Simulation | None = None, measures: tuple[Measure, ...] | None = None
    ) -> Outcome:
        """Return what a law, a reform of the study's own, gives.

        `simulation`: one of the law (`under`). `measures`: these alone, without the tax of tax households and living standards.
        """
        simulation = self.under(law) if simulation is None else simulation
        tax_rule, standard_rule = (self.tax_rule, self.living_standard_rule) if measures is None else (None, None)
        wanted = self.measures if measures is None else measures
        rules = {name: law.variable(name) for measure in wanted for name in measure.variables}
        refusals = {name: law.variable(code) for name, rule in rules.items() if (code := law.refusal_of(rule)) is not None}
        others = [rule for rule in (tax_rule, standard_rule) if rule is not None]
        keys = [(rule.name, when) for rule in (*rules.values(), *refusals.values(), *others) for when in periods_of(rule, self.period)]
        self.asked.update(dict.fromkeys(keys))
        values = simulation.calculate_all(dict.fromkeys(keys), progress)

        def yearly(rule: Rule) -> Floats:
            parts = [values[rule.name, when] for when in periods_of(rule, self.period)]
            total = np.asarray(parts[0], dtype=np.float64)
            for part in parts[1:]:
                total = total + part
            return total

        refused = {name: np.any([values[code.name, when] != 0 for when in periods_of(code, self.period)], axis=0) for name, code in refusals.items()}
        found = {measure.name: self._amount(measure, rules, yearly, refused) for measure in wanted}
        amounts = {name: inside for name, (inside, _) in found.items()}
        standard = None if standard_rule is None else yearly(standard_rule)
        if measures is not None:
            standard = None
        elif standard is None and law is self.law:
            standard = self._derived_living_standard(Outcome(amounts, None, None, {}))
        elif standard is None and self.base.living_standard is not None:
            change = self.base.net(self.measures) - Outcome(amounts, None, None, {}).net(self.measures)
            standard = self.base.living_standard + change / self.composition.consumption_units
        counts = {name: int(rows.sum()) for name, rows in refused.items() if rows.any()}
        outside = {name: beside for name, (_, beside) in found.items()}
        return Outcome(amounts, None if tax_rule is None else yearly(tax_rule), standard, counts, outside)

    def _amount(self, measure: Measure, rules: dict[str, Rule], yearly: Any, refused: dict[str, Any]) -> tuple[Floats, float]:
        """Return a measure's euros by household, and the weighted euros of the rows that lie in none."""
        total, outside = np.zeros(self.households.count), 0.0
        for name in measure.variables:
            values, entity = yearly(rules[name]), rules[name].entity.key
            values = np.where(refused[name], 0.0, values) if name in refused else values
            sign = -1.0 if name in measure.minus else 1.0
            added = self.households.added_up(values, entity)
            if added is not None:
                total = total + sign * added
                outside += sign * float(values @ self.weights_outside(entity))
        return total, outside

    def _derived_living_standard(self, outcome: Outcome) -> Floats | None:
        """Return living standards where the law has none: reference income less levies plus benefits, per consumption unit."""
        if self.composition.reference_income is None:
            return None
        return np.asarray((self.composition.reference_income - outcome.net(self.measures)) / self.composition.consumption_units, dtype=np.float64)

    def weights_outside(self, entity: str) -> Floats:
        """Return the weights of an entity's rows that lie in no household: their own, 1 where they have none; 0 for the others."""
        rows = self.households.household_of(entity)
        assert rows is not None
        own = self.columns.weights_of(entity)
        return np.where(rows < 0, 1.0 if own is None else own, 0.0)

    @cached_property
    def tax_rule(self) -> Rule | None:
        """The variable that says whether a tax household pays the income tax; None where the population has none."""
        known = catalogue().described_by("impot_du_foyer", self.law)
        return next((rule for rule in known if self._inputs.population.counts.get(rule.entity.key)), None)

    @cached_property
    def living_standard_rule(self) -> Rule | None:
        """The variable that says a household's living standard; None where the law has none or the population does not tell it."""
        known = catalogue().described_by("niveau_de_vie", self.law)
        return next((rule for rule in known if rule.entity.key == self.households.unit and self.households.household_of("individu") is not None), None)

    def inequality_of(self, outcome: Outcome) -> Floats:
        """Return the indicators of inequality by replicate; they stay with the outcome."""
        return levels.inequality_of(self, outcome)

    # By group

    @cached_property
    def groupings(self) -> tuple[Grouping, ...]:
        """The groups by which effects are told, those that the population can tell."""
        of, standard = self.composition, self.base.living_standard
        found = [groups.all_together(self.households.count)]
        if of.reference_income is not None:
            found.append(groups.by_decile(*groups.BY_INCOME, of.reference_income, self.weights * of.is_ordinary))
        if standard is not None:
            found.append(groups.by_decile(*groups.BY_STANDARD, standard, self.weights * of.persons * of.is_ordinary))
        return (*of.ordinary(found), *of.groupings_by_row)

    def households_of(self, grouping: Grouping) -> Floats:
        """Return the households of each group by replicate, (replicates + 1, groups); kept by the grouping's name."""
        key = (grouping.name, self._wanted_replicates)
        if key not in self._by_group:
            self._by_group[key] = by_group(self.replicates, grouping.codes, len(grouping.labels))
        return self._by_group[key]
