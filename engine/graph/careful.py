"""Careful evaluation: which rows really need a figure that the law does not have.

Both branches of a choice run for every row, so a look-up may miss a key in a row that does not take that branch. Where a
look-up misses, its block is computed again with, beside each value, the rows whose value rests on the miss: a choice
passes on only what its condition picks. An error is due only where a result rests on a miss.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.operations import Array, Elementwise, TextArray, select, where
from engine.graph.relations import Gather, Reduce

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.errors import LookUpError
    from engine.graph.blocks import Block, Layout
    from engine.graph.nodes import Node
    from engine.graph.plan import Program

Mask = Array


@dataclass
class Miss:
    """Rows that asked a table for keys it lacks: the node, its table, the rows' numbers and keys."""

    node: Node
    table: Any
    rows: Array
    keys: Array


@dataclass
class Misses:
    """What was missed during one evaluation: the misses, and for whole arrays the rows that rest on one, by node number."""

    found: list[Miss] = field(default_factory=list)
    rests: dict[int, Mask] = field(default_factory=dict)

    def error_for(self, target: Node) -> LookUpError | None:
        """Return the error for a result that rests on a miss, naming parameter, key and row, or None."""
        mask = self.rests.get(target.number)
        if mask is None or not mask.any():
            return None
        live = np.flatnonzero(mask)
        same = [miss for miss in self.found if miss.node.entity == target.entity and np.isin(live, miss.rows).any()]
        miss = (same or self.found)[0]
        place = int(np.flatnonzero(np.isin(miss.rows, live))[0]) if same else 0
        row = int(miss.rows[place])
        keys = np.full(row + 1, miss.keys[place], dtype=miss.keys.dtype)
        error: LookUpError = miss.table.error(keys, np.arange(row + 1) == row)
        error.__dict__["node"] = miss.node
        return error


def can_miss(node: Node) -> bool:
    """Whether a node looks keys up in a table."""
    return isinstance(node.operation, Elementwise) and hasattr(node.operation.function, "values_and_missing")


def run_carefully(
    program: Program,
    block: Block,
    values: Mapping[int, Any],
    misses: Misses,
    compute: Callable[[Node, Sequence[Any], Block], Any],
    local_rows: Callable[[Node, Block], Array],
    layout: Layout,
) -> tuple[dict[int, Any], dict[int, Mask]]:
    """Return the values of a block's nodes, and the rows that rest on a miss, by node number.

    `values` are those of what the program reads, already cut to the block; `compute` gives a node's value from its
    operands'; `local_rows` gives, for a gather or a reduction, the local row that each row reads or adds to.
    """
    known = dict(values)
    rests: dict[int, Mask] = {}
    for node in program.reads:
        mask = misses.rests.get(node.number)
        if mask is not None:
            rests[node.number] = mask[block.rows[str(node.entity)]]
    for node in program.nodes:
        operands = [known[operand.number] if not operand.is_constant else operand.value for operand in node.operands]
        if can_miss(node):
            known[node.number], missing = _look_up(node, operands[0], block, misses)
        else:
            known[node.number], missing = compute(node, operands, block), None
        passed = _passed_on(node, operands, rests, misses, local_rows, layout, block)
        combined = missing if passed is None else passed if missing is None else passed | missing
        if combined is not None and combined.any():
            rests[node.number] = combined
    return known, rests


def _look_up(node: Node, keys: Any, block: Block, misses: Misses) -> tuple[Any, Mask | None]:
    plain = keys.decoded() if isinstance(keys, TextArray) else keys
    figures, missing = node.operation.function.values_and_missing(plain)
    if missing is not None:
        rows = block.rows[str(node.entity)]
        numbers = np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows
        misses.found.append(Miss(node, node.operation.function, numbers[missing], np.asarray(plain)[missing]))
    return figures, missing


def _passed_on(
    node: Node,
    operands: Sequence[Any],
    rests: Mapping[int, Mask],
    misses: Misses,
    local_rows: Callable[[Node, Block], Array],
    layout: Layout,
    block: Block,
) -> Mask | None:
    """Return the rows whose value rests on a miss of an operand."""
    operation = node.operation
    if isinstance(operation, Gather | Reduce):
        return _over_link(node, rests, misses, local_rows, layout, block)
    masks = [rests.get(operand.number) for operand in node.operands]
    if all(mask is None for mask in masks):
        return None
    if isinstance(operation, Elementwise) and operation.function is where:
        return _chosen(masks[:1], operands[:1], masks[1:2], masks[2])
    if isinstance(operation, Elementwise) and operation.function is select:
        count = len(operands) // 2
        return _chosen(masks[:count], operands[:count], masks[count:-1], masks[-1])
    return np.logical_or.reduce([mask for mask in masks if mask is not None])  # type: ignore[no-any-return]


def _chosen(of_conditions: Sequence[Mask | None], conditions: Sequence[Any], of_choices: Sequence[Mask | None], of_other: Mask | None) -> Mask:
    length = len(next(condition for condition in conditions if isinstance(condition, np.ndarray)))
    none = np.zeros(length, dtype=bool)
    result = none if of_other is None else of_other
    for mask, condition, chosen in reversed(list(zip(of_conditions, conditions, of_choices, strict=True))):
        result = np.where(condition, none if chosen is None else chosen, result)
        result = result if mask is None else result | mask
    return result


def _over_link(node: Node, rests: Mapping[int, Mask], misses: Misses, local_rows: Callable[[Node, Block], Array], layout: Layout, block: Block) -> Mask | None:
    (operand,) = node.operands
    operation = node.operation
    is_local = operation.link in layout.local_links
    mask = rests.get(operand.number) if is_local else misses.rests.get(operand.number)
    if mask is None:
        return None
    rows = local_rows(node, block)
    if isinstance(operation, Gather):
        return np.where(rows >= 0, mask[rows], False)  # noqa: FBT003
    found = np.zeros(block.counts[operation.group], dtype=bool)
    found[rows[mask & (rows >= 0)]] = True
    return found
