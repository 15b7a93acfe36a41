"""The endpoints that clients of OpenFisca's web API know, with its paths, payloads, headers and form of errors.

Errors here are objects of messages at their paths, or `{"error": …}`; those of the rest of the API are in `web_api/answers.py`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from engine.errors import OutOfTimeError, nearest
from web_api.answers import log_unforeseen
from web_api.bodies import body
from web_api.documented import described
from web_api.openfisca.bodies import parsed
from web_api.openfisca.calculations import calculated
from web_api.openfisca.problems import BAD_REQUEST, WrongBodyError
from web_api.openfisca.served import Served
from web_api.openfisca.told_law import told_variable
from web_api.openfisca.told_parameters import found_parameter, leaves, told_parameter
from web_api.openfisca.traces import traced

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from web_api.service import Service

NOT_FOUND, MULTIPLE_CHOICES, INTERNAL, UNAVAILABLE = 404, 300, 500, 503
JSON: Final = "application/json"
WELCOME: Final = "This is a web API over the law of {name}, with the endpoints of OpenFisca's. What it answers is told at {host}spec"
TAG: Final = "openfisca"
OBJECT: Final = {"type": "object"}
SITUATION: Final = {"type": "object", "description": "A situation: entities by plural, their rows by id, variables by period; see /spec."}
WELCOME_TOLD: Final = {"type": "object", "properties": {"welcome": {"type": "string"}}, "required": ["welcome"]}
ERRORS: Final = dict.fromkeys((400, 404, 413), OBJECT)
HEADERS: Final = {"Country-Package": "The package that holds the law.", "Country-Package-Version": "Its version."}
LISTINGS: Final = {
    "entities": "List what the law speaks of, with its roles.",
    "parameters": "List the figures of the law.",
    "variables": "List the variables of the law.",
    "spec": "Give OpenFisca's own description of its endpoints, in OpenAPI 3.0, for this law.",
}


def add_endpoints(app: Flask, service: Service) -> None:
    """Add the endpoints of a law to an application."""
    blueprint = Blueprint("openfisca", __name__)
    served = Served(service)
    _add_root(blueprint, served)
    _add_lists(blueprint, served)
    _add_details(blueprint, served)
    _add_calculations(blueprint, served)
    _add_errors(blueprint, app)
    _add_headers(app, service)
    app.register_blueprint(blueprint)


def _answer(content: Any, status: int = 200) -> Response:
    try:
        body = json.dumps(content, allow_nan=False)
    except (ValueError, RecursionError) as error:  # a number beyond all bounds was given where nothing reads it
        raise WrongBodyError.at((), "Expected finite numbers, and no deep nesting.") from error
    return Response(body, status, content_type=JSON)


def _add_root(blueprint: Blueprint, served: Served) -> None:
    @blueprint.get("/")
    @described(tag=TAG, status=MULTIPLE_CHOICES, answer=WELCOME_TOLD, contents={"text/html": None}, also={200: None}, headers=HEADERS)
    def root() -> Any:
        """Say where this API describes itself; a browser gets the page."""
        if served.service.is_own_law and _prefers_page():
            from web_api import page  # noqa: PLC0415 - only where there is a page

            shell: Callable[[], Any] | None = getattr(page, "shell", None)
            if callable(shell):
                return shell()
        return _answer({"welcome": WELCOME.format(name=served.service.name, host=request.host_url)}, MULTIPLE_CHOICES)


def _add_lists(blueprint: Blueprint, served: Served) -> None:
    def listed(name: str, says: str) -> Callable[[], Response]:
        def listing() -> Response:
            return Response(served.told(name, request.host_url), content_type=JSON)

        listing.__doc__ = says
        return described(tag=TAG, answer=OBJECT, headers=HEADERS)(listing)

    for name, says in LISTINGS.items():
        blueprint.add_url_rule(f"/{name}", name, listed(name, says), strict_slashes=False)


def _add_details(blueprint: Blueprint, served: Served) -> None:
    law = served.legislation

    @blueprint.get("/variable/<name>", strict_slashes=False)
    @described(tag=TAG, answer=OBJECT, also={404: OBJECT}, headers=HEADERS)
    def variable(name: str) -> Response:
        """Tell a variable: what it is, its formulas and their sources."""
        rule = law.variables.get(name)
        if rule is None:
            raise WrongBodyError.at((), f"There is no variable `{name:.100}`.{nearest(name, law.variables)}", NOT_FOUND)
        return _answer(told_variable(rule, served.sources))

    @blueprint.get("/parameter/<path:name>", strict_slashes=False)
    @described(tag=TAG, answer=OBJECT, also={404: OBJECT}, headers=HEADERS)
    def parameter(name: str) -> Response:
        """Tell a parameter: its values, a scale's brackets, or a branch's children."""
        item = found_parameter(law, name)
        if item is None:
            known = (each.name for each in leaves(law.parameters))
            raise WrongBodyError.at((), f"There is no parameter `{name:.100}`.{nearest(name.strip('/').replace('/', '.'), known)}", NOT_FOUND)
        return _answer(told_parameter(item, served.sources))


def _prefers_page() -> bool:
    """Whether who asks, as a browser, wants a page rather than JSON."""
    accepted = request.accept_mimetypes
    return accepted.best_match([JSON, "text/html"]) == "text/html" and accepted["text/html"] > accepted[JSON]


def _add_calculations(blueprint: Blueprint, served: Served) -> None:
    @blueprint.post("/calculate", strict_slashes=False)
    @described(tag=TAG, body=SITUATION, answer=OBJECT, also=ERRORS, headers=HEADERS)
    def calculate() -> Response:
        """Fill in what a situation asks for, which is null."""
        return _answer(calculated(parsed(body()), served))

    @blueprint.post("/trace", strict_slashes=False)
    @described(tag=TAG, body=SITUATION, answer=OBJECT, also=ERRORS, headers=HEADERS)
    def trace() -> Response:
        """Tell how what a situation asks for is computed."""
        return _answer(traced(parsed(body()), served))


def _add_errors(blueprint: Blueprint, app: Flask) -> None:
    @blueprint.errorhandler(WrongBodyError)
    def wrong(found: WrongBodyError) -> Response:
        return _answer(found.told, found.status)

    @blueprint.errorhandler(HTTPException)
    def of_http(found: HTTPException) -> Response:
        answer = _answer({"error": found.description or found.name}, found.code or BAD_REQUEST)
        answer.headers.update({name: value for name, value in found.get_headers() if name.lower() not in {"content-type", "content-length"}})
        return answer

    @blueprint.errorhandler(OutOfTimeError)
    def too_long(found: OutOfTimeError) -> Response:
        return _answer({"error": str(found)}, UNAVAILABLE)

    @blueprint.errorhandler(Exception)
    def unforeseen(found: Exception) -> Response:
        log_unforeseen(app, found)
        return _answer({"error": "Internal server error: it was logged there."}, INTERNAL)


def _add_headers(app: Flask, service: Service) -> None:
    """Name the package of the law in every answer."""
    about = {"Country-Package": service.name, "Country-Package-Version": service.version}

    @app.after_request
    def with_headers(response: Response) -> Response:
        response.headers.update(about)
        return response
