"""What a change of income does to groups of households: how many gain and lose, how much in all, on average and at the median.

One sort by amount serves all groupings, and each grouping's cells (group, and gain or loss) all replicates: sums are taken piece by piece, medians
are looked for in the one piece where half the weight is reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.replicates import Pieces

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


def effects(replicates: Replicates, change: Floats, groups: Rows, count: int, *, moving: Rows | None = None, everybody: Floats | None = None) -> Effects:
    """Return the effects of a change of income in euros on `count` groups; households of group -1 are in none.

    What serves several groupings or changes may be given: `moving`, the rows whose income changes (`moving_rows`), and `everybody`, the
    households of each group by replicate (`by_group`). Only rows that move cost much: the others are all but those.
    """
    everybody = by_group(replicates, groups, count) if everybody is None else everybody
    moving = moving_rows(change) if moving is None else moving
    rows = moving[groups[moving] >= 0]
    cell = groups[rows] * len(SENSES) + senses(change[rows])
    cells = count * len(SENSES)
    order = np.argsort(cell.astype(np.int16 if cells < 1 << 15 else np.int64), kind="stable")
    found = _of_cells(replicates, rows[order], change[rows[order]], np.bincount(cell, minlength=cells))
    observations = found.observations.reshape(count, len(SENSES))
    households = found.households.reshape(-1, count, len(SENSES))
    inside = np.bincount(groups[groups >= 0], minlength=count)
    observations[:, UNCHANGED] = inside - observations[:, GAINING] - observations[:, LOSING]
    households[..., UNCHANGED] = np.where(observations[:, UNCHANGED] > 0, everybody - households[..., GAINING] - households[..., LOSING], 0.0)
    shaped = {name: getattr(found, name).reshape(-1, count, len(SENSES)) for name in ("change", "median")}
    by_cell = {name: getattr(found, name).reshape(count, len(SENSES)) for name in ("largest", "absolute")}
    return Effects(households=households, observations=observations, **shaped, **by_cell)


def moving_rows(change: Floats) -> Rows:
    """Return the rows of households whose income changes at all, by their change."""
    rows = np.flatnonzero(change != 0)
    return rows[np.argsort(change[rows], kind="stable")]


def by_group(replicates: Replicates, groups: Rows, count: int) -> Floats:
    """Return the households of each group by replicate, (replicates + 1, groups)."""
    rows = np.flatnonzero(groups >= 0)
    rows = rows[np.argsort(groups[rows], kind="stable")]
    inside = np.bincount(groups[rows], minlength=count)
    found = np.zeros((len(replicates.draws), count))
    if len(rows):
        pieces = Pieces.of(replicates, rows, inside[inside > 0])
        sums = pieces.sums(pieces.laid(replicates.weights[rows])[:, None])[:, 0]
        found[:, inside > 0] = np.add.reduceat(sums, pieces.starts, axis=0).T * replicates.factors[:, None]
    return found


def _of_cells(replicates: Replicates, rows: Rows, changes: Floats, observations: Rows) -> Effects:
    """Return the effects on cells (group and sense), whose rows follow each other, each cell's by ascending change."""
    shape = (len(replicates.draws), len(observations))
    households, total, median = np.zeros(shape), np.zeros(shape), np.full(shape, np.nan)
    largest, absolute = np.zeros(len(observations)), np.zeros(len(observations))
    present = observations > 0
    if len(rows):
        pieces = Pieces.of(replicates, rows, observations[present])
        weights = pieces.laid(replicates.weights[rows])
        sums = pieces.sums(np.stack([weights, pieces.laid(replicates.weights[rows] * changes)], axis=1))
        of_cells = np.add.reduceat(sums, pieces.starts, axis=0)
        households[:, present], total[:, present] = (of_cells[:, which].T * replicates.factors[:, None] for which in (0, 1))
        medians = pieces.laid(changes)[pieces.reaching(weights, sums[:, 0], of_cells[:, 0] / 2)]
        median[:, present] = np.where(of_cells[:, 0] > 0, medians, np.nan).T
        median[:, UNCHANGED :: len(SENSES)] = np.nan
        weighted = np.abs(changes * replicates.weights[rows])
        starts = np.cumsum(observations[present]) - observations[present]
        largest[present], absolute[present] = np.maximum.reduceat(weighted, starts), np.add.reduceat(weighted, starts)
    return Effects(households, total, median, observations, largest, absolute)


def deciles(values: Floats, weights: Floats, count: int = 10) -> Rows:
    """Return the decile, from 0, of each row by weighted rank; equal values lie in the same one, whatever the order of rows."""
    distinct, position = np.unique(values, return_inverse=True)
    mass = np.bincount(position, weights, len(distinct))
    below = np.cumsum(mass) - mass
    middle = (below + mass / 2) / (mass.sum() or 1.0)
    return np.minimum((middle * count).astype(np.int64), count - 1)[position]
