"""Populations outside formulas: the rows of one entity as packages and tools see and set them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.entities import Entity, Role
from engine.errors import EntityError
from engine.graph.relations import Link, Reduce, reduced
from engine.openfisca.holders import Holder
from engine.openfisca.projections import projected
from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.openfisca.systems import TaxBenefitSystem
    from engine.population import Population as Rows

    Array = np.ndarray[Any, Any]


class Population:
    """The rows of one entity in a simulation, and for a group its members: where each belongs and in which role."""

    def __init__(self, entity: Entity, system: TaxBenefitSystem) -> None:
        self.entity = entity
        self.system = system
        self.simulation: Any = None
        self.populations: dict[str, Population] = {}
        self.ids: Sequence[Any] = []
        self._count: int | None = None
        self._group: Array | None = None
        self._roles: Array | None = None

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self.ids) if self._count is None else self._count

    @count.setter
    def count(self, value: int) -> None:
        self._count = value
        self._changed()

    def __getattr__(self, name: str) -> Any:
        """Return another population as this one sees it: a group, its first member, its only member of a role."""
        found = None if name.startswith("_") or "populations" not in self.__dict__ else projected(self, name)
        if found is None:
            raise AttributeError(f"The population of `{self.__dict__['entity'].key}` has no `{name}`." if "entity" in self.__dict__ else name)
        return found

    def _changed(self) -> None:
        if self.simulation is not None:
            self.simulation.forget_run()

    # Members

    @property
    def members(self) -> Population:
        """The persons."""
        return self.populations[self.system.person_entity.key]

    @property
    def members_entity_id(self) -> Array:
        """For each person, the row of the group that it belongs to."""
        return np.arange(self.members.count) if self._group is None else self._group

    @members_entity_id.setter
    def members_entity_id(self, value: Any) -> None:
        self._group = np.asarray(value, dtype=np.int64)
        self._changed()

    _members_entity_id = members_entity_id

    @property
    def role_numbers(self) -> Array:
        """For each person, the number of its role among the flattened roles."""
        return np.zeros(self.members.count, dtype=np.int16) if self._roles is None else self._roles

    @property
    def members_role(self) -> Array:
        """For each person, its role in the group."""
        return self._role_objects()[self.role_numbers]

    @members_role.setter
    def members_role(self, value: Iterable[Any]) -> None:
        self._roles = self.numbers_of_roles(value)
        self._changed()

    def _role_objects(self) -> Array:
        roles = np.empty(len(self.entity.flattened_roles), dtype=object)
        roles[:] = self.entity.flattened_roles
        return roles

    def numbers_of_roles(self, roles: Any) -> Array:
        """Return the numbers of roles given as roles, keys, or numbers: one for each person, or one for all."""
        known = {each: number for number, role in enumerate(self.entity.flattened_roles) for each in (role, role.key)}
        values = [roles] * self.members.count if isinstance(roles, Role | str) else np.asarray(roles).tolist()
        distinct = dict.fromkeys(values)
        unknown = next((each for each in distinct if not isinstance(each, int) and each not in known), None)
        if unknown is not None:
            raise EntityError(f"`{self.entity.key}` has no role `{unknown}`: expected one of {', '.join(role.key for role in self.entity.flattened_roles)}.")
        numbers = {each: each if isinstance(each, int) else known[each] for each in distinct}
        return np.fromiter(map(numbers.__getitem__, values), np.int16, len(values))

    @property
    def link(self) -> Link:
        """Where each person belongs, as the engine knows it."""
        return Link(self.members.entity.key, self.entity.key, self.members_entity_id, self.count, self.role_numbers)

    @property
    def members_position(self) -> Array:
        """For each person, its place among the members of its row."""
        return self.link.positions

    def get_role(self, role_name: str) -> Role | None:
        """Return the role of that key, or None."""
        return next((role for role in (*self.entity.roles, *self.entity.flattened_roles) if role.key == role_name), None)

    def has_role(self, role: Role) -> Array:
        """Return whether each person has a role, in whichever group knows it."""
        for group in self.populations.values():
            if any(role is each for each in (*group.entity.roles, *group.entity.flattened_roles)):
                return np.isin(group.role_numbers, _numbers(group.entity, role))
        raise EntityError(f"`{role.key}` is not a role of any entity.")

    def _reduce(self, how: str, array: Any, role: Role | None, neutral: Any, dtype: Any) -> Array:
        values = np.asarray(array)
        if role is not None:
            values = np.where(self.members.has_role(role), values, neutral)
        return reduced(Reduce(how, self.members.entity.key, self.entity.key), values, self.members_entity_id, self.count, np.dtype(dtype))

    def sum(self, array: Any, role: Role | None = None) -> Array:
        """Return the sum of the members' values."""
        return self._reduce("sum", array, role, 0, float)

    def any(self, array: Any, role: Role | None = None) -> Array:
        """Return whether a value holds for any member."""
        return self._reduce("any", np.asarray(array, dtype=bool), role, False, bool)

    def all(self, array: Any, role: Role | None = None) -> Array:
        """Return whether a value holds for all members."""
        return self._reduce("all", np.asarray(array, dtype=bool), role, True, bool)

    def max(self, array: Any, role: Role | None = None) -> Array:
        """Return the largest of the members' values."""
        return self._reduce("max", array, role, -np.inf, float)

    def min(self, array: Any, role: Role | None = None) -> Array:
        """Return the smallest of the members' values."""
        return self._reduce("min", array, role, np.inf, float)

    def nb_persons(self, role: Role | None = None) -> Array:
        """Return the number of members."""
        return self._reduce("sum", np.ones(self.members.count), role, 0, np.int64)

    def project(self, array: Any, role: Role | None = None) -> Array:
        """Return, for each person, the value of its group."""
        values: Array = np.asarray(array)[self.members_entity_id]
        return values if role is None else np.where(self.members.has_role(role), values, 0)

    def value_nth_person(self, n: int, array: Any, default: Any = 0) -> Array:
        """Return the value of the n-th member, `default` where there is none."""
        return self._held(self.link.holders(None, n), array, default)

    def value_from_person(self, array: Any, role: Role, default: Any = 0) -> Array:
        """Return the value of the one member with a role, `default` where nobody has it."""
        return self._held(self.link.holders(_numbers(self.entity, role)), array, default)

    def value_from_first_person(self, array: Any) -> Array:
        """Return the value of the first member."""
        return self.value_nth_person(0, array)

    @staticmethod
    def _held(rows: Array, array: Any, default: Any) -> Array:
        values = np.asarray(array)
        found = np.where(rows >= 0, values[np.maximum(rows, 0)], default).astype(values.dtype)
        return EnumArray(found, array.possible_values) if isinstance(array, EnumArray) else found

    # Values

    def __call__(self, name: str, period: Any = None, options: Sequence[Any] | None = None) -> Array:
        """Return the values of a variable at a period."""
        words = {str(option) for option in options or ()}
        run: Any = self.simulation
        if "add" in words:
            return np.asarray(run.calculate_add(name, period))
        return np.asarray(run.calculate_divide(name, period)) if "divide" in words else run.calculate(name, period)

    def get_holder(self, variable_name: str) -> Holder:
        """Return what is known of a variable."""
        return Holder(self.system.get_variable(variable_name, check_existence=True), self)

    def empty_array(self) -> Array:
        """Return zero for every row."""
        return np.zeros(self.count)

    def filled_array(self, value: Any, dtype: Any = None) -> Array:
        """Return one value for every row."""
        return np.full(self.count, value, dtype)

    def get_index(self, id_: Any) -> int:
        """Return the row of an id."""
        return list(self.ids).index(id_)

    def get_memory_usage(self, variables: Iterable[str] | None = None) -> dict[str, Any]:
        """Return how many bytes the values of this entity take."""
        known = variables if variables is not None else {name for name, _ in self.simulation.run.inputs}
        own = [name for name in known if self.system.variables[name].entity.key == self.entity.key]
        found: dict[str, Any] = self.simulation.get_memory_usage(own)
        return found


def _numbers(entity: Entity, role: Role) -> tuple[int, ...]:
    wanted = role.subroles or (role,)
    return tuple(number for number, each in enumerate(entity.flattened_roles) if any(each is one for one in wanted))


def empty_populations(system: TaxBenefitSystem) -> dict[str, Population]:
    """Return populations without rows, by the key of their entity."""
    populations = {entity.key: Population(entity, system) for entity in system.entities}
    for population in populations.values():
        population.populations = populations
    return populations


def populations_of(system: TaxBenefitSystem, rows: Rows) -> dict[str, Population]:
    """Return the populations that have the engine's rows and links."""
    populations = empty_populations(system)
    person = system.person_entity.key
    for key, population in populations.items():
        population.ids = rows.ids.get(key) or list(range(rows.counts[key]))
        if key != person:
            link = rows.links[person, key]
            population._group, population._roles = link.index, link.roles  # noqa: SLF001 - the same module
    return populations
