"""Measures lines on a population: what each row adds to a figure, and the figure itself.

Variables are those of the law, computed in one pass; a month's amounts are added up to the year, members' to their group, and a group's value
holds for its members. Two things of a household are no law: how many persons it has, and its type in the census.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.periods import ETERNITY, MONTH, period
from engine.population import Population
from engine.simulation import Simulation
from population.france.people import AUTRE, COMMUNAUTE, CONJOINT, COUPLE, COUPLE_ENFANTS, ENFANT, FEMME, FEMME_SEULE, HOMME_SEUL, MONOPARENTALE, REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from engine.periods import Period
    from population.columns import Columns
    from population.france.lines import Line

    Floats = NDArray[np.float64]

TYPES = {
    "homme_seul": HOMME_SEUL,
    "femme_seule": FEMME_SEULE,
    "autre_sans_famille": AUTRE,
    "couple_sans_enfant": COUPLE,
    "couple_avec_enfants": COUPLE_ENFANTS,
    "monoparentale": MONOPARENTALE,
    "hors_menages": COMMUNAUTE,
}
DESCRIBING = ("sexe", "categorie_menage")
DERIVED = ("type_menage", "personnes")


class Measures:
    """A population's values for one year, and the figures that lines ask of them."""

    def __init__(self, columns: Columns, legislation: Legislation, year: int, lines: Iterable[Line]) -> None:
        """Compute all that the lines ask for and the law has."""
        self.columns = columns
        self._law = legislation
        self._year = year
        names = dict.fromkeys(name for line in lines for name in line.variables if name in legislation.variables)
        self._values = calculated(columns, legislation, year, [*names, *DESCRIBING])
        self._on: dict[tuple[str, str], NDArray[Any]] = {}

    def knows(self, line: Line) -> bool:
        """Whether law and population have all that the line asks for."""
        return line.de in self.columns.counts and all(name in DERIVED or name in self._values for name in line.variables)

    def value(self, line: Line) -> float:
        """Return the figure that a line asks for: a sum over rows, or where it has a `rang`, something of the ranked rows."""
        weights = self.weights(line.de)
        if line.rang is None:
            return float(weights @ self.contributions(line))
        amounts = self._sum(line.de, line.somme, line.par)
        if line.rang == "quantile":
            return _quantile(amounts, weights, line.niveau)
        order = self._sum(line.de, line.selon.get("somme", line.somme), line.selon.get("par"))
        top = _share_in_top(order, weights, line.niveau)
        total = float(weights @ (amounts * top))
        return total / float(weights @ amounts) if line.rang == "part_du_haut" else total / float(weights @ top)

    def contributions(self, line: Line) -> Floats:
        """Return what one unit of each row's weight adds to the line's figure."""
        amounts = self._sum(line.de, line.somme, line.par)
        counted: Floats = {
            "euros": amounts,
            "positifs": (amounts > 0).astype(np.float64),
            "negatifs": (amounts < 0).astype(np.float64),
            "lignes": np.ones(len(amounts)),
        }[line.compte]
        if line.entre is not None:
            low, high = line.entre
            counted = counted * ((amounts > (-np.inf if low is None else low)) & (amounts <= (np.inf if high is None else high)))
        for name, wanted in line.si.items():
            counted = counted * self._is_one_of(name, line.de, wanted)
        return counted

    def weights(self, entity: str) -> Floats:
        """Return the weights of an entity's rows; 1 each where the population has none."""
        weights = self.columns.weights_of(entity)
        return np.ones(self.columns.counts[entity]) if weights is None else weights

    def _sum(self, entity: str, terms: Mapping[str, float], divisor: str | None) -> Floats:
        total = np.zeros(self.columns.counts[entity])
        for name, factor in terms.items():
            total += float(factor) * self._of(name, entity)
        return total if divisor is None else total / self._of(divisor, entity)

    def _is_one_of(self, name: str, entity: str, wanted: Sequence[Any]) -> NDArray[np.bool_]:
        values = self._of(name, entity)
        if name == "type_menage":
            return np.isin(values, [TYPES[one] for one in wanted])
        possible = self._law.variable(name).possible_values
        return np.isin(values, wanted if possible is None else [possible[one].index for one in wanted])

    def _of(self, name: str, entity: str) -> Floats:
        """Return a variable's values on the rows of an entity: its own, those of its members added up, or those of its group."""
        if (name, entity) not in self._on:
            owner = "menage" if name in DERIVED else self._law.variable(name).entity.key
            values = self._derived(name) if name in DERIVED else np.asarray(self._values[name], np.float64)
            self._on[name, entity] = self._moved(values, owner, entity)
        return self._on[name, entity]

    def _moved(self, values: Floats, owner: str, entity: str) -> Floats:
        links = self.columns.links
        if owner == entity:
            return values
        if (owner, entity) in links:
            rows = links[owner, entity][0]
            return np.bincount(rows[rows >= 0], weights=values[rows >= 0], minlength=self.columns.counts[entity]).astype(np.float64)
        if (entity, owner) in links:
            rows = links[entity, owner][0]
            return np.where(rows >= 0, values[rows], 0.0)
        # two groups of persons: what holds for the group that a person of the one belongs to in the other
        found = np.zeros(self.columns.counts[entity])
        found[links["individu", entity][0]] = values[links["individu", owner][0]]
        return found

    def _derived(self, name: str) -> Floats:
        household, role = self.columns.links["individu", "menage"]
        count = self.columns.counts["menage"]
        if name == "personnes":
            return np.bincount(household, minlength=count).astype(np.float64)
        return types_of_households(household, role, np.asarray(self._values["sexe"]), np.asarray(self._values["categorie_menage"]))


