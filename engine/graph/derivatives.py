"""Derivatives: how fast every node leaves its value when some inputs move, to the right and to the left, carried along the graph.

Node after node, as a small population is computed (`engine/graph/direct.py`), a pair of germs (`engine/graph/germs.py`) stands in the
place of each value that moves. Roundings need two germs a side. The exact one is the law's own: a rounded amount stands still but for
its steps, and comparisons go by it. In the smooth one the roundings do nothing, so that derivatives pass through them unchanged: its
limits differ from side to side only where the law jumps by a condition, never by a step of a rounding. Where the two move at different
rates, the derivative has passed through a rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from engine import deadline
from engine.graph import germs as rules
from engine.graph.direct import DirectRun
from engine.graph.germs import Germ, limits
from engine.graph.nodes import Node, in_order
from engine.graph.operations import TEXT, Cast, Elementwise, TextArray
from engine.graph.relations import Gather, Reduce, Whole, reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.graph.blocks import Layout
    from engine.graph.opaque import Opaque
    from engine.graph.operations import Array

STEP: Final = 2.0**-10
"""How far inputs are moved where a formula is no operation of ours, and its derivative a difference: about a thousandth of a euro."""
NODES_BETWEEN_LOOKS: Final = 256
"""Every so many nodes it is asked whether there is time left."""


class Side(NamedTuple):
    """A node on one side of the point: as the law has it, and with roundings that do nothing."""

    exact: Germ
    smooth: Germ

    @classmethod
    def of(cls, germ: Germ) -> Side:
        """Return a side on which no rounding stands between the two."""
        return cls(germ, germ)

    @property
    def is_plain(self) -> bool:
        """Whether no rounding stands between the two."""
        return self.exact is self.smooth

    @property
    def stands(self) -> bool:
        """Whether the node keeps one value on this side, with roundings and without."""
        return self.exact is self.smooth and self.exact.rate is None


class Motion(NamedTuple):
    """A node on both sides of the point; the rates of the left are those of an input that falls."""

    right: Side
    left: Side


@dataclass(slots=True)
class Moved:
    """What was found: by node number, how the moving ones move, and the values of the others; `estimated` rest on differences."""

    motions: dict[int, Motion] = field(default_factory=dict)
    values: dict[int, Any] = field(default_factory=dict)
    estimated: set[int] = field(default_factory=set)
    of_others: set[int] = field(default_factory=set)

    def limit(self, number: int) -> Any:
        """Return the value of a node to the right of the point."""
        found = self.motions.get(number)
        return self.values[number] if found is None else found.right.exact.limit

    def motion(self, number: int) -> Motion:
        """Return how a node moves: not at all, where it rests on nothing that does."""
        found = self.motions.get(number)
        return Motion(Side.of(Germ(self.values[number])), Side.of(Germ(self.values[number]))) if found is None else found


class Derivatives:
    """Carries derivatives over one population; `leaf` and `opaque` are an evaluator's."""

    def __init__(self, layout: Layout, leaf: Callable[[Node], Any], opaque: Callable[[Opaque, Sequence[Any]], Array] | None) -> None:
        self.layout = layout
        self.leaf = leaf
        self.opaque = opaque
        self._direct = DirectRun(layout, leaf, opaque)
        self._by_kind: dict[type, Callable[[Node, list[Side]], Side]] = {Gather: self._gathered, Reduce: self._reduced, Whole: self._whole, Cast: _cast}

    def run(self, targets: Sequence[Node], directions: Mapping[int, Array], *, keep: bool = False) -> Moved:
        """Return how targets move with some leaves: `directions` gives, by a leaf's number, by how much each of its rows moves.

        With `keep`, all nodes on the way are there; else the targets alone.
        """
        ordered = in_order(targets)
        ends = {} if keep else _ends(ordered, {target.number for target in targets})
        found = Moved()
        with np.errstate(all="ignore"):
            for place, node in enumerate(ordered):
                if not place % NODES_BETWEEN_LOOKS:
                    deadline.check()
                self._compute(node, directions, found)
                for number in ends.get(place, ()):
                    found.motions.pop(number, None)
                    found.values.pop(number, None)
        return found

    def _compute(self, node: Node, directions: Mapping[int, Array], found: Moved) -> None:
        if node.number in directions:
            value, rate = np.asarray(self.leaf(node)), np.asarray(directions[node.number], dtype=np.float64)
            found.motions[node.number] = Motion(Side.of(Germ(value, rate)), Side.of(Germ(value, -rate)))
        elif any(operand.number in found.motions for operand in node.operands):
            if isinstance(node.operation, Whole):
                found.of_others.add(node.number)
            if any(operand.number in found.of_others for operand in node.operands):
                found.of_others.add(node.number)
            motions = [found.motion(operand.number) for operand in node.operands]
            right, rough = self.side(node, [motion.right for motion in motions])
            left, rough_too = self.side(node, [motion.left for motion in motions])
            found.motions[node.number] = Motion(right, left)
            if rough or rough_too or any(operand.number in found.estimated for operand in node.operands):
                found.estimated.add(node.number)
        else:
            found.values[node.number] = self.value(node, [found.values[operand.number] for operand in node.operands])

    def value(self, node: Node, operands: list[Any]) -> Any:
        """Return the values of a node that does not move, from those of its operands."""
        if node.is_constant:
            return node.value
        if node.is_leaf:
            values = self.leaf(node)
            return values.decoded() if isinstance(values, TextArray) else values
        return self._at(node, operands)

    # One side

    def side(self, node: Node, sides: list[Side]) -> tuple[Side, bool]:
        """Return a node's side from those of its operands, and whether its rates are differences."""
        change = self._by_kind.get(type(node.operation))
        exact = [side.exact for side in sides]
        if change is not None:
            return change(node, sides), False
        if all(side.stands for side in sides):
            return Side.of(Germ(self._at(node, limits(exact)))), False
        found = self._elementwise(node, node.operation.function, sides) if isinstance(node.operation, Elementwise) else None
        return (self._by_difference(node, exact), True) if found is None else (found, False)

    def _elementwise(self, node: Node, function: Any, sides: list[Side]) -> Side | None:
        """Return the side of an operation row by row; None where no rule is known."""
        exact = [side.exact for side in sides]
        if function in rules.ROUNDINGS:
            return self._rounded(node, function, sides)
        if function in rules.CHOICES:
            count = len(sides) // 2  # the conditions; of `where` too, of three operands, it is the first
            return self._by_rule(node, rules.CHOICES[function], sides, [side.exact if place < count else side.smooth for place, side in enumerate(sides)])
        if function in rules.RULES and node.dtype.kind != "b":
            return self._by_rule(node, rules.RULES[function], sides, [side.smooth for side in sides])
        if function in rules.COMPARES or function in rules.TRUTHS:
            return Side.of(rules.asked(function, exact))
        if node.dtype.kind not in "fi" or _is_table(node) or all(germ.rate is None for germ in exact):
            return Side.of(Germ(self._at(node, limits(exact))))
        return None

    def _rounded(self, node: Node, function: Any, sides: list[Side]) -> Side:
        exact, smooth = [side.exact for side in sides], [side.smooth for side in sides]
        keywords = {name: value for name, value in node.operation.keywords if name == "decimals"}
        stands = self._germ(node, lambda germs: rules.rounded(function, germs, **keywords), exact)
        return Side(stands, rules.unrounded(function, smooth))

    def _by_rule(self, node: Node, rule: Callable[[Sequence[Germ]], Germ], sides: Sequence[Side], smooth: Sequence[Germ]) -> Side:
        if all(side.is_plain for side in sides):
            return Side.of(self._germ(node, rule, smooth))
        return Side(self._germ(node, rule, [side.exact for side in sides]), self._germ(node, rule, smooth))

    def _germ(self, node: Node, rule: Callable[[Sequence[Germ]], Germ], germs: Sequence[Germ]) -> Germ:
        return Germ(self._at(node, limits(germs))) if all(germ.rate is None for germ in germs) else rule(germs)

    def _at(self, node: Node, values: list[Any]) -> Any:
        if not isinstance(node.operation, Elementwise):
            return self._direct.value(node, values)
        if _is_table(node):
            return _looked_up(node, values)
        if any(operand.dtype == TEXT for operand in node.operands) and not self.layout.counts[str(node.entity)]:
            return np.zeros(0, dtype=node.dtype)  # texts that no row has are not tried
        return node.operation.run(values, None)

    def _by_difference(self, node: Node, exact: list[Germ]) -> Side:
        """Return a formula's side from two values that it has near the point."""
        near, far = ([_moved(germ, times * STEP, operand) for germ, operand in zip(exact, node.operands, strict=True)] for times in (1, 2))
        first, second = self._at(node, near), self._at(node, far)
        if node.dtype.kind not in "fi":
            return Side.of(Germ(first))
        rate = (np.asarray(second, dtype=np.float64) - first) / STEP
        return Side.of(Germ(first - rate * STEP, rate))

    # Between entities

    def _whole(self, node: Node, sides: list[Side]) -> Side:
        return Side.of(Germ(self._direct.value(node, [sides[0].exact.limit])))

    def _gathered(self, node: Node, sides: list[Side]) -> Side:
        return _each(sides[0], lambda germ: self._germ_gathered(node, germ))

    def _germ_gathered(self, node: Node, germ: Germ) -> Germ:
        operation = node.operation
        link = self.layout.links[operation.link]
        rows = link.holders(operation.roles, operation.nth) if operation.up else link.index
        found, count = rows >= 0, self.layout.counts[operation.member if operation.up else operation.group]
        limit = _rows(germ.limit, count)
        chosen = np.full(len(rows), operation.default, dtype=np.result_type(limit.dtype, node.dtype) if limit.dtype.kind in "biuf" else node.dtype)
        chosen[found] = limit[rows[found]]
        if germ.rate is None:
            return Germ(chosen)
        rate = np.zeros(len(rows))
        rate[found] = _rows(germ.rate, count)[rows[found]]
        return Germ(chosen, rate)

    def _reduced(self, node: Node, sides: list[Side]) -> Side:
        return _each(sides[0], lambda germ: self._germ_reduced(node, germ))

    def _germ_reduced(self, node: Node, germ: Germ) -> Germ:
        operation = node.operation
        link = self.layout.links[operation.link]
        members, count = _rows(germ.limit, len(link.index)), link.group_count
        dtype = np.dtype(np.float64) if members.dtype.kind == "f" and operation.how == "sum" else node.dtype
        limit = reduced(operation, members, link.index, count, dtype)
        if germ.rate is None or operation.how in {"any", "all"}:
            return Germ(limit)
        rate = _rows(germ.rate, len(link.index))
        if operation.how == "sum":
            return Germ(limit, reduced(operation, rate, link.index, count, np.dtype(np.float64)))
        deciding = (link.index >= 0) & rules.are_near(members, limit[link.index])  # members at the extreme: the rates decide among them
        index = np.where(deciding, link.index, -1)
        return Germ(limit, np.nan_to_num(reduced(operation, rate, index, count, np.dtype(np.float64)), posinf=0.0, neginf=0.0))


