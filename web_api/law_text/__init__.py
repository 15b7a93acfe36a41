"""The law, amended in place: articles in our own plain words whose figures are fields, as data and as a panel; the amendment's text drafted from them.

endpoints → panel, drafting → scale_lines, places, telling → told, articles → pieces, figures. `panel(service, year, language)` is what the page shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from web_api.law_text.panel import panel

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service

__all__ = ["panel", "register"]


def register(app: Flask, service: Service) -> None:
    """Add this part's endpoints."""
    from web_api.law_text.endpoints import blueprint  # noqa: PLC0415 - whoever wants the panel alone needs no endpoints

    del service
    app.register_blueprint(blueprint)
