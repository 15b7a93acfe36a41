"""To be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service


def register(app: Flask, service: Service) -> None:
    """Add this part's endpoints."""
