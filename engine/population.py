"""Populations: how many rows each entity has, and which row belongs to which.

A population holds no law and no values: it is the shape that inputs and results have. It is immutable; simulations of
several laws share it, and the blocks into which it is cut.
"""

from __future__ import annotations

import threading
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import EntityError, nearest
from engine.graph.blocks import Layout, lay_out
from engine.graph.relations import Link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Array = np.ndarray[Any, Any]


class Population:
    """Rows of each entity, and the links between them.

    `counts` gives the number of rows per entity; `links` gives, for (member entity, group entity), the row of the group
    that each member belongs to (-1: none), alone or with the members' role numbers (places among the group's flattened
    roles); `ids` may name the rows of an entity.
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        links: Mapping[tuple[str, str], Array | tuple[Array, Array | None]] | None = None,
        ids: Mapping[str, Sequence[Any]] | None = None,
    ) -> None:
        """Raise EntityError where a link names an unknown entity or rows that do not exist."""
        self.counts: Mapping[str, int] = MappingProxyType({key: int(count) for key, count in counts.items()})
        self.links: Mapping[tuple[str, str], Link] = MappingProxyType({names: self._link(names, rows) for names, rows in (links or {}).items()})
        self.ids: Mapping[str, Sequence[Any]] = MappingProxyType(dict(ids or {}))
        self._layouts: dict[int, Layout] = {}
        self._lock = threading.Lock()

    def _link(self, names: tuple[str, str], rows: Array | tuple[Array, Array | None]) -> Link:
        member, group = names
        for key in names:
            if key not in self.counts:
                raise EntityError(f"The link from `{member}` to `{group}` names an unknown entity `{key}`.{nearest(key, self.counts)}")
        index, roles = rows if isinstance(rows, tuple) else (rows, None)
        index = np.asarray(index, dtype=np.int64)
        if len(index) != self.counts[member]:
            raise EntityError(f"The link from `{member}` to `{group}` has {len(index)} rows; `{member}` has {self.counts[member]}.")
        roles = None if roles is None else np.asarray(roles, dtype=np.int16)
        return Link(member, group, index, self.counts[group], roles)

    @classmethod
    def aligned(cls, count: int, entities: Sequence[str], links: Sequence[tuple[str, str]]) -> Population:
        """Return a population in which every entity has `count` rows and row i belongs to row i: each row is its own case."""
        rows = np.arange(count, dtype=np.int64)
        return cls(dict.fromkeys(entities, count), dict.fromkeys(links, rows))

    def completed(self, entities: Sequence[str], links: Sequence[tuple[str, str]]) -> Population:
        """Return the population with no rows of the entities that it lacks, and nobody belonging to them; itself where it lacks none."""
        counts = {**dict.fromkeys(entities, 0), **self.counts}
        missing = [(member, group) for member, group in links if (member, group) not in self.links and not (counts[member] and counts[group])]
        if len(counts) == len(self.counts) and not missing:
            return self
        nobody = {(member, group): (np.full(counts[member], -1, dtype=np.int64), np.zeros(counts[member], dtype=np.int16)) for member, group in missing}
        known = {names: (link.index, link.roles) for names, link in self.links.items()}
        return Population(counts, {**known, **nobody}, self.ids)

    def layout(self, block_rows: int) -> Layout:
        """Return the population cut into blocks; made once for each size."""
        with self._lock:
            found = self._layouts.get(block_rows)
            if found is None:
                found = self._layouts[block_rows] = lay_out(self.counts, self.links, block_rows)
            return found
