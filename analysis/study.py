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
from analysis.effects import by_group
from analysis.households import Households, unit_of
from analysis.measures import catalogue
from analysis.replicates import DEFAULT_REPLICATES, DEFAULT_SEED, Replicates, keys_of
from engine.errors import DataError
from engine.periods import ETERNITY, period
from engine.population import Population
from engine.simulation import Simulation
from legislation import france

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from analysis.groups import Grouping
    from analysis.measures import Measure
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.simulation import Progress
    from engine.traces import Key
    from engine.variables import Rule
    from population.columns import Columns

    Floats = NDArray[np.float64]

ADULT_FROM = 14
OVERSEAS = "97"
ORDINARY = "ordinaire"
CHILDREN, SPOUSES = ("enfant", "personne_a_charge"), ("conjoint",)
FIRST_ADULT, OTHER_ADULT, CHILD = 1.0, 0.5, 0.3
"""The consumption units of the first adult, of others of 14 and more, and of children (the scale of Insee and Eurostat)."""


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
        self._roles: frozenset[str] | None = None
        self._varying: frozenset[str] | None = None
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
        self._roles, self._varying = frozenset(roles), frozenset(varying)
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
            standard = self.base.living_standard + change / self.consumption_units
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

    def weights_outside(self, entity: str) -> Floats:
        """Return the weights of an entity's rows that lie in no household: their own, 1 where they have none; 0 for the others."""
        rows = self.households.household_of(entity)
        assert rows is not None
        own = self.columns.weights_of(entity)
        return np.where(rows < 0, 1.0 if own is None else own, 0.0)

    def described(self, what: str) -> tuple[Rule, NDArray[Any]] | None:
        """Return the first variable, of those that say something of households, whose values are not all the same; None where there is none."""
        for rule in catalogue().described_by(what, self.law):
            if self._varying is not None:
                if rule.name in self._varying and self._inputs.population.counts.get(rule.entity.key):
                    return rule, self._calculated(rule)
            elif self._inputs.population.counts.get(rule.entity.key):
                values = self._calculated(rule)
                if len(np.unique(np.asarray(values).astype(str) if values.dtype == object else np.asarray(values))) > 1:
                    return rule, values
        return None

    def _calculated(self, rule: Rule) -> NDArray[Any]:
        """Return a variable in force at the end of the year: its year, its last month, or for ever."""
        key = rule.name, periods_of(rule, self.period)[-1]
        self.asked[key] = None
        found: NDArray[Any] = self._inputs.under(self.law).calculate(*key)
        return found

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

    def households_of(self, grouping: Grouping) -> Floats:
        """Return the households of each group by replicate, (replicates + 1, groups); kept by the grouping's name."""
        key = (grouping.name, self._wanted_replicates)
        if key not in self._by_group:
            self._by_group[key] = by_group(self.replicates, grouping.codes, len(grouping.labels))
        return self._by_group[key]

    # Households

    @cached_property
    def reference_income(self) -> Floats | None:
        """Each household's revenu fiscal de référence, that of its tax households together; None where nothing says it."""
        rules = catalogue().described_by("revenu_fiscal", self.law)
        for rule in rules:
            if self.households.household_of(rule.entity.key) is not None:
                return self.households.added_up(self._calculated(rule), rule.entity.key)
        return None

    @cached_property
    def ages(self) -> NDArray[np.int64] | None:
        """The age of each person in the year, negative where the year of birth is not known."""
        found = self.described("annee_naissance")
        if found is None or found[0].entity.key != "individu":
            return None
        return np.where(found[1] > 0, self.year - found[1], -1).astype(np.int64)

    @cached_property
    def age_of_reference(self) -> NDArray[np.int64] | None:
        """The age of each household's first person, negative where it is not known."""
        first = None if self.ages is None else groups.first_of(self.households, (0,), self.ages, "individu")
        return None if first is None else np.where(first[1], first[0], -1)

    @cached_property
    def is_ordinary(self) -> NDArray[np.bool_]:
        """Whether a household is an ordinary one: communities and persons abroad count for the budget, not for groups and living standards."""
        for rule in catalogue().described_by("menage_ordinaire", self.law):
            if rule.entity.key == self.households.unit and rule.possible_values is not None:
                return np.asarray(self._calculated(rule) == rule.possible_values[ORDINARY], dtype=np.bool_)
        return np.ones(self.households.count, np.bool_)

    @cached_property
    def children(self) -> NDArray[Any]:
        """How many children or other dependants each household has: persons, or those that tax households declare."""
        roles = [place for place, role in enumerate(self.law.entities[self.households.unit].flattened_roles) if role.key in CHILDREN]
        persons = groups.members(self.households, roles, "individu")
        if self._has_persons(persons, CHILDREN):
            return persons
        declared = np.zeros(self.households.count)
        for rule in catalogue().described_by("charges", self.law):
            added = self.households.added_up(self._calculated(rule), rule.entity.key) if self.households.household_of(rule.entity.key) is not None else None
            declared = declared if added is None else declared + added
        return declared

    @cached_property
    def is_couple(self) -> NDArray[np.bool_]:
        """Whether a household's person of reference lives with a spouse or partner."""
        roles = [place for place, role in enumerate(self.law.entities[self.households.unit].flattened_roles) if role.key in SPOUSES]
        persons = groups.members(self.households, roles, "individu") > 0
        if self._has_persons(persons, SPOUSES):
            return persons
        found = self.described("couple")
        added = None if found is None else self.households.added_up(found[1], found[0].entity.key)
        return persons if added is None else added > 0

    @cached_property
    def persons(self) -> Floats:
        """How many persons each household has: those of the table, and children that are only declared."""
        everybody = groups.members(self.households, range(64), "individu")
        if not self._has_persons(everybody):
            return np.asarray(1.0 + self.is_couple + self.children, dtype=np.float64)
        return np.asarray(np.maximum(everybody + self._undeclared_as_persons, 1.0))

    @property
    def _undeclared_as_persons(self) -> Floats | float:
        roles = [place for place, role in enumerate(self.law.entities[self.households.unit].flattened_roles) if role.key in CHILDREN]
        return 0.0 if self._has_persons(groups.members(self.households, roles, "individu"), CHILDREN) else self.children

    def _has_persons(self, found: NDArray[Any], roles: tuple[str, ...] = ()) -> bool:
        """Whether somebody has one of some roles, or any (none said): in these households, or in the population that they are a part of."""
        if self._roles is None:
            return bool(found.any())
        return bool(self._roles.intersection(roles) if roles else self._roles)

    @cached_property
    def consumption_units(self) -> Floats:
        """The consumption units of each household: 1 for the first adult, 0.5 for others of 14 and more, 0.3 for children."""
        link = self.households.population.links.get(("individu", self.households.unit))
        if link is None or not len(link.index) or self.ages is None:
            return np.asarray(FIRST_ADULT + OTHER_ADULT * self.is_couple + CHILD * self.children, dtype=np.float64)
        inside = link.index >= 0
        is_child = (self.ages >= 0) & (self.ages < ADULT_FROM)
        young = np.bincount(link.index[inside], is_child[inside], self.households.count)
        others = np.maximum(groups.members(self.households, range(64), "individu") - young - 1, 0)
        return np.asarray(FIRST_ADULT + OTHER_ADULT * others + CHILD * young + CHILD * self._undeclared_as_persons, dtype=np.float64)

    def _derived_living_standard(self, outcome: Outcome) -> Floats | None:
        """Return living standards where the law has none: reference income less levies plus benefits, per consumption unit."""
        if self.reference_income is None:
            return None
        return np.asarray((self.reference_income - outcome.net(self.measures)) / self.consumption_units, dtype=np.float64)

    # Groups

    @cached_property
    def groupings(self) -> tuple[Grouping, ...]:
        """The groups by which effects are told, those that the population can tell."""
        found = [groups.all_together(self.households.count)]
        if self.reference_income is not None:
            found.append(groups.by_decile(*groups.BY_INCOME, self.reference_income, self.weights * self.is_ordinary))
        standard = self.base.living_standard
        if standard is not None:
            found.append(groups.by_decile(*groups.BY_STANDARD, standard, self.weights * self.persons * self.is_ordinary))
        return (*self._ordinary(found), *self.groupings_by_row)

    @cached_property
    def groupings_by_row(self) -> tuple[Grouping, ...]:
        """The groups that each household's own row tells, whoever the others are."""
        found: list[Grouping] = []
        found.append(groups.by_family(self.is_couple, self.children))
        if self.age_of_reference is not None:
            found.append(groups.by_age(self.age_of_reference))
        for name, title, what, labels in (
            ("statuts_occupation", "Statut d'occupation du logement", "statut_occupation", {}),
            ("departements", "Département", "departement", groups.department_names()),
        ):
            read = self._departments() if what == "departement" else self._read(what)
            if read is not None:
                found.append(groups.by_text(name, title, *read, labels))
        return self._ordinary(found)

    def _ordinary(self, found: Iterable[Grouping]) -> tuple[Grouping, ...]:
        """Return groupings without households that are not ordinary ones."""
        return tuple(replace(grouping, codes=np.where(self.is_ordinary, grouping.codes, -1)) for grouping in found if grouping.labels)

    def _read(self, what: str) -> tuple[NDArray[Any], NDArray[np.bool_]] | None:
        """Return each household's value of something that it belongs to, and where it has one; None where nothing says it."""
        described = self.described(what)
        return None if described is None else self.households.read(described[1], described[0].entity.key)

    def _departments(self) -> tuple[NDArray[Any], NDArray[np.bool_]] | None:
        """Return households' departments; overseas, where all communes have the number 97, the first digit of the commune's code tells which."""
        found, communes = self._read("departement"), self._read("code_commune")
        if found is None or communes is None:
            return found
        departments, codes = found[0].astype(str), communes[0].astype(str)
        overseas = (departments == OVERSEAS) & communes[1] & (np.char.str_len(codes) == len(OVERSEAS) + 1)
        return np.where(overseas, np.char.add(OVERSEAS, codes.astype("U1")), departments).astype(object), found[1]

    @cached_property
    def everybody(self) -> Grouping:
        """Ordinary households and others, as groups that add up to all."""
        labels = ("Ménages ordinaires", "Autres ménages") if not self.is_ordinary.all() else ("Ménages ordinaires",)
        return groups.Grouping("tous", "Tous les ménages", labels, np.where(self.is_ordinary, 0, 1))


def periods_of(rule: Rule, year: Period) -> list[Period]:
    """Return the periods of a variable within a year."""
    return [period(ETERNITY)] if rule.definition_period == ETERNITY else year.get_subperiods(rule.definition_period)
