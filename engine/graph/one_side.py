"""How nodes move on one side of the point, over and over: the steps are made once, for who asks about many points of one small population.

`Derivatives` works out both sides of every node. A curve asks for some thousand points in a dozen runs, and a run over few rows costs as much as
it has nodes: here the left side of a point is a copy of it that moves the other way, in the same run. What keeps one value on its side is
computed as a value, with no germ about it; the rules are those of `Derivatives`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine import deadline
from engine.graph.derivatives import NODES_BETWEEN_LOOKS, Motion, Moved, Side
from engine.graph.germs import Germ
from engine.graph.nodes import in_order
from engine.graph.operations import TEXT, Elementwise
from engine.graph.relations import Whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from engine.graph.derivatives import Derivatives
    from engine.graph.nodes import Node
    from engine.graph.operations import Array

Step = tuple["Node", "Callable[..., Any] | None", tuple[int, ...], int, tuple[int, ...]]
"""A node, the function that alone gives its values (None where its rows or links are needed), the slots of its operands and its own, those it ends."""
NO_END: Final[tuple[int, ...]] = ()


@dataclass(slots=True)
class OneSide:
    """What was found, by slot: a Side of what leaves its value, and the plain values of what does not; `estimated` rest on differences."""

    program: OneSidedProgram
    found: list[Any]
    estimated: set[int] = field(default_factory=set)

    def side(self, node: Node) -> Side:
        """Return a node's side; of those that were kept."""
        value = self.found[self.program.slots[node.number]]
        return value if value.__class__ is Side else Side.of(Germ(value))

    def is_estimated(self, node: Node) -> bool:
        """Whether a node rests on differences."""
        return self.program.slots[node.number] in self.estimated

    def moved(self) -> Moved:
        """Return all nodes as moving to one side: either side of each is that one. Of a run that kept them."""
        moved = Moved()
        for number, slot in self.program.slots.items():
            value = self.found[slot]
            if slot in self.program.moving:
                side = value if value.__class__ is Side else Side.of(Germ(value))
                moved.motions[number] = Motion(side, side)
            else:
                moved.values[number] = value
        moved.estimated.update(number for number, slot in self.program.slots.items() if slot in self.estimated)
        return moved


class OneSidedProgram:
    """The steps from leaves to some targets, where the leaves of these numbers move.

    `asks_about_all`: a question about the whole population moves on the way, and copies that move the other way would change its answer.
    """

    def __init__(self, targets: Sequence[Node], leaves: Collection[int]) -> None:
        self.slots: dict[int, int] = {}
        self.moving: set[int] = set()
        self.leaves: list[tuple[int, Node]] = []
        self.template: list[Any] = []
        self.asks_about_all = False
        steps: list[tuple[Node, Any, tuple[int, ...], int]] = []
        for node in in_order(targets):
            slot = self.slots[node.number] = len(self.template)
            self.template.append(node.value if node.is_constant else None)
            operands = tuple(self.slots[operand.number] for operand in node.operands)
            if node.number in leaves or not self.moving.isdisjoint(operands):
                self.moving.add(slot)
                self.asks_about_all |= isinstance(node.operation, Whole)
            if node.is_leaf:
                self.leaves.append((slot, node))
            elif not node.is_constant:
                steps.append((node, _plain_function(node), operands, slot))
        self.steps = list(_with_ends(steps, {self.slots[target.number] for target in targets}))

    def run(self, derivatives: Derivatives, directions: Mapping[int, Array], *, keep: bool = False) -> OneSide:
        """Return how nodes move: the targets, or with `keep` all; `directions` gives, by a leaf's number, by how much each of its rows moves."""
        found = list(self.template)
        result = OneSide(self, found)
        for slot, node in self.leaves:
            value = derivatives.value(node, [])
            direction = directions.get(node.number)
            found[slot] = value if direction is None else Side.of(Germ(np.asarray(value), np.asarray(direction, dtype=np.float64)))
        with np.errstate(all="ignore"):
            for start in range(0, len(self.steps), NODES_BETWEEN_LOOKS):
                deadline.check()
                _run(self.steps[start : start + NODES_BETWEEN_LOOKS], derivatives, result, keep=keep)
        return result


def _run(steps: Sequence[Step], derivatives: Derivatives, result: OneSide, *, keep: bool) -> None:
    found, estimated, kind = result.found, result.estimated, Side
    for node, function, operands, slot, ends in steps:
        values = [found[operand] for operand in operands]
        for value in values:
            if value.__class__ is kind:
                side, rough = derivatives.side(node, [each if each.__class__ is kind else kind.of(Germ(each)) for each in values])
                found[slot] = side.exact.limit if side.stands else side
                if rough:
                    estimated.add(slot)
                break
        else:
            found[slot] = function(*values) if function is not None else derivatives.value(node, values)
        if estimated and not estimated.isdisjoint(operands):
            estimated.add(slot)
        if not keep:
            for end in ends:
                found[end] = None


def _plain_function(node: Node) -> Any:
    """Return the function that alone gives a node's values; None where the rows or links of the population are needed, or any care."""
    operation = node.operation
    if not isinstance(operation, Elementwise) or operation.keywords or hasattr(operation.function, "values_and_missing"):
        return None
    return None if any(operand.dtype == TEXT for operand in node.operands) else operation.function


def _with_ends(steps: Sequence[tuple[Node, Any, tuple[int, ...], int]], targets: Collection[int]) -> Sequence[Step]:
    """Return the steps, each with the slots that nobody needs after it."""
    seen, found = set(targets), []
    for node, function, operands, slot in reversed(steps):
        ends = tuple(dict.fromkeys(operand for operand in operands if operand not in seen)) or NO_END
        seen.update(ends)
        found.append((node, function, operands, slot, ends))
    return found[::-1]
