"""Communes by name, and what each voted: the figures that the housing tax of a household's dwelling rests on.

The tables (2017 to 2022) travel with the law; for later years the last serves, for earlier ones the first.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from legislation.taxe_habitation.communes import communes, years_of_communes
from population.france.files import within_bounds
from population.typical_dwellings import OVERSEAS, inputs_of_communes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.legislation import Legislation

    Array = np.ndarray[Any, Any]

SHOWN: Final = 12
SHORT: Final = {"st": "saint", "ste": "sainte"}
OF_DEPARTMENT: Final = {"guadeloupe_martinique_reunion": ("971", "972", "974"), "guyane_mayotte": ("973", "976")}
TERRITORIES: Final = {department: territory for territory, departments in OF_DEPARTMENT.items() for department in departments}
MAINLAND: Final = "metropole"


@dataclass(frozen=True)
class Commune:
    """A commune as it is searched for: official code, name, department, inhabitants."""

    code: str
    name: str
    department: str
    population: int
    average_rental_value: int
    rate: float

    @property
    def territory(self) -> str:
        """The territory that decides of overseas reliefs."""
        return TERRITORIES.get(self.department, MAINLAND)


def plain(text: str) -> str:
    """Return a text without accents, capitals and punctuation, as it is searched for."""
    without = "".join(each for each in unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")) if not unicodedata.combining(each))
    words = "".join(each if each.isalnum() else " " for each in without.casefold()).split()
    return " ".join(SHORT.get(word, word) for word in words)


def table_year(year: int) -> int:
    """Return the year of the table that serves a year."""
    years = years_of_communes()
    return min(max(year, years[0]), years[-1])


@lru_cache(maxsize=8)
def _by_code(year: int) -> Mapping[str, tuple[int, Commune]]:
    table = communes(year)
    columns = ("code_insee", "nom", "departement", "population_municipale", "valeur_locative_moyenne_commune", "taux_commune", "taux_epci")
    rows = zip(*(table[name].to_pylist() for name in columns), strict=True)
    return {
        str(code): (place, Commune(str(code), str(name or ""), str(department), int(people or 0), int(average or 0), float(own or 0) + float(of_epci or 0)))
        for place, (code, name, department, people, average, own, of_epci) in enumerate(rows)
    }


def commune_of(code: str, year: int) -> Commune | None:
    """Return a commune by its official code, None for a code that the table does not know."""
    found = _by_code(table_year(year)).get(code)
    return None if found is None else found[1]


def name_of(code: str, year: int) -> str:
    """Return the name of a commune, in the year's table or in the last one; empty where neither has one."""
    found = commune_of(code, year) or commune_of(code, years_of_communes()[-1])
    return "" if found is None else found.name


def is_known(code: str, year: int) -> bool:
    """Whether a code is that of a commune, in the year's table or in the last one."""
    return commune_of(code, year) is not None or commune_of(code, years_of_communes()[-1]) is not None


@lru_cache(maxsize=1)
def _searched() -> tuple[tuple[str, Commune], ...]:
    found = [commune for _, commune in _by_code(years_of_communes()[-1]).values() if commune.name and commune.average_rental_value]
    found.sort(key=lambda each: -each.population)
    return tuple((plain(commune.name), commune) for commune in found)


def search(wanted: str, most: int = SHOWN) -> list[Commune]:
    """Return the communes whose name, or code, is or begins with what is wanted, then those that hold it; the most populous first. Accents do not count."""
    text = plain(wanted)
    if not text:
        return []
    ranked: tuple[list[Commune], ...] = ([], [], [])
    for name, commune in _searched():
        if name == text or commune.code.lower() == text:
            ranked[0].append(commune)
        elif name.startswith(text) or commune.code.lower().startswith(text):
            ranked[1].append(commune)
        elif text in name:
            ranked[2].append(commune)
    return [commune for each in ranked for commune in each][:most]


@lru_cache(maxsize=4)
def _voted(law: Legislation, year: int) -> Mapping[str, Array]:
    return within_bounds(inputs_of_communes(communes(table_year(year))), law, year)


def voted(codes: Sequence[str], law: Legislation, year: int) -> dict[str, Array]:
    """Return what communes voted, by the law's names: one value a code, zero or empty for a code that the table does not know.

    `law` is that in force: abatements are brought within its bounds.
    """
    places = np.array([_by_code(table_year(year)).get(code, (-1, None))[0] for code in codes], np.int64)
    found = {name: _taken(values, places) for name, values in _voted(law, year).items()}
    found["departement"] = np.array([OVERSEAS if code.startswith(OVERSEAS) else code[:2] for code in codes], object)
    found["code_commune"] = np.array([code[2:] for code in codes], object)
    return found


def _taken(values: Array, places: Array) -> Array:
    known = np.asarray(values)[places]
    nothing = "vide" if known.dtype.kind in "UO" else 0
    return np.where(places >= 0, known, nothing)
