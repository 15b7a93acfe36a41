"""`POST /v1/calculations`: many situations, under the law in force or a reform, each answered by its document with the values filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, current_app, json
from pydantic import Field

from engine.errors import Problem, SituationError
from engine.situation import read_situation
from web_api.answers import NOT_FOUND, RefusedRequestError, pointer
from web_api.documented import JSON, Answer, Asked, endpoint
from web_api.service import service
from web_api.sizes import check_sizes
from web_api.v1 import examples
from web_api.v1.batches import Found, found_for
from web_api.v1.common import API, TAG, Document, ProblemTold, ReformAsked, When, read_period
from web_api.v1.reforms import law_under

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.situation import Situation

MOST_ASKED = 2_000
"""So many variables by period may be asked for in one request: each is a rule to be run the first time."""
UNCOMPUTED = 422
"""The status of a value that the law could not compute for what was given."""


class Calculations(Asked):
    """Situations to compute."""

    situations: list[Document] = Field(min_length=1, description="The situations; those of the same shape are computed together.")
    period: When | None = None
    reform: ReformAsked | None = Field(None, description="A change of the law; without it, the law in force is computed.")


class Calculated(Answer):
    """What was found for one situation: its document with each null filled, or null where it could not be read; and what is wrong."""

    situation: dict[str, Any] | None
    problems: list[ProblemTold]


class CalculationsTold(Answer):
    """The situations in the order in which they were asked."""

    situations: list[Calculated]


@endpoint(API, "POST", "/v1/calculations", body=Calculations, answer=CalculationsTold, tag=TAG, example=examples.calculations)
def calculations(asked: Calculations) -> Response:
    """Compute the values that situations ask for.

    Every null at a period of a variable is filled with its value: numbers are exact (the shortest decimals that give the same float64),
    dates ISO 8601, enumerations by the names of their members; with axes, a list of the values of each cell. A situation that is wrong
    does not stop the others: its problems are told beside it. Where all are wrong the answer is an error, 404 where nothing but names of
    variables is.
    """
    at = read_period(asked.period)
    law = law_under(asked.reform)
    check_sizes(law, [(pointer(("situations", place)), each) for place, each in enumerate(asked.situations)], service().settings, at)
    read: dict[int, Situation] = {}
    wrong: dict[int, list[ProblemTold]] = {}
    for place, document in enumerate(asked.situations):
        try:
            read[place] = read_situation(law, document, at)
        except SituationError as error:
            wrong[place] = [_told(place, each) for each in error.problems]
    if not read:
        raise _refused(problem for problems in wrong.values() for problem in problems)
    _check_asked(read)
    found = dict(zip(read, found_for(law, list(read.values()), at), strict=True))
    told = [_calculated(place, each, found.get(place), wrong.get(place, [])) for place, each in enumerate(asked.situations)]
    return current_app.response_class(json.dumps({"situations": told}, allow_nan=False), content_type=JSON)


def _told(place: int, problem: Any) -> ProblemTold:
    return ProblemTold(path=pointer(("situations", place, *problem.path)), message=problem.message, status=problem.code)


def _refused(problems: Any) -> RefusedRequestError:
    listed: list[ProblemTold] = list(problems)
    status = NOT_FOUND if all(each.status == NOT_FOUND for each in listed) else 400
    return RefusedRequestError("No situation is as expected.", [Problem(each.path, each.message) for each in listed], status)


def _check_asked(read: Mapping[int, Situation]) -> None:
    asked: set[Any] = set()
    for place, situation in read.items():
        asked.update((each.variable, each.period) for each in situation.requested)
        if len(asked) > MOST_ASKED:
            problem = Problem(pointer(("situations", place)), f"expected at most {MOST_ASKED:,} variables by period to be asked for; there are more.")
            raise RefusedRequestError("The situations ask for too much.", [problem], 413)


def _calculated(place: int, document: dict[str, Any], found: Found | None, wrong: Sequence[ProblemTold]) -> dict[str, Any]:
    """Return one situation of the answer."""
    problems = [each.model_dump() for each in wrong]
    if found is None:
        return {"situation": None, "problems": problems}
    for path, message in found.problems.items():
        problems.append({"path": pointer(("situations", place, *path)), "message": message, "status": UNCOMPUTED})
    return {"situation": filled(document, found.values), "problems": problems}


def filled(document: dict[str, Any], values: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """Return a document with values at paths; what holds none of them is the document's own."""
    whole: dict[str, Any] = dict(document)
    copies: dict[tuple[str, ...], Any] = {(): whole}
    for path, value in values.items():
        at: Any = whole
        for depth, step in enumerate(path[:-1], start=1):
            place: Any = int(step) if isinstance(at, list) else step
            if path[:depth] not in copies:
                below = at[place]
                copies[path[:depth]] = at[place] = list(below) if isinstance(below, list) else dict(below)
            at = copies[path[:depth]]
        at[int(path[-1]) if isinstance(at, list) else path[-1]] = value
    return whole
