"""Axes: one situation repeated with a value that varies, as a salary from 0 to 100,000 in a hundred steps.

    "axes": [[{"name": "salary", "min": 0, "max": 100000, "count": 101, "period": "2017", "index": 0}]]

The inner lists are parallel axes, which vary together; the outer ones are perpendicular, so that every value of one meets
every value of the others. Each combination is a cell: a copy of the whole situation. `index` is the place of the row that
varies among those of its entity; the first is 0. Cells are in the order of `numpy.meshgrid`: the first of two perpendicular
axes varies fastest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.errors import PeriodError, nearest
from engine.periods import ETERNITY, Period, PeriodLike
from engine.periods import period as as_period

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.variables import Rule

Report = Callable[..., None]
# A count is one word of a document, and each cell a copy of the whole situation.
MOST_CELLS: Final = 1_000_000
_NAMES: Final = ("name", "min", "max", "count", "period", "index")
_NUMBERS: Final = (int, float)


@dataclass(frozen=True)
class Axis:
    """A variable of one row that goes from `minimum` to `maximum` in equal steps, both included."""

    rule: Rule
    minimum: float
    maximum: float
    period: Period
    index: int = 0
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """Perpendicular dimensions, each of parallel axes with one count."""

    dimensions: tuple[tuple[Axis, ...], ...]
    counts: tuple[int, ...]

    @property
    def cells(self) -> int:
        """Return how many copies of the situation there are."""
        return math.prod(self.counts)

    def steps(self, dimension: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return, for each cell, the step at which a dimension stands there."""
        meshes = np.meshgrid(*(np.arange(count) for count in self.counts))
        return np.asarray(meshes[dimension].reshape(self.cells), dtype=np.int64)

    def values(self, dimension: int, axis: Axis) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return, for each cell, the value that an axis takes there."""
        values: np.ndarray[Any, np.dtype[np.float64]] = np.linspace(axis.minimum, axis.maximum, self.counts[dimension])
        return values.take(self.steps(dimension))


def read_axes(legislation: Legislation, document: Any, default_period: PeriodLike | None, report: Report) -> Grid | None:
    """Return the grid that the value of `axes` describes; problems are told to `report(path, message, code)`."""
    reader = _Reader(legislation, default_period, report)
    if not isinstance(document, list) or not document or not all(isinstance(dimension, list) and dimension for dimension in document):
        report(
            ("axes",),
            "expected a list of lists of axes, as [[{name, min, max, count, period}]]: the inner lists are parallel axes, the outer ones perpendicular.",
        )
        return None
    dimensions = [reader.dimension(axes, ("axes", str(place))) for place, axes in enumerate(document)]
    found = [dimension for dimension in dimensions if dimension is not None]
    if len(found) < len(document):
        return None
    grid = Grid(tuple(axes for axes, _ in found), tuple(count for _, count in found))
    if grid.cells > MOST_CELLS:
        report(("axes",), f"expected at most {MOST_CELLS:,} cells; got {' x '.join(map(str, grid.counts))} of them.")
        return None
    return grid


class _Reader:
    """Reads axes, and tells what is wrong with them."""

    def __init__(self, legislation: Legislation, default_period: PeriodLike | None, report: Report) -> None:
        self.legislation = legislation
        self.default_period = default_period
        self.report = report

    def dimension(self, documents: list[Any], path: tuple[str, ...]) -> tuple[tuple[Axis, ...], int] | None:
        """Return parallel axes and their count; only the first has to say it."""
        axes = [self.axis(document, (*path, str(place))) for place, document in enumerate(documents)]
        counts = [document["count"] for document in documents if isinstance(document, Mapping) and "count" in document]
        if not counts:
            self.report((*path, "0", "count"), "expected how many values the axis takes.")
            return None
        count = counts[0]
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            self.report((*path, "0", "count"), f"expected a whole number of at least 1; got {count!r}.")
            return None
        if any(other != count for other in counts):
            self.report(path, f"parallel axes take one number of values; got {', '.join(map(str, counts))}.")
            return None
        found = [axis for axis in axes if axis is not None]
        return (tuple(found), count) if len(found) == len(axes) else None

    def axis(self, document: Any, path: tuple[str, ...]) -> Axis | None:
        """Return one axis, or None where something is wrong with it."""
        if not isinstance(document, Mapping):
            self.report(path, f"expected an axis, as {{name, min, max, count, period}}; got {document!r}.")
            return None
        for key in document:
            if key not in _NAMES:
                self.report((*path, str(key)), f"unknown key of an axis: expected one of {', '.join(_NAMES)}.{nearest(str(key), _NAMES)}")
        rule = self.rule(document.get("name"), path)
        bounds = [self.number(document, key, path) for key in ("min", "max")]
        index = document.get("index", 0)
        if isinstance(index, bool) or not isinstance(index, int) or index < 0:
            self.report((*path, "index"), f"expected the place of a row, from 0; got {index!r}.")
            return None
        period = None if rule is None else self.period(rule, document.get("period", self.default_period), path)
        if rule is None or period is None or bounds[0] is None or bounds[1] is None:
            return None
        return Axis(rule, bounds[0], bounds[1], period, index, path)

    def rule(self, name: Any, path: tuple[str, ...]) -> Rule | None:
        """Return the variable of an axis: one that is a number."""
        rule = self.legislation.variables.get(name) if isinstance(name, str) else None
        if rule is None:
            self.report((*path, "name"), f"there is no variable `{name}`.{nearest(str(name), self.legislation.variables)}", 404)
        elif rule.value_type not in _NUMBERS:
            self.report((*path, "name"), f"`{name}` does not vary in steps: expected a variable that is a number.")
            return None
        return rule

    def number(self, document: Mapping[str, Any], key: str, path: tuple[str, ...]) -> float | None:
        """Return a bound of an axis."""
        value = document.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.report((*path, key), f"expected a number; got {value!r}." if key in document else "expected a number; it is missing.")
            return None
        return float(value)

    def period(self, rule: Rule, value: Any, path: tuple[str, ...]) -> Period | None:
        """Return the period of an axis; a variable for all time needs none."""
        if rule.definition_period == ETERNITY:
            return as_period("eternity")
        try:
            if value is not None:
                return as_period(value)
            self.report((*path, "period"), "expected a period, as `2017`: there is no default period.")
        except PeriodError as error:
            self.report((*path, "period"), str(error))
        return None
