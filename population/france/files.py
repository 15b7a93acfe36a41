"""The invented France in files: one Parquet for each entity, in the form that `bareme simulate --table ENTITY=FILE` reads.

Columns are variables of the law at the population's year, identifiers, roles and weights; amounts are whole euros. The product ships one
population (`donnees/`), which `embedded` reads in a fraction of a second; `load` reads any folder in the same form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from engine.errors import Problem, TableError, nearest
from engine.periods import period
from legislation import france
from legislation.taxe_habitation.communes import communes, years_of_communes
from population.france.identifiers import places_of_rows
from population.france.tables import WEIGHT, columns_of
from population.typical_dwellings import OVERSEAS, inputs_of_communes

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from population.columns import Columns
    from population.france.tables import Table, Tables

Place: TypeAlias = "str | PathLike[str] | Mapping[str, Path]"
"""A folder with a file for each entity, or the files by entity."""
ENTITIES = ("individu", "foyer_fiscal", "famille", "menage", "cote", "local", "commune")
FOLDER = "donnees"
ABOUT = b"bareme_population"
YEAR = 2022
BEFORE = 2
SHARES = ("/1",)  # units of what is no whole number


def write(tables: Mapping[str, Table], folder: Path, about: Mapping[str, Any], legislation: Legislation | None = None) -> dict[str, Path]:
    """Write the tables as Parquet files and return their paths; `about` (year, seed and so on) is kept in each file."""
    law = legislation or france()
    folder.mkdir(parents=True, exist_ok=True)
    paths = {entity: folder / f"{entity}.parquet" for entity in tables}
    for entity, table in tables.items():
        arrays = {name: arrow_of(law, name, values) for name, values in table.items()}
        arrow = pa.table(arrays).replace_schema_metadata({ABOUT: json.dumps({"table": entity, **about}, ensure_ascii=False)})
        texts = [name for name, array in arrays.items() if pa.types.is_dictionary(array.type) or _few(table[name])]
        parquet.write_table(arrow, paths[entity], compression="zstd", compression_level=19, use_dictionary=texts, write_statistics=False)
    return paths


def _few(values: NDArray[Any]) -> bool:
    """Whether a column is better kept as a dictionary: many rows hold the same values."""
    return len(np.unique(values[:4096])) < min(len(values), 4096) / 2


def arrow_of(law: Legislation, name: str, values: NDArray[Any]) -> pa.Array:
    """Return a column as the file keeps it: small whole numbers, and enumerations and roles by name."""
    if name == WEIGHT:
        return pa.array(np.maximum(np.round(values, 3), 0.001).astype(np.float32))
    if name.endswith("_role"):
        members = [role.key for role in law.entities[name.removesuffix("_role")].flattened_roles]
        return pa.DictionaryArray.from_arrays(pa.array(values.astype(np.int8)), pa.array(members))
    if name.endswith("_id"):
        return pa.array(values.astype(np.int32))
    rule = law.variable(name.partition("@")[0])
    if rule.possible_values is not None:
        codes = np.asarray(rule.possible_values.encode(values.astype(np.int64) if values.dtype.kind in "iu" else values)).astype(np.int8)
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(rule.possible_values.names.tolist()))
    if rule.value_type in {bool, str}:
        return pa.array(values.astype(rule.value_type))
    return pa.array(np.round(values, 2) if rule.unit in SHARES else np.round(values).astype(np.int32))


def file_of(place: Place, entity: str) -> Path:
    """Return the file of an entity: that of a folder, or the one that is named."""
    return Path(place[entity]) if isinstance(place, Mapping) else Path(place) / f"{entity}.parquet"


def read(place: Place, law: Legislation) -> tuple[Tables, dict[str, Any]]:
    """Return the tables of a folder (or the files named by entity), and what they say about themselves.

    Identifiers may be any whole numbers or texts: in the tables returned, they are the rows' places, in links too. Raises TableError where files or
    columns are missing, identifiers name two rows, or links name none.
    """
    missing = [entity for entity in ENTITIES if (isinstance(place, Mapping) and entity not in place) or not file_of(place, entity).is_file()]
    if missing:
        raise TableError([Problem(_named(place, entity), "there is no such file: a population has one for each entity") for entity in missing])
    arrows: dict[str, pa.Table] = {}
    about: dict[str, Any] = {}
    for entity in ENTITIES:
        try:
            arrows[entity] = parquet.read_table(file_of(place, entity), use_threads=False)
        except (pa.ArrowException, OSError) as error:
            raise TableError([Problem(_named(place, entity), f"cannot be read as Parquet: {error}")]) from error
        about = json.loads((arrows[entity].schema.metadata or {}).get(ABOUT, b"{}"))
    links = places_of_rows(arrows)
    return {
        entity: {name: links[entity, name] if (entity, name) in links else _numpy(law, name, table[name]) for name in table.column_names}
        for entity, table in arrows.items()
    }, about


def _named(place: Place, entity: str) -> str:
    return str(place.get(entity, entity) if isinstance(place, Mapping) else file_of(place, entity))


def _numpy(law: Legislation, name: str, column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column; enumerations and roles as the places of their members. Raises TableError for a word that is none of them."""
    members = _members(law, name)
    if members is None:
        return np.asarray((column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column).to_numpy())
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    one = column.unify_dictionaries().combine_chunks()
    words = [str(word) for word in one.dictionary.to_pylist()]
    wrong = [word for word in words if word not in members]
    if wrong:
        raise TableError([Problem(f"column `{name}`", f"`{wrong[0]}`: expected one of {', '.join(members)}.{nearest(wrong[0], members)}")])
    places = np.array([members.index(word) for word in words], np.int16)
    return np.asarray(places[one.indices.to_numpy()])


