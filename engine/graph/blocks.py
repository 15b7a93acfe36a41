"""Blocks: which rows can be computed together without looking at any other.

Entities whose rows are linked (persons in households) form a domain; a block of a domain is a union of whole households.
Within a block every link is local. A link whose groups are too large for a block (dwellings of a large commune) is wide:
it joins two domains, and crossing it needs whole arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.graph.operations import Array
from engine.graph.relations import Link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Rows = slice | Array


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows of each entity of a domain: a slice where they lie side by side, row numbers where they do not."""

    rows: Mapping[str, Rows]
    counts: Mapping[str, int]
    starts: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Domain:
    """Entities whose rows are linked within blocks; `places` gives each row's place in block order, None for its own number."""

    entities: tuple[str, ...]
    blocks: tuple[Block, ...]
    places: Mapping[str, Array | None]


class Cut(NamedTuple):
    """The domains of a population, the links that stay within blocks, and the domain of each entity."""

    domains: tuple[Domain, ...]
    local_links: frozenset[tuple[str, str]]
    domain_of: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Layout:
    """A population's rows and links, and how it is cut into blocks: found when first asked for, since what is computed at once asks for no blocks."""

    counts: Mapping[str, int]
    links: Mapping[tuple[str, str], Link]
    block_rows: int

    @cached_property
    def _cut(self) -> Cut:
        return _cut_into_blocks(self.counts, self.links, self.block_rows)

    @property
    def domains(self) -> tuple[Domain, ...]:
        """All domains of the population."""
        return self._cut.domains

    @property
    def local_links(self) -> frozenset[tuple[str, str]]:
        """The links that stay within blocks."""
        return self._cut.local_links

    @property
    def domain_of(self) -> Mapping[str, int]:
        """The number of each entity's domain."""
        return self._cut.domain_of


def lay_out(counts: Mapping[str, int], links: Mapping[tuple[str, str], Link], block_rows: int) -> Layout:
    """Cut a population into blocks of about `block_rows` rows of its largest entity in each domain."""
    return Layout(counts, links, block_rows)


def _cut_into_blocks(counts: Mapping[str, int], links: Mapping[tuple[str, str], Link], block_rows: int) -> Cut:
    local: list[Link] = []
    labels: dict[str, Array | None] = dict.fromkeys(counts)
    for link in sorted(links.values(), key=_largest_group):
        trial = components(counts, [*local, link])
        if link.is_identity or _largest_component(trial) <= block_rows:
            local.append(link)
            labels = trial
    domains = [_domain(entities, {key: labels[key] for key in entities}, counts, block_rows) for entities in _connected(counts, local)]
    domain_of = {entity: number for number, domain in enumerate(domains) for entity in domain.entities}
    return Cut(tuple(domains), frozenset((link.member, link.group) for link in local), domain_of)


def part(layout: Layout, domain: Domain, block: Block) -> Layout:
    """Return a block as a small population of its own, with the links that stay within blocks."""
    links = {}
    for member, group in layout.local_links:
        if member not in domain.entities:
            continue
        link, rows, places = layout.links[member, group], block.rows[member], domain.places[group]
        index = link.index[rows]
        placed = index if places is None else np.where(index >= 0, places[index], -1)
        own = np.where(placed >= 0, placed - block.starts[group], -1) if block.starts[group] or not link.is_total else placed
        links[member, group] = Link(member, group, own, block.counts[group], None if link.roles is None else link.roles[rows])
    return Layout(block.counts, links, max(block.counts.values(), default=0))


def _largest_group(link: Link) -> int:
    if link.is_identity or not len(link.index):
        return 1
    belonging = link.index[link.index >= 0]
    return int(np.bincount(belonging).max()) if len(belonging) else 1


