"""What a formula sees: entities that answer for their variables, and the law's figures at a date.

`cote("montant", period)` is a variable of the same rows; `cote.local.commune("taux", period)` reads the rows that these
belong to; `menage.sum(menage.members("salaire", period))` goes the other way. This facade and the one for parameters are
the only objects of the engine whose attributes are looked up by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engine.entities import Role
from engine.errors import EntityError, nearest
from engine.graph import relations
from engine.graph.array import Session, SymbolicArray, operand, record
from engine.graph.members import as_index
from engine.graph.operations import TEXT, Elementwise, IsIn, where
from engine.graph.relations import Gather, MemberLeaf, Reduce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.entities import Entity
    from engine.graph.nodes import Node
    from engine.periods import Period
    from engine.variables import Rule


class Law(Session, Protocol):
    """What the facade asks of the run: variables, entities and links."""

    @property
    def entities(self) -> dict[str, Entity]:
        """Return the entities by key."""
        ...

    def variable(self, name: str, period: Any, options: Sequence[Any], entity: Entity) -> tuple[Node, Rule]:
        """Return a variable's node and its rule."""
        ...

    def is_total(self, member: str, group: str) -> bool:
        """Whether every member belongs to a row of the group."""
        ...

    def known_periods(self, name: str) -> list[Period]:
        """Return the periods for which a variable's values were given, in order of time."""
        ...