def _ends(ordered: Sequence[Node], targets: set[int]) -> dict[int, list[int]]:
    """Return, by place in the order, the nodes that nobody needs after it."""
    last: dict[int, int] = {}
    for place, node in enumerate(ordered):
        last.update((operand.number, place) for operand in node.operands)
    ends: dict[int, list[int]] = {}
    for number, place in last.items():
        if number not in targets:
            ends.setdefault(place, []).append(number)
    return ends


def _each(side: Side, change: Callable[[Germ], Germ]) -> Side:
    exact = change(side.exact)
    return Side.of(exact) if side.is_plain else Side(exact, change(side.smooth))


def _cast(node: Node, sides: list[Side]) -> Side:
    exact, smooth = sides[0].exact, sides[0].smooth
    dtype = node.dtype
    if dtype.kind == "b":
        return Side.of(rules.truth(exact))
    if exact.rate is not None and dtype.kind in "iu":
        return Side(rules.cast_to_whole(exact, dtype), smooth)
    cast = Germ(np.asarray(exact.limit).astype(dtype), exact.rate)
    if sides[0].is_plain:
        return Side.of(cast)
    return Side(cast, smooth if dtype.kind in "iu" else Germ(np.asarray(smooth.limit).astype(dtype), smooth.rate))


def _is_table(node: Node) -> bool:
    return isinstance(node.operation, Elementwise) and hasattr(node.operation.function, "values_and_missing")


def _looked_up(node: Node, operands: list[Any]) -> Any:
    """Return the figures of a table; rows whose key is missing have any figure: those that need it are an error of the evaluation itself."""
    keys = operands[0]
    values, _ = node.operation.function.values_and_missing(keys if isinstance(keys, np.ndarray) and keys.ndim else np.asarray([keys]))
    return values


def _moved(germ: Germ, distance: float, operand: Node) -> Any:
    if germ.rate is None:
        return germ.limit
    moved = germ.limit + distance * germ.rate
    return moved if operand.dtype.kind == "f" else np.asarray(moved).astype(operand.dtype)


def _rows(values: Any, count: int) -> Any:
    return values if isinstance(values, np.ndarray) and values.ndim else np.full(count, values)
