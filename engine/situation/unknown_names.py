"""What a name was meant to be that an entity does not have: a variable, a role or a link, its own or another entity's.

persons/ana/rnet: `person` has no variable or role `rnet`. Did you mean `rent` (within `households`)?
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from engine.errors import LONGEST_NAME

if TYPE_CHECKING:
    from engine.entities import Entity
    from engine.legislation import Legislation
    from engine.situation.memberships import Keys

_MOST: Final = 3
_ALIKE: Final = 0.6


def of_others(legislation: Legislation, keys: Keys, name: str, entity: Entity) -> str:
    """Say whose a name is that this entity does not have, or return an empty text where it is nobody's or stands for an entity."""
    named = next((other for other in legislation.entities.values() if name in (other.key, other.plural)), None)
    if named is not None and entity.key in named.belongs_to:
        roles = ", ".join(f"`{role.plural or role.key}`" for role in entity.roles)
        return f" Its members are named by {f'role: {roles}' if roles else f'`{named.plural}`'}."
    owners = [other for other in legislation.entities.values() if name in keys.parts(other.key)] if named is None else []
    if not owners:
        return ""
    where = " or ".join(f"`{other.plural}`" for other in owners)
    return f" It is a role in {' and in '.join(f'`{other.key}`' for other in owners)}: expected it within {where}."


def nearest_of_all(legislation: Legislation, keys: Keys, name: str, entity: Entity | None) -> str:
    """Return " Did you mean `…`?" for the closest names among all entities; those of others with the plural within which they are expected."""
    if len(name) > LONGEST_NAME:
        return ""
    places: dict[str, list[str]] = {}
    for variable in legislation.variables.values():
        places.setdefault(variable.name, []).append(variable.entity.key)
    for other in legislation.entities:
        for key in keys.are_of(other):
            places.setdefault(key, []).append(other)

    def told(found: str) -> str:
        owners = places[found]
        if entity is not None and entity.key in owners:
            return f"`{found}`"
        return f"`{found}` (within {' or '.join(f'`{legislation.entities[owner].plural}`' for owner in owners)})"

    close = difflib.get_close_matches(name, places, n=_MOST, cutoff=_ALIKE)
    return f" Did you mean {' or '.join(told(found) for found in close)}?" if close else ""
