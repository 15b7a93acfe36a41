"""Operations asked for again: found by what they are done to, before anything about them is worked out.

Twelve months ask for the same operations on the same nodes. The graph would give the same node for each (hash-consing), but
only after types, entities, foldings and bounds are worked out anew; here the question itself is remembered with its answer.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

Question = tuple["Hashable", ...]
# Node, entity and enumeration of an answer: what makes its handle.
Answer = tuple[Any, str | None, Any]

# Scalars that hash and compare by value; their type is part of the question, since it decides the result's.
SCALARS = frozenset({int, float, bool, str, np.float64, np.int64, np.bool_, np.float32, np.int32, np.int16, np.int8})


def question(handle: type, function: Any, values: Sequence[Any]) -> Question | None:
    """Return what identifies an operation on these values, or None where one of them is no plain handle or scalar.

    `handle` is the class of plain symbolic arrays. Rows picked by a mask are left to those who know them.
    """
    parts: list[Any] = [function]
    for value in values:
        kind = value.__class__
        if kind is handle:
            if value.mask is not None:
                return None
            parts += (value.node.number, value.entity, value.possible_values)
        elif kind in SCALARS:
            parts += (kind, value) if value else (kind, None, repr(value))  # 0.0 and -0.0 are equal, and not the same
        elif isinstance(value, enum.Enum):
            parts += (kind, value.name)
        else:
            return None
    return tuple(parts)


class Repeats:
    """The operations that a graph was asked for, with what makes the handle of each result."""

    __slots__ = ("_answers", "get")

    def __init__(self) -> None:
        self._answers: dict[Question | None, Answer] = {}
        self.get = self._answers.get

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._answers)

    def remember(self, asked: Question, result: Any) -> None:
        """Remember the answer that a handle is; what rests on an array of the moment passes."""
        if not result.node.is_passing and result.mask is None:
            self._answers[asked] = (result.node, result.entity, result.possible_values)
