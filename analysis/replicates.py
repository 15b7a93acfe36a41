"""How far a figure would have been another with another sample: bootstrap replicates of the households.

Each replicate draws every household a number of times (Poisson of mean 1) and brings the total of weights back to what it was. The
standard deviation of a figure over the replicates is its sampling error. What a model or a calibration gets wrong is not in it.

Draws follow the seed and the households' identifiers, not the order of rows. One replicate is a byte for each household: two hundred
of a hundred thousand households take 20 MB; everything is computed block by block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DEFAULT_REPLICATES = 100
DEFAULT_SEED = 20_221_122
_STEPS = 1 << 16
_BLOCK = 1 << 21  # numbers held at once: a block of replicates, 16 MB of them


@dataclass(frozen=True)
class Replicates:
    """Replicates of households: `draws` has one row for each, the first being the sample itself; `factors` bring totals back."""

    weights: Floats
    draws: NDArray[np.uint8]
    factors: Floats

    @classmethod
    def of(cls, weights: Floats, *, count: int = DEFAULT_REPLICATES, seed: int = DEFAULT_SEED, ids: NDArray[Any] | None = None) -> Replicates:
        """Return `count` replicates of households with these weights."""
        draws = np.ones((count + 1, len(weights)), np.uint8)
        table = _poisson_table()
        random = np.random.default_rng(seed)
        order = None if ids is None else np.argsort(np.asarray(ids).astype(str), kind="stable")
        for row in draws[1:]:
            drawn = table[random.integers(0, _STEPS, len(weights), dtype=np.uint16)]
            if order is None:
                row[:] = drawn
            else:
                row[order] = drawn
        totals = np.array([(row * weights).sum() for row in draws])
        factors = np.divide(weights.sum(), totals, out=np.ones(count + 1), where=totals > 0)
        return cls(weights, draws, factors)

    @property
    def count(self) -> int:
        """How many replicates there are, besides the sample itself."""
        return len(self.factors) - 1

    def blocks(self, rows: NDArray[np.int64] | None = None, weights: Floats | None = None) -> Iterator[tuple[slice, Floats]]:
        """Go through the replicates' weights: which replicates, and their weights of the rows in that order."""
        weights = self.weights if weights is None else weights
        weights = weights if rows is None else weights[rows]
        step = max(1, _BLOCK // max(1, len(weights)))
        for start in range(0, len(self.draws), step):
            which = slice(start, min(start + step, len(self.draws)))
            draws = self.draws[which] if rows is None else np.take(self.draws[which], rows, axis=1)
            yield which, draws * weights * self.factors[which, None]

    def totals(self, values: Floats) -> Floats:
        """Return the weighted sums of columns, (replicates + 1, columns), from values (households, columns)."""
        found = np.zeros((len(self.draws), values.shape[1]))
        present = np.flatnonzero(values.any(axis=0))  # most taxes and benefits do not change: their columns cost nothing
        columns = np.ascontiguousarray(values[:, present].T)
        for which, weights in self.blocks():
            for position, column in zip(present, columns, strict=True):  # not a matrix product: its threads would wait for those of the law
                found[which, position] = np.einsum("rn,n->r", weights, column)
        return found


def estimate(figures: Floats) -> tuple[Any, Any]:
    """Return the figures of the sample and their sampling errors, from figures by replicate; NaN where there is none."""
    replicates = figures[1:]
    known = np.isfinite(replicates)
    counts = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(known, replicates, 0.0).sum(axis=0) / counts
        squares = np.where(known, (replicates - means) ** 2, 0.0).sum(axis=0)
        errors = np.sqrt(squares / (counts - 1))
    return figures[0], np.where(np.isfinite(figures[0]) & (counts > 1), errors, np.nan)


def _poisson_table() -> NDArray[np.uint8]:
    """Return Poisson draws of mean 1 by a uniform whole number below 65,536 (their probabilities are exact to 1/65,536)."""
    probabilities = np.empty(12)
    probabilities[0] = np.exp(-1.0)
    for times in range(1, len(probabilities)):
        probabilities[times] = probabilities[times - 1] / times
    return np.searchsorted(np.cumsum(probabilities), (np.arange(_STEPS) + 0.5) / _STEPS).astype(np.uint8)


def by_replicate(replicates: Replicates, order: NDArray[np.int64], weights: Floats, compute: Callable[[Floats], Floats], columns: int) -> Floats:
    """Return what a function finds for each replicate's weights of rows in an order, (replicates + 1, columns)."""
    found = np.empty((len(replicates.draws), columns))
    for which, of_block in replicates.blocks(order, weights):
        found[which] = [compute(row) for row in of_block]
    return found
