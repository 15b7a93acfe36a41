"""Adjoints: what a result moves by with each value on the way to it, found by one pass along the graph from the result down.

Forwards, a derivative is carried for one direction at a time (`engine/graph/derivatives.py`). Backwards, one pass tells the slope of one
number, a weighted sum of results, by everything that it rests on: all figures of the law at once. Each operation hands down what it was
handed, times its own slope by each operand, as the germs of the right side have it: roundings pass it unchanged, a choice hands it to what
it chose, a comparison hands nothing down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.graph import germs as rules
from engine.graph.germs import Germ
from engine.graph.operations import Cast, Elementwise, where
from engine.graph.relations import Gather, Reduce, Whole, reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from engine.graph.blocks import Layout
    from engine.graph.derivatives import Side
    from engine.graph.nodes import Node
    from engine.graph.operations import Array


class Adjoints:
    """Carries slopes down over one population, given by number how nodes move on one side (`sides`) and the values of those that do not.

    `leaves` are the nodes whose slopes are asked for, below which nothing is; `passed` those whose slopes are told on the way. Nodes whose own
    slopes no rule tells are put into `unknown`.
    """

    def __init__(
        self, layout: Layout, sides: Mapping[int, Side], values: Mapping[int, Any], leaves: Collection[int], passed: Collection[int] = frozenset()
    ) -> None:
        self.layout = layout
        self.sides = sides
        self.values = values
        self.leaves = leaves
        self.passed = passed
        self.unknown: list[Node] = []

    def run(self, ordered: Sequence[Node], seeds: Mapping[int, Array]) -> dict[int, Array]:
        """Return the slopes by the leaves, row by row; `ordered` are all nodes of the results, operands first, `seeds` the weights of the results' rows."""
        slopes = {number: np.array(weights, dtype=np.float64) for number, weights in seeds.items() if number in self.sides}
        found: dict[int, Array] = {}
        with np.errstate(all="ignore"):
            for node in reversed(ordered):
                handed = slopes.pop(node.number, None)
                if handed is None:
                    continue
                if node.number in self.leaves or node.number in self.passed:
                    found[node.number] = handed
                if node.number in self.leaves:
                    continue
                for place, part in self._parts(node, handed):
                    number = node.operands[place].number
                    if number in self.sides:
                        slopes[number] = slopes[number] + part if number in slopes else part
        return found

    def _parts(self, node: Node, handed: Array) -> Iterator[tuple[int, Array]]:
        """Yield what each operand is handed, by its place."""
        operation = node.operation
        if isinstance(operation, Elementwise):
            yield from self._elementwise(node, operation.function, handed)
        elif isinstance(operation, Cast):
            if node.dtype.kind != "b":
                yield 0, handed
        elif isinstance(operation, Gather):
            yield 0, self._gathered(operation, handed)
        elif isinstance(operation, Reduce):
            if operation.how not in {"any", "all"}:
                yield 0, self._reduced(node, operation, handed)
        elif not isinstance(operation, Whole):
            self.unknown.append(node)

    def _elementwise(self, node: Node, function: Any, handed: Array) -> Iterator[tuple[int, Array]]:
        slopes: Callable[[Sequence[Germ]], list[Any]] | None
        if function in rules.ROUNDINGS and function is not np.floor_divide:
            yield 0, handed
            return
        if function in rules.CHOICES:
            slopes = _of_where if function is where else _of_select
            conditions = 1 if function is where else len(node.operands) // 2
            germs = [self._germ(operand, exact=place < conditions) for place, operand in enumerate(node.operands)]
        elif node.dtype.kind == "b" or function in rules.COMPARES or function in rules.TRUTHS or function is np.sign:
            return  # it stands still but for its steps
        else:
            slopes = _SLOPES.get(function)
            germs = [self._germ(operand, exact=False) for operand in node.operands]
            if slopes is None and function in rules.RULES and len(germs) == 1:
                slopes = _by_rule(rules.RULES[function])
        if slopes is None:
            if node.dtype.kind in "fi" and any(germ.rate is not None for germ in germs):
                self.unknown.append(node)
            return
        for place, slope in enumerate(slopes(germs)):
            if slope is not None and germs[place].rate is not None:
                yield place, _times(handed, slope)

    def _germ(self, node: Node, *, exact: bool) -> Germ:
        side = self.sides.get(node.number)
        if side is None:
            return Germ(self.values[node.number])
        return side.exact if exact else side.smooth

    # Between entities

    def _gathered(self, operation: Gather, handed: Array) -> Array:
        link = self.layout.links[operation.link]
        rows = link.holders(operation.roles, operation.nth) if operation.up else link.index
        count = self.layout.counts[operation.member if operation.up else operation.group]
        known = rows >= 0
        return np.bincount(rows[known], weights=np.broadcast_to(handed, rows.shape)[known], minlength=count)

    def _reduced(self, node: Node, operation: Reduce, handed: Array) -> Array:
        link = self.layout.links[operation.link]
        known = link.index >= 0
        spread = np.where(known, handed[np.where(known, link.index, 0)], 0.0) if len(handed) else np.zeros(len(link.index))
        if operation.how == "sum":
            return spread
        members, limit = self.sides[node.operands[0].number].smooth, np.asarray(self.sides[node.number].smooth.limit)
        deciding = known & rules.are_near(members.limit, limit[link.index])
        rate = np.broadcast_to(np.asarray(0.0 if members.rate is None else members.rate, dtype=np.float64), link.index.shape)
        best = reduced(operation, rate, np.where(deciding, link.index, -1), link.group_count, np.dtype(np.float64))
        rows = np.flatnonzero(deciding & (rate == best[link.index]))[::-1]
        first = np.full(link.group_count, -1)
        first[link.index[rows]] = rows
        chosen = np.zeros(len(link.index), dtype=bool)
        chosen[first[first >= 0]] = True
        return np.where(chosen, spread, 0.0)


