"""Tracing: running the law once, on symbols.

A trace holds, for one law and one set of given inputs, the node of every variable-period that was ever asked for, with
what its formula read: variables, figures of the law, and the truths that decided its way (guards). Any population with
these inputs given can be computed from it; a reform takes over what it does not change.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engine import deadline
from engine.asked import check_options, check_period, default_scalar, share_of
from engine.errors import BaremeError, CalculationError, CycleError, EntityError, FormulaError, PeriodMismatchError, SpiralError
from engine.frames import Frame, chain, failure, in_fresh_thread, is_deep
from engine.graph.array import SymbolicArray, operand, record
from engine.graph.folding import cast
from engine.graph.nodes import INPUT_EXPONENT, Node
from engine.graph.opaque import Opaque
from engine.graph.operations import TEXT, Array, Elementwise, Encode
from engine.periods import DateUnit, Period
from engine.periods import period as as_period
from engine.traces import Guard, Key, Trace, Traced
from engine.variants import Comparison
from engine.views import EntityView, way_to_ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.entities import Entity
    from engine.variables import Formula, Rule

# Every so many levels of the law it is asked how much of Python's stack is used, by the law and by whoever called it.
LEVELS_BETWEEN_LOOKS = 8
# A variable that asks itself at ever other periods never ends; no law needs so many.
MOST_LEVELS = 20_000
# A formula that walks through what is the same for everybody sees so many rows, first and then to make sure.
FEW_ROWS = (1, 4)
# The first time, it also sees so many: a formula that looks at how many there are, or draws by lot, does not say the same of all.
MANY_ROWS = 1_000


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


class Tracing:
    """Extends a trace on behalf of one simulation; it is the session of the symbolic arrays that formulas see."""

    def __init__(self, trace: Trace, run: Run) -> None:
        self.trace = trace
        self.graph = trace.graph
        self.run = run
        self.legislation = trace.legislation
        self._frames: list[Frame] = []
        self._open: dict[Key, None] = {}
        self._levels_of: dict[str, int] = {}
        self._spoilt: set[Key] = set()
        self._defaults: dict[Rule, Traced] = {}
        self._comparison = Comparison(self)
        self._reader = trace.legislation.parameters.recording(self._note)

    # What symbolic arrays ask (graph.array.Session)

    def rows(self, entity: str | None) -> int:
        """Return an entity's number of rows; the formula that asks is called with real arrays from now on."""
        self._mark_real()
        return self.run.count(entity)

    def values(self, node: Node, entity: str | None) -> Array:
        """Return real values. The formula that asks is called with real arrays from now on, unless they are the same for everybody."""
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.few_rows is not None and node.is_constant:
            frame.walked = True
            return np.full(frame.few_rows, node.value, dtype=node.dtype)
        self._mark_real()
        return self.run.real_values(node, entity)

    def is_repeated(self, array: Array) -> bool:
        """Whether an array that a formula made repeats one value: it walked through what is the same for everybody, and made as many rows."""
        frame = self._frames[-1] if self._frames else None
        if frame is None or not frame.walked or array.shape != (frame.few_rows,):
            return False
        frame.rows_differ |= bool((array[1:] != array[0]).any())
        return True

    def answer(self, node: Node) -> bool:
        """Return a truth about the population, and note it as a guard."""
        if node.is_constant:
            return bool(node.value)
        answer = bool(self.run.real_values(node, None))
        if self._frames:
            frame = self._frames[-1]
            frame.guards.append(Guard(node, answer, len(frame.reads)))
        return answer

    def _mark_real(self) -> None:
        if self._frames:
            self._frames[-1].needed_real_values = True

    # What the facade asks (views.Law)

    @property
    def entities(self) -> dict[str, Entity]:
        """Return the law's entities."""
        return self.legislation.entities

    @property
    def is_lenient(self) -> bool:
        """Whether the law is a package's for OpenFisca, which lets more through."""
        return any(rule.is_lenient for rule in self.legislation.variables.values())

    def is_total(self, member: str, group: str) -> bool:
        """Whether every member belongs to a row of the group."""
        return (member, group) in self.trace.signature.total_links

    def variable(self, name: str, at: Any, options: Sequence[Any], entity: Entity) -> tuple[Node, Rule]:
        """Return the node of a variable as a formula asks for it, and its rule."""
        rule = self.legislation.variables.get(name) or self._missing(name)
        if rule.entity.key != entity.key:
            raise EntityError(
                f"`{name}` is a variable of `{rule.entity.key}`, not of `{entity.key}`.{way_to_ask(name, entity.key, rule.entity.key, self.entities)}"
            )
        if not options and at.__class__ is Period and at.unit is rule.definition_period and at.size == 1:
            return self.traced(rule, at).node, rule  # the way of most reads
        return self.read(rule, at, tuple(str(option) for option in options)), rule

    def rule(self, name: str) -> Rule:
        """Return a variable that a formula asks about; what the formula gives holds for this variable alone."""
        rule = self.legislation.variables.get(name) or self._missing(name)
        if self._frames:
            self._frames[-1].rules[rule.name] = rule
        return rule

    def _missing(self, name: str) -> Rule:
        """Note that a formula asks for what the law does not have, which it may catch. Raises VariableNotFoundError."""
        if self._frames:
            self._frames[-1].rules[name] = None
        return self.legislation.variable(name)

    def known_periods(self, name: str) -> list[Period]:
        """Return the periods for which a variable's values were given, in order of time; what a formula gives holds for these alone."""
        found = self.trace.known_periods(name)
        if self._frames:
            self._frames[-1].known_periods[name] = found
        return list(found)

    def read(self, rule: Rule, at: Any, options: tuple[str, ...] = ()) -> Node:
        """Return a variable's node at a period, summed over shorter periods (`add`) or as a share of a longer one (`divide`)."""
        wanted = as_period(at) if at is not None else as_period("eternity")
        check_options(rule, options)
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
        frame = self._frames[-1] if self._frames else Frame(key)
        reads = frame.reads
        frame.rules[rule.name] = rule
        reads.setdefault(key, None)  # its place is that of the question; the answer may come much later
        found = self.trace.traced.get(key)
        if found is None:
            deep = self._frames and not len(self._frames) % LEVELS_BETWEEN_LOOKS and is_deep()
            found = in_fresh_thread(lambda: self._trace(rule, key)) if deep else self._trace(rule, key)
        reads[key] = found.node
        return found

    def _trace(self, rule: Rule, key: Key) -> Traced:
        try:
            if key in self._open:
                raise CycleError(f"`{rule.name}` at {key[1]} needs itself: {chain(self._frames, key)}")
            formula = rule.formula_at(key[1]) if key not in self.trace.inputs else None
            if formula is None:
                found = self._given(rule, key) if key in self.trace.inputs else self._by_default(rule)
            elif self._is_spiral(rule, key):
                return Traced(self.default(rule), rule)  # not kept: asked from elsewhere it may be no spiral
            else:
                found = self._known(rule, key) or self._from_formula(formula, rule, key)
            self.trace.add(key, found)
            return found
        finally:
            if self._spoilt and not self._frames:
                self._forget_spoilt()

    def _given(self, rule: Rule, key: Key) -> Traced:
        given = self.trace.inputs[key]
        leaf = self.graph.leaf(given, rule.dtype, rule.entity.key, bounded=given.bounded)
        return Traced(leaf, rule, is_input=True)

    def _by_default(self, rule: Rule) -> Traced:
        found = self._defaults.get(rule)
        if found is None:
            found = self._defaults[rule] = Traced(self.default(rule), rule)
        return found

    def _known(self, rule: Rule, key: Key) -> Traced | None:
        """Return what the formula gave before, here or elsewhere, where all that it asked is answered as it was."""
        known = self.trace.variants.of(rule, key[1], self.trace.signature)
        if not known:
            return None
        self._enter(Frame(key))
        try:
            return next((before for before, parameters in known if self._comparison.holds(before, parameters)), None)
        finally:
            self._leave()

    def _from_formula(self, formula: Formula, rule: Rule, key: Key) -> Traced:
        node, frame = self._run_formula(formula, rule, key)
        if frame.needed_real_values:
            node = self._opaque(node, rule, formula, frame)
        found = Traced(
            node,
            rule,
            formula,
            reads=tuple(frame.reads),
            nodes=tuple(frame.reads.values()),
            figures=frame.figures_read(),
            guards=() if frame.needed_real_values else tuple(frame.guards),
            known_periods=tuple(frame.known_periods.items()),
            rules=tuple(frame.rules.items()),
        )
        if key not in self._spoilt and None not in found.nodes:  # a formula that caught an error is run each time
            self.trace.variants.add(rule, key[1], self.trace.signature, found, self.legislation)
        return found

    def _run_formula(self, formula: Formula, rule: Rule, key: Key) -> tuple[Node, Frame]:
        """Run a formula; one that walks through what is the same for everybody must say the same of one row and of several, else it gets all."""
        found: list[Node] = []
        proven = self.trace.variants.walk_by_row
        for few_rows in FEW_ROWS if formula in proven else (*FEW_ROWS, MANY_ROWS):
            frame = Frame(key, few_rows)
            try:
                found.append(self._run_in(frame, formula, rule))
            except FormulaError:
                if not frame.walked:
                    raise
                break  # not made for a few rows: it is run on all of them
            if not frame.walked:
                return found[0], frame
            if frame.needed_real_values or frame.rows_differ or found[-1] is not found[0]:
                break
        else:
            proven.add(formula)
            return found[0], frame
        frame = Frame(key)
        return self._run_in(frame, formula, rule), frame

    def _run_in(self, frame: Frame, formula: Formula, rule: Rule) -> Node:
        self._enter(frame)
        try:
            return self.call_formula(formula, rule, frame.key[1])
        finally:
            self._leave()

    def _opaque(self, node: Node, rule: Rule, formula: Formula, frame: Frame) -> Node:
        """Return the formula as one node of what it read; its values over this population are known already."""
        values = self.run.real_values(node, rule.entity.key)
        operands = tuple(self.default(self.legislation.variable(key[0])) if read is None else read for key, read in frame.reads.items())
        operation = Opaque((rule.name, frame.key[1], formula), tuple(frame.reads))
        found = self.graph.node(operation, operands, rule.dtype, rule.entity.key, INPUT_EXPONENT if rule.dtype.kind in "biu" else None)
        self.run.keep(found, values)
        return found

    def call_formula(self, formula: Formula, rule: Rule, at: Period) -> Node:
        """Return the node of what a formula gives, run on symbols. Raises FormulaError naming variable, period, file, line and callers."""
        view = EntityView(self, rule.entity)
        try:
            with np.errstate(all="ignore"):  # both branches of a choice run
                return self._as_result(formula(view, at, self.figures), rule)
        except BaremeError as error:
            if isinstance(error, CycleError | SpiralError | FormulaError):
                raise
            raise failure(self._frames, formula, rule, at, error) from error
        except Exception as error:
            raise failure(self._frames, formula, rule, at, error) from error

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

    def _enter(self, frame: Frame) -> None:
        deadline.check()
        if len(self._frames) >= MOST_LEVELS:
            said = f"`{frame.key[0]}` needs itself at ever other periods, or the law is more than {MOST_LEVELS} levels deep"
            raise SpiralError(f"{said}: {chain(self._frames, frame.key)}")
        name = frame.key[0]
        self._frames.append(frame)
        self._open[frame.key] = None
        self._levels_of[name] = self._levels_of.get(name, 0) + 1

    def _leave(self) -> None:
        key = self._frames.pop().key
        del self._open[key]
        self._levels_of[key[0]] -= 1

    def _is_spiral(self, rule: Rule, key: Key) -> bool:
        """Whether OpenFisca's rule ends a spiral here: the variable was asked at other periods too often on the way."""
        allowed = self.legislation.max_spiral_loops
        if allowed is None or rule.january is not None:  # an annualized month asks for January, and no further
            return False
        if self._levels_of.get(rule.name, 0) < allowed:
            return False
        first = next((place for place, frame in enumerate(self._frames) if frame.key[0] == rule.name), len(self._frames))
        self._spoilt.update(frame.key for frame in self._frames[first:])
        self._spoilt.add(key)
        return True

    def _forget_spoilt(self) -> None:
        """Forget what was computed within a spiral: it depends on where the spiral was entered."""
        for key in self._spoilt:
            self.trace.forget(key)
        self._spoilt.clear()
