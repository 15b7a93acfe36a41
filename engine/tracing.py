"""Tracing: running the law once, on symbols.

A trace holds, for one law and one set of given inputs, the node of every variable-period that was ever asked for, with
what its formula read: variables, figures of the law, and the truths that decided its way (guards). Any population with
these inputs given can be computed from it; a reform takes over what it does not change.
"""

from __future__ import annotations

import enum
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engine.asked import check_period, default_scalar, share_of
from engine.errors import BaremeError, CalculationError, CycleError, FormulaError, PeriodMismatchError, SpiralError
from engine.graph.array import SymbolicArray, operand, record
from engine.graph.folding import cast
from engine.graph.nodes import INPUT_EXPONENT, Input, Node
from engine.graph.opaque import Opaque
from engine.graph.operations import TEXT, Array, Elementwise, Encode
from engine.periods import DateUnit, Period
from engine.periods import period as as_period
from engine.traces import FigureRead, Key, Trace, Traced
from engine.views import EntityView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from engine.entities import Entity
    from engine.variables import Formula, Rule

# Every so many levels of the law it is asked how much of Python's stack is used, by the law and by whoever called it.
LEVELS_BETWEEN_LOOKS = 8
# A variable that asks itself at ever other periods never ends; no law needs so many.
MOST_LEVELS = 20_000
# How many links of a chain of callers a message shows at each end.
CHAIN_ENDS = 8


class Run(Protocol):
    """What tracing asks of the simulation that it serves: real values, where a formula cannot go on without."""

    def real_values(self, node: Node, entity: str | None) -> Array:
        """Return a node's values over the population; a constant is repeated for every row."""
        ...

    def count(self, entity: str | None) -> int:
        """Return an entity's number of rows."""
        ...

    def keep(self, node: Node, values: Array) -> None:
        """Remember values already computed for a node."""
        ...


@dataclass
class _Frame:
    """One formula being run."""

    key: Key
    reads: dict[Key, None] = field(default_factory=dict)
    figures: dict[tuple[str, str], Any] = field(default_factory=dict)
    guards: dict[Node, bool] = field(default_factory=dict)
    needed_real_values: bool = False

    def figures_read(self) -> tuple[FigureRead, ...]:
        """Return the figures of the law that were read."""
        return tuple(FigureRead(name, instant, value) for (name, instant), value in self.figures.items())


