"""`GET /v1/law-facts`, what is served and within which limits, and `GET /v1/health`, whether it is."""

from __future__ import annotations

from importlib.metadata import version

from pydantic import Field

from web_api.amendments import FIRST_YEAR, LAST_YEAR
from web_api.documented import Answer, endpoint
from web_api.service import service
from web_api.v1.calculations import MOST_ASKED
from web_api.v1.common import API
from web_api.v1.reforms import MOST_CHANGES

TAG = "about"


class EntityTold(Answer):
    """An entity of the law."""

    key: str
    plural: str
    is_person: bool


class LimitsTold(Answer):
    """The limits in force on this server; 0 where there is none."""

    max_body_bytes: int
    max_persons: int
    max_values: int
    max_asked: int = Field(description="Variables by period that one request may ask for.")
    max_reform_changes: int
    max_seconds: float
    requests_per_minute: int
    needs_key: bool


class LawFacts(Answer):
    """What is served."""

    name: str = Field(description="The package that holds the law.")
    version: str
    engine: str = Field(description="The version of Barème.")
    first_year: int | None = Field(description="The first year for which the law is held; null where the package does not say.")
    last_year: int | None
    variables: int
    entities: list[EntityTold]
    limits: LimitsTold


class Health(Answer):
    """That the server answers."""

    status: str = Field(examples=["ok"])


@endpoint(API, "GET", "/v1/law-facts", answer=LawFacts, tag=TAG)
def law_facts() -> LawFacts:
    """Say which law is served, in which version, for which years, and within which limits."""
    found = service()
    settings, law = found.settings, found.legislation
    limits = LimitsTold(
        max_body_bytes=settings.max_body_bytes,
        max_persons=settings.max_persons,
        max_values=settings.max_values,
        max_asked=MOST_ASKED,
        max_reform_changes=MOST_CHANGES,
        max_seconds=settings.max_seconds,
        requests_per_minute=settings.requests_per_minute,
        needs_key=bool(settings.api_keys),
    )
    return LawFacts(
        name=found.name,
        version=found.version,
        engine=version("bareme"),
        first_year=FIRST_YEAR if found.is_own_law else None,
        last_year=LAST_YEAR if found.is_own_law else None,
        variables=len(law.variables),
        entities=[EntityTold(key=each.key, plural=each.plural, is_person=each is law.person) for each in law.entities.values()],
        limits=limits,
    )


@endpoint(API, "GET", "/v1/health", answer=Health, tag=TAG)
def health() -> Health:
    """Say that the server answers; needs no key and is not counted."""
    return Health(status="ok")
