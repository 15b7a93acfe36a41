"""The endpoints that clients of OpenFisca's web API know, with its paths, payloads, headers and form of errors.

Errors here are objects of messages at their paths, or `{"error": …}`; those of the rest of the API are in `web_api/answers.py`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from engine.errors import nearest
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

NOT_FOUND, MULTIPLE_CHOICES, INTERNAL = 404, 300, 500
JSON: Final = "application/json"
WELCOME: Final = "This is a web API over the law of {name}, with the endpoints of OpenFisca's. What it answers is told at {host}spec"
# What a client may send from a page of another origin; the list of headers is the browser's question otherwise.
PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, POST",
    "Access-Control-Allow-Headers": "*, Authorization",
    "Access-Control-Max-Age": "86400",
}


def add_endpoints(app: Flask, service: Service) -> None:
    """Add the endpoints of a law to an application."""
    blueprint = Blueprint("openfisca", __name__)
    served = Served(service)
    _add_law(blueprint, served)
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


def _add_law(blueprint: Blueprint, served: Served) -> None:
    law = served.legislation

    @blueprint.get("/")
    def root() -> Any:
        if served.service.is_own_law and _prefers_page():
            from web_api import page  # noqa: PLC0415 - only where there is a page

            shell: Callable[[], Any] | None = getattr(page, "shell", None)
            if callable(shell):
                return shell()
        return _answer({"welcome": WELCOME.format(name=served.service.name, host=request.host_url)}, MULTIPLE_CHOICES)

    def listed(name: str) -> Callable[[], Response]:
        return lambda: Response(served.told(name, request.host_url), content_type=JSON)

    for name in ("entities", "parameters", "variables", "spec"):
        blueprint.add_url_rule(f"/{name}", name, listed(name), strict_slashes=False)

    @blueprint.get("/variable/<name>", strict_slashes=False)
    def variable(name: str) -> Response:
        rule = law.variables.get(name)
        if rule is None:
            raise WrongBodyError.at((), f"There is no variable `{name:.100}`.{nearest(name, law.variables)}", NOT_FOUND)
        return _answer(told_variable(rule, served.sources))

    @blueprint.get("/parameter/<path:name>", strict_slashes=False)
    def parameter(name: str) -> Response:
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
    def calculate() -> Response:
        return _answer(calculated(parsed(request.get_data(cache=False)), served))

    @blueprint.post("/trace", strict_slashes=False)
    def trace() -> Response:
        return _answer(traced(parsed(request.get_data(cache=False)), served))


def _add_errors(blueprint: Blueprint, app: Flask) -> None:
    @blueprint.errorhandler(WrongBodyError)
    def wrong(found: WrongBodyError) -> Response:
        return _answer(found.told, found.status)

    @blueprint.errorhandler(HTTPException)
    def of_http(found: HTTPException) -> Response:
        answer = _answer({"error": found.description or found.name}, found.code or BAD_REQUEST)
        answer.headers.update({name: value for name, value in found.get_headers() if name.lower() not in {"content-type", "content-length"}})
        return answer

    @blueprint.errorhandler(Exception)
    def unforeseen(found: Exception) -> Response:
        app.logger.error("An error that nobody foresaw", exc_info=found)
        return _answer({"error": "Internal server error: it was logged there."}, INTERNAL)


def _add_headers(app: Flask, service: Service) -> None:
    """Name the package of the law in every answer, and let pages of the origins in the settings read those of these endpoints."""
    origins = service.settings.cors_origins
    about = {"Country-Package": service.name, "Country-Package-Version": service.version}

    @app.after_request
    def with_headers(response: Response) -> Response:
        headers = response.headers
        for name, value in about.items():
            headers[name] = value
        if "Access-Control-Allow-Origin" not in headers:
            origin = "*" if "*" in origins else request.headers.get("Origin", "")
            if origin == "*" or origin in origins:
                headers["Access-Control-Allow-Origin"] = origin
            if "*" not in origins:
                headers.add("Vary", "Origin")
            if request.method == "OPTIONS":
                headers.update(PREFLIGHT)
        return response
