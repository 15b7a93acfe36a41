"""The country's charts as Vega-Lite, made with altair without data: the panel's module puts its rows into `datasets`.

It also puts in a title for `@amounts`, and the height that the rows take: a step in its place would be no size to fit in, of which Vega-Lite warns.
Rows hold `group`, the figure, the ends of its error (one sampling error on each side), `sense` and `told`, what is said of it in words. Gains and
losses lie on two sides of zero, so that no meaning hangs on colour.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from web_api.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS: Final = "rows"
LINE_BREAK: Final = "|"
"""What parts the lines of a group's name."""
COLOURS: Final = {"gain": "var(--gain)", "loss": "var(--loss)"}


@cache
def charts(language: str) -> Mapping[str, Any]:
    """Return the specs by name, in a language."""
    return {"amounts": _amounts(), "shares": _shares(language)}


def _amounts() -> dict[str, Any]:
    """Return bars of amounts with their errors, a bar for each group."""
    base = alt.Chart(alt.NamedData(ROWS)).encode(y=_groups())
    bars = base.mark_bar(height={"band": 0.7}).encode(x=alt.X("amount:Q", title="@amounts", axis=alt.Axis(tickCount=5)), color=_senses(), tooltip="told:N")
    errors = base.mark_rule(strokeWidth=1.5, color="var(--ink)").encode(x="low:Q", x2="high:Q", tooltip="told:N")
    return _finished(alt.layer(bars, errors, _zero()))


def _shares(language: str) -> dict[str, Any]:
    """Return for each group the share of those who lose, left of zero, and of those who gain, right of it."""
    axis = alt.Axis(labelExpr="format(abs(datum.value), '.0%')", tickCount=5)
    title = say(language, "country.axis_of_shares")
    bars = alt.Chart(alt.NamedData(ROWS)).mark_bar(height={"band": 0.7})
    return _finished(alt.layer(bars.encode(y=_groups(), x=alt.X("share:Q", title=title, axis=axis), color=_senses(), tooltip="told:N"), _zero()))


def _groups() -> alt.Y:
    axis = alt.Axis(labelExpr=f"split(datum.label, '{LINE_BREAK}')", labelLimit=0, labelLineHeight=13, domain=False, ticks=False)
    return alt.Y("group:N", sort=None, title=None, axis=axis)


def _senses() -> alt.Color:
    return alt.Color("sense:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)


def _zero() -> alt.Chart:
    zero: alt.Chart = alt.Chart(alt.InlineData([{"zero": 0}])).mark_rule(color="var(--ink)").encode(x="zero:Q")
    return zero


def _finished(chart: alt.LayerChart | alt.FacetChart) -> dict[str, Any]:
    made: dict[str, Any] = chart.properties(width="container", autosize=alt.AutoSizeParams(type="fit-x", contains="padding")).to_dict()
    made.pop("config", None)  # that of the page
    return made
