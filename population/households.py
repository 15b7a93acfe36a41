"""Reference households of the income tax as a population: each row of a file is a tax household of three persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.periods import period
from engine.population import Population
from engine.simulation import Simulation
from legislation.impot_revenu.conformite import PERSONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from legislation.impot_revenu.conformite import Calculator

PERSON, HOUSEHOLD = "individu", "foyer_fiscal"


def engine_calculator(law: Legislation, *, threads: int | None = None) -> Calculator:
    """Return what `legislation.impot_revenu.conformite.check` asks for: the households of one year, calculated by the engine."""

    def calculate(year: int, columns: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> Mapping[str, NDArray[Any]]:
        rows = len(next(iter(columns[HOUSEHOLD].values())))
        simulation = Simulation(law, _population(law, rows), threads=threads)
        for of_entity in columns.values():
            for name, column in of_entity.items():
                simulation.set_input(name, period(year), _typed(law, name, column))
        results = simulation.calculate_all([(name, period(year)) for name in names])
        return {name: results[name, period(year)] for name in names}

    return calculate


def _typed(law: Legislation, name: str, column: NDArray[Any]) -> NDArray[Any]:
    wanted = law.variables[name].value_type
    return column != 0 if wanted is bool else column.astype(np.int64) if wanted is int else column


def _population(law: Legislation, rows: int) -> Population:
    """Return as many households (and bills, dwellings, communes) as there are rows, and three persons a household, in the order of its roles."""
    each = np.arange(rows, dtype=np.int64)
    counts = {key: rows * PERSONS if key == PERSON else rows for key in law.entities}
    of_persons = (np.repeat(each, PERSONS), np.tile(np.arange(PERSONS, dtype=np.int16), rows))
    links: dict[tuple[str, str], Any] = {}
    for member, group in law.links:
        links[member, group] = of_persons if member == PERSON else (each, np.zeros(rows, dtype=np.int16) if law.entities[group].flattened_roles else None)
    return Population(counts, links)
