"""The values of all nodes on the way to a result, for the rows related to it: the kept graph evaluated once, no formula run.

What looks at the whole population (an opaque formula, a truth about everybody) keeps the value that it has there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import LookUpError
from engine.graph.direct import DirectRun
from engine.graph.nodes import Data
from engine.graph.opaque import Opaque
from engine.graph.operations import TextArray
from engine.graph.relations import Whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.explanation.related import Related
    from engine.graph.nodes import Node
    from engine.simulation import Simulation

_OF_EVERYBODY = (Opaque, Whole, Data)


def values_of(simulation: Simulation, nodes: Sequence[Node], related: Related) -> dict[int, Any]:
    """Return the values of nodes (operands first) by number: arrays over the related rows, scalars where all rows share them."""
    known: dict[int, Any] = {}
    for node in nodes:
        if isinstance(node.operation, _OF_EVERYBODY):
            found = simulation.real_values(node, node.entity)
            known[node.number] = found if node.entity is None else found[related.rows[node.entity]]

    def leaf(node: Node) -> Any:
        values = simulation.leaf(node)
        return values if node.entity is None else values[related.rows[node.entity]]

    run = DirectRun(related.layout, leaf, None)
    try:
        whole = run.run(simulation.programs.program(nodes, known), known)
    except LookUpError:  # a row that takes another branch asks for what the law lacks
        whole = _one_after_the_other(run, nodes, known)
    return {number: values.decoded() if isinstance(values, TextArray) else values for number, values in whole.items()}


def _one_after_the_other(run: DirectRun, nodes: Sequence[Node], known: dict[int, Any]) -> dict[int, Any]:
    """Return the values of all nodes; rows whose look-up fails have a neutral value, which no branch that was taken reads."""
    values: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in nodes:
            if node.is_constant:
                values[node.number] = node.value
            elif node.number in known:
                values[node.number] = known[node.number]
            elif node.is_leaf:
                found = run.leaf(node)
                values[node.number] = found.decoded() if isinstance(found, TextArray) else found
            else:
                operands = [values[operand.number] for operand in node.operands]
                try:
                    values[node.number] = run.value(node, operands)
                except LookUpError:
                    values[node.number] = _row_by_row(run, node, operands)
    return values


def _row_by_row(run: DirectRun, node: Node, operands: Sequence[Any]) -> Any:
    result = np.zeros(run.layout.counts[str(node.entity)], dtype=node.dtype)
    for row in range(len(result)):
        try:
            found = run.value(node, [each[row : row + 1] if isinstance(each, np.ndarray) and each.ndim else each for each in operands])
        except LookUpError:
            continue
        result[row] = found[0] if np.ndim(found) else found
    return result
