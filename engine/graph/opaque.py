"""Opaque nodes: formulas that cannot be recorded, called with real arrays.

A formula that walks through an array, or asks for real numbers, is one node. Its operands are the variables that it read
when it was traced; whoever evaluates the graph calls it again, on the whole population, one call at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Opaque:
    """A formula of one law at one period (`key`); `reads` names its operands: variables and periods."""

    key: tuple[Any, ...]
    reads: tuple[Any, ...]

    def __str__(self) -> str:
        """Show formula and period."""
        return f"opaque {self.key[0]} at {self.key[1]}"
