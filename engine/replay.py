"""Calling an opaque formula again, with real arrays, for a population that its trace has not seen.

The formula runs as in tracing, on a graph of its own whose leaves are the real values of the variables it reads: whatever
it asks for is computed at once, and what it gives is made real.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.blocks import Layout
from engine.graph.evaluate import Evaluator
from engine.graph.nodes import Data, Graph, Node
from engine.graph.operations import Array, TextArray
from engine.graph.relations import MemberLeaf
from engine.tracing import Key, Signature, Trace, Traced, Tracing

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.variables import Formula, Rule


class _Replay(Tracing):
    """A tracing in which variables are the real values given, and nothing is remembered."""

    def __init__(self, legislation: Legislation, layout: Layout, known: Mapping[Key, Any]) -> None:
        graph = Graph()
        trace = Trace(legislation, Signature(frozenset(), frozenset(names for names, link in layout.links.items() if link.is_total)), graph, replay)
        self.layout = layout
        self.evaluator = Evaluator(layout, self._leaf)
        for (name, at), values in known.items():
            rule = legislation.variable(name)
            trace.traced[name, at] = Traced(_leaf_of(graph, rule, values), rule, is_input=True)
        super().__init__(trace, self)

    def _leaf(self, node: Node) -> Any:
        if isinstance(node.operation, MemberLeaf):
            link = self.layout.links[node.operation.member, node.operation.group]
            return link.positions() if node.operation.what == "position" else link.roles
        return node.operation.array

    def real_values(self, node: Node, entity: str | None) -> Array:
        """Return a node's values, computed now."""
        found = node.value if node.is_constant else self.evaluator.run([node], {})[node.number]
        found = found.decoded() if isinstance(found, TextArray) else found
        return found if isinstance(found, np.ndarray) and found.ndim else np.asarray(found) if entity is None else np.full(self.count(entity), found, dtype=node.dtype)

    def count(self, entity: str | None) -> int:
        """Return an entity's number of rows."""
        return 1 if entity is None else self.layout.counts[entity]

    def keep(self, node: Node, values: Array) -> None:
        """Remember nothing."""


def _leaf_of(graph: Graph, rule: Rule, values: Any) -> Node:
    if not isinstance(values, np.ndarray | TextArray):
        return graph.constant(values)
    array = values.decoded() if isinstance(values, TextArray) else values
    return graph.leaf(Data(array), rule.dtype, rule.entity.key, finite=rule.dtype.kind in "biu")


def replay(legislation: Legislation, layout: Layout, formula: Formula, rule: Rule, at: Period, known: Mapping[Key, Any]) -> Array:
    """Return the values of a formula at a period, given the real values of the variables it reads."""
    session = _Replay(legislation, layout, known)
    result = session.as_result(session.call_formula(formula, rule, at), rule)
    return session.real_values(result, rule.entity.key)
