"""Direct evaluation: node after node over whole arrays, for populations so small that planning would cost more than computing.

One household's bill is some thousand operations on one row: assigning buffers and blocks takes ten times as long as running
them. The operations and their order are those of the plan, so the results are the same. The steps to a result are made once
and kept: the next household with the same inputs given runs them at once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import deadline
from engine.graph.nodes import Node, in_order
from engine.graph.opaque import Opaque
from engine.graph.operations import TEXT, Cast, Elementwise, Repeat, TextArray
from engine.graph.relations import Gather, Reduce, Whole, reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from engine.graph.blocks import Layout
    from engine.graph.operations import Array

# Of each family of kept graphs, so many programs are kept, those used last.
MOST_PROGRAMS = 32
# Where more than so many nodes are known already, the steps that are left are found anew.
MOST_KNOWN = 1_024

# Every so many steps it is asked whether there is time left.
STEPS_BETWEEN_LOOKS = 256

# The function of a step (None where its node alone is not enough), the slots of its operands, that of its result, its node, and the
# slots whose values nobody needs after it.
Step = tuple[Any, tuple[int, ...], int, Node, tuple[int, ...]]
_PAIR = 2


class DirectProgram:
    """The steps from leaves and known nodes to some targets, over numbered slots."""

    def __init__(self, targets: Sequence[Node], known: Collection[int]) -> None:
        self.template: list[Any] = []
        self.known: list[tuple[int, int]] = []
        self.leaves: list[tuple[int, Node]] = []
        self.steps: list[Step] = []
        slots: dict[int, int] = {}
        steps: list[tuple[Any, tuple[int, ...], int, Node]] = []
        for slot, node in enumerate(in_order(targets, known)):
            slots[node.number] = slot
            self.template.append(node.value if node.is_constant else None)
            if node.number in known:
                self.known.append((slot, node.number))
            elif node.operands:
                steps.append((_plain_function(node), tuple([slots[operand.number] for operand in node.operands]), slot, node))
            elif node.is_leaf:
                self.leaves.append((slot, node))
            elif not node.is_constant:
                steps.append((_plain_function(node), (), slot, node))
        self.targets = [(target, slots[target.number]) for target in targets]
        self._find_ends(steps)

    @property
    def nodes(self) -> int:
        """How many nodes the targets need, those known among them."""
        return len(self.template)

    def stretches(self) -> Iterator[Sequence[Step]]:
        """Yield the steps in order, some at a time; before each, time is looked at."""
        for start in range(0, len(self.steps), STEPS_BETWEEN_LOOKS):
            deadline.check()
            yield self.steps[start : start + STEPS_BETWEEN_LOOKS]

    def _find_ends(self, steps: Sequence[tuple[Any, tuple[int, ...], int, Node]]) -> None:
        """Find after which step each value is needed no more."""
        seen = {slot for _, slot in self.targets}
        seen.update(slot for slot, value in enumerate(self.template) if value is not None)
        for function, operands, slot, node in reversed(steps):
            ends: tuple[int, ...] = ()
            for operand in operands:
                if operand not in seen:
                    seen.add(operand)
                    ends += (operand,)
            self.steps.append((function, operands, slot, node, ends))
        self.steps.reverse()


def _plain_function(node: Node) -> Any:
    """Return the function that alone gives the node's values, None where the rows or links of the population are needed."""
    operation = node.operation
    if operation.__class__ is Elementwise:
        for operand in node.operands:
            if operand.dtype == TEXT:
                return None
        return partial(operation.function, **dict(operation.keywords)) if operation.keywords else operation.function
    if operation.__class__ is Cast:
        return _cast_to(operation.dtype) if node.operands[0].dtype != TEXT and operation.dtype != TEXT else None
    return None


@lru_cache(maxsize=64)
def _cast_to(dtype: Any) -> Callable[[Any], Any]:
    cast = Cast(dtype)
    return lambda array: cast.run((array,), None)


