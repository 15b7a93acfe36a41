"""Opaque nodes: formulas that cannot be recorded, called with real arrays.

A formula that walks through an array, or asks for real numbers, is one node. Its operands are the variables that it read
when it was traced; it is called on the whole population, one call at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from engine.graph.blocks import Layout
from engine.graph.operations import Array


class Opaque:
    """A formula as a function of the real arrays it reads and of the population's layout; equal where its key is."""

    __slots__ = ("function", "key")

    def __init__(self, key: Hashable, function: Callable[[Sequence[Any], Layout], Array]) -> None:
        self.key = key
        self.function = function

    def __eq__(self, other: object) -> bool:
        """Tell whether it is the same formula at the same period."""
        return isinstance(other, Opaque) and other.key == self.key

    def __hash__(self) -> int:
        """Hash by formula and period."""
        return hash(self.key)

    def __str__(self) -> str:
        """Show formula and period."""
        return f"opaque {self.key}"
