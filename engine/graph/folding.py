"""Folding: what need not be computed.

An operation on constants is done at once; x + 0, x × 1, x × 0 (where x is finite), and, or with a known side, a choice
whose condition is known: none of these become nodes. A folded result keeps the type numpy would give, so a fold that
would change it becomes a cast. The sign of zero is not kept (x + 0.0 is x), everything else is numpy's result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.bounds import exponent_of
from engine.graph.nodes import DType, Graph, Node, common_entity
from engine.graph.operations import TEXT, Cast, Elementwise, where

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Operands of these may be swapped without any change of the result, so that a + b and b + a are one node.
SYMMETRIC = {np.add, np.multiply, np.logical_and, np.logical_or, np.logical_xor, np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.equal, np.not_equal}


def apply(graph: Graph, operation: Any, operands: Sequence[Node]) -> Node:
    """Return the node of an operation row by row on operands, folded where that is certain.

    Raises EntityError where the operands describe different entities.
    """
    if all(operand.is_constant for operand in operands):
        return _compute(graph, operation, operands)
    dtype = operation.result(operands)
    function = operation.function if isinstance(operation, Elementwise) else None
    rule = _RULES.get(function) if function is not None else None
    if isinstance(operation, Cast) and operands[0].dtype == operation.dtype:
        return operands[0]
    folded = rule(graph, operands, dtype) if rule else None
    if folded is not None:
        return folded
    if function in SYMMETRIC and dtype != TEXT:
        operands = in_order_of_numbers(operands)
    return graph.node(operation, tuple(operands), dtype, common_entity(operands, what=operation), exponent_of(operation, operands, dtype))


def in_order_of_numbers(operands: Sequence[Node]) -> Sequence[Node]:
    """Return the two operands of a symmetric operation in the order in which the graph has them, whatever the order in which they were written."""
    return operands[::-1] if operands[0].number > operands[1].number else operands


def cast(graph: Graph, node: Node, dtype: DType) -> Node:
    """Return the node's values in another type."""
    return node if node.dtype == dtype and not (node.is_constant and node.operation.weak) else apply(graph, Cast(dtype), (node,))


def _compute(graph: Graph, operation: Any, operands: Sequence[Node]) -> Node:
    arrays = [_as_operand(operand, operation) for operand in operands]
    with np.errstate(all="ignore"):
        result = np.asarray(operation.run(arrays, None)).reshape(-1)[0]
    return graph.constant(result)


def _as_operand(node: Node, operation: Any) -> Any:
    if node.dtype == TEXT:
        return np.array([node.value], dtype=object)
    return node.value if node.operation.weak and not isinstance(operation, Cast) else np.array([node.value])


def _same(node: Node, value: Any) -> bool:
    return node.is_constant and node.dtype != TEXT and bool(node.value == value)


def _if_type_kept(graph: Graph, node: Node, dtype: DType) -> Node:
    return cast(graph, node, dtype)


def _add(graph: Graph, operands: Sequence[Node], dtype: DType) -> Node | None:
    left, right = operands
    if dtype.kind not in "iuf":
        return None
    if _same(right, 0):
        return _if_type_kept(graph, left, dtype)
    return _if_type_kept(graph, right, dtype) if _same(left, 0) else None


def _subtract(graph: Graph, operands: Sequence[Node], dtype: DType) -> Node | None:
    return _if_type_kept(graph, operands[0], dtype) if dtype.kind in "iuf" and _same(operands[1], 0) else None


def _multiply(graph: Graph, operands: Sequence[Node], dtype: DType) -> Node | None:
    if dtype.kind == "b":
        return _AND(graph, operands, dtype)
    if dtype.kind not in "iuf":
        return None
    for this, other in (operands, operands[::-1]):
        if _same(this, 1):
            return _if_type_kept(graph, other, dtype)
        if _same(this, 0) and other.exponent is not None:
            return graph.constant(dtype.type(0))
    return None


def _divide(graph: Graph, operands: Sequence[Node], dtype: DType) -> Node | None:
    return _if_type_kept(graph, operands[0], dtype) if _same(operands[1], 1) else None


def _known_side(absorbing: bool) -> Callable[[Graph, Sequence[Node], DType], Node | None]:  # noqa: FBT001
    """Return the rule for and (absorbing False) or for or (absorbing True)."""

    def rule(graph: Graph, operands: Sequence[Node], dtype: DType) -> Node | None:
        if dtype.kind != "b":
            return None
        for this, other in (operands, operands[::-1]):
            if this.is_constant:
                absorbs = bool(this.value) is absorbing
                return graph.constant(np.bool_(absorbing)) if absorbs else _if_type_kept(graph, other, dtype)
        return operands[0] if operands[0] is operands[1] and operands[0].dtype == dtype else None

    return rule


def _where(graph: Graph, operands: Sequence[Node], dtype: DType) -> Node | None:
    condition, chosen, other = operands
    if condition.is_constant:
        return _if_type_kept(graph, chosen if condition.value else other, dtype)
    return _if_type_kept(graph, chosen, dtype) if chosen is other else None


def _extreme(graph: Graph, operands: Sequence[Node], dtype: DType) -> Node | None:
    del graph
    return operands[0] if operands[0] is operands[1] and operands[0].dtype == dtype else None


def _not(graph: Graph, operands: Sequence[Node], dtype: DType) -> Node | None:
    del graph
    (operand,) = operands
    twice = isinstance(operand.operation, Elementwise) and operand.operation.function in {np.logical_not, np.invert}
    inner = operand.operands[0] if twice else None
    return inner if inner is not None and inner.dtype == dtype and dtype.kind == "b" else None


_AND, _OR = _known_side(absorbing=False), _known_side(absorbing=True)
_RULES: dict[Any, Callable[[Graph, Sequence[Node], DType], Node | None]] = {
    np.add: _add,
    np.subtract: _subtract,
    np.multiply: _multiply,
    np.true_divide: _divide,
    np.logical_and: _AND,
    np.bitwise_and: _AND,
    np.logical_or: _OR,
    np.bitwise_or: _OR,
    where: _where,
    np.minimum: _extreme,
    np.maximum: _extreme,
    np.logical_not: _not,
    np.invert: _not,
}
