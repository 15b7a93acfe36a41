"""Answers that are no result: one form for every error of the API, with the JSON pointer (RFC 6901) of each problem.

    {"error": {"status": 400, "message": "The body is not as expected.", "problems": [{"path": "/situations/0", "message": "…"}]}}

No answer holds a stack trace, and no log a body: of what nobody foresaw, the places in the code are logged on the server, and the answer is
"internal error". Errors are said in English, in French to who prefers it (`Accept-Language`; sentences.py).
"""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from engine.errors import BaremeError, OutOfTimeError, Problem, SituationError, VariableNotFoundError
from web_api.sentences import in_language, language_of_request

if TYPE_CHECKING:
    from collections.abc import Iterable

BAD_REQUEST, NOT_FOUND, TOO_LARGE, INTERNAL, UNAVAILABLE = 400, 404, 413, 500, 503
LONGEST_MESSAGE = 1_000
"""A message quotes what was sent: so much of it is told."""
MOST_PROBLEMS = 100
"""A short body may have very many problems: so many are told, and how many others there are."""
MOST_PLACES = 20
"""Of an error that is logged so many places in the code are told, the last: a recursion has thousands."""
_FOLDERS = re.compile(r"(?:[A-Za-z]:)?[/\\](?:[^\s/\\:`]+[/\\])+(?=[^\s/\\:`]+:\d)")
"""The folders before `file.py:12`: where things lie on the server is nobody's business."""


class RefusedRequestError(BaremeError):
    """A request that is answered with an error: status, what is wrong in a sentence, and problems by JSON pointer."""

    def __init__(self, message: str, problems: Iterable[Problem] = (), status: int = BAD_REQUEST) -> None:
        self.status = status
        self.message = message
        self.problems = tuple(problems)
        super().__init__(message)


def pointer(path: Iterable[Any]) -> str:
    """Return the JSON pointer of a path: `/situations/0/persons/ana`; that of the whole document is empty."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def said(message: str) -> str:
    """Return a message as it may be told to anybody: not too long, and without the server's folders."""
    short = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}…"
    return _FOLDERS.sub("", short)


def problems_of(found: BaremeError, *above: Any) -> list[Problem]:
    """Return the problems that an error lists, those of a situation by their JSON pointer below a path."""
    problems: Iterable[Problem] = getattr(found, "problems", ())
    return [Problem(pointer((*above, *each.path)) if hasattr(each, "path") else each.place, each.message) for each in problems]


def status_of(found: BaremeError) -> int:
    """Return the status that answers an error: 404 where all that is wrong is that something is not there."""
    if isinstance(found, RefusedRequestError):
        return found.status
    if isinstance(found, OutOfTimeError):
        return UNAVAILABLE
    if isinstance(found, SituationError):
        return NOT_FOUND if all(getattr(each, "code", BAD_REQUEST) == NOT_FOUND for each in found.problems) else BAD_REQUEST
    return NOT_FOUND if isinstance(found, VariableNotFoundError) else BAD_REQUEST


def error(status: int, message: str, problems: Iterable[Problem] = ()) -> Response:
    """Return the answer to a request that cannot be served."""
    found, language = list(problems), language_of_request()
    listed = [{"path": each.place[:LONGEST_MESSAGE], "message": in_language(said(each.message), language)} for each in found[:MOST_PROBLEMS]]
    if len(found) > MOST_PROBLEMS:
        listed.append({"path": "", "message": in_language(f"and {len(found) - MOST_PROBLEMS:,} other problems.", language)})
    told: dict[str, Any] = {"status": status, "message": in_language(said(message), language), "problems": listed}
    answer = jsonify({"error": told})
    answer.status_code = status
    answer.vary.add("Accept-Language")
    return answer


def log_unforeseen(app: Flask, found: Exception) -> None:
    """Log where in the code an error arose; not its words, which may quote what was sent."""
    places = "".join(traceback.format_tb(found.__traceback__, limit=-MOST_PLACES))
    app.logger.error("An error that nobody foresaw: %s\n%s", type(found).__name__, places)


def register(app: Flask) -> None:
    """Make the application answer errors in this form."""

    @app.errorhandler(RefusedRequestError)
    def refused(found: RefusedRequestError) -> Response:
        return error(found.status, found.message, found.problems)

    @app.errorhandler(BaremeError)
    def of_engine(found: BaremeError) -> Response:
        if isinstance(found, SituationError):
            return error(status_of(found), "The situation is not as expected.", problems_of(found))
        return error(status_of(found), str(found), problems_of(found))

    @app.errorhandler(HTTPException)
    def of_http(found: HTTPException) -> Response:
        answer = error(found.code or INTERNAL, found.description or found.name)
        kept = {name: value for name, value in found.get_headers() if name in {"Allow", "Location", "Retry-After"}}
        answer.headers.update(kept)
        return answer

    @app.errorhandler(Exception)
    def unforeseen(found: Exception) -> Response:
        log_unforeseen(app, found)
        return error(INTERNAL, "Internal error: it was logged on the server.")
