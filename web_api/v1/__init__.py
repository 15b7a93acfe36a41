"""What the API has beyond OpenFisca's: situations in batch, reforms in the request, explanations, missing inputs, and its own description."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service


def register(app: Flask, service: Service) -> None:
    """Add this part's endpoints."""
    from web_api.v1.common import API  # noqa: PLC0415 - endpoints are made when they are first served
    from web_api.v1.reforms import EXTENSION, ReformedLaws  # noqa: PLC0415 - the same

    for module in ("calculations", "explanations", "facts", "openapi", "docs"):  # each adds its endpoints to the blueprint
        import_module(f"{__name__}.{module}")
    app.extensions[EXTENSION] = ReformedLaws(service.legislation)
    app.register_blueprint(API)
