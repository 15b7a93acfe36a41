"""The small functions that packages import for their formulas. They work on arrays and on symbols alike."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.variables import Enum, EnumArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

max_ = np.maximum
min_ = np.minimum
not_ = np.logical_not
round_ = np.round
select = np.select
where = np.where
date = datetime.date


def apply_thresholds(input: Any, thresholds: Sequence[float], choices: Sequence[Any]) -> Any:  # noqa: A002 - OpenFisca's name
    """Return the choice of the first threshold that the input does not exceed; one more choice serves all above.

    Raises ValueError where the numbers of choices and thresholds do not fit.
    """
    if len(choices) not in (len(thresholds), len(thresholds) + 1):
        raise ValueError(f"{len(thresholds)} thresholds take as many choices, or one more; got {len(choices)}.")
    conditions: list[Any] = [input <= threshold for threshold in thresholds]
    if len(choices) > len(thresholds):
        conditions.append(input == input)  # noqa: PLR0124 - true for every row, and an array of rows
    return np.select(conditions, choices)


def switch(conditions: Any, value_by_condition: Mapping[Any, Any]) -> Any:
    """Return, for each row, the value that goes with what is there; 0 where nothing fits."""
    if not value_by_condition:
        raise ValueError("`switch` needs at least one value.")
    return np.select([conditions == condition for condition in value_by_condition], list(value_by_condition.values()))


def concat(this: Any, that: Any) -> Any:
    """Return two columns of texts joined row by row; anything else is made text first."""
    return np.char.add(np.asarray(this).astype(str), np.asarray(that).astype(str))


def average_rate(target: Any, varying: Any, trim: Sequence[float] | None = None) -> Any:
    """Return the average rate: one less target by varying; NaN outside `trim`."""
    return _trimmed(1 - target / varying, trim)


def marginal_rate(target: Any, varying: Any, trim: Sequence[float] | None = None) -> Any:
    """Return the marginal rates between one row and the next; NaN outside `trim`."""
    return _trimmed(1 - (target[:-1] - target[1:]) / (varying[:-1] - varying[1:]), trim)


def _trimmed(rate: Any, trim: Sequence[float] | None) -> Any:
    if trim is None:
        return rate
    return np.where((rate <= max(trim)) & (rate >= min(trim)), rate, np.nan)


def empty_clone(original: Any) -> Any:
    """Return an object of the same class without anything in it."""
    return object.__new__(type(original))


def stringify_array(array: Any) -> str:
    """Return a short text of an array."""
    return "None" if array is None else f"[{', '.join(str(value) for value in array)}]"


def eval_expression(expression: str) -> Any:
    """Return the value of a text of plain arithmetic, anything else as it is."""
    from engine.variables import check_value  # noqa: PLC0415

    try:
        return check_value(_A_NUMBER, expression)
    except ValueError:
        return expression


class _Number:
    name = "expression"
    value_type: Any = float
    possible_values = None
    max_length = None


_A_NUMBER = _Number()

# Checks of results, in packages' own Python tests


def assert_near(value: Any, target_value: Any, absolute_error_margin: Any = None, message: str = "", relative_error_margin: Any = None) -> None:
    """Raise AssertionError where values are farther from those expected than the margins allow; without a margin, none is allowed."""
    if isinstance(value, EnumArray):
        return assert_enum_equals(value, target_value, message)
    values = np.asarray(value)
    if values.dtype.kind == "M":
        return assert_datetime_equals(values, target_value, message)
    if isinstance(target_value, str):
        target_value = eval_expression(target_value)
    expected = np.asarray(target_value)
    if values.dtype.kind in "OU" or expected.dtype.kind in "OU":
        assert np.array_equal(values.astype(str), np.broadcast_to(expected, values.shape).astype(str)), f"{message}{value} differs from {target_value}"
        return None
    difference = np.abs(expected.astype(np.float32) - values.astype(np.float32))
    if absolute_error_margin is None and relative_error_margin is None:
        absolute_error_margin = 0
    if absolute_error_margin is not None:
        assert (difference <= absolute_error_margin).all(), f"{message}{value} differs from {target_value} by more than {absolute_error_margin}"
    if relative_error_margin is not None:
        near = difference <= np.abs(relative_error_margin * expected)
        assert near.all(), f"{message}{value} differs from {target_value} by more than a share of {relative_error_margin}"
    return None


def assert_datetime_equals(value: Any, target_value: Any, message: str = "") -> None:
    """Raise AssertionError where dates differ."""
    assert (np.asarray(value) == np.asarray(target_value).astype("datetime64[D]")).all(), f"{message}{value} differs from {target_value}"


def assert_enum_equals(value: Any, target_value: Any, message: str = "") -> None:
    """Raise AssertionError where members differ; they are expected by name."""
    expected = [each.name if isinstance(each, Enum) else str(each) for each in np.atleast_1d(np.asarray(target_value, dtype=object))]
    names = value.decode_to_str()
    assert (names == np.broadcast_to(np.array(expected), names.shape)).all(), f"{message}{names} differs from {target_value}"


def assert_array_equal(value: Any, target_value: Any) -> None:
    """Raise AssertionError where arrays differ."""
    np.testing.assert_array_equal(value, target_value)


def indent(text: str) -> str:
    """Return a text with each line indented."""
    return "\n".join(f"  {line}" for line in text.splitlines())
