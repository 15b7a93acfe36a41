"""GET /spec: the OpenAPI 3.0 document of these endpoints for the law at hand, with the names of OpenFisca's own.

What a situation may hold is told by the law: each entity has a schema with its roles and variables. The examples are those that a
country package names (`open_api_config`), computed when the document is first asked for.
"""

from __future__ import annotations

import copy
import datetime
import re
from typing import TYPE_CHECKING, Any, Final

from engine.errors import BaremeError
from web_api.openfisca.calculations import calculated
from web_api.openfisca.told_law import told_variable
from web_api.openfisca.told_parameters import found_parameter, told_parameter
from web_api.openfisca.traces import traced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.entities import Entity
    from engine.legislation import Legislation
    from engine.variables import Enum
    from web_api.openfisca.served import Served

VERSION: Final = "3.0.0"
Schema = dict[str, Any]
TEXT: Final[Schema] = {"type": "string"}
_TYPES: Final[dict[Any, Schema]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: TEXT,
    datetime.date: {"type": "string", "format": "date"},
}
_SUMMARIES: Final = {
    "/entities": ("getEntities", "Entities", "The kinds of things that the law speaks of", "Entities"),
    "/parameters": ("getParameters", "Parameters", "The figures of the law", "Parameters"),
    "/parameter/{parameterID}": ("getParameter", "Parameters", "A figure, a scale or a branch of the law", "Parameter"),
    "/variables": ("getVariables", "Variables", "What the law computes, and what it asks for", "Variables"),
    "/variable/{variableID}": ("getVariable", "Variables", "A variable of the law", "Variable"),
    "/spec": ("spec", "Documentation", "This document", None),
}
_TAGS: Final = {
    "Parameters": "Figures of the law, with the dates from which they hold.",
    "Variables": "What is known or computed of a person or a group of persons.",
    "Entities": "Persons, and the groups that the law makes of them.",
    "Calculations": "Situations in, amounts out.",
    "Documentation": "What there is here.",
}


def specification(served: Served, host: str) -> dict[str, Any]:
    """Return the document."""
    service = served.service
    title = "-".join(part.capitalize() for part in re.split(r"[-]", service.name))
    schemas = {**_schemas(served.legislation), **_fixed_schemas()}
    for name, example in _examples(served).items():
        schemas[name]["example"] = example
    return {
        "openapi": VERSION,
        "info": {
            "title": f"{title} Web API",
            "description": f"Computes the law of {service.name}, and tells its figures and formulas.",
            "version": service.version,
        },
        "servers": [{"url": host.rstrip("/")}],
        "tags": [{"name": name, "description": description} for name, description in _TAGS.items()],
        "paths": _paths(),
        "components": {"headers": _headers(), "schemas": schemas},
    }


# What a situation may hold


def _schemas(legislation: Legislation) -> dict[str, Schema]:
    entities = list(legislation.entities.values())
    situation: Schema = {
        "type": "object",
        "properties": {each.plural: {"type": "object", "additionalProperties": _ref(_name(each))} for each in entities},
        "additionalProperties": False,
    }
    ids = {"type": "array", "items": TEXT}
    trace = {
        "type": "object",
        "properties": {
            "trace": {"type": "object", "additionalProperties": _step()},
            "entitiesDescription": {"type": "object", "properties": {each.plural: ids for each in entities}, "additionalProperties": False},
            "requestedCalculations": ids,
        },
    }
    described = {_name(each): _entity(each, legislation) for each in entities}
    return {**described, "SituationInput": situation, "SituationOutput": copy.deepcopy(situation), "Trace": trace}


def _step() -> Schema:
    names = {"type": "array", "items": TEXT}
    seconds = {"type": "number", "description": "Seconds"}
    value = {"type": "array", "items": {}, "nullable": True}
    return {
        "type": "object",
        "properties": {"value": value, "dependencies": names, "parameters": {"type": "object"}, "calculation_time": seconds, "formula_time": seconds},
    }


def _name(entity: Entity) -> str:
    return "".join(part.capitalize() for part in entity.key.split("_"))


def _entity(entity: Entity, legislation: Legislation) -> Schema:
    roles = {role.plural or role.key: {"type": "array", "items": TEXT} for role in entity.roles}
    variables = {rule.name: rule for rule in legislation.variables.values() if rule.entity.key == entity.key}
    values = {name: {"type": "object", "additionalProperties": _value(rule.value_type, rule.possible_values)} for name, rule in variables.items()}
    return {"type": "object", "properties": {**roles, **values}, "additionalProperties": False}


def _value(value_type: Any, possible_values: type[Enum] | None) -> Schema:
    found = {"type": "string", "enum": [member.name for member in possible_values]} if possible_values is not None else dict(_TYPES[value_type])
    return {**found, "nullable": True}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


