"""Tax households and families: who declares with whom, who receives benefits with whom.

A married couple, or one bound by a PACS, declares together; other couples declare apart, and their children with one of the two.
Children of full age are attached to their parents' household, or declare for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from population.france.people import CONJOINT, ENFANT, FEMME, MAJORITY, REFERENCE, People

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Generator = np.random.Generator

DECLARANT, CONJOINT_FOYER, A_CHARGE = range(3)
DEMANDEUR, CONJOINT_FAMILLE, ENFANT_FAMILLE = range(3)
CELIBATAIRE, MARIE, PACSE, DIVORCE, VEUF = range(5)

# share of couples that are married or bound by a PACS, by the reference person's age
TOGETHER = {20: 0.3, 27: 0.52, 35: 0.74, 45: 0.82, 55: 0.88, 65: 0.95, 80: 0.98}
PACS_AMONG_THEM = {20: 0.6, 27: 0.5, 35: 0.25, 45: 0.12, 55: 0.05, 65: 0.02, 80: 0.0}
ATTACHED = {18: 0.8, 19: 0.72, 20: 0.6, 21: 0.48, 22: 0.42, 23: 0.33, 24: 0.2, 25: 0.06, 26: 0.0}
CHILD_OF_BENEFITS = 20
ALTERNATING_OF_LONE_PARENTS = 0.105
ALTERNATING_FATHERS_ALONE = 0.064  # of men of 28 to 58 who live without the children that alternate


@dataclass(frozen=True)
class Units:
    """For each person the row and role in tax household and family; for each tax household what it declares of itself."""

    foyer: Ints
    role: Ints
    famille: Ints
    role_famille: Ints
    situation: Ints
    head: Ints
    spouse: Ints
    alone: Bools
    children: Ints
    attached: Ints
    alternating: Ints
    declares_apart: Bools

    @property
    def count(self) -> int:
        """The number of tax households."""
        return len(self.situation)

    @property
    def joint(self) -> Bools:
        """Which tax households are couples."""
        return self.spouse >= 0


def _by_age(rates: dict[int, float], age: Ints) -> NDArray[np.float64]:
    return np.interp(age, list(rates), list(rates.values()))


def units(people: People, rng: Generator) -> Units:
    """Return tax households in the order of their first declarants, and families."""
    person, first = np.arange(len(people.household)), people.first[people.household]
    has_partner = np.isin(person + 1, person[people.role == CONJOINT])
    chance = rng.random(len(people.type))[people.household]
    reference_age = people.age[first]
    couple = has_partner[first]
    joint = couple & (chance < _by_age(TOGETHER, reference_age))
    child = people.role == ENFANT
    major = child & (people.age >= MAJORITY)
    attached = major & (rng.random(len(person)) < _by_age(ATTACHED, people.age))
    dependent = (child & ~major) | attached
    parent = first + (couple & ~joint & (rng.random(len(people.type)) < 0.45)[people.household])  # noqa: PLR2004 - mothers earn less, and declare fewer
    head = np.where(dependent, parent, np.where((people.role == CONJOINT) & joint, first, person))
    heads, foyer = np.unique(head, return_inverse=True)
    role = np.where(head == person, DECLARANT, np.where(dependent, A_CHARGE, CONJOINT_FOYER))
    spouse = np.where((people.role == REFERENCE) & joint, person + 1, -1)[heads]
    lives_alone = ~couple[heads] | ~np.isin(people.role[heads], (REFERENCE, CONJOINT))
    pacs = rng.random(len(heads)) < _by_age(PACS_AMONG_THEM, people.age[heads])
    situation = np.where(spouse >= 0, np.where(pacs, PACSE, MARIE), _single_status(people, heads, lives_alone, rng))
    children = np.bincount(foyer[child & ~major], minlength=len(heads))
    alternating = _alternating(people, heads, children, lives_alone, rng)
    of_family = child & (people.age < CHILD_OF_BENEFITS)
    family_head = np.where(of_family | (people.role == CONJOINT), first, person)
    _, famille = np.unique(family_head, return_inverse=True)
    role_famille = np.where(family_head == person, DEMANDEUR, np.where(of_family, ENFANT_FAMILLE, CONJOINT_FAMILLE))
    return Units(
        foyer=foyer,
        role=role,
        famille=famille,
        role_famille=role_famille,
        situation=situation,
        head=heads,
        spouse=spouse,
        alone=lives_alone & (spouse < 0),
        children=children - np.where(children > 0, alternating, 0),
        attached=np.bincount(foyer[attached], minlength=len(heads)),
        alternating=alternating,
        declares_apart=(people.role[heads] != REFERENCE),
    )


def _single_status(people: People, heads: Ints, lives_alone: Bools, rng: Generator) -> Ints:
    """Return single, divorced or widowed, by age and sex, for those who declare alone."""
    age, woman = people.age[heads], people.sex[heads] == FEMME
    chance = rng.random(len(heads))
    widowed = np.where(woman, np.interp(age, (45, 60, 70, 80, 90), (0, 0.13, 0.37, 0.66, 0.83)), np.interp(age, (50, 65, 80, 90), (0, 0.08, 0.34, 0.6)))
    divorced = np.interp(age, (28, 40, 50, 65, 80), (0, 0.22, 0.42, 0.45, 0.3)) * np.where(widowed > 0, 1 - widowed, 1)
    lives_alone = lives_alone | (age > 60)  # noqa: PLR2004
    return np.where(lives_alone & (chance < widowed), VEUF, np.where(lives_alone & (chance < widowed + divorced), DIVORCE, CELIBATAIRE))


def _alternating(people: People, heads: Ints, children: Ints, lives_alone: Bools, rng: Generator) -> Ints:
    """Return how many children alternate: all those of some lone parents, and one or two of some men who live without them."""
    chance, age = rng.random(len(heads)), people.age[heads]
    lone_parents = lives_alone & (children > 0) & (chance < ALTERNATING_OF_LONE_PARENTS)
    apart = (people.sex[heads] != FEMME) & (children == 0) & (age > 28) & (age < 58) & (chance < ALTERNATING_FATHERS_ALONE) & (people.role[heads] == REFERENCE)  # noqa: PLR2004
    return np.where(lone_parents, children, np.where(apart, rng.integers(1, 3, len(heads)), 0))
