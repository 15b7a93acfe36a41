"""Known shapes: a situation that is described like an earlier one is computed without reading it anew, and without running a formula.

What does not depend on values is kept for each shape (see slots.py): the population, which value goes to which column, the
nodes of the kept graph that answer, and the steps to them. A value that is not as the first ones were (of another type, a number
beyond all bounds, a truth that decides a formula's way otherwise) sends its situation the ordinary way, which says what is wrong.
Results are the same either way. Nothing of a document is kept but its shape.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.equal_columns import FEWEST_ROWS_SHARED
from engine.errors import BaremeError, LookUpError
from engine.graph.direct import DirectProgram, DirectRun
from engine.graph.nodes import INPUT_EXPONENT, Input, Node
from engine.graph.operations import TextArray
from engine.graph.relations import MemberLeaf, values_of_members
from engine.periods import ETERNITY, Period
from engine.periods import period as as_period
from engine.population import Population
from engine.simulation import Simulation
from engine.situation.columns import Array, Sharing
from engine.situation.reading import stored_value
from engine.situation.slots import Apart, Slot, Slots
from engine.variables import EnumArray, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.kept_graphs import Family
    from engine.legislation import Legislation
    from engine.situation.reading import Situation
    from engine.traces import Key, Signature

# So many shapes are kept, those used last: a program asks for a few.
MOST_SHAPES: Final = 256
_BOUND: Final = 2.0**INPUT_EXPONENT
_LARGEST: Final = 2**63
_FLOAT, _INT, _OTHER = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value goes: its column, its row there, and how it is read."""

    column: int
    row: int
    kind: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class _Plan:
    """The way from leaves to results: guards and results are targets of one program, in a family of kept graphs that may be gone."""

    signature: Signature
    family: weakref.ref[Family]
    guards: tuple[tuple[Node, bool], ...]
    keys: tuple[Key, ...]
    nodes: tuple[Node, ...]
    program: DirectProgram


@dataclass(slots=True)
class _Shape:
    """All that is known of situations of one shape."""

    population: Population
    columns: tuple[tuple[Rule, Period, Array], ...]
    places: tuple[_Place, ...]
    sharing: Mapping[str, Sharing]
    whole: tuple[tuple[Key, int], ...]
    requested: tuple[tuple[Key, int], ...]
    plan: _Plan


@dataclass(frozen=True, slots=True)
class Answers:
    """Results: for each null of the document, in its order, the variable and period and the row; and the values of each variable and period."""

    requested: tuple[tuple[Key, int], ...]
    values: Mapping[Key, Array]


