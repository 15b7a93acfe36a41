"""Whether a value is the one expected.

A number without a margin is the one expected where both are the same once rounded to single precision: expectations are
written by hand, or were computed in single precision by OpenFisca, and have its seven digits; our results have sixteen. With
a margin, the difference may be at most the margin, in our precision or in single precision, whichever is nearer; an absolute
and a relative margin must both hold. Texts, dates, truth values and members of enumerations are compared as they are.

Where a variable is lenient (see `Rule`), truth values are numbers, so that a margin of 1 accepts either; and results that are
no whole numbers may miss what is expected by a few steps of single precision, which OpenFisca's own roundings add up to.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.variables import check_value

if TYPE_CHECKING:
    from engine.variables import Rule

# Expectations captured from OpenFisca's results were found up to 3.4 steps away from ours.
_STEPS: Final = 4


@dataclass(frozen=True)
class _Number:
    """What reading an expected number needs to know: `"1000*2+1"` is one."""

    name: str
    value_type: type[float] = float
    possible_values: None = None
    max_length: None = None


def expected_value(rule: Rule, expected: Any) -> Any:
    """Return what is expected in a form that compares with results. Raises VariableValueError, EnumMemberNotFoundError."""
    if rule.value_type in (int, float):
        return expected if isinstance(expected, int | float) else check_value(_Number(rule.name), expected)
    if rule.value_type is str:
        return str(expected)
    return rule.check_value(expected)


def plain_value(value: Any) -> Any:
    """Return one value of a result as Python's own: a number, a text, a date, or the name of an enumeration's member."""
    if isinstance(value, np.generic):
        value = value.astype("datetime64[D]").item() if value.dtype.kind == "M" else value.item()
    return value.name if isinstance(value, Enum) else value


def is_expected(expected: Any, got: Any, absolute: float | None, relative: float | None, *, lenient: bool = False) -> bool:
    """Whether a value is the one expected; both are Python's own (see `expected_value` and `plain_value`)."""
    as_it_is = str | datetime.date | Enum if lenient else bool | str | datetime.date | Enum
    if isinstance(expected, as_it_is) or not isinstance(got, int | float):
        return bool((expected.name if isinstance(expected, Enum) else expected) == got)
    if expected == got or (math.isnan(expected) and math.isnan(got)):
        return True
    if not (math.isfinite(expected) and math.isfinite(got)):
        return False
    steps = _STEPS * float(np.spacing(np.float32(abs(expected)))) if lenient and isinstance(got, float) else 0.0
    margins = [margin for margin in (absolute, None if relative is None else abs(relative * expected)) if margin is not None]
    return all(_is_near(expected, got, max(margin, steps)) for margin in margins or [0.0])


def _is_near(expected: float, got: float, margin: float) -> bool:
    return abs(expected - got) <= margin or bool(abs(np.float32(expected) - np.float32(got)) <= np.float32(margin))


def shown(value: Any) -> str:
    """Return a value as an expectation would be written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return value.name
    return repr(value) if isinstance(value, float) else str(value) or '""'
