"""Why a result is what it is, in a line of Python: of a simulation, a situation, or tables.

    import bareme

    explanation = bareme.explain({"foyers_fiscaux": …}, "impot_net", 2022)
    print(explanation.to_text())
    Path("pourquoi.html").write_text(explanation.to_html(), encoding="utf-8")

The engine explains (engine/explanation); here is what a user may hand to it, and what it must not explain: an amount that the
law refuses to give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine import explanation
from engine.asked import check_period
from engine.errors import DataError
from engine.periods import MONTH, YEAR
from engine.periods import period as as_period
from engine.population import Population
from engine.simulation import Simulation
from engine.situation import Situation, simulation_from
from legislation import france
from population.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.explanation import Datum, Explanation, Missing
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.variables import Rule

EURO = "€"
FRENCH_LAWS = "France"
"""How the names of the laws begin that are told in French and in euros: Barème's own, and OpenFisca-France's."""


def explain(
    case: Any,
    variable: str,
    period: Any,
    row: int = 0,
    *,
    law: Legislation | None = None,
    depth: int | None = None,
    everything: bool = False,
    source: str | Callable[[Datum], str] = "",
) -> Explanation:
    """Return why a variable has its value at a period, in a row of its entity counted from 0.

    `case` is a Simulation (one made by OpenFisca's names too), a Situation or a document of that form, or Columns; `law`, of these
    latter, is the French one where it is not said. `depth` bounds the levels that are told; `everything` folds nothing. `source` says
    where the data came from; which part the program had in a decision is said with `dataclasses.replace(explanation, contribution=…)`.
    Raises DataError for a row that is not there or that the law refuses, and whatever reading the case and computing the variable raise.
    """
    simulation = simulation_of(case, period, law)
    _check_accepted(simulation, variable, period, row)
    currency = currency_of(simulation.legislation)
    return explanation.explain(simulation, variable, period, row, depth=depth, everything=everything, source=source, currency=currency)


def currency_of(law: Legislation) -> str:
    """Return the sign of the currency of a law's amounts, empty where it is not known."""
    return EURO if law.name.startswith(FRENCH_LAWS) else ""


def language_of(law: Legislation) -> str:
    """Return the language in which a law's results are told to whoever does not say which."""
    return "fr" if law.name.startswith(FRENCH_LAWS) else "en"


def missing(case: Any, variable: str, period: Any, row: int = 0, *, law: Legislation | None = None) -> list[Missing]:
    """Return the inputs at their default that a result read, the one that can move it most first: what to ask next.

    `case`, `row` and `law` as in `explain`. Each `Missing` names the variable, the periods read, the row, the values tried that move the
    result most, and by how much; what is tried stands in docs/explain.md. Raises what `explain` raises.
    """
    return explanation.missing(simulation_of(case, period, law), variable, period, row)


def simulation_of(case: Any, period: Any, law: Legislation | None = None) -> Simulation:
    """Return the simulation of what a user hands over. Raises DataError for what is none."""
    if isinstance(case, Simulation):
        return case
    run = getattr(case, "run", None)  # a simulation by OpenFisca's names holds one
    if isinstance(run, Simulation):
        return run
    law = france() if law is None else law
    if isinstance(case, Situation | Mapping):
        return simulation_from(law, case, period)
    if isinstance(case, Columns):
        return _simulation_of_columns(case, law)
    raise DataError(f"`{type(case).__name__}` cannot be explained: expected a Simulation, a Situation or a document of that form, or Columns.")


def _simulation_of_columns(columns: Columns, law: Legislation) -> Simulation:
    ids = {key: [str(each) for each in names] for key, names in columns.ids.items()}
    simulation = Simulation(law, Population(columns.counts, columns.links, ids))
    for (name, at), given in sorted(columns.inputs.items(), key=lambda item: item[0][1].days if not item[0][1].is_eternal else 0):
        simulation.set_input(name, at, given, copy=False)  # shorter periods first: what is known of a year is not shared out again
    return simulation


def _check_accepted(simulation: Simulation, variable: str, period: Any, row: int) -> None:
    """Raise DataError where the law refuses the row: there is no amount to explain."""
    law = simulation.legislation
    rule = law.variable(variable)
    name = law.refusal_of(rule)
    if name is None or name == variable:
        return
    at = _period_of(law.variable(name), check_period(rule, as_period(period)))
    codes = simulation.calculate(name, at) if at is not None else None
    if codes is not None and 0 <= row < len(codes) and codes[row]:
        code = int(codes[row])
        label = law.refusal_labels.get(code, "")
        raise DataError(f"The law refuses row {row}: code {code}{f', {label}' if label else ''}. Explain `{name}` to see why.")


def _period_of(code: Rule, at: Period) -> Period | None:
    """Return the period of a return code that judges a result, None where there is none."""
    if code.definition_period == at.unit:
        return at
    if at.is_eternal:
        return None
    return {YEAR: at.this_year, MONTH: at.first_month}.get(code.definition_period)
