"""What a change of income does to groups of households: how many gain and lose, how much in all, on average and at the median.

One sort by group, gain or loss, and amount serves all replicates: sums are taken piece by piece, medians by cumulated weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.replicates import Replicates

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

UNCHANGED, GAINING, LOSING = range(3)
SENSES = ("inchanges", "gagnants", "perdants")
THRESHOLD = 0.5
"""A household whose income changes by less than so many euros a year is unchanged: taxes are due in whole euros."""


def senses(change: Floats) -> NDArray[np.int64]:
    """Return for each household whether it gains, loses or stays (UNCHANGED, GAINING, LOSING)."""
    return np.where(change >= THRESHOLD, GAINING, np.where(change <= -THRESHOLD, LOSING, UNCHANGED)).astype(np.int64)


@dataclass(frozen=True)
class Effects:
    """By replicate (first axis, the sample itself first), group and sense: households, their change in all, and its median."""

    households: Floats
    change: Floats
    median: Floats
    observations: Rows
    largest: Floats  # the largest weighted change of one household, without sign; by group and sense
    absolute: Floats  # all weighted changes without sign; by group and sense


def effects(replicates: Replicates, change: Floats, groups: Rows, count: int) -> Effects:
    """Return the effects of a change of income in euros on `count` groups; households of group -1 are in none."""
    sense = senses(change)
    inside = np.flatnonzero(groups >= 0)
    cell = (groups * len(SENSES) + sense)[inside]
    order = inside[np.lexsort((change[inside], cell))]
    cells = count * len(SENSES)
    bounds = np.searchsorted(np.sort(cell), np.arange(cells + 1))
    shape = (len(replicates.draws), cells)
    households, total, median = np.zeros(shape), np.zeros(shape), np.full(shape, np.nan)
    present = np.flatnonzero(np.diff(bounds))
    if len(order):
        changes, starts = change[order], bounds[present]
        moving = [position for position in present if position % len(SENSES) != UNCHANGED]
        for which, weights in replicates.blocks(order):
            households[which][:, present] = np.add.reduceat(weights, starts, axis=1)
            for position in moving:
                low, high = bounds[position], bounds[position + 1]
                median[which, position] = _medians(weights[:, low:high], changes[low:high])
            total[which][:, present] = np.add.reduceat(np.multiply(weights, changes, out=weights), starts, axis=1)
    weighted = np.abs(change * replicates.weights)[order]
    largest, absolute = np.zeros(cells), np.zeros(cells)
    if len(order):
        largest[present] = np.maximum.reduceat(weighted, bounds[present])
        absolute[present] = np.add.reduceat(weighted, bounds[present])

    def shaped(values: Any) -> Any:
        return values.reshape(*values.shape[:-1], count, len(SENSES))

    return Effects(shaped(households), shaped(total), shaped(median), shaped(np.diff(bounds)), shaped(largest), shaped(absolute))


def _medians(weights: Floats, changes: Floats) -> Floats:
    """Return the weighted median of ascending changes for each row of weights; NaN where all weigh nothing."""
    cumulated = np.cumsum(weights, axis=1)
    half = cumulated[:, -1] / 2
    found = changes[[int(np.searchsorted(row, limit)) for row, limit in zip(cumulated, half, strict=True)]]
    return np.where(half > 0, found, np.nan)


def deciles(values: Floats, weights: Floats, count: int = 10) -> Rows:
    """Return the decile, from 0, of each row by weighted rank; equal values lie in the same one, whatever the order of rows."""
    distinct, position = np.unique(values, return_inverse=True)
    mass = np.bincount(position, weights, len(distinct))
    below = np.cumsum(mass) - mass
    middle = (below + mass / 2) / (mass.sum() or 1.0)
    return np.minimum((middle * count).astype(np.int64), count - 1)[position]
