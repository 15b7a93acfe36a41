"""Explanations: why a result is what it is, rule by rule, read from the graph that computed it.

    explanation = explain(simulation, "income_tax", "2024-01", row=3)
    print(explanation.to_text())

The law ran once, on symbols; its traces know what each formula read. Here they are read again, with the values of one person:
no formula runs a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine import collector
from engine.asked import check_period
from engine.errors import DataError
from engine.explanation.chain import Chain
from engine.explanation.missing import Missing, missing
from engine.explanation.model import Datum, Explanation, FigureTold, Folded, Reading, Step, ValueTold
from engine.explanation.telling import Teller
from engine.periods import period as as_period

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.simulation import Simulation

__all__ = ["Datum", "Explanation", "FigureTold", "Folded", "Missing", "Reading", "Step", "ValueTold", "explain", "missing"]


def explain(
    simulation: Simulation,
    variable: str,
    period: Any,
    row: int = 0,
    *,
    depth: int | None = None,
    everything: bool = False,
    source: str | Callable[[Datum], str] = "",
    **said: str,
) -> Explanation:
    """Return why a variable has its value at a period in a row of its entity.

    `depth` bounds the levels told; `everything` folds nothing. `source` says where the data came from, one text for all or a
    function of each datum; `contribution` and `currency` are texts of the explanation (see `Explanation`). Raises DataError for a
    row that is not there, and whatever computing the variable raises.
    """
    rule = simulation.legislation.variable(variable)
    at = check_period(rule, as_period(period))
    count = simulation.population.counts[rule.entity.key]
    if not 0 <= row < count:
        raise DataError(f"There is no row {row} of `{rule.entity.key}`: expected one from 0 to {count - 1}.")
    simulation.calculate(variable, at)  # so that an error is told as in any run
    with collector.at_rest():
        chain = Chain(simulation, (variable, at), row, all_=everything)
        return Teller(chain, depth, source if callable(source) else lambda _: source).explanation(row, **said)
