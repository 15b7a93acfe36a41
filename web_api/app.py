"""The application: a Flask app over one law, put together from the parts in this folder."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from web_api import answers, headers, limits
from web_api.service import EXTENSION, own_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from web_api.service import Service

PARTS = ("openfisca", "v1", "country_runs", "page", "explore")
"""The parts that serve any law; each is a package here with `register(app, service)`."""
PARTS_OF_OWN_LAW = ("law_text", "households", "country", "workspaces", "notes")
"""The parts that only the law that Barème ships has."""


def create_app(service: Service | None = None, parts: Sequence[str] | None = None) -> Flask:
    """Return the application for a law; without one, for the law that Barème ships, with the settings of the environment.

    `parts` are the packages here that are served, all that the law has without it.
    """
    if service is None:
        from web_api.settings import Settings  # noqa: PLC0415 - only here

        service = own_service(Settings.from_environment())
    app = limits.LimitedFlask("web_api", static_folder=None, template_folder=None)
    app.extensions[EXTENSION] = service
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the order of the law's files says something
    answers.register(app)
    headers.register(app, service.settings)
    limits.register(app, service)
    for part in (*PARTS, *(PARTS_OF_OWN_LAW if service.is_own_law else ())) if parts is None else parts:
        import_module(f"web_api.{part}").register(app, service)
    return app


def prewarm(app: Flask) -> None:
    """Make ready what the first who asks would wait for: the page's panels, the traced law, and the process that computes for the country.

    For servers, not for tests.
    """
    service: Service = app.extensions[EXTENSION]
    if service.is_own_law:
        from web_api import country_runs, households, page  # noqa: PLC0415 - parts are loaded where they are served

        country_runs.prewarm(service)
        page.prewarm(app)
        households.prewarm(service)