@dataclass(frozen=True)
class EntityView:
    """The rows of one entity as a formula sees them; `path` leads values back to the rows of the formula's own entity."""

    law: Law
    entity: Entity
    path: tuple[Gather, ...] = ()

    def known_periods(self, name: str) -> list[Period]:
        """Return the periods for which a variable's values were given, in order of time; a law that asks depends on it."""
        return self.law.known_periods(name)

    def __call__(self, name: str, period: Period | None = None, options: Sequence[Any] | None = None) -> SymbolicArray:
        """Return the values of a variable at a period; `options` may be [ADD] or [DIVIDE]."""
        node, rule = self.law.variable(name, period, options or (), self.entity)
        return self._back(SymbolicArray(self.law, node, self.entity.key, rule.possible_values), rule.stored_default)

    def __getattr__(self, name: str) -> Any:
        """Return the view of an entity these rows belong to, of the member with a unique role, or of the members."""
        if name.startswith("__"):
            raise AttributeError(name)
        entities = self.law.entities
        if name in entities and _way_up(self.entity.key, name, entities) is not None:
            return self._above(entities[name])
        for role in (*self.entity.roles, *self.entity.flattened_roles):
            if role.key == name and role.is_unique:
                return self._member_with(role)
        members = [key for key in _members_of(self.entity, entities) if name in {key, entities[key].plural}]
        if members:
            return EntityView(self.law, entities[members[0]])
        raise AttributeError(f"`{self.entity.key}` has no `{name}`.{self._meant(name)}")

    def _meant(self, name: str) -> str:
        """Say what to write for a name that these rows do not have."""
        key, entities = self.entity.key, self.law.entities
        for role in (*self.entity.roles, *self.entity.flattened_roles):
            if name in (role.key, role.plural):
                several = f"Several members may be `{role.key}`, so that there is not one value"
                return f" {several}: sum them, as `{key}.sum({key}.members(…), role=…)`, with the entity's `{role.key.upper()}`."
        if name in entities:
            return way_to_ask("…", key, name, entities)
        above = [other for other in entities if other != key and _way_up(key, other, entities)]
        unique = {role.key: None for role in (*self.entity.roles, *self.entity.flattened_roles) if role.is_unique}
        return nearest(name, [*above, *unique, *(each for each in dir(EntityView) if not each.startswith("_"))])

    # The rows these belong to, and their members

    def _above(self, target: Entity) -> EntityView:
        path = _way_up(self.entity.key, target.key, self.law.entities) or ()
        return EntityView(self.law, target, (*self.path, *(Gather(member, group, up=False, default=None) for member, group in path)))

    def _member_with(self, role: Role) -> EntityView:
        member = self.members.entity
        numbers = _role_numbers(self.entity, role)
        return EntityView(self.law, member, (*self.path, Gather(member.key, self.entity.key, up=True, default=None, roles=numbers)))

    @property
    def members(self) -> EntityView:
        """Return the view of the rows that belong to these, each member for itself."""
        keys = _members_of(self.entity, self.law.entities)
        if not keys:
            raise EntityError(f"Nothing belongs to a `{self.entity.key}`: it has no members.")
        return EntityView(self.law, self.law.entities[keys[0]])

    def _back(self, array: SymbolicArray, default: Any = None) -> SymbolicArray:
        """Return values of this view's entity as values of the formula's own rows."""
        for step in self.path[::-1]:
            array = self._gathered(array, step, default)
        return array

    def _gathered(self, array: SymbolicArray, step: Gather, default: Any = None) -> SymbolicArray:
        kind = array.node.dtype
        default = as_index(default, (array,))
        if default is None or (default == 0 and kind == TEXT):
            default = "" if kind == TEXT else np.zeros(1, kind)[0]
        step = replace(step, default=default if kind == TEXT else np.asarray(default).astype(kind)[()])
        total = not step.up and self.law.is_total(step.member, step.group)
        node = relations.gather(self.law.graph, array.node, step, total=total)
        return SymbolicArray(self.law, node, step.group if step.up else step.member, array.possible_values)

    # Members summed up

    def _of_members(self, array: Any) -> tuple[SymbolicArray, str]:
        entities = self.law.entities
        member = array.entity if isinstance(array, SymbolicArray) and array.entity else self.members.entity.key
        if not isinstance(array, SymbolicArray):
            array = SymbolicArray(self.law, operand(self.law, array, member), member)
        way = _way_up(member, self.entity.key, entities)
        if not way:
            raise EntityError(f"Values of `{member}` cannot be summed up for `{self.entity.key}`: `{member}` does not belong to it.")
        return array, member

    def _reduced(self, how: str, array: Any, role: Role | None, neutral: Any) -> SymbolicArray:
        values, member = self._of_members(array)
        if role is not None:
            values = record(self.law, Elementwise(where), (self._plays(member, role), values, neutral))
        node = values.node
        for below, above in _way_up(member, self.entity.key, self.law.entities) or ():
            node = relations.reduce(self.law.graph, node, Reduce(how, below, above))
        return self._back(SymbolicArray(self.law, node, self.entity.key))

    def sum(self, array: Any, role: Role | None = None) -> SymbolicArray:
        """Return the sum of the members' values, of those with a role if one is given."""
        return self._reduced("sum", array, role, 0)

    def any(self, array: Any, role: Role | None = None) -> SymbolicArray:
        """Return whether the value holds for any member."""
        return self._reduced("any", array, role, False)  # noqa: FBT003

    def all(self, array: Any, role: Role | None = None) -> SymbolicArray:
        """Return whether the value holds for all members."""
        return self._reduced("all", array, role, True)  # noqa: FBT003

    def min(self, array: Any, role: Role | None = None) -> SymbolicArray:
        """Return the smallest of the members' values, plus infinity where there is none."""
        return self._reduced("min", array, role, np.inf)

    def max(self, array: Any, role: Role | None = None) -> SymbolicArray:
        """Return the largest of the members' values, minus infinity where there is none."""
        return self._reduced("max", array, role, -np.inf)

    def nb_persons(self, role: Role | None = None) -> SymbolicArray:
        """Return the number of members, of those with a role if one is given."""
        member = self.members.entity.key
        ones = SymbolicArray(self.law, self.law.graph.constant(np.int64(1)), member)
        return self._reduced("sum", ones, role, 0)

    def value_from_person(self, array: Any, role: Role, default: Any = 0) -> SymbolicArray:
        """Return the value of the one member with a role, the default where nobody has it."""
        _check_role(role, self.law.entities)
        if not role.is_unique:
            raise EntityError(f"Several members of a `{self.entity.key}` can be `{role.key}`: its value is not unique.")
        values, member = self._of_members(array)
        step = Gather(member, self.entity.key, up=True, default=default, roles=_role_numbers(self.entity, role))
        return self._back(self._gathered(values, step, default))

    def value_nth_person(self, n: int, array: Any, default: Any = 0) -> SymbolicArray:
        """Return the value of the n-th member, counted from 0 in order of appearance, the default where there is none."""
        values, member = self._of_members(array)
        return self._back(self._gathered(values, Gather(member, self.entity.key, up=True, default=default, nth=n), default))

    def value_from_first_person(self, array: Any) -> SymbolicArray:
        """Return the value of the first member."""
        return self.value_nth_person(0, array)

    def project(self, array: Any, role: Role | None = None) -> SymbolicArray:
        """Return, for each member, the value of the row it belongs to; zero for members without the role."""
        member = self.members.entity.key
        values = array if isinstance(array, SymbolicArray) else SymbolicArray(self.law, operand(self.law, array, self.entity.key), self.entity.key)
        result = self._gathered(values, Gather(member, self.entity.key, up=False, default=None))
        return result if role is None else record(self.law, Elementwise(where), (self._plays(member, role), result, 0))

    # Members among themselves

    def has_role(self, role: Role) -> SymbolicArray:
        """Return whether each row plays a role in the entity that it belongs to."""
        return self._back(self._plays(self.entity.key, role))

    def _plays(self, member: str, role: Role) -> SymbolicArray:
        entities = self.law.entities
        _check_role(role, entities)
        group = next((key for key, entity in entities.items() if any(role is known for known in (*entity.roles, *entity.flattened_roles))), None)
        if group is None:
            raise EntityError(f"`{role.key}` is not a role of any entity.")
        if group not in entities[member].belongs_to:
            raise EntityError(f"A `{member}` has no role in a `{group}`, where `{role.key}` is one: it does not belong to it.")
        leaf = self.law.graph.leaf(MemberLeaf("role", member, group), np.dtype(np.int16), member, bounded=True)
        return record(self.law, Elementwise(IsIn(_role_numbers(entities[group], role))), (SymbolicArray(self.law, leaf, member),))

    def position_in(self, group: str) -> SymbolicArray:
        """Return each row's place among the members of the row that it belongs to, counted from 0."""
        leaf = self.law.graph.leaf(MemberLeaf("position", self.entity.key, group), np.dtype(np.int64), self.entity.key, bounded=True)
        return SymbolicArray(self.law, leaf, self.entity.key)

    # Arrays that are the same for everybody

    def filled_array(self, value: Any, dtype: Any = None) -> SymbolicArray:
        """Return one value for every row."""
        possible_values = type(value) if hasattr(value, "index") and hasattr(value, "name") else None
        if possible_values is not None:
            value, dtype = value.index, possible_values.dtype
        filled = value if isinstance(value, str) else np.full(1, value, dtype=dtype)[0]
        return SymbolicArray(self.law, self.law.graph.constant(filled), self.entity.key, possible_values)

    def empty_array(self) -> SymbolicArray:
        """Return zero for every row."""
        return self.filled_array(0.0)

    @property
    def count(self) -> int:
        """Return the number of rows of the population; a formula that asks is called with real arrays."""
        return self.law.rows(self.entity.key)


