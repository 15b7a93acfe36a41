"""Entities and variables of the law, as OpenFisca's web API tells them."""

from __future__ import annotations

import datetime
import inspect
import textwrap
from typing import TYPE_CHECKING, Any, Final

from engine.parameters.dates import day_after
from engine.variables import Enum

if TYPE_CHECKING:
    from engine.entities import Entity, Role
    from engine.legislation import Legislation
    from engine.variables import Formula, Rule
    from web_api.openfisca.sources import Sources

TYPES: Final[dict[Any, str]] = {int: "Int", float: "Float", bool: "Boolean", str: "String", datetime.date: "Date", Enum: "String"}
"""The word for each type of value."""


def told_entities(legislation: Legislation) -> dict[str, Any]:
    """Return the entities by key."""
    return {entity.key: _entity(entity) for entity in legislation.entities.values()}


def _entity(entity: Entity) -> dict[str, Any]:
    told: dict[str, Any] = {"plural": entity.plural, "description": entity.label, "documentation": textwrap.dedent(entity.doc).strip()}
    if not entity.is_person:
        told["roles"] = {role.key: _role(role) for role in entity.roles}
    return told


def _role(role: Role) -> dict[str, Any]:
    told: dict[str, Any] = {"plural": role.plural or None, "description": role.doc or role.label or None}
    if role.max is not None:
        told["max"] = role.max
    return told


def told_variables(legislation: Legislation, host: str) -> dict[str, Any]:
    """Return the list of variables: what each is, and where more is told."""
    return {rule.name: {"description": rule.label or None, "href": f"{host}variable/{rule.name}"} for rule in legislation.variables.values()}


def told_variable(rule: Rule, sources: Sources) -> dict[str, Any]:
    """Return all about one variable."""
    told: dict[str, Any] = {
        "id": rule.name,
        "description": rule.label or None,
        "valueType": TYPES[rule.value_type],
        "defaultValue": plain(rule.default_value),
        "definitionPeriod": str(rule.definition_period).upper(),
        "entity": rule.entity.key,
    }
    source = sources.of_variable(rule)
    if source:
        told["source"] = source
    if rule.documentation:
        told["documentation"] = inspect.cleandoc(rule.documentation)
    if rule.reference:
        told["references"] = list(rule.reference)
    if rule.formulas:
        told["formulas"] = _formulas(rule, sources)
    if rule.possible_values is not None:
        told["possibleValues"] = {member.name: member.value for member in rule.possible_values}
    return told


def plain(value: Any) -> Any:
    """Return a value of the law as JSON has it."""
    if isinstance(value, Enum):
        return value.name
    return value.isoformat() if isinstance(value, datetime.date) else value


def _formulas(rule: Rule, sources: Sources) -> dict[str, Any]:
    """Return the vintages by the day from which they hold; null from the day after the variable's end."""
    told: dict[str, Any] = {str(formula.start): _formula(formula, sources) for formula in rule.formulas}
    after = None if rule.end is None else day_after(str(rule.end))
    if after is not None:
        told[after] = None
    return told


def _formula(formula: Formula, sources: Sources) -> dict[str, Any]:
    source, content = sources.of_formula(formula)
    told = {"source": source, "content": content}
    documentation = formula.function.__doc__
    if documentation:
        told["documentation"] = textwrap.dedent(documentation)
    return {key: value for key, value in told.items() if value is not None}
