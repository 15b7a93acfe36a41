"""How far a figure would have been another with another sample: bootstrap replicates of the households.

Each replicate draws every household a number of times (Poisson of mean 1) and brings the total of weights back to what it was. The
standard deviation of a figure over the replicates is its sampling error. What a model or a calibration gets wrong is not in it.

Draws follow the seed and the households' identifiers alone: neither the order of rows nor how many households there are, nor in how many parts
they are kept, changes any of them. One replicate is a byte for each household: two hundred of a hundred thousand households take 20 MB; everything
is computed block by block.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DEFAULT_REPLICATES = 100
DEFAULT_SEED = 20_221_122
_STEPS = 1 << 16
_LANES, _LANE_BITS = 4, 16  # one number of 64 bits says the draws of four replicates
_STEP, _FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)  # SplitMix64 (Steele, Lea, Flood 2014)
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
        draws = draws_of(keys_of(ids, len(weights)), seed, range(count + 1))
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


def keys_of(ids: NDArray[Any] | None, count: int) -> NDArray[np.uint64]:
    """Return a number of 64 bits for each identifier, the same wherever it stands; the rows' places are the identifiers where there are none."""
    texts = np.arange(count).astype(str) if ids is None else np.asarray(ids).astype(str)
    found = np.zeros(count, np.uint64)
    if not count or not texts.dtype.itemsize:
        return found
    letters = np.ascontiguousarray(texts).view(np.uint32).reshape(count, -1)
    for column in letters.T:
        there = column != 0
        found[there] = _mixed(found[there] ^ column[there])
    return found


def draws_of(keys: NDArray[np.uint64], seed: int, which: range) -> NDArray[np.uint8]:
    """Return how often households are drawn in some replicates (a row for each); replicate 0 is the sample itself, in which each stands once."""
    table, found = _poisson_table(), np.ones((len(which), len(keys)), np.uint8)
    last: tuple[int, NDArray[np.uint64]] | None = None
    for row, replicate in enumerate(which):
        if not replicate:
            continue
        group, lane = divmod(replicate - 1, _LANES)
        if last is None or last[0] != group:
            start = _mixed(_mixed(np.array([seed & (2**64 - 1)], np.uint64)) + np.uint64(group))
            last = group, _mixed(keys ^ start)
        found[row] = table[(last[1] >> np.uint64(lane * _LANE_BITS)) & np.uint64(_STEPS - 1)]
    return found


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers in which every bit rests on all bits of those given."""
    with np.errstate(over="ignore"):
        numbers = numbers + _STEP
        numbers = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
        numbers = (numbers ^ (numbers >> np.uint64(27))) * _SECOND
    return numbers ^ (numbers >> np.uint64(31))


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


@cache
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
