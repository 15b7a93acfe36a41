"""The curve of a household: tax, disposable income and marginal rate as an income moves, under each law, with every jump and its article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.curve import curve
from analysis.curve_line import Line
from engine import collector
from engine.periods import period
from web_api.households.drawing import specification
from web_api.households.lines import references_of
from web_api.households.situation import FIRST_YEAR_OF_THE_LAW, situation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.curve import Curve, Step, Threshold
    from engine.legislation import Legislation
    from web_api.households.asked import CurveAsked
    from web_api.households.calculation import Calculator

TAX, NET = "impot_a_payer", "revenu_disponible"
INPUTS: Final = {"wages": "salaire_brut", "unemployment": "chomage_brut", "pensions": "retraite_brute", "profits": "benefices_professionnels"}
SMALLEST_JUMP: Final = 1.0
TABLE_ROWS: Final = 20


def curves_of(asked: CurveAsked, calculator: Calculator) -> dict[str, Curve]:
    """Return the curve under each law, by name. The income is the same in the year before, as everywhere in a typical household."""
    field, _, place = asked.varies.partition(" of adult ")
    year = period(asked.year)
    years_before = 1 if asked.year > FIRST_YEAR_OF_THE_LAW else 0
    found = {}
    with collector.at_rest():
        for name, law in calculator.laws(asked).by_name.items():
            case = situation(asked.household, asked.year, calculator.law)
            line = Line(law, case, INPUTS[field], int(place) - 1, year, ((TAX, year), (NET, year)), years_before)
            found[name] = curve(line, asked.from_, asked.to, asked.points)
    return found


def told(asked: CurveAsked, curves: Mapping[str, Curve]) -> dict[str, Any]:
    """Return the curves as the endpoint answers them."""
    return {
        "year": asked.year,
        "laws": list(curves),
        "chart": specification(curves, asked),
        "points": list(_points(curves)),
        "thresholds": [jump for name, one in curves.items() for jump in _jumps(name, one, one.line.law)],
    }


def _points(curves: Mapping[str, Curve]) -> Iterator[dict[str, Any]]:
    """Return the rows of a table: about twenty incomes, evenly spread."""
    first = next(iter(curves.values()))
    for place in np.unique(np.linspace(0, len(first.points.at) - 1, TABLE_ROWS + 1).astype(int)).tolist():
        row: dict[str, Any] = {"income": round(float(first.points.at[place]), 2)}
        for name, one in curves.items():
            tax, net = one.points.value[:, place]
            rate = one.points.right[1, place]
            row[name] = {"tax": _plain(tax), "disposable_income": _plain(net), "marginal_rate": None if not np.isfinite(rate) else round(1 - float(rate), 4)}
        yield row


def _plain(value: Any) -> float | None:
    return round(float(value), 2) + 0.0 if np.isfinite(value) else None


def _jumps(name: str, one: Curve, law: Legislation) -> Iterator[dict[str, Any]]:
    for threshold in one.thresholds:
        for step in threshold.steps:
            if abs(step.jump) >= SMALLEST_JUMP or not step.jump:
                yield _jump(name, threshold, step, law)


def _jump(name: str, threshold: Threshold, step: Step, law: Legislation) -> dict[str, Any]:
    cause = step.causes[0] if step.causes else None
    return {
        "law": name,
        "at": round(threshold.at, 2),
        "variable": step.variable,
        "label": str(law.variable(step.variable).label or step.variable),
        "jump": round(step.jump, 2) + 0.0,
        "rate_before": round(step.rate_before, 4),
        "rate_after": round(step.rate_after, 4),
        "rule": cause.label if cause is not None else "",
        "references": list(cause.references) if cause is not None else references_of(law.variable(step.variable)),
    }
