"""Marginal rates: what the next euro of an income brings, and the last one brought, for any result and any input.

    marginal(simulation, "revenu_disponible", 2022, "salaire_de_base")

Exact, for the derivative is carried along the graph: at a threshold the right and the left rate differ, and where the law jumps, by how
much. Derivatives pass through roundings unchanged, and the result says where one did (`rounded`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import CalculationError, VariableValueError, nearest
from engine.periods import ETERNITY
from engine.periods import period as as_period

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.graph.derivatives import Moved, Side
    from engine.graph.nodes import Node
    from engine.periods import Period, PeriodLike
    from engine.simulation import Simulation
    from engine.traces import Key

Floats = np.ndarray[Any, np.dtype[np.float64]]
Directions = Mapping["Key", Any]


@dataclass(frozen=True)
class Marginal:
    """How a result moves with some inputs, one element per row of its entity.

    `value` is the result itself; `right` and `left` are its derivatives towards more and towards less; `above` and `below` its limits there,
    as if roundings did nothing. `rounded`: the derivative passed through a rounding, on some side; `estimated`: it is a difference, for
    the result rests on a formula that is no graph of operations; `of_others`: a question about the whole population stands between.
    """

    value: Floats
    right: Floats
    left: Floats
    above: Floats
    below: Floats
    rounded: np.ndarray[Any, np.dtype[np.bool_]]
    estimated: bool
    of_others: bool

    @property
    def jump(self) -> Floats:
        """By how much the result jumps at the point: zero where it is continuous."""
        return self.above - self.below


def marginal(
    simulation: Simulation, output: str, period: PeriodLike, inputs: str | Iterable[Key] | Directions, *, rows: Sequence[int] | None = None
) -> Marginal:
    """Return how a result moves with inputs: the name of one given (all its periods within `period`, in equal parts), keys, or directions.

    A direction says by how much each row moves, or all rows (a number): of keys and names, one euro in all, shared by their periods.
    `rows` are the rows of the input's entity that move; by default all do, each by as much. An input must be given, for it is a leaf of
    the graph. A result of shorter periods is added up over `period`. Raises CalculationError where nothing is given for an input.
    """
    directions = _with_rows(simulation, directions_of(simulation, as_period(period), inputs), rows)
    return marginals(simulation, [(output, as_period(period))], directions)[0]


def marginals(simulation: Simulation, outputs: Sequence[Key], directions: Directions) -> list[Marginal]:
    """Return how several results move with the same inputs, in one pass; see `marginal`."""
    simulation = separated(simulation, directions)
    nodes = [nodes_of(simulation, *key) for key in outputs]
    targets = [node for parts in nodes for node in parts]
    moved = simulation.derivatives().run(targets, leaves_of(simulation, directions))
    keys = {(name, part) for name, at in outputs for part in parts_of(simulation, name, at)}
    values = simulation.calculate_all(keys)
    found = []
    for (name, at), parts in zip(outputs, nodes, strict=True):
        count = simulation.population.counts[simulation.legislation.variable(name).entity.key]
        value = sum((np.asarray(values[name, part], dtype=np.float64) for part in parts_of(simulation, name, at)), start=np.zeros(count))
        found.append(_marginal(parts, moved, value))
    return found


def directions_of(simulation: Simulation, period: Period, inputs: str | Iterable[Key] | Directions) -> dict[Key, Any]:
    """Return the direction of each input: by how much it moves."""
    if isinstance(inputs, Mapping):
        return dict(inputs)
    if not isinstance(inputs, str):
        keys = list(inputs)
        return dict.fromkeys(keys, 1.0 / len(keys)) if keys else {}
    rule = simulation.legislation.variable(inputs)
    known = simulation.known_periods(inputs)
    within = [when for when in known if rule.definition_period == ETERNITY or (period.start <= when.start and when.stop <= period.stop)]
    if not within:
        raise CalculationError(
            f"`{inputs}` is not given for {period}: it can move only where it is an input.{nearest(inputs, {name for name, _ in simulation.inputs})}"
        )
    return {(inputs, when): 1.0 / len(within) for when in within}


def separated(simulation: Simulation, directions: Directions) -> Simulation:
    """Return a simulation in which what moves is a leaf of its own: equal columns are one leaf, and may move apart."""
    columns = simulation.inputs
    for name, when in directions:
        if (name, when) not in columns:
            raise CalculationError(f"`{name}` is not given for {when}: it can move only where it is an input.")
        if columns[name, when].dtype.kind not in "fi":
            raise VariableValueError(f"`{name}` does not move: expected a variable that is a number.")
    by_column: dict[int, list[Key]] = {}
    for key, column in columns.items():
        by_column.setdefault(id(column), []).append(key)
    apart = [key for key in directions if any(not _same(directions, key, other) for other in by_column[id(columns[key])])]
    return simulation.apart(apart) if apart else simulation


def _same(directions: Directions, key: Key, other: Key) -> bool:
    return other in directions and np.array_equal(directions[key], directions[other])


def leaves_of(simulation: Simulation, directions: Directions) -> dict[int, Floats]:
    """Return the direction of each leaf, by its number."""
    found = {}
    for (name, when), direction in directions.items():
        count = simulation.population.counts[simulation.legislation.variable(name).entity.key]
        found[simulation.node(name, when).number] = np.broadcast_to(np.asarray(direction, dtype=np.float64), (count,))
    return found


def parts_of(simulation: Simulation, name: str, at: Period) -> list[Period]:
    """Return the periods of a variable's own kind that a result is added up over."""
    rule = simulation.legislation.variable(name)
    if rule.definition_period == ETERNITY:
        return [as_period("eternity")]
    return [at] if at.unit == rule.definition_period and at.size == 1 else at.get_subperiods(rule.definition_period)


def nodes_of(simulation: Simulation, name: str, at: Period) -> list[Node]:
    """Return the nodes whose sum is a result."""
    return [simulation.node(name, part) for part in parts_of(simulation, name, at)]


def _with_rows(simulation: Simulation, directions: dict[Key, Any], rows: Sequence[int] | None) -> dict[Key, Any]:
    if rows is None:
        return directions
    chosen = {}
    for (name, when), direction in directions.items():
        moving = np.zeros(simulation.population.counts[simulation.legislation.variable(name).entity.key])
        moving[list(rows)] = 1.0
        chosen[name, when] = moving * direction
    return chosen


def _marginal(parts: Sequence[Node], moved: Moved, value: Floats) -> Marginal:
    def added(pick: Any) -> Floats:
        return sum((np.broadcast_to(np.asarray(pick(moved.motion(part.number)), dtype=np.float64), value.shape) for part in parts), start=np.zeros_like(value))

    right, left = added(lambda motion: rate_of(motion.right)), added(lambda motion: rate_of(motion.left))
    exact_right, exact_left = added(lambda motion: rate_of(motion.right, exact=True)), added(lambda motion: rate_of(motion.left, exact=True))
    numbers = {part.number for part in parts}
    return Marginal(
        value=value,
        right=right,
        left=-left,
        above=added(lambda motion: motion.right.smooth.limit),
        below=added(lambda motion: motion.left.smooth.limit),
        rounded=(right != exact_right) | (left != exact_left),
        estimated=bool(numbers & moved.estimated),
        of_others=bool(numbers & moved.of_others),
    )


def rate_of(side: Side, *, exact: bool = False) -> Any:
    """Return the rate of a side, zero where it does not move."""
    rate = (side.exact if exact else side.smooth).rate
    return 0.0 if rate is None else rate
