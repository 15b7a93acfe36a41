"""The drawing of a curve, as Vega-Lite and SVG: the results, what the next euro brings, and each jump with its rule and article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import vl_convert

from analysis.curve_tables import amount_of
from analysis.publication.charts import FONT, GAIN, INK, LOCALE, LOSS, SOFT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.curve import Curve, Step, Threshold

WIDTH: Final = 760
COLOURS: Final = (GAIN, "#d98e04", "#5b8c5a", "#7b5ea7", LOSS, SOFT)
LONGEST: Final = 118
LINE: Final = 15
ROWS, ROW = 5, 12


def as_svg(curve: Curve, title: str, net: str | None = None, smallest: float = 1.0) -> str:
    """Return the drawing. `net` is the result that is left to the household: what the next euro leaves of it makes the marginal rate."""
    svg: str = vl_convert.vegalite_to_svg(specification(curve, title, net, smallest), format_locale=LOCALE)
    return svg


def specification(curve: Curve, title: str, net: str | None = None, smallest: float = 1.0) -> dict[str, Any]:
    """Return the drawing as Vega-Lite: amounts above, rates below, then the list of jumps by their numbers."""
    marks = jumps_in_order(curve, smallest)
    charts = [_amounts(curve, marks), _rates(curve, net), *([_listed(marks)] if marks else [])]
    drawn = (
        alt.vconcat(*charts, spacing=18)
        .properties(title=alt.TitleParams(title, anchor="start", fontSize=15, color=INK, offset=12))
        .configure(font=FONT, background="white")
        .configure_axis(labelColor=INK, titleColor=SOFT, gridColor="#eceef1", domain=False, ticks=False, labelFontSize=12, titleFontWeight="normal")
        .configure_view(stroke=None)
        .configure_legend(labelFontSize=12, orient="top", title=None, labelLimit=360)
    )
    found: dict[str, Any] = drawn.to_dict()
    return found


def jumps_in_order(curve: Curve, smallest: float = 1.0) -> list[tuple[Threshold, list[Step]]]:
    """Return the thresholds at which some result jumps by so many euros, in order of income."""
    found = [(threshold, [step for step in threshold.steps if abs(step.jump) >= smallest]) for threshold in curve.thresholds]
    return [(threshold, steps) for threshold, steps in found if steps]


def _label(curve: Curve, name: str) -> str:
    return str(curve.line.law.variable(name).label or name)


def _colours(curve: Curve) -> Any:
    names = [_label(curve, name) for name in curve.variables]
    return alt.Color("resultat:N", scale=alt.Scale(domain=names, range=[COLOURS[place % len(COLOURS)] for place in range(len(names))]))


def _income(curve: Curve, *, titled: bool) -> Any:
    title = f"{_label(curve, curve.line.variable)}, {curve.line.period}, en euros" if titled else None
    return alt.X(
        "revenu:Q", title=title, axis=alt.Axis(format=",.0f", titleLimit=WIDTH), scale=alt.Scale(domain=[curve.points.at[0], curve.points.at[-1]], nice=False)
    )


def pieces(curve: Curve, number: int, *, rates: bool = False) -> list[dict[str, Any]]:
    """Return the points of a result's line, cut into pieces where it jumps; of its rate where `rates`, which jumps wherever it bends."""
    name = curve.variables[number]
    events: list[tuple[float, int, float, bool]] = []
    shown = curve.points.right[number] if rates else curve.points.value[number]
    last = curve.points.at[-1]
    for at, value, left in zip(curve.points.at.tolist(), shown.tolist(), curve.points.left[number].tolist(), strict=True):
        events.append((at, 1, left if rates and at == last else value, False))
    for threshold in curve.thresholds:
        for step in threshold.steps:
            if step.variable == name:
                cuts = bool(step.jump) or rates
                before, after = (step.rate_before, step.rate_after) if rates else (step.before, step.after)
                events += [(threshold.at, 0, before, False), (threshold.at, 2, after, cuts)]
    at_thresholds = {at for at, order, _, _ in events if order == 2}  # noqa: PLR2004 - just after a threshold
    events = [event for event in events if not (event[1] == 1 and event[0] in at_thresholds)]
    found, piece = [], 0
    for at, _, value, cuts in sorted(events):
        piece += cuts
        if np.isfinite(value):
            found.append({"revenu": at, "montant": value, "resultat": _label(curve, name), "morceau": f"{number}-{piece}"})
    return found


