"""A result that the server has already, for a page that asks while figures are being typed: nothing is calculated for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from engine.errors import DataError
from web_api.country_runs.asked import ImpactAsked, checked, key_of
from web_api.country_runs.endpoints import ImpactTold, client_of
from web_api.country_runs.identity import law_identity, population_identity
from web_api.country_runs.results import kept
from web_api.country_runs.wire import DONE
from web_api.documented import endpoint
from web_api.service import service

if TYPE_CHECKING:
    from web_api.settings import Settings

NO_CONTENT = 204
blueprint = Blueprint("country_known", __name__)


@endpoint(blueprint, "POST", "/v1/impacts/known", body=ImpactAsked, answer=ImpactTold, also={NO_CONTENT: None}, tag="country")
def known_impact(asked: ImpactAsked) -> Response:
    """Answer the effects of an amendment on the country where they are known already; 204 where they are not: nothing is calculated."""
    found = known_result(asked)
    if found is None:
        return Response(status=NO_CONTENT)
    key, content = found
    return Response(b'{"id":"' + key.encode() + b'","state":"done","result":' + content + b"}", content_type="application/json")


def known_result(asked: ImpactAsked) -> tuple[str, bytes] | None:
    """Return id and result (JSON) of a run where the server has it; None where nobody asked for it. Raises RefusedRequestError for what does not fit."""
    settings = service().settings
    reform = checked(asked, service().legislation, settings)
    try:
        key = key_of(asked, reform, law_identity(), population_identity(settings.population))
    except (DataError, OSError):
        return None
    content = _content(key, settings)
    return (key, content) if content else None


def _content(key: str, settings: Settings) -> bytes:
    """Return a result that a file or the runner has; empty where neither has it."""
    found = kept(key) if settings.cache else None
    if found is not None:
        return found
    try:
        told = client_of(settings).look(key)
    except DataError:  # the runner is there, and does not answer
        return b""
    return told[1] if told is not None and told[0]["state"] == DONE else b""
