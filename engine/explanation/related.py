"""The rows that a result of one row may rest on: a small population cut out of the one that was run.

Explaining one bill of a million evaluates the bill's own rows, its household and its commune, and no other. The rows found
are enough: whoever is added up comes with all members, in their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.blocks import lay_out
from engine.graph.opaque import Opaque
from engine.graph.relations import Gather, Link, Reduce

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.graph.nodes import Node
    from engine.population import Population

Array = np.ndarray[Any, Any]


class Related:
    """Rows of each entity, ascending, with the links among them; rows are numbered anew from 0."""

    def __init__(self, population: Population, rows: Mapping[str, Array]) -> None:
        self.population = population
        self.rows = rows
        counts = {key: len(found) for key, found in rows.items()}
        self.links = {names: _restricted(link, rows) for names, link in population.links.items()}
        self.layout = lay_out(counts, self.links, max([1, *counts.values()]))

    def place(self, entity: str, row: int) -> int:
        """Return the new number of a row."""
        return int(np.searchsorted(self.rows[entity], row))

    def id(self, entity: str, place: int) -> str | None:
        """Return the id of a row, None where the population names none."""
        ids = self.population.ids.get(entity)
        return None if ids is None else str(ids[int(self.rows[entity][place])])


def related(population: Population, entity: str, row: int, nodes: Iterable[Node]) -> Related:
    """Return the rows that a row may rest on through the relations that these nodes follow.

    Which relations an opaque formula follows nobody knows: those of its own entity, and upwards any.
    """
    nodes = list(nodes)
    operations = {node.operation for node in nodes if isinstance(node.operation, Gather | Reduce)}
    opaque = {node.entity for node in nodes if isinstance(node.operation, Opaque)}
    down = {each.link for each in operations if isinstance(each, Gather) and not each.up} | set(population.links if opaque else ())
    up = {each.link for each in operations if isinstance(each, Reduce) or each.up} | {names for names in population.links if opaque & set(names)}
    found: dict[str, set[int]] = {key: set() for key in population.counts}
    found[entity].add(row)
    pending: list[tuple[str, set[int]]] = [(entity, {row})]
    while pending:
        key, fresh = pending.pop()
        for other, rows in _neighbours(population, key, fresh, down, up):
            new = rows - found[other]
            if new:
                found[other] |= new
                pending.append((other, new))
    return Related(population, {key: np.array(sorted(rows), dtype=np.int64) for key, rows in found.items()})


def _neighbours(population: Population, key: str, rows: set[int], down: set[tuple[str, str]], up: set[tuple[str, str]]) -> Iterable[tuple[str, set[int]]]:
    array = np.fromiter(rows, dtype=np.int64)
    for (member, group), link in population.links.items():
        if member == key and (member, group) in down:
            groups = link.index[array]
            yield group, set(groups[groups >= 0].tolist())
        if group == key and (member, group) in up:
            members = np.flatnonzero(np.isin(link.index, array))
            yield member, set(members.tolist())


def _restricted(link: Link, rows: Mapping[str, Array]) -> Link:
    members, groups = rows[link.member], rows[link.group]
    index = link.index[members]
    places = np.searchsorted(groups, index)
    is_there = (index >= 0) & (places < len(groups))
    is_there[is_there] = groups[places[is_there]] == index[is_there]
    roles = None if link.roles is None else link.roles[members]
    return Link(link.member, link.group, np.where(is_there, places, -1), len(groups), roles)