# What is told of the law


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _by_name(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def _fixed_schemas() -> dict[str, Schema]:
    listed = _by_name(_object(description=_text(), href=TEXT))
    number: Schema = {"type": "number", "format": "float"}
    return {
        "Entities": _by_name(_object(plural=TEXT, description=_text(), documentation=TEXT, roles=_by_name(_ref("Roles")))),
        "Roles": _object(plural=_text(), description=_text(), max={"type": "integer"}),
        "Parameters": listed,
        "Parameter": _object(
            id=TEXT,
            description=_text(),
            documentation=TEXT,
            metadata={"type": "object"},
            source=TEXT,
            values=_ref("Values"),
            brackets=_by_name(_ref("Brackets")),
            subparams=_by_name(_object(description=_text())),
        ),
        "Values": {**_by_name(_ref("Value")), "description": "By the day from which they hold, as 2018-01-31; null is the end of the figure."},
        "Value": {"nullable": True, "oneOf": [{"type": "boolean"}, number, TEXT, {"type": "array", "items": {"oneOf": [TEXT, {"type": "number"}]}}]},
        "Brackets": {**_by_name(number), "description": "Rates or amounts, by threshold."},
        "Variables": listed,
        "Variable": _object(
            id=TEXT,
            description=_text(),
            documentation=TEXT,
            entity=TEXT,
            valueType={"type": "string", "enum": ["Int", "Float", "Boolean", "Date", "String"]},
            defaultValue={"oneOf": [{"type": "boolean"}, {"type": "number"}, TEXT]},
            definitionPeriod={"type": "string", "enum": ["DAY", "WEEKDAY", "WEEK", "MONTH", "YEAR", "ETERNITY"]},
            source=TEXT,
            references={"type": "array", "items": TEXT},
            formulas=_by_name(_ref("Formula")),
            possibleValues=_by_name(TEXT),
        ),
        "Formula": {**_object(source=TEXT, content=TEXT, documentation=TEXT), "nullable": True},
    }


def _text() -> Schema:
    return {**TEXT, "nullable": True}


# Endpoints


def _headers() -> dict[str, Any]:
    return {
        "Country-Package": {"description": "The package of the law that is served.", "schema": TEXT},
        "Country-Package-Version": {"description": "The version of that package.", "schema": TEXT},
    }


def _answer(description: str, schema: str | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {"description": description, "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in _headers()}}
    if schema is not None:
        told["content"] = {"application/json": {"schema": _ref(schema)}}
    return told


def _paths() -> dict[str, Any]:
    found = {}
    for path, (operation, tag, summary, schema) in _SUMMARIES.items():
        answers = {"200": _answer(f"{summary}.", schema)}
        get: dict[str, Any] = {"summary": summary, "tags": [tag], "operationId": operation, "responses": answers}
        if "{" in path:
            answers["404"] = _answer("There is nothing of that name.")
            name = path[path.index("{") + 1 : -1]
            get["parameters"] = [{"name": name, "in": "path", "required": True, "schema": TEXT, "description": f"A name that {path.split('/')[1]}s lists."}]
        found[path] = {"get": get}
    found["/calculate"] = {"post": _post("calculate", "Compute what a situation leaves open", "The situation, with a value for each null.", "SituationOutput")}
    found["/trace"] = {"post": _post("trace", "Tell how it is computed", "Everything computed on the way, with what it read.", "Trace")}
    return found


def _post(operation: str, summary: str, answer: str, schema: str) -> dict[str, Any]:
    return {
        "summary": summary,
        "tags": ["Calculations"],
        "operationId": operation,
        "requestBody": {
            "description": "Persons and their groups; null stands where a value is asked for.",
            "required": True,
            "content": {"application/json": {"schema": _ref("SituationInput")}},
        },
        "responses": {
            "200": _answer(answer, schema),
            "400": _answer("Something is wrong with the body: messages at their paths in it."),
            "404": _answer("The body names a variable that there is not: messages at their paths in it."),
            "422": _answer("The law cannot be computed for what the body says."),
        },
    }


# Examples


def _examples(served: Served) -> dict[str, Any]:
    """Return the examples that the country package names; one that does not fit the law is left out."""
    config: Mapping[str, Any] = served.service.system.open_api_config if served.service.system is not None else {}
    found: dict[str, Any] = {}
    law = served.legislation
    if config.get("variable_example") in law.variables:
        found["Variable"] = told_variable(law.variables[config["variable_example"]], served.sources)
    item = found_parameter(law, config.get("parameter_example") or "-")
    if item is not None:
        found["Parameter"] = told_parameter(item, served.sources)
    return {**found, **_computed(served, config.get("simulation_example"))}


def _computed(served: Served, situation: Any) -> dict[str, Any]:
    if not isinstance(situation, dict):
        return {}
    try:
        output, trace = calculated(copy.deepcopy(situation), served), traced(situation, served)
    except BaremeError:
        return {}
    return {"SituationInput": situation, "SituationOutput": output, "Trace": trace}