def _amounts(curve: Curve, marks: Sequence[tuple[Threshold, list[Step]]]) -> Any:
    rows = [row for number in range(len(curve.variables)) for row in pieces(curve, number)]
    lines = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=2, interpolate="linear")
        .encode(
            x=_income(curve, titled=False),
            y=alt.Y("montant:Q", title="Euros", axis=alt.Axis(format=",.0f")),
            color=_colours(curve),
            detail="morceau:N",
            order="revenu:Q",
        )
    )
    return (lines + _numbers(curve, marks) if marks else lines).properties(width=WIDTH, height=300)


def _numbers(curve: Curve, marks: Sequence[tuple[Threshold, list[Step]]]) -> Any:
    """Return a line and a number for each jump, the numbers of neighbours in rows of their own."""
    x = _income(curve, titled=False)
    layers = []
    for row in range(ROWS):
        here = [{"revenu": threshold.at, "numero": str(number)} for number, (threshold, _) in enumerate(marks, 1) if number % ROWS == row]
        if here:
            base = alt.Chart(alt.InlineData(values=here))
            layers += [
                base.mark_rule(color=LOSS, strokeDash=[2, 3], strokeWidth=0.8, opacity=0.7).encode(x=x),
                base.mark_text(color=LOSS, fontSize=10, fontWeight="bold", align="left", dx=2).encode(x=x, y=alt.value(ROW * row + ROW / 2), text="numero:N"),
            ]
    return alt.layer(*layers)


def _rates(curve: Curve, net: str | None) -> Any:
    shown = [number for number, name in enumerate(curve.variables) if net in {None, name}]
    rows = [row for number in shown for row in pieces(curve, number, rates=True)]
    if net is not None:
        rows = [{**row, "montant": 1.0 - row["montant"]} for row in rows]
    title = "Taux marginal : part non gardée de l'euro suivant" if net is not None else "Variation pour un euro de plus"
    lines = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=1.8, interpolate="linear")
    y = alt.Y("montant:Q", title=title, axis=alt.Axis(format=".0%", titleLimit=320))
    encoded = lines.encode(
        x=_income(curve, titled=True), y=y, detail="morceau:N", order="revenu:Q", color=alt.value(LOSS) if net is not None else _colours(curve)
    )
    return encoded.properties(width=WIDTH, height=190)


def _listed(marks: Sequence[tuple[Threshold, list[Step]]]) -> Any:
    texts = []
    for number, (threshold, steps) in enumerate(marks, 1):
        amounts = ", ".join(f"{step.variable} {amount_of(step.jump, signed=True)} €" for step in steps)
        texts += _wrapped(f"{number}. À {amount_of(threshold.at)} € : {amounts}. {_because(steps)}")
    rows = [{"ligne": place, "texte": text} for place, text in enumerate(texts)]
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_text(align="left", fontSize=11, color=INK, limit=0)
        .encode(x=alt.value(0), y=alt.Y("ligne:O", axis=None), text="texte:N")
        .properties(width=WIDTH, height=LINE * len(rows))
    )


def _because(steps: Sequence[Step]) -> str:
    causes = {cause.variable: cause for step in steps for cause in step.causes[:1]}
    return " ; ".join(f"{cause.variable} : {', '.join(cause.references) or 'sans article'}" for cause in causes.values())


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) >= LONGEST:
            lines.append("     ")
        lines[-1] += f" {word}" if lines[-1].strip() else f"{lines[-1]}{word}"
    return lines
