"""What each tax household earns: a rank among all, the RFR that this rank has, and the incomes that make such an RFR.

Ranks follow from who they are (couples, ages, children at home) and from chance; shares of capital, property and self-employment grow with
the rank as the official bands show. What is left is wages, unemployment benefits and pensions of the persons who have such.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from population.france.people import COMMUNAUTE, ENFANT, FEMME, HORS_POPULATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from population.france.bands import Curve
    from population.france.people import People
    from population.france.units import Units

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Generator = np.random.Generator

INACTIF, SALARIE, INDEPENDANT, CHOMEUR, RETRAITE, ETUDIANT = range(6)

# Households that the sample holds more of: a fifth is drawn with a chance that grows towards the top.
SHARE_OF_RICH, POWER_OF_RICH = 0.2, 0.25

# by the share of tax households that are richer
MANY_CHILDREN = 3
RANKS = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 4e-3, 1e-3, 2e-4, 2e-5, 2e-6)
# who has such an income, and what share of the RFR it is, on average over all
SELF_EMPLOYED = ((0.11, 0.13, 0.14, 0.17, 0.23, 0.32, 0.42, 0.36, 0.24, 0.14, 0.1), (0.07, 0.05, 0.055, 0.08, 0.14, 0.22, 0.32, 0.26, 0.14, 0.05, 0.03))
LANDLORDS = ((0.03, 0.09, 0.18, 0.27, 0.37, 0.48, 0.56, 0.6, 0.55, 0.5, 0.5), (0.008, 0.012, 0.018, 0.026, 0.036, 0.05, 0.065, 0.055, 0.035, 0.015, 0.01))
CAPITAL = ((0.15, 0.33, 0.6, 0.75, 0.85, 0.92, 0.97, 0.99, 1, 1, 1), (0.008, 0.013, 0.016, 0.02, 0.029, 0.055, 0.14, 0.28, 0.45, 0.58, 0.6))
GAINS = ((1e-4, 6e-4, 2.5e-3, 6e-3, 0.014, 0.045, 0.17, 0.4, 0.65, 0.85, 0.9), (0, 1.5e-4, 6e-4, 2e-3, 6e-3, 0.02, 0.12, 0.26, 0.36, 0.4, 0.4))
# whose earned income is taxed as wages without being one (managers who own their firm, wages from abroad)
OTHER_WAGES = (0.03, 0.04, 0.06, 0.09, 0.13, 0.2, 0.28, 0.28, 0.2, 0.15, 0.1)
INTEREST_SHARE = (0.9, 0.8, 0.75, 0.7, 0.65, 0.5, 0.35, 0.25, 0.15, 0.1, 0.1)
RETIRED = {54: 0.0, 55: 0.02, 59: 0.08, 60: 0.16, 61: 0.26, 62: 0.5, 63: 0.64, 64: 0.72, 65: 0.82, 66: 0.88, 67: 0.95, 70: 0.985}
STUDENTS = {15: 1.0, 16: 0.97, 17: 0.92, 18: 0.8, 19: 0.68, 20: 0.58, 21: 0.46, 22: 0.36, 23: 0.25, 25: 0.08, 28: 0.0}
MOST_NOT_LABOUR = 0.98
INVALID_OR_WIDOWED = 0.25
SOME_WAGE = 0.2
MOST_BENEFITS = 12_500.0  # twelve months of a mean benefit, net of the tenth


@dataclass
class Incomes:
    """Amounts in euros a year: of each tax household, and of each of its one or two declarants (0 where there is no second)."""

    wanted: Floats
    above: Floats
    wages: Floats
    unemployment: Floats
    pensions: Floats
    profits: Floats
    others: Floats  # taxed as wages, without the contributions of wages
    foyer: dict[str, Floats] = field(default_factory=dict)

    def scale_labour(self, factor: Floats) -> None:
        """Multiply what comes from work and pensions."""
        by_person = factor[:, None]
        self.wages, self.unemployment = self.wages * by_person, self.unemployment * by_person
        self.pensions, self.profits, self.others = self.pensions * by_person, self.profits * by_person, self.others * by_person


def chances(households: int, rng: Generator) -> tuple[Floats, Floats]:
    """Return for each household its share from the top (evenly spread in the sample's own density), and the weight that makes up for it."""
    grid = np.concatenate([[0.0], np.geomspace(1e-9, 1, 20_001)])
    mass = (1 - SHARE_OF_RICH) * grid + SHARE_OF_RICH * grid**POWER_OF_RICH
    share = np.interp((rng.permutation(households) + rng.random(households)) / households, mass, grid)
    density = (1 - SHARE_OF_RICH) + SHARE_OF_RICH * POWER_OF_RICH * np.maximum(share, 1e-9) ** (POWER_OF_RICH - 1)
    return share, 1 / density


def activities(people: People, rng: Generator) -> Ints:
    """Return what each person does, by age and sex."""
    chance, age = rng.random(len(people.age)), people.age
    retired = chance < np.interp(age, list(RETIRED), list(RETIRED.values()), left=0.0)
    student = (age >= 15) & (chance < np.interp(age, list(STUDENTS), list(STUDENTS.values()), right=0.0))  # noqa: PLR2004 - the age from which the census asks
    student &= (age < 22) | (people.role == ENFANT) | (rng.random(len(age)) < 0.6)  # noqa: PLR2004
    inactive = (age < 15) | (rng.random(len(age)) < np.where(people.sex == FEMME, 0.23, 0.12) + 0.15 * (age > 58))  # noqa: PLR2004
    return np.select([retired, student, inactive], [RETRAITE, ETUDIANT, INACTIF], SALARIE)


def scores(people: People, units: Units, activity: Ints, share: Floats, rng: Generator) -> Floats:
    """Return the latent income by which tax households are ranked; that of the first in each household knows no chance but the household's."""
    head, spouse = units.head, units.spouse
    of_household = -ndtri(np.clip(share, 1e-12, 1 - 1e-12))[people.household[head]]
    own = np.clip(rng.normal(0, 1, len(head)), -2.5, 2.0)
    luck = np.where(units.declares_apart, 0.45 * np.minimum(of_household, 2.5) + 0.89 * own, of_household)
    age, kind = people.age[head], people.type[people.household[head]]
    retired = activity[head] == RETRAITE
    both = np.where(spouse >= 0, (activity[spouse] == SALARIE) | (activity[spouse] == RETRAITE), False)  # noqa: FBT003
    level = np.interp(age, (18, 22, 26, 32, 45, 60, 75, 90), (-1.9, -1.0, -0.25, -0.02, 0.12, 0.08, 0.0, -0.05))
    level += (
        np.where(spouse >= 0, 0.74 + 0.44 * both, -0.04)
        - 0.22 * (units.children >= MANY_CHILDREN)
        - 0.55 * (activity[head] == INACTIF)
        - 0.9 * (activity[head] == ETUDIANT)
    )
    level += np.where(units.declares_apart & (people.role[head] == ENFANT), -0.35, 0.0)
    level -= np.where(_without_work(units, activity) & (rng.random(len(head)) > INVALID_OR_WIDOWED), 1.6, 0.0)
    level += np.select([kind == COMMUNAUTE, kind == HORS_POPULATION], [-0.1, -0.5], 0.0)
    spread = np.where(retired, 0.42, np.where(spouse >= 0, 0.74, 0.66))
    tail = np.where(spouse >= 0, 0.0, 0.5) * np.maximum(luck - 1.5, 0)  # few who are alone are rich, but some are very
    return np.asarray(level - 0.44 * retired + spread * luck + tail)


def _without_work(units: Units, activity: Ints) -> Bools:
    """Return where nobody works, studies or is retired: most of these live on benefits that are not taxed."""
    idle = activity == INACTIF
    return np.asarray(idle[units.head] & ((units.spouse < 0) | idle[units.spouse]))


def ranks(score: Floats, weights: Floats) -> Floats:
    """Return for each the share of the total weight that stands above it, itself by half."""
    order = np.argsort(-score, kind="stable")
    above = np.empty(len(score))
    total = np.cumsum(weights[order])
    above[order] = (total - weights[order] / 2) / total[-1]
    return above


def incomes(people: People, units: Units, activity: Ints, curve: Curve, weights: Floats, share: Floats, rng: Generator) -> Incomes:
    """Return the incomes of each tax household; `weights` are those of the households that they live in."""
    score = scores(people, units, activity, share, rng)
    above = ranks(score, weights[people.household[units.head]])
    wanted = curve.incomes(above)
    wages, unemployment, pensions, earned = (np.zeros((units.count, 2)) for _ in range(4))
    found = Incomes(wanted, above, wages, unemployment, pensions, earned, np.zeros((units.count, 2)))
    profits = _profits(above, wanted, rng)
    has_workers = np.zeros(units.count, bool)
    for slot in (units.head, units.spouse):
        has_workers |= (slot >= 0) & (activity[slot] == SALARIE)
    profits[~has_workers] = 0
    rents, capital, gains = (_drawn(kind, above, wanted, rng) for kind in (LANDLORDS, CAPITAL, GAINS))
    together = profits + rents + capital + gains
    shrink = np.minimum(1, MOST_NOT_LABOUR * wanted / np.maximum(together, 1e-9))
    interest = np.clip(_by_rank(INTEREST_SHARE, above) + rng.normal(0, 0.25, units.count), 0, 1)
    _property(found, rents * shrink, rng)
    found.foyer |= {
        "interets": capital * shrink * interest,
        "dividendes": capital * shrink * (1 - interest),
        "plus_values_mobilieres": gains * shrink,
    }
    _labour(found, people, units, activity, (wanted - together * shrink, profits * shrink), rng)
    return found


def profits_and_property(above: Floats) -> Floats:
    """Return what share of the incomes that are neither wages nor pensions are profits, and property income, by rank."""
    profits, rents, capital, gains = (_by_rank(kind[1], above) for kind in (SELF_EMPLOYED, LANDLORDS, CAPITAL, GAINS))
    return np.asarray(np.stack([profits, rents]) / (profits + rents + capital + gains))


def _by_rank(values: Sequence[float], above: Floats) -> Floats:
    return np.interp(-np.log(np.maximum(above, 1e-12)), -np.log(RANKS), values)


def _drawn(kind: tuple[Sequence[float], Sequence[float]], above: Floats, wanted: Floats, rng: Generator, spread: float = 0.8) -> Floats:
    """Return amounts of an income that some have: who has it by chance, how much around the share that its rank has on average."""
    having, share = _by_rank(kind[0], above), _by_rank(kind[1], above)
    some = rng.random(len(above)) < having
    return np.where(some, wanted * share / np.maximum(having, 1e-9) * np.exp(rng.normal(-(spread**2) / 2, spread, len(above))), 0.0)


def _profits(above: Floats, wanted: Floats, rng: Generator) -> Floats:
    """Return profits: for some all that they earn, for the others a part, so that each rank has its share on average."""
    having, share = _by_rank(SELF_EMPLOYED[0], above), _by_rank(SELF_EMPLOYED[1], above)
    mean = np.clip(share / having, 0.05, 0.9)
    only = rng.random(len(above)) < np.maximum(mean - 0.15, 0.1) / 0.85
    part = np.where(only, MOST_NOT_LABOUR, rng.beta(1.2, 6.0, len(above)))
    return np.where(rng.random(len(above)) < having, wanted * part, 0.0)


def _property(found: Incomes, rents: Floats, rng: Generator) -> None:
    """Declare rents as micro-foncier (up to the ceiling of the law, 30 % off) or as net income of the real regime."""
    micro = (rents > 0) & (rents < 10_000) & (rng.random(len(rents)) < 0.62)  # noqa: PLR2004 - 15,000 euros of rent less 30 %
    found.foyer["loyers_micro_foncier"] = np.where(micro, rents / 0.7, 0.0)
    found.foyer["revenus_fonciers_nets"] = np.where(micro, 0.0, rents)


def _labour(found: Incomes, people: People, units: Units, activity: Ints, amounts: tuple[Floats, Floats], rng: Generator) -> None:
    """Share what is left among the declarants, by what they do; `amounts`: the net income of work and pensions, and the profits."""
    labour, profits = amounts
    slots = np.stack([units.head, units.spouse], axis=1)
    there = slots >= 0
    does = np.where(there, activity[slots], -1)
    woman = people.sex[slots] == FEMME
    power = np.select([does == SALARIE, does == RETRAITE, does == ETUDIANT, does == INACTIF], [1.0, 0.85, 0.12, 0.03], 0.0) * np.where(woman, 0.78, 1.0)
    power *= np.exp(rng.normal(0, 0.45, power.shape)) * there
    # beside a partner who works or is retired, most of those who do neither declare nothing
    beside = np.isin(does, (INACTIF, ETUDIANT)) & np.isin(does[:, ::-1], (SALARIE, RETRAITE)) & there[:, ::-1]
    power = np.where(beside, np.where(rng.random(power.shape) < SOME_WAGE, 0.12, 0.0), power)
    parts = power / np.maximum(power.sum(axis=1, keepdims=True), 1e-12)
    workers = power * (does == SALARIE)
    found.profits += profits[:, None] * workers / np.maximum(workers.sum(axis=1, keepdims=True), 1e-12)
    net = labour[:, None] * parts
    is_pension = does == RETRAITE
    # a few who are retired work, and a few who work have a pension (widowed, invalid)
    mixed = rng.random(net.shape) < np.where(is_pension, 0.02, 0.025)
    share_of_pension = np.where(is_pension, np.where(mixed, 0.7, 1.0), np.where(mixed, 0.35, 0.0))
    share_of_pension[(does == INACTIF) & (rng.random(net.shape) < INVALID_OR_WIDOWED)] = 1.0
    pension, wage = net * share_of_pension, net * (1 - share_of_pension)
    jobless = (does == SALARIE) & (rng.random(net.shape) < np.interp(found.above, (0.0, 0.1, 0.5, 0.8, 1.0), (0.06, 0.1, 0.24, 0.34, 0.28))[:, None])
    all_year = rng.random(net.shape) < np.interp(found.above, (0.3, 0.7, 0.9), (0.01, 0.16, 0.45))[:, None]
    share_of_benefit = np.where(jobless, np.where(all_year, 1.0, rng.beta(1.0, 1.7, net.shape)), 0.0)
    most = MOST_BENEFITS * np.exp(rng.normal(0, 0.35, net.shape))  # benefits have a ceiling, and few are paid all year round: the rest is wages
    share_of_benefit = np.minimum(share_of_benefit, most / np.maximum(wage, 1.0))
    found.pensions += pension / 0.9
    other = (rng.random(net.shape) < _by_rank(OTHER_WAGES, found.above)[:, None]) & ~jobless & (does == SALARIE)
    found.others += np.where(other, wage / 0.9, 0.0)
    found.wages += np.where(other, 0.0, wage * (1 - share_of_benefit)) / 0.9
    found.unemployment += wage * share_of_benefit / 0.9
