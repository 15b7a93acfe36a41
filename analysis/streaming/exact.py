"""Weighted sums that are the same to the last bit in whatever order, and in however many parts, their terms are added.

Each term is rounded once, to a multiple of 2⁻³⁰ (a billionth of a euro), and kept as three whole numbers: billions, units and fractions. Sums of
whole numbers below 2⁵³ are exact in float64, so that a product of matrices adds them up for all replicates at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.errors import CalculationError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HIGH: Final = 2.0**32
LOW: Final = 2.0**-30
LEVELS: Final = 3
_ROWS: Final = 1 << 15  # 2¹⁵ rows drawn 11 times at most, of numbers below 2³¹: their sums stay below 2⁵³
_MOST: Final = HIGH * 2.0**31


@dataclass
class Sums:
    """Sums as whole numbers, (3, …): multiples of 2³², of 1, of 2⁻³⁰, each level within the next one's unit. They can be added up and sent."""

    levels: NDArray[np.int64]

    @classmethod
    def nothing(cls, *shape: int) -> Sums:
        """Return sums of no terms."""
        return cls(np.zeros((LEVELS, *shape), np.int64))

    def add(self, other: NDArray[np.int64]) -> None:
        """Add other sums of the same shape."""
        self.levels += other
        self.levels = carried(self.levels)

    @property
    def values(self) -> Floats:
        """The sums as numbers, rounded once more."""
        high, units, low = self.levels.astype(np.float64)
        return np.asarray(high * HIGH + (units + low * LOW), dtype=np.float64)


def carried(levels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the same sums with each level within the next one's unit: equal sums are then equal numbers."""
    high, units, low = levels
    more, low = np.divmod(low, int(1 / LOW))
    units = units + more
    more, units = np.divmod(units, int(HIGH))
    return np.stack([high + more, units, low])


def split(terms: Floats) -> Floats:
    """Return terms as whole numbers, (3, …). Raises CalculationError for terms that are no numbers, or beyond 2⁶³."""
    if not (np.abs(terms) < _MOST).all():
        raise CalculationError("A weighted amount is no number, or too large to be added up.")
    high = np.rint(terms / HIGH)
    rest = terms - high * HIGH
    units = np.rint(rest)
    return np.stack([high, units, np.rint((rest - units) / LOW)])


def totals(draws: NDArray[np.uint8], terms: Floats) -> NDArray[np.int64]:
    """Return the sums of terms (rows, columns) for each replicate of draws (replicates, rows): (3, replicates, columns)."""
    found = np.zeros((LEVELS, len(draws), terms.shape[1]), np.int64)
    present = np.flatnonzero(terms.any(axis=0))
    for start in range(0, len(terms), _ROWS):
        rows = slice(start, start + _ROWS)
        if not len(present):
            break
        drawn = draws[:, rows].astype(np.float64)
        for level, whole in enumerate(split(terms[rows][:, present])):
            if whole.any():
                found[level][:, present] += (drawn @ whole).astype(np.int64)
    return carried(found)


def totals_of_cells(draws: NDArray[np.uint8], terms: Floats, cells: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the same by cell, (3, replicates, cells, columns); rows of cell -1 count in none."""
    found = np.zeros((LEVELS, len(draws), count, terms.shape[1]), np.int64)
    inside = np.flatnonzero(cells >= 0)
    order = inside[np.argsort(cells[inside], kind="stable")]
    bounds = np.searchsorted(cells[order], np.arange(count + 1))
    sorted_draws, sorted_terms = np.take(draws, order, axis=1), terms[order]
    for cell in np.flatnonzero(np.diff(bounds)).tolist():
        rows = slice(bounds[cell], bounds[cell + 1])
        found[:, :, cell] = totals(sorted_draws[:, rows], sorted_terms[rows])
    return found


def one(values: Any) -> NDArray[np.int64]:
    """Return a single sum of terms, (3, 1, 1)."""
    terms = np.atleast_1d(np.asarray(values, dtype=np.float64))
    return totals(np.ones((1, len(terms)), np.uint8), terms[:, None])
