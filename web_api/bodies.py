"""Bodies of requests: JSON, read so that nothing of it stays, and nothing gets in that JSON does not have.

`NaN`, `Infinity`, numbers that are none (`1e400`), half a surrogate, and nesting deeper than any document has are refused before
anything looks at them. No string is interned: what a client sent is gone with its request.
"""

from __future__ import annotations

import math
from typing import Any, Final

from flask import request
from pydantic_core import from_json
from werkzeug.exceptions import RequestEntityTooLarge

from engine.errors import Problem
from web_api.answers import MOST_PROBLEMS, RefusedRequestError, pointer

FINITE: Final = "expected a finite number."
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""What some programs write before UTF-8."""


def body() -> bytes:
    """Return the request's body. Raises RequestEntityTooLarge for one that is larger than the settings allow, whether it said its length or not."""
    found = request.get_data(cache=False)
    most = request.max_content_length
    if request.content_length is None and most is not None and len(found) >= most:  # it was cut there
        raise RequestEntityTooLarge
    return found


def parsed(text: bytes) -> Any:
    """Return a body as JSON says it. Raises RefusedRequestError where it is none, or where a number is not finite."""
    try:
        found = read_json(text)
    except ValueError as error:
        raise RefusedRequestError("The body is no JSON.", [Problem("", f"expected JSON: {error}")]) from None
    problems = [Problem(pointer(path), FINITE) for path in not_finite(found)]
    if problems:
        raise RefusedRequestError("The body is not as expected.", problems)
    return found


def read_json(text: bytes) -> Any:
    """Return what JSON says; numbers may still be infinite (`not_finite`). Raises ValueError, whose words tell the place and quote nothing."""
    return from_json(text.removeprefix(BYTE_ORDER_MARK), allow_inf_nan=False, cache_strings="none")


def not_finite(document: Any) -> list[tuple[Any, ...]]:
    """Return the paths of the numbers that are not finite, so many as are told."""
    if _is_finite(document):  # the way of nearly all
        return []
    found: list[tuple[Any, ...]] = []
    pending: list[tuple[tuple[Any, ...], Any]] = [((), document)]
    while pending and len(found) < MOST_PROBLEMS:
        path, value = pending.pop()
        if isinstance(value, dict):
            pending.extend(((*path, key), each) for key, each in value.items())
        elif isinstance(value, list):
            pending.extend(((*path, place), each) for place, each in enumerate(value))
        elif isinstance(value, float) and not math.isfinite(value):
            found.append(path)
    return found


def _is_finite(document: Any) -> bool:
    pending = [document]
    while pending:
        value = pending.pop()
        if value.__class__ is dict:
            pending.extend(value.values())
        elif value.__class__ is list:
            pending.extend(value)
        elif value.__class__ is float and not math.isfinite(value):
            return False
    return True
