"""The country's panel of the page: what an amendment does to the budget and to whom, and how far the population is from official figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service


def register(app: Flask, service: Service) -> None:
    """Add this part's endpoints."""
