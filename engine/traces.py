"""Traces: the node of every variable-period of one law, for one set of given inputs, with what its formula read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.graph.nodes import INPUT_EXPONENT, Graph, Input, Node, in_order
from engine.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.legislation import Legislation
    from engine.variables import Formula, Rule
    from engine.variants import Variants

Key = tuple[str, Period]


class FigureRead(NamedTuple):
    """A figure of the law that a formula read: its full name, the instant, and the value found."""

    name: str
    instant: str
    value: Any


class Guard(NamedTuple):
    """A truth about the population that decided a formula's way, the answer, and how many variables were read before it was asked."""

    node: Node
    answer: bool
    reads_before: int


@dataclass(frozen=True, eq=False, slots=True)
class Traced:
    """One variable at one period: its node and what led to it, in the order in which the formula asked.

    `formula` is None for an input and for a default. `nodes` are those of `reads` when it was traced, `rules` the variables that the
    formula asked for or about (None: it found that there is none), `known_periods` what else it asked about them.
    """

    node: Node
    rule: Rule
    formula: Formula | None = None
    is_input: bool = False
    reads: tuple[Key, ...] = ()
    nodes: tuple[Node | None, ...] = ()
    figures: tuple[FigureRead, ...] = ()
    guards: tuple[Guard, ...] = ()
    known_periods: tuple[tuple[str, tuple[Period, ...]], ...] = ()
    rules: tuple[tuple[str, Rule | None], ...] = ()


@dataclass(frozen=True)
class Signature:
    """What a graph depends on beside the law: the inputs given, and along which links everybody belongs.

    Of each input: name, period, whether its values are bounded, and the first period for which the same values were given: twelve
    equal months are one leaf of the graph.
    """

    inputs: frozenset[tuple[str, Period, bool, Period]]
    total_links: frozenset[tuple[str, str]]


class Trace:
    """The nodes of one law for one signature; `variants` are the formulas' results under this and other laws and signatures."""

    def __init__(self, legislation: Legislation, signature: Signature, graph: Graph, variants: Variants) -> None:
        self.legislation = legislation
        self.signature = signature
        self.graph = graph
        self.variants = variants
        self.seconds = 0.0  # that tracing took so far
        self.requests: list[Key] = []  # what simulations asked, in order, where the spiral rule makes results depend on it
        self.came_along: dict[Key, int] = {}  # what was known when it was asked for, and after how many requests
        self.traced: dict[Key, Traced] = {}
        self.guarded: dict[Key, tuple[Guard, ...]] = {}
        self.guards_of_forgotten: dict[Guard, None] = {}
        self._is_guarded: dict[Key, bool] = {}
        self.inputs = {(name, at): Input(name, first, bounded) for name, at, bounded, first in signature.inputs}
        by_name: dict[str, list[Period]] = {}
        for name, at in self.inputs:
            by_name.setdefault(name, []).append(at)
        self._known_periods = {name: tuple(sorted(periods)) for name, periods in by_name.items()}

    def known_periods(self, name: str) -> tuple[Period, ...]:
        """Return the periods for which a variable's values were given, in order of time."""
        return self._known_periods.get(name, ())

    def add(self, key: Key, found: Traced) -> None:
        """Note a variable-period; what it reads was noted before."""
        self.traced[key] = found
        if found.guards:
            self.guarded[key] = found.guards

    def guards_below(self, key: Key) -> tuple[Guard, ...]:
        """Return the guards that must be answered alike where the trace is to serve for a variable, the deepest first.

        These are its own and those of all that it rests on; where it is not traced yet, all guards: what it will rest on is not known.
        """
        if key not in self.traced:
            return (*self.guards_of_forgotten, *(guard for guards in self.guarded.values() for guard in guards))
        if key not in self._is_guarded:
            self._find_guarded(key)
        return (*self.guards_of_forgotten, *(self._guards(key) if self._is_guarded[key] else ()))

    def _find_guarded(self, key: Key) -> None:
        """Find out which of the variables that one rests on have guards below them."""
        pending = [(key, False)]
        while pending:
            at, reads_done = pending.pop()
            found = self.traced.get(at)
            if at in self._is_guarded or found is None:
                continue
            if reads_done:
                self._is_guarded[at] = bool(found.guards) or any(self._is_guarded.get(read, False) for read in found.reads)
            else:
                pending.append((at, True))
                pending.extend((read, False) for read in found.reads)

    def _guards(self, key: Key) -> Iterator[Guard]:
        seen: set[Key] = set()
        pending = [(key, False)]
        while pending:
            at, reads_done = pending.pop()
            if reads_done:
                yield from self.traced[at].guards
            elif at not in seen and self._is_guarded.get(at, False):
                seen.add(at)
                pending.append((at, True))
                pending.extend((read, False) for read in self.traced[at].reads)

    def maker_of(self, node: Node) -> Key | None:
        """Return the variable-period in whose formula a node was made; None where none has it."""
        seen: set[int] = set()
        for key, found in list(self.traced.items()):  # what a formula reads was traced before it
            fresh = in_order([found.node], seen)
            if any(node is each for each in fresh):
                return key
            seen.update(each.number for each in fresh)
        return None

    def forget(self, key: Key) -> None:
        """Forget a variable-period that depends on where it was asked from; what rests on it still rests on its guards."""
        if key in self.traced:
            self._find_guarded(key)
            self.guards_of_forgotten.update(dict.fromkeys(self._guards(key)))
        self.traced.pop(key, None)
        self.guarded.pop(key, None)
        self._is_guarded.pop(key, None)


def given(inputs: Mapping[str, Mapping[Period, Any]]) -> frozenset[tuple[str, Period, bool, Period]]:
    """Return the part of a signature that inputs make, given by variable and, in order of time, by period."""
    return frozenset(each for name, columns in inputs.items() for each in _columns(name, columns))


def _columns(name: str, columns: Mapping[Period, Any]) -> Iterator[tuple[str, Period, bool, Period]]:
    seen: dict[int, tuple[bool, Period]] = {}
    for at, values in columns.items():
        if id(values) not in seen:
            seen[id(values)] = (is_bounded(values), at)
        yield name, at, *seen[id(values)]


def is_bounded(values: Any) -> bool:
    """Whether all values are numbers below 2**64 in absolute value: none is NaN or infinite."""
    array = getattr(values, "codes", values)
    return array.dtype.kind != "f" or not len(array) or bool(max(array.max(), -array.min()) < 2.0**INPUT_EXPONENT)
