"""The country's panel of the page: what an amendment does to the budget and to whom, and how far the population is from official figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web_api.country.known import blueprint as known_blueprint
from web_api.country.panel import panel
from web_api.country.validation import compared, shown
from web_api.page.frame import html, language
from web_api.service import service as current

if TYPE_CHECKING:
    from flask import Flask, Response

    from web_api.service import Service

__all__ = ["panel", "register"]

blueprint = Blueprint("country", __name__, template_folder="templates")


def register(app: Flask, service: Service) -> None:  # noqa: ARG001 - every part is called so
    """Add this part's endpoints."""
    app.register_blueprint(blueprint)
    app.register_blueprint(known_blueprint)


@blueprint.get("/population")
def population() -> Response:
    """Answer the page on the population: its errors beside the official figures, and the method."""
    folder = current().settings.population
    found = compared(folder)
    return html("country/population.html", place="population", is_given=bool(folder), tables=None if found is None else shown(found, language()))
