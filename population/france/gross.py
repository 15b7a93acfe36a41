"""Gross wages, unemployment benefits and pensions, found from the taxable ones by the law itself.

The tables give what is gross: the law makes it net and taxable, so that a reform of contributions reaches the income tax. Rates of CSG on
benefits and pensions rest on the reference income of the year before last: that of the year, less two years' growth of wages and pensions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.periods import period
from legislation.cotisations.inversion import chomage_brut_annuel, retraite_brute_annuelle, salaire_brut_annuel
from population.france.ageing import growth
from population.france.bands import NET_OF_TENTH
from population.france.incomes import ETUDIANT
from population.france.lines import RFR, YEAR
from population.france.measures import calculated
from population.france.people import CONJOINT, ENFANT
from population.france.tables import columns_of
from population.france.working_year import MONTHS, by_month, working_years

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from population.france.tables import Tables
    from population.france.working_year import WorkingYear

    Floats = NDArray[np.float64]
    Generator = np.random.Generator

NON_CADRE, CADRE, FONCTIONNAIRE = range(3)
CIVIL_SERVANTS = 0.21  # of those who work all year round
BONUSES = 0.238  # share of a civil servant's gross wage, 2021 (DGAFP, Rapport annuel sur l'état de la fonction publique, 2023)
WITHOUT_SUPPORT = 0.4
RATE = "taux_csg_remplacement"


def with_gross(tables: Tables, law: Legislation, rng: Generator) -> tuple[Tables, Floats]:
    """Return the tables with gross amounts in the place of the taxable ones, and what contributions depend on; and the RFR of tax households."""
    persons, foyers = tables["individu"], tables["foyer_fiscal"]
    wages, unemployment, pensions = (persons[name] for name in ("salaires", "allocations_chomage", "pensions_retraite"))
    year = working_years(wages, unemployment, rng)
    categories = _categories(wages, year, rng)
    rfr = calculated(columns_of(tables, law, YEAR), law, YEAR, [RFR])[RFR]
    retired = np.bincount(persons["foyer_fiscal_id"], weights=NET_OF_TENTH * pensions, minlength=len(rfr)) / np.maximum(rfr, 1.0)
    foyers["rfr_avant_derniere_annee"] = np.round(rfr / _growth_of_two_years(np.clip(retired, 0.0, 1.0)))
    january = period(YEAR).first_month
    rates = calculated(columns_of(tables, law, YEAR), law, YEAR, [RATE], {RATE: january})[RATE].astype(np.int64)
    if law.variable(RATE).entity.key == "foyer_fiscal":
        rates = rates[persons["foyer_fiscal_id"]]
    for name in ("salaires", "allocations_chomage", "pensions_retraite"):
        del persons[name]
    gross = _gross(
        wages,
        year.worked,
        lambda taxable, rows: salaire_brut_annuel(taxable, YEAR, categorie=categories[rows], quotite=year.part[rows], part_primes=BONUSES, law=law),
    )
    benefits = _gross(unemployment, year.paid, lambda taxable, rows: chomage_brut_annuel(taxable, YEAR, taux=rates[rows], law=law))
    persons |= by_month("salaire_brut", gross, [year.works_in(month) for month in range(MONTHS)])
    persons |= by_month("chomage_brut", benefits, [year.is_paid_in(month) for month in range(MONTHS)])
    persons |= {
        "categorie_salarie": categories,
        "quotite_travail": year.part,
        "primes_fonction_publique": np.round(np.where(categories == FONCTIONNAIRE, BONUSES * gross, 0.0)),
        "retraite_brute": _where(pensions, lambda rows: retraite_brute_annuelle(pensions[rows], YEAR, taux=rates[rows], law=law)),
        "mois_naissance": rng.integers(1, 13, len(wages)),
        "prive_de_soutien": _without_support(tables, rng),
        "etudiant": persons["activite"] == ETUDIANT,
    }
    return tables, rfr


def _growth_of_two_years(retired: Floats) -> Floats:
    """Return by what RFR have grown in two years; `retired`: the share of pensions, which grow less than wages do."""
    of_pensions, of_wages = (growth(name, YEAR - 2, YEAR) for name in ("pensions_retraite", "salaires"))
    return of_wages + (of_pensions - of_wages) * retired


def _without_support(tables: Tables, rng: Generator) -> NDArray[np.int64]:
    """Return which children have no support of one parent: in many households of a lone parent, all of them."""
    persons = tables["individu"]
    household, role = persons["menage_id"], persons["menage_role"]
    couples = np.bincount(household[role == CONJOINT], minlength=int(household.max()) + 1) > 0
    concerned = ~couples & (rng.random(len(couples)) < WITHOUT_SUPPORT)
    return np.asarray((role == ENFANT) & concerned[household]).astype(np.int64)


def _gross(amounts: Floats, months: NDArray[np.int64], gross_of: Callable[[Floats, NDArray[np.int64]], Floats]) -> Floats:
    """Return gross yearly amounts, paid in some months of the year only: ceilings and minimum wages are those of these months."""
    rows = np.flatnonzero((amounts > 0) & (months > 0))
    found, share = np.zeros(len(amounts)), months[rows] / MONTHS
    found[rows] = gross_of(amounts[rows] / share, rows) * share
    return found


def _where(amounts: Floats, gross_of: Callable[[NDArray[np.int64]], Floats]) -> Floats:
    """Return gross amounts in whole euros, 0 where there is nothing taxable."""
    rows = np.flatnonzero(amounts > 0)
    found = np.zeros(len(amounts))
    found[rows] = np.round(gross_of(rows))
    return found


def _categories(wages: Floats, year: WorkingYear, rng: Generator) -> NDArray[np.int64]:
    """Return who is a civil servant (all year round), and who a manager: more of those who earn more."""
    chance = rng.random(len(wages))
    monthly = wages / np.maximum(year.worked, 1) / year.part
    managers = np.interp(monthly, (1_700, 2_700, 4_200, 7_500), (0.02, 0.2, 0.65, 0.9))
    civil = CIVIL_SERVANTS * (year.worked == MONTHS) * (wages > 12_000) * (wages < 90_000)  # noqa: PLR2004
    return np.where(chance < civil, FONCTIONNAIRE, np.where(chance < civil + (1 - civil) * managers, CADRE, NON_CADRE))