def _members(law: Legislation, name: str) -> list[str] | None:
    """Return the words that a column may hold, in their order; None where it holds no such words."""
    if name.endswith("_role"):
        return [role.key for role in law.entities[name.removesuffix("_role")].flattened_roles]
    variable = name.partition("@")[0]
    if variable == WEIGHT or variable.endswith("_id"):
        return None
    possible = law.variable(variable).possible_values
    return None if possible is None else [str(one) for one in possible.names.tolist()]


def load(folder: Place, year: int = YEAR, legislation: Legislation | None = None, *, before: int = BEFORE, with_communes: bool = False) -> Columns:
    """Return the population of a folder as a simulation reads it, taken to `year` by inflators.

    Incomes are given for `before` earlier years too: the housing tax asks for those of the year before, benefits and reduced rates of
    CSG for those of two years before. `with_communes` adds the rates and abatements that the communes voted for that year (2017 to 2022; the
    nearest of them for other years), which the housing tax needs. Raises TableError for files of another form, DataError for other years.
    """
    law = legislation or france()
    tables, about = read(folder, law)
    found = columns_of(tables, law, year, made_for=int(about.get("year", YEAR)), before=before)
    if not with_communes:
        return found
    given = _of_communes(tables["commune"]["departement"], tables["commune"]["code_commune"], law, year)
    return replace(found, inputs={**found.inputs, **{(name, period(year)): values for name, values in given.items()}})


def _of_communes(departments: NDArray[Any], codes: NDArray[Any], law: Legislation, year: int) -> Mapping[str, NDArray[Any]]:
    """Return the figures voted by communes; those that the year's table lacks have none.

    The amounts that the administration's controls look at, those before adjustment, are brought within the law's bounds: the open files give
    amounts of old deliberations that the controls would refuse, of communes where a quarter of the country lives, whose bills were sent all the same.
    """
    years = years_of_communes()
    place, inputs = _voted(min(max(year, years[0]), years[-1]))
    rows = [place.get(f"{department}{code}") for department, code in zip(departments.tolist(), codes.tolist(), strict=True)]
    found = np.array([-1 if row is None else row for row in rows])
    voted = within_bounds(inputs, law, year)
    own = {"departement", "code_commune", "taux_global_2000"}
    return {name: _taken(values, found) for name, values in voted.items() if name not in own}


@lru_cache(maxsize=2)
def _voted(year: int) -> tuple[Mapping[str, int], Mapping[str, NDArray[Any]]]:
    """Return the row of each commune, and what they voted, 9 MB a year: every part of a population asks for the same."""
    table = communes(year)
    return {code: row for row, code in enumerate(table["code_insee"].to_pylist())}, MappingProxyType(inputs_of_communes(table))


def within_bounds(voted: Mapping[str, NDArray[Any]], law: Legislation, year: int) -> Mapping[str, NDArray[Any]]:
    """Return communes' figures with the abatements before adjustment within their legal bounds (CGI, art. 1411), and none of an EPCI that is none.

    Those applied stay as they are.
    """
    legal = law.parameters.at(f"{year}-01-01").taxe_habitation.abattements
    is_overseas = voted["departement"] == OVERSEAS
    has_epci = voted["appartenance_epci"] == "oui"
    found = dict(voted)
    for authority in ("commune", "epci"):
        overseas = is_overseas & (authority == "commune")  # the bounds of an EPCI are those of the mainland everywhere
        average = voted[f"deliberation_valeur_locative_moyenne_{authority}_avant_ajustement"].astype(np.float64)
        most = np.where(overseas, np.inf, np.floor(legal.metropole.general.taux_maximal / 100 * average))
        for name in ("abattement_charges_rangs_1_2", "abattement_charges_rang_3"):
            least = np.where(overseas, legal.outre_mer.charges.taux_bas, getattr(legal.metropole, name.removeprefix("abattement_")).taux_minimal)
            key = f"deliberation_quotite_{name}_{authority}_avant_ajustement"
            found[key] = np.maximum(voted[key], np.ceil(least / 100 * average)).astype(np.int64)
        for name in ("abattement_general", "abattement_special"):
            key = f"deliberation_quotite_{name}_{authority}_avant_ajustement"
            found[key] = np.minimum(voted[key], most).astype(np.int64)
    for key in [key for key in found if key.startswith("deliberation_") and "_epci" in key]:
        found[key] = np.where(has_epci, found[key], 0)
    return found


def _taken(values: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[Any]:
    nothing = "vide" if values.dtype.kind in "UO" else values.dtype.type(0)
    return np.where(rows >= 0, values[rows], nothing)


def shipped() -> tuple[Tables, dict[str, Any]]:
    """Return the tables of the population that the product ships, and what they say about themselves."""
    with as_file(files("population.france") / FOLDER) as folder:
        return read(folder, france())


def embedded(year: int = YEAR, legislation: Legislation | None = None, *, before: int = BEFORE, with_communes: bool = False) -> Columns:
    """Return the population that the product ships, taken to `year`; see `load`."""
    with as_file(files("population.france") / FOLDER) as folder:
        return load(folder, year, legislation, before=before, with_communes=with_communes)
