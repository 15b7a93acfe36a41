"""The endpoints of the runs over the country.

POST   /v1/impacts              an amendment or a reform: 200 with the result where it is known, else 202 {id, state}
GET    /v1/impacts/<id>         where it stands, or its result; 410 where the server does not know it (any more): post again
GET    /v1/impacts/<id>/events  the same as server-sent events
DELETE /v1/impacts/<id>         one who asked does not want it any more
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import Blueprint, Response, request
from pydantic import Field

from engine.errors import DataError
from web_api.answers import NOT_FOUND, UNAVAILABLE, RefusedRequestError
from web_api.country_runs.asked import ImpactAsked, checked, key_of
from web_api.country_runs.client import Client
from web_api.country_runs.events import END, Streams, events, told
from web_api.country_runs.identity import law_identity, population_identity
from web_api.country_runs.results import kept
from web_api.country_runs.wire import CANCELLED, DONE, FULL, UNKNOWN
from web_api.documented import Answer, Error, endpoint
from web_api.limits import check_rate
from web_api.service import service

if TYPE_CHECKING:
    from collections.abc import Callable

    from web_api.settings import Settings

Heard = TypeVar("Heard")
OK, ACCEPTED, NO_CONTENT, GONE = 200, 202, 204, 410
TAG: Final = "country"
EXAMPLE: Final = {"year": 2022, "changes": {"impot_revenu.decote.personne_seule": 900}}
UNKNOWN_RUN: Final = {GONE: Error}
SPARED: Final = 2
"""So many threads of a worker are left by event streams, of which each takes one as long as it is open; streams beyond that end after one event."""
THREADS: Final = 8
"""How many threads a worker has where the server does not tell, as `bareme serve` has."""
_streams: Final = Streams()
blueprint: Final = Blueprint("country_runs", __name__)
_ID: Final = re.compile(r"[0-9a-f]{32}\Z")


class Progress(Answer):
    """How far a run is."""

    step: str = Field(description="What is done now, as `amendement`.")
    words: dict[str, str] = Field(description="The same for readers, by language.")
    fraction: float = Field(ge=0, le=1, description="How much of the whole is done.")
    ahead: int = Field(description="How many other runs come first.")


class ColumnTold(Answer):
    """A column of a table."""

    name: str
    label: str
    unit: str = Field(description="`€`, `ménages`, `part`…; empty for texts.")
    error: str | None = Field(description="The name of the cells with the sampling error of this column; null where it has none.")


class TableTold(Answer):
    """A table of results."""

    name: str
    title: str
    note: str
    columns: list[ColumnTold]
    rows: list[dict[str, float | int | str | None]] = Field(description="Cells by column; null where there is no figure, or one under statistical secrecy.")


class ImpactFound(Answer):
    """What a reform does. It says nothing of what was asked."""

    years: list[int]
    replicates: int
    law: dict[str, str]
    population: dict[str, str | bool]
    seconds: float = Field(description="How long it took to compute.")
    tables: list[TableTold]
    notes: list[str]
    cautions: list[str] = Field(description="To be read before the figures.")


class ImpactTold(Answer):
    """Where a run stands: `queued`, `running`, `done` (with the result), `failed` (with a message) or `cancelled`."""

    id: str
    state: str
    words: dict[str, str] | None = None
    progress: Progress | None = None
    result: ImpactFound | None = None
    message: str | None = None
    others: int | None = Field(None, description="After DELETE: how many others have asked for it and wait.")


@cache
def client_of(settings: Settings) -> Client:
    """Return this process's client for settings."""
    return Client(settings)


