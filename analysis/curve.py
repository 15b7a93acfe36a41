"""A curve: results of one household as an income moves, with the exact thresholds where a result jumps (a cliff) or changes its slope.

The household is computed on a grid in one run. The engine gives each result's one-sided limits and derivatives at each point; where the
right germ of a point does not lead to the left germ of the next, a threshold lies between, which is found by cutting the interval.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.curve_causes import Cause, causes_of
from analysis.roundings import roundings_of
from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.curve_line import Line, Points
    from analysis.roundings import Rounding

    Floats = np.ndarray[Any, np.dtype[np.float64]]

DEFAULT_COUNT: Final = 401
SMALLEST_JUMP: Final = 1.0
"""Euros from which a jump is one: below, roundings of the law's own steps would be."""
WITHIN: Final = 1.0
SLOPE: Final = 5e-4
AMOUNT: Final = 0.01
WIDTH: Final = 1e-7
"""The width, in euros of income, within which a threshold is found."""
CUTS: Final = 16
MOST_ROUNDS: Final = 40
MOST_THRESHOLDS: Final = 2_000


@dataclass(frozen=True)
class Step:
    """What one result does at a threshold: `jump` is that of the amounts themselves, roundings included; zero where it only bends."""

    variable: str
    before: float
    after: float
    jump: float
    rate_before: float
    rate_after: float
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Threshold:
    """An income at which some result jumps or changes its slope; `low` and `high` are incomes just below and above."""

    at: float
    low: float
    high: float
    steps: tuple[Step, ...]

    def jump_of(self, variable: str) -> float:
        """Return by how much a result jumps here."""
        return next((step.jump for step in self.steps if step.variable == variable), 0.0)


@dataclass(frozen=True)
class Cliff:
    """A jump of a result, by one rule: `at` where it begins, in as many `steps` as the amounts' own precision makes of it."""

    at: float
    variable: str
    jump: float
    causes: tuple[Cause, ...]
    steps: int = 1


