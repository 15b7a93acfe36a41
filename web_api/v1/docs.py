"""`GET /v1/docs`: the description of the API as a page to read, in French or in English; nothing of it comes from outside."""

from __future__ import annotations

from typing import Any, Literal

from flask import Response, current_app, render_template
from pydantic import Field

from web_api.documented import Asked, endpoint
from web_api.v1.common import API
from web_api.v1.openapi import described_here
from web_api.words import say


class DocsAsked(Asked):
    """How the page is wanted."""

    language: Literal["fr", "en"] = Field("fr", description="The language of the page.")


@endpoint(API, "GET", "/v1/docs", query=DocsAsked, content_type="text/html", tag="about")
def docs(asked: DocsAsked) -> Response:
    """Show this description as a page to read."""
    told = described_here()
    tags: dict[str, list[tuple[str, str, Any]]] = {}
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            tags.setdefault(operation["tags"][0], []).append((path, method.upper(), operation))
    other = "en" if asked.language == "fr" else "fr"
    page = render_template(
        "v1/docs.html",
        language=asked.language,
        other=other,
        tags=tags,
        schemas=told["components"]["schemas"],
        t=lambda key: say(asked.language, f"v1.{key}"),
    )
    return current_app.response_class(page, content_type="text/html; charset=utf-8")