class Tracing:
    """Extends a trace on behalf of one simulation; it is the session of the symbolic arrays that formulas see."""

    def __init__(self, trace: Trace, run: Run) -> None:
        self.trace = trace
        self.graph = trace.graph
        self.run = run
        self.legislation = trace.legislation
        self._frames: list[_Frame] = []
        self._open: set[Key] = set()
        self._spoilt: set[Key] = set()
        self._reader = trace.legislation.parameters.recording(self._note)

    # What symbolic arrays ask (graph.array.Session)

    def rows(self, entity: str | None) -> int:
        """Return an entity's number of rows; the formula that asks is called with real arrays from now on."""
        self._mark_real()
        return self.run.count(entity)

    def values(self, node: Node, entity: str | None) -> Array:
        """Return real values; the formula that asks is called with real arrays from now on."""
        self._mark_real()
        return self.run.real_values(node, entity)

    def answer(self, node: Node) -> bool:
        """Return a truth about the population, and note it as a guard."""
        answer = bool(node.value if node.is_constant else self.run.real_values(node, None))
        if self._frames and not node.is_constant:
            self._frames[-1].guards[node] = answer
        return answer

    def _mark_real(self) -> None:
        if self._frames:
            self._frames[-1].needed_real_values = True

    # What the facade asks (views.Law)

    @property
    def entities(self) -> dict[str, Entity]:
        """Return the law's entities."""
        return self.legislation.entities

    def is_total(self, member: str, group: str) -> bool:
        """Whether every member belongs to a row of the group."""
        return (member, group) in self.trace.signature.total_links

    def variable(self, name: str, at: Any, options: Sequence[Any], entity: Entity) -> tuple[Node, Rule]:
        """Return the node of a variable as a formula asks for it, and its rule."""
        rule = self.legislation.variable(name)
        if rule.entity.key != entity.key:
            raise PeriodMismatchError(f"`{name}` is a variable of `{rule.entity.key}`, not of `{entity.key}`.")
        return self.read(rule, at, tuple(str(option) for option in options)), rule

    def known_periods(self, name: str) -> list[Period]:
        """Return the periods for which a variable's values were given, in order of time; the graph is kept for these inputs alone."""
        return sorted(at for given, at in self.trace.inputs if given == name)

    def read(self, rule: Rule, at: Any, options: tuple[str, ...] = ()) -> Node:
        """Return a variable's node at a period, summed over shorter periods (`add`) or as a share of a longer one (`divide`)."""
        wanted = as_period(at) if at is not None else as_period("eternity")
        if "add" in options and "divide" in options:
            raise PeriodMismatchError(f"`{rule.name}` was asked both to add and to divide; choose one.")
        if "add" in options:
            return self._added(rule, wanted)
        if "divide" in options:
            return self._divided(rule, wanted)
        return self.traced(rule, check_period(rule, wanted)).node

    def _added(self, rule: Rule, wanted: Period) -> Node:
        if rule.definition_period == DateUnit.ETERNITY:
            raise PeriodMismatchError(f"`{rule.name}` has one value for all time: it cannot be added up over {wanted}.")
        start = np.int64(0) if rule.dtype.kind == "b" else rule.dtype.type(0)  # months that hold are counted
        total = SymbolicArray(self, self.graph.constant(start), rule.entity.key)
        for part in wanted.get_subperiods(rule.definition_period):
            total = total + SymbolicArray(self, self.traced(rule, part).node, rule.entity.key)
        return total.node

    def _divided(self, rule: Rule, wanted: Period) -> Node:
        longer, share = share_of(rule, wanted)
        whole = SymbolicArray(self, self.traced(rule, longer).node, rule.entity.key)
        return record(self, Elementwise(np.true_divide), (whole, share)).node

    # Tracing itself

    def traced(self, rule: Rule, at: Period) -> Traced:
        """Return a variable at a period of its own kind: from the trace, from the inputs, or by running its formula."""
        key = (rule.name, at)
        if self._frames:
            self._frames[-1].reads[key] = None
        found = self.trace.traced.get(key)
        if found is None:
            found = self._deeper(lambda: self._trace(rule, key))
        return found

    def _deeper(self, function: Callable[[], Traced]) -> Traced:
        """Run a function here, or in a fresh thread where Python's stack would get too deep."""
        if not self._frames or len(self._frames) % LEVELS_BETWEEN_LOOKS or not _is_deep():
            return function()
        results: list[Traced] = []
        errors: list[BaseException] = []

        def work() -> None:
            try:
                results.append(function())
            except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits
                errors.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        if errors:
            raise errors[0]
        return results[0]

    def _trace(self, rule: Rule, key: Key) -> Traced:
        try:
            if key in self.trace.inputs:
                found = self._given(rule, key)
            elif key in self._open:
                raise CycleError(self._chain(f"`{rule.name}` at {key[1]} needs itself", key))
            elif rule.formula_at(key[1]) is not None and self._is_spiral(rule, key):
                return Traced(self.default(rule), rule)  # not kept: asked from elsewhere it may be no spiral
            else:
                found = self._from_base(rule, key) or self._from_formula(rule, key)
            self.trace.traced[key] = found
            return found
        finally:
            if not self._frames:
                self._forget_spoilt()

    def _given(self, rule: Rule, key: Key) -> Traced:
        bounded = self.trace.inputs[key]
        leaf = self.graph.leaf(Input(key[0], key[1], bounded), rule.dtype, rule.entity.key, bounded=bounded)
        return Traced(leaf, rule, is_input=True)

    def _from_base(self, rule: Rule, key: Key) -> Traced | None:
        """Return what the law before the reform traced, where the reform changed nothing that it read."""
        base = self.trace.base
        before = base.traced.get(key) if base is not None else None
        if base is None or before is None or before.rule is not rule or before.guards or isinstance(before.node.operation, Opaque):
            return None
        if not all(self.legislation.has_figure(read.name, read.instant, read.value) for read in before.figures):
            return None
        self._enter(_Frame(key))
        try:
            same = all(
                (name, at) in base.traced and self.traced(self.legislation.variable(name), at).node is base.traced[name, at].node for name, at in before.reads
            )
        finally:
            self._leave()
        return before if same else None

    def _from_formula(self, rule: Rule, key: Key) -> Traced:
        formula = rule.formula_at(key[1])
        if formula is None:
            return Traced(self.default(rule), rule)
        frame = _Frame(key)
        self._enter(frame)
        try:
            node = self.call_formula(formula, rule, key[1])
        finally:
            self._leave()
        if not frame.needed_real_values:
            return Traced(node, rule, formula, reads=tuple(frame.reads), figures=frame.figures_read(), guards=tuple(frame.guards.items()))
        return self._opaque(node, rule, formula, frame)

    def _opaque(self, node: Node, rule: Rule, formula: Formula, frame: _Frame) -> Traced:
        """Return the formula as one node of what it read; its values over this population are known already."""
        values = self.run.real_values(node, rule.entity.key)
        keys = tuple(frame.reads)
        operands = tuple(self._known_node(key) for key in keys)
        operation = Opaque((rule.name, frame.key[1], formula, self.legislation), keys)
        found = self.graph.node(operation, operands, rule.dtype, rule.entity.key, INPUT_EXPONENT if rule.dtype.kind in "biu" else None)
        self.run.keep(found, values)
        return Traced(found, rule, formula, reads=keys, figures=frame.figures_read())

    def _known_node(self, key: Key) -> Node:
        """Return the node of what a formula just read: its default where a spiral ended there."""
        found = self.trace.traced.get(key)
        return self.default(self.legislation.variable(key[0])) if found is None else found.node

    def call_formula(self, formula: Formula, rule: Rule, at: Period) -> Node:
        """Return the node of what a formula gives, run on symbols. Raises FormulaError naming variable, period, file, line and callers."""
        view = EntityView(self, rule.entity)
        try:
            with np.errstate(all="ignore"):  # both branches of a choice run
                return self._as_result(formula(view, at, self.figures), rule)
        except BaremeError as error:
            if isinstance(error, CycleError | SpiralError | FormulaError):
                raise
            raise self._failure(formula, rule, at, error) from error
        except Exception as error:
            raise self._failure(formula, rule, at, error) from error

    def _failure(self, formula: Formula, rule: Rule, at: Period, error: Exception) -> FormulaError:
        callers = " <- ".join(_shortened([f"{name} at {when}" for name, when in (frame.key for frame in reversed(self._frames[:-1]))]))
        line = line_of(error, formula)
        asked = f" Asked by {callers}." if callers else ""
        said = str(error) if isinstance(error, BaremeError) else f"{type(error).__name__}: {error}"
        said = said if said.endswith((".", "?")) else f"{said}."
        return FormulaError(f"`{rule.name}` at {at}, {formula.file}:{line}: {said}{asked}")

    def figures(self, at: Any) -> Any:
        """Return the figures of the law at a period's start, as formulas see them; what is read is noted."""
        return self._reader(at)

    def _note(self, name: str, instant: str, value: Any) -> None:
        if self._frames:
            self._frames[-1].figures[name, instant] = value

    def default(self, rule: Rule) -> Node:
        """Return the node of a variable's default value."""
        return self.graph.constant(default_scalar(rule))

    def _as_result(self, result: Any, rule: Rule) -> Node:
        """Return what a formula gave as a node of the variable's type."""
        if result is None:
            raise CalculationError("the formula gave nothing: it ends with `return` and an array.")
        if isinstance(result, SymbolicArray):
            if result.mask is not None:
                raise CalculationError("the formula gave only the rows of a mask; expected one value for every row.")
            if result.entity is not None and result.entity != rule.entity.key:
                raise CalculationError(f"the formula gave values of `{result.entity}`; expected values of `{rule.entity.key}`.")
            node = result.node
        else:
            if rule.possible_values is not None and not isinstance(result, enum.Enum):
                result = np.asarray(rule.possible_values.encode(result))
            node = operand(self, result, rule.entity.key)
        if rule.possible_values is not None and node.dtype == TEXT:
            node = record(self, Elementwise(Encode(rule.possible_values)), (SymbolicArray(self, node, rule.entity.key),)).node
        return cast(self.graph, node, rule.dtype)

    # Cycles and spirals

    def _enter(self, frame: _Frame) -> None:
        if len(self._frames) >= MOST_LEVELS:
            raise SpiralError(self._chain(f"`{frame.key[0]}` needs itself at ever other periods, or the law is more than {MOST_LEVELS} levels deep", frame.key))
        self._frames.append(frame)
        self._open.add(frame.key)

    def _leave(self) -> None:
        self._open.discard(self._frames.pop().key)

    def _is_spiral(self, rule: Rule, key: Key) -> bool:
        """Whether OpenFisca's rule ends a spiral here: the variable was asked at other periods too often on the way."""
        allowed = self.legislation.max_spiral_loops
        if allowed is None or rule.january is not None:  # an annualized month asks for January, and no further
            return False
        earlier = [place for place, frame in enumerate(self._frames) if frame.key[0] == rule.name]
        if len(earlier) < allowed:
            return False
        self._spoilt.update(frame.key for frame in self._frames[earlier[0] :])
        self._spoilt.add(key)
        return True

    def _forget_spoilt(self) -> None:
        """Forget what was computed within a spiral: it depends on where the spiral was entered."""
        for key in self._spoilt:
            self.trace.traced.pop(key, None)
        self._spoilt.clear()

    def _chain(self, message: str, key: Key) -> str:
        keys = [frame.key for frame in self._frames]
        keys = keys[keys.index(key) :] if key in keys else keys
        return f"{message}: " + " -> ".join(_shortened([f"{name} at {at}" for name, at in [*keys, key]]))


def _is_deep() -> bool:
    """Whether more than half of the stack that Python allows is used; a thread has a stack of its own."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the only way to ask
    depth = 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth > sys.getrecursionlimit() // 2


def _shortened(chain: list[str]) -> list[str]:
    """Return a chain with its middle left out where it is too long to read."""
    if len(chain) <= 2 * CHAIN_ENDS:
        return chain
    return [*chain[:CHAIN_ENDS], f"… ({len(chain) - 2 * CHAIN_ENDS} more) …", *chain[-CHAIN_ENDS:]]


def line_of(error: BaseException, formula: Formula) -> int:
    """Return the line of the formula's file at which an error arose."""
    line = formula.line
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(formula.function.__code__.co_filename):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
