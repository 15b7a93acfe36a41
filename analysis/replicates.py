"""How far a figure would have been another with another sample: bootstrap replicates of the households.

Each replicate draws every household a number of times (Poisson of mean 1) and brings the total of weights back to what it was. The
standard deviation of a figure over the replicates is its sampling error. What a model or a calibration gets wrong is not in it.

Draws follow the seed and the households' identifiers alone: neither the order of rows nor how many households there are, nor in how many parts
they are kept, changes any of them. One replicate is a byte for each household: two hundred of a hundred thousand households take 20 MB, those of a
household side by side; everything is computed block by block.

Sums over rows are matrix products of small pieces, small enough for BLAS to stay in one thread: threads of its own would wait for those of the law.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

DEFAULT_REPLICATES = 100
DEFAULT_SEED = 20_221_122
_STEPS = 1 << 16
_BLOCK = 1 << 17  # numbers held at once: what the processor's cache holds
_ROWS_OF_TOTALS = 64
PIECE = 16
"""So many rows at most make a piece: sums are known at the end of each, and what lies within is looked at where it is needed."""
_LANES, _LANE_BITS = 4, 16  # one number of 64 bits says the draws of four replicates
_STEP, _FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)  # SplitMix64 (Steele, Lea, Flood 2014)


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
        return cls(weights, np.ascontiguousarray(draws.T).T, factors)

    @property
    def count(self) -> int:
        """How many replicates there are, besides the sample itself."""
        return len(self.factors) - 1

    def drawn(self, rows: Rows) -> Iterator[tuple[slice, Floats]]:
        """Go through pieces of rows (pieces, rows of each): which pieces, and how often each replicate draws their rows (pieces, rows, replicates + 1)."""
        draws, step = self.draws.T, max(1, _BLOCK // max(1, rows.shape[1] * len(self.draws)))
        for start in range(0, len(rows), step):
            yield slice(start, start + step), draws[rows[start : start + step]].astype(np.float64)

    def totals(self, values: Floats) -> Floats:
        """Return the weighted sums of columns, (replicates + 1, columns), from values (households, columns)."""
        found = np.zeros((len(self.draws), values.shape[1]))
        present = np.flatnonzero(values.any(axis=0))  # most taxes and benefits do not change: their columns cost nothing, nor do rows without any
        rows = np.flatnonzero(values[:, present].any(axis=1))
        if len(rows):
            rows = np.pad(rows, (0, -len(rows) % _ROWS_OF_TOTALS), constant_values=-1)
            weighted = np.where(rows >= 0, self.weights[rows], 0.0)[:, None] * values[np.ix_(rows, present)]
            pieces = weighted.reshape(-1, _ROWS_OF_TOTALS, len(present)).transpose(0, 2, 1)
            sums = np.zeros((len(present), len(self.draws)))
            for which, draws in self.drawn(rows.reshape(-1, _ROWS_OF_TOTALS)):
                sums += (pieces[which] @ draws).sum(axis=0)
            found[:, present] = sums.T * self.factors[:, None]
        return found


@dataclass(frozen=True)
class Pieces:
    """Rows in an order, cut into pieces of `PIECE` rows at most, none of which crosses from one cell (some rows that follow each other) to the next.

    Sums of them leave the replicates' factors out. `rows` (pieces, PIECE) is filled up with the first row, which then weighs nothing.
    """

    replicates: Replicates
    rows: Rows
    places: Rows  # of the rows in the order given, among those of `rows`
    starts: Rows  # the first piece of each cell

    @classmethod
    def of(cls, replicates: Replicates, rows: Rows, counts: Rows) -> Pieces:
        """Return pieces of rows, of cells that have so many rows each, one at least."""
        pieces = -(-counts // PIECE)
        starts = np.cumsum(pieces) - pieces
        places = np.arange(len(rows)) + np.repeat(starts * PIECE - (np.cumsum(counts) - counts), counts)
        padded = np.zeros(int(pieces.sum()) * PIECE, np.int64)
        padded[places] = rows
        return cls(replicates, padded.reshape(-1, PIECE), places, starts)

    def laid(self, values: Floats) -> Floats:
        """Return values of the rows, in the order given, as (pieces, PIECE); 0 where a piece is filled up."""
        found = np.zeros(self.rows.size)
        found[self.places] = values
        return found.reshape(self.rows.shape)

    def sums(self, columns: Floats) -> Floats:
        """Return the sums by piece and replicate (pieces, columns, replicates + 1), from values as they are laid (pieces, columns, PIECE)."""
        found = np.empty((*columns.shape[:2], len(self.replicates.draws)))
        for which, draws in self.replicates.drawn(self.rows):
            np.matmul(columns[which], draws, out=found[which])
        return found

    def within(self, column: Floats, pieces: Rows) -> Floats:
        """Return the cumulated values within one piece for each replicate (…, replicates + 1, PIECE); `pieces` (…, replicates + 1) says which."""
        draws = self.replicates.draws.T[self.rows[pieces], np.arange(pieces.shape[-1])[:, None]]
        return np.cumsum(draws * column[pieces], axis=-1)

    def reaching(self, column: Floats, sums: Floats, limits: Floats) -> tuple[Rows, Rows]:
        """Return the piece and the place in it where the cumulated values of each cell reach a limit (cells, replicates + 1).

        `sums` are those of the column, which has no negative values, by piece; a limit above 0 and up to the cell's own sum is reached.
        """
        ends = np.cumsum(sums, axis=0)
        befores = np.concatenate([np.zeros((1, sums.shape[1])), ends[:-1]])
        counts = np.diff(self.starts, append=len(sums))
        bases = befores[self.starts]
        cell_of = np.repeat(np.arange(len(counts)), counts)
        passed = np.add.reduceat(ends - bases[cell_of] < limits[cell_of], self.starts, axis=0, dtype=np.int64)
        pieces = self.starts[:, None] + np.minimum(passed, counts[:, None] - 1)
        missing = limits - (np.take_along_axis(befores, pieces, axis=0) - bases)
        cumulated = self.within(column, pieces)
        return pieces, (cumulated >= np.minimum(missing, cumulated[..., -1])[..., None]).argmax(axis=-1)


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
