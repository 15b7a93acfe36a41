"""Barème runs tax and benefit law as code: over one household or over a whole country.

    import bareme

    law = bareme.france()
    year = bareme.period(2017)
    columns = bareme.read_flat_table("avis.csv", law, year)
    results = bareme.calculate(columns, law, ["net_a_payer"], year)  # per entity; `population.results.to_table` makes a table of them

    found = bareme.impact("reforme.yaml", "population/", 2022)       # what a reform does: tables by name
    found["budget"].to_pandas()

These names are the public ones. Each is imported when it is first asked for, so that `import bareme` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "ADD",
    "DAY",
    "DIVIDE",
    "ETERNITY",
    "MONTH",
    "WEEK",
    "WEEKDAY",
    "YEAR",
    "BaremeError",
    "Columns",
    "Entity",
    "Enum",
    "Impact",
    "Instant",
    "Legislation",
    "Line",
    "Period",
    "Population",
    "Reform",
    "Role",
    "Simulation",
    "Variable",
    "__version__",
    "calculate",
    "curve",
    "explain",
    "france",
    "impact",
    "instant",
    "largest_cliffs",
    "marginal",
    "missing",
    "period",
    "read_flat_table",
    "read_reform",
    "read_situation",
    "read_tables",
    "sensitivity",
    "set_input_dispatch_by_period",
    "set_input_divide_by_period",
    "simulation_from",
    "solve",
    "study",
    "why_budget_changed",
    "why_changed",
]

_MODULES = {
    "analysis.calls": ("impact", "solve", "study"),
    "analysis.cliffs": ("largest_cliffs",),
    "analysis.curve": ("curve",),
    "analysis.curve_line": ("Line",),
    "analysis.explaining": ("explain", "missing"),
    "analysis.impact": ("Impact",),
    "analysis.sensitivity": ("sensitivity",),
    "analysis.why_changed": ("why_budget_changed", "why_changed"),
    "engine.entities": ("Entity", "Role"),
    "engine.errors": ("BaremeError",),
    "engine.legislation": ("Legislation",),
    "engine.marginal": ("marginal",),
    "engine.periods": ("DAY", "ETERNITY", "MONTH", "WEEK", "WEEKDAY", "YEAR", "Instant", "Period", "instant", "period"),
    "engine.population": ("Population",),
    "engine.reform": ("Reform", "read_reform"),
    "engine.simulation": ("Simulation",),
    "engine.situation": ("read_situation", "simulation_from"),
    "engine.variables": ("ADD", "DIVIDE", "Enum", "Variable", "set_input_dispatch_by_period", "set_input_divide_by_period"),
    "legislation": ("france",),
    "population.columns": ("Columns",),
    "population.results": ("calculate",),
    "population.tables": ("read_flat_table", "read_tables"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

if TYPE_CHECKING:
    from analysis.calls import impact, solve, study
    from analysis.cliffs import largest_cliffs
    from analysis.curve import curve
    from analysis.curve_line import Line
    from analysis.explaining import explain, missing
    from analysis.impact import Impact
    from analysis.sensitivity import sensitivity
    from analysis.why_changed import why_budget_changed, why_changed
    from engine.entities import Entity, Role
    from engine.errors import BaremeError
    from engine.legislation import Legislation
    from engine.marginal import marginal
    from engine.periods import DAY, ETERNITY, MONTH, WEEK, WEEKDAY, YEAR, Instant, Period, instant, period
    from engine.population import Population
    from engine.reform import Reform, read_reform
    from engine.simulation import Simulation
    from engine.situation import read_situation, simulation_from
    from engine.variables import ADD, DIVIDE, Enum, Variable, set_input_dispatch_by_period, set_input_divide_by_period
    from legislation import france
    from population.columns import Columns
    from population.results import calculate
    from population.tables import read_flat_table, read_tables


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module `bareme` has no public name `{name}`")
    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return list(__all__)