def components(counts: Mapping[str, int], links: Sequence[Link]) -> dict[str, Array | None]:
    """Return for each entity the component that each row is in: rows that links join, directly or not. None where each row's number says it."""
    if all(link.is_identity for link in links):
        return dict.fromkeys(counts)
    starts = dict(zip(counts, np.cumsum([0, *counts.values()])[:-1].tolist(), strict=True))
    parent = np.arange(sum(counts.values()))
    edges = []
    for link in links:
        belongs = np.flatnonzero(link.index >= 0)
        edges.append((belongs + starts[link.member], link.index[belongs] + starts[link.group]))
    sources, targets = (np.concatenate(rows) for rows in zip(*edges, strict=True))
    while len(sources):
        left, right = parent[sources], parent[targets]
        apart = left != right
        sources, targets, left, right = sources[apart], targets[apart], left[apart], right[apart]
        np.minimum.at(parent, np.maximum(left, right), np.minimum(left, right))
        while True:  # every row points to the smallest row that it is known to be joined with
            higher = parent[parent]
            if np.array_equal(higher, parent):
                break
            parent = higher
    return {key: parent[start : start + counts[key]] for key, start in starts.items()}


def _largest_component(labels: Mapping[str, Array | None]) -> int:
    found = [values for values in labels.values() if values is not None and len(values)]
    return max((int(np.unique(values, return_counts=True)[1].max()) for values in found), default=1)


def _connected(counts: Mapping[str, int], links: Sequence[Link]) -> list[tuple[str, ...]]:
    """Return the entities that links connect, in the order in which they are declared."""
    group = {key: {key} for key in counts}
    for link in links:
        merged = group[link.member] | group[link.group]
        for key in merged:
            group[key] = merged
    seen: list[tuple[str, ...]] = []
    for key in counts:
        entities = tuple(other for other in counts if other in group[key])
        if entities not in seen:
            seen.append(entities)
    return seen


def _domain(entities: tuple[str, ...], labels: Mapping[str, Array | None], counts: Mapping[str, int], block_rows: int) -> Domain:
    if all(values is None for values in labels.values()):
        return _aligned(entities, counts, block_rows)
    names = np.unique(np.concatenate([values for values in labels.values() if values is not None]))
    numbers = {key: np.searchsorted(names, values) for key, values in labels.items() if values is not None}
    sizes = {key: np.bincount(values, minlength=len(names)) for key, values in numbers.items()}
    largest = np.cumsum(np.max(list(sizes.values()), axis=0)) if len(names) else np.zeros(0, dtype=np.int64)
    cuts = _cuts(largest, block_rows)
    orders: dict[str, Array | None] = {}
    places: dict[str, Array | None] = {}
    for key, values in numbers.items():
        in_order = bool(np.all(values[1:] >= values[:-1]))
        orders[key] = None if in_order else np.argsort(values, kind="stable")
        places[key] = None if in_order else _inverse(orders[key])
    ends = {key: np.concatenate([[0], np.cumsum(values)])[cuts] for key, values in sizes.items()}
    blocks = []
    for number in range(len(cuts) - 1):
        spans = {key: (int(ends[key][number]), int(ends[key][number + 1])) for key in entities}
        blocks.append(_block(spans, orders))
    return Domain(entities, tuple(blocks), places)


def _aligned(entities: tuple[str, ...], counts: Mapping[str, int], block_rows: int) -> Domain:
    """Cut entities that are linked one to one in the same order, or one entity alone."""
    count = counts[entities[0]]
    edges = [*range(0, count, block_rows), count] if count else [0, 0]
    blocks = [_block(dict.fromkeys(entities, (start, stop)), dict.fromkeys(entities)) for start, stop in pairwise(edges)]
    return Domain(entities, tuple(blocks), dict.fromkeys(entities))


def _cuts(cumulated: Array, block_rows: int) -> list[int]:
    """Return the components' numbers at which blocks end, so that each block has about `block_rows` rows."""
    cuts = [0]
    while cuts[-1] < len(cumulated):
        done = int(cumulated[cuts[-1] - 1]) if cuts[-1] else 0
        cuts.append(max(int(np.searchsorted(cumulated, done + block_rows, side="right")), cuts[-1] + 1))
    return cuts if len(cuts) > 1 else [0, 0]


def _inverse(order: Array | None) -> Array:
    assert order is not None
    inverse = np.empty(len(order), dtype=np.int64)
    inverse[order] = np.arange(len(order))
    return inverse


def _block(spans: Mapping[str, tuple[int, int]], orders: Mapping[str, Array | None]) -> Block:
    rows: dict[str, Rows] = {}
    for key, (start, stop) in spans.items():
        order = orders[key]
        rows[key] = slice(start, stop) if order is None else order[start:stop]
    return Block(rows, {key: stop - start for key, (start, stop) in spans.items()}, {key: start for key, (start, _) in spans.items()})
