"""Why an amount of a household is what it is: the chain of rules with the figures read and their articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.explaining import explain
from analysis.measures import periods_of
from engine.explanation.document import document_of
from engine.explanation.page import fragment_of
from engine.periods import period
from web_api.answers import RefusedRequestError
from web_api.households.situation import simulation_of

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.simulation import Simulation
    from web_api.amendments import Laws
    from web_api.households.asked import WhyAsked
    from web_api.households.calculation import Calculator


def told(asked: WhyAsked, calculator: Calculator) -> dict[str, Any]:
    """Return the explanation of a variable in a household under one of the laws. Raises VariableNotFoundError, and DataError where the law refuses."""
    laws = calculator.laws(asked)
    law = _chosen(laws, asked.law)
    simulation = simulation_of([asked.household], asked.year, calculator.law)
    simulation = simulation if law is calculator.law else simulation.under(law)
    at, row = _largest(simulation, asked.variable, asked.year)
    explanation = explain(simulation, asked.variable, at, row)
    return {
        "variable": asked.variable,
        "period": str(at),
        "html": fragment_of(explanation, asked.language),
        "explanation": document_of(explanation),
    }


def _chosen(laws: Laws, name: str) -> Legislation:
    """Return a law by name; where nothing is amended, the bill stands for the amendment, and the law in force for a bill that there is not."""
    return {"in_force": None, "bill": laws.bill, "amended": laws.amended or laws.bill}[name] or laws.in_force


def _largest(simulation: Simulation, name: str, year: int) -> tuple[Period, int]:
    """Return the month (or year) and row in which a variable is largest; the last of them where it is the same in all."""
    rule = simulation.legislation.variable(name)
    if rule.dtype.kind not in "bif" or not simulation.population.counts[rule.entity.key]:
        raise RefusedRequestError(f"`{name}` is no amount: expected a variable that is a number.")
    periods = list(reversed(periods_of(rule, period(year))))
    values = np.abs([np.asarray(simulation.calculate(name, at), np.float64) for at in periods])
    place, row = np.unravel_index(int(np.argmax(values)), values.shape)
    return periods[int(place)], int(row)
