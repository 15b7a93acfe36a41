"""Some households of a study, with all rows that belong to them: a sample, those at a threshold, a part that fits in memory, copies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.population import Population
from engine.simulation import Simulation

if TYPE_CHECKING:
    from analysis.study import Study
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.variables import Rule

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Rows = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class SomeHouseholds:
    """Some households of a population with all that belongs to them; `household` gives the household of each row of an entity (-1: none).

    `rows` are the places of its rows in the population of the study.
    """

    population: Population
    inputs: dict[tuple[Rule, Period], Any]
    household: dict[str, Rows]
    weights: Floats
    rows: dict[str, Rows]

    @classmethod
    def all_of(cls, study: Study) -> SomeHouseholds:
        """Return all households of a study."""
        inputs = {(study.law.variable(name), when): np.asarray(values) for (name, when), values in study.columns.inputs.items()}
        population = study.households.population
        rows = {entity: np.arange(count) for entity, count in population.counts.items()}
        return cls(population, inputs, _households_of(study), np.asarray(study.weights, dtype=np.float64), rows)

    @classmethod
    def of(cls, study: Study, sample: int | None, seed: int) -> SomeHouseholds:
        """Return a study's households, or a sample of them whose weights add up to all."""
        whole = cls.all_of(study)
        count = len(whole.weights)
        if sample is None or sample >= count:
            return whole
        weights, part = whole.weights, whole.taken(np.sort(np.random.default_rng(seed).choice(count, sample, replace=False)))
        return replace(part, weights=part.weights * (weights.sum() / part.weights.sum() if part.weights.any() else 1.0))

    def taken(self, chosen: Rows) -> SomeHouseholds:
        """Return some of the households, in this order, with the rows that they share and belong to (dwellings, communes)."""
        place = np.full(len(self.weights), -1)
        place[chosen] = np.arange(len(chosen))
        rows = {entity: np.flatnonzero((own >= 0) & (place[own] >= 0)) for entity, own in self.household.items()}
        return self._with_rows(rows, place, self.weights[chosen])

    @property
    def outside(self) -> SomeHouseholds | None:
        """What lies in no household, as second homes whose owner is not known; None where there is nothing."""
        rows = {entity: np.flatnonzero(own < 0) for entity, own in self.household.items()}
        if not any(len(each) for each in rows.values()):
            return None
        return self._with_rows(rows, np.full(len(self.weights), -1), np.zeros(0))

    def _with_rows(self, rows: dict[str, Rows], place: Rows, weights: Floats) -> SomeHouseholds:
        pending = [entity for entity in self.population.counts if entity not in rows]
        while pending:
            entity = next((each for each in pending if all(member in rows for member, group in self.population.links if group == each)), pending[0])
            pending.remove(entity)
            found = [link.index[rows[member]] for (member, group), link in self.population.links.items() if group == entity and member in rows]
            rows[entity] = np.unique(np.concatenate([np.zeros(0, np.int64), *(index[index >= 0] for index in found)]))
        links: dict[tuple[str, str], Any] = {}
        for (member, group), link in self.population.links.items():
            new = np.full(self.population.counts[group] + 1, -1)
            new[rows[group]] = np.arange(len(rows[group]))
            links[member, group] = (new[link.index[rows[member]]], None if link.roles is None else link.roles[rows[member]])
        inputs = {(rule, when): values[rows[rule.entity.key]] for (rule, when), values in self.inputs.items()}
        household = {entity: np.where(own[rows[entity]] >= 0, place[own[rows[entity]]], -1) for entity, own in self.household.items()}
        counts = {entity: len(rows[entity]) for entity in self.population.counts}
        return SomeHouseholds(Population(counts, links), inputs, household, weights, {entity: self.rows[entity][rows[entity]] for entity in rows})

    def repeated(self, households: Rows) -> SomeHouseholds:
        """Return copies of households, as often as each is named, in this order; rows that several share (communes) are shared still."""
        place, order = np.unique(households, return_inverse=True)
        rows: dict[str, Rows] = {}
        copy: dict[str, Rows] = {}
        for entity, own in self.household.items():
            by_household = np.argsort(own, kind="stable")
            starts = np.searchsorted(own[by_household], place)
            counts = np.searchsorted(own[by_household], place, side="right") - starts
            copy[entity] = np.repeat(np.arange(len(households)), counts[order])
            first = np.cumsum(counts[order]) - counts[order]
            rows[entity] = by_household[np.arange(len(copy[entity])) - np.repeat(first, counts[order]) + np.repeat(starts[order], counts[order])]
        for entity, count in self.population.counts.items():
            rows.setdefault(entity, np.arange(count))
        links: dict[tuple[str, str], Any] = {}
        for (member, group), link in self.population.links.items():
            index = link.index[rows[member]]
            if group in copy:
                index = _places(index, copy[member], rows[group], copy[group], self.population.counts[group]) if member in copy else np.full(len(index), -1)
            links[member, group] = (index, None if link.roles is None else link.roles[rows[member]])
        inputs = {(rule, when): values[rows[rule.entity.key]] for (rule, when), values in self.inputs.items()}
        counts_of = {entity: len(rows[entity]) for entity in self.population.counts}
        own_rows = {entity: self.rows[entity][rows[entity]] for entity in rows}
        return SomeHouseholds(Population(counts_of, links), inputs, copy, self.weights[households], own_rows)

    def simulation(self, law: Legislation) -> Simulation:
        """Return a simulation of these households under a law."""
        simulation = Simulation(law, self.population)
        for (rule, when), values in sorted(self.inputs.items(), key=lambda each: each[0][1].days if not each[0][1].is_eternal else 0):
            simulation.set_input(rule.name, when, values)
        return simulation


def _places(index: Rows, copy: Rows, rows: Rows, copies: Rows, count: int) -> Rows:
    """Return where, among the rows of a group's copies, each member's group stands: that of its own copy; -1 where it has none there."""
    keys = copies.astype(np.int64) * (count + 1) + rows
    order = np.argsort(keys, kind="stable")
    wanted = copy.astype(np.int64) * (count + 1) + np.where(index >= 0, index, count)
    found = np.minimum(np.searchsorted(keys[order], wanted), max(len(keys) - 1, 0))
    return np.where(keys[order][found] == wanted, order[found], -1) if len(keys) else np.full(len(index), -1)


def copies_of(own: Population, times: int) -> Population:
    """Return so many copies of a population, one after the other."""
    links: dict[tuple[str, str], Any] = {}
    for names, link in own.links.items():
        index = np.tile(link.index, times)
        rows = np.where(index >= 0, index + np.repeat(np.arange(times) * own.counts[names[1]], len(link.index)), index)
        links[names] = (rows, None if link.roles is None else np.tile(link.roles, times))
    return Population({key: count * times for key, count in own.counts.items()}, links)


def _households_of(study: Study) -> dict[str, Rows]:
    """Return the household of each row of the entities that lie in households; a commune lies in none, it is shared."""
    found = {}
    shared = _shared(study)
    for entity in study.households.population.counts:
        rows = study.households.household_of(entity) if entity not in shared else None
        if rows is not None:
            found[entity] = rows
    return found


def _shared(study: Study) -> set[str]:
    """Return the entities that stand above the households: several households may belong to one row."""
    links = study.households.population.links
    above, pending = set(), [study.households.unit]
    while pending:
        below = pending.pop()
        groups = [group for member, group in links if member == below and group not in above]
        above.update(groups)
        pending += groups
    return above
