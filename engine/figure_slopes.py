"""Slopes by figures of the law: how fast results move with each of its numbers, from one trace of the law and one pass along the graph.

The figures that a law reads are put into it as numbers that move (`engine/graph/moving_figures.py`), and the law is traced anew, on graphs
of its own. Forwards, germs are carried along a direction that moves figures by given amounts; backwards, one pass tells the slopes by all
figures at once, row by row. Figures that an array of keys chooses are known by their table and key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.graph.adjoints import Adjoints
from engine.graph.derivatives import Derivatives, Motion, Moved, Side
from engine.graph.germs import Germ
from engine.graph.moving_figures import Figure, FigureLeaf, MovingFigure
from engine.graph.nodes import in_order
from engine.graph.operations import Elementwise
from engine.kept_graphs import KeptGraphs
from engine.parameters import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.graph.nodes import Node
    from engine.legislation import Legislation
    from engine.simulation import Simulation

    Floats = np.ndarray[Any, np.dtype[np.float64]]

Rates = Callable[[Figure, str], Any]
"""By how much a figure moves on the rows of an entity: one number, or one for each row."""


class _KeptNowhere(KeptGraphs):
    """Graphs of a law whose figures move: no file keeps them."""

    def identity(self, legislation: Legislation) -> bytes | None:
        del legislation
        return None


@dataclass(frozen=True, eq=False)
class MovingLaw:
    """A law whose figures move; `lost` are those of which a formula makes what has no derivative, filled as the law is traced."""

    law: Legislation
    figures: frozenset[Figure]
    lost: set[Figure] = field(default_factory=set)
    _of_tables: dict[Any, list[Figure | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, law: Legislation, figures: Iterable[Figure]) -> MovingLaw:
        """Return a law in which figures, by name and date since which they hold, move."""
        dates: dict[str, set[str]] = {}
        for name, since in figures:
            dates.setdefault(name, set()).add(since)
        lost: set[Figure] = set()
        tree = law.parameters
        for name, many in dates.items():
            item = tree.child(name)
            values = tuple(
                MovingFigure(value, (((name, start), 1.0),), lost.update) if start in many else value
                for start, value in zip(item.starts, item.values, strict=True)
            )
            tree = tree.replaced(name, replace(item, values=values))
        moving = replace(law, parameters=tree, baseline=None, kept_graphs=_KeptNowhere())
        return cls(moving, frozenset((name, since) for name, many in dates.items() for since in many), lost)

    def of_table(self, table: Any) -> list[Figure | None]:
        """Return the figure that stands at each position of a look-up table; None where it does not move."""
        found = self._of_tables.get(table)
        if found is None:
            found = self._of_tables[table] = [self._figure(table, key) for key in table.keys]
        return found

    def _figure(self, table: Any, key: str) -> Figure | None:
        keys = key.split(".") if table.name.count("[*]") > 1 else [key]
        name = table.name
        for each in keys:
            name = name.replace("[*]", each if each.startswith("[") else f".{each}", 1)
        item: Any = self.law.parameters
        for segment in name.replace("[", ".[").split("."):
            item = item.get(segment) if hasattr(item, "get") else None
        if not isinstance(item, Parameter) or not table.date:
            return None
        figure = (item.name, item.since(table.date))
        return figure if figure in self.figures else None


GOLDEN: Final = 0.6180339887498949


@dataclass(frozen=True)
class Slopes:
    """What a weighted sum of results moves by per unit of each figure, by entity and row on which the figure stands; `unknown` have no rule."""

    by_row: dict[Figure, dict[str, Floats]]
    unknown: frozenset[Figure]

    def total(self, figure: Figure) -> float:
        """Return the slope by a figure."""
        return float(sum(rows.sum() for rows in self.by_row[figure].values()))


class FigureDerivatives(Derivatives):
    """Carries derivatives by figures along the graph of one simulation of a moving law."""

    def __init__(self, simulation: Simulation, moving: MovingLaw) -> None:
        base = simulation.derivatives()
        super().__init__(base.layout, base.leaf, base.opaque)
        self.moving = moving
        self._rates: Rates = lambda *_: 0.0
        self._positions: dict[int, Any] = {}

    def carry(self, targets: Sequence[Node], rates: Rates, *, keep: bool = False) -> Moved:
        """Return how the targets move where figures move by these rates; with `keep`, all nodes on the way, as `slopes` needs them."""
        self._rates, self._positions = rates, {}
        return self.run(targets, {}, keep=keep)

    def _compute(self, node: Node, directions: Mapping[int, Any], found: Moved) -> None:
        rate = self._rate(node, found)
        if rate is None:
            super()._compute(node, directions, found)
            return
        value = self.value(node, [found.limit(operand.number) for operand in node.operands])
        found.motions[node.number] = Motion(Side.of(Germ(value, rate)), Side.of(Germ(value, -rate)))

    def _rate(self, node: Node, found: Moved) -> Any:
        """Return by how much a figure, or a table of figures, moves; None for anything else."""
        if node.entity is None:
            return None
        count = self.layout.counts[node.entity]
        if isinstance(node.operation, FigureLeaf):
            return np.zeros(count) + sum(partial * self._rates(figure, node.entity) for figure, partial in node.operation.partials)
        table = _table_of(node)
        figures = self.moving.of_table(table) if table is not None and node.dtype.kind in "fi" else []
        if not any(figures):
            return None
        positions = table.positions(np.broadcast_to(np.asarray(found.limit(node.operands[0].number)), (count,)))
        self._positions[node.number] = positions
        rate = np.zeros(count)
        for place, figure in enumerate(figures):
            if figure is not None:
                rate += np.where(positions == place, self._rates(figure, node.entity), 0.0)
        return rate

    def slopes(self, targets: Sequence[Node], moved: Moved, seeds: Mapping[int, Floats], *, left: bool = False) -> Slopes:
        """Return the slopes of a sum of targets' rows, by weights (`seeds`, by number), where all figures moved as `carry` said: to that side."""
        ordered = in_order(targets)
        leaves = {node.number: node for node in ordered if isinstance(node.operation, FigureLeaf) or node.number in self._positions}
        sides = {number: motion.left if left else motion.right for number, motion in moved.motions.items()}
        adjoints = Adjoints(self.layout, sides, moved.values, leaves)
        found: dict[Figure, dict[str, Floats]] = {}
        for number, rows in adjoints.run(ordered, seeds).items():
            entity = str(leaves[number].entity)
            for figure, own in self._of_leaf(leaves[number], np.broadcast_to(rows, (self.layout.counts[entity],))):
                known = found.setdefault(figure, {})
                known[entity] = known[entity] + own if entity in known else own
        unknown = {figure for node in in_order(adjoints.unknown) for figure in self._figures_of(node)}
        return Slopes(found, frozenset(unknown))

    def meeting(self, targets: Sequence[Node], moved: Moved) -> Slopes:
        """Return which figures meet at comparisons that turn at the point: those whose slope is not nothing, on the rows where one turns."""
        seeds: dict[int, Floats] = {}
        for node in in_order(targets):
            motion = moved.motions.get(node.number)
            if motion is None or node.dtype.kind != "b" or not any(operand.dtype.kind in "fi" for operand in node.operands):
                continue
            turns = np.not_equal(motion.right.exact.limit, motion.left.exact.limit)
            if not turns.any():
                continue
            share = 1.0 + node.number * GOLDEN % 1.0  # comparisons of the same values do not cancel out
            for operand, sign in zip(node.operands, (1.0, -1.0), strict=False):
                if operand.number in moved.motions:
                    seeds[operand.number] = seeds.get(operand.number, 0.0) + sign * share * turns
        return self.slopes(targets, moved, seeds)

    def _of_leaf(self, node: Node, rows: Floats) -> Iterable[tuple[Figure, Floats]]:
        if isinstance(node.operation, FigureLeaf):
            return [(figure, partial * rows) for figure, partial in node.operation.partials]
        positions, figures = self._positions[node.number], self.moving.of_table(_table_of(node))
        return [(figure, np.where(positions == place, rows, 0.0)) for place, figure in enumerate(figures) if figure is not None]

    def _figures_of(self, node: Node) -> Iterable[Figure]:
        if isinstance(node.operation, FigureLeaf):
            return [figure for figure, _ in node.operation.partials]
        return [figure for figure in self.moving.of_table(_table_of(node)) if figure is not None] if node.number in self._positions else []


def compared_figures(targets: Sequence[Node], moving: MovingLaw) -> dict[int, frozenset[Figure]]:
    """Return, by number, the comparisons on the way to targets, and the figures that stand in each without another comparison or choice between."""
    below: dict[int, frozenset[Figure]] = {}
    found: dict[int, frozenset[Figure]] = {}
    for node in in_order(targets):
        table = _table_of(node)
        if isinstance(node.operation, FigureLeaf):
            below[node.number] = frozenset(figure for figure, _ in node.operation.partials)
        elif table is not None:
            below[node.number] = frozenset(figure for figure in moving.of_table(table) if figure is not None)
        elif node.dtype.kind == "b":
            compared = frozenset().union(*(below[operand.number] for operand in node.operands))
            below[node.number] = frozenset()
            if compared:
                found[node.number] = compared
        else:
            below[node.number] = frozenset().union(*(below[operand.number] for operand in node.operands))
    return found


def _table_of(node: Node) -> Any:
    function = node.operation.function if isinstance(node.operation, Elementwise) else None
    return function if hasattr(function, "values_and_missing") else None
