"""Typical dwellings in every commune: an invented population that shows what the communes' votes mean for a household.

Each typical dwelling (`logements_types.yaml`) stands once in each commune, with a rental value that is a multiple of the commune's
average. The communes' voted figures come from the open file REI of the tax administration, which lacks part of what a bill needs
(`LEFT_OUT`): the results are shares of commune and EPCI with their abatements, fees and levies, not whole bills.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import yaml

from engine.errors import DataError, Problem, TableError, nearest
from engine.periods import period
from legislation.taxe_habitation.communes import communes
from population.columns import Columns
from population.results import calculate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from engine.simulation import Progress

YEAR = 2017
LEFT_OUT = (
    "Sont laissés de côté : les contrôles du programme officiel (qui refuserait des abattements votés par certaines communes) et ce que les "
    "fichiers ouverts ne donnent pas, soit les syndicats, les taxes spéciales d'équipement, la taxe GEMAPI, la majoration des résidences "
    "secondaires, les exonérations et le plafonnement selon le revenu, l'abattement en faveur des personnes handicapées, le régime d'Alsace-Moselle."
)
SOURCES = "DGFiP, fichier REI 2017 (taux, valeurs locatives, abattements) ; DGCL et Insee (noms, EPCI, populations) ; Licence Ouverte"
RESULTS = (
    "base_imposable_commune",
    "base_imposable_epci",
    "cotisation_commune",
    "cotisation_epci",
    "frais_gestion",
    "prelevement_base_elevee",
    "prelevement_residences_secondaires",
    "somme_cotisations",
)
# the first control that fails of those on the communes' own abatements (CGI, art. 1411): the files tell too little for the others
CONTROL = "code_deliberations_commune_epci"
CONTROLS_KEPT = range(102, 109)
# the law's names of the deliberations, and those of the communes' tables
ABATEMENTS = {
    "abattement_general": "abattement_general",
    "abattement_charges_rangs_1_2": "abattement_personnes_a_charge_1_2",
    "abattement_charges_rang_3": "abattement_personnes_a_charge_3_plus",
    "abattement_special": "abattement_special",
}
OF_COMMUNE = ("code_insee", "nom", "departement", "nom_epci", "population_municipale", "controle")
OVERSEAS = "97"


@dataclass(frozen=True)
class Dwelling:
    """A typical dwelling and who lives in it; see `logements_types.yaml` for what each figure means."""

    key: str
    libelle: str
    nature: str
    valeur: float
    personnes_a_charge: int = 0
    enfants_alternes: int = 0
    modeste: bool = False

    @property
    def is_secondary(self) -> bool:
        """Whether it is a second home."""
        return self.nature == "secondaire"


def typical_dwellings(path: Path | None = None) -> tuple[Dwelling, ...]:
    """Return the dwellings of a YAML file, by default of the one beside this module. Raises TableError with all that is wrong with it."""
    source = files("population") / "logements_types.yaml" if path is None else path
    try:
        content = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise TableError([Problem(str(source), f"cannot be read: {error}")]) from error
    if not isinstance(content, dict) or not content:
        raise TableError([Problem(str(source), "expected dwellings by name")])
    problems = [problem for key, figures in content.items() for problem in _wrong(f"{source}, `{key}`", figures)]
    if problems:
        raise TableError(problems)
    return tuple(Dwelling(str(key), **figures) for key, figures in content.items())


def _wrong(place: str, figures: Any) -> list[Problem]:
    if not isinstance(figures, dict):
        return [Problem(place, "expected libelle, nature, valeur and so on")]
    known = [field.name for field in fields(Dwelling) if field.name != "key"]
    found = [Problem(place, f"there is no `{name}` to say of a dwelling.{nearest(name, known)}") for name in figures if name not in known]
    found += [Problem(place, f"`{name}` is missing") for name in ("libelle", "nature", "valeur") if name not in figures]
    if figures.get("nature", "principale") not in ("principale", "secondaire"):
        found.append(Problem(place, f"`nature` is {figures['nature']}: expected principale or secondaire"))
    for name in ("valeur", "personnes_a_charge", "enfants_alternes"):
        value = figures.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            found.append(Problem(place, f"`{name}` is {value!r}: expected a number of at least 0"))
    return found


def calculate_everywhere(law: Legislation, dwellings: Sequence[Dwelling], *, threads: int | None = None, progress: Progress | None = None) -> pa.Table:
    """Return the housing tax of 2017 of each dwelling in each commune, one row for each: communes without an average rental value are left out.

    Amounts are whole euros. Columns: the commune (code, name, department, EPCI, population), the dwelling, its gross rental value, `RESULTS`;
    `controle` is the official control that the commune's published abatements fail, 0 where they fail none.
    """
    table = communes(YEAR)
    table = table.filter(pa.array(table["valeur_locative_moyenne_commune"].to_numpy() > 0))
    columns = _columns(table, dwellings)
    bills, of_communes = calculate(columns, law, [*RESULTS, CONTROL], period(YEAR), threads=threads, progress=progress, controls=False)
    (control,) = of_communes.results
    table = table.append_column("controle", pa.array(np.where(np.isin(control.values, CONTROLS_KEPT), control.values, 0).astype(np.int16)))
    which = pa.DictionaryArray.from_arrays(
        pa.array(np.tile(np.arange(len(dwellings), dtype=np.int8), table.num_rows)), pa.array([dwelling.key for dwelling in dwellings])
    )
    repeated = table.select(OF_COMMUNE).take(pa.array(np.repeat(np.arange(table.num_rows), len(dwellings))))
    found = repeated.append_column("logement", which).append_column("valeur_locative_brute", pa.array(_rental_values(table, dwellings).ravel()))
    for result in bills.results:
        found = found.append_column(result.name, result.to_arrow())
    return found.replace_schema_metadata({"title": f"Taxe d'habitation {YEAR} de logements types, par commune", "left_out": LEFT_OUT, "sources": SOURCES})


def _rental_values(table: pa.Table, dwellings: Sequence[Dwelling]) -> NDArray[np.int64]:
    """Return gross rental values in whole euros: a row per commune, a column per dwelling."""
    shares = np.array([dwelling.valeur for dwelling in dwellings])
    average = table["valeur_locative_moyenne_commune"].to_numpy().astype(np.float64)
    return np.floor(np.outer(average, shares) + 0.5).astype(np.int64)


def _columns(table: pa.Table, dwellings: Sequence[Dwelling]) -> Columns:
    """Return one bill and one dwelling (`local`) for each commune and typical dwelling, commune by commune."""
    count = table.num_rows
    rows = np.arange(count * len(dwellings), dtype=np.int64)
    inputs = {**inputs_of_communes(table), **_of_bills(table, dwellings)}
    return Columns(
        counts={"commune": count, "local": len(rows), "cote": len(rows)},
        links={
            ("local", "commune"): (rows // len(dwellings), None),
            ("cote", "local"): (rows, None),
        },
        inputs={(name, period(YEAR)): values for name, values in inputs.items()},
    )


def _of_bills(table: pa.Table, dwellings: Sequence[Dwelling]) -> dict[str, NDArray[Any]]:
    def everywhere(values: list[Any]) -> NDArray[Any]:
        return np.tile(np.array(values), table.num_rows)

    secondary = np.array([dwelling.is_secondary for dwelling in dwellings])
    rental_values = _rental_values(table, dwellings)
    return {
        "nature_taxation": everywhere([dwelling.nature for dwelling in dwellings]),
        "valeur_locative_brute_principale": np.where(secondary, 0, rental_values).ravel(),
        "valeur_locative_brute_secondaire": np.where(secondary, rental_values, 0).ravel(),
        "personnes_a_charge": everywhere([dwelling.personnes_a_charge for dwelling in dwellings]),
        "enfants_residence_alternee": everywhere([dwelling.enfants_alternes for dwelling in dwellings]),
        "revenu_sous_seuil_1417_I": everywhere(["oui" if dwelling.modeste else "vide" for dwelling in dwellings]),
    }


def inputs_of_communes(table: pa.Table) -> Mapping[str, NDArray[Any]]:
    """Return the communes' voted figures under the law's names. The figures before adjustment are the same: the files know no others."""
    known = {name: table[name].to_numpy() for name in table.column_names}
    departments = known["departement"].astype(str)
    codes = known["code_insee"].astype(str)
    overseas = np.char.startswith(departments, OVERSEAS)
    inputs: dict[str, NDArray[Any]] = {
        "departement": np.where(overseas, OVERSEAS, departments).astype(object),
        "code_commune": np.array([code[2:] for code in codes.tolist()], dtype=object),
        "taux_commune": known["taux_commune"],
        "taux_epci": known["taux_epci"],
        "taux_global_2000": np.ones(len(codes)),  # not in the files: any rate passes its control, and no result reads it
        "appartenance_epci": np.where(known["taux_epci"] > 0, "oui", "vide"),
    }
    for before in ("", "_avant_ajustement"):
        for authority in ("commune", "epci"):
            inputs[f"deliberation_valeur_locative_moyenne_{authority}{before}"] = known[f"valeur_locative_moyenne_{authority}"].astype(np.int64)
            for name, column in ABATEMENTS.items():
                inputs[f"deliberation_quotite_{name}_{authority}{before}"] = known[f"{column}_{authority}"].astype(np.int64)
    return inputs


def check_reference(dwellings: Sequence[Dwelling], key: str) -> Dwelling:
    """Return the dwelling of that key. Raises DataError with the nearest names."""
    for dwelling in dwellings:
        if dwelling.key == key:
            return dwelling
    known = [dwelling.key for dwelling in dwellings]
    raise DataError(f"There is no typical dwelling `{key}`: expected one of {', '.join(known)}.{nearest(key, known)}")
