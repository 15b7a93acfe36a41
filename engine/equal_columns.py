"""Columns of a variable that are equal at several periods, held once: equal months are one leaf of the graph, and are computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.graph.operations import TextArray

if TYPE_CHECKING:
    from collections.abc import Iterable

FEWEST_ROWS_SHARED: Final = 32
"""From so many rows on, the columns of a variable that are equal in every row are taken for one."""
SOME_ROWS: Final = 64
"""About so many rows are compared before all are."""


def shared(column: Any, others: Iterable[Any]) -> Any:
    """Return the same object for values that one of the variable's other columns holds already.

    The values of a few rows are equal by chance, and graphs are kept for such patterns of equal months: these stay apart.
    """
    if len(column) < FEWEST_ROWS_SHARED:
        return column
    return next((other for other in others if _are_same(other, column)), column)


def _are_same(one: Any, other: Any) -> bool:
    if isinstance(one, TextArray) or isinstance(other, TextArray):
        return isinstance(one, TextArray) and isinstance(other, TextArray) and _are_same(one.codes, other.codes) and _are_same(one.texts, other.texts)
    if one is other or one.dtype != other.dtype:
        return one is other
    bits = np.dtype(np.int64) if one.dtype.kind in "fM" and one.dtype.itemsize == np.dtype(np.int64).itemsize else one.dtype
    mine, theirs = one.view(bits), other.view(bits)  # 0.0 and -0.0 are equal, and not the same
    step = len(mine) // SOME_ROWS or 1  # most columns that differ do so in some of these rows
    return len(mine) == len(theirs) and np.array_equal(mine[::step], theirs[::step]) and np.array_equal(mine, theirs)
