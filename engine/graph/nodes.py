"""Nodes: what was done to arrays, each thing once.

A node is an operation applied to operands. A graph keeps every node it ever made and gives the same node again for the
same operation on the same operands (hash-consing), so that twelve equal months, or two rules with a common term, are one
node. Nodes are immutable and may be evaluated by many threads; whoever makes new ones holds the lock of the kept graphs.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engine.errors import EntityError
from engine.graph.opaque import Opaque
from engine.graph.repeats import SCALARS, Repeats

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

DType = np.dtype[Any]
# Whole numbers have 64 bits; inputs that are other numbers are asked whether they stay below as much.
INPUT_EXPONENT = 64


class Operation(Protocol):
    """What a node does; hashed by content, so that equal operations make equal nodes."""

    def result(self, operands: Sequence[Node]) -> DType:
        """Return the result's type for operands of these types."""
        ...


class Node:
    """One operation on operands: an immutable value of the graph.

    `entity` is the key of the entity whose rows the values describe, None where it is the same for everybody.
    `exponent` bounds the values where that is known: none is NaN, and all are below 2**exponent, which lets x × 0 fold.
    `is_constant` tells that the value is the same for everybody and known; `is_passing` that an array which a formula made by
    itself is among what the node rests on: the graph does not keep it.
    """

    __slots__ = ("dtype", "entity", "exponent", "is_constant", "is_passing", "number", "operands", "operation")

    operation: Any
    operands: tuple[Node, ...]
    dtype: DType
    entity: str | None
    exponent: int | None
    is_constant: bool
    is_passing: bool
    number: int

    def __init__(self, operation: Any, operands: tuple[Node, ...], dtype: DType, entity: str | None, exponent: int | None, number: int) -> None:
        self.operation = operation
        self.operands = operands
        self.dtype = dtype
        self.entity = entity
        self.exponent = exponent
        self.number = number
        self.is_constant = operation.__class__ is Constant
        self.is_passing = operation.__class__ is Data
        for operand in operands:
            if operand.is_passing:
                self.is_passing = True

    @property
    def is_leaf(self) -> bool:
        """Whether the values come from outside the graph."""
        return isinstance(self.operation, Leaf)

    @property
    def value(self) -> Any:
        """Return the value of a constant."""
        return self.operation.value

    def __repr__(self) -> str:
        """Show the operation and the numbers of the operands."""
        operands = ", ".join(f"#{operand.number}" for operand in self.operands)
        return f"<#{self.number} {self.operation}({operands}) {self.dtype} of {self.entity}>"


@dataclass(frozen=True)
class Constant:
    """A figure that is the same for everybody.

    A weak constant is a Python number, which takes the type of the array it meets; a strong one is a numpy scalar,
    which stands for an array full of it.
    """

    value: Any
    weak: bool

    def __str__(self) -> str:
        """Show the value."""
        return repr(self.value)


class Leaf:
    """What a node does whose values come from outside the graph."""

    __slots__ = ()


@dataclass(frozen=True)
class Input(Leaf):
    """Values that the user gave for a variable at a period; never folded, even where they are the same for all.

    `bounded` tells that they are numbers below 2**64 in absolute value, as amounts are: none is NaN or infinite.
    """

    variable: str
    period: Hashable
    bounded: bool

    def __str__(self) -> str:
        """Show variable and period."""
        return f"{self.variable}<{self.period}>"


class Data(Leaf):
    """An array that a formula made by itself; the formula's result is an opaque node, which does not keep it."""

    __slots__ = ("array",)

    def __init__(self, array: np.ndarray[Any, DType]) -> None:
        self.array = array


