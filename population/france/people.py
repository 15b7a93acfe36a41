"""Who lives together: households of each type, the persons in them, their ages and sex.

Shares are those of the census's types of household; ages follow from the ages of parents at birth and of children at leaving home.
They are only a good start: calibration gives the totals. Ages are those at the end of the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Generator = np.random.Generator

HOMME_SEUL, FEMME_SEULE, AUTRE, COUPLE, COUPLE_ENFANTS, MONOPARENTALE, COMMUNAUTE, HORS_POPULATION = range(8)
REFERENCE, CONJOINT, ENFANT, AUTRE_OCCUPANT = range(4)
HOMME, FEMME = range(2)
MAJORITY = 18
OLDEST = 104

# how many eldest children at home are of an age, in thousands of what births alone would give (smooth between these ages)
AT_HOME = {0: 800, 6: 830, 10: 1000, 17: 1120, 18: 1060, 19: 980, 20: 900, 22: 740, 24: 540, 26: 360, 28: 240, 30: 170, 35: 90, 45: 45, 60: 15, 61: 0}
CHILDREN_OF_COUPLES = {1: 0.445, 2: 0.345, 3: 0.145, 4: 0.045, 5: 0.02}
CHILDREN_OF_LONE_PARENTS = {1: 0.585, 2: 0.28, 3: 0.095, 4: 0.028, 5: 0.012}
AGE_OF_MOTHERS = (30.5, 5.2)
SPACING = (1, 5)
SHARE_OF_LONE_MOTHERS = 0.82
SHARE_WITH_ANOTHER = 0.05  # households of a family in which another adult lives


@dataclass(frozen=True)
class People:
    """Households by type, and their persons in the order of households, each household's reference person first."""

    type: Ints
    household: Ints
    role: Ints
    age: Ints
    sex: Ints

    @property
    def first(self) -> Ints:
        """The first person of each household."""
        return np.searchsorted(self.household, np.arange(len(self.type)))


def people(shares: Mapping[int, float], count: int, rng: Generator) -> People:
    """Return `count` households of the types, in proportion to `shares`."""
    bounds = np.floor(np.cumsum([0.0, *shares.values()]) / sum(shares.values()) * count + 0.5).astype(np.int64)
    types = np.repeat(np.array(list(shares)), np.diff(bounds))
    parts = [_persons(kind, np.flatnonzero(types == kind), rng) for kind in shares]
    household, role, age, sex = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((-age * (role == ENFANT), role, household))
    return People(types, household[order], role[order], np.clip(age, 0, OLDEST)[order], sex[order])


def _persons(kind: int, rows: Ints, rng: Generator) -> tuple[Ints, Ints, Ints, Ints]:
    """Return household, role, age and sex of the persons of households of one type."""
    n = len(rows)
    if kind in {COUPLE_ENFANTS, MONOPARENTALE}:
        return _families(kind, rows, rng)
    if kind == COUPLE:
        age = _mixed(rng, n, 0.19, (20, 27, 46), (46, 64, 92))  # before children; after they have left
        return _with_another(*_couples(rows, age, rng), rows, rng)
    if kind == AUTRE:
        return _others(rows, rng)
    return _single(rows, np.zeros(n, np.int64), *_alone(kind, n, rng))


def _alone(kind: int, n: int, rng: Generator) -> tuple[Ints, Ints]:
    """Return age and sex of persons who are a household by themselves."""
    if kind == COMMUNAUTE:
        old = rng.random(n) < 0.55  # noqa: PLR2004 - most live in homes for the elderly
        age = np.where(old, rng.triangular(68, 89, 103, n), rng.triangular(18, 21, 66, n)).astype(np.int64)
        return age, (rng.random(n) < np.where(old, 0.7, 0.42)).astype(np.int64)
    if kind == HORS_POPULATION:
        return _mixed(rng, n, 0.5, (18, 40, 66), (60, 86, 100)), rng.integers(0, 2, n)
    if kind == HOMME_SEUL:
        return _mixed(rng, n, 0.45, (18, 24, 50), (40, 58, 96)), np.full(n, HOMME)
    return _mixed(rng, n, 0.32, (18, 22, 62), (46, 68, 104)), np.full(n, FEMME)  # most women who live alone are widowed or about to be


def _mixed(rng: Generator, n: int, share: float, young: tuple[int, int, int], old: tuple[int, int, int]) -> Ints:
    """Return ages of two triangular distributions (lowest, most frequent, highest), the first for a share of the rows."""
    return np.where(rng.random(n) < share, rng.triangular(*young, n), rng.triangular(*old, n)).astype(np.int64)


