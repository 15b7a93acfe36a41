"""The panel of typical households, rendered on the server in the law in force: it can be read before any module has run, and printed.

The module (`static/households.js`) then writes the same cards anew whenever the amendment changes.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from flask import render_template

from analysis import amounts
from web_api.amendments import YEAR, Amendment
from web_api.households.calculation import told
from web_api.households.lines import MAIN
from web_api.households.model import Adult, Child, Household
from web_api.households.places import name_of
from web_api.households.typical import typical_households
from web_api.words import say

if TYPE_CHECKING:
    from web_api.households.calculation import Calculator

IN_FORCE: Final = "in_force"


@lru_cache(maxsize=32)
def panel_of(calculator: Calculator, year: int, language: str) -> str:
    """Return the panel's HTML."""
    households = typical_households(language)
    results = told(calculator.calculate(households, Amendment.model_validate({"year": year}), keep=True), language)
    return render_template(
        "households/panel.html",
        say=lambda key, **values: say(language, f"households.{key}", **values),
        euros=lambda amount: euros(amount, language),
        cards=[
            {"number": number, "household": household, "said": described(household, language), "told": each, "rows": rows_of(each, language)}
            for number, (household, each) in enumerate(zip(households, results, strict=True))
        ],
        data=json.dumps(_data(households, year), ensure_ascii=False).replace("<", "\\u003c"),
        year=year,
    )


def _data(households: tuple[Household, ...], year: int) -> dict[str, Any]:
    """Return what the module starts from: the default households, what a new person is, and the communes' names."""
    names = {each.commune: name_of(each.commune, year) for each in households}
    return {
        "households": [each.model_dump(mode="json", exclude_defaults=True) for each in households],
        "household": Household().model_dump(mode="json"),
        "adult": Adult().model_dump(mode="json"),
        "child": Child().model_dump(mode="json"),
        "communes": names,
    }


def euros(amount: float | None, language: str) -> str:
    """Return whole euros as a language writes them, a dash where there is no amount."""
    return "–" if amount is None else amounts.euros(amount, language)


def rows_of(told_: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """Return the rows of a card in the law in force, key and amount; `static/cards.js` makes the same for every law."""

    def total(kind: str, *, but: tuple[str, ...] = ()) -> float:
        return sum(line["amounts"][IN_FORCE] or 0.0 for line in told_["lines"] if line["kind"] == kind and line["name"] not in but)

    of = {line["name"]: line["amounts"][IN_FORCE] for line in told_["lines"]}
    rows = {
        "gross": told_["gross_income"],
        "income_tax": of["impot_revenu"],
        "housing_tax": of["taxe_habitation"],
        "other_levies": total("levy", but=MAIN),
        "benefits": total("benefit"),
        "disposable": told_["disposable_income"][IN_FORCE],
        "living_standard": told_["living_standard"][IN_FORCE],
    }
    told_rows = [(key, euros(amount, language)) for key, amount in rows.items()]
    parts, rate = told_["parts"][IN_FORCE], amounts.share(told_["marginal_rate"][IN_FORCE], language, 0)
    decimal = f"{parts:g}".replace(".", "," if language == "fr" else ".")
    return [*told_rows, ("parts", decimal), ("marginal_rate", rate), ("left_of_100", euros(told_["left_of_100"][IN_FORCE], language))]


def described(household: Household, language: str) -> str:
    """Return who lives in a household, in a line: `2 adultes, 3 enfants · Amiens`."""

    def counted(one: str, count: int) -> str:
        return say(language, f"households.{one}_{'one' if count == 1 else 'some'}", count=count)

    people = [counted("adults", len(household.adults)), *([counted("children", len(household.children))] if household.children else [])]
    commune = name_of(household.commune, YEAR)
    return ", ".join(people) + (f" · {commune}" if commune else "")
