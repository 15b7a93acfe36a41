"""What a value rests on, row by row: the part of its graph that could not be otherwise.

Walking from a node to the variables that its formula read, each operation passes on only the rows that its value depends on,
given the values that there are: of a choice the branch that was taken, of a product with zero the zero, of `and` the side that
does not hold. What is not reached could be anything, and the value would be the same; that is what an explanation may leave out.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.opaque import Opaque
from engine.graph.operations import Elementwise, masked, select, where
from engine.graph.relations import Gather, Reduce, Whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from engine.explanation.related import Related
    from engine.graph.nodes import Node

Rows = set[int]
_CONJUNCTIONS = (np.logical_and, np.bitwise_and)
_DISJUNCTIONS = (np.logical_or, np.bitwise_or)


class Slices:
    """Finds what nodes rest on; `values` are those of all nodes for the related rows."""

    def __init__(self, values: Mapping[int, Any], related: Related) -> None:
        self.values = values
        self.related = related

    def needed(self, node: Node, rows: Iterable[int], stops: Collection[int]) -> dict[int, Rows]:
        """Return, by number, the nodes that some rows of a node rest on, each with its rows; those in `stops` are not followed."""
        needs: dict[int, Rows] = {node.number: set(rows)}
        nodes = {node.number: node}
        pending = [-node.number]  # operands were made, and numbered, before what uses them: all users of a node come before it

        def need(operand: Node, of: Iterable[int]) -> None:
            if operand.is_constant:
                return
            found = needs.get(operand.number)
            if found is None:
                found = needs[operand.number] = set()
                nodes[operand.number] = operand
                if operand.operands and operand.number not in stops:
                    heapq.heappush(pending, -operand.number)
            found.update(of if operand.entity is not None else (0,))

        if node.number in stops:
            return needs
        while pending:
            number = -heapq.heappop(pending)
            self._follow(nodes[number], needs[number], need)
        return needs

    def at(self, node: Node, row: int) -> Any:
        """Return a node's value for a row."""
        values = self.values[node.number] if not node.is_constant else node.value
        return values[row] if isinstance(values, np.ndarray) and values.ndim else values

    def _follow(self, node: Node, rows: Rows, need: Callable[[Node, Iterable[int]], None]) -> None:
        operation = node.operation
        if isinstance(operation, Elementwise):
            way = _WAYS.get(operation.function)
            if way is not None:
                way(self, node, rows, need)
                return
        elif isinstance(operation, Gather):
            link = self.related.links[operation.link]
            found = link.holders(operation.roles, operation.nth) if operation.up else link.index
            need(node.operands[0], {int(found[row]) for row in rows if found[row] >= 0})
            return
        elif isinstance(operation, Reduce):
            index = self.related.links[operation.link].index
            need(node.operands[0], np.flatnonzero(np.isin(index, list(rows))).tolist())
            return
        elif isinstance(operation, Whole | Opaque):
            for operand in node.operands:
                need(operand, range(len(self.related.rows[operand.entity])) if operand.entity is not None else (0,))
            return
        for operand in node.operands:
            need(operand, rows)


def _of_choice(slices: Slices, node: Node, rows: Rows, need: Callable[[Node, Iterable[int]], None]) -> None:
    condition, chosen, other = node.operands
    need(condition, rows)
    holds = {row for row in rows if slices.at(condition, row)}
    if holds:
        need(chosen, holds)
    if len(holds) < len(rows):
        need(other, rows - holds)


def _of_selection(slices: Slices, node: Node, rows: Rows, need: Callable[[Node, Iterable[int]], None]) -> None:
    count = len(node.operands) // 2
    left = rows
    for condition, choice in zip(node.operands[:count], node.operands[count:-1], strict=True):
        if left:
            need(condition, left)
            holds = {row for row in left if slices.at(condition, row)}
            if holds:
                need(choice, holds)
            left = left - holds
    if left:
        need(node.operands[-1], left)


def _one_side(decides: Callable[[Any, Any], bool]) -> Callable[..., None]:
    """Return the way of an operation in which one operand's value may decide alone; `decides` is asked with it and the other."""

    def follow(slices: Slices, node: Node, rows: Rows, need: Callable[[Node, Iterable[int]], None]) -> None:
        left, right = node.operands
        for row in rows:
            one, two = slices.at(left, row), slices.at(right, row)
            by_left, by_right = decides(one, two), decides(two, one)
            if by_left and by_right:  # either is reason enough: the one that is no data of this person, else the first
                need(right if right.is_constant else left, (row,))
            elif by_left or by_right:
                need(left if by_left else right, (row,))
            else:
                need(left, (row,))
                need(right, (row,))

    return follow


def _is_zero(one: Any, other: Any) -> bool:
    return bool(one == 0) and bool(np.isfinite(other))


def _is_false(one: Any, _: Any) -> bool:
    return one.__class__ in (bool, np.bool_) and not one


def _is_true(one: Any, _: Any) -> bool:
    return one.__class__ in (bool, np.bool_) and bool(one)


def _of_mask(slices: Slices, node: Node, rows: Rows, need: Callable[[Node, Iterable[int]], None]) -> None:
    values, mask = node.operands
    need(mask, rows)
    kept = {row for row in rows if slices.at(mask, row)}
    if kept:
        need(values, kept)


_WAYS: dict[Any, Callable[..., None]] = {
    where: _of_choice,
    select: _of_selection,
    masked: _of_mask,
    np.multiply: _one_side(_is_zero),
    **dict.fromkeys(_CONJUNCTIONS, _one_side(_is_false)),
    **dict.fromkeys(_DISJUNCTIONS, _one_side(_is_true)),
}
