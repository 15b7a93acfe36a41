"""Typical households under the law in force, a bill and an amendment: one simulation for each law, all households in it.

The law is traced once for the set of inputs that every household gives; an amendment traces again only what its figures reach, and
evaluates only that. Each household stands twice in the simulation, the second time with 100 euros a month more: what is left of them.
"""

from __future__ import annotations

import gc
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from engine import collector
from engine.kept_graphs import KeptGraphs
from web_api.amendments import Amendment, laws_of
from web_api.households.lines import GROSS, MAIN, Values, asked, label_of, references_of
from web_api.households.places import name_of
from web_api.households.situation import Rows, simulation_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.measures import Measure
    from engine.simulation import Simulation
    from web_api.amendments import Laws
    from web_api.households.model import Household
    from web_api.service import Service

GRAPHS: Final = 2**29
MORE: Final = 100.0
"""Euros a month by which the second copy of each household earns more."""
EARNED: Final = ("wages", "profits", "unemployment", "pensions")
IN_FORCE: Final = "in_force"


@dataclass(frozen=True)
class Result:
    """What each law gives for some households; laws are named as `Laws.by_name` names them."""

    households: tuple[Household, ...]
    year: int
    values: Mapping[str, Values]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The levies and benefits."""
        return self.values[IN_FORCE].wanted.measures


class Calculator:
    """The law in force with graphs of its own, and the results of the default households in it, kept by year."""

    def __init__(self, service: Service) -> None:
        self.settings = service.settings
        self.law = replace(service.legislation, kept_graphs=KeptGraphs(GRAPHS, on_disk=False))
        self._kept: dict[tuple[tuple[Household, ...], int], tuple[Simulation, Values]] = {}
        self._lock = threading.Lock()

    def laws(self, amendment: Amendment) -> Laws:
        """Return the laws to compare. Raises RefusedRequestError and ReformError as `laws_of`."""
        return laws_of(amendment, self.law, self.settings)

    def calculate(self, households: Sequence[Household], amendment: Amendment, *, keep: bool = False) -> Result:
        """Return the households under the law in force, the bill, and the amendment. With `keep` the law in force is kept: not for what users sent."""
        given, year = tuple(households), amendment.year
        with collector.at_rest():
            laws = self.laws(amendment)
            simulation, in_force = self._in_force(given, year, keep=keep)
            found = {IN_FORCE: in_force}
            wanted, rows = in_force.wanted, in_force.rows
            for name, law in laws.by_name.items():
                if name != IN_FORCE:
                    simulation = simulation.under(law)
                    found[name] = Values(law, year, rows, simulation.calculate_all(wanted.keys), wanted)
        return Result(given, year, found)

    def _in_force(self, households: tuple[Household, ...], year: int, *, keep: bool) -> tuple[Simulation, Values]:
        known = self._kept.get((households, year))
        if known is not None:
            return known
        doubled = [*households, *(with_more(each) for each in households)]
        simulation, wanted = simulation_of(doubled, year, self.law), asked(self.law, year)
        values = Values(self.law, year, Rows(tuple(doubled)), simulation.calculate_all(wanted.keys), wanted)
        if keep:
            with self._lock:
                self._kept[households, year] = simulation, values
        return simulation, values

    def prewarm(self, households: Sequence[Household], year: int) -> None:
        """Trace the law for a year, and what an amendment of the income tax reaches; leave all of it out of the collector's walks."""
        self.calculate(households, Amendment.model_validate({"year": year}), keep=True)
        gc.collect()
        gc.freeze()


def with_more(household: Household) -> Household:
    """Return the household with 100 euros a month more of what it lives on: the first income of the first adult that has one, else wages."""
    place, field = next(((at, name) for at, adult in enumerate(household.adults) for name in EARNED if getattr(adult, name) > 0), (0, "wages"))
    adults = list(household.adults)
    adults[place] = adults[place].model_copy(update={field: getattr(adults[place], field) + (MORE if household.per == "month" else 12 * MORE)})
    return household.model_copy(update={"adults": tuple(adults)})


