"""A simulation: one law met with one population.

Inputs are set, variables are calculated. The law is traced once for the set of inputs given (engine/tracing.py) and the
graph is evaluated over the population (engine/graph/evaluate.py). One simulation is used by one thread; the legislation,
its kept graphs and the population are shared by many.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sortedcontainers import SortedDict

from engine import collector, kept_files
from engine.asked import check_period, share_of
from engine.equal_columns import shared
from engine.errors import CalculationError, EntityError, LookUpError, PeriodMismatchError, VariableValueError
from engine.graph.derivatives import Derivatives
from engine.graph.direct import Programs
from engine.graph.evaluate import DIRECT_ROWS, Evaluator, rows_of_a_block
from engine.graph.moving_figures import FigureLeaf
from engine.graph.nodes import Data, Input, Node
from engine.graph.operations import TEXT, Array, TextArray
from engine.graph.relations import MemberLeaf, values_of_members
from engine.periods import DateUnit, Period
from engine.periods import period as as_period
from engine.replay import replay
from engine.requests import Requests
from engine.traces import Key, Signature, Trace, Traced, given
from engine.tracing import Tracing
from engine.variables import EnumArray, Rule

if TYPE_CHECKING:
    from engine.graph.opaque import Opaque
    from engine.kept_graphs import Family
    from engine.legislation import Legislation
    from engine.population import Population

Progress = Callable[[int, int], None]


class Simulation:
    """A law over a population. `block_rows` and `threads` change the speed, never the result.

    Without `block_rows`, a small population is computed at once and a large one in blocks of a size that measured best.
    Entities of the law that the population lacks have no rows. Raises EntityError where rows are there, and their link is not.
    """

    def __init__(self, legislation: Legislation, population: Population, *, block_rows: int | None = None, threads: int | None = None) -> None:
        self.legislation = legislation
        self.population = population = population.completed(tuple(legislation.entities), legislation.links)
        self._inputs: dict[str, SortedDict[Period, Array | TextArray]] = {}  # by variable, in order of time
        self._values: dict[int, Any] = {}
        self._lent: tuple[Family, dict[int, Any]] | None = None  # what a simulation of the same inputs has computed, on its graph
        self._tracing: Tracing | None = None
        self._family: Family | None = None
        self._verified: set[Key] = set()
        self._requests = Requests(count=legislation.max_spiral_loops is not None)
        self._busy = False
        self._block_rows = block_rows
        self._check_population()
        layout = population.layout(block_rows or rows_of_a_block(max(population.counts.values(), default=0), threads))
        self._evaluator = Evaluator(layout, self._leaf, threads, self.call_opaque, 0 if block_rows else DIRECT_ROWS)

    def _check_population(self) -> None:
        unlinked = [names for names in self.legislation.links if names not in self.population.links]
        if unlinked:
            pairs = ", ".join(f"`{member}` to `{group}`" for member, group in unlinked)
            raise EntityError(f"The population does not say which rows belong together: missing links from {pairs}.")

    # Inputs

    def set_input(self, name: str, at: Any, values: Any, *, copy: bool = True) -> None:
        """Give a variable's values for a period: one per row of its entity.

        A period longer than the variable's own is split by its input rule. Values computed before are forgotten.
        `copy=False` takes an array over as it is; whoever gives it must not write into it any more. Raises
        VariableNotFoundError, PeriodMismatchError, VariableValueError for values of the wrong type or number.
        """
        rule = self.legislation.variable(name)
        wanted = as_period(at)
        if rule.is_neutralized or not rule.exists_at(wanted):
            return
        column = self._column(rule, values, copy=copy)
        known = self._inputs.setdefault(rule.name, SortedDict())
        for when, part in self._split(rule, wanted, column).items():
            known[when] = shared(part, known.values())
        self._values.clear()
        self._lent = None
        self._verified = set()
        self._requests.forget()
        self._tracing = None

    def _split(self, rule: Rule, wanted: Period, column: Any) -> dict[Period, Any]:
        if rule.definition_period == DateUnit.ETERNITY:
            return {as_period("eternity"): column}
        if wanted.unit == rule.definition_period and wanted.size == 1:
            return {wanted: column}
        if rule.set_input is None:
            raise PeriodMismatchError(
                f"`{rule.name}` is defined for a {rule.definition_period}; its values were given for {wanted}. "
                "Give them for its own periods, or let the variable say how to split them (`set_input`)."
            )
        known = {when: self._plain(part) for when, part in self._inputs.get(rule.name, {}).items()}
        parts = rule.set_input(rule, wanted, self._plain(column), known)
        columns = {id(part): self._column(rule, part, copy=False) for part in parts.values()}
        return {when: columns[id(part)] for when, part in parts.items()}

    @staticmethod
    def _plain(column: Any) -> Array:
        return column.decoded() if isinstance(column, TextArray) else column

    def _column(self, rule: Rule, values: Any, *, copy: bool) -> Array | TextArray:
        count = self.population.counts[rule.entity.key]
        column = values if isinstance(values, TextArray) else self._array(rule, values, count, copy=copy)
        if len(column) != count:
            raise VariableValueError(f"`{rule.name}` was given {len(column)} values; there are {count} rows of `{rule.entity.key}`.")
        return column

    @staticmethod
    def _array(rule: Rule, values: Any, count: int, *, copy: bool) -> Array | TextArray:
        column = rule.cast_array(values)
        if np.ndim(column) > 1:
            raise VariableValueError(f"`{rule.name}` was given an array of shape {np.shape(column)}; expected ({count},): one value per row.")
        if np.ndim(column) == 0:
            column = np.full(count, column)
        elif copy and isinstance(values, np.ndarray) and np.may_share_memory(column, values):
            column = column.copy()
        column = column.view(np.ndarray) if isinstance(column, EnumArray) else column
        return TextArray.encode(column) if rule.dtype == TEXT else column

    @property
    def inputs(self) -> dict[Key, Any]:
        """Return the inputs given, by variable and period."""
        return {(name, when): values for name, columns in self._inputs.items() for when, values in columns.items()}

    def known_periods(self, name: str) -> list[Period]:
        """Return the periods for which a variable's values were given, in order of time."""
        return list(self._inputs.get(self.legislation.variable(name).name, ()))

    # Results

    def calculate(self, name: str, at: Any = None) -> Array:
        """Return a variable's values at a period of its own kind, one per row of its entity; read-only.

        Raises VariableNotFoundError, PeriodMismatchError, CycleError, FormulaError, LookUpError.
        """
        rule = self.legislation.variable(name)
        if at is None and rule.definition_period != DateUnit.ETERNITY:
            raise PeriodMismatchError(f"`{name}` is defined for a {rule.definition_period}: say which, as in `calculate({name!r}, …)`.")
        wanted = as_period(at) if at is not None else as_period("eternity")
        return self.calculate_all([(name, wanted)])[name, wanted]

    def calculate_all(self, wanted: Iterable[tuple[str, Any]], progress: Progress | None = None) -> dict[Key, Array]:
        """Return several variables at once, by name and period: one pass over the population computes them all."""
        keys = [(name, as_period(at)) for name, at in wanted]
        with collector.at_rest():  # once for all: between one variable and the next, it would go through all that was traced
            nodes = {key: self._node(key) for key in keys}
            self._evaluate(list(nodes.values()), progress)
            return {key: self._result(key, node) for key, node in nodes.items()}

    def calculate_add(self, name: str, at: Any) -> Array:
        """Return the sum of a variable over the periods of its own kind within a longer one."""
        rule, wanted = self.legislation.variable(name), as_period(at)
        if rule.definition_period == DateUnit.ETERNITY:
            raise PeriodMismatchError(f"`{name}` has one value for all time: it cannot be added up over {wanted}.")
        parts = self.calculate_all((name, part) for part in wanted.get_subperiods(rule.definition_period))
        start = np.zeros(1, np.int64 if rule.dtype.kind == "b" else rule.dtype)
        return functools.reduce(np.add, parts.values(), start)  # one after the other, whatever the number of rows

    def calculate_divide(self, name: str, at: Any) -> Array:
        """Return the share of a variable's longer period that falls on a shorter one."""
        longer, share = share_of(self.legislation.variable(name), as_period(at))
        return self.calculate(name, longer) / share

    def calculate_output(self, name: str, at: Any) -> Array:
        """Return a variable over any period, added up or divided as its `calculate_output` says."""
        rule = self.legislation.variable(name)
        return self.calculate(name, at) if rule.calculate_output is None else np.asarray(rule.calculate_output(self, name, as_period(at)))

    def traced(self, name: str, at: Any) -> Traced:
        """Return how a variable is computed: its node, and what its formula read."""
        key = (name, check_period(self.legislation.variable(name), as_period(at)))
        self._node(key)
        assert self._tracing is not None
        found = self._tracing.trace.traced.get(key)
        if found is None:
            raise CalculationError(f"`{name}` at {key[1]} was computed within a spiral: what it read depends on where the spiral was entered.")
        return found

    def traced_below(self, name: str, at: Any) -> Mapping[Key, Traced]:
        """Return how all that a variable rests on is computed, by variable and period; no question is asked that was not asked before.

        Inputs and defaults need not be there, and what was computed within a spiral is not.
        """
        self._node((name, check_period(self.legislation.variable(name), as_period(at))))
        assert self._tracing is not None
        return self._tracing.trace.traced

    def traced_aside(self, name: str, at: Any) -> Traced:
        """Return how a variable is computed, as `traced`, without noting the question: the spiral rule does not see it, and the trace stays."""
        with self._requests.aside():
            return self.traced(name, at)

    def answering(self, keys: Sequence[Key]) -> tuple[Family, Signature, tuple[Node, ...], tuple[tuple[Node, bool], ...]] | None:
        """Return how results that were computed are found: the graph's family and signature, their nodes, and the truths that must hold, the deepest first.

        None where no one trace tells: the same inputs with other values may need another.
        """
        trace = self._tracing.trace if self._tracing is not None else None
        if trace is None or self._family is None or not all(key in trace.traced for key in keys):
            return None
        nodes = tuple(trace.traced[key].node for key in keys)
        if not all(node.is_constant or node.is_leaf or node.number in self._values for node in nodes):
            return None
        guards = dict.fromkeys((guard.node, guard.answer) for key in keys for guard in trace.guards_below(key))
        return self._family, self._signature, nodes, tuple(guards)

    def derivatives(self) -> Derivatives:
        """Return what carries derivatives along this simulation's graph."""
        return Derivatives(self._evaluator.layout, self._leaf, self.call_opaque)

    def apart(self, keys: Iterable[Key]) -> Simulation:
        """Return a simulation of the same inputs in which each of these, by variable and period, is a leaf of its own, whatever equals it."""
        other = Simulation(self.legislation, self.population, block_rows=self._block_rows, threads=self._evaluator.threads)
        other._inputs = {name: columns.copy() for name, columns in self._inputs.items()}
        for name, when in keys:
            other._inputs[name][when] = self._inputs[name][when].copy()
        return other

    def node(self, name: str, at: Any) -> Node:
        """Return the node of a variable at a period of its own kind."""
        return self._node((name, check_period(self.legislation.variable(name), as_period(at))))

    def clone(self) -> Simulation:
        """Return a simulation of its own with the same inputs; nothing set in one is seen in the other."""
        return self.under(self.legislation)

    def under(self, legislation: Legislation) -> Simulation:
        """Return a simulation of the same inputs under another law, as a reform of this one; what the law leaves as it is, is not computed again."""
        other = Simulation(legislation, self.population, block_rows=self._block_rows, threads=self._evaluator.threads)
        kept = [name for name in self._inputs if not legislation.variable(name).is_neutralized]
        other._inputs = {name: self._inputs[name].copy() for name in kept}
        if len(kept) == len(self._inputs) and self._family is not None:
            other._lent = (self._family, dict(self._values))
        return other

    def _take_lent(self) -> None:
        """Take over the values of nodes that a simulation of the same inputs has computed: those that a reform leaves as they are.

        What an opaque formula gives may rest on figures that its node does not name.
        """
        if self._lent is None or self._family is not self._lent[0]:
            return
        values, self._lent = self._lent[1], None
        self._values.update((number, value) for number, value in values.items() if number not in self._family.graph.resting_on_formulas)

    def _result(self, key: Key, node: Node) -> Array:
        rule = self.legislation.variable(key[0])
        values = self._values.get(node.number) if not node.is_constant else node.value
        if values is None:
            values = self._leaf(node)
        values = values.decoded() if isinstance(values, TextArray) else values
        if not isinstance(values, np.ndarray) or values.ndim == 0:
            values = np.full(self.population.counts[rule.entity.key], values, dtype=rule.dtype)
        values = values.view()
        values.flags.writeable = False
        return values if rule.possible_values is None else EnumArray(values, rule.possible_values)

    # Tracing, and what it asks (tracing.Run)

    def _node(self, key: Key) -> Node:
        rule = self.legislation.variable(key[0])
        if self._busy and self._tracing is not None:  # asked by a formula that is being traced
            return self._tracing.read(rule, key[1])
        if self._tracing is None or self._family is None:
            totals = frozenset(names for names, link in self.population.links.items() if link.is_total)
            self._signature = Signature(given(self._inputs), totals)
            self._family = self.legislation.kept_graphs.family(self._signature)
            self._take_lent()
        with self._family.lock:
            was_busy, self._busy = self._busy, True
            try:
                with collector.at_rest():
                    tracing = self._choose_tracing(self._family, key)
                    self._requests.note(tracing.trace, key)
                    start = time.perf_counter()
                    found = tracing.read(rule, key[1])
                    kept_files.note(tracing.trace, time.perf_counter() - start)
                    return found
            finally:
                self._busy = was_busy

    def _choose_tracing(self, family: Family, key: Key) -> Tracing:
        """Return a tracing whose guards are answered by this population as they were when it was traced."""
        if self._tracing is not None and self._requests.go_on(self._tracing.trace, key) and self._guards_hold(self._tracing.trace, key):
            return self._tracing
        known = family.traces_of(self.legislation, self._signature)
        if not known:
            kept = kept_files.restore(family, self.legislation, self._signature)
            known = [kept] if kept is not None else []
        fitting = next((trace for trace in known if self._requests.fit(trace, key) and self._guards_hold(trace, key)), None)
        if fitting is not None:
            family.used(fitting)
        self._verified = set()
        self._tracing = Tracing(fitting or family.add(self.legislation, self._signature), self)
        if fitting is None:
            for name, at in self._requests.earlier(self._tracing.trace):
                self._tracing.read(self.legislation.variable(name), at)
        return self._tracing

    def _guards_hold(self, trace: Trace, key: Key) -> bool:
        """Whether this population answers every guard on the way to a variable as the trace noted it, the deepest first."""
        is_ours = self._tracing is not None and trace is self._tracing.trace
        if is_ours and key in self._verified:
            return True
        try:
            if not all(bool(self.real_values(guard.node, None)) is guard.answer for guard in trace.guards_below(key)):
                return False
        except LookUpError:  # what was asked of another population is no question for this one
            return False
        if is_ours and key in trace.traced:
            self._verified.add(key)
        return True

    def real_values(self, node: Node, entity: str | None) -> Array:
        """Return a node's values over the population; a constant is repeated for every row."""
        if not node.is_constant:
            self._evaluate([node], None)
        values = node.value if node.is_constant else self._values.get(node.number)
        values = self._leaf(node) if values is None else values
        values = values.decoded() if isinstance(values, TextArray) else values
        if isinstance(values, np.ndarray) and values.ndim:
            return values
        return np.asarray(values) if entity is None else np.full(self.population.counts[entity], values, dtype=node.dtype)

    def count(self, entity: str | None) -> int:
        """Return an entity's number of rows."""
        return 1 if entity is None else self.population.counts[entity]

    def keep(self, node: Node, values: Array) -> None:
        """Remember values already computed for a node."""
        self._values[node.number] = values

    # Evaluation

    def call_opaque(self, operation: Opaque, operands: Sequence[Any]) -> Array:
        """Return the values of an opaque formula, given the real values of the variables it read when it was traced."""
        name, at, formula = operation.key
        known = dict(zip(operation.reads, operands, strict=True))
        layout, rule = self._evaluator.layout, self.legislation.variable(name)
        return replay(self.legislation, layout, formula, rule, at, known, lambda key: self.calculate(*key), self._signature)

    def _evaluate(self, nodes: Sequence[Node], progress: Progress | None) -> None:
        wanted = [node for node in nodes if not node.is_constant and not node.is_leaf and node.number not in self._values]
        if not wanted:
            return
        try:
            with collector.at_rest(), self._requests.aside():
                programs = self._family.programs if self._family is not None else None
                self._values.update(self._evaluator.run(wanted, self._values, progress, programs))
        except LookUpError as error:
            raise self._named(error) from error

    def _named(self, error: LookUpError) -> LookUpError:
        """Return the error of a look-up with the variable and the period whose formula looks up."""
        node: Node | None = getattr(error, "node", None)
        key = self._tracing.trace.maker_of(node) if self._tracing is not None and node is not None else None
        return error if node is None or key is None else LookUpError(f"`{key[0]}` at {key[1]}, for a row of `{node.entity}`: {error}")

    @property
    def programs(self) -> Programs:
        """Return the programs kept with the graph of this simulation; those of nobody before anything was asked."""
        return self._family.programs if self._family is not None else Programs()

    def leaf(self, node: Node) -> Any:
        """Return the values of a leaf of the graph over the population: an input, or what a link tells."""
        return self._leaf(node)

    def _leaf(self, node: Node) -> Any:
        operation = node.operation
        if isinstance(operation, Input):
            return self._inputs[operation.variable][operation.period]
        if isinstance(operation, Data):
            return operation.array
        if isinstance(operation, FigureLeaf):
            return np.full(self.population.counts[str(node.entity)], operation.value)
        assert isinstance(operation, MemberLeaf)
        return values_of_members(operation, self.population.links)
