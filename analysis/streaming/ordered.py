"""What needs all households in order: deciles, medians, inequality, found range by range of values for all bootstrap replicates.

Weights are whole multiples of a power of two (`grid`), so that their sums are exact and neither the order of equal rows nor where ranges are cut changes
a bit. Everything is found at distinct values: cumulated weights there are all that deciles, quantiles and Gini's index ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.inequality import INDICATORS, POVERTY
from analysis.replicates import draws_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from analysis.streaming.buckets import Buckets

    Floats = NDArray[np.float64]

_AT_ONCE: Final = 1 << 21  # numbers held at once, 16 MB of them
_FINEST: Final = -30
_EXACT_BITS: Final = 52
DECILES: Final = 10


def grid(total: float) -> float:
    """Return the unit of which weights are counted, for a total of them: sums of twice as much stay exact."""
    return float(2.0 ** max(_FINEST, int(np.ceil(np.log2(max(total, 1.0)))) + 2 - _EXACT_BITS))


@dataclass(frozen=True)
class Drawing:
    """Who is drawn in which replicate."""

    seed: int
    replicates: int

    def blocks(self, rows: int) -> Iterator[range]:
        """Give replicates (0 the sample itself), as many at once as memory takes for so many rows."""
        step = max(1, min(self.replicates + 1, _AT_ONCE // max(1, rows)))
        for start in range(0, self.replicates + 1, step):
            yield range(start, min(start + step, self.replicates + 1))


class Range:
    """The rows of one range of values: distinct keys (values, or cells and values), and the sums of weights at each of them for some replicates."""

    def __init__(self, buckets: Buckets, number: int, drawing: Drawing) -> None:
        self._buckets, self._number, self._drawing = buckets, number, drawing
        self._held = list(buckets.pieces(number)) if self._is_small() else None
        distinct = [np.unique(piece["value"]) for piece in self.pieces()]
        self.values: Floats = np.unique(np.concatenate(distinct)) if distinct else np.zeros(0)

    def _is_small(self) -> bool:
        return sum(1 for _ in self._buckets.pieces(self._number)) <= 1

    def pieces(self) -> Iterator[NDArray[Any]]:
        """Give the rows, some at a time."""
        yield from self._buckets.pieces(self._number) if self._held is None else self._held

    def placed(self, places: Sequence[NDArray[np.int64]], count: int) -> Callable[[range], Floats]:
        """Return what gives sums of weights at `count` places for some replicates, (replicates, places).

        `places` say where each row of each piece counts (-1: nowhere).
        """
        held = list(self._in_order(places)) if self._held is not None else None

        def sums(which: range) -> Floats:
            found = np.zeros((len(which), count))
            for keys, weights, present, starts in self._in_order(places) if held is None else held:
                if len(keys):
                    found[:, present] += np.add.reduceat(draws_of(keys, self._drawing.seed, which) * weights, starts, axis=1)
            return found

        return sums

    def _in_order(self, places: Sequence[NDArray[np.int64]]) -> Iterator[tuple[NDArray[np.uint64], Floats, NDArray[np.int64], NDArray[np.int64]]]:
        """Give for each piece its keys and weights in the order of places, the places that there are, and where each begins."""
        for piece, of_rows in zip(self.pieces(), places, strict=True):
            order = np.argsort(of_rows, kind="stable")
            order = order[np.searchsorted(of_rows[order], 0) :]
            present, starts = np.unique(of_rows[order], return_index=True)
            yield piece["key"][order], piece["weight"][order], present, starts

    def rows_at_once(self) -> int:
        """Return how many rows, or distinct values, are held at once."""
        return max([len(self.values), *(len(piece) for piece in self.pieces())])


def decile_cuts(buckets: Buckets, total: float) -> Floats:
    """Return for each decile but the first the smallest value in it; equal values lie in one decile, as in `analysis.effects.deciles`."""
    found = np.full(DECILES - 1, np.inf)
    below = 0.0
    for number in range(len(buckets)):
        of_range = Range(buckets, number, Drawing(0, 0))
        places = [np.searchsorted(of_range.values, piece["value"]) for piece in of_range.pieces()]
        mass = of_range.placed(places, len(of_range.values))(range(1))[0]
        if not len(mass):
            continue
        before = below + np.cumsum(mass) - mass
        deciles = np.minimum(((before + mass / 2) / (total or 1.0) * DECILES).astype(np.int64), DECILES - 1)
        for decile in range(1, DECILES):
            reached = np.flatnonzero(deciles >= decile)
            if len(reached) and found[decile - 1] == np.inf:
                found[decile - 1] = of_range.values[reached[0]]
        below += mass.sum()
    return found


def inequality(buckets: Buckets, drawing: Drawing, people: Floats, unit: float) -> Floats:
    """Return the indicators (replicates + 1, indicators); `people` are all of them by replicate, in multiples of `unit`."""
    sweep = _Sweep(people)
    starts = []
    for number in range(len(buckets)):
        starts.append(sweep.people.copy())
        of_range = Range(buckets, number, drawing)
        places = [np.searchsorted(of_range.values, piece["value"]) for piece in of_range.pieces()]
        if len(of_range.values):
            sums = of_range.placed(places, len(of_range.values))
            for which in drawing.blocks(of_range.rows_at_once()):
                sweep.add(which, of_range.values, sums(which))
    poor = _below(buckets, drawing, POVERTY * sweep.median, starts)
    return sweep.indicators(poor, unit)


class _Sweep:
    """What is cumulated from the poorest on, by replicate."""

    def __init__(self, people: Floats) -> None:
        count = len(people)
        self._total = people
        self.people, self._income, self._parts = np.zeros(count), np.zeros(count), np.zeros(count)
        self.median = np.full(count, np.nan)
        self._shares = {share: np.full(count, np.nan) for share in (0.2, 0.8)}

    def add(self, which: range, values: Floats, weights: Floats) -> None:
        """Add people at values that are higher than all before; `weights` (replicates, values)."""
        rows = slice(which.start, which.stop)
        people = np.cumsum(np.concatenate([self.people[rows, None], weights], axis=1), axis=1)
        own = weights * values
        income = np.cumsum(np.concatenate([self._income[rows, None], own], axis=1), axis=1)
        parts = weights * (income[:, 1:] - 0.5 * own)
        for position, replicate in enumerate(which):
            self._pass(replicate, values, people[position], income[position])
        self.people[rows], self._income[rows] = people[:, -1], income[:, -1]
        self._parts[rows] = np.cumsum(np.concatenate([self._parts[rows, None], parts], axis=1), axis=1)[:, -1]

    def _pass(self, replicate: int, values: Floats, people: Floats, income: Floats) -> None:
        """Note the median, and what the poorest shares have, where the cumulated people reach them."""
        total = self._total[replicate]
        if people[0] < total / 2 <= people[-1]:
            self.median[replicate] = values[np.searchsorted(people, total / 2) - 1]
        for share, found in self._shares.items():
            limit = share * total
            if people[0] < limit <= people[-1]:
                place = int(np.searchsorted(people, limit))
                part = (limit - people[place - 1]) / (people[place] - people[place - 1])
                found[replicate] = income[place - 1] + part * (income[place] - income[place - 1])

    def indicators(self, poor: Floats, unit: float) -> Floats:
        """Return the indicators, given the people below the poverty line."""
        with np.errstate(invalid="ignore", divide="ignore"):
            gini = 1.0 - 2.0 * self._parts / (self._total * self._income)
            low, high = self._shares[0.2], self._shares[0.8]
            ratio = np.where(low > 0, (self._income - high) / low, np.nan)
            found = np.stack([gini, poor / self._total, ratio, self.median, self._income / self._total], axis=1)
        assert found.shape[1] == len(INDICATORS)
        return np.where(((self._total > 0) & (self._income * unit > 0))[:, None], found, np.nan)


def _below(buckets: Buckets, drawing: Drawing, limits: Floats, starts: Sequence[Floats]) -> Floats:
    """Return the people whose value is below a limit, by replicate; `starts` are those below each range."""
    found = np.zeros(len(limits))
    known = np.flatnonzero(np.isfinite(limits))
    ranges = buckets.range_of(limits[known])
    for number in np.unique(ranges).tolist():
        of_range = Range(buckets, number, drawing)
        for replicate in known[ranges == number].tolist():
            places = [np.where(piece["value"] < limits[replicate], 0, -1) for piece in of_range.pieces()]
            found[replicate] = starts[number][replicate] + of_range.placed(places, 1)(range(replicate, replicate + 1))[0, 0]
    return found


def medians(buckets: Buckets, drawing: Drawing, field: str, totals: Floats) -> Floats:
    """Return the weighted median of values in each cell, (replicates + 1, cells); NaN where a cell weighs nothing.

    `field` says the cell of each row (-1: none), `totals` the weights of all rows of each cell.
    """
    found, below = np.full(totals.shape, np.nan), np.zeros(totals.shape)
    cells = totals.shape[1]
    for number in range(len(buckets)):
        of_range = Range(buckets, number, drawing)
        values = of_range.values
        if not len(values):
            continue
        pieces = [(piece[field].astype(np.int64), np.searchsorted(values, piece["value"])) for piece in of_range.pieces()]
        codes = [np.where(of_cell >= 0, of_cell * len(values) + place, -1) for of_cell, place in pieces]
        present = np.unique(np.concatenate(codes))
        present = present[present >= 0]
        if not len(present):
            continue
        places = [np.where(of_rows >= 0, np.searchsorted(present, of_rows), -1) for of_rows in codes]
        bounds = np.searchsorted(present, np.arange(cells + 1) * len(values))
        sums = of_range.placed(places, len(present))
        for which in drawing.blocks(of_range.rows_at_once()):
            _pass_cells(which, values[present % len(values)], sums(which), bounds, (totals, below, found))
    return found


def _pass_cells(which: range, values: Floats, weights: Floats, bounds: NDArray[np.int64], known: tuple[Floats, Floats, Floats]) -> None:
    """Note the medians that cells reach within a range, and what they weigh up to its end."""
    totals, below, found = known
    rows = slice(which.start, which.stop)
    for cell in np.flatnonzero(np.diff(bounds)).tolist():
        inside = slice(bounds[cell], bounds[cell + 1])
        before, half = below[rows, cell], totals[rows, cell] / 2
        after = before + weights[:, inside].sum(axis=1)
        for position in np.flatnonzero((before < half) & (half <= after)).tolist():
            cumulated = before[position] + np.cumsum(weights[position, inside])
            found[which[position], cell] = values[inside][np.searchsorted(cumulated, half[position])]
        below[rows, cell] = after
