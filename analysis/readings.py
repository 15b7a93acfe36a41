"""What a result rests on, from the trace: every variable read on the way to it, and the figures of the law that their formulas read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import CalculationError
from engine.graph.nodes import in_order
from engine.graph.opaque import Opaque

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.reform_parts import ReformParts
    from engine.simulation import Simulation
    from engine.traces import FigureRead, Key, Traced


@dataclass(frozen=True)
class Readings:
    """The variables by period, each after those that it read. Where they are not `complete`, other figures may matter too.

    They are not where a formula walks through values, as it may then read other figures, or within a spiral, of which no trace is kept.
    """

    traced: dict[Key, Traced]
    is_complete: bool

    def figures(self) -> Iterator[FigureRead]:
        """Give each figure at each instant once, in the order of reading."""
        yield from {(figure.name, figure.instant): figure for found in self.traced.values() for figure in found.figures}.values()

    def parts(self, reform: ReformParts) -> frozenset[int]:
        """Return the parts of a reform that may change the results, whether they are in force here or not."""
        if not self.is_complete:
            return frozenset(range(len(reform.parts)))
        found = set(reform.of_structure)
        for key, traced in self.traced.items():
            found |= reform_parts_of(traced, key, reform)
        return frozenset(found)


def reform_parts_of(traced: Traced, key: Key, reform: ReformParts) -> set[int]:
    """Return the parts of a reform that a variable's own formula meets: figures that it read, rules that it asked for, its own rule."""
    found = {number for figure in traced.figures for number in reform.touched(figure)}
    found |= {reform.by_rule[name] for name, _ in traced.rules if name in reform.by_rule}
    if key[0] in reform.by_rule:
        found.add(reform.by_rule[key[0]])
    return found


def readings(simulation: Simulation, keys: Iterable[Key]) -> Readings:
    """Return what results, by variable and period, rest on."""
    wanted = list(keys)
    pending: list[tuple[Key, Traced | None]] = [(key, None) for key in reversed(wanted)]
    known = simulation.traced_below(*wanted[0]) if wanted else {}  # asking the simulation again for each would take longer than tracing
    found: dict[Key, Traced] = {}
    is_complete = True
    while pending:
        key, traced = pending.pop()
        if key in found:
            continue
        if traced is not None:
            found[key] = traced
            continue
        traced = known.get(key) or _traced(simulation, key)
        if traced is None:
            is_complete = False
            continue
        pending.append((key, traced))
        pending.extend((read, None) for read in reversed(traced.reads) if read not in found)
    targets = [found[key].node for key in wanted if key in found]
    is_complete = is_complete and not any(isinstance(node.operation, Opaque) for node in in_order(targets))
    return Readings(found, is_complete)


def _traced(simulation: Simulation, key: Key) -> Traced | None:
    try:
        return simulation.traced(*key)
    except CalculationError:
        return None
