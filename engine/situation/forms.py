"""The forms in which a situation may be written, brought to one: the instances of each entity, in order.

    {"persons": {"ana": {...}, "bo": {...}}, "households": {"h1": {"adults": ["ana", "bo"]}}}     plural keys: ids and rows
    {"persons": {"ana": {...}}, "household": {"adults": ["ana"], "rent": ...}}                    a singular key: its one row
    {"salary": {"2017-01": [1000, 2000]}, "rent": ...}                                            variables only: rows by number
    {}                                                                                            one person

In the third form every entity has as many rows as the longest list, and each row is its own case: person i alone is household i.
Beside a singular key, variables are refused, or passed over where they are lenient (see `Rule`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import nearest
from engine.situation.memberships import Instance
from engine.situation.problems import BAD_REQUEST, NOT_FOUND, Path, Problems

if TYPE_CHECKING:
    from engine.entities import Entity
    from engine.legislation import Legislation
    from engine.situation.unknown_names import KnownNames

AXES = "axes"


@dataclass(frozen=True)
class Form:
    """A document in one form: instances per entity, or variables by name for `count` rows of each entity; and its axes."""

    instances: Mapping[str, list[Instance]]
    variables: Mapping[str, Any] | None
    count: int
    axes: Any = None


def read_form(names: KnownNames, document: Any, problems: Problems) -> Form:
    """Return the form of a document under the law of `names`. Problems are keys that are neither an entity, nor a variable, nor `axes`."""
    legislation = names.legislation
    if not isinstance(document, Mapping):
        problems.add((), f"expected an object with the entities {_plurals(legislation)}, or with variables; got {type(document).__name__}.")
        return Form({}, None, 0)
    rest = {str(key): value for key, value in document.items()}
    axes = rest.pop(AXES, None)
    of_key = {name: entity for entity in legislation.entities.values() for name in (entity.plural, entity.key)}
    if rest and not any(key in of_key for key in rest) and any(key in legislation.variables for key in rest):
        return _of_variables(legislation, rest, axes, problems)
    if not rest:
        return Form({}, {}, 1, axes)
    instances: dict[str, list[Instance]] = {}
    has_singular = any(key in legislation.entities for key in rest)
    for key, value in rest.items():
        if key in of_key:
            _add_instances(instances, of_key[key], key, value, problems)
        elif key in legislation.variables:
            if has_singular and legislation.variable(key).is_lenient:
                continue  # OpenFisca passes over it
            problems.add((key,), f"variables are given within their entity here: expected it within `{legislation.variable(key).entity.plural}`.")
        else:
            _add_unknown(names, key, value, problems, has_entities=any(name in of_key for name in rest))
    if any(key in of_key for key in rest):
        _check_persons(legislation, instances, problems)
    return Form(instances, None, 0, axes)


def _add_unknown(names: KnownNames, key: str, value: Any, problems: Problems, *, has_entities: bool) -> None:
    """Note a key that is neither an entity nor a variable; what holds objects was meant as an entity."""
    if isinstance(value, Mapping) and all(isinstance(each, Mapping) for each in value.values()):
        known = [name for entity in names.legislation.entities.values() for name in (entity.plural, entity.key)]
        problems.add((key,), f"there is no such entity: expected {_plurals(names.legislation)}, or their singular.{nearest(key, known)}")
    else:
        meant = names.meant(key, None) if has_entities else nearest(key, names.legislation.variables)
        problems.add((key,), f"there is no variable `{key}`.{meant}", NOT_FOUND)


def _plurals(legislation: Legislation) -> str:
    return ", ".join(f"`{entity.plural}`" for entity in legislation.entities.values())


def _check_persons(legislation: Legislation, instances: Mapping[str, list[Instance]], problems: Problems) -> None:
    for entity in legislation.entities.values():
        if entity.is_person and entity.key not in instances:
            problems.add((entity.plural,), f"expected at least one of the {entity.plural}; the key is missing.")


def _add_instances(instances: dict[str, list[Instance]], entity: Entity, key: str, value: Any, problems: Problems) -> None:
    if entity.key in instances:
        problems.add((key,), f"`{entity.plural}` and `{entity.key}` are both given: expected one of them.")
        return
    is_singular = key == entity.key
    instances[entity.key] = []
    expected = "its roles and variables" if is_singular else f"ids of {entity.plural} and, for each, its roles and variables"
    if not isinstance(value, Mapping):
        problems.add((key,), f"expected an object with {expected}; got {value!r}.")
        return
    for id_, said in {key: value}.items() if is_singular else value.items():
        path: Path = (key,) if is_singular else (key, str(id_))
        if said is not None and not isinstance(said, Mapping):
            problems.add(path, f"expected an object with roles and variables; got {said!r}.")
            continue
        instances[entity.key].append(Instance(str(id_), path, {str(name): each for name, each in (said or {}).items()}, is_singular))


# Variables only


def _of_variables(legislation: Legislation, document: Mapping[str, Any], axes: Any, problems: Problems) -> Form:
    known = {}
    for name, value in document.items():
        if name in legislation.variables:
            known[name] = value
        else:
            problems.add((name,), f"there is no variable `{name}`.{nearest(name, legislation.variables)}", NOT_FOUND)
    lengths = {name: _lengths(value) for name, value in known.items()}
    count = max((length for found in lengths.values() for length in found), default=1)
    for name, found in lengths.items():
        if any(length != count for length in found):
            problems.add((name,), f"expected {count} values, or one for all rows; got {min(found)}.", BAD_REQUEST)
    return Form({}, known, count, axes)


def _lengths(value: Any) -> list[int]:
    values = value.values() if isinstance(value, Mapping) else [value]
    return [len(each) for each in values if is_list(each)]


def is_list(value: Any) -> bool:
    """Whether a value is a list of values, one per row."""
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)
