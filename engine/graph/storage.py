"""Nodes as columns: the form in which a graph is kept on disk.

What many nodes share (operations, types, entities) is listed once; a node is a few numbers. Read back, a node is made only when
it is asked for, in the graph that asks, with the operands that it needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.graph.folding import SYMMETRIC, in_order_of_numbers
from engine.graph.nodes import Constant, Leaf, Node
from engine.graph.operations import TEXT, Elementwise

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from engine.graph.nodes import DType, Graph

# The places of operation, type and entity in their lists, the bound of the values, and the operands' places among the nodes.
Row = tuple[int, int, int, "int | None", tuple[int, ...]]


@dataclass
class NodeColumns:
    """Nodes, operands before those that use them."""

    operations: list[Any] = field(default_factory=list)
    dtypes: list[DType] = field(default_factory=list)
    entities: list[str | None] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def to_columns(nodes: Sequence[Node]) -> tuple[NodeColumns, dict[int, int]]:
    """Return the columns of nodes in order, and each node's place by its number."""
    columns = NodeColumns()
    seen: dict[tuple[str, Hashable], int] = {}
    places: dict[int, int] = {}

    def place(kind: str, key: Hashable, value: Any, values: list[Any]) -> int:
        found = seen.setdefault((kind, key), len(values))
        if found == len(values):
            values.append(value)
        return found

    for node in nodes:
        operation = node.operation
        content = node.number if isinstance(operation, Constant) else operation  # 0.0 and -0.0 are equal, and not the same
        row = (
            place("operation", content, operation, columns.operations),
            place("dtype", node.dtype, node.dtype, columns.dtypes),
            place("entity", node.entity, node.entity, columns.entities),
            node.exponent,
            tuple(places[operand.number] for operand in node.operands),
        )
        places[node.number] = len(columns.rows)
        columns.rows.append(row)
    return columns, places


class StoredNodes:
    """The nodes of columns, made in a graph as they are asked for."""

    def __init__(self, columns: NodeColumns, graph: Graph) -> None:
        self.columns = columns
        self.graph = graph
        self._made: list[Node | None] = [None] * len(columns.rows)
        self._symmetric = {place for place, each in enumerate(columns.operations) if isinstance(each, Elementwise) and each.function in SYMMETRIC}

    def node(self, place: int) -> Node:
        """Return the node at a place, with all that it rests on."""
        made, rows = self._made, self.columns.rows
        if made[place] is None:
            wanted = {place}
            pending = [place]
            while pending:
                for operand in rows[pending.pop()][4]:
                    if operand not in wanted and made[operand] is None:
                        wanted.add(operand)
                        pending.append(operand)
            for each in sorted(wanted):  # operands come first
                made[each] = self._make(each)
        found = made[place]
        assert found is not None
        return found

    def _make(self, place: int) -> Node:
        number, kind, of, exponent, below = self.columns.rows[place]
        operation, dtype, entity = self.columns.operations[number], self.columns.dtypes[kind], self.columns.entities[of]
        if isinstance(operation, Constant):
            return self.graph.constant(operation.value)
        if isinstance(operation, Leaf):
            assert entity is not None
            return self.graph.leaf(operation, dtype, entity, bounded=exponent is not None)
        operands = tuple([node for node in map(self._made.__getitem__, below) if node is not None])  # all are there
        if number in self._symmetric and dtype != TEXT:  # numbers are other ones here: so may their order be
            operands = tuple(in_order_of_numbers(operands))
        return self.graph.node(operation, operands, dtype, entity, exponent)
