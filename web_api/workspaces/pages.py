"""The workspaces' pages: those that this browser knows of, and one workspace with its amendments side by side."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import BaremeError
from engine.reform import layers
from web_api.amendments import bills, laws_of
from web_api.answers import NOT_FOUND
from web_api.law_text.changed import figures_changed
from web_api.law_text.figures import retold
from web_api.page.frame import html, language
from web_api.sentences import in_language
from web_api.service import service
from web_api.workspaces.api import SavedAmendment, blueprint, store

if TYPE_CHECKING:
    from flask import Response

PLACE = "workspaces"


@dataclass(frozen=True)
class Side:
    """An amendment as the page shows it beside others: `figures` that it changes, or why it no longer fits the law."""

    name: str
    amendment: dict[str, Any]
    bill: str
    fragment: str
    figures: dict[str, tuple[str, str]]
    problem: str = ""


@blueprint.get("/workspaces")
def list_page() -> Response:
    """Show the workspaces that this browser keeps the addresses of; the server has no list."""
    return html("workspaces/list.html", place=PLACE)


@blueprint.get("/workspaces/<id_>")
def workspace_page(id_: str) -> Response:
    """Show a workspace: its amendments side by side."""
    kept = store().read(id_)
    if kept is None:
        answer = html("workspaces/gone.html", place=PLACE)
        answer.status_code = NOT_FOUND
        return answer
    sides = [_side(SavedAmendment.model_validate(each)) for each in kept.content["amendments"]]
    rows = list(dict.fromkeys((path, label) for side in sides for path, (label, _) in side.figures.items()))
    data = json.dumps({"id": kept.id, "version": kept.version, **kept.content}, ensure_ascii=False).replace("<", "\\u003c")
    return html("workspaces/workspace.html", place=PLACE, kept=kept, sides=sides, rows=rows, data=data)


def _side(saved: SavedAmendment) -> Side:
    settings = service().settings
    amendment = saved.amendment.model_dump(mode="json", exclude_unset=False)
    known = bills(settings).get(saved.amendment.bill or "")
    words = "" if known is None else layers(known)[-1].words
    fragment = state_fragment({**amendment, "households": saved.households})
    try:
        laws = laws_of(saved.amendment, service().legislation, settings)
    except BaremeError as error:
        problems = getattr(error, "problems", ())
        told = " ".join(in_language(each.message, language()) for each in problems) or in_language(str(error), language())
        return Side(saved.name, amendment, words, fragment, {}, told)
    before = laws.bill or laws.in_force
    changed = figures_changed(before, laws.amended or before, saved.amendment.year, language())
    figures = {each.path: (each.label, " → ".join(retold(value, each.unit, language()) for value in (each.before, each.after))) for each in changed}
    return Side(saved.name, amendment, words, fragment, figures)


def state_fragment(state: dict[str, Any]) -> str:
    """Return the fragment of the page's address that reopens a state, as `page/static/state.js` writes it."""
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()
    return f"a={base64.urlsafe_b64encode(text).decode().rstrip('=')}"
