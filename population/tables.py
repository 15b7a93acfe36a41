"""Users' tables, read into the columns of a population: one table per entity, or one flat table whose rows are cases of their own.

Everything that is wrong is found before anything is given back: unknown columns, cells that do not fit, rows linked to nothing.
The caller gets a population that the law can take, or a TableError that names every place.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import DataError, Problem, nearest
from engine.periods import period as as_period
from population.assembly import Assembly, own_ids, roles_of
from population.checked import Problems, read_table
from population.columns import Columns
from population.files import FORMATS
from population.layout import Layout, Weight

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from engine.entities import Entity
    from engine.legislation import Legislation
    from engine.periods import PeriodLike

CASES_OF_THEIR_OWN = " The rows of a flat table are cases of their own: for rows that share one, give a table per entity."


def read_flat_table(path: str | PathLike[str], legislation: Legislation, period: PeriodLike) -> Columns:
    """Read one table in which each row is its own case: every entity has as many rows, each linked to its own.

    Columns are variables of any entity, at `period` unless their name says another (`salaire@2017-01`); `weight` holds for
    every entity. A row plays the first role of a group, unless a column `<group>_role` says another.
    Raises TableError with every problem found.
    """
    problems = Problems()
    entities = legislation.entities
    links = _links(legislation)
    path = Path(path)
    table = read_table(path, None, Layout(legislation, as_period(period), links), problems)
    if table is None:
        raise problems.error()
    if not table.rows.count:
        problems.add(Problem(path.name, "the table has no rows that can be read"))
    ids = {key: own_ids(table, entity, problems, CASES_OF_THEIR_OWN) for key, entity in entities.items()}
    problems.raise_if_any()
    count = table.rows.count
    rows = np.arange(count, dtype=np.int64)
    weight = table.values.get(Weight())
    return Columns(
        counts=dict.fromkeys(entities, count),
        links={(member.key, group.key): (rows, roles_of(table, group, count)) for member, group in links},
        inputs=table.inputs(),
        weights={} if weight is None else dict.fromkeys(entities, weight),
        ids={key: values.to_numpy(zero_copy_only=False) for key, values in ids.items() if values is not None},
    )


def read_tables(paths: Mapping[str, str | PathLike[str]], legislation: Legislation, period: PeriodLike) -> Columns:
    """Read one table per entity, linked by columns `<group>_id` and `<group>_role`.

    A group without a table has a row for each distinct `<group>_id` of its members, or one for each member where they have no
    such column. An entity that nothing speaks of has no rows. Raises TableError with every problem found.
    """
    problems = Problems()
    entities = legislation.entities
    for key in paths:
        if key not in entities:
            problems.add(Problem(str(paths[key]), f"there is no entity `{key}`: expected one of {', '.join(entities)}.{nearest(key, entities)}"))
    links = _links(legislation)
    layout = Layout(legislation, as_period(period), links)
    tables = {key: read_table(Path(path), entities[key], layout, problems) for key, path in paths.items() if key in entities}
    read = {key: table for key, table in tables.items() if table is not None}
    if len(read) < len(paths):
        problems.raise_if_any()
    return Assembly(read, entities, links, problems).columns()


def tables_in(folder: Path, law: Legislation) -> dict[str, Path]:
    """Return the tables of a folder by entity: files named after entities, in any format that is read. Raises DataError where there are none."""
    found: dict[str, Path] = {}
    others = []
    for path in sorted(folder.iterdir()):
        entity, _, endings = path.name.partition(".")
        if not path.is_file() or not any(f".{ending}" in FORMATS for ending in endings.split(".")):
            continue
        if entity not in law.entities:
            others.append(path.name)
        elif entity in found:
            raise DataError(f"{folder}: `{entity}` has two tables, {found[entity].name} and {path.name}: expected one.")
        else:
            found[entity] = path
    if not found:
        near = nearest(others[0].partition(".")[0], law.entities) if others else ""
        raise DataError(f"{folder}: there is no table of an entity: expected files as {next(iter(law.entities))}.parquet.{near}")
    return found


def _links(legislation: Legislation) -> list[tuple[Entity, Entity]]:
    return [(legislation.entities[member], legislation.entities[group]) for member, group in legislation.links]
