"""Reference vectors as a population: each row of a vector file is a bill with its dwelling, its commune and three tax households."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.periods import period
from engine.population import Population
from engine.simulation import Simulation
from legislation.entites import Cote, FoyerFiscal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from legislation.taxe_habitation.colonnes import Module
    from legislation.taxe_habitation.conformite import Calculator

HOUSEHOLDS = len(Cote.flattened_roles)
ILIAD = "iliad"
PERSON = "individu"
"""Persons of tax households, of whom this tax knows nothing."""
SWITCH = "taxe_habitation.variante_iliad"


def engine_calculator(law: Legislation, *, threads: int | None = None, block_rows: int | None = None) -> Calculator:
    """Return what `legislation.taxe_habitation.conformite.check` asks for: the rows of one tax year, calculated by the engine."""
    laws = {"default": law, ILIAD: law.with_parameters(law.parameters.updated(SWITCH, start="2014-01-01", value=True))}

    def calculate(module: Module, year: int, variant: str, columns: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> Mapping[str, NDArray[Any]]:
        del module
        simulation = Simulation(laws[variant], _population(law, columns), threads=threads, block_rows=block_rows)
        for of_entity in columns.values():
            for name, column in of_entity.items():
                simulation.set_input(name, period(year), column)
        results = simulation.calculate_all([(name, period(year)) for name in names])
        return {name: results[name, period(year)] for name in names}

    return calculate


def _population(law: Legislation, columns: Mapping[str, Mapping[str, Any]]) -> Population:
    """Return as many bills, dwellings and communes as there are rows, and three tax households a bill, in the order of its roles."""
    lengths = {entity: len(next(iter(of_entity.values()))) for entity, of_entity in columns.items() if of_entity}
    cases = max(length // HOUSEHOLDS if entity == FoyerFiscal.key else length for entity, length in lengths.items())
    rows = np.arange(cases, dtype=np.int64)
    counts = {key: cases * HOUSEHOLDS if key == FoyerFiscal.key else 0 if key == PERSON else cases for key in law.entities}
    of_households = (np.repeat(rows, HOUSEHOLDS), np.tile(np.arange(HOUSEHOLDS, dtype=np.int16), cases))
    nobody = (np.empty(0, np.int64), np.empty(0, np.int16))
    links = {(member, group): of_households if member == FoyerFiscal.key else nobody if member == PERSON else (rows, None) for member, group in law.links}
    return Population(counts, links)
