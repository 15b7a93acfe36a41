"""What a tax household declares beside its incomes: alimony, actual costs, disability, gifts, employees at home, schooling, child care.

Who claims what is drawn by age, children and rank. Reductions and credits that the law here does not know (investment in rental housing, funds,
energy works) are stood in for by employment at home and gifts, so that the total of reductions and credits is the official one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from population.france.people import ENFANT, FEMME
from population.france.units import CELIBATAIRE, DIVORCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from population.france.incomes import Incomes
    from population.france.people import People
    from population.france.units import Units

    Floats = NDArray[np.float64]
    Generator = np.random.Generator

VETERANS_AGE = 75
YOUNG_CHILD = 6
# The credit for employment at home went for 60 % to the richest tenth of households in 2007 (Marbot and Roy, Insee Analyses 1, 2011); less since it is a
# credit for all. Rental investment, which it stands in for too, is theirs as well.
SPENT_ON_HELP = ((0, 0.01, 0.05, 0.1, 0.2, 0.5), (13_000, 11_000, 7_500, 5_500, 3_400, 2_000))
COLLEGE, LYCEE = (11, 14), (15, 17)


def declarations(people: People, units: Units, incomes: Incomes, rng: Generator) -> dict[str, NDArray[np.generic]]:
    """Return what each tax household declares, by the law's names."""
    count, above, wanted = units.count, incomes.above, incomes.wanted
    age, woman = people.age[units.head], people.sex[units.head] == FEMME

    def some(chance: Floats | float) -> NDArray[np.bool_]:
        return rng.random(count) < chance

    def amount(mean: Floats | float, spread: float = 0.8) -> Floats:
        return np.asarray(mean * np.exp(rng.normal(-(spread**2) / 2, spread, count)))

    dependants = units.children + units.attached
    lone_parent = units.alone & (dependants + units.alternating > 0) & np.isin(units.situation, (CELIBATAIRE, DIVORCE))
    raised_alone = units.alone & (dependants + units.alternating == 0) & (age > 55) & some(np.where(woman, 0.2, 0.04))  # noqa: PLR2004
    veteran = (age >= VETERANS_AGE) & some(np.where(woman & (units.spouse < 0), 0.1, 0.22))
    young = _children_of(people, units, 0, YOUNG_CHILD - 1)
    cared = (young > 0) & some(np.interp(above, (0.02, 0.35, 0.6, 0.8, 1), (0.64, 0.55, 0.15, 0.04, 0.01)))
    helped = some(np.interp(above, (0, 0.05, 0.2, 0.35, 0.5, 0.6, 0.75, 1), (0.6, 0.4, 0.24, 0.19, 0.11, 0.04, 0.01, 0.002)) * np.where(age > 70, 1.8, 1.0))  # noqa: PLR2004
    giving = some(np.interp(above, (0, 0.05, 0.3, 0.6, 1), (0.5, 0.32, 0.19, 0.08, 0.01)))
    schooled = some(0.75)
    home = (age > 82) & some(0.06)  # noqa: PLR2004
    father = ~woman & units.alone & (age > 28) & (age < 62) & (units.alternating == 0) & some(0.12)  # noqa: PLR2004
    return {
        "parent_isole": lone_parent,
        "enfant_eleve_seul": raised_alone,
        "ancien_combattant": veteran,
        "enfants_a_charge": units.children,
        "enfants_a_charge_invalides": np.minimum(units.children, np.asarray(some(0.033) & (units.children > 0)).astype(np.int64)),
        "enfants_en_alternance": units.alternating,
        "enfants_majeurs_rattaches": units.attached,
        "autres_personnes_invalides": (some(0.0011)).astype(np.int64),
        "option_bareme": some(np.where(above > 0.25, 0.75, 0.08)),  # noqa: PLR2004 - the scale's 11 % is less than the flat rate
        "autres_pensions_versees": np.where(father & (wanted > 14_000), amount(np.minimum(3_000, 0.12 * wanted), 0.5), 0.0),  # noqa: PLR2004
        "pension_enfant_majeur": np.where((age > 45) & (age < 68) & some(0.05), np.minimum(amount(3_400, 0.5), 6_300), 0.0),  # noqa: PLR2004
        "cotisations_syndicales": np.where(some(np.interp(above, (0, 0.45, 0.65, 1), (0.06, 0.05, 0.01, 0.0))), amount(160, 0.5), 0.0),
        "depenses_dependance": np.where(home, 9_000.0, 0.0),
        "depenses_emploi_domicile": np.where(helped & (wanted > 5_000), amount(np.interp(above, *SPENT_ON_HELP)), 0.0),  # noqa: PLR2004
        "garde_premier_enfant": np.where(cared, amount(2_700, 0.4), 0.0),
        "garde_deuxieme_enfant": np.where(cared & (young > 1), amount(2_300, 0.4), 0.0),
        "dons_aide_aux_personnes": np.where(giving & some(0.3), amount(220), 0.0),
        "dons_aux_oeuvres": np.where(giving, amount(np.minimum(0.011 * wanted, 20_000)), 0.0),
        "enfants_au_college": np.where(schooled, _children_of(people, units, *COLLEGE), 0),
        "enfants_au_lycee": np.where(schooled, _children_of(people, units, *LYCEE), 0),
        "enfants_dans_le_superieur": np.where(schooled, units.attached, 0),
    }


def actual_costs(wages: Floats, rng: Generator) -> Floats:
    """Return the actual costs of the few wage earners who claim them: more than the flat tenth."""
    claiming = (wages > 8_000) & (rng.random(wages.shape) < 0.09)  # noqa: PLR2004
    return np.where(claiming, wages * (0.11 + rng.exponential(0.06, wages.shape)), 0.0)


def _children_of(people: People, units: Units, youngest: int, eldest: int) -> NDArray[np.int64]:
    """Return how many of a tax household's children at home are of some ages."""
    rows = (people.role == ENFANT) & (people.age >= youngest) & (people.age <= eldest)
    return np.bincount(units.foyer[rows], minlength=units.count)
