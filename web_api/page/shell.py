"""The page where one amends the law: three panels, the law, typical households and the country, each of its own part.

A panel is HTML in the law in force, made once for each year and language; the page is small and answers at once. What someone amends never reaches it: it
lives in the URL's fragment, which a browser keeps for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, metadata
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from web_api.amendments import FIRST_YEAR, LAST_YEAR, YEAR, bills
from web_api.page.bundle import charts_bundle
from web_api.page.frame import html, language
from web_api.service import service
from web_api.words import LANGUAGES

if TYPE_CHECKING:
    from flask import Flask, Response

    from web_api.service import Service

PANELS = {"law": ("law_text", "law.js"), "households": ("households", "households.js"), "country": ("country", "country.js")}
"""The panels by the id of their section: the part that has `panel(service, year, language)`, and its module with `start(root)`."""


@dataclass(frozen=True)
class Panel:
    """A section of the page: its id, its module's static file where there is one, and its HTML."""

    id: str
    module: str
    content: Markup


def shell() -> Response:
    """Answer the page, in the law in force."""
    known = service()
    return html(
        "page/shell.html",
        place="amend",
        panels=[panel(known, name, YEAR, language()) for name in PANELS],
        styles=_styles(),
        years=range(FIRST_YEAR, LAST_YEAR + 1),
        year=YEAR,
        bills=[(name, bill.words) for name, bill in bills(known.settings).items()],
        source=_source(),
    )


def prewarm(app: Flask) -> None:
    """Make the page's panels and the charts' bundle, so that the first who opens it waits no longer than others: before a worker takes requests."""
    charts_bundle()
    for each in LANGUAGES:
        with app.test_request_context(f"/page?lang={each}"):
            shell()


@lru_cache(maxsize=64)
def panel(known: Service, name: str, year: int, chosen: str) -> Panel:
    """Return a panel in the law of a year; empty where its part has none."""
    part, module = PANELS[name]
    made = getattr(import_module(f"web_api.{part}"), "panel", None)
    is_there = (files("web_api") / part / "static" / module).is_file()
    content = Markup(made(known, year, chosen)) if made is not None else Markup()  # noqa: S704 - the part escaped what it rendered
    return Panel(name, f"{part}/{module}" if is_there else "", content)


@lru_cache(maxsize=1)
def _styles() -> list[str]:
    """Return the style sheets of the panels' parts."""
    folders = [(part, files("web_api") / part / "static") for part, _ in PANELS.values()]
    return [f"{part}/{file.name}" for part, folder in folders if folder.is_dir() for file in folder.iterdir() if file.name.endswith(".css")]


@lru_cache(maxsize=1)
def _source() -> str:
    """Return where the source code is, as the package says; empty where it does not."""
    try:
        told = metadata("bareme").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    return next((each.partition(", ")[2] for each in told if each.lower().startswith(("source", "repository"))), "")
