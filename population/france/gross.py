"""Gross wages, unemployment benefits and pensions, found from the taxable ones by the law itself.

The tables give what is gross: the law makes it net and taxable, so that a reform of contributions reaches the income tax. Rates of CSG on
benefits and pensions rest on the reference income of the year before last: that of the year, less two years' growth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.periods import period
from legislation.cotisations.inversion import chomage_brut_annuel, retraite_brute_annuelle, salaire_brut_annuel
from population.france.incomes import ETUDIANT
from population.france.lines import RFR, YEAR
from population.france.measures import calculated
from population.france.people import CONJOINT, ENFANT
from population.france.tables import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from population.france.tables import Tables

    Floats = NDArray[np.float64]
    Generator = np.random.Generator

NON_CADRE, CADRE, FONCTIONNAIRE = range(3)
CIVIL_SERVANTS = 0.17
WITHOUT_SUPPORT = 0.4
TWO_YEARS_OF_GROWTH = 1.08
RATE = "taux_csg_remplacement"


def with_gross(tables: Tables, law: Legislation, rng: Generator) -> Tables:
    """Return the tables with gross amounts in the place of the taxable ones, and what contributions depend on."""
    persons, foyers = tables["individu"], tables["foyer_fiscal"]
    wages, unemployment, pensions = (persons[name] for name in ("salaires", "allocations_chomage", "pensions_retraite"))
    categories = _categories(wages, rng)
    rfr = calculated(columns_of(tables, law, YEAR), law, YEAR, [RFR])[RFR]
    foyers["rfr_avant_derniere_annee"] = np.round(rfr / TWO_YEARS_OF_GROWTH)
    january = period(YEAR).first_month
    rates = calculated(columns_of(tables, law, YEAR), law, YEAR, [RATE], {RATE: january})[RATE].astype(np.int64)
    if law.variable(RATE).entity.key == "foyer_fiscal":
        rates = rates[persons["foyer_fiscal_id"]]
    for name in ("salaires", "allocations_chomage", "pensions_retraite"):
        del persons[name]
    persons |= {
        "salaire_brut": _where(wages, lambda rows: salaire_brut_annuel(wages[rows], YEAR, categorie=categories[rows], law=law)),
        "categorie_salarie": categories,
        "chomage_brut": _where(unemployment, lambda rows: chomage_brut_annuel(unemployment[rows], YEAR, taux=rates[rows], law=law)),
        "retraite_brute": _where(pensions, lambda rows: retraite_brute_annuelle(pensions[rows], YEAR, taux=rates[rows], law=law)),
        "mois_naissance": rng.integers(1, 13, len(wages)),
        "prive_de_soutien": _without_support(tables, rng),
        "etudiant": persons["activite"] == ETUDIANT,
    }
    return tables


def _without_support(tables: Tables, rng: Generator) -> NDArray[np.int64]:
    """Return which children have no support of one parent: in many households of a lone parent, all of them."""
    persons = tables["individu"]
    household, role = persons["menage_id"], persons["menage_role"]
    couples = np.bincount(household[role == CONJOINT], minlength=int(household.max()) + 1) > 0
    concerned = ~couples & (rng.random(len(couples)) < WITHOUT_SUPPORT)
    return np.asarray((role == ENFANT) & concerned[household]).astype(np.int64)


def _where(amounts: Floats, gross_of: Callable[[NDArray[np.int64]], Floats]) -> Floats:
    """Return gross amounts in whole euros, 0 where there is nothing taxable."""
    rows = np.flatnonzero(amounts > 0)
    found = np.zeros(len(amounts))
    found[rows] = np.round(gross_of(rows))
    return found


def _categories(wages: Floats, rng: Generator) -> NDArray[np.int64]:
    """Return who is a civil servant, and who a manager: more of those who earn more."""
    chance = rng.random(len(wages))
    managers = np.interp(wages, (20_000, 32_000, 50_000, 90_000), (0.02, 0.2, 0.65, 0.9))
    civil = CIVIL_SERVANTS * (wages > 12_000) * (wages < 90_000)  # noqa: PLR2004
    return np.where(chance < civil, FONCTIONNAIRE, np.where(chance < civil + (1 - civil) * managers, CADRE, NON_CADRE))
