"""The page where keys are asked for: whoever types a key into it has a session, a cookie that counts as the key.

A browser cannot send a header with what it opens, downloads or follows as a stream of events; it sends a cookie with all of them. The cookie holds
no key: it says until when it holds, and a digest of that made with the key, so that nothing is kept on the server and a key that is taken out of
the settings ends its sessions. It counts only for what the server's own pages ask and for pages that are opened, never for what other sites ask.
"""

from __future__ import annotations

import hmac
import time
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request
from pydantic import Field

from web_api.answers import RefusedRequestError
from web_api.documented import Asked, endpoint
from web_api.service import service

if TYPE_CHECKING:
    from web_api.settings import Settings

COOKIE: Final = "bareme_session"
SECONDS: Final = 7 * 24 * 3600
"""How long a session holds."""
NO_CONTENT, UNAUTHORIZED = 204, 401
OPENING: Final = "sessions.open_session"
"""The endpoint that needs no key in its headers, for it is given one; it is counted as others are."""
LONGEST: Final = 12  # digits of a time in seconds
OWN: Final = frozenset({"same-origin", "none"})
blueprint: Final = Blueprint("sessions", __name__)


class SessionAsked(Asked):
    """A key of the server."""

    key: str = Field(max_length=1000)


@endpoint(blueprint, "POST", "/v1/session", body=SessionAsked, status=NO_CONTENT, tag="session")
def open_session(asked: SessionAsked) -> Response:
    """Open a session: with its cookie, the page needs no key for a week. 401 for a key that is none."""
    known = known_key(asked.key, service().settings)
    if known is None:
        raise RefusedRequestError("This is no key of this server.", status=UNAUTHORIZED)
    until = int(time.time()) + SECONDS
    return _with_cookie(f"{until}.{_digest(known, until)}", SECONDS)


@endpoint(blueprint, "DELETE", "/v1/session", status=NO_CONTENT, tag="session")
def close_session() -> Response:
    """Close the session: its cookie is removed."""
    return _with_cookie("", 0)


def known_key(given: str | None, settings: Settings) -> str | None:
    """Return the key of the settings that was given, None where it is none of them; it takes as long whichever it is."""
    told = (given or "").encode("utf-8", "surrogateescape")
    return _first([key for key in settings.api_keys if hmac.compare_digest(told, key.encode())])


def key_of_session(settings: Settings) -> str | None:
    """Return the key with which the session of the request was opened; None where it has none that holds, or another site asks."""
    text, _, digest = request.cookies.get(COOKIE, "").partition(".")
    if not _is_own() or not text.isascii() or not text.isdigit() or len(text) > LONGEST or int(text) < time.time():
        return None
    told = digest.encode("utf-8", "surrogateescape")
    return _first([key for key in settings.api_keys if hmac.compare_digest(told, _digest(key, int(text)).encode())])


def _is_own() -> bool:
    """Whether a page of this server asks, or whoever sits before the browser opens one; without HTTPS browsers tell the origin alone, and not always."""
    is_opened = request.method in {"GET", "HEAD"} and request.headers.get("Sec-Fetch-Mode") == "navigate"
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None:
        return origin is None or origin == request.host_url.rstrip("/")
    return is_opened or site in OWN


def _digest(key: str, until: int) -> str:
    return hmac.new(key.encode("utf-8", "surrogateescape"), f"bareme session {until}".encode(), blake2b).hexdigest()[:64]


def _first(found: list[str]) -> str | None:
    return found[0] if found else None


def _with_cookie(value: str, seconds: int) -> Response:
    answer = Response(status=NO_CONTENT)
    path = f"{request.script_root}/"
    answer.set_cookie(COOKIE, value, max_age=seconds, path=path, httponly=True, samesite="Lax", secure=request.is_secure)
    answer.headers["Cache-Control"] = "no-store"
    return answer
