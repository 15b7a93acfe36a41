"""The page where one amends the law: its shell, and what every page of the server shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web_api.page import frame
from web_api.page.shell import prewarm, shell

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service

__all__ = ["prewarm", "register", "shell"]


def register(app: Flask, service: Service) -> None:
    """Add this part's endpoints: the frame for any law, the page for the law that Barème ships."""
    frame.register(app, service)
    if service.is_own_law:
        app.add_url_rule("/page", endpoint="page.shell", view_func=shell, methods=["GET"])
