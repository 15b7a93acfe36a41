"""Exploring the law that is served: search over variables and figures, and a page for each with its history, source, links both ways and references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web_api.explore import pages
from web_api.explore.law import EXTENSION, ExploredLaw

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service


def register(app: Flask, service: Service) -> None:
    """Add this part's endpoints; what they know of the law is worked out when it is first asked for."""
    app.extensions[EXTENSION] = ExploredLaw(service.legislation)
    app.register_blueprint(pages.blueprint)