class Shapes:
    """The shapes of one law; several threads may ask."""

    def __init__(self, legislation: Legislation) -> None:
        self.legislation = legislation
        self.apart = Apart(legislation)
        self._shapes: OrderedDict[tuple[Any, ...], _Shape] = OrderedDict()
        self._lock = threading.Lock()

    def answers(self, slots: Slots) -> Answers | None:
        """Return the results of a situation of a known shape; None where it has to go the ordinary way."""
        with self._lock:
            shape = self._shapes.get(slots.key)
            if shape is None:
                return None
            self._shapes.move_to_end(slots.key)
        inputs = _inputs(shape, slots.values)
        return None if inputs is None else self._run(shape, inputs)

    def learn(self, document: Mapping[str, Any], slots: Slots, situation: Situation, simulation: Simulation) -> None:
        """Keep the shape of a document that was read and computed, where that can be done; its nulls must stand there still."""
        if max(situation.population.counts.values()) >= FEWEST_ROWS_SHARED or len(slots.nulls) != len(situation.requested):
            return
        keys = tuple(dict.fromkeys((each.variable, each.period) for each in situation.requested))
        plan = _plan(simulation, keys)
        described = {key: len(document.get(entity.plural, ())) for key, entity in self.legislation.entities.items()}
        shape = None if plan is None else self._shape(self.apart.named(document), situation, plan, described)
        if shape is None:
            return
        with self._lock:
            self._shapes[slots.key] = shape
            while len(self._shapes) > MOST_SHAPES:
                self._shapes.popitem(last=False)

    def __len__(self) -> int:
        """Return how many shapes are kept."""
        return len(self._shapes)

    def _shape(self, slots: Sequence[Slot], situation: Situation, plan: _Plan, described: Mapping[str, int]) -> _Shape | None:
        columns: dict[Key, int] = {}
        places: list[_Place] = []
        filled: set[tuple[int, int]] = set()
        rules: dict[str, Rule] = {}
        for slot in slots:
            rule = self.legislation.variable(slot.variable)
            at = as_period("eternity") if rule.definition_period == ETERNITY else as_period(slot.period)
            column = columns.setdefault((rule.name, at), len(columns))
            if not rule.exists_at(at) or rule.is_neutralized or (column, slot.row) in filled:
                return None
            filled.add((column, slot.row))
            rules[rule.name] = rule
            kind = {float: _FLOAT, int: _INT}.get(rule.value_type, _OTHER)
            places.append(_Place(column, slot.row, kind, rule))
        counts = situation.population.counts
        if any(rules[slot.variable].is_lenient and described[slot.entity] == 1 < counts[slot.entity] for slot in slots):
            return None  # its value is that of rows added for others too
        made = tuple((rules[name], at, np.asarray(rules[name].default_array(counts[rules[name].entity.key])).view(np.ndarray)) for name, at in columns)
        has = {key: np.array([(column, row) in filled for row in range(len(made[column][2]))]) for key, column in columns.items()}
        split = {name for name, at in columns if not (at.is_eternal or (at.unit == rules[name].definition_period and at.size == 1))}
        sharing = {name: Sharing(rules[name], {at: has[name, at] for other, at in columns if other == name}) for name in split}
        whole = tuple((key, column) for key, column in columns.items() if key[0] not in split)
        population = situation.population
        nameless = Population(counts, {names: (link.index, link.roles) for names, link in population.links.items()})
        requested = tuple(((each.variable, each.period), each.row) for each in situation.requested)
        return _Shape(nameless, made, tuple(places), sharing, whole, requested, plan)

    def _run(self, shape: _Shape, inputs: Mapping[Any, Array]) -> Answers | None:
        plan = shape.plan
        if self.legislation.kept_graphs.family(plan.signature) is not plan.family():
            return None  # it left to make room
        population = shape.population
        simulation: list[Simulation] = []

        def leaf(node: Node) -> Any:
            operation = node.operation
            if isinstance(operation, Input):
                return inputs[operation.variable, operation.period]
            return values_of_members(operation, population.links)

        def opaque(operation: Any, operands: Sequence[Any]) -> Any:
            if not simulation:
                simulation.append(self._simulation(population, inputs, plan.keys))
            return simulation[0].call_opaque(operation, operands)

        layout = population.layout(FEWEST_ROWS_SHARED)
        try:
            found = DirectRun(layout, leaf, opaque).run(plan.program, {})
        except LookUpError:  # the ordinary way tells whether any row needs what it looks up
            return None
        if any(bool(found[node.number]) is not answer for node, answer in plan.guards):
            return None
        counts = population.counts
        values = {key: self._values(key, node, found, counts) for key, node in zip(plan.keys, plan.nodes, strict=True)}
        return Answers(shape.requested, values)

    def _values(self, key: Key, node: Node, found: Mapping[int, Any], counts: Mapping[str, int]) -> Array:
        values = found[node.number]
        values = values.decoded() if isinstance(values, TextArray) else values
        rule = self.legislation.variables[key[0]]
        if not isinstance(values, np.ndarray) or values.ndim == 0:
            values = np.full(counts[rule.entity.key], values, dtype=rule.dtype)
        return values if rule.possible_values is None else EnumArray(values, rule.possible_values)

    def _simulation(self, population: Population, inputs: Mapping[Key, Array], keys: Sequence[Key]) -> Simulation:
        """Return the simulation that opaque formulas ask."""
        made = Simulation(self.legislation, population)
        for (name, at), values in inputs.items():
            made.set_input(name, at, values)
        for key in keys:
            made.node(*key)
        return made


def _inputs(shape: _Shape, values: Sequence[Any]) -> dict[Key, Array] | None:
    """Return the columns of the values given, by variable and period; None where a value has to be looked at more closely."""
    arrays = [array.copy() for _, _, array in shape.columns]
    for place, value in zip(shape.places, values, strict=True):
        if (place.kind == _FLOAT and value.__class__ is float and -_BOUND < value < _BOUND) or (
            place.kind != _OTHER and value.__class__ is int and -_LARGEST <= value < _LARGEST
        ):
            arrays[place.column][place.row] = value
            continue
        try:
            stored = stored_value(place.rule, value)
        except BaremeError:
            return None
        if stored.__class__ is float and not -_BOUND < stored < _BOUND:
            return None
        arrays[place.column][place.row] = stored
    found = {key: arrays[column] for key, column in shape.whole}
    try:
        for name, sharing in shape.sharing.items():
            columns = {at: array for (rule, at, _), array in zip(shape.columns, arrays, strict=True) if rule.name == name}
            found.update({(name, at): column.values for at, column in sharing.shared(columns).items()})
    except BaremeError:
        return None
    return found


def _plan(simulation: Simulation, keys: tuple[Key, ...]) -> _Plan | None:
    """Return the way to results that a simulation found; None where it found none that serves others."""
    found = simulation.answering(keys)
    if found is None:
        return None
    family, signature, nodes, guards = found
    if any(not bounded for _, _, bounded, _ in signature.inputs) or any(node.is_passing for node in (*nodes, *(node for node, _ in guards))):
        return None
    program = DirectProgram([*(node for node, _ in guards), *nodes], ())
    if not all(isinstance(node.operation, Input | MemberLeaf) for _, node in program.leaves):
        return None
    return _Plan(signature, weakref.ref(family), guards, keys, nodes, program)
