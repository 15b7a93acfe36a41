"""What must be known of a whole population before any part is computed: a part may have no child, and must not be taken for a population without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from analysis.households import unit_of
from analysis.measures import catalogue
from analysis.replicates import keys_of
from analysis.streaming.task import Facts
from engine.errors import Problem, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.streaming.task import Task
    from engine.legislation import Legislation
    from population.partitions.parts import Part, Partitioned

PERSONS: Final = "individu"
_AT_ONCE: Final = 1 << 22  # identifiers compared at once: 32 MB of them


def prepared(task: Task, population: Partitioned) -> Task:
    """Return the task with what is known of a population. Raises DataError where the unit asked for is none, TableError for files that cannot be read."""
    return task if task.facts is not None else replace(task, facts=facts_of(population, task.laws()[0], task.unit))


def facts_of(population: Partitioned, law: Legislation, unit: str | None = None) -> Facts:
    """Return what is known of a population, from a few of its columns."""
    counts = {entity: sum(_rows(part.files[entity]) for part in population.parts) for entity in (*population.entities, *population.shared)}
    unit = unit_of(counts, unit, law)
    roles: dict[str, None] = {}
    first = next((role.key for role in law.entities[unit].flattened_roles), "")
    for part in population.parts:
        files = part.files
        if PERSONS in files and counts.get(PERSONS):
            said = _column(files[PERSONS], f"{unit}_role")
            roles.update(dict.fromkeys([first] if said is None else [str(role) for role in said.unique().to_pylist() if role is not None]))
    households = counts.get(unit, 0)
    return Facts(unit, tuple(sorted(roles)), tuple(_varying(population, law)), households, _are_unique(population.parts, unit, households))


def _varying(population: Partitioned, law: Legislation) -> Iterator[str]:
    """Give the variables that say something of households and are not the same for all; one that a formula says is taken to differ."""
    for rule in dict.fromkeys(rule for what in catalogue().descriptions for rule in catalogue().described_by(what, law)):
        file = population.parts[0].files.get(rule.entity.key)
        if file is None:
            continue
        columns = [name for name in parquet.read_schema(file).names if name.partition("@")[0] == rule.name]
        is_shared = rule.entity.key in population.shared
        parts = population.parts[:1] if is_shared else population.parts
        if any(_differs(parts, rule.entity.key, column) for column in columns) if columns else rule.formulas:
            yield rule.name


def _differs(parts: tuple[Part, ...], entity: str, column: str) -> bool:
    """Whether a column holds several values, in one part or in several."""
    values: set[Any] = set()
    for part in parts:
        found = _column(part.files[entity], column)
        values.update(() if found is None else found.unique().to_pylist())
        if len(values) > 1:
            return True
    return False


def _rows(file: Path) -> int:
    try:
        return int(parquet.read_metadata(file).num_rows)
    except (pa.ArrowException, OSError) as error:
        raise TableError([Problem(str(file), f"cannot be read as Parquet: {error}")]) from error


def _column(file: Path, name: str) -> Any:
    """Return a column of a file as one Arrow array; None where it has none of that name."""
    if name not in parquet.read_schema(file).names:
        return None
    found = parquet.read_table(file, columns=[name], use_threads=False)[name]
    return found.cast(pa.string()).combine_chunks() if pa.types.is_dictionary(found.type) else found.combine_chunks()


def _are_unique(parts: tuple[Part, ...], unit: str, count: int) -> bool:
    """Whether no identifier names households of two parts; those that no table has are made of the part's name."""
    passes = 1 + count // _AT_ONCE
    for number in range(passes):
        keys = [keys[keys % np.uint64(passes) == number] for keys in _keys(parts, unit)]
        every = np.sort(np.concatenate(keys)) if keys else np.zeros(0, np.uint64)
        if (every[1:] == every[:-1]).any():
            return False
    return True


def _keys(parts: tuple[Part, ...], unit: str) -> Iterator[NDArray[np.uint64]]:
    for part in parts:
        file = part.files.get(unit)
        ids = None if file is None else _column(Path(file), f"{unit}_id")
        if ids is not None:
            yield np.unique(keys_of(np.asarray(ids.cast(pa.string()).to_numpy(zero_copy_only=False)), len(ids)))
