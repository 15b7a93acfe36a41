"""Members of enumerations among the values that a formula combines: known by their position, within one enumeration only."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import CalculationError, VariableValueError, nearest
from engine.graph.repeats import SCALARS

if TYPE_CHECKING:
    from collections.abc import Sequence


def possible_values_of(value: Any) -> Any:
    """Return the enumeration that a value belongs to, or None."""
    return type(value) if isinstance(value, enum.Enum) else getattr(value, "possible_values", None)


# A position that no member has: nothing is equal to it.
_NOBODY = -1


def comparable(session: Any, values: Sequence[Any]) -> tuple[Any, ...]:
    """Return the two sides of a comparison, members of enumerations as positions.

    Raises VariableValueError for a text beside an enumeration; for a law that `is_lenient`, OpenFisca's, it is equal to no member.
    """
    kind = next((found for found in map(possible_values_of, values) if found is not None), None)
    text = None if kind is None else next((value for value in values if is_text(value)), None)
    if kind is None or text is None:
        return tuple(as_index(each, values) for each in values)
    if not getattr(session, "is_lenient", False):
        raise VariableValueError(text_beside_members(kind, text))
    return tuple(kind.dtype.type(_NOBODY) if each is text else as_index(each, values) for each in values)


def is_text(value: Any) -> bool:
    """Whether a value is a text, or an array of texts."""
    if isinstance(value, str | bytes):
        return True
    kind = "" if possible_values_of(value) is not None else getattr(getattr(value, "dtype", None), "kind", "")
    return kind in {"U", "S"} or (kind == "O" and (not isinstance(value, np.ndarray) or any(isinstance(each, str) for each in value.ravel())))


def text_beside_members(kind: Any, text: Any) -> str:
    """Say that members are compared with a text, and what to write instead."""
    first = f"`{kind.__name__}.{next(iter(kind.__members__))}`"
    if not isinstance(text, str):
        return f"members of `{kind.__name__}` are compared with texts: expected members, as {first}; `decode_to_str()` gives the texts of members."
    labelled = next((member.name for member in kind if member.value == text), None)
    name = text if text in kind.__members__ else labelled
    if name is not None:
        return f"members of `{kind.__name__}` are compared with the text {text!r}: expected a member, write `{kind.__name__}.{name}`."
    near = nearest(text, kind.__members__)
    return f"members of `{kind.__name__}` are compared with the text {text!r}: expected a member{near and '.'}{near or f', as {first}.'}"


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
