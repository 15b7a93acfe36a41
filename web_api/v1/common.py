"""What the endpoints over situations share: the forms in which a situation, a period and a reform are asked, and how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from flask import Blueprint
from pydantic import Field

from engine.errors import PeriodError, Problem, SituationError
from engine.periods import period as as_period
from engine.situation import Situation, read_situation
from web_api.answers import RefusedRequestError, problems_of, status_of
from web_api.documented import Answer, Asked
from web_api.service import service
from web_api.sizes import check_sizes

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.periods import Period

API = Blueprint("v1", __name__, template_folder="templates", static_folder="static", static_url_path="/static/v1")
TAG = "calculations"

Document = Annotated[
    dict[str, Any],
    Field(
        description="A situation in OpenFisca's form: entities by their plural, their rows by id, variables by period; null asks for a value.",
    ),
]
When = Annotated[str | int, Field(description="A period, as `2022` or `2022-01`: that of all values that are given without one.", examples=["2022"])]
Figures = Annotated[
    dict[str, Any],
    Field(
        description="New values by the path of a figure or of a scale's brackets, and by the day from which they hold.",
    ),
]


class ReformAsked(Asked):
    """A change of the law for this request: figures by path and date, and variables put out of force."""

    title: str = Field("", max_length=500, description="What the reform is called; nothing depends on it.")
    parameters: Figures = Field(default_factory=dict)
    neutralize: list[str] = Field(default_factory=list, description="Variables that are always at their default.")


class ProblemTold(Answer):
    """One thing that is wrong: the JSON pointer to it in the body of the request, what was expected, and the status that it alone would be."""

    path: str = Field(examples=["/situations/0/persons/ana/salary"])
    message: str
    status: int = Field(400, examples=[400, 404])


def read_period(asked: str | int | None) -> Period | None:
    """Return the period that is said for all values. Raises RefusedRequestError where it is none."""
    try:
        return None if asked is None else as_period(asked)
    except PeriodError as error:
        raise RefusedRequestError("The body is not as expected.", [Problem("/period", str(error))]) from None


def read_one(legislation: Legislation, document: dict[str, Any], at: Period | None) -> Situation:
    """Return the one situation of a request. Raises RefusedRequestError with every problem, and for one that is too large."""
    check_sizes(legislation, [("/situation", document)], service().settings, at)
    try:
        return read_situation(legislation, document, at)
    except SituationError as error:
        raise RefusedRequestError("The situation is not as expected.", problems_of(error, "situation"), status_of(error)) from None
