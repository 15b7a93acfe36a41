"""Entities and roles under OpenFisca's names: Barème's own, made by the calls that packages write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.entities import Entity as LawEntity
from engine.entities import build_entity as build_law_entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.entities import Role


def build_entity(
    key: str,
    plural: str,
    label: str,
    doc: str = "",
    roles: Iterable[Mapping[str, Any]] | None = None,
    is_person: bool = False,
    *,
    class_override: Any = None,
    containing_entities: Sequence[str] = (),
) -> LawEntity:
    """Return an entity; `class_override` is accepted and not used, as in OpenFisca."""
    del class_override
    return build_law_entity(key, plural, label, doc, roles, is_person, containing_entities)


def Entity(key: str, plural: str, label: str, doc: str = "") -> LawEntity:
    """Return the entity of persons."""
    return build_law_entity(key, plural, label, doc, is_person=True)


def GroupEntity(
    key: str, plural: str, label: str, doc: str = "", roles: Iterable[Mapping[str, Any]] = (), containing_entities: Sequence[str] = ()
) -> LawEntity:
    """Return an entity of groups of persons."""
    return build_law_entity(key, plural, label, doc, roles, containing_entities=containing_entities)


def find_role(roles: Iterable[Role], key: str, *, total: int | None = None) -> Role | None:
    """Return the role of that key among roles and their subroles; with `total`, only one that so many may have."""
    for role in roles:
        for each in (role, *role.subroles):
            if each.key == key and (total is None or each.max == total):
                return each
    return None


def check_role_validity(role: Any) -> None:
    """Raise ValueError where something given as a role is none."""
    from engine.entities import Role  # noqa: PLC0415 - the type, not a name of this module

    if role is not None and not isinstance(role, Role):
        raise ValueError(f"{role!r} is not a role.")
