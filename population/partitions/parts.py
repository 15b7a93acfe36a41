"""A partitioned population: a folder per entity with a file per part, and one file for each entity that all parts share.

    population/
      menage/part-00000.parquet      no household lies in two parts, and no link leaves its part
      individu/part-00000.parquet    the same names in each folder
      commune.parquet                few rows, which every part reads
      manifest.json                  rows and digest of each file; may be missing

Users' own data need no manifest. What is wrong with the folder (a part that one entity lacks, columns that differ between parts) is told at
once, before anything is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyarrow import parquet

from engine.errors import DataError, Problem, TableError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ENDING: Final = ".parquet"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class Part:
    """One part: the file of each entity, and those of entities that all parts share. It can be sent to another process as it is."""

    name: str
    tables: tuple[tuple[str, str], ...]
    shared: tuple[tuple[str, str], ...] = ()

    @property
    def files(self) -> dict[str, Path]:
        """Return the files by entity, shared ones too."""
        return {entity: Path(file) for entity, file in (*self.tables, *self.shared)}

    def moved(self, folder: str | Path, to: str | Path) -> Part:
        """Return the part as another machine sees it, where what lies in `folder` here lies in another folder."""

        def there(tables: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
            return tuple((entity, (Path(to) / Path(file).relative_to(folder)).as_posix()) for entity, file in tables)

        return Part(self.name, there(self.tables), there(self.shared))


@dataclass(frozen=True)
class Partitioned:
    """All parts of a population, in the order of their names."""

    folder: Path
    parts: tuple[Part, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """Return the entities that are cut into parts."""
        return tuple(entity for entity, _ in self.parts[0].tables)

    @property
    def shared(self) -> tuple[str, ...]:
        """Return the entities that all parts share."""
        return tuple(entity for entity, _ in self.parts[0].shared)


def is_partitioned(folder: Path) -> bool:
    """Tell whether a folder holds a partitioned population: some folder in it holds Parquet files."""
    return folder.is_dir() and any(each.is_dir() and any(each.glob(f"*{ENDING}")) for each in folder.iterdir())


def partitioned(folder: Path, entities: Iterable[str]) -> Partitioned:
    """Return the parts of a folder. Raises DataError or TableError with all that is wrong: files that are missing, other columns."""
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder.")
    known = tuple(entities)
    folders = {path.name: path for path in sorted(folder.iterdir()) if path.is_dir() and any(path.glob(f"*{ENDING}"))}
    single = {path.stem: path for path in sorted(folder.glob(f"*{ENDING}"))}
    if not folders:
        raise DataError(f"{folder}: there is no partitioned table: expected a folder for each entity, as {known[0]}/part-00000{ENDING}.")
    both = [Problem(str(single[name]), f"`{name}` has a folder of parts too: expected one of both") for name in folders if name in single]
    if both:
        raise TableError(both)
    return of_tables({**folders, **single}, known, folder)


def of_tables(tables: Mapping[str, Path], entities: Iterable[str], folder: Path) -> Partitioned:
    """Return the parts of tables by entity: folders of parts, and files that all parts share. `folder` holds the manifest, if there is one."""
    known = tuple(entities)
    problems = [
        Problem(str(path), f"there is no entity `{name}`: expected one of {', '.join(known)}.{nearest(name, known)}")
        for name, path in tables.items()
        if name not in known
    ]
    folders = {entity: path for entity, path in tables.items() if path.is_dir()}
    names = {name: {path.stem for path in path_of.glob(f"*{ENDING}")} for name, path_of in folders.items()}
    every = sorted(set().union(*names.values()))
    problems += [
        Problem(str(folders[entity] / f"{part}{ENDING}"), f"there is no such file: {', '.join(sorted(e for e in names if part in names[e]))} has that part")
        for entity in folders
        for part in every
        if part not in names[entity]
    ]
    if problems:
        raise TableError(problems)
    shared = tuple((name, str(path)) for name, path in tables.items() if name not in folders)
    parts = tuple(Part(part, tuple((entity, str(folders[entity] / f"{part}{ENDING}")) for entity in folders), shared) for part in every)
    found = Partitioned(folder, parts)
    _check_columns(found)
    return found


def _check_columns(population: Partitioned) -> None:
    """Raise TableError where the files of an entity have different columns, or columns of different types."""
    problems: list[Problem] = []
    for position, entity in enumerate(population.entities):
        first: tuple[str, dict[str, pa.DataType]] | None = None
        for part in population.parts:
            file = part.tables[position][1]
            try:
                columns = {field.name: _plain(field.type) for field in parquet.read_schema(file)}
            except (pa.ArrowException, OSError) as error:
                problems.append(Problem(file, f"cannot be read as Parquet: {error}"))
                continue
            if first is None:
                first = file, columns
            elif columns != first[1]:
                problems.append(Problem(file, f"{_difference(first[1], columns)}: expected the columns of {Path(first[0]).name} for `{entity}`"))
    if problems:
        raise TableError(problems)


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return the type of a column's values: whether texts are kept as a dictionary differs from file to file."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.string() if pa.types.is_large_string(kind) else kind


def _difference(expected: dict[str, pa.DataType], found: dict[str, pa.DataType]) -> str:
    missing, more = [name for name in expected if name not in found], [name for name in found if name not in expected]
    other = [f"`{name}` is {found[name]}, not {kind}" for name, kind in expected.items() if name in found and found[name] != kind]
    said = [f"no column `{name}`" for name in missing] + [f"a column `{name}` more" for name in more] + other
    return ", ".join(said) or "columns in another order"
