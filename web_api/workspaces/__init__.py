"""Saved workspaces: several amendments under a name, kept because somebody asked for it; their pages and their part of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service


def register(app: Flask, service: Service) -> None:
    """Add the workspaces."""
    from web_api.workspaces import api, pages  # noqa: F401, PLC0415 - SQLAlchemy is imported where an application is made; pages are added to the blueprint

    api.register(app, service.settings.database, service.settings.max_workspaces)
