"""A note put together: the amendment's text, the figures that it changes, typical households, the country where it is known, method and reserves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.reform import layers
from web_api.amendments import Amendment, bill_of, laws_of
from web_api.country.known import known_result
from web_api.country_runs.asked import ImpactAsked
from web_api.households import calculator
from web_api.households.asked import check
from web_api.households.calculation import told
from web_api.households.typical import typical_households
from web_api.law_text.changed import figures_changed
from web_api.law_text.endpoints import drafted
from web_api.law_text.figures import unit_in_words
from web_api.notes.country import country_part
from web_api.notes.model import Cell, Column, Figure, Grid, Note, Part
from web_api.notes.written import euros, plain, readable
from web_api.service import service
from web_api.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web_api.amendments import Laws
    from web_api.law_text.changed import ChangedFigure
    from web_api.notes.asked import NoteAsked

Words = Callable[..., str]
SUMS = ("net_income", "disposable_income", "living_standard")


@dataclass(frozen=True)
class Composer:
    """What every part of a note is made from."""

    asked: NoteAsked
    laws: Laws
    t: Words

    @property
    def amendment(self) -> Amendment:
        """The amendment alone."""
        return Amendment(year=self.asked.year, bill=self.asked.bill, changes=self.asked.changes)


def compose(asked: NoteAsked) -> Note:
    """Return the note. Raises RefusedRequestError and ReformError for an amendment that does not fit the law."""
    made = Composer(asked, laws_of(asked, service().legislation, service().settings), lambda key, **values: say(asked.language, f"notes.{key}", **values))
    return Note(
        title=readable(asked.title).strip() or made.t("title"),
        subtitle=made.t("subtitle", year=asked.year),
        language=asked.language,
        about=tuple(_about(made)),
        parts=(_text(made), _figures(made), _households(made), country_part(_known(made), asked.language), _method(made)),
    )


def _about(made: Composer) -> Iterator[tuple[str, str]]:
    now = datetime.now(UTC)
    yield made.t("date"), now.strftime("%d/%m/%Y %H:%M UTC" if made.asked.language == "fr" else "%Y-%m-%d %H:%M UTC")
    yield made.t("law"), made.t("law_of", version=service().version, year=made.asked.year)
    if made.asked.bill is not None:
        yield made.t("bill"), layers(bill_of(made.asked.bill, service().settings))[-1].words


def _text(made: Composer) -> Part:
    found = drafted(made.amendment, made.asked.language)
    lines = tuple(line for line in readable(found.text).split("\n") if line) or (made.t("nothing_changed"),)
    return Part(made.t("text"), lines, is_quoted=True)


def _figures(made: Composer) -> Part:
    before = made.laws.bill or made.laws.in_force
    rows = list(figures_changed(made.laws.in_force, made.laws.amended or before, made.asked.year, made.asked.language))
    cells = tuple(_figure(row, made.asked.language) for row in rows)
    texts = [Column(made.t(key), is_text=True) for key in ("figure", "parameter", "unit")]
    grid = Grid("figures", made.t("figures_title"), (*texts, Column(made.t("in_force")), Column(made.t("amended"))), cells)
    return Part(made.t("figures"), () if rows else (made.t("nothing_changed"),), (grid,) if rows else ())


def _figure(changed: ChangedFigure, language: str) -> tuple[Cell, ...]:
    figures = (plain(value, changed.unit, language) for value in (changed.before, changed.after))
    return changed.label, changed.path, unit_in_words(changed.unit, language), *figures


def _households(made: Composer) -> Part:
    language = made.asked.language
    chosen = made.asked.households
    households = typical_households(language) if chosen is None else chosen
    if not households:
        return Part(made.t("households"), (made.t("no_households"),))
    check(households, made.asked.year, service().settings, [f"/households/{place}" for place in range(len(households))])
    results = told(calculator(service()).calculate(households, made.amendment, keep=chosen is None), language)
    return Part(made.t("households"), (made.t("households_note"),), tuple(_card(each, place, made) for place, each in enumerate(results, start=1)))


def _card(household: dict[str, Any], place: int, made: Composer) -> Grid:
    names = list(made.laws.by_name)
    columns = (Column(made.t("yearly"), is_text=True), *(Column(made.t(name), "€") for name in names), Column(made.t("difference"), "€"))
    lines = [(str(line["label"]), line["amounts"]) for line in household["lines"]]
    lines += [(made.t(key), household[key]) for key in SUMS]
    rows: tuple[tuple[Cell, ...], ...] = tuple((label, *_amounts(amounts, names, made.asked.language)) for label, amounts in lines)
    return Grid(f"household_{place}", readable(household["name"]), columns, rows, frozenset({len(household["lines"]) + 1}))


def _amounts(amounts: dict[str, float | None], names: list[str], language: str) -> Iterator[Figure]:
    yield from (euros(amounts[name], language) for name in names)
    first, last = amounts[names[0]], amounts[names[-1]]
    yield euros(None if first is None or last is None else last - first, language, is_signed=True)


def _known(made: Composer) -> dict[str, Any] | None:
    """Return the effects on the country where they are known, and something is changed."""
    if made.asked.bill is None and not made.asked.changes:
        return None
    found = known_result(ImpactAsked(**made.amendment.model_dump()))
    return None if found is None else dict(json.loads(found[1]))


def _method(made: Composer) -> Part:
    return Part(made.t("method"), tuple(made.t(key) for key in ("mechanical", "invented", "own_words")))
