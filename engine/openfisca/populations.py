"""What a formula of a package sees of entities: Barème's view, with the names and habits of OpenFisca's populations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import EntityError
from engine.graph.array import SymbolicArray, operand
from engine.graph.relations import Gather
from engine.openfisca.holders import FormulaHolder
from engine.views import EntityView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.entities import Entity, Role
    from engine.graph.operations import Array
    from engine.periods import Period
    from engine.variables import Rule


class BytesArray(SymbolicArray):
    """Texts of a limited length, whose real values are bytes: so OpenFisca stores them, and so packages decode them, cell by cell."""

    __slots__ = ("length",)

    def __init__(self, texts: SymbolicArray, length: int) -> None:
        super().__init__(texts.session, texts.node, texts.entity)
        self.length = length

    def real(self) -> Array:
        """Return the real values."""
        return super().real().astype(f"S{self.length}")


@dataclass(frozen=True)
class PopulationView(EntityView):
    """The rows of one entity as a package's formula sees them; `single` gives it numbers in single precision."""

    single: bool = False

    @classmethod
    def of(cls, view: EntityView, *, single: bool = False) -> PopulationView:
        """Return the view for a formula of a package."""
        return cls(view.law, view.entity, view.path, single)

    def __call__(self, name: str, period: Any = None, options: Sequence[Any] | None = None) -> SymbolicArray:
        """Return the values of a variable; rows that find nobody get zero, not the variable's default."""
        node, rule = self.law.variable(name, period, options or (), self.entity)
        values = self._back(SymbolicArray(self.law, node, self.entity.key, rule.possible_values))
        if rule.max_length is not None:
            return BytesArray(values, rule.max_length)
        return values.astype(np.float32) if self.single and values.dtype == np.float64 else values

    # Views lead to views of the same kind

    def _above(self, target: Entity) -> PopulationView:
        return self.of(super()._above(target), single=self.single)

    def _member_with(self, role: Role) -> PopulationView:
        return self.of(super()._member_with(role), single=self.single)

    @property
    def members(self) -> PopulationView:
        """The members, each for itself."""
        return self.of(super().members, single=self.single)

    def __getattr__(self, name: str) -> Any:
        """Return the view of another entity, or of a member."""
        found = super().__getattr__(name)
        return self.of(found, single=self.single) if isinstance(found, EntityView) else found

    # Other names, other ways

    def get_holder(self, name: str) -> FormulaHolder:
        """Return what is known of a variable."""
        return FormulaHolder(self, self.rule(name))

    def rule(self, name: str) -> Rule:
        """Return a variable of the law that is being traced."""
        found: Rule = self.law.rule(name)  # type: ignore[attr-defined]
        return found

    def known_periods(self, name: str) -> list[Period]:
        """Return the periods for which a variable was given: they are part of what a graph is kept under."""
        return self.law.known_periods(name)

    def default_array(self, rule: Rule) -> SymbolicArray:
        """Return a variable's default for every row."""
        return SymbolicArray(self.law, self.law.default(rule), rule.entity.key, rule.possible_values)  # type: ignore[attr-defined]

    def check_array_compatible_with_entity(self, array: Any) -> None:
        """Accept any array: combining values of different entities is an error anyway."""

    def reduce(self, array: Any, reducer: Callable[[Any, Any], Any], neutral_element: Any, role: Role | None = None) -> Any:
        """Return the members' values combined two by two, in their order; `neutral_element` where there is nobody."""
        values = array if role is None else np.where(self.members.has_role(role), array, neutral_element)
        position = self.members.position_in(self.entity.key)
        result: Any = self.filled_array(neutral_element)
        nth = 0
        while (position >= nth).any():  # a guard: the graph holds for populations whose largest group has as many members
            result = reducer(result, self.value_nth_person(nth, values, neutral_element))
            nth += 1
        return result

    def has_role(self, role: Role) -> SymbolicArray:
        """Return whether each person plays a role; asked of a group, of its members."""
        return super().has_role(role) if self.entity.is_person else self.members.has_role(role)

    def get_rank(self, entity: EntityView, criteria: Any, condition: Any = True) -> SymbolicArray:
        """Return each member's rank by `criteria` within its row of `entity`, the smallest first; -1 where `condition` does not hold."""
        member = self.entity if self.entity.is_person else self.members.entity
        count = self.law.rows(member.key)
        group = np.asarray(getattr(PopulationView(self.law, member), entity.entity.key).ids)
        values, holds = (np.broadcast_to(np.asarray(each), count) for each in (criteria, condition))
        order = np.lexsort((np.arange(count), values, ~holds.astype(bool), group))
        ordered = group[order]
        rank = np.empty(count, dtype=np.int64)
        rank[order] = np.arange(count) - np.searchsorted(ordered, ordered, side="left")
        rank = np.where(holds, rank, -1)
        return SymbolicArray(self.law, operand(self.law, rank, member.key), member.key)

    @property
    def ids(self) -> SymbolicArray:
        """The number of each row, as seen from the formula's rows."""
        rows = np.arange(self.law.rows(self.entity.key))
        return self._back(SymbolicArray(self.law, operand(self.law, rows, self.entity.key), self.entity.key))

    def value_from_partner(self, array: Any, entity: EntityView, role: Role) -> Any:
        """Return, for each of the two members with a role of two subroles, the value of the other; zero for everybody else."""
        if len(role.subroles) != 2:  # noqa: PLR2004 - partners are two
            raise EntityError(f"`{role.key}` has {len(role.subroles)} subroles: partners are two.")
        group = PopulationView(self.law, entity.entity)
        first, second = role.subroles
        of_first, of_second = (group.project(group.value_from_person(array, each)) for each in (first, second))
        return np.select([self.has_role(first), self.has_role(second)], [of_second, of_first])

    @property
    def first_person(self) -> PopulationView:
        """The first member."""
        member = self.members.entity
        return PopulationView(self.law, member, (*self.path, Gather(member.key, self.entity.key, up=True, default=None, nth=0)), self.single)

    @property
    def members_position(self) -> Any:
        """Each member's place among the members of its row."""
        return self.members.position_in(self.entity.key)

    @property
    def members_entity_id(self) -> Any:
        """The number of the row that each member belongs to."""
        return getattr(self.members, self.entity.key).ids

    @property
    def simulation(self) -> Any:
        """The simulation that the formula runs in, with real values; the formula is called with real arrays from now on."""
        from engine.openfisca.simulations import simulation_of  # noqa: PLC0415 - simulations hold laws, whose formulas hold this

        self.law.rows(self.entity.key)
        return simulation_of(self.law.run)  # type: ignore[attr-defined]
