"""The history of a figure, or of the brackets of a scale, as a chart of steps: Vega-Lite, made with altair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.parameters import Sort

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from web_api.explore.values import Teller

LEAST_VALUES: Final = 2
SHARES: Final = frozenset({"/1", "ratio"})
COLOURS: Final = ("--accent", "--loss", "--gain", "--bill", "--in-force", "--amended", "--muted")
DASHES: Final = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4])


def has_chart(item: Any) -> bool:
    """Whether an item is a figure, or a scale, that had several numbers."""
    if item.sort is Sort.SCALE:
        return len(item.change_dates) >= LEAST_VALUES and any(_is_drawn(figure) for bracket in item.brackets for figure in bracket.figures.values())
    return item.sort is Sort.FIGURE and _is_drawn(item)


def _is_drawn(figure: Any) -> bool:
    return sum(_is_number(value) for value in figure.values) >= LEAST_VALUES


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def chart_of(item: Any, unit: str, title: str, teller: Teller, today: datetime.date) -> dict[str, Any]:
    """Return the chart of a figure, or of what holds in each bracket of a scale, up to today."""
    if item.sort is Sort.SCALE:
        name = next(key for key in item.brackets[0].figures if key != "threshold")
        series = {teller.say("bracket", number=place): each.figures[name] for place, each in enumerate(item.brackets, start=1) if name in each.figures}
        unit = str(item.metadata.get(f"{name}_unit") or ("/1" if "rate" in name else "currency"))
    else:
        series = {title: item}
    first = min((start for figure in series.values() for start in figure.starts if start > "1800"), default=str(today))
    rows = [row for name, figure in series.items() for row in _steps(name, figure, first, today)]
    return _spec(rows, list(series), unit, title, teller)


def _steps(name: str, figure: Any, first: str, today: datetime.date) -> Iterable[dict[str, Any]]:
    """Yield a row for each value, those from ever at the first date of all; a figure that ended leaves a gap."""
    for start, value in zip(figure.starts, figure.values, strict=True):
        yield {"date": max(start, first), "value": value if _is_number(value) else None, "name": name}
    if figure.values and _is_number(figure.values[-1]) and figure.starts[-1] < str(today):
        yield {"date": str(today), "value": figure.values[-1], "name": name}


def _spec(rows: list[dict[str, Any]], names: list[str], unit: str, title: str, teller: Teller) -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415 - half a second, needed for a chart only

    format_ = ".2~%" if unit in SHARES else ",.4~f"
    date = alt.X("date:T", title=None, axis=alt.Axis(format="%Y", labelOverlap=True, tickCount=8))
    value = alt.Y("value:Q", title=teller.unit(unit) or None, axis=alt.Axis(format=format_), scale=alt.Scale(zero=True))
    colours = [f"var({COLOURS[place % len(COLOURS)]})" for place in range(len(names))]
    tooltip = [
        alt.Tooltip("date:T", title=teller.say("since"), format="%d/%m/%Y"),
        alt.Tooltip("value:Q", title=teller.say("value"), format=format_),
        alt.Tooltip("name:N", title=title if len(names) == 1 else teller.say("bracket", number="")),
    ]
    lines = alt.Chart(alt.InlineData(values=[]), description=title, height=240)
    kept: dict[str, Any] = {"color": alt.Color("name:N", title=None, sort=names, scale=alt.Scale(domain=names, range=colours), legend=None)}
    if len(names) > 1:
        kept["color"].legend = alt.Legend(symbolType="stroke", columns=4)
        kept["strokeDash"] = alt.StrokeDash(
            "name:N", sort=names, scale=alt.Scale(domain=names, range=[DASHES[i % len(DASHES)] for i in range(len(names))]), legend=None
        )
    line = lines.mark_line(interpolate="step-after", strokeWidth=2, point=alt.OverlayMarkDef(size=25, aria=False), aria=False).encode(
        x=date, y=value, tooltip=tooltip, **kept
    )
    found: dict[str, Any] = line.to_dict()
    for named in ("config", "datasets"):  # colours and fonts are the page's own
        found.pop(named, None)
    return {**found, "data": {"values": rows}}