@endpoint(
    blueprint,
    "POST",
    "/v1/impacts",
    body=ImpactAsked,
    answer=ImpactTold,
    status=ACCEPTED,
    also={OK: ImpactTold},
    example=EXAMPLE,
    tag=TAG,
)
def impacts(asked: ImpactAsked) -> Response:
    """Have the effects of an amendment on the country computed: the result at once where it is known, else the id of the run.

    429 where a client asks for more of those that are not known than the settings allow in a minute.
    """
    settings = service().settings
    reform = checked(asked, service().legislation, settings)
    population = _population(settings)
    key = _heard(lambda: key_of(asked, reform, law_identity(), population))
    known = kept(key) if settings.cache else None
    if known is not None:
        return _done(key, known)
    check_rate("impacts", settings.impacts_per_minute)
    message, content = _heard(lambda: client_of(settings).submit(key, asked.model_dump(mode="json", by_alias=True)))
    if message["state"] == FULL:
        raise RefusedRequestError("Too many runs over the country wait already: ask again in a minute.", status=UNAVAILABLE)
    return _done(key, content) if message["state"] == DONE else _answer(told(message), ACCEPTED)


@endpoint(blueprint, "GET", "/v1/impacts/<key>", answer=ImpactTold, also=UNKNOWN_RUN, tag=TAG)
def impact_of(key: str) -> Response:
    """Say where a run stands, with its result once it is done."""
    _check(key)
    settings = service().settings
    known = kept(key) if settings.cache else None
    if known is not None:
        return _done(key, known)
    found = _heard(lambda: client_of(settings).look(key))
    if found is None or found[0]["state"] == UNKNOWN:
        raise _unknown()
    message, content = found
    return _done(key, content) if message["state"] == DONE else _answer(told(message), OK)


@endpoint(blueprint, "GET", "/v1/impacts/<key>/events", also={NO_CONTENT: None}, tag=TAG, content_type="text/event-stream")
def impact_events(key: str) -> Response:
    """Tell what happens to a run as server-sent events: progress, then done, failed, cancelled or unknown; restarted where it was interrupted."""
    _check(key)
    settings = service().settings
    last = request.headers.get("Last-Event-ID", "")
    if last.endswith(f".{END}"):
        return Response(status=NO_CONTENT)  # which ends the browser's attempts to connect again
    has_place = _streams.open(request.environ.get("bareme.threads", THREADS) - SPARED)
    found = events(client_of(settings), key, last, is_kept=settings.cache, once=not has_place)
    answer = Response(found, content_type="text/event-stream; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Accel-Buffering"] = "no"  # nginx would hold events back
    if has_place:
        answer.call_on_close(_streams.close)
    return answer


@endpoint(blueprint, "DELETE", "/v1/impacts/<key>", answer=ImpactTold, also=UNKNOWN_RUN, tag=TAG)
def withdraw_impact(key: str) -> Response:
    """Say that one who asked for a run does not want it any more: it is cancelled unless others wait for it."""
    _check(key)
    settings = service().settings
    message = _heard(lambda: client_of(settings).withdraw(key))
    if message is None or message["state"] == UNKNOWN:
        if settings.cache and kept(key) is not None:
            return _answer(told({"key": key, "state": DONE}), OK)
        raise _unknown()
    others = 0 if message["state"] in {CANCELLED, DONE} else max(0, message["askers"])
    return _answer(told(message) | {"others": others}, OK)


def _heard(ask: Callable[[], Heard]) -> Heard:
    """Return what the runner answers, or what needs its files. Raises RefusedRequestError where it does not, or cannot be started."""
    try:
        return ask()
    except DataError as error:
        raise RefusedRequestError(str(error), status=UNAVAILABLE) from error


def _population(settings: Settings) -> str:
    try:
        return population_identity(settings.population)
    except (DataError, OSError) as error:
        raise RefusedRequestError("The population of this server cannot be read: its settings name none that is there.", status=UNAVAILABLE) from error


def _check(key: str) -> None:
    if not _ID.match(key):
        raise RefusedRequestError("There is no such run: expected the id that POST /v1/impacts gave.", status=NOT_FOUND)


def _unknown() -> RefusedRequestError:
    return RefusedRequestError("The server does not know this run, or not any more: post again what is asked.", status=GONE)


def _answer(content: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), status=status, content_type="application/json")


def _done(key: str, content: bytes) -> Response:
    head = json.dumps(told({"key": key, "state": DONE}), ensure_ascii=False).encode()
    return Response(head[:-1] + b',"result":' + content + b"}", status=OK, content_type="application/json")
