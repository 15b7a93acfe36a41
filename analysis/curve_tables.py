"""A curve as data: JSON in a versioned form, CSV with a line for each point, HTML with the drawing and the list of thresholds."""

from __future__ import annotations

import csv
import html
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis import amounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.curve import Curve, Step, Threshold
    from analysis.curve_causes import Cause

VERSION: Final = 1


def as_document(curve: Curve) -> dict[str, Any]:
    """Return a curve as JSON knows it."""
    line, points = curve.line, curve.points
    results = {}
    for number, (name, at) in enumerate(line.outputs):
        results[name] = {
            "period": str(at),
            "label": str(line.law.variable(name).label or name),
            "values": _listed(points.value[number]),
            "rates_right": _listed(points.right[number]),
            "rates_left": _listed(points.left[number]),
            "rounding_step": round(curve.rounding_step(name), 2),
            "rounded": bool(points.rounded[number].any()),
            "estimated": points.estimated[number],
        }
    varied = {"variable": line.variable, "label": str(line.law.variable(line.variable).label or line.variable), "row": line.row, "period": str(line.period)}
    return {
        "form": "bareme.curve",
        "version": VERSION,
        "varied": {**varied, "values": _listed(points.at)},
        "results": results,
        "thresholds": [_threshold(threshold) for threshold in curve.thresholds],
        "roundings": [asdict(each) for each in curve.roundings],
    }


def as_json(curve: Curve) -> str:
    """Return a curve as JSON."""
    return json.dumps(as_document(curve), indent=2, ensure_ascii=False) + "\n"


def _listed(values: Any) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in np.asarray(values, dtype=np.float64).tolist()]


def _threshold(threshold: Threshold) -> dict[str, Any]:
    return {"at": threshold.at, "below": threshold.low, "above": threshold.high, "steps": [_step(step) for step in threshold.steps]}


def _step(step: Step) -> dict[str, Any]:
    return {
        "variable": step.variable,
        "before": step.before,
        "after": step.after,
        "jump": step.jump,
        "rate_before": step.rate_before,
        "rate_after": step.rate_after,
        "rules": [_cause(cause) for cause in step.causes],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "variable": cause.variable,
        "period": cause.period,
        "label": cause.label,
        "references": list(cause.references),
        "references_of": cause.cited_by or cause.variable,
        "figures": dict(cause.figures),
    }


def as_csv(curve: Curve) -> str:
    """Return a line for each point of the grid, and two, just below and just above, for each threshold, in order."""
    names = curve.variables
    lines: list[tuple[float, int, list[Any]]] = []
    for place, at in enumerate(curve.points.at.tolist()):
        figures = [figure for number in range(len(names)) for figure in _of_point(curve, number, place)]
        lines.append((at, 1, ["point", at, *figures, ""]))
    for threshold in curve.thresholds:
        steps = {step.variable: step for step in threshold.steps}
        told = " ; ".join(dict.fromkeys(rule_of(cause) for step in threshold.steps for cause in step.causes[:1]))
        for order, side in ((0, "before"), (2, "after")):
            figures = [figure for name in names for figure in _of_side(steps.get(name), side)]
            lines.append((threshold.at, order, [side, threshold.at, *figures, told]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["point", curve.line.variable, *(column for name in names for column in (name, f"{name}_rate_left", f"{name}_rate_right")), "rule"])
    writer.writerows(line for _, _, line in sorted(lines, key=lambda each: each[:2]))
    return text.getvalue()


def _of_point(curve: Curve, number: int, place: int) -> tuple[float, float, float]:
    points = curve.points
    return float(points.value[number, place]), float(points.left[number, place]), float(points.right[number, place])


def _of_side(step: Step | None, side: str) -> tuple[Any, Any, Any]:
    """Return a result just before or after a threshold; nothing where it takes no part."""
    if step is None:
        return "", "", ""
    return (step.before, step.rate_before, "") if side == "before" else (step.after, "", step.rate_after)


# In words, for those who read the French law


def rule_of(cause: Cause) -> str:
    """Return a rule with its articles, in words."""
    articles = " ; ".join(cause.references) or "sans article"
    figures = " ou ".join(f"{name} = {amount_of(value)}" for name, value in cause.figures)  # two figures may have one value
    return f"{cause.variable} ({articles})" + (f", seuil {figures}" if figures else "")


def amount_of(value: float, *, signed: bool = False, decimals: int | None = None) -> str:
    """Return an amount in French figures: two decimals where it is not whole."""
    wanted = decimals if decimals is not None else (0 if abs(value - round(value)) < 0.005 else 2)  # noqa: PLR2004 - half a cent
    return amounts.number(value, wanted, signed=signed)


def rows_of(curve: Curve) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield the cells of the list of thresholds: income, result, jump, rate before, rate after, rule."""
    for threshold in curve.thresholds:
        for step in threshold.steps:
            rule = " ; ".join(rule_of(cause) for cause in step.causes[:2]) or "—"
            jump = f"{amount_of(step.jump, signed=True)} €" if step.jump else ""
            yield f"{amount_of(threshold.at)} €", step.variable, jump, percent(step.rate_before), percent(step.rate_after), rule


def percent(rate: float) -> str:
    """Return a rate in percent."""
    return f"{amount_of(100 * rate, decimals=1)} %"


HEADINGS: Final = ("Revenu", "Résultat", "Saut", "Par euro, avant", "Par euro, après", "Règle")


def as_html(curve: Curve, drawing: str, title: str) -> str:
    """Return a page: the drawing (SVG), and the list of thresholds."""
    heads = "".join(f"<th>{html.escape(heading)}</th>" for heading in HEADINGS)
    rows = "\n".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows_of(curve))
    style = "body{font-family:sans-serif;margin:2em;color:#1f2328}table{border-collapse:collapse;font-size:.85em}"
    style += "td,th{padding:.25em .6em;text-align:left;border-bottom:1px solid #d9dce1}"
    return (
        f'<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>{html.escape(title)}</title><style>{style}</style></head>\n'
        f"<body><h1>{html.escape(title)}</h1>\n<figure>{drawing}</figure>\n<h2>Seuils</h2>\n<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n"
        "</tbody></table>\n</body></html>\n"
    )
