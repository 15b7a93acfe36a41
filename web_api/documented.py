"""Endpoints that describe themselves: bodies and answers are pydantic models, of which the OpenAPI document is made.

    @endpoint(blueprint, "POST", "/v1/households", body=HouseholdsAsked, answer=HouseholdsTold, tag="households")
    def households(asked: HouseholdsAsked) -> HouseholdsTold:
        \"\"\"Say what taxes and benefits typical households have under a law and its amendment.\"\"\"

A body of another form is answered 400 with the path and the message of everything that is wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import Problem
from web_api.answers import RefusedRequestError

if TYPE_CHECKING:
    from collections.abc import Callable

Told = TypeVar("Told")
KEY = "bareme_endpoints"


class Asked(BaseModel):
    """A body of a request: nothing that the model does not name is let through."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """A body of an answer."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True)
class Endpoint:
    """What the OpenAPI document says of an endpoint."""

    function: Callable[..., Any]
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    status: int
    tag: str
    content_type: str


def endpoint(
    blueprint: Blueprint,
    method: str,
    rule: str,
    *,
    body: type[BaseModel] | None = None,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    tag: str,
    content_type: str = "application/json",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function as an endpoint. It takes the body, where there is one, then the rule's variables; it returns the answer or a Response."""

    def declared(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def view(**variables: Any) -> Response:
            found = function(read_body(body), **variables) if body is not None else function(**variables)
            if isinstance(found, Response):
                return found
            content = found.model_dump_json() if isinstance(found, BaseModel) else json.dumps(found, allow_nan=False)
            return current_app.response_class(content, status=status, content_type="application/json")

        view.bareme_endpoint = Endpoint(function, body, answer, status, tag, content_type)  # type: ignore[attr-defined]
        blueprint.add_url_rule(rule, endpoint=function.__name__, view_func=view, methods=[method])
        return view

    return declared


def read_body(model: type[BaseModel]) -> Any:
    """Return the request's body as a model. Raises RefusedRequestError with every problem by JSON pointer."""
    try:
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        raise RefusedRequestError("The body is not as expected.", [_problem(each) for each in error.errors(include_url=False)]) from error


def _problem(found: Any) -> Problem:
    path = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in found["loc"])
    return Problem(path or "/", found["msg"])