@dataclass(frozen=True)
class Curve:
    """The results along a line: on a grid, and at the thresholds between; `roundings` are rules that round so coarsely that results step."""

    line: Line
    points: Points
    thresholds: tuple[Threshold, ...]
    roundings: tuple[Rounding, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the names of the results."""
        return tuple(name for name, _ in self.line.outputs)

    def rounding_step(self, variable: str) -> float:
        """Return about how large the steps of roundings in a result are: they are no jumps of the curve, however large the law makes them.

        The largest change, between neighbours of the grid, of the amount less what it would be without roundings.
        """
        number = self.variables.index(variable)
        distance = self.points.value[number] - self.points.above[number]
        changes = np.abs(np.diff(distance[np.isfinite(distance)]))
        return float(changes.max()) if changes.size else 0.0

    def cliffs(self, variable: str, smallest: float = SMALLEST_JUMP, within: float = WITHIN) -> list[Cliff]:
        """Return the jumps of a result, the largest first; steps of one rule within so many euros of income are one.

        Laws written for single precision waver at a threshold: up and down again within cents.
        """
        found: list[Cliff] = []
        for threshold in self.thresholds:
            for step in threshold.steps:
                if step.variable != variable or not step.jump:
                    continue
                last = found[-1] if found else None
                rule = step.causes[0].variable if step.causes else ""
                if last is not None and threshold.at - last.at <= within and rule == (last.causes[0].variable if last.causes else ""):
                    found[-1] = replace(last, jump=last.jump + step.jump, steps=last.steps + 1)
                else:
                    found.append(Cliff(threshold.at, variable, step.jump, step.causes))
        return sorted((each for each in found if abs(each.jump) >= smallest), key=lambda each: -abs(each.jump))

    def jumps(self, variable: str | None = None, smallest: float = SMALLEST_JUMP) -> list[tuple[Threshold, Step]]:
        """Return the jumps of a result (of all), of at least so many euros, the largest first."""
        found = [(threshold, step) for threshold in self.thresholds for step in threshold.steps if abs(step.jump) >= smallest]
        chosen = [each for each in found if variable is None or each[1].variable == variable]
        return sorted(chosen, key=lambda each: -abs(each[1].jump))


def curve(line: Line, start: float, stop: float, count: int = DEFAULT_COUNT) -> Curve:
    """Return the curve of a line from one income to another, on a grid of `count` points. Raises DataError for a range that is none."""
    if not (np.isfinite([start, stop]).all() and start < stop):
        raise DataError(f"expected a range of income, the first smaller than the last; got {start} to {stop}.")
    if count < len((start, stop)):
        raise DataError(f"expected at least two points; got {count}.")
    points = line.points(np.linspace(start, stop, count))
    brackets = thresholds_between(line, points)
    if not brackets:
        return Curve(line, points, (), tuple(roundings_of(line, start, stop)))
    return Curve(line, points, tuple(_thresholds(line, brackets, (start, stop))), tuple(roundings_of(line, start, stop)))


# Finding thresholds

Bracket = tuple[float, float]


def thresholds_between(line: Line, points: Points) -> list[Bracket]:
    """Return the incomes just below and above each threshold between the first point and the last; those at a point of the grid too."""
    found = [_around(points.at[place]) for place in np.flatnonzero(~_meets(points, points, at_once=True))]
    opened = _open(points)
    for _ in range(MOST_ROUNDS):
        narrow = [each for each in opened if each[1] - each[0] <= _width(each[1])]
        found += [_around(each[1]) for each in narrow]
        wide = [each for each in opened if each[1] - each[0] > _width(each[1])]
        if not wide or len(found) > MOST_THRESHOLDS:
            break
        cuts = [np.linspace(low, high, CUTS + 1) if crossing is None else _with(low, high, crossing) for low, high, crossing in wide]
        cut = line.points(np.concatenate(cuts), with_values=False)
        opened, start = [], 0
        for each in cuts:
            part = cut.taken(slice(start, start + len(each)))
            start += len(each)
            inner = np.flatnonzero(~_meets(part, part, at_once=True))
            found += [_around(part.at[place]) for place in inner if 0 < place < len(each) - 1]
            opened += _open(part)
    return _merged(found)


def _width(at: float) -> float:
    return max(WIDTH, 64 * float(np.spacing(abs(at))))


def _around(at: float) -> Bracket:
    width = _width(float(at))
    return float(at) - width, float(at) + width


def _with(low: float, high: float, crossing: float) -> Floats:
    """Return cuts of an interval, among them the crossing of its two tangents and its near neighbours."""
    cuts = np.linspace(low, high, CUTS + 1)
    near = np.array([crossing - _width(crossing) / 2, crossing, crossing + _width(crossing) / 2])
    return np.unique(np.concatenate([cuts, near[(near > low) & (near < high)]]))


def _open(points: Points) -> list[tuple[float, float, float | None]]:
    """Return the intervals between points in which a threshold lies, each with the crossing of tangents where that may be it."""
    before, after = points.taken(slice(0, -1)), points.taken(slice(1, None))
    found = []
    for place in np.flatnonzero(~_meets(before, after, at_once=False)):
        low, high = float(before.at[place]), float(after.at[place])
        found.append((low, high, _crossing(before, after, int(place), high - low)))
    return found


def _crossing(before: Points, after: Points, place: int, width: float) -> float | None:
    bend = before.right[:, place] - after.left[:, place]
    gap = after.below[:, place] - after.left[:, place] * width - before.above[:, place]
    chosen = int(np.argmax(np.abs(bend)))
    if abs(bend[chosen]) <= SLOPE:
        return None
    distance = float(gap[chosen] / bend[chosen])
    return float(before.at[place]) + distance if 0 < distance < width else None


def _meets(before: Points, after: Points, *, at_once: bool) -> Any:
    """Whether the results beyond each point lead straight to those before the next; `at_once`, whether both sides of one point agree."""
    if at_once:
        from_limit, from_rate, to_limit, to_rate, width = before.below, before.left, after.above, after.right, np.zeros(len(before.at))
    else:
        from_limit, from_rate, to_limit, to_rate, width = before.above, before.right, after.below, after.left, after.at - before.at
    reached = from_limit + from_rate * width
    same = np.abs(reached - to_limit) <= AMOUNT + SLOPE * width + 1e-9 * np.abs(to_limit)
    unknown = ~np.isfinite(reached) | ~np.isfinite(to_limit)
    return ((same & (np.abs(from_rate - to_rate) <= SLOPE)) | unknown).all(axis=0)


def _merged(found: list[Bracket]) -> list[Bracket]:
    """Return brackets in order, those that touch as one."""
    merged: list[Bracket] = []
    for low, high in sorted(found):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


# Telling thresholds


def _thresholds(line: Line, brackets: list[Bracket], span: tuple[float, float]) -> Iterator[Threshold]:
    ends = line.points(np.array([end for bracket in brackets for end in bracket]))
    why = causes_of(line, brackets)
    for place, (low, high) in enumerate(brackets):
        at = _plain(low, high)
        if not span[0] <= at <= span[1]:
            continue
        steps = []
        for number, (name, _) in enumerate(line.outputs):
            step = _step(name, ends, number, place, why[place][number])
            if step is not None:
                steps.append(step)
        if steps:
            yield Threshold(at, low, high, tuple(steps))


def _step(name: str, ends: Points, number: int, place: int, causes: tuple[Cause, ...]) -> Step | None:
    low, high = 2 * place, 2 * place + 1
    rate_before, rate_after = float(ends.right[number, low]), float(ends.left[number, high])
    moved = (rate_before + rate_after) / 2 * float(ends.at[high] - ends.at[low])
    jump = float(ends.below[number, high] - ends.above[number, low]) - moved
    jump = 0.0 if not abs(jump) > AMOUNT else jump
    if not jump and not abs(rate_after - rate_before) > SLOPE:
        return None
    before, after = float(ends.value[number, low]), float(ends.value[number, high])
    return Step(name, before, after, round(after - before, 6) if jump else 0.0, rate_before, rate_after, causes)


def _plain(low: float, high: float) -> float:
    """Return the shortest number within a bracket: a threshold of the law is mostly a round one."""
    middle = (low + high) / 2
    for decimals in range(8):
        shortest = round(middle, decimals)
        if low <= shortest <= high:
            return shortest
    return middle
