"""What a note is asked for: the amendment, the households of the page, a title, a language and the kind of file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from web_api.amendments import Amendment
from web_api.households.asked import MOST_HOUSEHOLDS
from web_api.households.model import Household  # noqa: TC001 - pydantic reads the annotation


class NoteAsked(Amendment):
    """A note on an amendment. The effects on the country stand in it where they have been computed; nothing is computed for it but the households."""

    title: str = Field("", max_length=200)
    language: Literal["fr", "en"] = "fr"
    format: Literal["pdf", "ods", "csv"] = "pdf"
    households: tuple[Household, ...] | None = Field(None, max_length=MOST_HOUSEHOLDS, description="Those of the page; null for those that are shipped.")
