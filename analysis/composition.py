"""What households are made of, as a population and the law in force tell it: persons, ages, couples, children, the groups that they are in.

It follows no reform. What one population says by persons another says by what tax households declare; here both become a column of households.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import groups
from analysis.measures import catalogue, periods_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from analysis.groups import Grouping
    from analysis.households import Households
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.simulation import Simulation
    from engine.traces import Key
    from engine.variables import Rule

    Floats = NDArray[np.float64]

ADULT_FROM = 14
OVERSEAS = "97"
ORDINARY = "ordinaire"
CHILDREN, SPOUSES = ("enfant", "personne_a_charge"), ("conjoint",)
FIRST_ADULT, OTHER_ADULT, CHILD = 1.0, 0.5, 0.3
"""The consumption units of the first adult, of others of 14 and more, and of children (the scale of Insee and Eurostat)."""


@dataclass(frozen=True, eq=False)
class Composition:
    """What households are made of. `inputs` are the population's, under the law in force, in `year`; what is computed for it is noted in `asked`.

    A part of a population may have no child, or lie in one department: `roles` are those that somebody has in households of the whole, and `varying` the
    variables, of those that say something of households, that are not the same for all. None of both: this is the whole.
    """

    inputs: Simulation
    households: Households
    year: Period
    asked: dict[Key, None]
    roles: frozenset[str] | None = None
    varying: frozenset[str] | None = None

    @property
    def law(self) -> Legislation:
        """The law in force."""
        return self.inputs.legislation

    def _described(self, what: str) -> tuple[Rule, NDArray[Any]] | None:
        """Return the first variable, of those that say something of households, whose values are not all the same; None where there is none."""
        for rule in catalogue().described_by(what, self.law):
            if self.varying is not None:
                if rule.name in self.varying and self.inputs.population.counts.get(rule.entity.key):
                    return rule, self._calculated(rule)
            elif self.inputs.population.counts.get(rule.entity.key):
                values = self._calculated(rule)
                if len(np.unique(np.asarray(values).astype(str) if values.dtype == object else np.asarray(values))) > 1:
                    return rule, values
        return None

    def _calculated(self, rule: Rule) -> NDArray[Any]:
        """Return a variable in force at the end of the year: its year, its last month, or for ever."""
        key = rule.name, periods_of(rule, self.year)[-1]
        self.asked[key] = None
        found: NDArray[Any] = self.inputs.clone().calculate(*key)
        return found

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
        found = self._described("annee_naissance")
        if found is None or found[0].entity.key != "individu":
            return None
        return np.where(found[1] > 0, self.year.start.year - found[1], -1).astype(np.int64)

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
        persons = self._members(CHILDREN)
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
        persons = self._members(SPOUSES) > 0
        if self._has_persons(persons, SPOUSES):
            return persons
        found = self._described("couple")
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
        return 0.0 if self._has_persons(self._members(CHILDREN), CHILDREN) else self.children

    def _members(self, keys: tuple[str, ...]) -> NDArray[np.int64]:
        """Return how many persons each household has in roles of some names."""
        roles = [place for place, role in enumerate(self.law.entities[self.households.unit].flattened_roles) if role.key in keys]
        return groups.members(self.households, roles, "individu")

    def _has_persons(self, found: NDArray[Any], roles: tuple[str, ...] = ()) -> bool:
        """Whether somebody has one of some roles, or any (none said): in these households, or in the population that they are a part of."""
        if self.roles is None:
            return bool(found.any())
        return bool(self.roles.intersection(roles) if roles else self.roles)

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

    # Groups

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
        return self.ordinary(found)

    def ordinary(self, found: Iterable[Grouping]) -> tuple[Grouping, ...]:
        """Return groupings without households that are not ordinary ones."""
        return tuple(replace(grouping, codes=np.where(self.is_ordinary, grouping.codes, -1)) for grouping in found if grouping.labels)

    def _read(self, what: str) -> tuple[NDArray[Any], NDArray[np.bool_]] | None:
        """Return each household's value of something that it belongs to, and where it has one; None where nothing says it."""
        described = self._described(what)
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
