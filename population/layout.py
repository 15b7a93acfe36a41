"""What the columns of a table are for: which input of the law, identifier, link, role or weight each name stands for.

A column's name is `variable`, `variable@2017-01` where the period must be said, `<entity>_id`, `<entity>_role` or `weight`. In a table
of one entity the columns are that entity's, and `<group>_id` says which row of a group each row belongs to. In a flat table,
where each row is a case of its own, a variable's name decides its entity.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.asked import share_of
from engine.errors import PeriodError, Problem, nearest
from engine.periods import ETERNITY, MONTH, YEAR, Period, period, unit_weight
from population.values import BOOLEANS, DATES, FLOATS, IDENTIFIERS, INTEGERS, WEIGHTS, Kind, kind_of_members, kind_of_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.entities import Entity
    from engine.legislation import Legislation
    from engine.variables import Rule

WEIGHT = "weight"
SOME_YEAR = period(2017)
KIND_OF_TYPE = {bool: BOOLEANS, int: INTEGERS, float: FLOATS, datetime.date: DATES}


@dataclass(frozen=True)
class Input:
    """The column gives a variable of the law, for a period."""

    rule: Rule
    period: Period


@dataclass(frozen=True)
class Identifier:
    """The column names the rows of an entity."""

    entity: Entity


@dataclass(frozen=True)
class LinkTo:
    """The column names the row of a group that each row belongs to."""

    group: Entity


@dataclass(frozen=True)
class RoleIn:
    """The column names the role that each row plays in a group."""

    group: Entity


@dataclass(frozen=True)
class Weight:
    """The column says how many real cases each row stands for."""


Meaning: TypeAlias = Input | Identifier | LinkTo | RoleIn | Weight


@dataclass(frozen=True)
class Column:
    """A column of a table, by its place in the header, and what it is for."""

    position: int
    name: str
    meaning: Meaning
    kind: Kind
    empty_text: bool = False


def kind_of(meaning: Meaning) -> Kind:
    """Return what the cells of a column with that meaning hold."""
    if isinstance(meaning, Weight):
        return WEIGHTS
    if isinstance(meaning, Identifier | LinkTo):
        return IDENTIFIERS
    if isinstance(meaning, RoleIn):
        return kind_of_members([role.key for role in meaning.group.flattened_roles])
    rule = meaning.rule
    if rule.possible_values is not None:
        return kind_of_members(rule.possible_values.names.tolist())
    return kind_of_texts(rule.max_length) if rule.value_type is str else KIND_OF_TYPE[rule.value_type]


class Layout:
    """Reads headers: the names that a table of an entity (or a flat table, of all) may have, and what they mean."""

    def __init__(self, legislation: Legislation, at: Period, links: Sequence[tuple[Entity, Entity]]) -> None:
        self._variables: Mapping[str, Rule] = legislation.variables
        self._entities: Mapping[str, Entity] = legislation.entities
        self._at = at
        self._links = links

    def columns(self, file: str, names: Sequence[str], entity: Entity | None) -> tuple[list[Column], list[Problem]]:
        """Return the columns that mean something and the problems of the others. `entity` None: a flat table."""
        reserved = dict(self._reserved(entity))
        columns: list[Column] = []
        problems: list[Problem] = []
        seen: dict[Any, str] = {}
        for position, name in enumerate(names):
            meaning = reserved.get(name) or self._input(name, entity, reserved)
            if not isinstance(meaning, str):
                key = (meaning.rule.name, meaning.period) if isinstance(meaning, Input) else meaning
                earlier = seen.get(key)
                if earlier is None:
                    seen[key] = name
                    columns.append(_column(position, name, meaning))
                    continue
                meaning = "stands twice" if earlier == name else f"says the same as column `{earlier}`"
            problems.append(Problem(f"{file}, column `{name}`" if name else f"{file}, column {position + 1}", meaning))
        return columns, problems

    def _reserved(self, entity: Entity | None) -> Iterator[tuple[str, Meaning]]:
        yield WEIGHT, Weight()
        for own in self._entities.values() if entity is None else (entity,):
            yield f"{own.key}_id", Identifier(own)
        for member, group in self._links:
            if entity is None or member is entity:
                if group.flattened_roles:
                    yield f"{group.key}_role", RoleIn(group)
                if entity is not None:
                    yield f"{group.key}_id", LinkTo(group)

    def _input(self, name: str, entity: Entity | None, reserved: Iterable[str]) -> Input | str:
        """Return the input that a column's name stands for, or what is wrong with it."""
        if not name:
            return "has no name"
        variable_name, said, period_text = name.partition("@")
        rule = self._variables.get(variable_name)
        if rule is None:
            known = [*reserved, *(known.name for known in self._variables.values() if entity is None or known.entity.key == entity.key)]
            return f"is no variable of {_described(entity)}.{nearest(variable_name, known)}"
        if entity is not None and rule.entity.key != entity.key:
            return f"`{variable_name}` describes `{rule.entity.key}`: it belongs into that entity's table"
        if said:
            return _said(rule, period_text)
        return self._unsaid(rule)

    def _unsaid(self, rule: Rule) -> Input | str:
        """Return the input of a column that says no period: the run's, or the calendar's span of the variable's own unit around it."""
        unit = rule.definition_period
        if unit == ETERNITY:
            return Input(rule, period(ETERNITY))
        if _takes(rule, self._at):
            return Input(rule, self._at)
        if unit in (YEAR, MONTH) and unit_weight(unit) > unit_weight(self._at.unit):
            return Input(rule, self._at.this_year if unit == YEAR else self._at.first_month)
        return f"`{rule.name}` has a value for each {unit}: say which, as in `{rule.name}@{example_period(rule, self._at)}`"


def example_period(rule: Rule, at: Period) -> Period:
    """Return one of a variable's own periods, near the period of a run, for a message that asks for one."""
    near = SOME_YEAR if at.is_eternal else at
    unit = rule.definition_period
    return near.get_subperiods(unit)[0] if unit_weight(near.unit) > unit_weight(unit) else share_of(rule, near.first_day)[0]


def _takes(rule: Rule, at: Period) -> bool:
    """Whether a variable takes values for a period: one of its own, or a longer one that it says how to split."""
    unit = rule.definition_period
    if at.is_eternal:
        return False
    return (at.unit == unit and at.size == 1) or (rule.set_input is not None and unit_weight(at.unit) >= unit_weight(unit))


def _said(rule: Rule, text: str) -> Input | str:
    try:
        at = period(text)
    except PeriodError as error:
        return str(error)
    if rule.definition_period != ETERNITY and not _takes(rule, at):
        return f"`{rule.name}` has a value for each {rule.definition_period}, not for `{text}`"
    return Input(rule, at)


def _described(entity: Entity | None) -> str:
    return "the law" if entity is None else f"`{entity.key}`"


def _column(position: int, name: str, meaning: Meaning) -> Column:
    return Column(position, name, meaning, kind_of(meaning), empty_text=isinstance(meaning, Input) and meaning.rule.value_type is str)
