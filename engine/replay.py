"""Calling an opaque formula again, with real arrays, for a population that its trace has not seen.

The formula runs as in tracing, on a graph of its own whose leaves are real values of the variables it reads: whatever it
asks for is computed at once, and what it gives is made real. Variables that it did not read when it was traced are
calculated by the simulation that calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.evaluate import Evaluator
from engine.graph.nodes import Data, Graph, Node
from engine.graph.operations import Array, TextArray
from engine.graph.relations import MemberLeaf, values_of_members
from engine.traces import Key, Signature, Trace, Traced
from engine.tracing import Tracing
from engine.variants import Variants

if TYPE_CHECKING:
    from engine.graph.blocks import Layout
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.variables import Formula, Rule

Calculate = Callable[[Key], Array]


class Replay(Tracing):
    """A tracing in which variables are real values and nothing is remembered; it is its own run."""

    def __init__(self, legislation: Legislation, layout: Layout, known: Mapping[Key, Any], calculate: Calculate, signature: Signature) -> None:
        self.layout = layout
        self.known = known
        self.calculate = calculate
        self.evaluator = Evaluator(layout, self._leaf)
        super().__init__(Trace(legislation, signature, Graph(), Variants()), self)

    def traced(self, rule: Rule, at: Period) -> Traced:
        """Return a variable at a period as a leaf with its real values."""
        key = (rule.name, at)
        found = self.trace.traced.get(key)
        if found is None:
            values = self.known[key] if key in self.known else self.calculate(key)
            found = self.trace.traced[key] = Traced(self._leaf_for(rule, values), rule, is_input=True)
        return found

    def _leaf_for(self, rule: Rule, values: Any) -> Node:
        if not isinstance(values, np.ndarray | TextArray):
            return self.graph.constant(values)
        array = values.decoded() if isinstance(values, TextArray) else values.view(np.ndarray)
        return self.graph.leaf(Data(array), rule.dtype, rule.entity.key, bounded=rule.dtype.kind in "biu")

    def _leaf(self, node: Node) -> Any:
        if isinstance(node.operation, MemberLeaf):
            return values_of_members(node.operation, self.layout.links)
        return node.operation.array

    def real_values(self, node: Node, entity: str | None) -> Array:
        """Return a node's values, computed now."""
        found = node.value if node.is_constant else self.evaluator.run([node], {})[node.number]
        found = found.decoded() if isinstance(found, TextArray) else found
        if isinstance(found, np.ndarray) and found.ndim:
            return found
        return np.asarray(found) if entity is None else np.full(self.count(entity), found, dtype=node.dtype)

    def count(self, entity: str | None) -> int:
        """Return an entity's number of rows."""
        return 1 if entity is None else self.layout.counts[entity]

    def keep(self, node: Node, values: Array) -> None:
        """Remember nothing."""


def replay(
    legislation: Legislation,
    layout: Layout,
    formula: Formula,
    rule: Rule,
    at: Period,
    known: Mapping[Key, Any],
    calculate: Calculate,
    signature: Signature,
) -> Array:
    """Return the values of a formula at a period; `known` are real values of variables, `calculate` gives any other's."""
    session = Replay(legislation, layout, known, calculate, signature)
    return session.real_values(session.call_formula(formula, rule, at), rule.entity.key)
