"""The largest cliffs of a population: whose next euros cost more than they bring, by which rule, and for how many households.

Each household's largest earner earns up to `reach` euros more. Where the result after them is not what its derivatives on the way allow,
a jump lies between: the interval is halved, for all households at once, always towards the larger part of what is not explained.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.curve_causes import Turning, owners_of
from analysis.roundings import steps_by_rule, words_of_rule
from analysis.some_households import SomeHouseholds
from engine.errors import DataError
from engine.marginal import leaves_of, marginals, nodes_of, separated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.curve_causes import Cause
    from analysis.study import Study
    from engine.legislation import Legislation
    from engine.marginal import Marginal
    from engine.periods import Period
    from engine.simulation import Simulation
    from engine.traces import Key

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Rows = np.ndarray[Any, np.dtype[np.int64]]

DEFAULT_SAMPLE: Final = 4_000
HALVINGS: Final = 20
NEAR: Final = 1e-6
HOUSEHOLDS_AT_ONCE: Final = 200


@dataclass(frozen=True)
class CliffOfRule:
    """A rule that makes results jump: `households` (weighted) meet its largest jump within reach; means and totals are weighted euros."""

    rule: str
    label: str
    references: tuple[str, ...]
    households: float
    mean_jump: float
    largest_jump: float
    total: float
    mean_distance: float
    observed: int
    every: float | None = None
    """Where the rule rounds, and each step of the rounding is such a jump: how many euros of income lie between two, on average."""


def largest_cliffs(
    study: Study,
    income: str,
    output: str,
    *,
    reach: float = 1_000.0,
    smallest: float = 50.0,
    sample: int | None = DEFAULT_SAMPLE,
    seed: int = 1,
    years_before: int = 2,
) -> list[CliffOfRule]:
    """Return the rules that make a household's result fall or rise at once within its next `reach` euros, the costliest first.

    `output` is a variable of the study's households (`revenu_disponible`), `income` an input of persons or tax households, which moves in
    as many years before too. A `sample` of households stands for all; None takes them all. Raises DataError where the income is not given.
    """
    if study.law.variable(output).entity.key != study.households.unit:
        raise DataError(f"`{output}` is no variable of `{study.households.unit}`: expected a result of households.")
    asked = _Question(study.law, income, output, study.period, reach, years_before)
    moving = _Moving(SomeHouseholds.of(study, sample, seed), asked)
    low, high, jump = moving.narrowed(smallest)
    chosen = np.flatnonzero(np.abs(jump) >= smallest)
    causes = dict(moving.causes(chosen, low, high))
    told = [*_told(chosen, causes, jump, low, moving.part.weights), *moving.roundings(smallest)]
    return sorted(told, key=lambda each: each.total)


def _told(chosen: Rows, causes: dict[int, Cause], jump: Floats, low: Floats, weights: Floats) -> Iterator[CliffOfRule]:
    rules = {cause.variable: cause for cause in causes.values()}
    for rule, cause in rules.items():
        rows = np.array([row for row in chosen if row in causes and causes[row].variable == rule])
        each, weight = jump[rows], weights[rows]
        yield CliffOfRule(
            rule=rule,
            label=cause.label,
            references=cause.references,
            households=float(weight.sum()),
            mean_jump=float(each @ weight / weight.sum()),
            largest_jump=float(each[np.argmax(np.abs(each))]),
            total=float(each @ weight),
            mean_distance=float(low[rows] @ weight / weight.sum()),
            observed=len(rows),
        )


@dataclass(frozen=True)
class _Question:
    """Which income moves, over which period, how far, and which result is followed."""

    law: Legislation
    income: str
    output: str
    at: Period
    reach: float
    years_before: int


class _Moving:
    """Households of which one income each moves by a distance of its own."""

    def __init__(self, part: SomeHouseholds, asked: _Question) -> None:
        self.part, self.asked = part, asked
        self.base = part.simulation(asked.law)
        last = asked.at.start.year
        self.keys = [(asked.income, when) for when in self.base.known_periods(asked.income) if last - asked.years_before <= when.start.year <= last]
        now = [key for key in self.keys if key[1].start.year == last]
        if not now:
            raise DataError(f"`{asked.income}` is not given for {asked.at}: it cannot move.")
        self.share = 1.0 / len(now)
        self.entity = asked.law.variable(asked.income).entity.key
        self.moves = self._earners(now)

    def _earners(self, keys: list[Key]) -> Floats:
        """Return 1 for the row of each household whose income is the largest and above zero, 0 for the others."""
        columns = self.base.inputs
        total = np.sum([np.asarray(columns[key], dtype=np.float64) for key in keys], axis=0)
        household = self.part.household[self.entity]
        order = np.lexsort((-total, household))
        first = np.ones(len(order), dtype=bool)
        first[1:] = household[order][1:] != household[order][:-1]
        moves = np.zeros(len(total))
        moves[order[first]] = 1.0
        found: Floats = moves * (total > 0) * (household >= 0)
        return found

    def simulation(self, distance: Floats) -> Simulation:
        """Return the households with their incomes so much higher."""
        simulation = self.base.clone()
        added = self.moves * np.where(self.part.household[self.entity] >= 0, distance[self.part.household[self.entity]], 0.0) * self.share
        made: dict[int, Any] = {}
        for key in self.keys:
            column = self.base.inputs[key]
            if id(column) not in made:
                made[id(column)] = column + added
            simulation.set_input(*key, made[id(column)], copy=False)
        return simulation

    def germs(self, distance: Floats) -> Marginal:
        """Return the result at so many euros more, and how it moves there."""
        return marginals(self.simulation(distance), [(self.asked.output, self.asked.at)], dict.fromkeys(self.keys, self.moves * self.share))[0]

    def narrowed(self, smallest: float) -> tuple[Floats, Floats, Floats]:
        """Return, for each household, distances just before and after its largest jump within reach, and the jump."""
        count = len(self.part.weights)
        low, high = np.zeros(count), np.full(count, self.asked.reach)
        before, after = self.germs(low), self.germs(high)
        wanted = np.abs(_unexplained(before, after, high)) >= smallest / 2
        for _ in range(HALVINGS):
            if not wanted.any():
                break
            middle = (low + high) / 2
            here = self.germs(middle)
            first, second = _unexplained(before, here, middle - low), _unexplained(here, after, high - middle)
            left = np.abs(first) >= np.abs(second)
            low, high = np.where(left, low, middle), np.where(left, middle, high)
            before, after = _chosen(left, before, here), _chosen(left, here, after)
            on_it = np.abs(here.above - here.below) > np.maximum(np.abs(first), np.abs(second))  # the middle is the threshold itself
            low, high = np.where(on_it, middle - NEAR, low), np.where(on_it, middle + NEAR, high)
            before = _chosen(on_it, replace(here, above=here.below, right=here.left), before)
            after = _chosen(on_it, replace(here, below=here.above, left=here.right), after)
        jump = _unexplained(before, after, high - low)
        return low, high, np.where(wanted, jump, 0.0)

    def roundings(self, smallest: float) -> Iterator[CliffOfRule]:
        """Yield the rules that round so coarsely that results step by so much, for the households that meet a step within reach."""
        key, found = (self.asked.output, self.asked.at), self.part.weights
        simulation = separated(self.base, dict.fromkeys(self.keys, self.moves * self.share))
        leaves = leaves_of(simulation, dict.fromkeys(self.keys, self.moves * self.share))
        moved = simulation.derivatives().run(nodes_of(simulation, *key), leaves, keep=True)
        for rule, (step, distance) in steps_by_rule(simulation, moved, key, self.part.household).items():
            rows = np.flatnonzero((np.abs(step) >= smallest) & (distance <= self.asked.reach))
            if not len(rows):
                continue
            each, weight = step[rows], found[rows]
            label, references = words_of_rule(self.asked.law, rule)
            yield CliffOfRule(
                rule=rule,
                label=label,
                references=references,
                households=float(weight.sum()),
                mean_jump=float(each @ weight / weight.sum()),
                largest_jump=float(each[np.argmax(np.abs(each))]),
                total=float(each @ weight),
                mean_distance=float((distance[rows] / 2) @ weight / weight.sum()),
                observed=len(rows),
                every=float(distance[rows] @ weight / weight.sum()),
            )

    def causes(self, chosen: Rows, low: Floats, high: Floats) -> Iterator[tuple[int, Cause]]:
        """Yield the rule that makes each chosen household's jump, where it is found."""
        key = (self.asked.output, self.asked.at)
        for start in range(0, len(chosen), HOUSEHOLDS_AT_ONCE):
            some = chosen[start : start + HOUSEHOLDS_AT_ONCE]
            few = _Moving(self.part.taken(some), self.asked)
            sides = []
            for distance in (low[some], high[some]):
                simulation = few.simulation(distance)
                leaves = leaves_of(simulation, dict.fromkeys(few.keys, few.moves * few.share))
                sides.append(simulation.derivatives().run(nodes_of(simulation, *key), leaves, keep=True))
            owners, nodes = owners_of(simulation, [key]), nodes_of(simulation, *key)
            members = {entity: _by_household(rows, len(some)) for entity, rows in few.part.household.items()}
            turning = Turning(simulation, (sides[0], sides[1]), lambda entity, place, _side: members[entity][place] if entity in members else slice(None))  # noqa: B023
            for place, row in enumerate(some):
                found = turning.causes(nodes, place, owners)
                if found:
                    yield int(row), found[0]


def _by_household(rows: Rows, count: int) -> list[Rows]:
    return [np.flatnonzero(rows == place) for place in range(count)]


def _unexplained(before: Marginal, after: Marginal, distance: Floats) -> Floats:
    """Return what of a change lies outside all that the two derivatives allow: a jump, as the distance goes to zero."""
    change = after.below - before.above
    least = np.minimum(before.right, after.left) * distance
    most = np.maximum(before.right, after.left) * distance
    return np.where(change > most, change - most, np.where(change < least, change - least, 0.0))


def _chosen(first: Any, one: Marginal, other: Marginal) -> Marginal:
    arrays = {name: np.where(first, getattr(one, name), getattr(other, name)) for name in ("value", "right", "left", "above", "below", "rounded")}
    return replace(one, **arrays)
