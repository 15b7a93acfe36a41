"""Why a result jumps or bends: the rule whose comparison or choice turns there, with its article, found along the graph.

Nodes are known just below and just above a threshold. From the result, the way leads down to what differs between the two, until
nothing that a node rests on differs: that node is where the law turns, and the variable that made it is the rule.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.errors import CalculationError
from engine.graph.operations import Elementwise, select, where
from engine.marginal import nodes_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.curve_line import Line
    from engine.graph.derivatives import Moved, Side
    from engine.graph.nodes import Node
    from engine.simulation import Simulation
    from engine.traces import Key, Traced

RowsOf = Callable[[str | None, int, int], Any]
"""The rows of an entity at a threshold, on its side 0 (below) or 1 (above)."""
THRESHOLDS_AT_ONCE: Final = 64
MOST_CAUSES: Final = 4
LIMIT, RATE = 1e-5, 1e-6


@dataclass(frozen=True)
class Cause:
    """A rule that turns at a threshold: the variable, its label and articles, and the figures of the law that it meets there.

    `cited_by` is the variable whose articles these are, where the rule itself has none.
    """

    variable: str
    period: str
    label: str
    references: tuple[str, ...]
    figures: tuple[tuple[str, float], ...] = ()
    cited_by: str = ""


def causes_of(line: Line, brackets: Sequence[tuple[float, float]]) -> list[list[tuple[Cause, ...]]]:
    """Return, for each bracket of a threshold, the causes of what each result does there."""
    found: list[list[tuple[Cause, ...]]] = []
    for start in range(0, len(brackets), THRESHOLDS_AT_ONCE):
        some = brackets[start : start + THRESHOLDS_AT_ONCE]
        simulation, moved = line.moved(np.array([end for bracket in some for end in bracket]), np.tile([1.0, -1.0], len(some)))
        owners = owners_of(simulation, line.outputs)
        turning = Turning(simulation, (moved, moved), _by_twos(line.situation.population.counts))
        outputs = [nodes_of(simulation, *key) for key in line.outputs]
        found += [[turning.causes(nodes, place, owners) for nodes in outputs] for place in range(len(some))]
    return found


def owners_of(simulation: Simulation, outputs: Iterable[Key]) -> dict[int, Key]:
    """Return the variable and period whose formula made each node that results rest on: what a formula reads comes before it."""
    owners: dict[int, Key] = {}
    seen: set[Key] = set()
    pending: list[tuple[Key, Node | None]] = [((name, part), None) for name, at in outputs for part in parts_of(simulation, name, at)]
    known: Mapping[Key, Traced] = {}
    for asked, _ in pending:
        known = simulation.traced_below(*asked)
    while pending:
        key, node = pending.pop()
        if node is not None:  # what it reads is done
            _own(node, key, owners)
        elif key not in seen:
            seen.add(key)
            try:
                traced = known.get(key) or simulation.traced_aside(*key)
            except CalculationError:  # within a spiral what it read is not kept: its nodes are told of who asked
                continue
            pending.append((key, traced.node))
            pending.extend((read, None) for read in reversed(traced.reads))
    return owners


def _own(root: Node, key: Key, owners: dict[int, Key]) -> None:
    """Note whose formula made a node and those below it that nobody owns yet."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.number not in owners:
            owners[node.number] = key
            pending += node.operands


def _by_twos(counts: Mapping[str, int]) -> RowsOf:
    """Return the rows of cells that stand by twos, just below a threshold and just above."""

    def rows(entity: str | None, place: int, side: int) -> slice:
        count = counts.get(str(entity), 1)
        return slice((2 * place + side) * count, (2 * place + side + 1) * count)

    return rows


