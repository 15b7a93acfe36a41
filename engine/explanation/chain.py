"""The chain of rules to a result: every variable-period that it rests on, each with the rows that count.

The readings of the trace say what each formula asked; the graph, evaluated for the rows related to the result, says which of
the answers it rests on (`slices`). Readers come before what they read, so that the rows of a variable are known when it is met.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import deadline
from engine.explanation.figures import looked_up
from engine.explanation.model import DEFAULT, FORMULA, INPUT, SPIRAL
from engine.explanation.related import related
from engine.explanation.slices import Slices
from engine.explanation.values import values_of
from engine.graph.nodes import in_order
from engine.parameters import LookUpTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.graph.nodes import Node
    from engine.simulation import Simulation
    from engine.traces import Key, Traced
    from engine.variables import Rule


@dataclass(eq=False)
class Link:
    """A variable-period in the chain: how it is computed, what it read, and which rows of it count."""

    key: Key
    rule: Rule
    node: Node
    kind: str
    traced: Traced | None
    candidates: list[Key] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    is_live: bool = False
    read: list[Key] = field(default_factory=list)
    at_default: list[Key] = field(default_factory=list)
    without_effect: list[Key] = field(default_factory=list)
    looked_up: dict[str, list[Any]] = field(default_factory=dict)


class Chain:
    """All that one result rests on. `all_` keeps what folds too: defaults, and what has no effect."""

    def __init__(self, simulation: Simulation, key: Key, row: int, *, all_: bool = False) -> None:
        self.simulation = simulation
        self.key = key
        self.all = all_
        self.links: dict[Key, Link] = {}
        self.known = simulation.traced_below(*key)
        self.given = frozenset(simulation.inputs)
        order = self._collect()
        nodes = [link.node for link in self.links.values()]
        guards = [guard.node for link in self.links.values() if link.traced is not None for guard in link.traced.guards]
        nodes = in_order([*nodes, *guards])
        entity = self.links[key].rule.entity.key
        self.related = related(simulation.population, entity, row, nodes)
        self.values = values_of(simulation, nodes, self.related)
        self.slices = Slices(self.values, self.related)
        first = self.links[key]
        first.is_live, first.rows = True, {self.related.place(entity, row)}
        for each in order:
            deadline.check()
            if each.is_live:
                self._find_rows(each)

    # What formulas asked

    def _collect(self) -> list[Link]:
        """Make the links, and return them with readers before what they read."""
        traced = self.known.get(self.key)
        node = traced.node if traced is not None else self.simulation.traced(*self.key).node
        self.links[self.key] = self._link(self.key, node)
        done: list[Link] = []
        pending: list[tuple[Link, bool]] = [(self.links[self.key], False)]
        opened: set[Key] = set()
        while pending:
            link, reads_done = pending.pop()
            if reads_done:
                done.append(link)
            elif link.key not in opened:
                opened.add(link.key)
                pending.append((link, True))
                pending.extend((self.links[read], False) for read in reversed(link.candidates) if read not in opened)
        done.reverse()
        return done

    def _rule(self, key: Key) -> Rule:
        return self.simulation.legislation.variable(key[0])

    def _link(self, key: Key, node: Node) -> Link:
        """Return a link, with those of all that it read: written without recursion, since law can be deeper than Python's stack."""
        first = self._one(key, node)
        pending = [first]
        while pending:
            link = pending.pop()
            for read, of_read in self._readings(link):
                if not self.all and of_read.is_constant and is_at_default(self._rule(read), of_read.value):
                    link.at_default.append(read)
                    continue
                link.candidates.append(read)
                if read not in self.links:
                    self.links[read] = self._one(read, of_read)
                    pending.append(self.links[read])
        return first

    @staticmethod
    def _readings(link: Link) -> Iterator[tuple[Key, Node]]:
        traced = link.traced
        if traced is not None:
            yield from ((key, node) for key, node in zip(traced.reads, traced.nodes, strict=True) if node is not None)

    def _one(self, key: Key, node: Node) -> Link:
        rule, traced = self._rule(key), self.known.get(key)
        if key in self.given:
            kind = INPUT
        elif rule.formula_at(key[1]) is None:
            kind = DEFAULT
        else:
            kind = FORMULA if traced is not None and traced.formula is not None else SPIRAL
        return Link(key, rule, node, kind, traced if kind == FORMULA else None)

    # What counts

    def _find_rows(self, link: Link) -> None:
        """Give each variable that the link read the rows that it rests on, and note the others."""
        of_reads = dict(self._readings(link))
        nodes = {key: of_reads[key] for key in link.candidates}
        stops = {node.number for node in nodes.values() if not node.is_constant}
        needs = self.slices.needed(link.node, link.rows, stops) if not link.node.is_constant else {}
        for guard in link.traced.guards if link.traced is not None else ():
            for number, rows in self.slices.needed(guard.node, (0,), stops).items():
                needs.setdefault(number, set()).update(rows)
        for key, node in nodes.items():
            read, rows = self.links[key], needs.get(node.number, set())
            if rows or node.is_constant:
                read.rows |= rows
            elif self.all:
                read.rows |= set(range(len(self.related.rows[read.rule.entity.key])))
            else:
                link.without_effect.append(key)
                continue
            read.is_live = True
            link.read.append(key)
        link.looked_up = looked_up(self._tables(link, stops, needs))

    def _tables(self, link: Link, stops: set[int], needs: Mapping[int, set[int]]) -> Iterator[tuple[LookUpTable, Any]]:
        """Yield the tables of the law that were looked up for the rows, each with a value found."""
        if link.traced is None or not any(isinstance(read.value, LookUpTable) for read in link.traced.figures):
            return
        for node in in_order([link.node], stops):
            table = getattr(node.operation, "function", None)
            if isinstance(table, LookUpTable):
                yield from ((table, self.slices.at(node, row)) for row in sorted(needs.get(node.number, ())))

    # Values

    def value(self, link: Link, row: int | None) -> Any:
        """Return a link's value at a related row, or for everybody where it is a constant."""
        if link.node.is_constant:
            return link.node.value
        return self.slices.at(link.node, 0 if row is None else row)

    def is_zero(self, link: Link) -> bool:
        """Whether a link has zero, or no, at every row that counts; a variable of another kind, its default."""
        if link.node.is_constant:
            return is_at_default(link.rule, link.node.value)
        return all(is_at_default(link.rule, self.value(link, row)) for row in link.rows)


def is_at_default(rule: Rule, value: Any) -> bool:
    """Whether a value is zero, no, or the default of a variable that is neither number nor truth value."""
    if rule.possible_values is None and rule.dtype.kind in "biuf":
        return bool(value == 0)
    return bool(np.asarray(value == rule.stored_default).all())
