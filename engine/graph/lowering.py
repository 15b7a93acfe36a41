"""Lowering: the same results by cheaper operations, for one program's steps.

Numpy's choice (`where`) costs three to ten times an addition. Where the types allow it, it is done on bits: a choice between
truths by and/or, between a whole number and zero by one `and` with a mask of ones, which choices on the same condition
share. Whole numbers that several float operations read are turned into floats once. Results are the same bit for bit.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from engine.graph.nodes import Constant, DType, Node
from engine.graph.operations import BOOL, Cast, Elementwise, masked, where

if TYPE_CHECKING:
    from collections.abc import Sequence

FLOAT, INT = np.dtype(np.float64), np.dtype(np.int64)
SMALL = (np.dtype(np.int8), np.dtype(np.int16))
MIXES = {np.add, np.subtract, np.multiply, np.true_divide, np.less, np.less_equal, np.greater, np.greater_equal, np.minimum, np.maximum}
# A mask of ones costs as much as one choice: it pays where several choices share it.
SHARED = 2


class _Lowering:
    def __init__(self, steps: Sequence[Node]) -> None:
        self.lowered: list[Node] = []
        self._made: dict[tuple[object, ...], Node] = {}
        self._by_number: dict[int, Node] = {}
        self._masks: Counter[tuple[int, bool]] = Counter()
        self._casts: Counter[int] = Counter()
        for node in steps:
            zero = _zero_side(node)
            if zero is not None and node.dtype in (INT, FLOAT):
                self._masks[node.operands[0].number, zero == 1] += 1
            for operand in _whole_numbers(node):
                self._casts[operand.number] += 1

    def add(self, node: Node) -> None:
        """Put a node's cheapest form behind the others."""
        if _is(node, where) and not node.operands[0].is_constant:
            if node.dtype == BOOL:
                return self._choose_truths(node)
            if node.dtype in SMALL and all(operand.dtype == node.dtype for operand in node.operands[1:]):
                return self._choose_small(node)
            zero = _zero_side(node)
            if zero is not None and node.dtype in (INT, FLOAT) and self._masks[node.operands[0].number, zero == 1] >= SHARED:
                return self._choose_or_zero(node, zero)
        whole = {operand.number for operand in _whole_numbers(node) if self._casts[operand.number] >= SHARED}
        if whole:
            operands = [self._make(Cast(FLOAT), (operand,), FLOAT) if operand.number in whole else operand for operand in node.operands]
            return self._finish(node, node.operation, operands)
        self.lowered.append(node)
        return None

    def _choose_truths(self, node: Node) -> None:
        """Write where(c, a, b) on truths as (c and a) or (not c and b), shorter where a side is known."""
        condition, chosen, other = node.operands
        both = (condition, other), (condition, chosen)
        if chosen.is_constant or other.is_constant:
            known, free = (chosen, other) if chosen.is_constant else (other, chosen)
            if known is other:
                function, operands = (np.logical_or, (self._not(condition), free)) if known.value else (np.logical_and, both[1])
            else:
                function, operands = (np.logical_or, both[0]) if known.value else (np.logical_and, (self._not(condition), free))
            return self._finish(node, Elementwise(function), operands)
        taken = self._make(Elementwise(np.logical_and), both[1], BOOL)
        left = self._make(Elementwise(np.logical_and), (self._not(condition), other), BOOL)
        return self._finish(node, Elementwise(np.logical_or), (taken, left))

    def _choose_small(self, node: Node) -> None:
        """Write where(c, a, b) on small whole numbers as b ^ ((a ^ b) & mask)."""
        condition, chosen, other = node.operands
        mask = self._mask(condition, node.dtype, inverted=False)
        if chosen.is_constant and other.is_constant:
            between: Node = _constant(np.bitwise_xor(chosen.value, other.value))
        else:
            between = self._make(Elementwise(np.bitwise_xor), (chosen, other), node.dtype)
        picked = self._make(Elementwise(np.bitwise_and), (between, mask), node.dtype)
        return self._finish(node, Elementwise(np.bitwise_xor), (other, picked))

    def _choose_or_zero(self, node: Node, zero: int) -> None:
        value = node.operands[3 - zero]
        mask = self._mask(node.operands[0], INT, inverted=zero == 1)
        return self._finish(node, Elementwise(np.bitwise_and if node.dtype == INT else masked), (self._as(value, node.dtype), mask))

    def _as(self, node: Node, dtype: DType) -> Node:
        if node.dtype == dtype:
            return node
        return _constant(dtype.type(node.value)) if node.is_constant else self._make(Cast(dtype), (node,), dtype)

    def _mask(self, condition: Node, dtype: DType, *, inverted: bool) -> Node:
        number = self._make(Cast(dtype), (condition,), dtype)
        if inverted:
            return self._make(Elementwise(np.subtract), (number, _constant(dtype.type(1))), dtype)
        return self._make(Elementwise(np.negative), (number,), dtype)

    def _not(self, condition: Node) -> Node:
        return self._make(Elementwise(np.logical_not), (condition,), BOOL)

    def _make(self, operation: Elementwise | Cast, operands: tuple[Node, ...], dtype: DType) -> Node:
        """Return a step of the lowering's own, made once: its number is negative, so that it is none of the graph's."""
        key = (operation, *(operand.number for operand in operands), *(str(operand.value) for operand in operands if operand.is_constant))
        found = self._made.get(key)
        if found is None:
            entity = next(operand.entity for operand in operands if operand.entity is not None)
            found = self._made[key] = Node(operation, operands, dtype, entity, None, -1 - len(self._made))
            self.lowered.append(found)
        return found

    def _finish(self, node: Node, operation: Elementwise | Cast, operands: Sequence[Node]) -> None:
        self.lowered.append(Node(operation, tuple(operands), node.dtype, node.entity, node.exponent, node.number))


def _constant(value: np.generic) -> Node:
    return Node(Constant(value, weak=False), (), value.dtype, None, None, _CONSTANT)


# Constants of a lowering are told apart by value, never by number.
_CONSTANT = -(2**62)


def _is(node: Node, function: object) -> bool:
    return isinstance(node.operation, Elementwise) and node.operation.function is function


def _zero_side(node: Node) -> int | None:
    """Return which side of a choice is zero: 1 where the condition holds, 2 elsewhere, None for neither."""
    if not _is(node, where) or node.operands[0].is_constant:
        return None
    for side in (2, 1):
        operand = node.operands[side]
        if operand.is_constant and operand.dtype.kind in "biuf" and not operand.value and not np.signbit(operand.value):
            return side
    return None


def _whole_numbers(node: Node) -> list[Node]:
    """Return the whole-number operands that a float operation turns into floats."""
    if not isinstance(node.operation, Elementwise) or node.operation.function not in MIXES or node.operation.keywords:
        return []
    kinds = {operand.dtype for operand in node.operands}
    floats = FLOAT in kinds or node.dtype == FLOAT
    return [operand for operand in node.operands if floats and operand.dtype == INT and not operand.is_constant]


def lower(steps: Sequence[Node]) -> list[Node]:
    """Return the steps in their cheapest form, in order; a node of the graph keeps its number."""
    lowering = _Lowering(steps)
    for node in steps:
        lowering.add(node)
    return lowering.lowered