def types_of_households(household: NDArray[np.int64], role: Any, sex: NDArray[Any], kind: NDArray[Any]) -> Floats:
    """Return the census's type of each household, from the roles of its persons."""
    count = len(kind)

    def some(rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.bincount(household[rows], minlength=count) > 0

    couple, children, woman = some(role == CONJOINT), some(role == ENFANT), some((role == REFERENCE) & (sex == FEMME))
    alone = np.bincount(household, minlength=count) == 1
    choices = [kind != 0, couple & children, couple, children, alone & woman, alone]
    return np.select(choices, [COMMUNAUTE, COUPLE_ENFANTS, COUPLE, MONOPARENTALE, FEMME_SEULE, HOMME_SEUL], AUTRE).astype(np.float64)


def calculated(columns: Columns, law: Legislation, year: int, names: Iterable[str], periods: Mapping[str, Period] | None = None) -> dict[str, NDArray[Any]]:
    """Return variables of the law for a year, those of a month added up over it; `periods` says for some the one period wanted."""
    simulation = Simulation(law, Population(columns.counts, columns.links))
    for (name, when), given in sorted(columns.inputs.items(), key=lambda item: 0 if item[0][1].is_eternal else item[0][1].days):
        simulation.set_input(name, when, given, copy=False)
    asked = {name: [periods[name]] if periods and name in periods else _periods(law, name, year) for name in dict.fromkeys(names)}
    results = simulation.calculate_all([(name, when) for name, all_of_it in asked.items() for when in all_of_it])
    found: dict[str, NDArray[Any]] = {}
    for name, all_of_it in asked.items():
        first = np.asarray(results[name, all_of_it[0]])
        found[name] = first if len(all_of_it) == 1 else np.sum([results[name, when] for when in all_of_it], axis=0)
    return found


def _periods(law: Legislation, name: str, year: int) -> list[Period]:
    unit = law.variable(name).definition_period
    return period(year).get_subperiods(MONTH) if unit == MONTH else [period(ETERNITY) if unit == ETERNITY else period(year)]


def _quantile(amounts: Floats, weights: Floats, level: float) -> float:
    order = np.argsort(amounts, kind="stable")
    total = np.cumsum(weights[order])
    return float(amounts[order][np.searchsorted(total, level * total[-1])])


def _share_in_top(order_by: Floats, weights: Floats, level: float) -> Floats:
    """Return how much of each row stands in the top share: all, nothing, or a part of the one at its edge."""
    order = np.argsort(-order_by, kind="stable")
    before = np.cumsum(weights[order]) - weights[order]
    share = np.empty(len(weights))
    share[order] = np.clip((level * weights.sum() - before) / np.maximum(weights[order], 1e-300), 0.0, 1.0)
    return share
