"""Members of enumerations among the values that a formula combines: known by their position, within one enumeration only."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import CalculationError
from engine.graph.repeats import SCALARS

if TYPE_CHECKING:
    from collections.abc import Sequence


def possible_values_of(value: Any) -> Any:
    """Return the enumeration that a value belongs to, or None."""
    return type(value) if isinstance(value, enum.Enum) else getattr(value, "possible_values", None)


def as_index(value: Any, others: Sequence[Any] = ()) -> Any:
    """Return an enumeration's member, or an array of members, as positions; anything else as it is.

    Raises CalculationError beside values of another enumeration.
    """
    kind = None if value.__class__ in SCALARS else possible_values_of(value)
    if kind is None:
        return value
    beside = next((found for found in map(possible_values_of, others) if found is not None), kind)
    if beside != kind:
        raise CalculationError(f"A formula combines values of the enumerations `{beside.__name__}` and `{kind.__name__}`.")
    if isinstance(value, enum.Enum):
        return kind.dtype.type(value.index)  # type: ignore[attr-defined]
    return value.view(np.ndarray) if isinstance(value, np.ndarray) else value
