"""The country's panel as the server renders it: the button, the bar of progress, and the empty places that its module fills."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import render_template
from markupsafe import Markup

from web_api.country.charts import charts

if TYPE_CHECKING:
    from web_api.service import Service


def panel(service: Service, year: int, language: str) -> str:  # noqa: ARG001 - every panel is asked so
    """Return the panel's HTML; it is the same in every year, for nothing is calculated before somebody asks."""
    as_json = json.dumps(charts(language), ensure_ascii=False).replace("<", "\\u003c")
    return render_template("country/panel.html", charts=Markup(as_json))  # noqa: S704 - JSON, with `<` escaped