def told(result: Result, language: str) -> list[dict[str, Any]]:
    """Return what each household pays, receives and has left, in plain values: amounts of the year, in euros and cents, by law."""
    count = len(result.households)
    amounts = {measure.name: _by_law(result, lambda values, each=measure: values.of_measure(each)) for measure in result.measures}
    sums = {name: _by_law(result, lambda values, each=name: values.by_household(each)) for name in ("revenu_disponible", "niveau_de_vie", "nombre_parts")}
    rates = _by_law(result, lambda values: values.most("taux_marginal") / 100)
    net = _by_law(result, lambda values: values.by_household("revenus_nets_de_la_personne") + values.by_household("revenus_du_patrimoine"))
    return [
        {
            "name": household.name,
            "commune": name_of(household.commune, result.year),
            "lines": [_line(measure, amounts[measure.name], row, result, language) for measure in result.measures if _is_told(measure, amounts, row)],
            "gross_income": _cents(gross_of(result.values[IN_FORCE])[row]),
            "net_income": _of_row(net, row),
            "disposable_income": _of_row(sums["revenu_disponible"], row),
            "living_standard": _of_row(sums["niveau_de_vie"], row),
            "parts": _of_row(sums["nombre_parts"], row),
            "marginal_rate": {name: round(float(values[row]), 4) for name, values in rates.items()},
            "left_of_100": {name: _left(values, row, count) for name, values in sums["revenu_disponible"].items()},
            "refusals": [{"law": name, "code": code, "message": message} for name, values in result.values.items() for code, message in values.refusals(row)],
        }
        for row, household in enumerate(result.households)
    ]


def gross_of(values: Values) -> Any:
    """Return the gross income of each household: earnings, replacement incomes, income of capital and property."""
    return sum((values.by_household(name) for name in GROSS), start=values.by_household("revenus_du_patrimoine"))


def _by_law(result: Result, read: Any) -> dict[str, Any]:
    return {name: read(values) for name, values in result.values.items()}


def _is_told(measure: Measure, amounts: Mapping[str, Mapping[str, Any]], row: int) -> bool:
    return measure.name in MAIN or any(abs(values[row]) >= 0.005 for values in amounts[measure.name].values())  # noqa: PLR2004 - half a cent


def _line(measure: Measure, amounts: Mapping[str, Any], row: int, result: Result, language: str) -> dict[str, Any]:
    rule = result.values[IN_FORCE].law.variable(measure.plus[0])
    refused = {name: values.refused(rule.name) for name, values in result.values.items()}
    return {
        "name": measure.name,
        "label": label_of(measure, language),
        "kind": "levy" if measure.is_levy else "benefit",
        "references": references_of(rule),
        "variable": rule.name,
        "terms": list(_terms(measure, row, result)),
        "amounts": {name: None if refused[name] is not None and refused[name][row] else _cents(values[row]) for name, values in amounts.items()},
    }


def _terms(measure: Measure, row: int, result: Result) -> Iterator[dict[str, Any]]:
    """Give the variables that a measure adds up and takes off, where they are several and not nothing."""
    law = result.values[IN_FORCE].law
    for name in measure.variables if len(measure.variables) > 1 else ():
        amounts = {each: _cents(values.by_household(name)[row]) for each, values in result.values.items()}
        if any(amounts.values()):
            yield {"variable": name, "label": str(law.variable(name).label or name), "sign": -1 if name in measure.minus else 1, "amounts": amounts}


def _left(values: Any, row: int, count: int) -> float:
    """Return what is left, a month, of 100 euros a month more."""
    return _cents((values[count + row] - values[row]) / 12)


def _of_row(by_law: Mapping[str, Any], row: int) -> dict[str, float]:
    return {name: _cents(values[row]) for name, values in by_law.items()}


def _cents(value: Any) -> float:
    return round(float(value), 2) + 0.0  # no -0.0
