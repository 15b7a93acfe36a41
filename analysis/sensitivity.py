"""Which figure of the law matters most: by how many euros a result moves per unit of each figure that it rests on.

Of a budget, slopes are exact derivatives along the graph, of all figures at once (`analysis/exact_slopes.py`): roundings do nothing to them, and
they are told on both sides. A step of the law (an age, a minimum that is collected) has no slope: figures that a rule compares are told,
and differences can be asked for beside. Differences move each figure up and down by a step, over the population: the only way for results
that are no budget, as the Gini index, and for figures whose slope the graph does not tell. There amounts are rounded by the law, so that
steps are not infinitely small (STEPS), and the error that rounding leaves in each slope is told as an upper bound.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.calls import reform_of, study
from analysis.exact_slopes import exact_slopes
from analysis.figure_words import words_of
from analysis.outputs import Output
from analysis.study import Study
from engine.errors import BaremeError, DataError, nearest
from engine.parameters import Parameter
from engine.parameters.items import Container, Scale, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from analysis.exact_slopes import ExactSlopes
    from analysis.figure_words import Words
    from analysis.readings import Readings
    from engine.legislation import Legislation
    from engine.traces import FigureRead

MOST_OF_A_TABLE: Final = 60
"""A table of more codes than this, as that of the communes, is no figure of the law: it is left out and said so."""
STEPS: Final = {"/1": 0.001, "percent": 0.1, "part": 0.01, "year": 1.0, "month": 1.0, "hour": 1.0, "enfants": 1.0, "person": 1.0}
"""How far a figure is moved, by its unit; another one by STEP of itself and at least LEAST_STEP, and where it is SMALL as a share or a part."""
STEP: Final = 0.001
LEAST_STEP: Final = 1.0
SMALL: Final = 100
KINK, BEND = 0.02, 1e-9
WAYS: Final = ("derivatives", "differences", "both")
"""How slopes are found; `both`: derivatives, with the differences beside them."""


@dataclass(frozen=True)
class Sensitivity:
    """A figure, and the slope of the result on its left and right, per unit of the figure; None where the law does not hold there.

    Where it is `exact`: a derivative. `jump`: by how much the result changes at once there, for those who stand at a step of the law; `compared_by`
    are the variables that compare the figure (a step may lie there, and no slope); `difference` is the mean of two-sided differences, where asked for.

    Else a difference. `rounding` is the standard error that rounded amounts may leave in it, at most; None for results that are no amounts. Where it
    `passes_a_jump`, amounts jump with the first step (halves of a euro that are rounded, thresholds that somebody reaches) and slopes are those beyond it.
    """

    name: str
    label: str
    since: str
    value: float
    unit: str
    reference: tuple[str, ...]
    step: float
    left: float | None
    right: float | None
    rounding: float | None = None
    passes_a_jump: bool = False
    exact: bool = False
    jump: float = 0.0
    compared_by: tuple[str, ...] = ()
    difference: float | None = None

    @property
    def per_unit(self) -> float:
        """The mean of both sides, or the one that there is."""
        known = [slope for slope in (self.left, self.right) if slope is not None]
        return sum(known) / len(known) if known else math.nan

    @property
    def per_percent(self) -> float:
        """What the result moves by where the figure grows by 1 % of itself."""
        return self.per_unit * self.value / 100

    @property
    def is_kinked(self) -> bool:
        """Whether both sides differ by more than rounding explains."""
        if self.left is None or self.right is None:
            return False
        if self.exact:
            return abs(self.right - self.left) > BEND * max(abs(self.left), abs(self.right))
        return abs(self.right - self.left) > 4 * (self.rounding or 0.0) + KINK * max(abs(self.left), abs(self.right))

    @property
    def has_a_step(self) -> bool:
        """Whether a difference tells something else than the derivative: a step of the law lies within it."""
        if self.difference is None:
            return self.jump != 0
        return abs(self.difference - self.per_unit) > 4 * (self.rounding or 0.0) + KINK * max(abs(self.difference), abs(self.per_unit))

    @property
    def moves(self) -> bool:
        """Whether the figure moves the result."""
        return bool(self.left or self.right or self.jump or self.difference)


@dataclass(frozen=True)
class Ranking:
    """The figures of the law by what 1 % of each moves the result by, the largest first.

    `unmoved` figures are read and move nothing; `left_out` are tables with too many codes. `by` is the way: `derivatives`, `differences` or `both`;
    `at_edges`, of derivatives, how many households (weighted) stand at an edge of some figure, where its sides differ.
    """

    output: str
    label: str
    year: int
    figures: tuple[Sensitivity, ...]
    unmoved: tuple[Sensitivity, ...]
    left_out: tuple[str, ...]
    seconds: float
    by: str = "differences"
    at_edges: float = 0.0


@dataclass(frozen=True)
class _Figure:
    """A value of a figure, in force since a day."""

    parameter: Parameter
    words: Words
    position: int

    @property
    def value(self) -> float:
        return float(self.parameter.values[self.position])  # type: ignore[arg-type]

    def moved(self, law: Legislation, to: float) -> Legislation:
        """Return the law with another value in its place."""
        values = (*self.parameter.values[: self.position], to, *self.parameter.values[self.position + 1 :])
        return law.with_parameters(law.parameters.replaced(self.parameter.name, replace(self.parameter, values=values)))

    @property
    def key(self) -> tuple[str, str]:
        """The name, and the date since which the value holds."""
        return self.parameter.name, self.parameter.starts[self.position]

    def told(self, left: float | None, right: float | None, **more: Any) -> Sensitivity:
        """Return the figure with its slopes."""
        words = self.words
        return Sensitivity(self.key[0], words.label, self.key[1], self.value, words.unit, words.reference, self.step, left, right, **more)

    @property
    def step(self) -> float:
        """How far the figure is moved: 0.1 point of a rate, one year or child, a hundredth of a part, 0.1 % of an amount and at least a euro."""
        unit, size = self.words.unit, abs(self.value)
        if unit in STEPS:
            return STEPS[unit]
        if unit != "currency" and size < SMALL:
            return STEPS["/1"] if size < 1 else STEPS["part"]
        return max(LEAST_STEP, STEP * size)


def sensitivity(
    reform: Any = None,
    output: str = "budget",
    population: Any = None,
    year: int | None = None,
    *,
    below: str = "",
    by: str = "derivatives",
    watch: Callable[[int, int], None] | None = None,
    **options: Any,
) -> Ranking:
    """Return the figures of a law, that of a reform or the one in force, by how much each moves a result of the population.

    `output`: `budget`, `budget.impot_revenu`, `gini` and all that `solve` knows; `population`, `year` and `options` as in `bareme.study`, or
    a Study already made. `below`: figures of that branch alone, as `impot_revenu`. `by`: `derivatives`, `differences` or `both`; what is no budget
    goes by differences. `watch` is told how much is done, of how much. Raises ReformError, and DataError with the results there are.
    """
    start = time.perf_counter()
    if by not in WAYS:
        raise DataError(f"`{by}` is no way to find slopes: expected one of {', '.join(WAYS)}.{nearest(by, WAYS)}")
    found = population if isinstance(population, Study) else study(population, year, **{"replicates": 0, **options})
    law = found.law if reform is None else reform_of(reform)(found.law)
    results = Output(found, output, law)
    figures, left_out = _figures(law, results.readings(results.base_simulation))
    figures = [figure for figure in figures if f"{figure.parameter.name}.".replace("[", ".").startswith(f"{below}." if below else "")]
    by = by if results.is_budget else "differences"
    at_edges = 0.0
    if by == "differences":
        told = list(_differences(results, figures, watch))
    else:
        exact = exact_slopes(results, {figure.key: figure.value for figure in figures}, watch)
        told, at_edges = list(_derivatives(results, figures, exact, watch, with_differences=by == "both")), exact.at_edges_weighted
    moved = sorted((each for each in told if each.moves), key=lambda each: (-abs(each.per_percent), each.name, each.since))
    unmoved = tuple(each for each in told if not each.moves)
    return Ranking(output, results.labels[0], found.year, tuple(moved), unmoved, tuple(left_out), time.perf_counter() - start, by, at_edges)


def _differences(results: Output, figures: Sequence[_Figure], watch: Callable[[int, int], None] | None) -> Iterator[Sensitivity]:
    base = float(results.results(results.base_simulation)[0])
    for place, figure in enumerate(figures):
        yield _slopes(results, figure, base)
        if watch is not None:
            watch(place + 1, len(figures))


def _derivatives(
    results: Output, figures: Sequence[_Figure], exact: ExactSlopes, watch: Callable[[int, int], None] | None, *, with_differences: bool
) -> Iterator[Sensitivity]:
    """Yield the derivatives; differences of figures whose slope the graph does not tell, and of all where they are asked for."""
    others = [figure for figure in figures if with_differences or figure.key in exact.unknown]
    differences = dict(zip((figure.key for figure in others), _differences(results, others, watch), strict=True))
    for figure in figures:
        slope, difference = exact.by_figure.get(figure.key), differences.get(figure.key)
        if slope is None:
            assert difference is not None
            yield difference
            continue
        told = figure.told(slope.left, slope.right, exact=True, jump=slope.jump, compared_by=exact.compared_by.get(figure.key, ()))
        yield told if difference is None else replace(told, difference=difference.per_unit, rounding=difference.rounding)


def _slopes(results: Output, figure: _Figure, base: float) -> Sensitivity:
    step = figure.step
    near = [_moved(results, figure, sign * step) for sign in (-1, 1)]
    slopes = [None if each is None else (each[0] - base) / (sign * step) for sign, each in zip((-1, 1), near, strict=True)]
    passes_a_jump = False
    if slopes[0] is not None and slopes[1] is not None and abs(slopes[1] - slopes[0]) > KINK * max(abs(slopes[0]), abs(slopes[1])):
        # rounded amounts that lie at a half, or somebody at a threshold, jump with the first step: beyond it is the slope
        far = [_moved(results, figure, 2 * sign * step) for sign in (-1, 1)]
        beyond = [None if two is None or one is None else (two[0] - one[0]) / (sign * step) for sign, one, two in zip((-1, 1), near, far, strict=True)]
        passes_a_jump = any(
            each is not None and first is not None and abs(each - first) > KINK * max(abs(each), abs(first)) for first, each in zip(slopes, beyond, strict=True)
        )
        slopes = [first if each is None else each for first, each in zip(slopes, beyond, strict=True)]
    noises = [each[1] / step for each in near if each is not None and each[1] is not None]
    return figure.told(slopes[0], slopes[1], rounding=max(noises) if noises else None, passes_a_jump=passes_a_jump)


def _moved(results: Output, figure: _Figure, by: float) -> tuple[float, float | None] | None:
    """Return the result with a figure moved, and the standard error that rounding may leave in the change; None where the law does not hold there."""
    if figure.value >= 0 > figure.value + by:
        return None  # a figure of the law that is not negative has no other side of nothing
    try:
        simulation = results.simulation(figure.moved(results.base_law, figure.value + by))
        if not results.is_budget:
            value, noise = float(results.results(simulation)[0]), None
        else:
            by_household, by_measure = results.changes(simulation)
            # an amount rounded to the euro moves by 0 or 1 with the probability of its fraction: a variance of a quarter at most, and of the change itself
            noise = math.sqrt(float(results.study.weights**2 @ np.minimum(0.25, np.abs(by_household))))
            value = float(by_measure.sum())
    except BaremeError:  # a threshold beyond the next one
        return None
    return (value, noise) if math.isfinite(value) else None


def _figures(law: Legislation, read: Readings) -> tuple[list[_Figure], list[str]]:
    """Return the numbers that were read, each value in force once, and the tables that are left out."""
    found: dict[tuple[str, int], _Figure] = {}
    left_out: dict[str, None] = {}
    for figure in read.figures():
        for parameter in _below(law, figure, left_out):
            position = _position(parameter, figure.instant)
            value = parameter.values[position] if position >= 0 else None
            if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
                found.setdefault((parameter.name, position), _Figure(parameter, words_of(law.parameters, parameter.name, figure.instant), position))
    return list(found.values()), list(left_out)


def _position(parameter: Parameter, date: str) -> int:
    return parameter.starts.index(parameter.since(date)) if parameter.since(date) else -1


def _below(law: Legislation, read: FigureRead, left_out: dict[str, None]) -> Iterator[Parameter]:
    """Give the figures that a reading rests on: itself, those of a scale, or those that a table `a[*].b` chooses among."""
    items: list[Any] = [law.parameters]
    for segment in filter(None, read.name.replace("[*]", ".[*]").split(".")):
        items = [below for item in items for below in _children(item, segment, left_out)]
    for item in items:
        if isinstance(item, Parameter):
            yield item
        elif isinstance(item, Scale):
            yield from (figure for bracket in item.brackets for figure in bracket.figures.values())


def _children(item: Any, segment: str, left_out: dict[str, None]) -> list[Any]:
    """Return the items below another of that name, or all that keys choose among; a table of very many codes is left out."""
    if not isinstance(item, Container):
        return []
    if isinstance(item, Table) and len(item.child_names()) > MOST_OF_A_TABLE:
        left_out[item.name] = None
        return []
    names = item.child_names() if segment == "[*]" else (segment,)
    return [below for below in (item.get(name) for name in names) if below is not None]
