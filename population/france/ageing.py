"""Takes the invented France to another year: incomes grow by their inflators, weights by the number of tax households.

Persons keep their ages and the place of their income among the others: nobody is born, dies, marries or finds work. Series and sources stand in
`cibles/masses.csv` (incomes as declared, by kind), `cibles/inflateurs.csv` and `cibles/foyers.csv`; after their last year the last growth goes on.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import numpy as np

from engine.errors import DataError

FOLDER = "population.france.cibles"
FIRST, LAST = 2015, 2027

WAGES, PENSIONS, BENEFITS, PRICES, RENTS, INCOME = (
    "salaire_moyen_par_tete",
    "pensions",
    "allocations_chomage",
    "prix_a_la_consommation",
    "loyers_irl",
    "pib_nominal_par_tete",
)
CAPITAL, PROPERTY, PROFITS = "capitaux", "foncier", "independants"
# totals declared, by tax household; beyond the years where they are known, an inflator goes on
MASSES = {
    WAGES: ("salaires_et_chomage", WAGES),
    PENSIONS: ("pensions", PENSIONS),
    CAPITAL: ("capitaux", INCOME),
    PROPERTY: ("foncier", RENTS),
    PROFITS: ("independants", WAGES),
}
SERIES = {
    "salaires": WAGES,
    "salaire_brut": WAGES,
    "primes_fonction_publique": WAGES,
    "remunerations_gerants": WAGES,
    "frais_professionnels_reels": WAGES,
    "benefices_professionnels": PROFITS,
    "rfr_avant_derniere_annee": WAGES,
    "allocations_chomage": BENEFITS,
    "chomage_brut": BENEFITS,
    "pensions_retraite": PENSIONS,
    "retraite_brute": PENSIONS,
    "pensions_alimentaires_percues": PRICES,
    "interets": CAPITAL,
    "dividendes": CAPITAL,
    "plus_values_mobilieres": INCOME,
    "loyers_micro_foncier": PROPERTY,
    "revenus_fonciers_nets": PROPERTY,
    "loyer_annuel": RENTS,
    "aides_au_logement": RENTS,
    "autres_pensions_versees": PRICES,
    "pension_enfant_majeur": PRICES,
    "cotisations_syndicales": PRICES,
    "depenses_dependance": PRICES,
    "depenses_emploi_domicile": PRICES,
    "garde_premier_enfant": PRICES,
    "garde_deuxieme_enfant": PRICES,
    "dons_aide_aux_personnes": PRICES,
    "dons_aux_oeuvres": PRICES,
    "valeur_locative_brute_principale": PRICES,
    "valeur_locative_brute_secondaire": PRICES,
}


def growth(name: str, start: int, end: int) -> float:
    """Return by what a column grows from one year to another; 1 for what does not grow. Raises DataError for years out of reach."""
    series = SERIES.get(name)
    return 1.0 if series is None else _index(series, end) / _index(series, start)


def growth_of_weights(start: int, end: int) -> float:
    """Return by what the number of tax households grows. Raises DataError for years out of reach."""
    return _foyers(end) / _foyers(start)


def _index(series: str, year: int) -> float:
    _check(year)
    if series not in MASSES:
        return _inflated(series, FIRST, year)
    kind, inflator = MASSES[series]
    masses = _masses(kind)
    known = min(max(year, min(masses)), max(masses))  # what was declared, by tax household, as far as it is known
    declared = float(np.exp(np.interp(known, list(masses), np.log(list(masses.values()))))) / _foyers(known)
    return declared * _inflated(inflator, known, year)


def _inflated(series: str, start: int, end: int) -> float:
    """Return by what an inflator grows from one year to another, which may be before."""
    if end < start:
        return 1 / _inflated(series, end, start)
    rates, index = _rates()[series], 1.0
    for one in range(start + 1, end + 1):
        index *= 1 + rates[min(max(one, min(rates)), max(rates))] / 100
    return index


def _foyers(year: int) -> float:
    _check(year)
    known = _counts()
    if year in known:
        return known[year]
    last = max(known)
    return known[last] * (known[last] / known[last - 1]) ** (year - last)


def _check(year: int) -> None:
    if not FIRST <= year <= LAST:
        raise DataError(f"The population cannot be taken to {year}: expected a year from {FIRST} to {LAST}.")


@cache
def _rates() -> dict[str, dict[int, float]]:
    """Return growth in per cent by series and year."""
    rates: dict[str, dict[int, float]] = {}
    with (files(FOLDER) / "inflateurs.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["unite"] == "%":
                rates.setdefault(row["serie"], {})[int(row["annee"])] = float(row["valeur"])
    return rates


@cache
def _masses(kind: str) -> dict[int, float]:
    """Return declared totals by year, where they are known."""
    with (files(FOLDER) / "masses.csv").open(encoding="utf-8") as stream:
        return {int(row["annee"]): float(row[kind]) for row in csv.DictReader(stream) if row[kind]}


@cache
def _counts() -> dict[int, float]:
    with (files(FOLDER) / "foyers.csv").open(encoding="utf-8") as stream:
        return {int(row["annee"]): float(row["foyers_fiscaux"]) for row in csv.DictReader(stream)}
