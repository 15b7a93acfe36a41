"""Tracers: what was computed on the way to a result, as OpenFisca's tools ask for it.

Barème's traces know it anyway (engine/traces.py); the full tracer reads it from there when somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.errors import CalculationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.periods import Period


@dataclass
class TraceNode:
    """A variable at a period, what it read and its value."""

    name: str
    period: Period
    parent: TraceNode | None = None
    children: list[TraceNode] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)
    value: Any = None
    start: float = 0
    end: float = 0

    def __str__(self) -> str:
        """Show name and period."""
        return f"{self.name}<{self.period}>"


class SimpleTracer:
    """A tracer that notes nothing."""

    stack: list[Any]

    def __init__(self) -> None:
        self.stack = []

    def record(self, simulation: Any, name: str, period: Period, value: Any) -> None:
        """Note a result that was asked for."""


class FullTracer(SimpleTracer):
    """A tracer that keeps a tree for each result asked for."""

    def __init__(self, simulation: Any = None) -> None:
        super().__init__()
        self.simulation = simulation
        self.trees: list[TraceNode] = []

    def record(self, simulation: Any, name: str, period: Period, value: Any) -> None:
        """Note a result that was asked for, with all that it rests on."""
        del value
        self.trees.append(_tree(simulation.run, name, period, {}))

    def browse_trace(self) -> Iterator[TraceNode]:
        """Go through everything that was computed, callers first."""
        stack = list(reversed(self.trees))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def get_nb_requests(self) -> int:
        """Return how many values were asked for."""
        return sum(1 for _ in self.browse_trace())

    @property
    def flat_trace(self) -> FlatTrace:
        """The trace by `name<period>`."""
        return FlatTrace(self)

    def get_flat_trace(self) -> dict[str, dict[str, Any]]:
        """Return what each variable read, by `name<period>`."""
        return self.flat_trace.get_trace()

    def get_serialized_flat_trace(self) -> dict[str, dict[str, Any]]:
        """Return the same, ready for JSON."""
        return self.flat_trace.get_serialized_trace()

    def print_computation_log(self, aggregate: bool = False, max_depth: int | None = None) -> None:
        """Write one line for each value computed, indented by depth."""
        del aggregate
        stack = [(node, 0) for node in reversed(self.trees)]
        while stack:
            node, depth = stack.pop()
            print(f"{'  ' * depth}{node} >> {node.value}")  # noqa: T201 - what the method is for
            if max_depth is None or depth < max_depth:
                stack.extend((child, depth + 1) for child in reversed(node.children))


class FlatTrace:
    """A trace by `name<period>`."""

    def __init__(self, tracer: FullTracer) -> None:
        self.tracer = tracer

    def get_trace(self) -> dict[str, dict[str, Any]]:
        """Return dependencies, parameters and value of each."""
        found: dict[str, dict[str, Any]] = {}
        for node in self.tracer.browse_trace():
            found.setdefault(
                str(node),
                {"dependencies": [str(child) for child in node.children], "parameters": dict(node.parameters), "value": node.value},
            )
        return found

    def get_serialized_trace(self) -> dict[str, dict[str, Any]]:
        """Return the same with lists for arrays."""
        return {key: {**each, "value": [str(value) for value in each["value"].tolist()]} for key, each in self.get_trace().items()}


def _tree(run: Any, name: str, period: Period, known: dict[Any, TraceNode]) -> TraceNode:
    """Return the tree of a result; a value read twice is one node with its children once."""
    root = TraceNode(name, period, value=run.calculate(name, period))
    stack = [root]
    while stack:
        node = stack.pop()
        if (node.name, node.period) in known:
            continue
        known[node.name, node.period] = node
        try:
            traced = run.traced(node.name, node.period)
        except CalculationError:  # computed within a spiral: what it read is not kept
            continue
        node.parameters = [(f"{each.name}<{each.instant}>", each.value) for each in traced.figures]
        for read, at in traced.reads:
            child = TraceNode(read, at, parent=node, value=run.calculate(read, at))
            node.children.append(child)
            stack.append(child)
    return root
