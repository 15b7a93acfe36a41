"""The panel of the page in which the law is amended in place: HTML in the law in force of a year; `static/law.js` makes it answer."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from web_api.law_text.articles import own_articles
from web_api.law_text.figures import UNITS, Value, number, text, unit_of
from web_api.law_text.pieces import paths_in
from web_api.law_text.telling import IN_FORCE, Telling
from web_api.law_text.told import LawTold
from web_api.parameter_paths import value_at
from web_api.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web_api.service import Service

OPENED = "cgi_197"
"""The article that is open at first."""


def panel(service: Service, year: int, language: str) -> str:
    """Return the panel in the law in force of a year, as HTML."""
    telling = Telling({IN_FORCE: service.legislation}, year, language)
    law = LawTold(year=year, language=language, bill=None, notes=[], articles=[telling.article(each) for each in own_articles()])
    return (
        _environment()
        .get_template("panel.html")
        .render(
            law=law,
            opened=OPENED,
            known=lambda terms: {path: value_at(service.legislation.parameters, path, telling.date) for path in paths_in(terms)},
            units={name: {key: value for key, value in asdict(unit).items() if key != "noun"} for name, unit in UNITS.items()},
            t=partial(say, language),
            text=lambda value, unit: text(value, unit, language),
            field=lambda value, unit: _field(value, unit, language),
            prefix=lambda unit: unit_of(unit).prefix[language != "fr"],
            suffix=lambda value_unit, value: _suffix(value, value_unit, language),
            yes=text(value=True, unit=None, language=language),
            no=text(value=False, unit=None, language=language),
        )
    )


def _field(value: Value, unit: str | None, language: str) -> str:
    """Return what stands in a field: the number without its unit."""
    return number(value, unit, language) if isinstance(value, int | float) else value or ""


def _suffix(value: Value, unit: str | None, language: str) -> str:
    """Return what stands behind a field: the unit, in the plural that the value asks for."""
    if not isinstance(value, int | float):
        return ""
    known = unit_of(unit)
    return text(value, unit, language).removeprefix(known.prefix[language != "fr"]).removeprefix(number(value, unit, language))


def _by(items: Iterable[Any], attribute: str) -> list[tuple[str, list[Any]]]:
    """Return items by an attribute, each group where its first stands: a filter for templates."""
    groups: dict[str, list[Any]] = {}
    for each in items:
        groups.setdefault(getattr(each, attribute), []).append(each)
    return list(groups.items())


@cache
def _environment() -> Environment:
    loader = PackageLoader("web_api.law_text", "templates/law_text")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["by"] = _by
    environment.filters["call"] = lambda function: function()
    return environment