def _others(rows: Ints, rng: Generator) -> tuple[Ints, Ints, Ints, Ints]:
    """Return persons who share a dwelling and are no family: two, sometimes three."""
    n = len(rows)
    age = rng.integers(20, 85, n)
    reference = _single(rows, np.zeros(n, np.int64), age, rng.integers(0, 2, n))
    second = _single(rows, np.full(n, AUTRE_OCCUPANT), np.clip(age + rng.integers(-8, 9, n), 18, 99), rng.integers(0, 2, n))
    some = rows[rng.random(n) < 0.22]  # noqa: PLR2004 - persons per household of this type, less two
    third = _single(some, np.full(len(some), AUTRE_OCCUPANT), rng.integers(18, 60, len(some)), rng.integers(0, 2, len(some)))
    return _together(reference, second, third)


def _single(rows: Ints, role: Ints, age: Ints, sex: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    return rows, role, age, sex


def _together(*parts: tuple[Ints, Ints, Ints, Ints]) -> tuple[Ints, Ints, Ints, Ints]:
    household, role, age, sex = (np.concatenate(column) for column in zip(*parts, strict=True))
    return household, role, age, sex


def _couples(rows: Ints, age: Ints, rng: Generator) -> tuple[Ints, Ints, Ints, Ints]:
    """Return both partners; a man is two years older than a woman on average, and the reference person is either."""
    n = len(rows)
    other = np.clip(age - np.round(rng.normal(2.2, 3.5, n)).astype(np.int64), 18, OLDEST)
    man_first = rng.random(n) < 0.72  # noqa: PLR2004 - share of couples whose reference person is the man
    zeros = np.zeros(n, np.int64)
    reference = _single(rows, zeros, np.where(man_first, age, other), np.where(man_first, HOMME, FEMME))
    return _together(reference, _single(rows, zeros + CONJOINT, np.where(man_first, other, age), np.where(man_first, FEMME, HOMME)))


def _with_another(household: Ints, role: Ints, age: Ints, sex: Ints, rows: Ints, rng: Generator) -> tuple[Ints, Ints, Ints, Ints]:
    """Add another occupant to a few households: a parent, a brother, a friend."""
    some = rows[rng.random(len(rows)) < SHARE_WITH_ANOTHER]
    others = _single(some, np.full(len(some), AUTRE_OCCUPANT), rng.integers(18, 90, len(some)), rng.integers(0, 2, len(some)))
    return _together((household, role, age, sex), others)


def _families(kind: int, rows: Ints, rng: Generator) -> tuple[Ints, Ints, Ints, Ints]:
    n = len(rows)
    numbers = CHILDREN_OF_COUPLES if kind == COUPLE_ENFANTS else CHILDREN_OF_LONE_PARENTS
    children = rng.choice(list(numbers), n, p=np.array(list(numbers.values())) / sum(numbers.values()))
    eldest = _ages_at_home(n, rng)
    mother = eldest + np.clip(np.round(rng.normal(*AGE_OF_MOTHERS, n)), 17, 44).astype(np.int64)
    if kind == COUPLE_ENFANTS:
        father = np.clip(mother + np.round(rng.normal(2.2, 3.5, n)).astype(np.int64), 18, OLDEST)
        parents = _couples(rows, father, rng)
    else:
        is_mother = rng.random(n) < SHARE_OF_LONE_MOTHERS
        parents = _single(rows, np.zeros(n, np.int64), mother + np.where(is_mother, 0, 3), np.where(is_mother, FEMME, HOMME))
    parts = [parents, _single(rows, np.full(n, ENFANT), eldest, rng.integers(0, 2, n))]
    youngest = eldest
    for rank in range(2, max(numbers) + 1):
        some = np.flatnonzero(children >= rank)
        gap = rng.integers(*SPACING, len(some))
        # a child who would not be born yet is an elder one still at home
        age = np.where(youngest[some] >= gap, youngest[some] - gap, eldest[some] + gap + rank - 2)
        youngest = youngest.copy()
        youngest[some] = np.minimum(youngest[some], age)
        parts.append(_single(rows[some], np.full(len(some), ENFANT), age, rng.integers(0, 2, len(some))))
    return _with_another(*_together(*parts), rows, rng)


def _ages_at_home(count: int, rng: Generator) -> Ints:
    """Return ages of eldest children at home: all ages are born alike, and leave as AT_HOME says."""
    ages = np.arange(max(AT_HOME))
    staying = np.interp(ages, list(AT_HOME), list(AT_HOME.values()))
    return rng.choice(ages, count, p=staying / staying.sum())
