"""`POST /v1/explanations`, why a value is what it is, and `POST /v1/missing`, which inputs that nobody gave could move it."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from typing import TYPE_CHECKING, Any, Literal

from flask import Response, current_app, json, request
from pydantic import Field

from engine.errors import BaremeError, Problem, nearest
from engine.explanation import Missing, explain, missing
from engine.explanation.document import schema
from engine.periods import ETERNITY
from engine.periods import period as as_period
from engine.situation import Situation, simulation_from
from web_api.answers import NOT_FOUND, RefusedRequestError
from web_api.documented import JSON, Answer, Asked, endpoint
from web_api.sizes import check_size, size_of
from web_api.v1 import examples
from web_api.v1.common import API, Document, ReformAsked, When, read_one, read_period
from web_api.v1.reforms import law_under

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.simulation import Simulation

TAG = "explanations"
TEXT, HTML = "text/plain", "text/html"
MOST_PERSONS_TRIED, MOST_VALUES_TRIED = 64, 5_000
"""What a situation may come to whose missing inputs are looked for: it is copied for each value that is tried."""
_BLOCKS = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)


class OfResult(Asked):
    """A result of one situation."""

    situation: Document
    variable: str = Field(description="The variable.")
    period: When | None = Field(None, description="The period of the result, and of all values that are given without one.")
    id: str | None = Field(None, description="The row of the variable's entity, by its id in the situation; without it, the first.")
    reform: ReformAsked | None = Field(None, description="A change of the law; without it, the law in force is told.")


class Explanations(OfResult):
    """A result to explain."""

    depth: int | None = Field(None, ge=1, le=1_000, description="How many levels of rules are told; without it, all.")
    everything: bool = Field(default=False, description="Whether what is zero, at its default or without effect is told too.")
    language: Literal["fr", "en"] = Field("fr", description="The language of text and HTML.")


class MissingAsked(OfResult):
    """A result whose missing inputs are looked for."""

    most: int = Field(50, ge=1, le=1_000, description="How many inputs are told at most.")


class MissingTold(Answer):
    """An input that nobody gave: by how much the result moves at most, down and up, over the values that were tried."""

    variable: str
    label: str
    entity: str
    periods: list[str]
    default: bool | int | float | str | None
    lowest: float | None
    highest: float | None
    value: bool | int | float | str | None = Field(description="The value that moves the result most.")
    row: int | None
    id: str | None


class MissingAnswer(Answer):
    """The inputs, the one that can move the result most first; and how many there are beside those told."""

    missing: list[MissingTold]
    others: int


@endpoint(
    API,
    "POST",
    "/v1/explanations",
    body=Explanations,
    answer=schema(),
    tag=TAG,
    example=examples.explanations,
    contents={TEXT: {"type": "string"}, HTML: {"type": "string"}},
)
def explanations(asked: Explanations) -> Response:
    """Explain a result: the chain of rules that led to it, with the figures that they read and their articles.

    As JSON (a versioned schema), plain text or a page of HTML, by the Accept header.
    """
    simulation, row = _simulation(asked)
    found = explain(simulation, asked.variable, _period(asked, simulation.legislation), row, depth=asked.depth, everything=asked.everything)
    wanted = request.accept_mimetypes.best_match([JSON, TEXT, HTML], default=JSON)
    if wanted == TEXT:
        return current_app.response_class(found.to_text(asked.language), content_type=f"{TEXT}; charset=utf-8")
    if wanted == HTML:
        return _page(found.to_html(asked.language))
    return current_app.response_class(json.dumps(_finite(found.to_json()), allow_nan=False), content_type=JSON)


@endpoint(API, "POST", "/v1/missing", body=MissingAsked, answer=MissingAnswer, tag=TAG, example=examples.missing)
def missing_inputs(asked: MissingAsked) -> MissingAnswer:
    """Say which inputs are at their default and could move a result, the heaviest first: what to ask next."""
    size = size_of(law_under(asked.reform), asked.situation, asked.period)
    check_size(size, MOST_PERSONS_TRIED, MOST_VALUES_TRIED, "/situation")
    simulation, row = _simulation(asked)
    found = [each for each in missing(simulation, asked.variable, _period(asked, simulation.legislation), row) if each.moves_by]
    return MissingAnswer(missing=[_missing_told(each) for each in found[: asked.most]], others=max(0, len(found) - asked.most))


def _finite(value: Any) -> Any:
    """Return a document in which what is no finite number is null, as JSON has none."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _missing_told(found: Missing) -> MissingTold:
    told = {name: _plain(getattr(found, name)) for name in MissingTold.model_fields if name != "periods"}
    return MissingTold(**told, periods=list(found.periods))


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _simulation(asked: OfResult) -> tuple[Simulation, int]:
    """Return the simulation of a situation, and the row that is asked about. Raises RefusedRequestError for what is not there."""
    law = law_under(asked.reform)
    rule = law.variables.get(asked.variable)
    if rule is None:
        problem = Problem("/variable", f"there is no variable `{asked.variable}`.{nearest(asked.variable, law.variables)}")
        raise RefusedRequestError("There is no such variable.", [problem], NOT_FOUND)
    situation = read_one(law, asked.situation, read_period(asked.period))
    if situation.cells > 1:
        raise RefusedRequestError("The situation is not as expected.", [Problem("/situation/axes", "expected one situation, without axes.")])
    return simulation_from(law, situation), _row(situation, rule.entity.key, asked.id)


def _row(situation: Situation, entity: str, id_: str | None) -> int:
    if id_ is None:
        if not situation.population.counts[entity]:
            raise RefusedRequestError("There is no such row.", [Problem("/situation", f"there is no row of `{entity}`.")], NOT_FOUND)
        return 0
    try:
        return situation.row(entity, id_)
    except BaremeError as error:
        raise RefusedRequestError("There is no such row.", [Problem("/id", str(error))], NOT_FOUND) from None


def _period(asked: OfResult, law: Legislation) -> Any:
    """Return the period of the result. Raises RefusedRequestError where it needs one and none was said."""
    if law.variable(asked.variable).definition_period == ETERNITY:
        return as_period(ETERNITY)
    if asked.period is None:
        raise RefusedRequestError("The body is not as expected.", [Problem("/period", f"expected the period of `{asked.variable}`, as `2022`.")])
    return as_period(asked.period)


def _page(text: str) -> Response:
    """Return a page that needs nothing else; a browser runs what stands in it, and nothing that was put in."""
    answer = current_app.response_class(text, content_type=f"{HTML}; charset=utf-8")
    styles, scripts = ([_hashed(content) for name, content in _BLOCKS.findall(text) if name == kind] or ["'none'"] for kind in ("style", "script"))
    allowed = f"style-src {' '.join(styles)}; script-src {' '.join(scripts)}"
    answer.headers["Content-Security-Policy"] = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return answer


def _hashed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
