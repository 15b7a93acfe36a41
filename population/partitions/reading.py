"""One part of a population as columns: what a machine computes at once, its rows named so that no other part has the same names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.periods import period
from population.france.schema import is_made, population_of
from population.tables import read_tables

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.periods import PeriodLike
    from population.columns import Columns
    from population.partitions.parts import Part


def read_part(part: Part, law: Legislation, at: PeriodLike) -> Columns:
    """Return the rows of a part, and all rows of the entities that parts share; of a population that Barème made, as `read_population` does.

    Raises TableError with all that is wrong.
    """
    if is_made(part.files, law):
        return named(population_of(part.files, law, period(at).start.year), part.name)
    return named(read_tables(part.files, law, at), part.name)


def named(columns: Columns, part: str, *, always: bool = False) -> Columns:
    """Return columns whose rows have identifiers: their own, else (or `always` before them) the part's name."""
    ids = {}
    for entity, count in columns.counts.items():
        own = columns.ids.get(entity)
        if own is None or always:
            texts = np.arange(count).astype(str) if own is None else own.astype(str)
            own = np.char.add(f"{part}/", texts).astype(object)
        ids[entity] = own
    return replace(columns, ids=ids)
