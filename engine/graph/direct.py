"""Direct evaluation: node after node over whole arrays, for populations so small that planning would cost more than computing.

One household's bill is some thousand operations on one row: assigning buffers and blocks takes ten times as long as running
them. The operations and their order are those of the plan, so the results are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.nodes import Node, in_order
from engine.graph.opaque import Opaque
from engine.graph.operations import TEXT, Repeat, TextArray
from engine.graph.relations import Gather, Reduce, Whole, reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.graph.blocks import Layout
    from engine.graph.operations import Array


class DirectRun:
    """Computes nodes over a small population; `leaf` and `opaque` are an evaluator's."""

    def __init__(self, layout: Layout, leaf: Callable[[Node], Any], opaque: Callable[[Opaque, Sequence[Any]], Array] | None) -> None:
        self.layout = layout
        self.leaf = leaf
        self.opaque = opaque
        self._by_kind: dict[type, Callable[[Node, list[Any]], Any]] = {
            Gather: self._gathered,
            Reduce: self._reduced,
            Whole: self._whole,
            Opaque: self._called,
            Repeat: self._repeated,
        }

    def run(self, targets: Sequence[Node], known: Mapping[int, Any]) -> dict[int, Any]:
        """Return the targets' whole arrays by number. Raises LookUpError where any row's key is missing, needed or not."""
        values: dict[int, Any] = dict(known)
        with np.errstate(all="ignore"):
            for node in in_order(targets, values):
                if node.number not in values:
                    values[node.number] = self._value(node, values)
        return {target.number: values[target.number] for target in targets}

    def _value(self, node: Node, values: Mapping[int, Any]) -> Any:
        if node.is_constant:
            return node.value
        if node.is_leaf:
            found = self.leaf(node)
            return found.decoded() if isinstance(found, TextArray) else found
        compute = self._by_kind.get(type(node.operation), self._elementwise)
        return compute(node, [values[operand.number] for operand in node.operands])

    def _reduced(self, node: Node, operands: list[Any]) -> Any:
        link = self.layout.links[node.operation.link]
        array = operands[0] if isinstance(operands[0], np.ndarray) else np.full(len(link.index), operands[0])
        return reduced(node.operation, array, link.index, link.group_count, node.dtype)

    def _whole(self, node: Node, operands: list[Any]) -> Any:
        return np.bool_(getattr(operands[0], node.operation.how)())

    def _called(self, node: Node, operands: list[Any]) -> Any:
        assert self.opaque is not None, "an opaque formula is evaluated by a simulation"
        return self.opaque(node.operation, operands)

    def _repeated(self, node: Node, operands: list[Any]) -> Any:
        return np.full(self.layout.counts[node.operation.entity], operands[0], dtype=node.dtype)

    def _elementwise(self, node: Node, operands: list[Any]) -> Any:
        """Return an operation's result; texts that no row has are not tried."""
        assert node.entity is not None
        if any(operand.dtype == TEXT for operand in node.operands) and not self.layout.counts[node.entity]:
            return np.zeros(0, dtype=node.dtype)
        return node.operation.run(operands, None)

    def _gathered(self, node: Node, operands: list[Any]) -> Any:
        operation, array = node.operation, operands[0]
        link = self.layout.links[operation.link]
        if link.is_identity and not operation.up and isinstance(array, np.ndarray):
            return array
        rows = link.holders(operation.roles, operation.nth) if operation.up else link.index
        result = np.full(len(rows), operation.default, dtype=node.dtype)
        found = rows >= 0
        result[found] = array[rows[found]] if isinstance(array, np.ndarray) else array
        return result
