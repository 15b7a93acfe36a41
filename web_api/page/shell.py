"""The page where one amends the law: three panels, the law, typical households and the country, each of its own part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web_api.page.frame import html

if TYPE_CHECKING:
    from flask import Response

PANELS = ("law", "households", "country")


def shell() -> Response:
    """Answer the page, in the law in force."""
    return html("page/shell.html", place="amend")
