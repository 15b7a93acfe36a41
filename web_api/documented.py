"""Endpoints that describe themselves: bodies and answers are pydantic models, of which the OpenAPI document is made.

    @endpoint(blueprint, "POST", "/v1/households", body=HouseholdsAsked, answer=HouseholdsTold, tag="households")
    def households(asked: HouseholdsAsked) -> HouseholdsTold:
        \"\"\"Say what taxes and benefits typical households have under a law and its amendment.\"\"\"

A body of another form is answered 400 with the path and the message of everything that is wrong. A route that reads its request and writes
its answer by itself is told of in the same document where it says so with `described`:

    @blueprint.get("/entities")
    @described(tag="openfisca", answer=Entities, also={404: NotFound})
    def entities() -> Response:
        \"\"\"Say which entities the law has.\"\"\"
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import Problem
from web_api.answers import RefusedRequestError, pointer
from web_api.bodies import body as body_of_request
from web_api.bodies import parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Function = TypeVar("Function", bound="Callable[..., Any]")
JSON = "application/json"
ATTRIBUTE = "bareme_endpoint"

# A model, or a JSON Schema (2020-12) where what is told is no model; None where a status has no body.
Schema = type[BaseModel] | dict[str, Any] | None


class Asked(BaseModel):
    """A body of a request: nothing that the model does not name is let through, and no number that is not finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Answer(BaseModel):
    """A body of an answer."""

    model_config = ConfigDict(frozen=True)


class ProblemOfError(Answer):
    """One thing that is wrong."""

    path: str
    message: str


class ErrorTold(Answer):
    """What is wrong in a sentence, and each problem by JSON pointer (RFC 6901)."""

    status: int
    message: str
    problems: list[ProblemOfError]


class Error(Answer):
    """The answer to a request that cannot be served."""

    error: ErrorTold


@dataclass(frozen=True)
class Endpoint:
    """What the OpenAPI document says of an endpoint: see `endpoint` and `described` for each."""

    function: Callable[..., Any]
    tag: str
    body: Schema = None
    answer: Schema = None
    status: int = 200
    content_type: str = JSON
    query: type[BaseModel] | None = None
    also: Mapping[int, Schema] = field(default_factory=dict)
    contents: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    example: Any = None  # a body, or a function of the service that gives one


def endpoint(  # noqa: PLR0913 - each says one independent thing of the endpoint
    blueprint: Blueprint,
    method: str,
    rule: str,
    *,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    answer: Schema = None,
    status: int = 200,
    tag: str,
    content_type: str = JSON,
    also: Mapping[int, Schema] | None = None,
    contents: Mapping[str, Schema] | None = None,
    example: Any = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function as an endpoint.

    It takes the body, then what the query says (`?year=2022`), where there are models for them, then the rule's variables by name; it
    returns the answer or a Response. `also` are further statuses with what is told there, beside the errors that every endpoint has,
    `{409: Error}` for one in the same form; `contents` further content types of the answer; `example` is a body that is answered.
    """

    def declared(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def view(**variables: Any) -> Response:
            asked = [*([read_body(body)] if body is not None else ()), *([read_query(query)] if query is not None else ())]
            found = function(*asked, **variables)
            if isinstance(found, Response):
                return found
            content = found.model_dump_json() if isinstance(found, BaseModel) else json.dumps(found, allow_nan=False)
            return current_app.response_class(content, status=status, content_type=JSON)

        about = Endpoint(function, tag, body, answer, status, content_type, query, also or {}, contents or {}, example=example)
        setattr(view, ATTRIBUTE, about)
        blueprint.add_url_rule(rule, endpoint=function.__name__, view_func=view, methods=[method])
        return view

    return declared


def described(  # noqa: PLR0913 - each says one independent thing of the route
    *,
    tag: str,
    answer: Schema = None,
    body: Schema = None,
    query: type[BaseModel] | None = None,
    status: int = 200,
    content_type: str = JSON,
    also: Mapping[int, Schema] | None = None,
    contents: Mapping[str, Schema] | None = None,
    headers: Mapping[str, str] | None = None,
    example: Any = None,
) -> Callable[[Function], Function]:
    """Tell the OpenAPI document of a route that reads its request and writes its answer by itself; stands below the route's own decorator.

    `also` are further statuses and what is told there: its 400 and 404 put those of every endpoint out of the way. `headers` are those of
    the answer, each with what it says.
    """

    def told(function: Function) -> Function:
        about = Endpoint(function, tag, body, answer, status, content_type, query, also or {}, contents or {}, headers or {}, example)
        setattr(function, ATTRIBUTE, about)
        return function

    return told


def read_body(model: type[BaseModel]) -> Any:
    """Return the request's body as a model. Raises RefusedRequestError with every problem by JSON pointer."""
    return _validated(model, parsed(body_of_request()), "The body is not as expected.", "")


def read_query(model: type[BaseModel]) -> Any:
    """Return what the request's query says as a model. Raises RefusedRequestError with every problem, `?name`."""
    return _validated(model, request.args.to_dict(), "The query is not as expected.", "?")


def _validated(model: type[BaseModel], data: Any, message: str, mark: str) -> Any:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        problems = [Problem(f"{mark}{pointer(each['loc'])[1:]}" if mark else pointer(each["loc"]), each["msg"]) for each in found]
        raise RefusedRequestError(message, problems) from None
