"""OpenFisca's simulation over Barème's: populations that are filled one after the other, inputs, results.

The engine's simulation is made when the first input or result needs it, from what the populations hold by then; where a
package changes a population afterwards, it is made anew with the same inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import VariableNotFoundError
from engine.openfisca.raised import as_formulas_raise
from engine.openfisca.rows import Population, populations_of
from engine.openfisca.systems import TaxBenefitSystem, system_of
from engine.openfisca.tracers import FullTracer, SimpleTracer
from engine.periods import ETERNITY, Period
from engine.periods import period as as_period
from engine.population import Population as Rows
from engine.simulation import Simulation as Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.entities import Entity
    from engine.openfisca.declarations import KnownVariable
    from engine.openfisca.holders import Holder

Array = np.ndarray[Any, Any]


class Simulation:
    """A law over populations. A plain class: tools put functions of their own onto it."""

    debug = False
    opt_out_cache = False
    memory_config: Any = None
    start_computation_period: Any = None

    def __init__(self, tax_benefit_system: TaxBenefitSystem, populations: Mapping[str, Population]) -> None:
        self.tax_benefit_system = tax_benefit_system
        self.populations = dict(populations)
        self.max_spiral_loops = 1
        self.tracer: Any = SimpleTracer()
        self._trace = False
        self._run: Run | None = None
        self._computed: dict[str, set[Period]] = {}
        for population in self.populations.values():
            population.simulation = self
        self.persons = self.populations[tax_benefit_system.person_entity.key]
        for key, population in self.populations.items():
            setattr(self, key, population)

    @property
    def trace(self) -> bool:
        """Whether what is computed is noted in full."""
        return self._trace

    @trace.setter
    def trace(self, value: bool) -> None:
        self._trace = value
        self.tracer = FullTracer(self) if value else SimpleTracer()

    # The engine's simulation

    @property
    def run(self) -> Run:
        """The engine's simulation of the law as it is now."""
        legislation = self.tax_benefit_system.under_spirals(self.max_spiral_loops)
        if self._run is None:
            self._run = Run(legislation, self._rows())
        elif self._run.legislation is not legislation:
            self._run = self._run.under(legislation)
        return self._run

    def forget_run(self) -> None:
        """Make the engine's simulation anew, with the inputs given so far, when it is next needed."""
        if self._run is not None:
            before, self._run = self._run, None
            self._give(before.inputs)

    def _give(self, inputs: Mapping[Any, Any]) -> None:
        run = self.run
        for (name, at), values in inputs.items():
            run.set_input(name, at, values, copy=False)

    def _rows(self) -> Rows:
        counts = {key: population.count for key, population in self.populations.items()}
        links: dict[tuple[str, str], Any] = {}
        for member, group in self.tax_benefit_system.legislation.links:
            population = self.populations[group]
            if member == self.persons.entity.key:
                links[member, group] = (population.members_entity_id, population.role_numbers)
            else:  # a group within a group: it belongs where its first member does
                first = self.populations[member].link.holders(None)
                links[member, group] = np.where(first >= 0, population.members_entity_id[np.maximum(first, 0)], -1)
        return Rows(counts, links, {key: population.ids for key, population in self.populations.items()})

    # Values

    def set_input(self, variable_name: str, period: Any, value: Any) -> None:
        """Give a variable's values for a period."""
        run = self._run or self.run  # what is given does not depend on whether the law has changed since
        run.set_input(variable_name, as_period(period), run.legislation.variable(variable_name).cast_array(value, lenient=True))
        self._computed.clear()

    def calculate(self, variable_name: str, period: Any = None) -> Array:
        """Return a variable's values at a period of its own."""
        wanted = as_period("eternity") if period is None else as_period(period)
        with as_formulas_raise():
            values = self.run.calculate(variable_name, wanted)
        self._computed.setdefault(variable_name, set()).add(wanted)
        self.tracer.record(self, variable_name, wanted, values)
        return self._stored(variable_name, values)

    def _stored(self, variable_name: str, values: Array) -> Array:
        """Return values as OpenFisca stores them: texts of a limited length as bytes."""
        length = self.run.legislation.variable(variable_name).max_length
        return values if length is None else values.astype(f"S{length}")

    def calculate_add(self, variable_name: str, period: Any) -> Array:
        """Return the sum of a variable's values within a longer period; its values themselves, whatever their type, at a period of its own."""
        wanted, rule = as_period(period), self.run.legislation.variable(variable_name)
        with as_formulas_raise():
            if (wanted.unit, wanted.size) == (rule.definition_period, 1):
                return self.run.calculate(variable_name, wanted)
            return self.run.calculate_add(variable_name, wanted)

    def calculate_divide(self, variable_name: str, period: Any) -> Array:
        """Return the share of a variable's longer period that falls on a shorter one."""
        with as_formulas_raise():
            return self.run.calculate_divide(variable_name, period)

    def calculate_output(self, variable_name: str, period: Any) -> Array:
        """Return a variable over any period, as its `calculate_output` says."""
        with as_formulas_raise():
            return self.run.calculate_output(variable_name, period)

    def get_array(self, variable_name: str, period: Any) -> Array | None:
        """Return values given, or computed before; None for others: nothing is computed."""
        rule = self.run.legislation.variable(variable_name)
        at = as_period("eternity") if rule.definition_period == ETERNITY else as_period(period)
        known = at in self.run.known_periods(variable_name) or at in self._computed.get(variable_name, ())
        return self._stored(variable_name, self.run.calculate(variable_name, at)) if known else None

    def get_known_periods(self, variable: str) -> list[Period]:
        """Return the periods for which values were given, or computed on request."""
        return list(dict.fromkeys([*self.run.known_periods(variable), *sorted(self._computed.get(variable, ()))]))

    def delete_arrays(self, variable: str, period: Any = None) -> None:
        """Forget a variable's values of a period, or all; those given too."""
        within = None if period is None else as_period(period)
        kept = {(name, at): values for (name, at), values in self.run.inputs.items() if name != variable or not (within is None or within.contains(at))}
        self._computed.clear()
        if len(kept) < len(self.run.inputs):
            self._run = Run(self.run.legislation, self.run.population)
            self._give(kept)

    def get_holder(self, variable_name: str) -> Holder:
        """Return what is known of a variable."""
        return self.get_variable_population(variable_name).get_holder(variable_name)

    def get_variable_population(self, variable_name: str) -> Population:
        """Return the population of a variable's entity. Raises VariableNotFoundError."""
        variable: KnownVariable | None = self.tax_benefit_system.get_variable(variable_name, check_existence=True)
        if variable is None:
            raise VariableNotFoundError(variable_name)
        return self.populations[variable.entity.key]

    def get_population(self, plural: str | None = None) -> Population | None:
        """Return the population of the entity of that plural, or None."""
        return next((population for population in self.populations.values() if population.entity.plural == plural), None)

    def get_entity(self, plural: str | None = None) -> Entity | None:
        """Return the entity of that plural, or None."""
        population = self.get_population(plural)
        return None if population is None else population.entity

    def describe_entities(self) -> dict[str, Sequence[Any]]:
        """Return the ids of each entity's rows, by plural."""
        return {population.entity.plural: population.ids for population in self.populations.values()}

    def get_memory_usage(self, variables: Iterable[str] | None = None) -> dict[str, Any]:
        """Return how many bytes the values given take."""
        names = set(variables) if variables is not None else {name for name, _ in self.run.inputs}
        by_variable = {name: self.get_holder(name).get_memory_usage() for name in sorted(names)}
        return {"total_nb_bytes": sum(each["total_nb_bytes"] for each in by_variable.values()), "by_variable": by_variable}

    def invalidate_cache_entry(self, variable: str, period: Any) -> None:
        """Do nothing: values of a spiral are never kept."""

    def clone(self, debug: bool = False, trace: bool = False) -> Simulation:
        """Return a simulation of its own: nothing set in one is seen in the other."""
        del debug
        made = Simulation.__new__(type(self))
        made.__dict__.update(self.__dict__)
        Simulation.__init__(made, self.tax_benefit_system, populations_of(self.tax_benefit_system, self.run.population))
        made.max_spiral_loops = self.max_spiral_loops
        made.__dict__["_run"] = self.run.clone()
        made.trace = trace
        return made


class _Standing(Simulation):
    """A simulation that stands for the engine's."""

    def __init__(self, run: Any) -> None:
        system = system_of(run.legislation)
        super().__init__(system, populations_of(system, run.population))
        self.max_spiral_loops = run.legislation.max_spiral_loops
        self._run = run


def simulation_of(run: Any) -> Simulation:
    """Return the simulation that stands for the engine's, for a formula that asks for it."""
    return _Standing(run)
