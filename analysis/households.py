"""The rows of any entity seen from the household: its amounts added up, or what it belongs to read.

A reform's effect is told for households of a dwelling (`menage`), or for tax households where a population has nothing else. Taxes are
due by tax households and bills, benefits by families, figures stand with persons and communes: all are brought to the household here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DataError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from engine.population import Population

    Rows = NDArray[np.int64]

NOBODY = -1


@dataclass(frozen=True)
class Households:
    """A population seen from the rows of one entity, `unit`."""

    unit: str
    population: Population
    _rows: dict[str, Rows | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def count(self) -> int:
        """How many households there are."""
        return self.population.counts[self.unit]

    def household_of(self, entity: str) -> Rows | None:
        """Return the household of each row of an entity (-1: none); None where nothing links them, or it has no rows.

        A row that has members lies in the household of the first of them, by their role: a tax household in that of its declarant.
        """
        if entity not in self._rows:
            self._rows[entity] = self._found(entity, frozenset())
        return self._rows[entity]

    def _found(self, entity: str, seen: frozenset[str]) -> Rows | None:
        if entity == self.unit:
            return np.arange(self.count, dtype=np.int64)
        links, counts = self.population.links, self.population.counts
        if not counts.get(entity):
            return None
        direct = links.get((entity, self.unit))
        if direct is not None and (direct.index >= 0).any():
            return direct.index
        seen = seen | {entity}
        for (member, group), link in links.items():
            if group == entity and member not in seen and counts[member] and (link.index >= 0).any():
                of_members = self._found(member, seen)
                if of_members is not None:
                    return _of_first_member(link.index, link.roles, of_members, counts[entity])
        for (member, group), link in links.items():
            if member == entity and group != self.unit and group not in seen and counts[group]:
                of_groups = self._found(group, seen)
                if of_groups is not None:
                    return np.where(link.index >= 0, of_groups[link.index], NOBODY)
        return None

    def added_up(self, values: NDArray[Any], entity: str) -> NDArray[np.float64] | None:
        """Return the sum of an entity's values over each household; None where they lie in none."""
        rows = self.household_of(entity)
        if rows is None:
            return None
        numbers = np.asarray(values, dtype=np.float64)
        if entity == self.unit:
            return numbers
        inside = rows >= 0
        return np.asarray(np.bincount(rows[inside], numbers[inside], self.count), dtype=np.float64)

    def read(self, values: NDArray[Any], entity: str) -> tuple[NDArray[Any], NDArray[np.bool_]] | None:
        """Return each household's value of something that it belongs to (its dwelling, its commune), and where it has one."""
        rows = self.above(entity)
        return None if rows is None else (values[rows], rows >= 0)

    def above(self, entity: str) -> Rows | None:
        """Return the row of an entity that each household belongs to (-1: none); None where it belongs to none."""
        return self._above(self.unit, entity)

    def _above(self, start: str, entity: str) -> Rows | None:
        if start == entity:
            return np.arange(self.population.counts[start], dtype=np.int64)
        for (member, group), link in self.population.links.items():
            if member == start and self.population.counts[group] and (link.index >= 0).any():
                further = self._above(group, entity)
                if further is not None:
                    return np.where(link.index >= 0, further[link.index], NOBODY)
        return None

    def left_out(self, entity: str) -> int:
        """Return how many rows of an entity lie in no household."""
        rows = self.household_of(entity)
        return self.population.counts.get(entity, 0) if rows is None else int((rows < 0).sum())


def _of_first_member(index: Rows, roles: NDArray[np.int16] | None, household: Rows, count: int) -> Rows:
    """Return the household of the member with the lowest role, for each of `count` groups."""
    members = np.flatnonzero((index >= 0) & (household >= 0))
    rank = np.zeros(len(index), np.int16) if roles is None else roles
    members = members[np.lexsort((members, rank[members], index[members]))][::-1]  # written last: the first of each group
    found = np.full(count, NOBODY, np.int64)
    found[index[members]] = household[members]
    return found


def unit_of(counts: Mapping[str, int], wanted: str | None, law: Legislation) -> str:
    """Return the entity that is told of as a household: the one wanted, else dwellings' households, else tax households, else what has rows.

    Raises DataError where the one wanted is no group of persons, as long as there are any: what is told of households is not true of persons.
    """
    filled = [entity for entity in law.entities if counts.get(entity)]
    if wanted is None:
        choices = [entity for entity in ("menage", "foyer_fiscal") if entity in filled]
        return choices[0] if choices else next(iter(filled), next(iter(law.entities)))
    have_members = {group for _, group in law.links}
    possible = [entity for entity in filled if any(group == entity and member not in have_members for member, group in law.links)] or filled
    if wanted not in possible:
        raise DataError(f"`{wanted}` is no household here: expected {' or '.join(possible)}.{nearest(wanted, possible)}")
    return wanted
