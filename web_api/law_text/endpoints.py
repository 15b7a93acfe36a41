"""The law and the amendment's text over HTTP: `GET` and `POST /v1/law`, `POST /v1/amendments/text` and `/rebase`, `GET /v1/bills`, the panel as a fragment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from flask import Blueprint, Response, current_app
from pydantic import Field

from web_api.amendments import FIRST_YEAR, LAST_YEAR, YEAR, Amendment, Figure, bill_of, laws_of
from web_api.documented import Answer, Asked, described, endpoint, read_query
from web_api.law_text.articles import own_articles
from web_api.law_text.bills import BillsTold, told, years
from web_api.law_text.drafting import draft
from web_api.law_text.panel import panel
from web_api.law_text.rebasing import Rebasing
from web_api.law_text.telling import IN_FORCE, Telling
from web_api.law_text.told import LawTold
from web_api.service import service
from web_api.words import say

if TYPE_CHECKING:
    from web_api.amendments import Laws

blueprint = Blueprint("law_text", __name__, static_folder="static", static_url_path="/static/law_text")

Language = Literal["fr", "en"]


class PanelAsked(Asked):
    """Which panel."""

    year: int = Field(YEAR, ge=FIRST_YEAR, le=LAST_YEAR)
    language: Language = "fr"


class LawAsked(PanelAsked):
    """Which law."""

    bill: str | None = None


class LawAmended(Amendment):
    """Which law, with an amendment."""

    language: Language = "fr"


class StartingPoint(Asked):
    """A law to amend."""

    year: int = Field(YEAR, ge=FIRST_YEAR, le=LAST_YEAR)
    bill: str | None = None


class RebaseAsked(LawAmended):
    """An amendment, and the law to take it to."""

    onto: StartingPoint


class ConflictTold(Answer):
    """What the amendment and the other law both change: that of the amendment stays."""

    path: str
    message: str


class RebaseTold(Answer):
    """The changes over the other law."""

    changes: dict[str, list[dict[str, float]] | Figure]
    conflicts: list[ConflictTold]


class TextTold(Answer):
    """The text of an amendment."""

    text: str = Field(description="Plain; empty where no figure is changed.")
    html: str
    notes: list[str] = Field(description="What is to be known of it.")


@endpoint(blueprint, "GET", "/v1/law", query=LawAsked, answer=LawTold, tag="law")
def law(asked: LawAsked) -> LawTold:
    """Tell the law of a year, article by article, in French or in English; with `bill`, its figures beside those in force."""
    return _law(Amendment(year=asked.year, bill=asked.bill), asked.language)


@endpoint(blueprint, "POST", "/v1/law", body=LawAmended, answer=LawTold, tag="law")
def amended_law(asked: LawAmended) -> LawTold:
    """Tell the law of a year with the figures of a bill and of an amendment beside those in force."""
    return _law(asked, asked.language)


@endpoint(blueprint, "POST", "/v1/amendments/text", body=LawAmended, answer=TextTold, tag="law")
def amendment_text(asked: LawAmended) -> TextTold:
    """Draft the text of an amendment from the figures that it changes, in parliamentary form."""
    return drafted(asked, asked.language)


def drafted(asked: Amendment, language: str) -> TextTold:
    """Return the text of an amendment. Raises RefusedRequestError and ReformError where it does not fit the law."""
    laws = _laws(asked)
    telling = Telling({IN_FORCE: laws.in_force}, asked.year, language)
    title = None if asked.bill is None else bill_of(asked.bill, service().settings).words
    base = laws.bill or laws.in_force
    found = draft(own_articles(), base, laws.amended or base, asked.changes, telling, title)
    notes = [say(language, "law_text.draft_note"), *_notes(asked, language)]
    return TextTold(text=found.text, html=str(found.html), notes=notes if found.parts else [say(language, "law_text.nothing_changed"), *notes[1:]])


@endpoint(blueprint, "POST", "/v1/amendments/rebase", body=RebaseAsked, tag="law", answer=RebaseTold)
def rebase_amendment(asked: RebaseAsked) -> RebaseTold:
    """Take an amendment from the law that it was made over to another: rows of a scale that it does not change follow, what both change stays as it is.

    Figures that are not of a scale stay as they are. The amendment need not fit the law: what does not is given back as it came.
    """
    base, other = (_laws(Amendment(year=each.year, bill=each.bill)) for each in (asked, asked.onto))
    rebasing = Rebasing(base.bill or base.in_force, asked.year, other.bill or other.in_force, asked.onto.year, asked.language)
    changes, conflicts = rebasing.changes(asked.changes, own_articles())
    return RebaseTold(changes=changes, conflicts=[ConflictTold(path=path, message=message) for path, message in conflicts])


@endpoint(blueprint, "GET", "/v1/bills", answer=BillsTold, tag="law")
def draft_bills() -> BillsTold:
    """List the draft bills that one may amend, with the years of the law that each changes."""
    return told(service().legislation, service().settings)


@blueprint.get("/panels/law")
@described(tag="law", query=PanelAsked, content_type="text/html")
def law_panel() -> Response:
    """Answer the panel of a year as an HTML fragment, for the page that shows another year."""
    asked: PanelAsked = read_query(PanelAsked)
    return current_app.response_class(panel(service(), asked.year, asked.language), content_type="text/html; charset=utf-8")


def _law(asked: Amendment, language: str) -> LawTold:
    telling = Telling(_laws(asked).by_name, asked.year, language)
    articles = [telling.article(each) for each in own_articles()]
    return LawTold(year=asked.year, language=language, bill=asked.bill, notes=_notes(asked, language), articles=articles)


def _laws(asked: Amendment) -> Laws:
    return laws_of(asked, service().legislation, service().settings)


def _notes(asked: Amendment, language: str) -> list[str]:
    """Return what a reader would not see: a bill that does not touch the year."""
    if asked.bill is None:
        return []
    touched = years(service().legislation, asked.bill, service().settings)
    if asked.year in touched:
        return []
    title = bill_of(asked.bill, service().settings).words
    return [say(language, "law_text.bill_does_not_touch", bill=title, year=asked.year, years=", ".join(map(str, touched)) or "—")]
