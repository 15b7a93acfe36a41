"""A population as plain columns: what a reader of tables hands to a simulation, and nothing more.

Readers know files and their faults, simulations know the law; this value between them is numbers only. Every array of an
entity has as many elements as the entity has rows, in the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from engine.periods import Period


# The row of the group that each member row belongs to, counted from 0; and the member's role there, as a place among the group's
# `flattened_roles` (None where the group names no roles).
Link: TypeAlias = "tuple[NDArray[np.int64], NDArray[np.int16] | None]"


@dataclass(frozen=True)
class Columns:
    """The rows of every entity, how they are linked, and what is known of them.

    `counts`: rows of each entity. `links`: from (member key, group key). `inputs`: from (variable's name, period).
    `weights`: how many real cases each row stands for, for the entities whose table says so. `ids`: each row's name in the user's table.
    """

    counts: Mapping[str, int]
    links: Mapping[tuple[str, str], Link]
    inputs: Mapping[tuple[str, Period], NDArray[Any]]
    weights: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    ids: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    def weights_of(self, entity: str) -> NDArray[np.float64] | None:
        """Return the weights of an entity's rows: its own, else those of the rows that it belongs to; None where no table has weights."""
        if entity in self.weights:
            return self.weights[entity]
        for (member, group), link in self.links.items():
            if member == entity:
                of_group = self.weights_of(group)
                if of_group is not None:
                    return of_group[link[0]]
        return None
