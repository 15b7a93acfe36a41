"""One household whose income moves: copies of a situation along a line, each with its own income, computed in one run.

The left side of a point is a copy whose income falls: all copies are run to one side (`engine/graph/one_side.py`), by steps that the line keeps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.some_households import copies_of
from engine.errors import DataError, VariableValueError
from engine.graph.one_side import OneSidedProgram
from engine.marginal import leaves_of, marginals, nodes_of, parts_of, rate_of, separated
from engine.periods import ETERNITY
from engine.periods import period as as_period
from engine.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.graph.derivatives import Moved
    from engine.graph.nodes import Node
    from engine.graph.one_side import OneSide
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.situation import Situation
    from engine.traces import Key

    Floats = np.ndarray[Any, np.dtype[np.float64]]

FEWEST_CELLS = 32
"""Copies of the household in a run: from so many rows on the engine takes equal columns for one, and all runs have one graph."""
MOST_ROWS = 16_384
AMOUNTS = ("value", "below", "above", "left", "right")
ARRAYS = (*AMOUNTS, "rounded")


@dataclass(frozen=True)
class Points:
    """Results at points of the line, one row per result: values, one-sided limits (as if roundings did nothing) and derivatives."""

    at: Floats
    value: Floats
    below: Floats
    above: Floats
    left: Floats
    right: Floats
    rounded: np.ndarray[Any, np.dtype[np.bool_]]
    estimated: tuple[bool, ...]

    def taken(self, chosen: Any) -> Points:
        """Return some of the points, in any order."""
        arrays: dict[str, Any] = {name: getattr(self, name)[:, chosen] for name in ARRAYS}
        return Points(at=self.at[chosen], estimated=self.estimated, **arrays)


@dataclass(frozen=True)
class Line:
    """A situation (of one cell), the input of one row that moves over a period, and the results that are followed, by variable and period.

    The income is the same in as many years before as `years_before` says: rights may look at them.
    """

    law: Legislation
    situation: Situation
    variable: str
    row: int
    period: Period
    outputs: tuple[Key, ...]
    years_before: int = 0

    def __post_init__(self) -> None:
        """Raise DataError where the situation has axes of its own, VariableValueError where the input is no number."""
        if self.situation.cells != 1:
            raise DataError("The situation has axes: expected one household, without `axes`.")
        if self.law.variable(self.variable).dtype.kind not in "fi":
            raise VariableValueError(f"`{self.variable}` does not vary: expected a variable that is a number.")
        for name, _ in self.outputs:
            if self.law.variable(name).dtype.kind not in "bfi":
                raise VariableValueError(f"`{name}` has no curve: expected a variable that is a number.")

    def simulation(self, at: Floats) -> Simulation:
        """Return the simulation of as many copies of the household as there are incomes."""
        own = self.situation.population
        population = copies_of(own, len(at))
        simulation = Simulation(self.law, population)
        rule, count = self.law.variable(self.variable), own.counts[self.law.variable(self.variable).entity.key]
        moving = self.parts(at)
        columns: dict[Key, Any] = {key: np.tile(values, len(at)) for key, values in self.situation.inputs.items()}
        made: dict[tuple[int, bytes], Any] = {}
        for when, part in moving.items():
            base = self.situation.inputs.get((rule.name, when), np.asarray(rule.default_array(count)).view(np.ndarray))
            same = (id(part), np.asarray(base).tobytes())
            if same not in made:
                column = np.tile(base, len(at))
                column[self.row :: count] = part
                made[same] = column
            columns[rule.name, when] = made[same]
        for (name, when), values in columns.items():
            simulation.set_input(name, when, values, copy=False)
        return simulation

    def parts(self, amounts: Floats) -> dict[Period, Any]:
        """Return the amounts of the line as inputs at the variable's own periods."""
        rule = self.law.variable(self.variable)
        column = np.asarray(rule.cast_array(amounts))
        if rule.definition_period == ETERNITY:
            return {as_period("eternity"): column}
        found: dict[Period, Any] = {}
        for years in range(self.years_before, -1, -1):
            when = self.period.offset(-years, "year")
            if when.unit == rule.definition_period and when.size == 1:
                found[when] = column
            elif rule.set_input is None:
                raise DataError(f"`{rule.name}` is defined for a {rule.definition_period}: it cannot vary over {when}. Give one of its own periods.")
            else:
                found.update(rule.set_input(rule, when, column, {}))
        return found

    def directions(self, cells: int) -> dict[Key, Floats]:
        """Return by how much each row of each input moves with the line."""
        count = self.situation.population.counts[self.law.variable(self.variable).entity.key]
        found = {}
        for when, part in self._unit.items():
            moving = np.zeros(count)
            moving[self.row] = part
            found[self.variable, when] = np.tile(moving, cells)
        return found

    @cached_property
    def _unit(self) -> dict[Period, float]:
        one, none = (self.parts(np.array([amount])) for amount in (12.0, 0.0))
        return {when: float(one[when][0] - none[when][0]) / 12.0 for when in one}

    def points(self, at: Sequence[float] | Floats, *, with_values: bool = True) -> Points:
        """Return the results at points of the line, in blocks that fit in memory; without their values, which are then no numbers, in less time."""
        given = np.asarray(at, dtype=np.float64)
        per_block = max(FEWEST_CELLS, MOST_ROWS // max(self.situation.population.counts.values()))
        blocks = [self._block(given[start : start + per_block], with_values=with_values) for start in range(0, len(given), per_block)]
        arrays: dict[str, Any] = {name: np.concatenate([getattr(block, name) for block in blocks], axis=-1) for name in ("at", *ARRAYS)}
        return Points(estimated=blocks[0].estimated, **arrays)

    def _block(self, at: Floats, *, with_values: bool) -> Points:
        padded = _padded(at)
        cells = len(padded)
        both = np.concatenate([np.ones(cells), np.full(cells, -1.0)])
        simulation = separated(self.simulation(np.concatenate([padded, padded])), self.directions(2 * cells))
        program, found = self._run(simulation, both)
        if program.asks_about_all:  # what falls must not answer for what rises
            return self._block_by_both_sides(at, padded)
        nodes = [nodes_of(simulation, *key) for key in self.outputs]
        values = _values(simulation, self.outputs) if with_values else {}
        sides = [_rows_of(simulation, key, parts, found) for key, parts in zip(self.outputs, nodes, strict=True)]
        none = np.full(len(at), np.nan)
        arrays: dict[str, Any] = {
            "value": np.array([_by_cell(values[key], 2 * cells)[: len(at)] if with_values else none for key in self.outputs]),
            "above": np.array([_by_cell(limit, 2 * cells)[: len(at)] for limit, _, _ in sides]),
            "below": np.array([_by_cell(limit, 2 * cells)[cells : cells + len(at)] for limit, _, _ in sides]),
            "right": np.array([_by_cell(rate, 2 * cells)[: len(at)] for _, rate, _ in sides]),
            "left": np.array([_by_cell(-rate, 2 * cells)[cells : cells + len(at)] for _, rate, _ in sides]),
        }
        rounded = np.array([_by_cell(rate != exact, 2 * cells) for _, rate, exact in sides])
        estimated = tuple(any(found.is_estimated(part) for part in parts) for parts in nodes)
        return Points(at=at, rounded=(rounded[:, : len(at)] + rounded[:, cells : cells + len(at)]) > 0, estimated=estimated, **arrays)

    def _block_by_both_sides(self, at: Floats, padded: Floats) -> Points:
        found = marginals(self.simulation(padded), self.outputs, self.directions(len(padded)))

        def added(name: str) -> Floats:
            return np.array([_by_cell(getattr(each, name), len(padded))[: len(at)] for each in found])

        arrays: dict[str, Any] = {name: added(name) for name in AMOUNTS}
        return Points(at=at, rounded=added("rounded") > 0, estimated=tuple(each.estimated for each in found), **arrays)

    def moved(self, at: Floats, towards: Floats | None = None) -> tuple[Simulation, Moved]:
        """Return the simulation at some points, and how all its nodes move there to one side: that of more, or `towards` (-1: less) for each point.

        Each result's own nodes are asked with `engine.marginal.nodes_of`.
        """
        padded = _padded(at)
        simulation = self.simulation(padded)
        sides = np.ones(len(padded)) if towards is None else _padded(towards)
        program, found = self._run(simulation, sides, keep=True)
        if not program.asks_about_all:
            return simulation, found.moved()
        targets = [node for key in self.outputs for node in nodes_of(simulation, *key)]
        return simulation, simulation.derivatives().run(targets, leaves_of(simulation, self.directions(len(padded))), keep=True)

    def _run(self, simulation: Simulation, towards: Floats, *, keep: bool = False) -> tuple[OneSidedProgram, OneSide]:
        """Run all copies to one side each; the steps are those of an earlier run, where it had the same graph."""
        targets = tuple(node for key in self.outputs for node in nodes_of(simulation, *key))
        leaves = leaves_of(simulation, self.directions(len(towards)))
        directions = {number: rows * np.repeat(towards, len(rows) // len(towards)) for number, rows in leaves.items()}
        key = (targets, frozenset(directions))
        program = self._programs.get(key)
        if program is None:
            program = self._programs[key] = OneSidedProgram(targets, directions)
        return program, program.run(simulation.derivatives(), directions, keep=keep)

    @cached_property
    def _programs(self) -> dict[tuple[tuple[Node, ...], frozenset[int]], OneSidedProgram]:
        """The steps to the results, by their nodes and the leaves that move; only whoever runs along the line uses them."""
        return {}


def _values(simulation: Simulation, outputs: Sequence[Key]) -> dict[Key, Floats]:
    """Return the results themselves, by row."""
    parts = {(name, at): [(name, part) for part in parts_of(simulation, name, at)] for name, at in outputs}
    found = simulation.calculate_all({key for each in parts.values() for key in each})
    return {output: sum((np.asarray(found[key], dtype=np.float64) for key in each), start=np.zeros(1)) for output, each in parts.items()}


def _rows_of(simulation: Simulation, key: Key, parts: Sequence[Node], found: OneSide) -> tuple[Floats, Floats, Floats]:
    """Return a result's limit, its rate, and its rate as the law rounds, by row."""
    shape = (simulation.population.counts[simulation.legislation.variable(key[0]).entity.key],)
    sides = [found.side(part) for part in parts]

    def added(each: Sequence[Any]) -> Floats:
        return sum((np.broadcast_to(np.asarray(values, dtype=np.float64), shape) for values in each), start=np.zeros(shape))

    return added([side.smooth.limit for side in sides]), added([rate_of(side) for side in sides]), added([rate_of(side, exact=True) for side in sides])


def _by_cell(rows: Any, cells: int) -> Floats:
    """Add up the rows of each copy."""
    found: Floats = rows.reshape(cells, -1).sum(axis=1)
    return found


def _padded(at: Floats) -> Floats:
    return np.concatenate([at, np.full(max(FEWEST_CELLS - len(at), 0), at[-1])])
