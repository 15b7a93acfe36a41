"""A large invented France, made part by part: copies of one calibrated population, each with incomes of its own.

A population of a hundred thousand households is calibrated on official totals; ten million are a hundred copies of it. The weight of each household is
shared out among its copies, so that totals of persons, dwellings and tax households stay what they were calibrated to. Copies come in pairs:
where a household of one has incomes higher by some percent, that of the other has them lower by as much, so that totals of income stay too (but
for rounding to euros). A copy tells nothing new about France: what is rare in the base is as rare in the copies, and sampling errors computed over
copies are far too small. It serves to measure what a population of that size costs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from engine.errors import DataError
from engine.graph.blocks import components
from engine.population import Population
from population.france.files import ABOUT, arrow_of
from population.france.tables import WEIGHT
from population.partitions.manifest import write_manifest, written
from population.partitions.parts import ENDING, partitioned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from population.france.tables import Tables
    from population.partitions.parts import Partitioned

    Rows = NDArray[np.int64]

UNIT: Final = "menage"
SHARED: Final = "commune"
NOISY: Final = ("individu", "foyer_fiscal")
CURRENCY: Final = "currency"
SPREAD: Final = 0.05
"""Incomes of a copy differ from those of the base by up to so much."""
_LEVEL: Final = 3


def make_parts(
    base: Tables, output: Path, law: Legislation, households: int, parts: int, about: Mapping[str, Any], say: Callable[[str], None] = print
) -> Partitioned:
    """Write a population of so many households in so many parts, and return it. Raises DataError for numbers that do not fit.

    Memory is that of the base and of one part. Identifiers count through all parts: none names two rows of an entity.
    """
    copies = Copies.of_base(base, law, households, int(about.get("seed", 0)))
    if not 0 < parts <= households:
        raise DataError(f"{parts} parts of {households:,} households: expected at least one, and no more than there are households.")
    output.mkdir(parents=True, exist_ok=True)
    _write(output / f"{SHARED}{ENDING}", base[SHARED], law, {"table": SHARED, **about})
    rows: dict[str, dict[str, int]] = {"": {SHARED: len(base[SHARED][f"{SHARED}_id"])}}
    for entity in copies.rows:
        (output / entity).mkdir(exist_ok=True)
    for number in range(parts):
        name = f"part-{number:05}"
        tables = copies.part(number * households // parts, (number + 1) * households // parts)
        for entity, table in tables.items():
            _write(output / entity / f"{name}{ENDING}", table, law, {"table": entity, **about})
        rows[name] = {entity: len(table[f"{entity}_id"]) for entity, table in tables.items()}
        if (number + 1) % max(1, parts // 20) == 0:
            say(f"{name}: {(number + 1) * households // parts:,} households of {households:,}")
    found = partitioned(output, law.entities)
    write_manifest(found, {**about, "households": households, "what": "copies of one calibrated population, weights shared out among them"}, rows)
    return found


@dataclass(frozen=True)
class Copies:
    """A base whose households are copied.

    By entity, `household` says with which household of the base each row goes, `rows` are the rows in that order, `starts` where each household's begin.
    """

    base: Tables
    law: Legislation
    households: int
    seed: int
    rows: Mapping[str, Rows]
    starts: Mapping[str, Rows]
    household: Mapping[str, Rows]

    @classmethod
    def of_base(cls, base: Tables, law: Legislation, households: int, seed: int) -> Copies:
        """Return the copies of a base. Raises DataError for fewer households than it has."""
        count = len(base[UNIT][f"{UNIT}_id"])
        if households < count:
            raise DataError(f"{households:,} households are fewer than the {count:,} of the base: expected so many or more.")
        household = _households_of(base, count)
        rows = {entity: np.argsort(of_rows, kind="stable") for entity, of_rows in household.items()}
        starts = {entity: np.searchsorted(household[entity][rows[entity]], np.arange(count + 1)) for entity in household}
        return cls(base, law, households, seed, rows, starts, household)

    def part(self, first: int, last: int) -> Tables:
        """Return the tables of the households from `first` to before `last`, counted through all copies."""
        count = len(self.starts[UNIT]) - 1
        pieces = []
        while first < last:
            copy, start = divmod(first, count)
            end = min(count, start + last - first)
            pieces.append(self._piece(copy, start, end))
            first += end - start
        return {entity: {name: np.concatenate([piece[entity][name] for piece in pieces]) for name in pieces[0][entity]} for entity in pieces[0]}

    def _piece(self, copy: int, start: int, end: int) -> Tables:
        factors = self._factors(copy)
        copies = np.full(end - start, self.households // (len(self.starts[UNIT]) - 1))
        copies += np.arange(start, end) < self.households % (len(self.starts[UNIT]) - 1)
        found: Tables = {}
        for entity, order in self.rows.items():
            rows = order[self.starts[entity][start] : self.starts[entity][end]]
            of = self.household[entity][rows]
            found[entity] = {
                name: self._column(entity, name, values[rows], copy, factors[of], copies[of - start]) for name, values in self.base[entity].items()
            }
        return found

    def _column(self, entity: str, name: str, values: NDArray[Any], copy: int, factors: NDArray[np.float64], copies: Rows) -> NDArray[Any]:
        if name == WEIGHT:
            return np.asarray(values / copies)
        group = name.removesuffix("_id")
        if name.endswith("_id"):
            return values if group not in self.rows else np.asarray(values.astype(np.int64) + copy * len(self.household[group]))
        if name.endswith("_role") or entity not in NOISY or self.law.variable(name.partition("@")[0]).unit != CURRENCY:
            return values
        return np.asarray(np.round(values * factors))

    def _factors(self, copy: int) -> NDArray[np.float64]:
        """Return by how much each household's incomes of a copy differ: those of two copies of a pair have a mean of one."""
        count = len(self.starts[UNIT]) - 1
        if copy % 2 == 0 and (copy + 1) * count >= self.households:
            return np.ones(count)  # the last one has no other
        drawn = np.random.default_rng([self.seed, copy // 2]).uniform(-SPREAD, SPREAD, count)
        return np.asarray(1 + drawn if copy % 2 == 0 else 1 - drawn)


def _households_of(base: Tables, count: int) -> dict[str, Rows]:
    """Return the household with which each row of each entity goes; rows linked to none are spread over all."""
    counts = {entity: len(table[f"{entity}_id"]) for entity, table in base.items() if entity != SHARED}
    links = {
        (entity, name.removesuffix("_id")): values.astype(np.int64)
        for entity, table in base.items()
        for name, values in table.items()
        if name.endswith("_id") and name.removesuffix("_id") in counts and name != f"{entity}_id"
    }
    labels = components(counts, list(Population(counts, links).links.values()))
    first = {int(label): row for row, label in reversed(list(enumerate(_labels(labels[UNIT], count).tolist())))}
    names = np.array(sorted(first))
    rows = np.array([first[name] for name in names.tolist()])
    found = {}
    for entity, size in counts.items():
        own = _labels(labels[entity], size)
        place = np.minimum(np.searchsorted(names, own), len(names) - 1)
        alone = names[place] != own
        found[entity] = np.where(alone, 0, rows[place])
        found[entity][alone] = own[alone] % count
    return found


def _labels(labels: NDArray[Any] | None, count: int) -> Rows:
    return np.arange(count) if labels is None else np.asarray(labels, np.int64)


def _write(file: Path, table: Mapping[str, NDArray[Any]], law: Legislation, about: Mapping[str, Any]) -> None:
    arrays = {name: _arrow(law, name, values) for name, values in table.items()}
    whole = pa.table(arrays).replace_schema_metadata({ABOUT: json.dumps(about, ensure_ascii=False)})
    few = [name for name, array in arrays.items() if pa.types.is_dictionary(array.type)]
    written(file, lambda path: parquet.write_table(whole, path, compression="zstd", compression_level=_LEVEL, use_dictionary=few, write_statistics=False))


def _arrow(law: Legislation, name: str, values: NDArray[Any]) -> pa.Array:
    """Return a column as files of parts keep it: weights as they are, so that those of copies add up; identifiers that count through all parts."""
    if name == WEIGHT:
        return pa.array(values)
    return pa.array(values.astype(np.int64)) if name.endswith("_id") else arrow_of(law, name, values)
