"""Who belongs to whom in a situation: rows of each entity, and the links between them with their roles.

A link is written on either side. The group names its members by role (`"adults": ["ana", "bo"]`), or by the plural of their
entity where it has one role or none (`"dwellings": ["d1"]`). The member names its group and its role there
(`"household": "h1", "household_role": "child"`; `"town": null` for no town). Rows that nothing allocates get a row of their
own in the group, in its first role: a person left out of every household lives alone. Only where a document describes one
group by a singular key, and there is one row that may belong to it, do the two belong together without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.errors import nearest
from engine.population import Population

if TYPE_CHECKING:
    from engine.entities import Entity, Role
    from engine.legislation import Legislation
    from engine.situation.problems import Path, Problems

NOWHERE: Final = -1


@dataclass(frozen=True)
class Instance:
    """One row as the document gives it: its id, where it stands, and what is said of it; `is_only` for a singular key."""

    id: str
    path: Path
    said: Mapping[str, Any]
    is_only: bool = False


Instances = Mapping[str, list[Instance]]


@dataclass(frozen=True)
class _Part:
    """What a key of a group's description allocates: the role's numbers, of which each member takes one."""

    role: Role | None
    numbers: tuple[int, ...]
    member: str | None = None

    @property
    def most(self) -> int | None:
        """Return how many members may have the part."""
        if self.role is None:
            return None
        return len(self.numbers) if self.role.subroles else self.role.max


def _roles_of(entity: Entity) -> tuple[Role, ...]:
    """Return the roles and subroles of an entity, each once."""
    return (*entity.roles, *(subrole for role in entity.roles for subrole in role.subroles))


def _part_of(entity: Entity, role: Role) -> _Part:
    numbers = {id(each): number for number, each in enumerate(entity.flattened_roles)}
    return _Part(role, tuple(numbers[id(each)] for each in role.subroles or (role,)))


def _sole_part(entity: Entity) -> _Part:
    return _Part(entity.flattened_roles[0] if entity.flattened_roles else None, (0,))


class Keys:
    """The keys of each entity's descriptions that speak of memberships; all others are names of variables."""

    def __init__(self, legislation: Legislation) -> None:
        self._legislation = legislation
        self._parts = {key: dict(self._parts_of(entity)) for key, entity in legislation.entities.items()}
        self._groups = {key: dict(self._groups_of(entity)) for key, entity in legislation.entities.items()}

    def _is_variable(self, name: str, entity: Entity) -> bool:
        rule = self._legislation.variables.get(name)
        return rule is not None and rule.entity.key == entity.key

    def _parts_of(self, entity: Entity) -> Iterator[tuple[str, _Part]]:
        # subroles first: `first_adult` is taken before `adults` fills what is left, whatever the order of the document
        for role in sorted(_roles_of(entity), key=lambda role: len(role.subroles)):
            part = _part_of(entity, role)
            for name in dict.fromkeys(filter(None, (role.plural, role.key))):
                if name == (role.plural or role.key) or not self._is_variable(name, entity):
                    yield name, part
        if len(entity.flattened_roles) <= 1:
            for member in self._legislation.entities.values():
                if entity.key in member.belongs_to and not self._is_variable(member.plural, entity):
                    yield member.plural, replace(_sole_part(entity), member=member.key)

    def _groups_of(self, entity: Entity) -> Iterator[tuple[str, str]]:
        for group in entity.belongs_to:
            if not self._is_variable(group, entity):
                yield group, group
            yield f"{group}_id", group

    def parts(self, entity: str) -> Mapping[str, _Part]:
        """Return the keys by which a group names its members."""
        return self._parts[entity]

    def groups(self, entity: str) -> Mapping[str, str]:
        """Return the keys by which a member names its groups."""
        return self._groups[entity]

    def are_of(self, entity: str) -> set[str]:
        """Return all keys that speak of memberships."""
        groups = self._legislation.entities[entity].belongs_to
        return {*self._parts[entity], *self._groups[entity], *(f"{group}_role" for group in groups)}


