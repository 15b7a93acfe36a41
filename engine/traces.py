"""Traces: the node of every variable-period of one law, for one set of given inputs, with what its formula read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.graph.nodes import INPUT_EXPONENT, Graph, Node
from engine.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.legislation import Legislation
    from engine.variables import Formula, Rule

Key = tuple[str, Period]


@dataclass(frozen=True)
class FigureRead:
    """A figure of the law that a formula read: its full name, the instant, and the value found."""

    name: str
    instant: str
    value: Any


@dataclass(frozen=True, eq=False)
class Traced:
    """One variable at one period: its node and what led to it.

    `formula` is None for an input and for a default. `guards` are truths about the population that decided the formula's
    way, with the answers for which the node holds.
    """

    node: Node
    rule: Rule
    formula: Formula | None = None
    is_input: bool = False
    reads: tuple[Key, ...] = ()
    figures: tuple[FigureRead, ...] = ()
    guards: tuple[tuple[Node, bool], ...] = ()


@dataclass(frozen=True)
class Signature:
    """What a graph depends on beside the law: the inputs given, whether each is bounded, and along which links everybody belongs."""

    inputs: frozenset[tuple[str, Period, bool]]
    total_links: frozenset[tuple[str, str]]


class Trace:
    """The nodes of one law for one signature; `base` is the trace of the law that this one reforms."""

    def __init__(self, legislation: Legislation, signature: Signature, graph: Graph, base: Trace | None = None) -> None:
        self.legislation = legislation
        self.signature = signature
        self.graph = graph
        self.base = base
        self.traced: dict[Key, Traced] = {}
        self.inputs = {(name, at): bounded for name, at, bounded in signature.inputs}


def given(inputs: Mapping[Key, Any]) -> frozenset[tuple[str, Period, bool]]:
    """Return the part of a signature that inputs make: their names, periods, and whether all values are bounded."""
    return frozenset((name, at, is_bounded(values)) for (name, at), values in inputs.items())


def is_bounded(values: Any) -> bool:
    """Whether all values are numbers below 2**64 in absolute value: none is NaN or infinite."""
    array = getattr(values, "codes", values)
    return array.dtype.kind != "f" or not len(array) or bool(max(array.max(), -array.min()) < 2.0**INPUT_EXPONENT)
