"""The builder of simulations: from documents, or entity by entity from arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import SituationError
from engine.openfisca.rows import Population, empty_populations, populations_of
from engine.openfisca.simulations import Simulation
from engine.situation import SituationProblem, read_situation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.openfisca.systems import TaxBenefitSystem
    from engine.situation import Situation


class SimulationBuilder:
    """Builds simulations of a system."""

    def __init__(self) -> None:
        self.default_period: Any = None
        self.tax_benefit_system: TaxBenefitSystem | None = None
        self.populations: dict[str, Population] = {}

    def set_default_period(self, period_str: Any) -> None:
        """Name the period of values given without one."""
        self.default_period = None if period_str is None else str(period_str)

    # From documents

    def build_from_dict(self, tax_benefit_system: TaxBenefitSystem, input_dict: Mapping[str, Any]) -> Simulation:
        """Return the simulation that a document describes, in any of its forms. Raises SituationParsingError."""
        return self.build_from_situation(tax_benefit_system, input_dict)

    build_from_entities = build_from_dict
    build_from_variables = build_from_dict

    def build_from_situation(self, system: TaxBenefitSystem, document: Mapping[str, Any]) -> Simulation:
        """Return the simulation of a document. Raises SituationParsingError for the first problem."""
        plain = _with_text_keys(document)
        try:
            situation = read_situation(system.legislation, plain, self.default_period)
        except SituationError as error:
            raise SituationParsingError.of(error) from error
        return simulation_of_situation(system, situation)

    def build_default_simulation(self, tax_benefit_system: TaxBenefitSystem, count: int = 1) -> Simulation:
        """Return a simulation of so many persons, each alone in groups of its own."""
        populations = empty_populations(tax_benefit_system)
        for population in populations.values():
            population.ids = np.arange(count)  # type: ignore[assignment]
        return Simulation(tax_benefit_system, populations)

    # Entity by entity

    def create_entities(self, tax_benefit_system: TaxBenefitSystem) -> None:
        """Begin with empty populations."""
        self.tax_benefit_system = tax_benefit_system
        self.populations = empty_populations(tax_benefit_system)

    def declare_person_entity(self, person_singular: str, persons_ids: Iterable[Any]) -> None:
        """Name the persons."""
        self.populations[person_singular].ids = list(persons_ids)

    def declare_entity(self, entity_singular: str, entity_ids: Iterable[Any]) -> Population:
        """Name the rows of a group; returns its population."""
        population = self.populations[entity_singular]
        population.ids = list(entity_ids)
        return population

    def nb_persons(self, entity_singular: str, role: Any = None) -> Any:
        """Return how many members each row of a group has."""
        return self.populations[entity_singular].nb_persons(role)

    def join_with_persons(self, group_population: Population, persons_group_assignment: Sequence[Any], roles: Any) -> None:
        """Say for each person to which row it belongs (by id) and in which role."""
        rows = {id_: row for row, id_ in enumerate(group_population.ids)}
        group_population.members_entity_id = list(map(rows.__getitem__, np.asarray(persons_group_assignment).tolist()))
        group_population.members_role = roles

    def build(self, tax_benefit_system: TaxBenefitSystem) -> Simulation:
        """Return the simulation of the populations declared."""
        return Simulation(tax_benefit_system, self.populations)


class SituationParsingError(SituationError):
    """A document is wrong: `error` holds the message at its path, `code` the status for a web API."""

    def __init__(self, path: Iterable[str], message: str, code: int | None = None) -> None:
        steps = [str(step) for step in path]
        nested: Any = message
        for step in reversed(steps):
            nested = {step: nested}
        self.error = nested
        self.code = code or 400
        super().__init__([SituationProblem("/".join(steps), message, tuple(steps), self.code)])

    @classmethod
    def of(cls, error: SituationError) -> SituationParsingError:
        """Return the error of the first problem."""
        problem = error.problems[0]
        if isinstance(problem, SituationProblem):
            return cls(problem.path, problem.message, problem.code)
        return cls([problem.place], problem.message)


def simulation_of_situation(system: TaxBenefitSystem, situation: Situation) -> Simulation:
    """Return the simulation of a situation that was read."""
    simulation = Simulation(system, populations_of(system, situation.population))
    run = simulation.run
    for (name, at), values in situation.inputs.items():
        run.set_input(name, at, values)
    return simulation


def _with_text_keys(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _with_text_keys(value) for key, value in data.items()}
    return data
