"""Inequality of living standards: Gini, poverty at 60 % of the median, S80/S20, with their sampling errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.replicates import PIECE, Pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.replicates import Replicates

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

INDICATORS = ("gini", "taux_pauvrete", "s80_s20", "niveau_de_vie_median", "niveau_de_vie_moyen")
POVERTY = 0.6
_OWN = np.arange(PIECE)


def indicators(replicates: Replicates, living_standard: Floats, persons: Floats) -> Floats:
    """Return the indicators (replicates + 1, indicators), each person counting for one with the living standard of its household."""
    weights = replicates.weights * persons
    rows = np.flatnonzero(weights != 0)
    rows = rows[np.argsort(living_standard[rows], kind="stable")]
    if not len(rows):
        return np.full((len(replicates.draws), len(INDICATORS)), np.nan)
    pieces = Pieces.of(replicates, rows, np.array([len(rows)]))
    values = living_standard[rows]
    return _Cumulated.of(pieces, values, pieces.laid(weights[rows]), pieces.laid(weights[rows] * values)).indicators()


@dataclass(frozen=True)
class _Cumulated:
    """Households by ascending living standard, in pieces: the people and their income before each piece and at the end, by replicate.

    `area` is that under the curve of Lorenz. Totals stay as drawn: none of the indicators depends on the scale of weights.
    """

    pieces: Pieces
    values: Floats
    weights: Floats
    incomes: Floats
    people: Floats  # (pieces, replicates + 1)
    people_before: Floats  # (pieces + 1, replicates + 1)
    income_before: Floats
    area: Floats

    @classmethod
    def of(cls, pieces: Pieces, values: Floats, weights: Floats, incomes: Floats) -> _Cumulated:
        count = len(pieces.replicates.draws)
        columns = np.stack([weights, incomes], axis=1)
        sums, area = np.empty((len(weights), 2, count)), np.zeros(count)
        for which, draws in pieces.replicates.drawn(pieces.rows):
            np.matmul(columns[which], draws, out=sums[which])
            poorer = np.tril(weights[which, :, None] * incomes[which, None, :])
            poorer[:, _OWN, _OWN] *= 0.5  # what those below have, and half of one's own
            area += np.einsum("cir,cir->r", poorer @ draws, draws)
        ends = np.concatenate([np.zeros((1, 2, count)), np.cumsum(sums, axis=0)])
        area += np.einsum("cr,cr->r", sums[:, 0], ends[:-1, 1])
        return cls(pieces, values, weights, incomes, sums[:, 0], ends[:, 0], ends[:, 1], area)

    def indicators(self) -> Floats:
        total, income = self.people_before[-1], self.income_before[-1]
        with np.errstate(invalid="ignore", divide="ignore"):
            gini = 1.0 - 2.0 * self.area / (total * income)
            piece, place = self._reaching(total / 2)
            median = self.values[np.minimum(piece * PIECE + place, len(self.values) - 1)]
            low, high = self._income_of(0.2), self._income_of(0.8)
            ratio = np.where(low > 0, (income - high) / low, np.nan)
            found = np.stack([gini, self._poorer_than(POVERTY * median) / total, ratio, median, income / total], axis=1)
        found[(total <= 0) | (income <= 0)] = np.nan
        return found

    def _reaching(self, limits: Floats) -> tuple[Rows, Rows]:
        """Return the piece and the place in it where so many people are reached."""
        piece, place = self.pieces.reaching(self.weights, self.people, limits[None])
        return piece[0], place[0]

    def _poorer_than(self, limits: Floats) -> Floats:
        """Return how many people have less."""
        piece, place = np.divmod(np.searchsorted(self.values, limits), PIECE)
        found = np.array(self.people_before[piece, np.arange(len(piece))])
        inside = np.flatnonzero(place > 0)
        found[inside] += self.pieces.within(self.weights, np.minimum(piece, len(self.weights) - 1))[inside, place[inside] - 1]
        return found

    def _income_of(self, share: float) -> Floats:
        """Return what the poorest share of people have together; who stands across the limit counts in part."""
        limits = share * self.people_before[-1]
        piece, place = self._reaching(limits)
        each = np.arange(len(piece))
        people, income = (np.pad(self.pieces.within(column, piece), ((0, 0), (1, 0))) for column in (self.weights, self.incomes))
        width = people[each, place + 1] - people[each, place]
        missing = limits - self.people_before[piece, each] - people[each, place]
        part = np.where(width > 0, missing / width, 0.0)
        own = income[each, place + 1] - income[each, place]
        return np.asarray(self.income_before[piece, each] + income[each, place] + part * own, dtype=np.float64)
