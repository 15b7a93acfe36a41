"""Bounds: how large the values of a node can be, where that is known.

x × 0 is 0 only where x is neither NaN nor infinite. Whole numbers never are; other numbers are where they come by sums,
products, choices from inputs below 2**64, as amounts of money do, and where they stay below the largest number of their type.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.nodes import INPUT_EXPONENT, DType, Node
from engine.graph.operations import Cast, Elementwise, select, where

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A population has fewer than 2**40 rows: a sum over members adds at most so much to the exponent.
ROWS_EXPONENT = 40


def exponent_of(operation: Any, operands: Sequence[Node], dtype: DType) -> int | None:
    """Return the exponent that bounds a result's values, None where they may be NaN, infinite or too large to tell."""
    if dtype.kind in "biu":
        return INPUT_EXPONENT
    if dtype.kind != "f":
        return None
    rule = _largest if isinstance(operation, Cast) else _RULES.get(operation.function) if isinstance(operation, Elementwise) else None
    return within(rule(operands), dtype) if rule is not None else None


def within(exponent: int | None, dtype: DType) -> int | None:
    """Return an exponent if numbers so large fit into a floating type."""
    return exponent if exponent is not None and dtype.kind == "f" and exponent < int(np.finfo(dtype).maxexp) else None


def _largest(operands: Sequence[Node]) -> int | None:
    exponents = [operand.exponent for operand in operands]
    return None if None in exponents else max(exponent for exponent in exponents if exponent is not None)


def _sum(operands: Sequence[Node]) -> int | None:
    largest = _largest(operands)
    return None if largest is None else largest + 1


def _product(operands: Sequence[Node]) -> int | None:
    exponents = [operand.exponent for operand in operands]
    return None if None in exponents else sum(exponent for exponent in exponents if exponent is not None)


def _quotient(operands: Sequence[Node]) -> int | None:
    dividend, divisor = operands
    if dividend.exponent is None or not divisor.is_constant or not divisor.value:
        return None
    return max(dividend.exponent - math.frexp(float(divisor.value))[1] + 1, 0)


def _choices(operands: Sequence[Node]) -> int | None:
    return _largest(operands[1:])


def _selected(operands: Sequence[Node]) -> int | None:
    return _largest(operands[len(operands) // 2 :])


_RULES: dict[Any, Callable[[Sequence[Node]], int | None]] = {
    np.add: _sum,
    np.subtract: _sum,
    np.multiply: _product,
    np.true_divide: _quotient,
    np.minimum: _largest,
    np.maximum: _largest,
    np.negative: _largest,
    np.positive: _largest,
    np.absolute: _largest,
    np.fabs: _largest,
    np.floor: _sum,
    np.ceil: _sum,
    np.rint: _sum,
    np.round: _sum,
    np.trunc: _largest,
    where: _choices,
    select: _selected,
}
