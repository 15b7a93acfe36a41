"""The addresses of this part: pages for readers, the specs of their charts, and search for programs."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from flask import Blueprint, jsonify, redirect, request, url_for
from pydantic import Field

from engine.parameters import Sort
from engine.parameters.items import Container, segments_of
from web_api.answers import NOT_FOUND, RefusedRequestError
from web_api.documented import Answer, Asked, endpoint
from web_api.explore.chart import chart_of, has_chart
from web_api.explore.index import PARAMETER, VARIABLE
from web_api.explore.law import explored
from web_api.explore.parameter import parameter_told, unit_of
from web_api.explore.values import Teller
from web_api.explore.variable import variable_told
from web_api.page.frame import html, language

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from web_api.explore.law import ExploredLaw

ON_A_PAGE: Final = 30
MOST_ASKED: Final = 200
LONGEST_QUERY: Final = 200

blueprint = Blueprint("explore", __name__, template_folder="templates")


@blueprint.context_processor
def _context() -> dict[str, Any]:
    """Give the templates the addresses of this part in the language of the page."""

    def address(kind: str, name: str) -> str:
        if not name:
            return url_for("explore.tree", lang=language())
        return url_for("explore.variable" if kind == VARIABLE else "explore.parameter", name=name, lang=language())

    return {"address": address, "place": "explore"}


@blueprint.get("/explore")
def search() -> Response:
    """Answer the page of the search, with what was found where something is asked for."""
    law, query = explored(), _query()
    kind = request.args.get("kind", "")
    kind = kind if kind in (VARIABLE, PARAMETER) else ""
    number = max(1, request.args.get("page", 1, type=int))
    found = law.index.search(query, number * ON_A_PAGE, kind)
    return html(
        "explore/search.html",
        query=query,
        kind=kind,
        number=number,
        found=found.entries[(number - 1) * ON_A_PAGE :],
        first=(number - 1) * ON_A_PAGE + 1,
        count=found.count,
        has_more=found.count > number * ON_A_PAGE,
        counts=_counts(law),
        branches=[law.legislation.parameters.get(name) for name in law.legislation.parameters.child_names()],
        law_name=law.legislation.name,
        near=[] if found.count or not query else law.near(query),
    )


def _query() -> str:
    return " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]


def _counts(law: ExploredLaw) -> dict[str, int]:
    entries = law.index.entries
    variables = sum(entry.kind == VARIABLE for entry in entries)
    return {"variables": variables, "parameters": sum(entry.sort != "branch" for entry in entries) - variables}


@blueprint.get("/explore/variables/<name>")
def variable(name: str) -> Response:
    """Answer the page of a variable."""
    law = explored()
    rule = law.legislation.variables.get(name)
    if rule is None:
        return _not_there(law, name)
    return html("explore/variable.html", told_of=variable_told(law, rule, language()))


@blueprint.get("/explore/parameters")
def tree() -> Response:
    """Answer the page of the tree of figures as a whole."""
    law = explored()
    return html("explore/parameter.html", told_of=parameter_told(law, law.legislation.parameters, language()))


@blueprint.get("/explore/parameters/<path:name>")
def parameter(name: str) -> AnyResponse:
    """Answer the page of a figure, a scale, a table or a branch; of a bracket, that of its scale."""
    law = explored()
    item = _item(law, name)
    if item is None:
        return _not_there(law, name)
    if item.sort is Sort.BRACKET:
        return redirect(url_for("explore.parameter", name=item.name.rpartition("[")[0], lang=language()))
    return html("explore/parameter.html", told_of=parameter_told(law, item, language()))


@blueprint.get("/explore/charts/<path:name>")
def chart(name: str) -> Response:
    """Answer the chart of an item as Vega-Lite."""
    law = explored()
    item = _item(law, name)
    if item is None or not has_chart(item):
        raise RefusedRequestError(f"There is no chart of `{name}`.", status=NOT_FOUND)
    teller = Teller.of(law.legislation, language())
    answer = jsonify(chart_of(item, unit_of(law, item), item.description or item.name, teller, datetime.datetime.now(tz=datetime.UTC).date()))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _item(law: ExploredLaw, name: str) -> Any:
    """Return the item of a name, None where there is none."""
    item: Any = law.legislation.parameters
    for segment in segments_of(name):
        item = item.get(segment) if isinstance(item, Container) else None
        if item is None:
            return None
    return item if item.name == name or item.sort is Sort.BRACKET or "[" in name else None


def _not_there(law: ExploredLaw, name: str) -> Response:
    answer = html("explore/not_there.html", name=name[:LONGEST_QUERY], near=law.near(name[:LONGEST_QUERY]))
    answer.status_code = NOT_FOUND
    return answer


# For programs


class SearchAsked(Asked):
    """What is searched."""

    q: str = Field("", max_length=LONGEST_QUERY, description="Words in any order; accents and case do not count, and all must be found.")
    kind: Literal["variable", "parameter"] | None = Field(None, description="Variables alone, or figures of the law alone.")
    limit: int = Field(20, ge=0, le=MOST_ASKED, description="How many to tell at most.")


class FoundTold(Answer):
    """A variable, or an item of the tree of figures, that a search found."""

    kind: str = Field(description="`variable` or `parameter`.")
    name: str
    label: str
    sort: str = Field(description="Of a variable `input` or `formula`; of a parameter `figure`, `scale`, `table` or `branch`.")
    place: str = Field(description="The entity of a variable; what a parameter stands in.")
    page: str = Field(description="The path of its page.")


class SearchTold(Answer):
    """What a search found, the best first."""

    query: str
    count: int = Field(description="How many were found in all; `results` are the first of them.")
    results: list[FoundTold]


@endpoint(blueprint, "GET", "/v1/search", query=SearchAsked, answer=SearchTold, tag="explore")
def search_as_data(asked: SearchAsked) -> SearchTold:
    """Search the variables and figures of the law by the words of their names, labels and ancestors."""
    found = explored().index.search(asked.q, asked.limit, asked.kind or "")
    results = [
        FoundTold(kind=each.kind, name=each.name, label=each.label, sort=each.sort, place=each.place, page=url_for(f"explore.{each.kind}", name=each.name))
        for each in found.entries
    ]
    return SearchTold(query=asked.q, count=found.count, results=results)
