"""The invented France in files: one Parquet for each entity, in the form that `bareme simulate --table ENTITY=FILE` reads.

Columns are variables of the law at the population's year, identifiers, roles and weights; amounts are whole euros. The product ships one
population (`donnees/`), which `embedded` reads in a fraction of a second; `load` reads any folder in the same form.
"""

from __future__ import annotations

import json
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from engine.errors import Problem, TableError
from legislation import france
from population.france.tables import WEIGHT, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from population.columns import Columns
    from population.france.tables import Table, Tables

ENTITIES = ("individu", "foyer_fiscal", "famille", "menage", "cote", "local", "commune")
FOLDER = "donnees"
ABOUT = b"bareme_population"
YEAR = 2022


def write(tables: Mapping[str, Table], folder: Path, about: Mapping[str, Any], legislation: Legislation | None = None) -> dict[str, Path]:
    """Write the tables as Parquet files and return their paths; `about` (year, seed and so on) is kept in each file."""
    law = legislation or france()
    folder.mkdir(parents=True, exist_ok=True)
    paths = {entity: folder / f"{entity}.parquet" for entity in tables}
    for entity, table in tables.items():
        arrays = {name: _arrow(law, name, values) for name, values in table.items()}
        arrow = pa.table(arrays).replace_schema_metadata({ABOUT: json.dumps({"table": entity, **about}, ensure_ascii=False)})
        texts = [name for name, array in arrays.items() if pa.types.is_dictionary(array.type) or _few(table[name])]
        parquet.write_table(arrow, paths[entity], compression="zstd", compression_level=19, use_dictionary=texts, write_statistics=False)
    return paths


def _few(values: NDArray[Any]) -> bool:
    """Whether a column is better kept as a dictionary: many rows hold the same values."""
    return len(np.unique(values[:4096])) < min(len(values), 4096) / 2


def _arrow(law: Legislation, name: str, values: NDArray[Any]) -> pa.Array:
    """Return a column as the file keeps it: small whole numbers, and enumerations and roles by name."""
    if name == WEIGHT:
        return pa.array(np.round(values, 3).astype(np.float32))
    if name.endswith("_role"):
        members = [role.key for role in law.entities[name.removesuffix("_role")].flattened_roles]
        return pa.DictionaryArray.from_arrays(pa.array(values.astype(np.int8)), pa.array(members))
    if name.endswith("_id"):
        return pa.array(values.astype(np.int32))
    rule = law.variable(name)
    if rule.possible_values is not None:
        codes = np.asarray(rule.possible_values.encode(values.astype(np.int64) if values.dtype.kind in "iu" else values)).astype(np.int8)
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(rule.possible_values.names.tolist()))
    if rule.value_type is bool:
        return pa.array(values.astype(bool))
    return pa.array(values.astype(str)) if rule.value_type is str else pa.array(np.round(values).astype(np.int32))


def read(folder: str | PathLike[str], law: Legislation) -> tuple[Tables, dict[str, Any]]:
    """Return the tables of a folder that `write` made, and what it says about them. Raises TableError where files are missing or of another form."""
    place = Path(folder)
    missing = [entity for entity in ENTITIES if not (place / f"{entity}.parquet").is_file()]
    if missing:
        raise TableError([Problem(str(place / f"{entity}.parquet"), "there is no such file: a population has one for each entity") for entity in missing])
    tables: Tables = {}
    about: dict[str, Any] = {}
    for entity in ENTITIES:
        try:
            table = parquet.read_table(place / f"{entity}.parquet", use_threads=False)
        except (pa.ArrowException, OSError) as error:
            raise TableError([Problem(str(place / f"{entity}.parquet"), f"cannot be read as Parquet: {error}")]) from error
        about = json.loads((table.schema.metadata or {}).get(ABOUT, b"{}"))
        tables[entity] = {name: _numpy(law, name, table[name]) for name in table.column_names}
    return tables, about


def _numpy(law: Legislation, name: str, column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column; enumerations and roles as the places of their members."""
    if not pa.types.is_dictionary(column.type):
        return np.asarray(column.to_numpy())
    one = column.unify_dictionaries().combine_chunks()
    words = one.dictionary.to_pylist()
    if name.endswith("_role"):
        members = [role.key for role in law.entities[name.removesuffix("_role")].flattened_roles]
    else:
        possible = law.variable(name).possible_values
        members = words if possible is None else possible.names.tolist()
    return np.array([members.index(word) for word in words], np.int8)[one.indices.to_numpy()]


def load(folder: str | PathLike[str], year: int = YEAR, legislation: Legislation | None = None) -> Columns:
    """Return the population of a folder as a simulation reads it, aged to `year`."""
    law = legislation or france()
    tables, about = read(folder, law)
    del about
    return columns_of(tables, law, year)


def embedded(year: int = YEAR, legislation: Legislation | None = None) -> Columns:
    """Return the population that the product ships, aged to `year`."""
    with as_file(files("population.france") / FOLDER) as folder:
        return load(folder, year, legislation)
