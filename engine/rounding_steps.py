"""Steps of roundings: where the law rounds on the way to a result, how much the result steps by, and how far the inputs move between two steps.

Derivatives pass roundings unchanged; here the roundings themselves are told. The slope of the result by a rounded amount, found by one pass
along the graph, times the unit that it is rounded to, is the step of the result; the unit by the rate of what is rounded is the distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.adjoints import Adjoints
from engine.graph.germs import ROUNDINGS
from engine.graph.nodes import in_order
from engine.graph.operations import Cast, Elementwise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.graph.derivatives import Moved
    from engine.graph.nodes import Node
    from engine.simulation import Simulation

    Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class RoundingSteps:
    """A rounding on the way to a result, by row of its entity: the step of the result towards more, and how far inputs move between two steps."""

    node: Node
    step: Floats
    distance: Floats
    rounded: Floats
    """What is rounded: roundings of one amount step together."""


def rounding_steps(simulation: Simulation, moved: Moved, targets: Sequence[Node], seeds: Mapping[int, Floats]) -> list[RoundingSteps]:
    """Return the roundings on the way to a sum of targets' rows by weights (`seeds`, by number); `moved` with all nodes on the way."""
    ordered = in_order(targets)
    units = {node.number: _unit(node) for node in ordered if node.number in moved.motions}
    roundings = {number: unit for number, unit in units.items() if unit}
    sides = {number: motion.right for number, motion in moved.motions.items()}
    layout = simulation.derivatives().layout
    slopes = Adjoints(layout, sides, moved.values, frozenset(), frozenset(roundings)).run(ordered, seeds)
    found = []
    for node in ordered:
        if node.number in slopes and node.entity is not None and node.number in roundings:
            shape, unit = (layout.counts[node.entity],), roundings[node.number]
            side = sides[node.number].smooth
            rate = np.broadcast_to(np.asarray(0.0 if side.rate is None else side.rate, dtype=np.float64), shape)
            with np.errstate(divide="ignore"):
                distance = unit / np.abs(rate)
            step = np.broadcast_to(slopes[node.number], shape) * np.sign(rate) * unit
            found.append(RoundingSteps(node, step, distance, np.broadcast_to(np.asarray(side.limit, dtype=np.float64), shape)))
    return found


def _unit(node: Node) -> float:
    """Return the unit that a node rounds to; 0 where it does not round."""
    operation = node.operation
    if isinstance(operation, Cast):
        return 1.0 if node.dtype.kind in "iu" and node.operands[0].dtype.kind == "f" else 0.0
    if not isinstance(operation, Elementwise) or operation.function not in ROUNDINGS:
        return 0.0
    return float(10.0 ** -dict(operation.keywords).get("decimals", 0))  # type: ignore[operator]
