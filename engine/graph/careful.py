"""Careful evaluation: which rows really need a figure that the law does not have.

Both branches of a choice run for every row, so a look-up may miss a key in a row that does not take that branch. Where a
look-up misses, its block is computed again with, beside each value, the miss that the row's value rests on: a choice passes
on only what its condition picks. An error is due only where a result rests on a miss.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.graph.operations import Array, Elementwise, TextArray, select, where
from engine.graph.relations import Gather, Reduce

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.errors import LookUpError
    from engine.graph.blocks import Block, Layout
    from engine.graph.nodes import Node
    from engine.graph.plan import Program

# One number per row: which look-up missed, and in which row, or NONE. The smallest is the miss that a message names, so
# that it depends neither on blocks nor on threads.
Marks = Array
NONE: Final = np.iinfo(np.int64).max
ROW_BITS: Final = 36


@dataclass
class Misses:
    """What was missed during one evaluation: the nodes that look up, their keys by mark, and the marks of whole arrays."""

    nodes: dict[int, Node] = field(default_factory=dict)
    keys: dict[int, Any] = field(default_factory=dict)
    marks: dict[int, Marks] = field(default_factory=dict)

    def error_for(self, target: Node) -> LookUpError | None:
        """Return the error for a result that rests on a miss, naming parameter, key and row, or None."""
        marks = self.marks.get(target.number)
        first = int(marks.min()) if marks is not None and len(marks) else NONE
        if first == NONE:
            return None
        node, row = self.nodes[first >> ROW_BITS], first & (1 << ROW_BITS) - 1
        keys = np.empty(row + 1, dtype=np.asarray(self.keys[first]).dtype)
        keys[row] = self.keys[first]
        error: LookUpError = node.operation.function.error(keys, np.arange(row + 1) == row)
        error.__dict__["node"] = node
        return error


def can_miss(node: Node) -> bool:
    """Whether a node looks keys up in a table."""
    return isinstance(node.operation, Elementwise) and hasattr(node.operation.function, "values_and_missing")


@dataclass(frozen=True)
class CarefulRun:
    """Runs a program's nodes for one block, carrying marks along.

    `compute` gives a node's value from its operands'; `local_rows` gives, for a gather or a reduction, the row (of the block
    where the link is local, else of the population) that each row reads or adds to.
    """

    program: Program
    layout: Layout
    misses: Misses
    compute: Callable[[Node, Sequence[Any], Block], Any]
    local_rows: Callable[[Node, Block], Array]

    def run(self, block: Block, values: Mapping[int, Any]) -> tuple[dict[int, Any], dict[int, Marks]]:
        """Return the values and the marks of a block's nodes, by number; `values` are those of what the program reads."""
        known = dict(values)
        marks: dict[int, Marks] = {}
        for node in self.program.reads:
            if node.number in self.misses.marks:
                marks[node.number] = self.misses.marks[node.number][block.rows[str(node.entity)]]
        for node in self.program.nodes:
            operands = [operand.value if operand.is_constant else known.get(operand.number) for operand in node.operands]
            if can_miss(node):
                known[node.number], missed = self._look_up(node, operands[0], block)
            else:
                known[node.number], missed = self.compute(node, operands, block), None
            found = [each for each in (missed, self._passed_on(node, operands, marks, block)) if each is not None]
            if found:
                marks[node.number] = np.minimum.reduce(found)
        return known, marks

    def _look_up(self, node: Node, keys: Any, block: Block) -> tuple[Any, Marks | None]:
        plain = keys.decoded() if isinstance(keys, TextArray) else keys
        figures, missing = node.operation.function.values_and_missing(plain)
        if missing is None:
            return figures, None
        rows = block.rows[str(node.entity)]
        numbers = (np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows)[missing] | (node.number << ROW_BITS)
        self.misses.nodes[node.number] = node
        self.misses.keys.update(zip(numbers.tolist(), np.asarray(plain)[missing], strict=True))
        marks = np.full(len(figures), NONE)
        marks[missing] = numbers
        return figures, marks

    def _passed_on(self, node: Node, operands: Sequence[Any], marks: Mapping[int, Marks], block: Block) -> Marks | None:
        """Return the marks that a node's value takes over from its operands."""
        operation = node.operation
        if isinstance(operation, Gather | Reduce):
            return self._over_link(node, marks, block)
        of_operands = [marks.get(operand.number) for operand in node.operands]
        present = [each for each in of_operands if each is not None]
        if not present:
            return None
        if isinstance(operation, Elementwise) and operation.function is where:
            return _chosen(of_operands[:1], operands[:1], of_operands[1:])
        if isinstance(operation, Elementwise) and operation.function is select:
            count = len(operands) // 2
            return _chosen(of_operands[:count], operands[:count], of_operands[count:])
        return np.minimum.reduce(present)  # type: ignore[no-any-return]

    def _over_link(self, node: Node, marks: Mapping[int, Marks], block: Block) -> Marks | None:
        (operand,) = node.operands
        operation = node.operation
        found = (marks if operation.link in self.layout.local_links else self.misses.marks).get(operand.number)
        if found is None:
            return None
        rows = self.local_rows(node, block)
        if isinstance(operation, Gather):
            return np.where(rows >= 0, found[rows], NONE)
        result = np.full(block.counts[operation.group], NONE)
        belongs = rows >= 0
        np.minimum.at(result, rows[belongs], found[belongs])
        return result


def _chosen(of_conditions: Sequence[Marks | None], conditions: Sequence[Any], of_choices: Sequence[Marks | None]) -> Marks:
    """Return the marks of a choice: those of what each row picks, and of the conditions asked until it picked."""
    *choices, other = of_choices
    none = np.full(len(next(condition for condition in conditions if isinstance(condition, np.ndarray))), NONE)
    result = none if other is None else other
    for marks, condition, chosen in reversed(list(zip(of_conditions, conditions, choices, strict=True))):
        result = np.where(condition, none if chosen is None else chosen, result)
        result = result if marks is None else np.minimum(result, marks)
    return result
