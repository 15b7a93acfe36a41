"""Where households live: commune, tenure, rent, rental value; and second homes.

Communes are drawn by their population; better-off households live somewhat more often where average rental values are high. A dwelling's
rental value is its commune's average times a factor that grows with the household's size and means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from legislation.taxe_habitation.communes import communes
from population.france.people import COMMUNAUTE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from population.france.people import People

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Generator = np.random.Generator

PROPRIETAIRE, ACCEDANT, LOCATAIRE_HLM, LOCATAIRE_PRIVE, LOGE_GRATUITEMENT = range(5)

YEAR_OF_COMMUNES = 2022
MEANS_AND_PLACE = 0.25  # correlation of a household's rank with the rank of its commune's rental value
SPREAD_OF_VALUES = 0.36
# Bills lack syndicates, equipment taxes and 2003's rates, which are in no open file: rental values of main homes stand for them, at the level at
# which the housing tax of 2019 comes out as the official 11.1 billion euros (OFGL).
LEVEL = 1.11
MONTHLY_RENTS = {LOCATAIRE_HLM: 395.0, LOCATAIRE_PRIVE: 640.0}


@dataclass(frozen=True)
class Dwellings:
    """For each household: commune (code), tenure, yearly rent, rental value; then the second homes: commune, rental value, weight."""

    commune: NDArray[np.str_]
    tenure: Ints
    rent: Floats
    rental_value: Ints
    second_commune: NDArray[np.str_]
    second_value: Ints
    second_of: Ints


def dwellings(people: People, means: Floats, rng: Generator) -> Dwellings:
    """Return where each household lives; `means`: the share of households that are better off."""
    count = len(people.type)
    table = communes(YEAR_OF_COMMUNES)
    table = table.filter(np.asarray(table["population_municipale"].to_numpy() > 0) & (table["valeur_locative_moyenne_commune"].to_numpy() > 0))
    average = table["valeur_locative_moyenne_commune"].to_numpy().astype(np.float64)
    codes = table["code_insee"].to_numpy(zero_copy_only=False).astype(str)
    rank = ndtri(1 - np.clip(means, 1e-9, 1 - 1e-9))
    place = _drawn(average, table["population_municipale"].to_numpy(), MEANS_AND_PLACE * rank, rng)
    persons = np.bincount(people.household, minlength=count)
    age = people.age[people.first]
    tenure = _tenure(age, rank, rng)
    factor = np.exp(SPREAD_OF_VALUES * rng.normal(0, 1, count) + 0.1 * rank + 0.16 * np.log(persons) + np.where(tenure <= ACCEDANT, 0.13, -0.13))
    value = np.where(people.type >= COMMUNAUTE, 0, LEVEL * average[place] * factor / factor.mean())
    rent = 12 * np.select([tenure == kind for kind in MONTHLY_RENTS], list(MONTHLY_RENTS.values()), 0.0)
    rent *= np.sqrt(average[place] / np.average(average[place])) * np.exp(0.25 * rng.normal(0, 1, count) + 0.18 * np.log(persons)) * (people.type < COMMUNAUTE)
    second = np.flatnonzero(rng.random(count) < np.interp(rank, (-1, 0, 1, 2, 3), (0.01, 0.06, 0.2, 0.45, 0.6)))
    where = rng.integers(0, len(codes), len(second))
    second_value = average[where] * np.exp(0.4 * rng.normal(-0.2, 1, len(second)))
    return Dwellings(codes[place], tenure, np.round(rent), np.round(value).astype(np.int64), codes[where], np.round(second_value).astype(np.int64), second)


def _drawn(average: Floats, population: Ints, lean: Floats, rng: Generator) -> Ints:
    """Return for each household the place of its commune in the table, by population, along the order of their rental values."""
    order = np.argsort(average, kind="stable")
    ends = np.cumsum(population[order]) / population.sum()
    latent = lean + np.sqrt(1 - MEANS_AND_PLACE**2) * rng.normal(0, 1, len(lean))
    ranked = np.argsort(np.argsort(latent, kind="stable"), kind="stable")
    return order[np.minimum(np.searchsorted(ends, (ranked + 0.5) / len(lean)), len(order) - 1)]


def _tenure(age: Ints, rank: Floats, rng: Generator) -> Ints:
    chance = rng.random(len(age))
    owns = 1 / (1 + np.exp(-(-0.2 + 1.0 * rank + np.interp(age, (20, 30, 40, 50, 65, 80), (-2.6, -0.9, 0.1, 0.5, 1.1, 1.2)))))
    repays = np.interp(age, (25, 40, 50, 60, 70), (0.95, 0.85, 0.6, 0.25, 0.03))
    social = np.clip(0.34 - 0.26 * rank, 0.02, 0.8)
    free = 0.05
    kind = rng.random(len(age))
    rents = np.select([kind < free, kind < free + (1 - free) * social], [LOGE_GRATUITEMENT, LOCATAIRE_HLM], LOCATAIRE_PRIVE)
    return np.where(chance < owns, np.where(kind < repays, ACCEDANT, PROPRIETAIRE), rents)
