"""`GET /v1/openapi.json`: one OpenAPI 3.1 document of all endpoints, made of what they say of themselves (`web_api.documented`).

Bodies and answers are the JSON Schemas (2020-12) of their models, every one a component of the document. Whatever declares itself with
`endpoint` or `described`, in whichever part, is told; so are the errors that every endpoint has.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, Final, Literal

from flask import Flask, Response, current_app, json, request
from pydantic.json_schema import models_json_schema

from web_api.documented import ATTRIBUTE, JSON, Endpoint, Error, Schema, endpoint
from web_api.service import Service, service
from web_api.sessions import COOKIE
from web_api.v1.common import API

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic import BaseModel

VERSION: Final = "3.1.0"
EXTENSION: Final = "bareme.openapi"
SCHEMAS: Final = "#/components/schemas/"
_VARIABLE: Final = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_TYPES: Final = {"int": {"type": "integer", "minimum": 0}, "float": {"type": "number"}, "uuid": {"type": "string", "format": "uuid"}}
_UNWELCOME: Final = frozenset({"HEAD", "OPTIONS"})
Mode = Literal["validation", "serialization"]


OF_BODY: Final = {400: "The body or the query is not as expected.", 404: "What is named is not there.", 413: "The body, or what it describes, is too large."}
OF_VARIABLES: Final = {404: "What is named is not there."}
OF_ALL: Final = {401: "A key is needed.", 429: "Too many requests in a minute.", 503: "Computing took too long and was stopped."}
WITH_RETRY: Final = frozenset({429, 503})


@endpoint(API, "GET", "/v1/openapi.json", answer={"type": "object", "title": "OpenAPI"}, tag="about")
def openapi() -> Response:
    """Give this document."""
    here = [{"url": request.script_root or "/"}]
    return current_app.response_class(json.dumps({**described_here(), "servers": here}), content_type=JSON)


def described_here() -> dict[str, Any]:
    """Return the document of the application that answers, made once."""
    found: dict[str, Any] | None = current_app.extensions.get(EXTENSION)
    if found is None:
        found = current_app.extensions[EXTENSION] = document(current_app, service())
    return found


def endpoints(app: Flask) -> Iterator[tuple[str, str, str, Endpoint]]:
    """Yield path, method, the name of the endpoint and what it says of itself, in the order of paths."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        about = getattr(app.view_functions[rule.endpoint], ATTRIBUTE, None)
        if isinstance(about, Endpoint):
            for method in sorted((rule.methods or set()) - _UNWELCOME):
                yield rule.rule, method, rule.endpoint, about


def document(app: Flask, served: Service) -> dict[str, Any]:
    """Return the OpenAPI document of an application."""
    told = list(endpoints(app))
    components = _Components(about for _, _, _, about in told)
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, name, about in told:
        paths.setdefault(_VARIABLE.sub(r"{\g<name>}", rule), {})[method.lower()] = _operation(rule, method, name, about, components, served)
    found: dict[str, Any] = {
        "openapi": VERSION,
        "info": {
            "title": "Barème",
            "version": served.version,
            "summary": f"The law of {served.name}, computed.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": tag} for tag in dict.fromkeys(about.tag for _, _, _, about in told)],
        "paths": paths,
        "components": {"schemas": components.schemas, "securitySchemes": _KEYS},
    }
    return {**found, "security": [{"bearer": []}, {"key": []}, {"session": []}]} if served.settings.api_keys else found


_KEYS: Final = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
}


def _operation(rule: str, method: str, name: str, about: Endpoint, components: _Components, served: Service) -> dict[str, Any]:
    summary, _, description = (inspect.getdoc(about.function) or name).partition("\n\n")
    found: dict[str, Any] = {"operationId": f"{name}.{method.lower()}", "tags": [about.tag], "summary": " ".join(summary.split())}
    if description:
        found["description"] = " ".join(description.split())
    parameters = [*_of_path(rule), *_of_query(about, components)]
    if parameters:
        found["parameters"] = parameters
    if about.body is not None:
        content: dict[str, Any] = {"schema": components.reference(about.body, "validation")}
        example = about.example(served) if callable(about.example) else about.example
        found["requestBody"] = {"required": True, "content": {JSON: {**content, **({"example": example} if example is not None else {})}}}
    found["responses"] = {str(status): answer for status, answer in sorted(_answers(rule, about, components).items())}
    return found


