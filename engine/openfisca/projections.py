"""Populations seen from another one, outside formulas: `simulation.person.household.first_adult("age", 2016)` has a value for each person.

In formulas the engine's own views do this (populations.py); here values are real, and a row that finds nobody gets 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.openfisca.rows import Population

Array = np.ndarray[Any, Any]

# What a population computes row by row, so that it can be read from another one
_READ_FROM_ELSEWHERE = frozenset(
    {
        "sum",
        "any",
        "all",
        "min",
        "max",
        "nb_persons",
        "value_nth_person",
        "value_from_person",
        "value_from_first_person",
        "empty_array",
        "filled_array",
        "has_role",
    }
)


@dataclass(frozen=True, eq=False)
class Projected:
    """A population as another one sees it: `rows` are its rows, -1 where there is none."""

    population: Population
    rows: Array

    def __call__(self, name: str, period: Any = None, options: Sequence[Any] | None = None) -> Array:
        """Return the values of a variable of the population, for each row that looks."""
        return taken(self.population(name, period, options), self.rows)

    def __getattr__(self, name: str) -> Any:
        """Return the next population on the way, or what the population computes for each of its rows."""
        further = projected(self.population, name)
        if further is not None:
            return Projected(further.population, np.where(self.rows >= 0, further.rows[np.maximum(self.rows, 0)], -1))
        if name not in _READ_FROM_ELSEWHERE:
            raise AttributeError(f"`{self.population.entity.key}`, seen from elsewhere, has no `{name}`.")
        method = getattr(self.population, name)
        return lambda *given, **named: taken(method(*given, **named), self.rows)


def projected(population: Population, name: str) -> Projected | None:
    """Return the population to which a name leads from another: a group, a group within which a group is, its first or its only member."""
    entity = population.entity
    group = population.populations.get(name)
    if group is not None and group is not population and not group.entity.is_person:
        if entity.is_person:
            return Projected(group, group.members_entity_id)
        if name in entity.belongs_to:
            first = population.link.holders(None)
            return Projected(group, np.where(first >= 0, group.members_entity_id[np.maximum(first, 0)], -1))
        return None
    if entity.is_person:
        return None
    if name == "first_person":
        return Projected(population.members, population.link.holders(None))
    number = next((number for number, role in enumerate(entity.flattened_roles) if role.key == name and role.is_unique), None)
    return None if number is None else Projected(population.members, population.link.holders((number,)))


def taken(values: Any, rows: Array) -> Array:
    """Return values by row; 0 where there is no row."""
    array = np.asarray(values)
    found = np.zeros(len(rows), dtype=array.dtype)
    found[rows >= 0] = array[rows[rows >= 0]]
    return EnumArray(found.view(np.ndarray), values.possible_values) if isinstance(values, EnumArray) else found
