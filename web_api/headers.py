"""Headers that every answer has: what a browser may do with it, and whose pages may ask for it (CORS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response, request

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


def register(app: Flask, settings: Settings) -> None:
    """Make every answer have them. What an endpoint sets by itself stays as it is."""

    @app.before_request
    def preflight() -> Response | None:
        """Answer a browser that asks whether a page may ask."""
        if request.method == "OPTIONS" and "Origin" in request.headers and "Access-Control-Request-Method" in request.headers:
            return app.response_class(status=204)
        return None

    @app.after_request
    def complete(answer: Response) -> Response:
        for name, value in SAFE.items():
            answer.headers.setdefault(name, value)
        _let_pages_ask(answer, settings.cors_origins)
        return answer


def _let_pages_ask(answer: Response, origins: tuple[str, ...]) -> None:
    origin = request.headers.get("Origin")
    if "*" not in origins and origins:
        answer.vary.add("Origin")
    if origin is None or not ("*" in origins or origin in origins):
        return
    answer.headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
    answer.headers["Access-Control-Expose-Headers"] = TOLD_HEADERS
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = METHODS
        answer.headers["Access-Control-Allow-Headers"] = ASKED_HEADERS
        answer.headers["Access-Control-Max-Age"] = SECONDS_KEPT
