"""What holds for every request before any endpoint sees it: who may ask, how often, how much, and for how long.

Keys (or the cookie of a session, `sessions`) and numbers of requests are looked at first. Files of the pages and `/v1/health` are free of both,
and so is what a browser asks before it asks (CORS). The time bounds the computing of the request itself: what an endpoint starts in the background
is not bound by it.
"""

from __future__ import annotations

import ipaddress
import select
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from engine import deadline
from web_api import sessions
from web_api.answers import UNAVAILABLE, error
from web_api.service import service

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from web_api.service import Service
    from web_api.settings import Settings

UNAUTHORIZED, TOO_MANY = sessions.UNAUTHORIZED, 429
PAGE, HTML = "page", "text/html"
FREE = frozenset({"v1.health"})
"""Endpoints that need no key and are not counted, beside the files of the pages."""
FILES = "/static/"
NETWORK_BITS = 64
"""Whoever has an IPv6 address has the others of its network as well: they are one client."""


LOOK_SECONDS = 0.1
"""While a request is computed, it is looked so often whether whoever asked is still there."""
HAS_LEFT = getattr(select, "POLLRDHUP", 0)  # Linux tells


class LimitedFlask(Flask):
    """An application whose endpoints compute for so many seconds at most, and no longer than whoever asked is there."""

    max_seconds: float = 0.0

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer a request, or raise OutOfTimeError."""
        connection = request.environ.get("gunicorn.socket")
        with (
            deadline.within(self.max_seconds) if self.max_seconds else nullcontext(),
            deadline.unless(Caller(connection).has_left) if connection is not None and HAS_LEFT else nullcontext(),
        ):
            return super().dispatch_request()


class Caller:
    """Whoever asks, as his connection tells: who closed it, or the half that he sends on, does not wait for an answer."""

    def __init__(self, connection: Any) -> None:
        self._poll = select.poll()
        self._poll.register(connection, HAS_LEFT)
        self._next = time.monotonic() + LOOK_SECONDS
        self._has_left = False

    def has_left(self) -> bool:
        """Whether he has left; asked often, it looks now and then."""
        if not self._has_left and time.monotonic() >= self._next:
            self._has_left = bool(self._poll.poll(0))
            self._next = time.monotonic() + LOOK_SECONDS
        return self._has_left


def register(app: LimitedFlask, served: Service) -> None:
    """Make the limits of the settings hold."""
    settings, most = served.settings, served.settings.requests_per_minute
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.max_seconds = settings.max_seconds
    if settings.api_keys:
        app.register_blueprint(sessions.blueprint)
    if settings.trusted_proxies:
        near = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=near, x_proto=near, x_host=near, x_prefix=near)  # type: ignore[method-assign]

    @app.before_request
    def admit() -> Response | None:
        if request.method == "OPTIONS" or is_free():
            return None
        key = (sessions.known_key(key_given(), settings) or sessions.key_of_session(settings)) if settings.api_keys else None
        if settings.api_keys and key is None and request.endpoint != sessions.OPENING:
            return _without_key(app)
        wait = served.rates.wait(_client(key), most) if most else 0
        return _too_many(settings, wait) if wait else None

    @app.after_request
    def come_again(answer: Response) -> Response:
        if answer.status_code == UNAVAILABLE:
            answer.headers.setdefault("Retry-After", "60")
        return answer


def check_rate(what: str, most: int) -> None:
    """Count something that costs more than other requests, and raise TooManyRequests where a client asked for more in a minute.

    Nothing is counted where `most` is 0, nor where the settings count no requests.
    """
    settings = service().settings
    if not settings.requests_per_minute or not most:
        return
    wait = service().rates.wait(f"{what} {_client(key_given() if settings.api_keys else None)}", most)
    if wait:
        raise TooManyRequests(f"Expected at most {most} new {what} a minute: come again in {wait} s.", retry_after=wait)


def is_free() -> bool:
    """Whether the request needs no key and is not counted: files of the pages, and whether the server is well."""
    return request.endpoint in FREE or request.path.startswith(FILES)


def key_given() -> str | None:
    """Return the key that came with the request, as `Authorization: Bearer …` or `X-API-Key: …`."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" and key else request.headers.get("X-API-Key")


def _client(key: str | None) -> str:
    """Return what tells a client from others: its key where keys are asked for, else its address."""
    if key is not None:
        return f"key {key}"
    address = request.remote_addr or ""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, NETWORK_BITS), strict=False))


def _without_key(app: Flask) -> Response:
    """Return what answers a request without a key: an error, or to who opens a page one where a key is typed."""
    accepted = request.accept_mimetypes
    if request.method == "GET" and PAGE in app.blueprints and accepted[HTML] > accepted["application/json"]:
        answer = make_response(render_template("page/key.html", place=""), UNAUTHORIZED)
        answer.headers["Cache-Control"] = "no-store"
    else:
        answer = error(UNAUTHORIZED, "This server answers those who have a key: expected `Authorization: Bearer …` or `X-API-Key: …`.")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _too_many(settings: Settings, wait: int) -> Response:
    answer = error(TOO_MANY, f"Expected at most {settings.requests_per_minute} requests a minute: come again in {wait} s.")
    answer.headers["Retry-After"] = str(wait)
    return answer
