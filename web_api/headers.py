"""Headers that every answer has: what a browser may do with it, and whose pages may ask for it (CORS).

Pages of any site may ask for what computes a situation that comes with the request, and for what is told of the law (`OPEN`), where the settings
say `*`. All else is asked by the server's own pages, and by those of the origins that the settings name: pages, workspaces, notes, and runs over
the country, which cost much and may be over a population of one's own. No answer lets a page of another site send cookies
(`Access-Control-Allow-Credentials`): a session counts for the server's own pages alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request

from web_api.answers import error

if TYPE_CHECKING:
    from web_api.settings import Settings

SAFE = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
ASKED_HEADERS = "Accept, Accept-Language, Authorization, Content-Type, Last-Event-ID, X-API-Key"
TOLD_HEADERS = "Content-Disposition, Country-Package, Country-Package-Version, Link, Location, Retry-After"
SECONDS_KEPT = "600"
ANY: Final = "*"
OPEN: Final = frozenset({"openfisca", "v1"})
"""The blueprints that pages of any site may ask: what they answer depends on nothing but the request and the law."""
HTML: Final = "text/html"
OTHER_SITES: Final = frozenset({"cross-site", "same-site"})
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FORBIDDEN: Final = 403


def register(app: Flask, settings: Settings) -> None:
    """Make every answer have them. What an endpoint sets by itself stays as it is."""
    if settings.hosts:
        app.config["TRUSTED_HOSTS"] = list(settings.hosts)

    @app.before_request
    def preflight() -> Response | None:
        """Answer a browser that asks whether a page may ask."""
        if request.method == "OPTIONS" and "Origin" in request.headers and "Access-Control-Request-Method" in request.headers:
            return app.response_class(status=204)
        return None

    @app.before_request
    def only_own_pages() -> Response | None:
        """Refuse what a page of another site would have done without asking first, as browsers let it with a form or a text."""
        if request.method in READING or is_open() or request.headers.get("Sec-Fetch-Site") not in OTHER_SITES:
            return None
        if request.headers.get("Origin") in settings.cors_origins:
            return None
        return error(FORBIDDEN, "Pages of other sites may not ask for this: expected one of this server, or of an origin in its settings (CORS_ORIGINS).")

    @app.after_request
    def complete(answer: Response) -> Response:
        for name, value in SAFE.items():
            answer.headers.setdefault(name, value)
        _let_pages_ask(answer, settings.cors_origins)
        return answer


def is_open() -> bool:
    """Whether pages of any site may ask for it; an address at which there is nothing hides nothing."""
    return request.endpoint is None or request.blueprint in OPEN


def _let_pages_ask(answer: Response, origins: tuple[str, ...]) -> None:
    """Say whose pages may read the answer. A page itself, which is read by people, is for those of named origins alone."""
    allowed = _allowed(origins, is_page=answer.mimetype == HTML and request.method != "OPTIONS")
    if any(origin != ANY for origin in origins) and allowed != ANY:
        answer.vary.add("Origin")
    if allowed is None:
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return
    answer.headers["Access-Control-Allow-Origin"] = allowed
    answer.headers["Access-Control-Expose-Headers"] = TOLD_HEADERS
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = METHODS
        answer.headers["Access-Control-Allow-Headers"] = ASKED_HEADERS
        answer.headers["Access-Control-Max-Age"] = SECONDS_KEPT


def _allowed(origins: tuple[str, ...], *, is_page: bool) -> str | None:
    """Return what stands in Access-Control-Allow-Origin; None where it is not there."""
    if ANY in origins and is_open() and not is_page:
        return ANY
    origin = request.headers.get("Origin")
    return origin if origin is not None and origin != ANY and origin in origins else None
