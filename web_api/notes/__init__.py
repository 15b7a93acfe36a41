"""Notes on an amendment, to be handed on: PDF for readers, OpenDocument and CSV for whoever computes with the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service


def register(app: Flask, service: Service) -> None:  # noqa: ARG001 - as every part
    """Add the endpoint."""
    from web_api.notes.endpoint import blueprint  # noqa: PLC0415 - Typst is imported where an application is made

    app.register_blueprint(blueprint)
