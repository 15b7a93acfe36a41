"""Tracers: what was computed on the way to a result, as OpenFisca's tools ask for it.

Barème's traces know it anyway (engine/traces.py); the full tracer reads it from there when somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.computation import log_lines, steps_of
from engine.profiling import AGGREGATED_TABLE, GRAPH, TABLE, Profile, page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.periods import Period
    from engine.traces import Key


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
        self.trees += _trees(simulation.run, [(name, period)])

    def browse_trace(self) -> Iterator[TraceNode]:
        """Go through everything that was computed, callers first."""
        stack = list(reversed(self.trees))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def get_nb_requests(self, variable: str | None = None) -> int:
        """Return how many values were asked for, of a variable or in all."""
        return sum(1 for node in self.browse_trace() if variable in (None, node.name))

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

    @property
    def computation_log(self) -> ComputationLog:
        """What was computed, line by line."""
        return ComputationLog(self)

    @property
    def performance_log(self) -> PerformanceLog:
        """How long formulas take."""
        return PerformanceLog(self)

    def print_computation_log(self, aggregate: bool = False, max_depth: int | None = None, ignore_default: bool = False) -> None:
        """Write one line for each value computed, indented by depth."""
        for line in self.computation_log.lines(aggregate, max_depth, ignore_default):
            print(line)  # noqa: T201 - what the method is for

    def generate_performance_graph(self, dir_path: str) -> None:
        """Write the page that shows how long formulas take into a directory."""
        self.performance_log.generate_graph(dir_path)

    def generate_performance_tables(self, dir_path: str) -> None:
        """Write the tables that say how long formulas take into a directory."""
        self.performance_log.generate_performance_tables(dir_path)

    @property
    def asked(self) -> list[Key]:
        """The results asked for, by variable and period."""
        return [(tree.name, tree.period) for tree in self.trees]


class ComputationLog:
    """What was computed on the way to the results asked for."""

    def __init__(self, tracer: FullTracer) -> None:
        self.tracer = tracer

    def lines(self, aggregate: bool = False, max_depth: int | None = None, ignore_default: bool = False, tax_benefit_system: Any = None) -> list[str]:
        """Return a line for each value, indented by depth."""
        del tax_benefit_system
        run = self.tracer.simulation.run
        steps = steps_of(run, self.tracer.asked, max_depth)
        return [f"  {line}" for line in log_lines(steps, run.legislation, aggregate=aggregate, ignore_default=ignore_default)]

    def print_log(self, aggregate: bool = False, max_depth: int | None = None, ignore_default: bool = False) -> None:
        """Write the lines."""
        self.tracer.print_computation_log(aggregate, max_depth, ignore_default)


class PerformanceLog:
    """How long formulas take: the results asked for are computed once more by formulas that note their times."""

    def __init__(self, tracer: FullTracer) -> None:
        self.tracer = tracer

    def _measured(self) -> Profile:
        profile, run = Profile(), self.tracer.simulation.run
        timed = run.under(profile.law(run.legislation))
        span = profile.begin("simulation")
        timed.calculate_all(self.tracer.asked)
        profile.end(span)
        return profile

    def generate_graph(self, dir_path: str) -> None:
        """Write performance_graph.html into a directory."""
        (Path(dir_path) / GRAPH).write_text(page(self._measured().root), encoding="utf-8")

    def generate_performance_tables(self, dir_path: str) -> None:
        """Write performance_table.csv and aggregated_performance_table.csv into a directory."""
        profile = self._measured()
        (Path(dir_path) / TABLE).write_text(profile.table(), encoding="utf-8")
        (Path(dir_path) / AGGREGATED_TABLE).write_text(profile.aggregated_table(), encoding="utf-8")


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


def _trees(run: Any, keys: list[Key]) -> list[TraceNode]:
    """Return the trees of results; a value read twice is told with what it read once."""
    above: list[TraceNode] = []
    roots: list[TraceNode] = []
    for step in steps_of(run, keys):
        del above[step.depth :]
        parameters = [(f"{each.name}<{each.instant}>", each.value) for each in step.figures]
        node = TraceNode(*step.key, above[-1] if above else None, [], parameters, step.values)
        (above[-1].children if above else roots).append(node)
        above.append(node)
    return roots
