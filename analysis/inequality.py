"""Inequality of living standards: Gini, poverty at 60 % of the median, S80/S20, with their sampling errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.replicates import by_replicate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.replicates import Replicates

    Floats = NDArray[np.float64]

INDICATORS = ("gini", "taux_pauvrete", "s80_s20", "niveau_de_vie_median", "niveau_de_vie_moyen")
POVERTY = 0.6


@dataclass(frozen=True)
class _Ordered:
    """Living standards, ascending: what is found for weights in the same order. Its arrays serve one set of weights after the other."""

    values: Floats
    people: Floats
    income: Floats
    parts: Floats

    @classmethod
    def of(cls, values: Floats) -> _Ordered:
        return cls(values, np.empty_like(values), np.empty_like(values), np.empty_like(values))

    def indicators(self, weights: Floats) -> Floats:
        people, income, parts = self.people, self.income, self.parts
        np.cumsum(weights, out=people)
        np.cumsum(np.multiply(weights, self.values, out=parts), out=income)
        if not len(people) or people[-1] <= 0 or income[-1] <= 0:
            return np.full(len(INDICATORS), np.nan)
        total = people[-1]
        median = self.values[np.searchsorted(people, total / 2)]
        poor = np.searchsorted(self.values, POVERTY * median)
        parts *= -0.5
        parts += income  # what those below have, and half of one's own
        gini = 1.0 - 2.0 * float(np.multiply(parts, weights, out=parts).sum()) / (total * income[-1])
        low, high = self._income_of(0.2, people, income), self._income_of(0.8, people, income)
        ratio = (income[-1] - high) / low if low > 0 else np.nan
        return np.array([gini, people[poor - 1] / total if poor else 0.0, ratio, median, income[-1] / total])

    @staticmethod
    def _income_of(share: float, people: Floats, income: Floats) -> float:
        """Return what the poorest share of people have together; who stands across the limit counts in part."""
        limit = share * people[-1]
        position = int(np.searchsorted(people, limit))
        before_people, before_income = (people[position - 1], income[position - 1]) if position else (0.0, 0.0)
        width = people[position] - before_people
        part = (limit - before_people) / width if width > 0 else 0.0
        return float(before_income + part * (income[position] - before_income))


def indicators(replicates: Replicates, living_standard: Floats, persons: Floats) -> Floats:
    """Return the indicators (replicates + 1, indicators), each person counting for one with the living standard of its household."""
    order = np.argsort(living_standard, kind="stable")
    return by_replicate(replicates, order, replicates.weights * persons, _Ordered.of(living_standard[order]).indicators, len(INDICATORS))