def _of_path(rule: str) -> list[dict[str, Any]]:
    return [
        {"name": found["name"], "in": "path", "required": True, "schema": _TYPES.get(found["kind"] or "", {"type": "string"})}
        for found in _VARIABLE.finditer(rule)
    ]


def _of_query(about: Endpoint, components: _Components) -> Iterator[dict[str, Any]]:
    if about.query is None:
        return
    schema = components.of_model(about.query, "validation")
    for name, each in schema.get("properties", {}).items():
        yield {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": each, "description": each.get("description", name)}


def _answers(rule: str, about: Endpoint, components: _Components) -> dict[int, dict[str, Any]]:
    """Return the answers of an endpoint: its own, then those that every one has."""
    kinds = {about.content_type: about.answer, **about.contents}
    own: dict[str, Any] = {"description": "What was asked for."}
    if about.answer is not None or about.content_type != JSON:
        own["content"] = {kind: {"schema": components.reference(schema, "serialization")} for kind, schema in kinds.items()}
    if about.headers:
        own["headers"] = {name: {"description": says, "schema": {"type": "string"}} for name, says in about.headers.items()}
    errors = {**OF_ALL, **(OF_VARIABLES if _VARIABLE.search(rule) else {}), **(OF_BODY if about.body is not None else {})}
    errors |= {400: OF_BODY[400], **OF_VARIABLES} if about.query is not None else {}
    found = {about.status: own, **{status: _error(status, says, components) for status, says in errors.items()}}
    for status, schema in about.also.items():
        content = {} if schema is None else {"content": {JSON: {"schema": components.reference(schema, "serialization")}}}
        found[status] = {"description": errors.get(status, "See the description."), **content}
    return found


def _error(status: int, says: str, components: _Components) -> dict[str, Any]:
    found: dict[str, Any] = {"description": says, "content": {JSON: {"schema": components.reference(Error, "serialization")}}}
    if status in WITH_RETRY:
        found["headers"] = {"Retry-After": {"description": "After how many seconds to come again.", "schema": {"type": "string"}}}
    return found


class _Components:
    """The schemas of all endpoints, each by a name of its own."""

    def __init__(self, told: Iterable[Endpoint]) -> None:
        models: dict[tuple[type[BaseModel], Mode], None] = {(Error, "serialization"): None}
        plain: list[dict[str, Any]] = []
        for about in told:
            asked: list[tuple[Schema, Mode]] = [(about.body, "validation"), (about.query, "validation")]
            asked += [(schema, "serialization") for schema in (about.answer, *about.also.values(), *about.contents.values())]
            for schema, mode in asked:
                if isinstance(schema, dict):
                    plain.append(schema)
                elif schema is not None:
                    models[schema, mode] = None
        self._references, found = models_json_schema(list(models), ref_template=SCHEMAS + "{model}")
        self.schemas: dict[str, Any] = found.get("$defs", {})
        self._plain = {id(schema): self._of_plain(schema) for schema in plain}

    def reference(self, schema: Schema, mode: Mode) -> Mapping[str, Any]:
        """Return where a schema stands in the document; what is no JSON is a text or a file."""
        if schema is None:
            return {"type": "string"}
        return self._plain[id(schema)] if isinstance(schema, dict) else self._references[schema, mode]

    def of_model(self, model: type[BaseModel], mode: Mode) -> dict[str, Any]:
        """Return the schema of a model itself."""
        found: dict[str, Any] = self.schemas[self._references[model, mode]["$ref"].removeprefix(SCHEMAS)]
        return found

    def _of_plain(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return a schema that is no model; one that has definitions becomes components."""
        definitions = schema.get("$defs")
        if not definitions:
            return schema
        name = re.sub(r"[^A-Za-z0-9]+", "_", str(schema.get("title", "Schema"))).strip("_")
        for key, each in definitions.items():
            self.schemas[f"{name}.{key}"] = _moved(each, name)
        self.schemas[name] = {key: _moved(each, name) for key, each in schema.items() if key not in {"$defs", "$id", "$schema"}}
        return {"$ref": SCHEMAS + name}


def _moved(schema: Any, name: str) -> Any:
    """Return a schema whose references to its definitions lead to components."""
    if isinstance(schema, dict):
        return {
            key: f"{SCHEMAS}{name}.{each.removeprefix('#/$defs/')}" if key == "$ref" and isinstance(each, str) else _moved(each, name)
            for key, each in schema.items()
        }
    return [_moved(each, name) for each in schema] if isinstance(schema, list) else schema
