"""Figures as French readers write them: `12 345 €`, `−1,2 Md€`, `41,3 %`, with their sampling error after `±`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.amounts import FRENCH, LARGE, NO_BREAK, PERCENT, number
from analysis.tables import COUNT, ERROR, EUROS, EUROS_PER_UNIT, HOUSEHOLDS, SHARE, TAX_HOUSEHOLDS, VALUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.tables import Column

REFUSED: Final = "secret"
_UNITS_OF_TEXTS: Final = {"part": SHARE, EUROS_PER_UNIT: EUROS_PER_UNIT}
_SCALES: Final = (*((factor, units[FRENCH]) for factor, _, units in LARGE), (1.0, f"{NO_BREAK}€"))


def cell(row: Mapping[str, Any], column: Column, *, error: bool = True) -> str:
    """Return a cell of a table with its error; `secret` where it is refused, a dash where there is no figure."""
    value = row.get(column.name)
    if not column.unit:
        return str(value or "")
    if value is None:
        return REFUSED if row.get("secret") else "–"
    unit = _UNITS_OF_TEXTS.get(str(row.get("unite")), "") if column.unit == VALUE else column.unit
    spread = row.get(column.name + ERROR) if column.has_error and error else None
    return told(float(value), unit, None if spread is None else float(spread), signed=column.name.startswith(("effet", "ecart")))


def told(value: float, unit: str, error: float | None = None, *, signed: bool = False) -> str:
    """Return a figure in its unit, large amounts in millions and billions."""
    factor, decimals, suffix = _scaled(max(abs(value), error or 0.0), unit, is_estimate=error is not None)
    text = number(value / factor, decimals, signed=signed)
    return f"{text}{f'{NO_BREAK}±{NO_BREAK}{number(error / factor, decimals)}' if error is not None and error >= 0 else ''}{suffix}"


def _scaled(size: float, unit: str, *, is_estimate: bool) -> tuple[float, int, str]:
    """Return what to divide by, decimals, and the unit as it is written; estimates, which have an error, need fewer digits."""
    if unit == EUROS:
        least = 1 if is_estimate else 10
        factor, suffix = next(((factor, suffix) for factor, suffix in _SCALES if size >= factor * least), _SCALES[-1])
        return factor, 0 if factor == 1 else 1 if factor == 1e6 else 2, suffix  # noqa: PLR2004 - decimals by scale
    if unit == EUROS_PER_UNIT:
        return 1.0, 0, f"{NO_BREAK}€"
    if unit == SHARE:
        return 0.01, 2, PERCENT[FRENCH]
    if unit in (HOUSEHOLDS, TAX_HOUSEHOLDS):
        return (1e3, 0, f"{NO_BREAK}k") if size >= 1e4 else (1.0, 0, "")  # noqa: PLR2004 - thousands from ten thousand on
    return (1.0, 0, "") if unit == COUNT else (1.0, 3, "")
