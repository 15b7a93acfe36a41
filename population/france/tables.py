"""The invented France as tables: one per entity, whose columns are variables of the law, identifiers, roles and weights.

In memory a table is a mapping from column to array; enumerations are numbers, the places of their members. An amount that months differ in has a
column for each (`salaire_brut@2022-01`). `columns_of` makes of the tables
what a simulation reads, for any year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from engine.periods import ETERNITY, period
from population.columns import Columns
from population.france.ageing import growth, growth_of_weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from engine.legislation import Legislation

Table: TypeAlias = "dict[str, NDArray[Any]]"
Tables: TypeAlias = "dict[str, Table]"

WEIGHT = "weight"
# The law's contributions and income tax have figures from incomes of this year on: amounts of earlier years would be asked for what it cannot say.
FIGURES_FROM = 2017


def columns_of(
    tables: Mapping[str, Mapping[str, NDArray[Any]]], legislation: Legislation, year: int, *, made_for: int | None = None, before: int = 0
) -> Columns:
    """Return the tables as a population of the law. Identifiers are the rows' places.

    Inputs are those of `year`, and of as many years `before` (from 2017 on): incomes by their inflators from the year that the tables were `made_for`.
    """
    start = year if made_for is None else made_for
    grown = growth_of_weights(start, year)
    first = min(year, max(FIGURES_FROM, year - before))
    counts = {entity: len(table[f"{entity}_id"]) for entity, table in tables.items()}
    links: dict[tuple[str, str], tuple[NDArray[np.int64], NDArray[np.int16] | None]] = {}
    inputs: dict[Any, NDArray[Any]] = {}
    for entity, table in tables.items():
        for name, values in table.items():
            if name in {WEIGHT, f"{entity}_id"} or name.endswith("_role"):
                continue
            group, (variable, _, month) = name.removesuffix("_id"), name.partition("@")
            if name.endswith("_id") and group in tables:
                roles = table.get(f"{group}_role")
                links[entity, group] = (values.astype(np.int64), None if roles is None else roles.astype(np.int16))
            elif legislation.variable(variable).definition_period == ETERNITY:
                inputs[variable, period(ETERNITY)] = _typed(legislation, variable, values)
            else:
                for one in range(first, year + 1):
                    when = period(f"{one}{month[4:]}") if month else period(one)
                    inputs[variable, when] = _typed(legislation, variable, aged(variable, values, start, one))
    weights = {entity: np.asarray(table[WEIGHT], np.float64) * grown for entity, table in tables.items() if WEIGHT in table}
    return Columns(counts, links, inputs, weights)


def aged(name: str, values: NDArray[Any], start: int, end: int) -> NDArray[Any]:
    """Return a column of one year for another: amounts grow, persons are of the same age. Unchanged where nothing changes."""
    if start == end:
        return values
    if name == "annee_naissance":
        return values + (end - start)
    factor = growth(name, start, end)
    return values if factor == 1 else np.round(values * factor)


def _typed(legislation: Legislation, name: str, values: NDArray[Any]) -> NDArray[Any]:
    rule = legislation.variable(name)
    if rule.possible_values is not None:
        return rule.possible_values.encode(values.astype(np.int64) if values.dtype.kind in "iu" else values)
    if rule.value_type is str:
        return values.astype(object)
    return values.astype({bool: np.bool_, int: np.int64, float: np.float64}[rule.value_type])


def taken_to(tables: Tables, start: int, end: int) -> Tables:
    """Return the tables of one year for another: incomes by their inflators, weights by the number of tax households."""
    if start == end:
        return tables
    grown = growth_of_weights(start, end)
    taken: Tables = {}
    for entity, table in tables.items():
        taken[entity] = {}
        for name, values in table.items():
            variable, at, month = name.partition("@")
            taken[entity][f"{variable}@{end}{month[4:]}" if at else name] = values * grown if name == WEIGHT else aged(variable, values, start, end)
    return taken