def _times(handed: Array, slope: Any) -> Array:
    """Return a product in which what is handed nothing hands nothing down, even where its slope is infinite or no number."""
    return np.where(np.equal(handed, 0), 0.0, np.multiply(handed, slope))


# The slopes of operations by their operands; None where an operand has none


def _of_where(germs: Sequence[Germ]) -> list[Any]:
    condition = np.asarray(germs[0].limit).astype(bool)
    return [None, condition, ~condition]


def _of_select(germs: Sequence[Germ]) -> list[Any]:
    count = len(germs) // 2
    left: Any = True
    chosen: list[Any] = []
    for germ in germs[:count]:
        condition = np.asarray(germ.limit).astype(bool)
        chosen.append(left & condition)
        left = left & ~condition
    return [*[None] * count, *chosen, left]


def _of_product(germs: Sequence[Germ]) -> list[Any]:
    return [germs[1].limit, germs[0].limit]


def _of_quotient(germs: Sequence[Germ]) -> list[Any]:
    above, below = germs
    inverse = np.true_divide(1.0, below.limit)
    return [inverse, None if below.rate is None else -np.true_divide(above.limit, below.limit) * inverse]


def _of_extreme(first: Any) -> Callable[[Sequence[Germ]], list[Any]]:
    def slopes(germs: Sequence[Germ]) -> list[Any]:
        (left, right), (rate_left, rate_right) = rules.limits(germs), rules.rates(germs)
        chosen = np.where(rules.are_near(left, right), first(rate_left, rate_right), first(left, right))
        return [chosen, ~chosen]

    return slopes


def _of_absolute(germs: Sequence[Germ]) -> list[Any]:
    limit, rate = germs[0]
    return [np.where(np.equal(limit, 0), np.sign(rate), np.sign(limit))]


def _of_power(germs: Sequence[Germ]) -> list[Any]:
    base, exponent = germs
    value = np.power(base.limit, exponent.limit)
    return [
        None if base.rate is None else exponent.limit * np.power(np.asarray(base.limit, dtype=np.float64), np.subtract(exponent.limit, 1.0)),
        None if exponent.rate is None else value * np.log(base.limit),
    ]


def _by_rule(rule: Callable[[Sequence[Germ]], Germ]) -> Callable[[Sequence[Germ]], list[Any]]:
    return lambda germs: [rule([Germ(germs[0].limit, 1.0)]).rate]


_SLOPES: Final[dict[Any, Callable[[Sequence[Germ]], list[Any]]]] = {
    np.add: lambda _: [1.0, 1.0],
    np.subtract: lambda _: [1.0, -1.0],
    np.multiply: _of_product,
    np.true_divide: _of_quotient,
    np.floor_divide: _of_quotient,
    np.minimum: _of_extreme(np.less),
    np.maximum: _of_extreme(np.greater),
    np.fmin: _of_extreme(np.less),
    np.fmax: _of_extreme(np.greater),
    np.absolute: _of_absolute,
    np.fabs: _of_absolute,
    np.power: _of_power,
    np.float_power: _of_power,
    np.remainder: lambda germs: [1.0, -np.floor_divide(germs[0].limit, germs[1].limit)],
}
