"""A legislation: entities, variables and figures of the law. It is immutable and knows no run.

A reform makes another legislation that shares all it does not change with the one it reforms (`baseline`), down to the
nodes of the kept graphs. A law that is told by files and names (`named_by`) can be pickled: it is made anew from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pickle import PicklingError
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, SupportsIndex

from engine.errors import EntityError, ParameterNotFoundError, VariableNameConflictError, VariableNotFoundError, nearest
from engine.kept_graphs import KeptGraphs
from engine.variables import Rule, Variable, define, define_all, update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from engine.entities import Entity
    from engine.parameters import ParameterNode


@dataclass(frozen=True, eq=False, repr=False)
class Legislation:
    """The law of a country, or a reform of it.

    `refusals` names, per variable or for all others of an entity, the variable with the code under which the law itself
    refuses a row (0: accepted); `refusal_labels` says what each code means.
    `max_spiral_loops` switches on OpenFisca's spiral rule: a variable that needs itself at so many other periods gets its
    default there; None leaves it off.
    """

    entities: dict[str, Entity]
    variables: Mapping[str, Rule]
    parameters: ParameterNode
    name: str = ""
    refusals: Mapping[str, str] = field(default_factory=dict)
    refusal_labels: Mapping[int, str] = field(default_factory=dict)
    max_spiral_loops: int | None = None
    baseline: Legislation | None = None
    kept_graphs: KeptGraphs = field(default_factory=KeptGraphs, repr=False)
    made_by: tuple[Callable[..., Legislation], tuple[Any, ...]] | None = field(default=None, init=False)
    """What gives this law in any process, a function that can be imported and its arguments; a law changed in another way has none."""

    @classmethod
    def make(
        cls,
        entities: Iterable[Entity],
        variables: Iterable[type[Variable]],
        parameters: ParameterNode,
        **options: Any,
    ) -> Legislation:
        """Return the legislation of these entities, variables in the class form, and figures.

        Where no entity says what it belongs to, each row of the person entity belongs to a row of every other entity.
        Raises EntityError, VariableDefinitionError or VariableNameConflictError where they do not fit together.
        """
        by_key = with_memberships(entities)
        rules = define_all(variables)
        for rule in rules.values():
            _check_entity(rule, by_key)
        return cls(by_key, MappingProxyType(rules), parameters, **options)

    def __repr__(self) -> str:
        """Show the name and how much there is."""
        reform = " (a reform)" if self.baseline is not None else ""
        return f"<Legislation {self.name}{reform}: {len(self.entities)} entities, {len(self.variables)} variables>"

    def named_by(self, function: Callable[..., Legislation], *arguments: Any) -> Legislation:
        """Return this law, which from now on is pickled as what makes it: `function(*arguments)`, which must give the same law wherever it is called."""
        object.__setattr__(self, "made_by", (function, arguments))
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """Pickle the law as what makes it, where that is known: formulas refer to entities of their module, so that a law is made, not copied."""
        if self.made_by is None:
            raise PicklingError(
                f"{self!r} is not told by files or names alone: expected a law as `legislation.france()`, with extensions and reforms applied to it"
            )
        return self.made_by

    # Reading

    def variable(self, name: str) -> Rule:
        """Return a variable. Raises VariableNotFoundError with the nearest names."""
        found = self.variables.get(name)
        if found is None:
            raise VariableNotFoundError(f"There is no variable `{name}`.{nearest(name, self.variables)}")
        return found

    def refusal_of(self, rule: Rule) -> str | None:
        """Return the name of the variable with the code under which the law refuses a row of this one, None where it never does."""
        return self.refusals.get(rule.name) or self.refusals.get(rule.entity.key)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Return the links between entities: member and group."""
        return [(key, group) for key, entity in self.entities.items() for group in entity.belongs_to]

    @property
    def person(self) -> Entity:
        """Return the entity of persons, the first one where none is marked."""
        return next((entity for entity in self.entities.values() if entity.is_person), next(iter(self.entities.values())))

    def has_figure(self, name: str, instant: str, value: Any) -> bool:
        """Whether a figure of the law has this value at an instant."""
        try:
            found = self.parameters.read(name, instant)
        except ParameterNotFoundError:
            return False
        return found is value or bool(type(found) is type(value) and found == value)

    # Reforming: each gives another legislation, whose baseline is this one

    def with_parameters(self, parameters: ParameterNode) -> Legislation:
        """Return the law with another tree of figures."""
        return replace(self, parameters=parameters, baseline=self)

    def with_rules(self, rules: Mapping[str, Rule]) -> Legislation:
        """Return the law with some variables put in the place of those of the same names, or added.

        Raises EntityError for a variable of an entity that the law does not know.
        """
        for rule in rules.values():
            _check_entity(rule, self.entities)
        return replace(self, variables=MappingProxyType({**self.variables, **rules}), baseline=self)

    def with_variable(self, variable: type[Variable]) -> Legislation:
        """Return the law with a variable more. Raises VariableNameConflictError where the name is taken."""
        rule = define(variable)
        if rule.name in self.variables:
            raise VariableNameConflictError(f"There is a variable `{rule.name}` already ({self.variables[rule.name].place}): update or replace it.")
        return self.with_rules({rule.name: rule})

    def replacing(self, variable: type[Variable]) -> Legislation:
        """Return the law with a variable written anew; nothing of the old one of that name remains."""
        rule = define(variable)
        return self.with_rules({rule.name: rule})

    def updating(self, variable: type[Variable]) -> Legislation:
        """Return the law with a variable changed in what the class says; the rest, and older formulas, stay."""
        rule = update(variable, self.variable(variable.__name__))
        return self.with_rules({rule.name: rule})

    def neutralizing(self, name: str) -> Legislation:
        """Return the law in which a variable is always at its default, whatever is given."""
        return self.with_rules({name: self.variable(name).neutralized()})


def _check_entity(rule: Rule, entities: Mapping[str, Entity]) -> None:
    if rule.entity.key not in entities:
        key = rule.entity.key
        raise EntityError(f"`{rule.name}` ({rule.place}) is a variable of `{key}`, which is no entity of this law.{nearest(key, entities)}")


def with_memberships(entities: Iterable[Entity]) -> dict[str, Entity]:
    """Return the entities by key; where none says what it belongs to, persons belong to every other entity.

    Raises EntityError for a key that is taken twice or a membership of an unknown entity.
    """
    found: dict[str, Entity] = {}
    for entity in entities:
        if entity.key in found:
            raise EntityError(f"Two entities have the key `{entity.key}`.")
        found[entity.key] = entity
    persons = [entity for entity in found.values() if entity.is_person]
    for person in persons:
        if not person.belongs_to:
            groups = tuple(key for key in found if key != person.key)
            found[person.key] = _belonging(person, groups)
    for entity in found.values():
        for group in entity.belongs_to:
            if group not in found:
                raise EntityError(f"`{entity.key}` belongs to `{group}`, which is no entity of this law.{nearest(group, found)}")
    return found


def _belonging(person: Entity, groups: tuple[str, ...]) -> Entity:
    return replace(person, belongs_to=groups)