class Turning:
    """What differs between the two sides of thresholds: how nodes move just below and just above, and the rows of a threshold on each side."""

    def __init__(self, simulation: Simulation, sides: tuple[Moved, Moved], rows: RowsOf) -> None:
        self.simulation = simulation
        self.below, self.above = sides
        self.rows = rows
        self._known: dict[tuple[int, int], tuple[bool, bool]] = {}

    def causes(self, outputs: Iterable[Node], place: int, owners: Mapping[int, Key]) -> tuple[Cause, ...]:
        """Return the rules that make some nodes jump at a threshold, or bend where they do not jump; the nearest first."""
        outputs = list(outputs)
        jumps = any(self._differs(node, place)[0] for node in outputs)
        found: dict[str, Cause] = {}
        for root, way in self._roots(outputs, place, only_jumps=jumps):
            key = owners.get(root.number)
            if key is not None and key[0] not in found:
                found[key[0]] = self._cause(root, key, [owners[each.number] for each in way if each.number in owners], place)
        return tuple(found.values())[:MOST_CAUSES]

    def _roots(self, outputs: list[Node], place: int, *, only_jumps: bool) -> list[tuple[Node, list[Node]]]:
        """Return the nodes at which a difference begins, each with the way from the result to it."""
        above: dict[int, Node | None] = {node.number: None for node in outputs}
        pending, roots = deque(outputs), []
        while pending:
            node = pending.popleft()
            if not self._turns(node, place, only_jumps=only_jumps):
                continue
            below = [each for each in _deciding(node) if self._turns(each, place, only_jumps=only_jumps)]
            below = below or [each for each in node.operands if self._turns(each, place, only_jumps=only_jumps)]
            if not below:
                roots.append((node, _way(node, above)))
            for each in below:
                if each.number not in above:
                    above[each.number] = node
                    pending.append(each)
        return roots

    def _turns(self, node: Node, place: int, *, only_jumps: bool) -> bool:
        jumps, bends = self._differs(node, place)
        return jumps or (bends and not only_jumps)

    def _differs(self, node: Node, place: int) -> tuple[bool, bool]:
        key = (node.number, place)
        if key not in self._known:
            self._known[key] = self._compare(node, place)
        return self._known[key]

    def _compare(self, node: Node, place: int) -> tuple[bool, bool]:
        """Return whether a node jumps at a threshold, and whether its rate changes."""
        motion, beyond = self.below.motions.get(node.number), self.above.motions.get(node.number)
        if motion is None or beyond is None:
            return False, False
        low, high = (self.rows(node.entity, place, side) for side in (0, 1))
        before, after = _part(motion.right, "limit", low), _part(beyond.left, "limit", high)
        if np.asarray(before).dtype.kind != "f" and np.asarray(after).dtype.kind != "f":
            return bool(np.any(before != after)), False
        before, after = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
        scale = np.maximum(1.0, np.maximum(np.abs(before), np.abs(after)))
        with np.errstate(invalid="ignore"):
            jumps = (np.abs(after - before) > LIMIT * scale) & np.isfinite(before) & np.isfinite(after)
        rates = np.asarray(_part(motion.right, "rate", low)), -np.asarray(_part(beyond.left, "rate", high))
        return bool(np.any(jumps)), bool(np.any(np.abs(rates[0] - rates[1]) > RATE))

    def _cause(self, root: Node, key: Key, way: Sequence[Key], place: int) -> Cause:
        """Return what is told of a rule; where it has no article, that of the nearest variable on the way to the result."""
        rule = self.simulation.legislation.variable(key[0])
        cited = next((each for each in (key, *way) if references_of(self.simulation.legislation.variable(each[0]))), key)
        return Cause(
            variable=key[0],
            period=str(key[1]),
            label=str(rule.label or key[0]),
            references=references_of(self.simulation.legislation.variable(cited[0])),
            figures=self._figures(root, key, place),
            cited_by="" if cited[0] == key[0] else cited[0],
        )

    def _figures(self, root: Node, key: Key, place: int) -> tuple[tuple[str, float], ...]:
        """Return the figures of the law that the rule read and whose value stands in the comparison."""
        if not isinstance(root.operation, Elementwise):
            return ()
        traced = self.simulation.traced_aside(*key)
        met = [self._amount(operand, place) for operand in root.operands]
        return tuple(
            (figure.name, float(figure.value))
            for figure in traced.figures
            if isinstance(figure.value, int | float) and not isinstance(figure.value, bool) and any(_is(figure.value, each) for each in met)
        )

    def _amount(self, node: Node, place: int) -> Any:
        if node.number in self.below.motions:
            return None
        value = self.below.values[node.number]
        return value[self.rows(node.entity, place, 0)] if isinstance(value, np.ndarray) and value.ndim else value


def _deciding(node: Node) -> Sequence[Node]:
    """Return the conditions of a choice: where they turn, it is they who make the difference."""
    function = node.operation.function if isinstance(node.operation, Elementwise) else None
    if function is where:
        return node.operands[:1]
    return node.operands[: len(node.operands) // 2] if function is select else ()


def _way(node: Node, above: Mapping[int, Node | None]) -> list[Node]:
    way: list[Node] = []
    found = above[node.number]
    while found is not None:
        way.append(found)
        found = above[found.number]
    return way


def _part(side: Side, name: str, rows: slice) -> Any:
    value = getattr(side.smooth, name)
    value = 0.0 if value is None else value
    return value[rows] if isinstance(value, np.ndarray) and value.ndim else value


def references_of(rule: Any) -> tuple[str, ...]:
    """Return the articles of a rule as texts."""
    reference = rule.reference
    if not reference:
        return ()
    return (reference,) if isinstance(reference, str) else tuple(str(each) for each in reference)


def _is(figure: float, met: Any) -> bool:
    return met is not None and np.asarray(met).dtype.kind in "fi" and bool(np.any(np.isclose(figure, np.asarray(met, dtype=np.float64), rtol=1e-12, atol=0)))
