"""What a name was meant to be that an entity does not have: a variable, a role or a link, its own or another entity's.

    persons/ana/rnet: `person` has no variable or role `rnet`. Did you mean `rent` (within `households`)?

A law has thousands of names, and a document may have a hundred unknown ones: names are first sifted by the pairs of letters that they share.
"""

from __future__ import annotations

import difflib
from functools import cached_property
from typing import TYPE_CHECKING, Final

from engine.errors import LONGEST_NAME

if TYPE_CHECKING:
    from engine.entities import Entity
    from engine.legislation import Legislation
    from engine.situation.memberships import Keys

_MOST: Final = 3
_ALIKE: Final = 0.6
_SIFTED: Final = 25


class KnownNames:
    """All names that descriptions of a law's entities may say, with the entities that have them."""

    def __init__(self, legislation: Legislation, keys: Keys) -> None:
        self.legislation = legislation
        self.keys = keys

    def meant(self, name: str, entity: Entity | None) -> str:
        """Return whose the name is, or the nearest of all names; an empty text where there is none. `entity`: the one that does not have it."""
        return (entity is not None and self._of_others(name, entity)) or self._nearest(name, entity)

    def _of_others(self, name: str, entity: Entity) -> str:
        """Say whose a name is that is no variable, or return an empty text where it is nobody's or stands for an entity."""
        entities = self.legislation.entities.values()
        named = next((other for other in entities if name in (other.key, other.plural)), None)
        if named is not None and entity.key in named.belongs_to:
            roles = ", ".join(f"`{role.plural or role.key}`" for role in entity.roles)
            return f" Its members are named by {f'role: {roles}' if roles else f'`{named.plural}`'}."
        owners = [other for other in entities if name in self.keys.parts(other.key)] if named is None else []
        if not owners:
            return ""
        where = " or ".join(f"`{other.plural}`" for other in owners)
        return f" It is a role in {' and in '.join(f'`{other.key}`' for other in owners)}: expected it within {where}."

    def _nearest(self, name: str, entity: Entity | None) -> str:
        if len(name) > LONGEST_NAME:
            return ""
        close = difflib.get_close_matches(name, self._sifted(name), n=_MOST, cutoff=_ALIKE)
        return f" Did you mean {' or '.join(self._told(found, entity) for found in close)}?" if close else ""

    def _told(self, found: str, entity: Entity | None) -> str:
        owners = self._owners[found]
        if entity is not None and entity.key in owners:
            return f"`{found}`"
        return f"`{found}` (within {' or '.join(f'`{self.legislation.entities[owner].plural}`' for owner in owners)})"

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        owners: dict[str, list[str]] = {}
        for variable in self.legislation.variables.values():
            owners.setdefault(variable.name, []).append(variable.entity.key)
        for entity in self.legislation.entities:
            for key in sorted(self.keys.are_of(entity)):
                owners.setdefault(key, []).append(entity)
        return owners

    @cached_property
    def _pairs(self) -> dict[str, frozenset[str]]:
        return {name: _pairs_of(name) for name in self._owners}

    def _sifted(self, name: str) -> list[str]:
        """Return the names that share most pairs of letters with one."""
        wanted = _pairs_of(name)
        alike = {known: len(wanted & pairs) / (len(wanted) + len(pairs)) for known, pairs in self._pairs.items()}
        return sorted(alike, key=lambda known: -alike[known])[:_SIFTED]


def _pairs_of(name: str) -> frozenset[str]:
    """Return the pairs of letters of a name, its ends marked."""
    marked = f" {name.lower()} "
    return frozenset(marked[place : place + 2] for place in range(len(marked) - 1))
