"""A document without its values: the same for two households that are described alike, whatever their ids and amounts.

    {"persons": {"ana": {"salary": {"2017": 30000}}, …}, "households": {"h": {"adults": ["ana"], "tax": {"2017": null}}}}

is, without what is its own, one person of whom the salary of 2017 is given, who is an adult of the one household, whose tax of 2017 is
asked for. That is the key under which all that does not depend on the values is kept (see shapes.py). No id and no value is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.situation.memberships import Keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.legislation import Legislation

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Slots:
    """A document taken apart: the key, the values given, and where the nulls stand (the object that holds each, and its key there)."""

    key: Key
    values: list[Any]
    nulls: list[tuple[dict[str, Any], str]]


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a value: the row of an entity, its variable, and the text of the period."""

    entity: str
    row: int
    variable: str
    period: str


class Apart:
    """Takes documents of one law apart."""

    def __init__(self, legislation: Legislation) -> None:
        keys = Keys(legislation)
        self._entities = {entity.plural: entity.key for entity in legislation.entities.values()}
        self._memberships = {entity.plural: keys.are_of(entity.key) for entity in legislation.entities.values()}
        self._roles = {entity.plural: {f"{group}_role" for group in entity.belongs_to} for entity in legislation.entities.values()}

    def slots(self, document: Mapping[str, Any]) -> Slots | None:
        """Return what a document consists of; None for one that is not written in full, with a period for each value."""
        tokens: list[Any] = []
        values: list[Any] = []
        nulls: list[tuple[dict[str, Any], str]] = []
        places: dict[str, list[int]] | None = None
        for plural, rows in document.items():
            memberships = self._memberships.get(plural)
            if memberships is None or rows.__class__ is not dict:
                return None
            tokens += (plural, len(rows))
            for said in rows.values():
                if said.__class__ is not dict:
                    return None
                tokens.append(len(said))
                for name, given in said.items():
                    tokens.append(name)
                    if name in memberships:
                        places = _places(document) if places is None else places
                        found = given if name in self._roles[plural] else _members(given, places)
                        if found.__class__ is not tuple and found.__class__ is not str:
                            return None
                        tokens.append(found)
                    elif given.__class__ is dict:
                        tokens.append(len(given))
                        _take(given, tokens, values, nulls)
                    else:
                        return None
        return Slots(tuple(tokens), values, nulls)

    def named(self, document: Mapping[str, Any]) -> list[Slot]:
        """Return the places of the values of a document that was taken apart, in the same order."""
        return [
            Slot(self._entities[plural], row, name, period)
            for plural, rows in document.items()
            for row, said in enumerate(rows.values())
            for name, given in said.items()
            if name not in self._memberships[plural]
            for period, value in given.items()
            if value is not None
        ]


def _take(given: dict[str, Any], tokens: list[Any], values: list[Any], nulls: list[tuple[dict[str, Any], str]]) -> None:
    """Take the values of a variable by period apart."""
    for period, value in given.items():
        tokens.append(period)
        if value is None:
            tokens.append(None)
            nulls.append((given, period))
        else:
            values.append(value)


def _places(document: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return, for each id, the places of the entities that have it and its row there, one after the other."""
    found: dict[str, list[int]] = {}
    for place, rows in enumerate(document.values()):
        if rows.__class__ is dict:
            for row, id_ in enumerate(rows):
                found.setdefault(id_, []).extend((place, row))
    return found


def _members(given: Any, places: Mapping[str, list[int]]) -> tuple[Any, ...] | None:
    """Return the places of the ids in a list of members, or of one id; None for anything else, and for ids that there are not."""
    if given.__class__ is str:
        return ("one", *places[given]) if given in places else None
    if given.__class__ is not list:
        return None
    found: list[Any] = []
    for each in given:
        if each.__class__ is not str or each not in places:
            return None
        found.append(tuple(places[each]))
    return tuple(found)
