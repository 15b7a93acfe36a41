"""What benefits depend on and the law here does not say: housing aid, who is housed for nothing, and who asks for what is due.

Housing aid enters RSA and prime d'activité as a flat amount, and the disposable income. It is a datum, not law: drawn by the scheme's shape (rent up to
a ceiling, charges, less what the household must pay itself, which grows with its means), then brought to the official total by one factor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from population.france.dwellings import LOCATAIRE_HLM, LOCATAIRE_PRIVE, LOGE_GRATUITEMENT, PROPRIETAIRE
from population.france.lines import read_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from population.france.tables import Tables

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Generator = np.random.Generator

AIDS = "aides_au_logement"
# Arrêté of 27 September 2019 on personal housing aid, articles 7 to 17: amounts of 2022 in zone II, rounded; by dependants, couples apart
ALONE, COUPLE, DEPENDANTS, ONE_MORE = 263.0, 318.0, (359.0, 411.0, 463.0), 52.0
CHARGES, CHARGES_OF_ONE = 55.2, 12.5
LEAST_SHARE, LEAST = 0.085, 36.5
FREE_ALONE, FREE_COUPLE, FREE_DEPENDANTS = 4_800.0, 6_870.0, (8_190.0, 8_380.0, 8_700.0, 9_020.0, 9_340.0)
RATE_ALONE, RATE_COUPLE, RATE_DEPENDANTS = 0.0283, 0.0315, (0.0270, 0.0238, 0.0201, 0.0185, 0.0179)
RATE_OF_RENT = 0.003  # of the supplementary rate, which rests on the rent
OFF, LEAST_PAID = 5.0, 10.0
LIVES_IN_COMMUNITY = 1
LEAST_OF_STUDENTS = 7_800.0
MONTHS = 12
# DREES, Les Dossiers de la DREES 92, 2022 (year 2018): who is entitled to RSA and does not ask for it, with and without housing aid
RSA_NOT_ASKED = (0.57, 0.18)
# DGCS, Rapport d'évaluation de la prime d'activité, 2017: 73 % of those entitled ask
PRIME_NOT_ASKED = 0.27


def with_benefits(tables: Tables, means: Floats, weights: Floats, rng: Generator) -> Tables:
    """Add to the families what their benefits depend on; `means`: the RFR of each tax household, `weights`: those of households."""
    persons, homes, families = tables["individu"], tables["menage"], tables["famille"]
    count = len(families["famille_id"])
    family, household = persons["famille_id"], persons["menage_id"]
    at_home = np.zeros(count, bool)
    at_home[family[persons["menage_role"] == 0]] = True
    own = np.zeros(count, np.int64)
    own[family[persons["famille_role"] == 0]] = household[persons["famille_role"] == 0]
    tenure = homes["statut_occupation"][own]
    rent = np.where(at_home & np.isin(tenure, (LOCATAIRE_HLM, LOCATAIRE_PRIVE)), homes["loyer_annuel"][own] / MONTHS, 0.0)
    rent = np.where(homes["categorie_menage"][own] == LIVES_IN_COMMUNITY, ALONE, rent)  # homes and residences give right to it too
    aid = _aid(tables, means, rent)
    official = next(line.valeur for line in read_lines() if line.nom == AIDS)
    families[AIDS] = np.round(aid * MONTHS * official / (MONTHS * float(weights[own] @ aid)))
    families["loge_sans_charge"] = ~at_home | np.isin(tenure, (PROPRIETAIRE, LOGE_GRATUITEMENT))
    chance = rng.random((2, count))
    families["recours_rsa"] = chance[0] >= np.where(aid > 0, RSA_NOT_ASKED[1], RSA_NOT_ASKED[0])
    families["recours_prime_activite"] = chance[1] >= PRIME_NOT_ASKED
    return tables


def _aid(tables: Tables, means: Floats, rent: Floats) -> Floats:
    """Return the housing aid of a month for each family that pays such a rent."""
    persons, count = tables["individu"], len(rent)
    family, role = persons["famille_id"], persons["famille_role"]
    declares = (persons["foyer_fiscal_role"] == 0) & (role < 2)  # noqa: PLR2004 - parents, who may declare apart
    income = np.bincount(family[declares], weights=means[persons["foyer_fiscal_id"][declares]], minlength=count)
    student = np.zeros(count, bool)
    student[family[persons["etudiant"] & (role == 0)]] = True
    income = np.where(student, np.maximum(income, LEAST_OF_STUDENTS), income)
    couple = np.bincount(family[role == 1], minlength=count) > 0
    dependants = np.bincount(family[role > 1], minlength=count)

    def of(alone: float, two: float, more: tuple[float, ...]) -> Floats:
        return np.select([dependants > 0, couple], [np.array(more)[np.clip(dependants - 1, 0, len(more) - 1)], two], alone)

    ceiling = of(ALONE, COUPLE, DEPENDANTS) + ONE_MORE * np.maximum(dependants - len(DEPENDANTS), 0)
    eligible = np.minimum(rent, ceiling) + CHARGES + CHARGES_OF_ONE * dependants
    free, rate = of(FREE_ALONE, FREE_COUPLE, FREE_DEPENDANTS), of(RATE_ALONE, RATE_COUPLE, RATE_DEPENDANTS) + RATE_OF_RENT
    aid = eligible - np.maximum(LEAST_SHARE * eligible, LEAST) - rate * np.maximum(income - free, 0) - OFF
    return np.where((rent > 0) & (aid >= LEAST_PAID), aid, 0.0)
