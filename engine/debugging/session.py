"""The run that a debugged formula asks: all that it reads is computed by the engine, and real."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.replay import Replay
from engine.traces import Key, Signature, given
from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.graph.operations import Array
    from engine.periods import Period
    from engine.simulation import Simulation
    from engine.variables import Rule


class Session(Replay):
    """A replay of one formula over a simulation's whole population. `known` are values of variables, as the engine read them; it computes others."""

    def __init__(self, simulation: Simulation, known: Mapping[Key, Any]) -> None:
        population = simulation.population
        inputs: dict[str, dict[Period, Any]] = {}
        for (name, at), values in simulation.inputs.items():
            inputs.setdefault(name, {})[at] = values
        totals = frozenset(names for names, link in population.links.items() if link.is_total)
        layout = population.layout(max([1, *population.counts.values()]))
        self.simulation = simulation
        self.population = population
        self.figures_read: dict[tuple[str, str], Any] = {}
        super().__init__(simulation.legislation, layout, known, lambda key: simulation.calculate(*key), Signature(given(inputs), totals))

    def _note(self, name: str, instant: str, value: Any) -> None:
        self.figures_read[name, instant] = value

    def variables_read(self) -> dict[Key, Array]:
        """Return the variables that were read so far, in order, by name and period."""
        return {key: self.column(self.real_values(found.node, found.rule.entity.key), found.rule) for key, found in self.trace.traced.items()}

    def result(self, value: Any, rule: Rule) -> Array:
        """Return what a formula gave as a column of its variable. Raises CalculationError where it cannot be one."""
        return self.column(self.real_values(self._as_result(value, rule), rule.entity.key), rule)

    @staticmethod
    def column(values: Array, rule: Rule) -> Array:
        """Return values as a column of their variable: an enumeration's know it."""
        return EnumArray(values, rule.possible_values) if rule.possible_values is not None else values

    def ids(self, entity: str) -> list[str]:
        """Return the ids of an entity's rows: their numbers where the population names none."""
        named = self.population.ids.get(entity)
        return [str(each) for each in (named if named is not None else range(self.population.counts[entity]))]
