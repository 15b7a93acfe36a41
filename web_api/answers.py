"""Answers that are no result: one form for every error of the API, with the path of each problem.

    {"error": {"status": 400, "message": "The body is not as expected.", "problems": [{"path": "/situations/0", "message": "…"}]}}

No answer holds a stack trace: what nobody foresaw is logged on the server and told as "internal error".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from engine.errors import BaremeError, LawError, Problem, SituationError, VariableNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

BAD_REQUEST, NOT_FOUND, INTERNAL = 400, 404, 500


class RefusedRequestError(BaremeError):
    """A request that is answered with an error: status, what is wrong in a sentence, and problems by JSON path."""

    def __init__(self, message: str, problems: Iterable[Problem] = (), status: int = BAD_REQUEST) -> None:
        self.status = status
        self.message = message
        self.problems = tuple(problems)
        super().__init__(message)


def error(status: int, message: str, problems: Iterable[Problem] = ()) -> Response:
    """Return the answer to a request that cannot be served."""
    told: dict[str, Any] = {"status": status, "message": message, "problems": [{"path": each.place, "message": each.message} for each in problems]}
    answer = jsonify({"error": told})
    answer.status_code = status
    return answer


def register(app: Flask) -> None:
    """Make the application answer errors in this form."""

    @app.errorhandler(RefusedRequestError)
    def refused(found: RefusedRequestError) -> Response:
        return error(found.status, found.message, found.problems)

    @app.errorhandler(BaremeError)
    def of_engine(found: BaremeError) -> Response:
        if isinstance(found, SituationError):
            return error(BAD_REQUEST, "The situation is not as expected.", found.problems)
        if isinstance(found, LawError) and not isinstance(found, VariableNotFoundError):
            return error(BAD_REQUEST, str(found), getattr(found, "problems", ()))
        return error(NOT_FOUND if isinstance(found, VariableNotFoundError) else BAD_REQUEST, str(found), getattr(found, "problems", ()))

    @app.errorhandler(HTTPException)
    def of_http(found: HTTPException) -> Response:
        return error(found.code or INTERNAL, found.description or found.name)

    @app.errorhandler(Exception)
    def unforeseen(found: Exception) -> Response:
        app.logger.error("An error that nobody foresaw", exc_info=found)
        return error(INTERNAL, "Internal error: it was logged on the server.")