class Programs:
    """The programs made last, by what they compute and from what; several threads may ask."""

    def __init__(self) -> None:
        self._programs: OrderedDict[tuple[tuple[int, ...], frozenset[int]], DirectProgram] = OrderedDict()
        self._lock = threading.Lock()

    def program(self, targets: Sequence[Node], known: Mapping[int, Any]) -> DirectProgram:
        """Return the program for these targets, made now if it is new."""
        if len(known) > MOST_KNOWN or any(target.is_passing for target in targets):  # what rests on an array of the moment passes
            return DirectProgram(targets, known)
        key = (tuple(target.number for target in targets), frozenset(known))
        with self._lock:
            found = self._programs.get(key)
            if found is None:
                found = self._programs[key] = DirectProgram(targets, known)
            self._programs.move_to_end(key)
            while len(self._programs) > MOST_PROGRAMS:
                self._programs.popitem(last=False)
            return found


class DirectRun:
    """Computes nodes over a small population; `leaf` and `opaque` are an evaluator's."""

    def __init__(self, layout: Layout, leaf: Callable[[Node], Any], opaque: Callable[[Opaque, Sequence[Any]], Array] | None) -> None:
        self.layout = layout
        self.leaf = leaf
        self.opaque = opaque
        self._by_kind: dict[type, Callable[[Node, list[Any]], Any]] = {
            Gather: self._gathered,
            Reduce: self._reduced,
            Whole: self._whole,
            Opaque: self._called,
            Repeat: self._repeated,
        }

    def run(self, program: DirectProgram, known: Mapping[int, Any]) -> dict[int, Any]:
        """Return the targets' whole arrays by number. Raises LookUpError where any row's key is missing, needed or not."""
        values = program.template.copy()
        for slot, number in program.known:
            found = known[number]
            values[slot] = found.decoded() if isinstance(found, TextArray) else found
        for slot, node in program.leaves:
            found = self.leaf(node)
            values[slot] = found.decoded() if isinstance(found, TextArray) else found
        with np.errstate(all="ignore"):
            for steps in program.stretches():
                for function, operands, slot, node, ends in steps:
                    if function is None:
                        values[slot] = self.value(node, [values[operand] for operand in operands])
                    elif len(operands) == _PAIR:  # nearly all: a call with its operands written out takes a third less time
                        one, other = operands
                        values[slot] = function(values[one], values[other])
                    else:
                        values[slot] = function(*[values[operand] for operand in operands])
                    for end in ends:
                        values[end] = None
        return {target.number: values[slot] for target, slot in program.targets}

    def value(self, node: Node, operands: list[Any]) -> Any:
        """Return what a node gives for its operands' values."""
        return self._by_kind.get(type(node.operation), self._elementwise)(node, operands)

    def _reduced(self, node: Node, operands: list[Any]) -> Any:
        link = self.layout.links[node.operation.link]
        array = operands[0] if isinstance(operands[0], np.ndarray) else np.full(len(link.index), operands[0])
        return reduced(node.operation, array, link.index, link.group_count, node.dtype, everybody=link.is_total)

    def _whole(self, node: Node, operands: list[Any]) -> Any:
        return np.bool_(getattr(operands[0], node.operation.how)())

    def _called(self, node: Node, operands: list[Any]) -> Any:
        assert self.opaque is not None, "an opaque formula is evaluated by a simulation"
        return self.opaque(node.operation, operands)

    def _repeated(self, node: Node, operands: list[Any]) -> Any:
        return np.full(self.layout.counts[node.operation.entity], operands[0], dtype=node.dtype)

    def _elementwise(self, node: Node, operands: list[Any]) -> Any:
        """Return an operation's result; texts that no row has are not tried."""
        assert node.entity is not None
        if any(operand.dtype == TEXT for operand in node.operands) and not self.layout.counts[node.entity]:
            return np.zeros(0, dtype=node.dtype)
        return node.operation.run(operands, None)

    def _gathered(self, node: Node, operands: list[Any]) -> Any:
        operation, array = node.operation, operands[0]
        link = self.layout.links[operation.link]
        if link.is_identity and not operation.up and isinstance(array, np.ndarray):
            return array
        if link.is_total and not operation.up and isinstance(array, np.ndarray):
            return array[link.index].astype(node.dtype, copy=False)
        rows = link.holders(operation.roles, operation.nth) if operation.up else link.index
        result = np.full(len(rows), operation.default, dtype=node.dtype)
        found = rows >= 0
        result[found] = array[rows[found]] if isinstance(array, np.ndarray) else array
        return result
