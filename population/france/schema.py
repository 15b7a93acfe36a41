"""The form of a population's files as Frictionless Table Schemas, made from the law: a column is a variable, its cells are what the variable takes.

The readers of tables check files against the same law. `check` adds what a schema says beyond it: columns that must be there, amounts that are
never negative, years of birth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from engine.errors import DataError, Problem, TableError
from population.france.files import ABOUT, ENTITIES, YEAR, embedded, file_of, load
from population.tables import read_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.legislation import Legislation
    from population.columns import Columns
    from population.france.files import Place

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}
# what each table has: variables of the law; those marked must be there, others may
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "individu": ("annee_naissance",),
    "foyer_fiscal": ("situation_familiale",),
    "famille": (),
    "menage": (),
    "cote": (),
    "local": (),
    "commune": ("departement", "code_commune"),
}
MAY_BE_NEGATIVE = ("revenus_fonciers_nets",)
FIRST_BIRTH = 1900


def schemas(law: Legislation, columns: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a data package's description: one resource an entity, with the schema of its table. `columns`: the names in each table."""
    resources = [
        {
            "name": entity,
            "path": f"{entity}.parquet",
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "schema": _schema(law, entity, columns[entity]),
        }
        for entity in ENTITIES
    ]
    return {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "population-france", "resources": resources}


def columns_of_files(folder: Place) -> dict[str, list[str]]:
    """Return the names of the columns of each table of a folder. Raises TableError for files that are missing or are no Parquet."""
    found: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for entity in ENTITIES:
        if isinstance(folder, Mapping) and entity not in folder:
            problems.append(Problem(f"`{entity}`", "there is no table of it: a population has one for each entity"))
            continue
        path = file_of(folder, entity)
        try:
            found[entity] = list(parquet.read_schema(path).names)
        except FileNotFoundError:
            problems.append(Problem(str(path), "there is no such file: a population has one for each entity"))
        except (pa.ArrowException, OSError) as error:
            problems.append(Problem(str(path), f"cannot be read as Parquet: {error}"))
    if problems:
        raise TableError(problems)
    return found


def _schema(law: Legislation, entity: str, names: list[str]) -> dict[str, Any]:
    groups = [group for member, group in law.links if member == entity and f"{group}_id" in names]
    return {
        "$schema": PROFILE,
        "fields": [_field(law, entity, name) for name in names],
        "primaryKey": [f"{entity}_id"],
        "foreignKeys": [{"fields": [f"{group}_id"], "reference": {"resource": group, "fields": [f"{group}_id"]}} for group in groups],
    }


def _field(law: Legislation, entity: str, name: str) -> dict[str, Any]:
    if name == "weight":
        return {"name": name, "type": "number", "title": "How many real cases the row stands for", "constraints": {"minimum": 0}}
    if name == f"{entity}_id":
        return {"name": name, "type": "integer", "title": "The row's identifier", "constraints": {"required": True, "unique": True}}
    if name.endswith("_id"):
        return {"name": name, "type": "integer", "title": f"The {name.removesuffix('_id')} that the row belongs to", "constraints": {"required": True}}
    if name.endswith("_role"):
        roles = [role.key for role in law.entities[name.removesuffix("_role")].flattened_roles]
        return {"name": name, "type": "string", "title": f"The role in the {name.removesuffix('_role')}", "constraints": {"required": True, "enum": roles}}
    variable, _, month = name.partition("@")
    rule = law.variable(variable)
    constraints: dict[str, Any] = {"required": True} if name in REQUIRED[entity] else {}
    if rule.possible_values is not None:
        constraints["enum"] = rule.possible_values.names.tolist()
    elif rule.value_type in {int, float} and name not in MAY_BE_NEGATIVE:
        constraints["minimum"] = FIRST_BIRTH if name == "annee_naissance" else 0
    kind = "string" if rule.possible_values is not None else TYPES.get(rule.value_type, "any")
    described = {"name": name, "type": kind, "title": f"{rule.label} ({month})" if month else rule.label, "constraints": constraints}
    return {**described, **({"unit": rule.unit} if rule.unit else {})}


def check(folder: Place, law: Legislation) -> Columns:
    """Read a folder's tables with every check, and return them. Raises TableError that names file, column, row and what was expected."""
    names = columns_of_files(folder)
    missing = [
        Problem(f"{entity}.parquet", f"expected a column `{name}`")
        for entity in ENTITIES
        for name in (f"{entity}_id", *REQUIRED[entity])
        if name not in names[entity]
    ]
    if "weight" not in names["menage"]:
        missing.append(Problem("menage.parquet", "expected a column `weight`: how many real households each row stands for"))
    if missing:
        raise TableError(missing)
    columns = read_tables({entity: file_of(folder, entity) for entity in ENTITIES}, law, YEAR)
    problems = list(_out_of_bounds(columns, law))
    if problems:
        raise TableError(problems)
    return columns


def population_of(folder: Place | None, law: Legislation, year: int) -> Columns:
    """Return the population of a folder, checked, or else the one that is shipped, at `year` with what the communes voted; its rows have their names.

    Raises TableError that names file, column, row and what was expected, and DataError for years out of reach or a law of another country.
    """
    others = sorted(set(ENTITIES) - set(law.entities))
    if others:
        raise DataError(f"The population is one of France, whose law has the entities {', '.join(ENTITIES)}: this law has no {others[0]}.")
    if folder is None:
        columns = embedded(year, law, with_communes=True)
        return replace(columns, ids={entity: np.arange(count).astype(str).astype(object) for entity, count in columns.counts.items()})
    names = check(folder, law).ids
    return replace(load(folder, year, law, with_communes=True), ids=names)


def is_made(files: Mapping[str, Path], law: Legislation) -> bool:
    """Whether files by entity are those of a population that Barème made, as each of them says: they go to any year, with what communes voted."""
    if not set(ENTITIES) <= {*files} & {*law.entities} or any(files[entity].suffix != ".parquet" for entity in ENTITIES):
        return False
    try:
        return all(ABOUT in (parquet.read_schema(files[entity]).metadata or {}) for entity in ENTITIES)
    except (pa.ArrowException, OSError):
        return False  # who reads them says what is wrong


def read_population(files: Mapping[str, Path], law: Legislation, year: int) -> Columns:
    """Return tables by entity as columns for a year: a population that Barème made as `population_of` does, users' tables as they are.

    Raises TableError with all that is wrong.
    """
    return population_of(files, law, year) if is_made(files, law) else read_tables(files, law, year)


def _out_of_bounds(columns: Columns, law: Legislation) -> Iterator[Problem]:
    for (name, _), values in columns.inputs.items():
        rule = law.variable(name)
        if rule.possible_values is not None or rule.value_type not in {int, float} or name in MAY_BE_NEGATIVE:
            continue
        low = FIRST_BIRTH if name == "annee_naissance" else 0
        wrong = np.flatnonzero(values < low)
        if wrong.size:
            more = f", and {wrong.size - 1:,} more rows" if wrong.size > 1 else ""
            yield Problem(f"{rule.entity.key}.parquet, row {wrong[0] + 1}, column `{name}`", f"{values[wrong[0]]:g}: expected {low} or more{more}")
    for entity, weights in columns.weights.items():
        wrong = np.flatnonzero(~(weights > 0))
        if wrong.size:
            yield Problem(f"{entity}.parquet, row {wrong[0] + 1}, column `weight`", f"{weights[wrong[0]]:g}: expected more than 0")
