"""Measure what the law's housing benefits come to over the shipped population, beside what the population was drawn with and the official figures.

    python scripts/measure_housing.py [--year 2022]

The population gives rents and tenure; the zone of a dwelling is guessed here from its commune: Paris and its neighbours and the larger communes of
Île-de-France are zone I, the rest of Île-de-France, Corsica, overseas and the communes of the larger intercommunal bodies are zone II. The shipped
population is not changed.
"""

# ruff: noqa: INP001, T201 - a script for a person at a terminal

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.periods import period
from legislation import france
from legislation.descriptions.menages import StatutOccupation
from legislation.prestations.logement_loue import ZoneApl
from legislation.taxe_habitation.communes import communes
from population.france.files import embedded
from population.france.measures import calculated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from population.columns import Columns

AIDS: Final = "aides_au_logement"
PARIS: Final = ("75", "92", "93", "94")
ILE_DE_FRANCE: Final = ("77", "78", "91", "95")
ISLANDS: Final = ("2A", "2B", "97")
OF_PARIS: Final = 10_000  # inhabitants of a commune of Île-de-France that is taken to be of the agglomeration of Paris
OF_A_CITY: Final = (100_000, 5_000)  # inhabitants of an intercommunal body and of a commune in it that is taken to be of a large agglomeration
TENTHS: Final = 10


def main() -> None:
    """Write the totals, the numbers of families and how both are spread, as drawn and as calculated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--year", type=int, default=2022)
    year = parser.parse_args().year
    law = france()
    columns = embedded(year, law, with_communes=True)
    names = ["menage", AIDS, "reduction_loyer_solidarite", "personnes_a_charge_logement", "en_couple"]
    zones = zones_of(columns, year)
    given = dict(columns.inputs)
    drawn = given[AIDS, period(year)]
    formula = {key: values for key, values in given.items() if key[0] != AIDS} | {("zone_apl", period(year)): ZoneApl.encode(zones)}
    found = calculated(replace(columns, inputs=formula), law, year, names[1:])
    weights = columns.weights_of("individu")
    family, role = columns.links["individu", "famille"]
    first = np.flatnonzero(role == 0)
    home, weight = np.zeros(len(drawn), np.int64), np.zeros(len(drawn))
    home[family[first]], weight[family[first]] = columns.links["individu", "menage"][0][first], weights[first]
    shown("all", drawn, found[AIDS], weight)
    tenure = StatutOccupation.names[np.asarray(given["statut_occupation", period(year)])[home]]
    for name in ("locataire_hlm", "locataire_prive"):
        shown(name, drawn, found[AIDS], weight * (tenure == name))
    shown("in communities", drawn, found[AIDS], weight * (np.asarray(given["categorie_menage", period(year)])[home] == 1))
    for name in ("zone_1", "zone_2", "zone_3"):
        shown(name, drawn, found[AIDS], weight * (zones[home] == name))
    print(f"social rent reduction: {weight @ found['reduction_loyer_solidarite'] / 1e9:.2f} billion")


def shown(name: str, drawn: NDArray[Any], calculated_: NDArray[Any], weight: NDArray[Any]) -> None:
    """Write the total and the number of families of both, and the mean by month of who has some."""
    parts = []
    for label, amounts in (("drawn", drawn), ("calculated", calculated_)):
        total, number = float(weight @ amounts), float(weight @ (amounts > 0))
        parts.append(f"{label} {total / 1e9:6.2f} billion, {number / 1e6:5.2f} million, {total / max(number, 1) / 12:4.0f} a month")
    print(f"{name:16} {'; '.join(parts)}")


def zones_of(columns: Columns, year: int) -> NDArray[np.object_]:
    """Return the guessed zone of each household, by the commune of its dwelling."""
    table = communes(year)
    code = table["code_insee"].to_numpy(zero_copy_only=False).astype(str)
    people = table["population_municipale"].to_numpy().astype(float)
    bodies, of_body = np.unique(table["siren_epci"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    in_body = np.bincount(of_body, weights=people, minlength=len(bodies))[of_body]
    zone = np.array([_zone(*each) for each in zip(code, people, in_body, strict=True)], dtype=object)
    by_code = dict(zip(code, zone, strict=True))
    given = columns.inputs
    codes = np.char.add(np.asarray(given["departement", period(year)]).astype(str), np.asarray(given["code_commune", period(year)]).astype(str))
    of_commune = np.array([by_code.get(each[:5], "zone_3") for each in codes], dtype=object)
    return of_commune[columns.links["local", "commune"][0][columns.links["menage", "local"][0]]]


def _zone(code: str, people: float, in_body: float) -> str:
    if code.startswith(PARIS) or (code.startswith(ILE_DE_FRANCE) and people >= OF_PARIS):
        return "zone_1"
    of_city = in_body >= OF_A_CITY[0] and people >= OF_A_CITY[1]
    return "zone_2" if code.startswith((*ILE_DE_FRANCE, *ISLANDS)) or of_city else "zone_3"


if __name__ == "__main__":
    main()
