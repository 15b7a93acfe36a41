"""Scenarios: how packages describe households before OpenFisca had simulation builders, `system.new_scenario()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.openfisca.builder import SimulationBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.openfisca.simulations import Simulation
    from engine.openfisca.systems import TaxBenefitSystem


class Scenario:
    """A situation that waits for its simulations."""

    def __init__(self, tax_benefit_system: TaxBenefitSystem) -> None:
        self.tax_benefit_system = tax_benefit_system
        self.attributes: dict[str, Any] | None = None
        self.dict: dict[str, Any] = {}
        self.period: Any = None

    def init_from_dict(self, dict: Mapping[str, Any]) -> Scenario:  # noqa: A002 - OpenFisca's name
        """Take a situation in any of its forms; its key `period` is that of values without one."""
        self.dict = {key: value for key, value in dict.items() if key != "period"}
        self.period = dict.get("period")
        self.attributes = None
        return self

    def init_from_attributes(self, **attributes: Any) -> Scenario:
        """Take `input_variables`, columns by name, and the `period` of those without one."""
        self.dict = {**attributes.get("input_variables", {})}
        self.period = attributes.get("period")
        self.attributes = attributes
        return self

    def new_simulation(self, debug: bool = False, opt_out_cache: bool = False, use_baseline: bool = False, trace: bool = False) -> Simulation:
        """Return a simulation of the situation, under the law or, with `use_baseline`, the one that it reforms."""
        system = self.tax_benefit_system
        builder = SimulationBuilder()
        builder.set_default_period(self.period)
        simulation = builder.build_from_dict((system.baseline or system) if use_baseline else system, self.dict)
        simulation.debug = debug
        simulation.opt_out_cache = opt_out_cache
        simulation.trace = trace
        return simulation
