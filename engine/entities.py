"""What the law speaks of: persons, households, dwellings, bills, communes, and the roles they play in each other.

Every entity is a table of rows. Rows of one entity belong to at most one row of another (`belongs_to`): a person to a
household, a bill to a dwelling, a dwelling to a commune. The receiving entity names the roles that its members may have.
A person entity is nothing special but the finest one: where no entity says what it belongs to, each row of the person
entity belongs to one row of every other entity, as in OpenFisca's packages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.errors import EntityError, RoleNotFoundError, nearest, nearest_or_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


@dataclass(frozen=True, eq=False)
class Role:
    """A part that a member plays in a row of another entity, as `declarant` or `enfant`.

    `max` is how many members of one row may have it (None: any number). `subroles` tell such members apart by order.
    Two entities may name a role alike: a role equals only itself.
    """

    key: str
    plural: str = ""
    label: str = ""
    doc: str = ""
    max: int | None = None
    subroles: tuple[Role, ...] = ()

    @property
    def is_unique(self) -> bool:
        """Whether at most one member of a row has this role."""
        return self.max == 1


@dataclass(frozen=True)
class Entity:
    """One kind of thing that variables describe.

    `roles` are those that its members play in it; `belongs_to` names the entities whose members its own rows are.
    Each role is also an attribute in capitals: `Menage.ENFANT`.
    """

    key: str
    plural: str
    label: str = ""
    doc: str = ""
    roles: tuple[Role, ...] = ()
    is_person: bool = False
    belongs_to: tuple[str, ...] = ()
    flattened_roles: tuple[Role, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the roles' names and offer each role as an attribute in capitals."""
        flattened = tuple(role for parent in self.roles for role in (parent.subroles or (parent,)))
        object.__setattr__(self, "flattened_roles", flattened)
        names = [role.key for role in self._all_roles()]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise EntityError(f"Entity `{self.key}` has several roles named {', '.join(repeated)}.")
        for role in self._all_roles():
            object.__setattr__(self, role.key.upper(), role)

    def __getattr__(self, name: str) -> Role:
        """Say which role there is not; those that there are, are attributes. Raises RoleNotFoundError, an AttributeError."""
        if name.startswith("_") or "key" not in self.__dict__:
            raise AttributeError(name)
        roles = [role.key.upper() for role in self._all_roles()]
        raise RoleNotFoundError(f"`{self.key}` has no role `{name}`.{nearest_or_first(name.upper(), roles) or ' Its members have no roles.'}")

    def _all_roles(self) -> Iterator[Role]:
        for role in self.roles:
            yield role
            yield from role.subroles

    def role(self, key: str) -> Role:
        """Return the role or subrole of that key. Raises EntityError with the nearest names."""
        for role in self._all_roles():
            if role.key == key:
                return role
        known = [role.key for role in self._all_roles()]
        raise EntityError(f"Entity `{self.key}` has no role `{key}`.{nearest(key, known)}")


def _build_role(description: Mapping[str, Any]) -> Role:
    subroles = tuple(Role(key=key, max=1) for key in description.get("subroles") or ())
    return Role(
        key=description["key"],
        plural=description.get("plural") or "",
        label=description.get("label") or "",
        doc=description.get("doc") or "",
        max=len(subroles) or description.get("max"),
        subroles=subroles,
    )


def build_entity(
    key: str,
    plural: str,
    label: str,
    doc: str = "",
    roles: Iterable[Mapping[str, Any]] | None = None,
    is_person: bool = False,  # noqa: FBT001, FBT002 - the call that legal coders already write
    containing_entities: Sequence[str] = (),
) -> Entity:
    """Return an entity from the description that OpenFisca's packages write: roles as mappings with key, plural, max, subroles."""
    return Entity(key, plural, label, doc, tuple(_build_role(role) for role in roles or ()), is_person, tuple(containing_entities))
