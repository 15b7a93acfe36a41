"""Which figure of the law matters most: by how many euros a result moves per unit of each figure that it rests on.

Each figure that the result reads in the study's year is moved up and down by a step, over the population, and the law is computed again as
far as the figure reaches. Both sides are told: they differ at a threshold, as where a minimum binds. Amounts are rounded by the law, so that
steps are not infinitely small (STEPS), and the error that rounding leaves in each slope is told as an upper bound.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.calls import reform_of, study
from analysis.figure_words import words_of
from analysis.outputs import Output
from analysis.study import Study
from engine.errors import BaremeError
from engine.parameters import Parameter
from engine.parameters.items import Container, Scale, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
KINK: Final = 0.02


@dataclass(frozen=True)
class Sensitivity:
    """A figure, and the slope of the result on its left and right, per unit of the figure; None where the law does not hold there.

    `rounding` is the standard error that rounded amounts may leave in a slope, at most; None for results that are no amounts. Where it
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
    rounding: float | None
    passes_a_jump: bool

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
        return abs(self.right - self.left) > 4 * (self.rounding or 0.0) + KINK * max(abs(self.left), abs(self.right))


@dataclass(frozen=True)
class Ranking:
    """The figures of the law by what 1 % of each moves the result by, the largest first.

    `unmoved` figures are read and move nothing; `left_out` are tables with too many codes.
    """

    output: str
    label: str
    year: int
    figures: tuple[Sensitivity, ...]
    unmoved: tuple[Sensitivity, ...]
    left_out: tuple[str, ...]
    seconds: float


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
    watch: Callable[[int, int], None] | None = None,
    **options: Any,
) -> Ranking:
    """Return the figures of a law, that of a reform or the one in force, by how much each moves a result of the population.

    `output`: `budget`, `budget.impot_revenu`, `gini` and all that `solve` knows; `population`, `year` and `options` as in `bareme.study`, or
    a Study already made. `below`: figures of that branch alone, as `impot_revenu`. `watch` is told how many figures are done,
    of how many. Raises ReformError, and DataError with the results there are.
    """
    start = time.perf_counter()
    found = population if isinstance(population, Study) else study(population, year, **{"replicates": 0, **options})
    law = found.law if reform is None else reform_of(reform)(found.law)
    results = Output(found, output, law)
    base = results.results(results.base_simulation)[0]
    figures, left_out = _figures(law, results.readings(results.base_simulation))
    figures = [figure for figure in figures if f"{figure.parameter.name}.".replace("[", ".").startswith(f"{below}." if below else "")]
    told = []
    for place, figure in enumerate(figures):
        told.append(_slopes(results, figure, float(base)))
        if watch is not None:
            watch(place + 1, len(figures))
    moved = sorted((each for each in told if each.left or each.right), key=lambda each: (-abs(each.per_percent), each.name, each.since))
    unmoved = tuple(each for each in told if not (each.left or each.right))
    return Ranking(output, results.labels[0], found.year, tuple(moved), unmoved, tuple(left_out), time.perf_counter() - start)


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
    words, parameter = figure.words, figure.parameter
    return Sensitivity(
        parameter.name,
        words.label,
        parameter.starts[figure.position],
        figure.value,
        words.unit,
        words.reference,
        step,
        slopes[0],
        slopes[1],
        max(noises) if noises else None,
        passes_a_jump,
    )


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