def _check_role(role: Any, entities: dict[str, Entity]) -> None:
    """Raise EntityError for what is no role, as the name of one."""
    if isinstance(role, Role):
        return
    names = dict.fromkeys(each.key.upper() for entity in entities.values() for each in (*entity.roles, *entity.flattened_roles))
    text = role.upper() if isinstance(role, str) else ""
    meant = f" Write it as an attribute of its entity, without quotes: `.{text}`." if text in names else nearest(text, names)
    raise EntityError(f"A role is expected; got {role!r}.{meant}")


def way_to_ask(name: str, asked: str, meant: str, entities: dict[str, Entity]) -> str:
    """Say how rows of an entity ask for a variable of another: through what they belong to, or of their members; empty where nothing leads there."""
    variable = f'("{name}", period)' if name != "…" else "(…)"
    if _way_up(asked, meant, entities) is not None:
        return f" Ask it as `{asked}.{meant}{variable}`."
    if _way_up(meant, asked, entities) is not None:
        return f" Ask it as `{asked}.members{variable}`, one value for each member, or their sum as `{asked}.sum({asked}.members{variable})`."
    members = _members_of(entities[asked], entities)
    if members and _way_up(members[0], meant, entities) is not None:
        return f" Neither belongs to the other: each member has it, `{asked}.members.{meant}{variable}`."
    return ""


def _members_of(entity: Entity, entities: dict[str, Entity]) -> list[str]:
    return [key for key, other in entities.items() if entity.key in other.belongs_to]


def _way_up(start: str, target: str, entities: dict[str, Entity]) -> list[tuple[str, str]] | None:
    """Return the links from an entity to one it belongs to, directly or through others; the shortest way."""
    ways: list[list[tuple[str, str]]] = [[]]
    seen = {start}
    while ways:
        way = ways.pop(0)
        here = way[-1][1] if way else start
        if here == target:
            return way
        for group in entities[here].belongs_to:
            if group not in seen:
                seen.add(group)
                ways.append([*way, (here, group)])
    return None


def _role_numbers(entity: Entity, role: Role) -> tuple[int, ...]:
    wanted = role.subroles or (role,)
    return tuple(number for number, each in enumerate(entity.flattened_roles) if any(each is one for one in wanted))
