"""The drawing of a household's curves under several laws: amounts above, the marginal rate below, each law with its own colour and dashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from analysis.curve_drawing import pieces
from web_api.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.curve import Curve
    from web_api.households.asked import CurveAsked

# Names of the page's own colours, which its module puts in; dashes tell the laws apart without them.
COLOURS: Final = {"in_force": "var(--in-force)", "bill": "var(--bill)", "amended": "var(--amended)"}
DASHES: Final = {"in_force": [1, 0], "bill": [7, 3], "amended": [3, 2]}
TAX, NET = 0, 1
HEIGHTS: Final = (130, 150, 150)
MOST_RATE: Final = 1.2


def specification(curves: Mapping[str, Curve], asked: CurveAsked) -> dict[str, Any]:
    """Return the drawing as Vega-Lite, three charts above each other: disposable income, tax, and the marginal rate."""
    language, names = asked.language, list(curves)
    titles = [say(language, f"households.curve_{key}") for key in ("disposable", "tax", "rate")]
    rows = (
        [row for name, one in curves.items() for row in _rows(one, NET, name, language)],
        [row for name, one in curves.items() for row in _rows(one, TAX, name, language)],
        [row for name, one in curves.items() for row in _rates(one, name, language)],
    )
    income = say(language, "households.curve_income", what=say(language, f"households.varies_{asked.varies.partition(' ')[0]}"))
    charts = [
        _lines(data, names, asked, title=title, height=height, is_rate=place == len(rows) - 1, income=income if place == len(rows) - 1 else None)
        for place, (data, title, height) in enumerate(zip(rows, titles, HEIGHTS, strict=True))
    ]
    drawn: dict[str, Any] = alt.vconcat(*charts, spacing=8).resolve_scale(color="shared", strokeDash="shared").to_dict()
    drawn["description"] = say(language, "households.curve_description", what=income)
    for each in drawn["vconcat"]:
        each["width"] = "container"
    return drawn


def _rows(one: Curve, number: int, name: str, language: str) -> list[dict[str, Any]]:
    law = say(language, f"households.law_{name}")
    return [{"x": round(row["revenu"], 2), "y": round(row["montant"], 2), "law": law, "piece": f"{name}-{row['morceau']}"} for row in pieces(one, number)]


def _rates(one: Curve, name: str, language: str) -> list[dict[str, Any]]:
    law = say(language, f"households.law_{name}")
    return [
        {"x": round(row["revenu"], 2), "y": round(1 - row["montant"], 4), "law": law, "piece": f"{name}-{row['morceau']}"}
        for row in pieces(one, NET, rates=True)
    ]


def _lines(data: list[dict[str, Any]], names: list[str], asked: CurveAsked, *, title: str, height: int, is_rate: bool, income: str | None) -> Any:
    laws = [say(asked.language, f"households.law_{name}") for name in names]
    fewest, most = (0.0, MOST_RATE) if is_rate else (None, None)
    shown = alt.Scale(domain=[fewest, most], clamp=True) if is_rate else alt.Scale()
    return (
        alt.Chart(alt.InlineData(values=data))
        .mark_line(strokeWidth=2, interpolate="linear", clip=True)
        .encode(
            x=alt.X("x:Q", title=income, axis=alt.Axis(format=",.0f", labels=income is not None), scale=alt.Scale(domain=[asked.from_, asked.to], nice=False)),
            y=alt.Y("y:Q", title=title, axis=alt.Axis(format=".0%" if is_rate else ",.0f", tickCount=5), scale=shown),
            color=alt.Color("law:N", title=None, scale=alt.Scale(domain=laws, range=[COLOURS[name] for name in names])),
            strokeDash=alt.StrokeDash("law:N", title=None, scale=alt.Scale(domain=laws, range=[DASHES[name] for name in names])),
            detail="piece:N",
            order="x:Q",
            tooltip=[
                alt.Tooltip("law:N", title=" "),
                alt.Tooltip("x:Q", format=",.0f", title="€"),
                alt.Tooltip("y:Q", format=".1%" if is_rate else ",.0f", title=title),
            ],
        )
        .properties(height=height)
    )