@dataclass
class _Link:
    """A link being filled: for each member row its group's row (None: not said yet) and role; the roles taken in each group's row."""

    rows: list[int | None]
    roles: list[int]
    taken: dict[int, list[int]] = field(default_factory=dict)

    def allocate(self, member_row: int, group_row: int, role: int) -> None:
        """Put a member into a group's row, in a role."""
        self.rows[member_row], self.roles[member_row] = group_row, role
        self.taken.setdefault(group_row, []).append(role)


class Memberships:
    """The rows of every entity and their links, filled from the instances of a document."""

    def __init__(self, legislation: Legislation, instances: Instances, keys: Keys, problems: Problems) -> None:
        self._entities = legislation.entities
        self._instances = instances
        self._keys = keys
        self._problems = problems
        self.ids: dict[str, list[str]] = {key: [instance.id for instance in instances.get(key, ())] for key in self._entities}
        self._places = {key: {id_: row for row, id_ in enumerate(ids)} for key, ids in self.ids.items()}
        self._links: dict[tuple[str, str], _Link] = {}
        for member in _members_first(self._entities):
            for group in self._entities[member].belongs_to:
                self._fill(member, group)

    def population(self) -> Population:
        """Return the rows and links as a population."""
        links: dict[tuple[str, str], Any] = {}
        for (member, group), link in self._links.items():
            rows = np.array([NOWHERE if row is None else row for row in link.rows], dtype=np.int64)
            has_roles = bool(self._entities[group].flattened_roles)
            links[member, group] = (rows, np.array(link.roles, dtype=np.int16)) if has_roles else rows
        return Population({key: len(ids) for key, ids in self.ids.items()}, links, {key: tuple(ids) for key, ids in self.ids.items()})

    def _fill(self, member: str, group: str) -> None:
        count = len(self.ids[member])
        link = self._links[member, group] = _Link([None] * count, [NOWHERE] * count)
        self._from_groups(member, group, link)
        self._from_members(member, group, link)
        self._only_ones(group, link)
        taken = set(self.ids[group])
        for row, found in enumerate(link.rows):
            if found is None:
                link.rows[row], link.roles[row] = len(self.ids[group]), 0
                self.ids[group].append(_free_id(self.ids[member][row], taken))

    # What the groups say

    def _from_groups(self, member: str, group: str, link: _Link) -> None:
        for row, instance in enumerate(self._instances.get(group, ())):
            for key, part in self._keys.parts(group).items():
                if key in instance.said and part.member in (None, member):
                    for path, id_ in self._ids_at(instance.said[key], (*instance.path, key)):
                        self._from_group(_Case(member, group, link, path), row, part, id_)

    def _from_group(self, case: _Case, row: int, part: _Part, id_: str) -> None:
        """Allocate the member of that id; where several entities have members here, it is the first that has the id."""
        members = [part.member] if part.member else [key for key, entity in self._entities.items() if case.group in entity.belongs_to]
        owner = next((key for key in members if id_ in self._places[key]), None)
        if owner == case.member:
            self._allocate(case, self._places[owner][id_], row, part)
        elif owner is None and case.member == members[0]:
            known = [name for key in members for name in self._places[key]]
            plurals = " or ".join(self._entities[key].plural for key in members)
            self._problems.add(case.path, f"`{id_}` is not declared: expected an id of {plurals}.{nearest(id_, known)}")

    def _ids_at(self, value: Any, path: Path) -> list[tuple[Path, str]]:
        items = list(enumerate(value)) if isinstance(value, list | tuple) else [] if value is None else [(None, value)]
        found: list[tuple[Path, str]] = []
        for place, item in items:
            here = path if place is None else (*path, str(place))
            if isinstance(item, str | int) and not isinstance(item, bool):
                found.append((here, str(item)))
            else:
                self._problems.add(here, f"expected an id, or a list of ids; got {item!r}.")
        return found

    # What the members say

    def _from_members(self, member: str, group: str, link: _Link) -> None:
        said: list[tuple[_Case, int, int, _Part]] = []
        for row, instance in enumerate(self._instances.get(member, ())):
            names = [key for key, named in self._keys.groups(member).items() if named == group and key in instance.said]
            role_key = f"{group}_role"
            if role_key in instance.said and not names:
                self._problems.add((*instance.path, role_key), f"a role without a {self._entities[group].key}: expected `{group}` beside it.")
            for key in names:
                case = _Case(member, group, link, (*instance.path, key))
                said += self._from_member(case, row, instance.said[key], instance.said.get(role_key))
        # subroles first: who is `first_adult` has its place before an `adult` takes a free one
        for case, row, group_row, part in sorted(said, key=lambda each: len(each[3].numbers)):
            self._allocate(case, row, group_row, part)

    def _from_member(self, case: _Case, row: int, said: Any, role: Any) -> list[tuple[_Case, int, int, _Part]]:
        if said is None:
            case.link.rows[row] = NOWHERE
            return []
        places = self._places[case.group]
        found = places.get(str(said)) if isinstance(said, str | int) and not isinstance(said, bool) else None
        if found is None:
            plural = self._entities[case.group].plural
            self._problems.add(case.path, f"expected the id of one of the {plural}, or null for none; got {said!r}.{nearest(str(said), places)}")
            return []
        part = self._part_named(case, role)
        return [] if part is None else [(case, row, found, part)]

    def _part_named(self, case: _Case, role: Any) -> _Part | None:
        entity = self._entities[case.group]
        if role is None and len(entity.flattened_roles) <= 1:
            return _sole_part(entity)
        for each in _roles_of(entity):
            if role in (each.key, each.plural or each.key):
                return _part_of(entity, each)
        names = [each.key for each in _roles_of(entity)]
        path = (*case.path[:-1], f"{case.group}_role")
        expected = f"one of {', '.join(names)}" if names else "none, as it has no roles"
        self._problems.add(path, f"expected the role in the {entity.key}, {expected}; got {role!r}.{nearest(str(role), names)}")
        return None

    def _only_ones(self, group: str, link: _Link) -> None:
        """Put the only member there is into the group that a singular key describes, where neither says anything else."""
        groups = self._instances.get(group, ())
        if link.rows == [None] and len(groups) == 1 and groups[0].is_only and not any(key in groups[0].said for key in self._keys.parts(group)):
            link.allocate(0, 0, 0)

    def _allocate(self, case: _Case, member_row: int, group_row: int, part: _Part) -> None:
        link = case.link
        before = link.rows[member_row]
        if before is not None:
            name, group = self.ids[case.member][member_row], self._entities[case.group].key
            where = f"`{self.ids[case.group][before]}`" if before != NOWHERE else "none"
            self._problems.add(case.path, f"`{name}` is given a {group} more than once; it has {where} already.")
            return
        if part.most is None or part.role is None:
            link.allocate(member_row, group_row, part.numbers[0])
            return
        taken = [role for role in link.taken.get(group_row, ()) if role in part.numbers]
        if len(taken) >= part.most:
            name = self.ids[case.group][group_row]
            self._problems.add(case.path, f"`{name}` has too many members with the role `{part.role.key}`: expected at most {part.most}.")
            return
        free = [number for number in part.numbers if number not in taken]
        link.allocate(member_row, group_row, (free or part.numbers)[0])


@dataclass(frozen=True)
class _Case:
    """A link, and the place in the document that speaks of it."""

    member: str
    group: str
    link: _Link
    path: Path


def _free_id(wanted: str, taken: set[str]) -> str:
    """Return an id for a row of one's own: that of its member, with a number where a group has that id already."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}_{number}"
    taken.add(found)
    return found


def _members_first(entities: Mapping[str, Entity]) -> list[str]:
    """Return the entities such that each stands before those that it belongs to."""
    order: list[str] = []

    def visit(key: str, below: tuple[str, ...]) -> None:
        if key in order or key in below:
            return
        for other in entities:
            if key in entities[other].belongs_to:
                visit(other, (*below, key))
        order.append(key)

    for key in entities:
        visit(key, ())
    return order
