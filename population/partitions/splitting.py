"""Whole tables cut into parts: households, and all that is linked to them, go into one part; few rows that all need are shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from engine.errors import DataError
from engine.graph.blocks import components
from engine.population import Population
from population.partitions.cutting import places
from population.partitions.manifest import write_manifest, written
from population.partitions.parts import ENDING, partitioned
from population.tables import read_tables, tables_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.graph.relations import Link
    from engine.legislation import Legislation
    from population.columns import Columns
    from population.partitions.parts import Partitioned


def split(
    folder: Path, output: Path, law: Legislation, parts: int, *, year: int = 2022, unit: str | None = None, say: Callable[[str], None] = print
) -> Partitioned:
    """Cut the Parquet tables of a folder into parts, and return them. The tables are read whole, once; columns stay as they are.

    Raises DataError where links join more households than a part takes, naming the entity, or where there are fewer households than parts.
    """
    files = tables_in(folder, law)
    others = [file.name for file in files.values() if file.suffix != ENDING]
    if others:
        raise DataError(f"{folder}: {', '.join(others)} are no Parquet files: expected one for each entity.")
    columns = read_tables(files, law, year)
    told = unit or next((entity for entity in ("menage", "foyer_fiscal") if columns.counts.get(entity)), next(iter(files)))
    if not 0 < parts <= columns.counts.get(told, 0):
        raise DataError(f"There are {columns.counts.get(told, 0):,} rows of `{told}`: expected so many parts or fewer, and at least one.")
    most = -(-columns.counts[told] // parts)
    links = Population(columns.counts, columns.links).links
    shared = shared_entities(columns, links, law, told, most)
    say(f"Shared by all parts: {', '.join(sorted(shared)) or 'nothing'}.")
    pieces = places({entity: count for entity, count in columns.counts.items() if entity in files}, _of(links, files), shared, told, most)
    rows = _write(files, pieces, shared, output)
    found = partitioned(output, law.entities)
    write_manifest(found, {"year": year, "households": told}, rows)
    return found


def _of(links: Mapping[tuple[str, str], Link], files: Collection[str]) -> dict[tuple[str, str], Link]:
    return {names: link for names, link in links.items() if names[0] in files and names[1] in files}


def shared_entities(columns: Columns, links: Mapping[tuple[str, str], Link], law: Legislation, unit: str, most: int) -> frozenset[str]:
    """Return the entities that all parts share: places, as communes, that many belong to and that belong to nothing, or that join too many rows.

    What has roles is a group of persons and is never shared. Raises DataError that names an entity through which too many households are linked.
    """
    belong = {member for member, _ in links}
    tops = {group for _, group in links if group not in belong and group != unit and not law.entities[group].flattened_roles}
    shared = {top for top in tops if _largest_of(links, top) > 1}
    kept: list[Link] = []
    for link in sorted(links.values(), key=_largest):
        if link.group in shared or link.member in shared:
            continue
        labels = components(columns.counts, [*kept, link])[unit]
        largest = 1 if labels is None or not len(labels) else int(np.unique(labels, return_counts=True)[1].max())
        if largest <= most:
            kept.append(link)
        elif law.entities[link.group].flattened_roles:
            raise DataError(
                f"Links from `{link.member}` to `{link.group}` join {largest:,} rows of `{unit}`, more than the {most:,} of a part: "
                f"a part would cut a {link.group} in two. Expected fewer parts, or tables in which a {link.group} holds no strangers."
            )
        else:
            shared.add(link.group)
    while above := {group for member, group in links if member in shared and group not in shared}:
        shared |= above  # what is shared belongs to what is shared
    return frozenset(shared)


def _largest_of(links: Mapping[tuple[str, str], Link], group: str) -> int:
    return max(_largest(link) for (_, of), link in links.items() if of == group)


def _largest(link: Link) -> int:
    belonging = link.index[link.index >= 0]
    return int(np.bincount(belonging).max()) if len(belonging) else 1


def _write(files: Mapping[str, Path], pieces: Mapping[str, NDArray[np.int64]], shared: Collection[str], output: Path) -> dict[str, dict[str, int]]:
    """Write the rows of each piece, entity by entity, and return how many there are by part and entity."""
    output.mkdir(parents=True, exist_ok=True)
    count = 1 + max(int(of_rows.max(initial=0)) for of_rows in pieces.values())
    names = [f"part-{number:05}" for number in range(count)]
    rows: dict[str, dict[str, int]] = {name: {} for name in ("", *names)}
    for entity, file in files.items():
        table = parquet.read_table(file)
        if entity in shared:
            written(output / f"{entity}{ENDING}", _writes(table))
            rows[""][entity] = table.num_rows
            continue
        (output / entity).mkdir(exist_ok=True)
        order = np.argsort(pieces[entity], kind="stable")
        bounds = np.searchsorted(pieces[entity][order], np.arange(count + 1))
        for number, name in enumerate(names):
            of_part = table.take(order[bounds[number] : bounds[number + 1]])
            written(output / entity / f"{name}{ENDING}", _writes(of_part))
            rows[name][entity] = of_part.num_rows
    return rows


def _writes(table: pa.Table) -> Callable[[Path], None]:
    """Return what writes a table into a file."""

    def write(file: Path) -> None:
        parquet.write_table(table, file, compression="zstd")

    return write