class Graph:
    """The table of all nodes made so far. A legislation and its reforms share one, so that they share nodes."""

    def __init__(self, first: int = 0) -> None:
        self._nodes: dict[Hashable, Node] = {}
        self._numbers = itertools.count(first)
        self._constants: dict[tuple[type, Any], Node] = {}
        # numbers of the nodes that rest on opaque formulas: what these give may depend on figures that no node names
        self.resting_on_formulas: set[int] = set()
        self.repeats = Repeats()

    def __len__(self) -> int:
        """Return how many nodes there are."""
        return len(self._nodes)

    def constant(self, value: Any) -> Node:
        """Return the constant for a Python scalar (weak) or a numpy scalar (strong); texts are Python's."""
        if value.__class__ not in SCALARS or not value:  # 0.0 and -0.0 are equal, and not the same
            return self._constant(value)
        key = (value.__class__, value)
        known = self._constants.get(key)
        if known is None:
            known = self._constants[key] = self._constant(value)
        return known

    def _constant(self, value: Any) -> Node:
        value = str(value) if isinstance(value, np.str_) else value
        weak = not isinstance(value, np.generic)
        content = value.tobytes() if isinstance(value, np.generic) else repr(value)
        dtype = value.dtype if isinstance(value, np.generic) else _weak_dtype(value)
        key = (Constant, weak, dtype, content)
        return self._nodes.get(key) or self._add(key, Constant(value, weak), (), dtype, None, _exponent_of(value))

    def leaf(self, operation: Leaf, dtype: DType, entity: str, *, bounded: bool) -> Node:
        """Return the leaf for values that come from outside the graph."""
        key = (operation, dtype, entity)
        return self._nodes.get(key) or self._add(key, operation, (), dtype, entity, INPUT_EXPONENT if bounded else None)

    def node(self, operation: Any, operands: tuple[Node, ...], dtype: DType, entity: str | None, exponent: int | None = None) -> Node:
        """Return the node of that operation on these operands, made now if it is new. Nothing is folded here."""
        key = (operation, tuple([operand.number for operand in operands]), entity)
        return self._nodes.get(key) or self._add(key, operation, operands, dtype, entity, exponent)

    def _add(self, key: Hashable, operation: Any, operands: tuple[Node, ...], dtype: DType, entity: str | None, exponent: int | None) -> Node:
        node = Node(operation, operands, dtype, entity, exponent, next(self._numbers))
        if not node.is_passing:
            self._nodes[key] = node
        if operation.__class__ is Opaque or (self.resting_on_formulas and not self.resting_on_formulas.isdisjoint([operand.number for operand in operands])):
            self.resting_on_formulas.add(node.number)
        return node


def _exponent_of(value: Any) -> int | None:
    kind = np.asarray(value).dtype.kind
    if kind in "biu":
        return int(value).bit_length()
    if kind == "f":
        return max(math.frexp(float(value))[1], 0) if math.isfinite(value) else None
    return None


def _weak_dtype(value: Any) -> DType:
    return np.dtype(object) if isinstance(value, str) else np.asarray(value).dtype


def common_entity(operands: Iterable[Node], *, what: object) -> str | None:
    """Return the entity of operands that go together row by row. Raises EntityError where they describe different ones."""
    entity: str | None = None
    for operand in operands:
        if operand.entity is None or operand.entity == entity:
            continue
        if entity is not None:
            raise EntityError(
                f"`{what}` mixes values of `{entity}` with values of `{operand.entity}`: bring them to one entity first, with a sum or a projection."
            )
        entity = operand.entity
    return entity


def are_same(left: Node | None, right: Node | None) -> bool:
    """Whether two nodes are the same operation on the same operands; what rests on an array of the moment is made anew each time."""
    if left is right or left is None or right is None:
        return left is right
    return (
        left.is_passing
        and left.operation == right.operation
        and len(left.operands) == len(right.operands)
        and all(map(are_same, left.operands, right.operands))
    )


def in_order(targets: Iterable[Node], known: Iterable[int] = ()) -> list[Node]:
    """Return the nodes that the targets need, operands first. Nodes whose number is in `known` are not followed further.

    Written without recursion, since law can be deeper than Python's stack.
    """
    stop = set(known)
    done: set[int] = set()
    ordered: list[Node] = []
    stack: list[Any] = list(targets)[::-1]  # nodes to look at, and, as tuples of one, those whose operands are done by then
    while stack:
        node = stack.pop()
        if node.__class__ is tuple:
            ordered.append(node[0])
        elif node.number not in done:
            done.add(node.number)
            if not node.operands or node.number in stop:
                ordered.append(node)
            else:
                stack.append((node,))
                stack.extend(node.operands[::-1])
    return ordered
