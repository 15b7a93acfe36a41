"""A population cut into smaller ones between households that nothing links: what a machine's memory takes at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DataError
from engine.graph.blocks import components
from engine.population import Population

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from engine.graph.relations import Link as Linked
    from engine.legislation import Legislation
    from population.columns import Columns

    Rows = NDArray[np.int64]


def pieces(columns: Columns, law: Legislation, shared: Collection[str], unit: str, most: int) -> Iterator[Columns]:
    """Give the population in pieces of at most `most` rows of `unit`, with all rows linked to them, and of shared entities the rows that they belong to."""
    for rows in rows_of_pieces(columns, shared, unit, most):
        yield taken(columns, law, rows)


def rows_of_pieces(columns: Columns, shared: Collection[str], unit: str, most: int) -> Iterator[dict[str, Rows]]:
    """Give for each piece the rows that it has of each entity that is not shared."""
    if columns.counts[unit] <= most:
        yield {entity: np.arange(count) for entity, count in columns.counts.items() if entity not in shared}
        return
    pieces_of = places(columns.counts, Population(columns.counts, columns.links).links, shared, unit, most)
    for piece in range(1 + max((int(of_rows.max(initial=0)) for of_rows in pieces_of.values()), default=0)):
        yield {entity: np.flatnonzero(of_rows == piece) for entity, of_rows in pieces_of.items()}


def places(counts: Mapping[str, int], links: Mapping[tuple[str, str], Linked], shared: Collection[str], unit: str, most: int) -> dict[str, Rows]:
    """Return in which piece each row of each entity that is not shared goes. Rows that no household holds go with those of the row before."""
    own = {entity: count for entity, count in counts.items() if entity not in shared}
    labels = components(own, [link for link in links.values() if link.member in own and link.group in own])
    known = {entity: np.arange(count) if labels[entity] is None else np.asarray(labels[entity]) for entity, count in own.items()}
    names = np.unique(np.concatenate([known[entity] for entity in own]))
    numbers = {entity: np.searchsorted(names, of_rows) for entity, of_rows in known.items()}
    households = np.bincount(numbers[unit], minlength=len(names))
    order = np.argsort(_first_rows(numbers[unit], len(names)), kind="stable")
    piece = np.empty(len(names), np.int64)
    piece[order] = _cuts(households[order], most)
    return {entity: piece[of_rows] for entity, of_rows in numbers.items()}


def _first_rows(numbers: Rows, count: int) -> Rows:
    """Return the first household of each group of linked rows; those of none come last."""
    first = np.full(count, len(numbers), np.int64)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return first


def _cuts(sizes: Rows, most: int) -> Rows:
    """Return the piece of each group in order: as many as fit go together, and a group that is larger stands alone."""
    found = np.zeros(len(sizes), np.int64)
    ends = np.cumsum(sizes)
    start = piece = 0
    while start < len(sizes):
        before = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + most, side="right")))
        if end < len(sizes) and ends[-1] == ends[end - 1]:
            end = len(sizes)  # what is left holds no household
        found[start:end] = piece
        start, piece = end, piece + 1
    return found


def taken(columns: Columns, law: Legislation, rows_of: Mapping[str, Rows]) -> Columns:
    """Return some rows of each entity; of entities that are not named, those that these rows belong to.

    Raises DataError for links between a row that is taken and one that is not.
    """
    rows = _with_groups(columns, rows_of)
    is_whole = {entity: len(of_entity) == columns.counts[entity] for entity, of_entity in rows.items()}  # they are in order, each once
    position = {entity: _positions(of_entity, columns.counts[entity]) for entity, of_entity in rows.items() if not is_whole[entity]}
    links = {}
    for (member, group), (index, roles) in columns.links.items():
        own, own_roles = (index, roles) if is_whole[member] else (index[rows[member]], None if roles is None else roles[rows[member]])
        moved = own if is_whole[group] else np.where(own >= 0, position[group][own], -1) if columns.counts[group] else own
        if (lost := (own >= 0) & (moved < 0)).any():
            raise DataError(f"The {member} in row {rows[member][lost][0] + 1} belongs to a {group} of another part: no link may leave a part.")
        links[member, group] = (moved, own_roles)

    def of_rows(entity: str, values: NDArray[Any]) -> NDArray[Any]:
        return values if is_whole[entity] else values[rows[entity]]

    inputs = {(name, when): of_rows(law.variable(name).entity.key, values) for (name, when), values in columns.inputs.items()}
    weights = {entity: of_rows(entity, values) for entity, values in columns.weights.items()}
    ids = {entity: of_rows(entity, values) for entity, values in columns.ids.items()}
    return replace(columns, counts={entity: len(rows[entity]) for entity in columns.counts}, links=links, inputs=inputs, weights=weights, ids=ids)


def _with_groups(columns: Columns, rows_of: Mapping[str, Rows]) -> dict[str, Rows]:
    """Return the rows taken of every entity: those of the others are the ones that members taken belong to, one above the other."""
    rows = dict(rows_of)
    left = [entity for entity in columns.counts if entity not in rows]
    while left:
        ready = [entity for entity in left if not any(group == entity and member in left for member, group in columns.links)] or left[:1]
        for entity in ready:
            used = [index[rows[member]] for (member, group), (index, _) in columns.links.items() if group == entity and member in rows]
            rows[entity] = np.unique(np.concatenate([each[each >= 0] for each in used])) if used else np.zeros(0, np.int64)
        left = [entity for entity in left if entity not in ready]
    return rows


def _positions(rows: Rows, count: int) -> Rows:
    found = np.full(count, -1, np.int64)
    found[rows] = np.arange(len(rows))
    return found
