"""Paths of figures and scales in the law: what stands there, what it is in a year, and the nearest names where there is nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from engine.errors import ParameterError, nearest
from engine.parameters import SCALES, Sort

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.parameters import ParameterNode

_OF_BRACKET: Final = re.compile(r"(.*?)(?:\.brackets)?\[(\d+)\]\.(\w+)")
_LEAVES: Final = (Sort.FIGURE, Sort.SCALE)
_THRESHOLD: Final = "threshold"


def item_at(parameters: ParameterNode, path: str) -> Any:
    """Return the item of the law at a path, None where there is none."""
    try:
        return parameters.child(path) if path else None
    except ParameterError:
        return None


def full_names(parameters: ParameterNode) -> list[str]:
    """Return the full names of all figures and scales (of tables by code, the tables)."""
    return [item.name for item in parameters.descendants() if item.sort in _LEAVES or item.sort is Sort.TABLE]


def unknown(name: str, names: Iterable[str], what: str) -> str:
    """Return that there is no such thing, with the nearest names: those alike, then those that end alike."""
    known = list(names)
    hint = nearest(name, known)
    if not hint:
        last = name.rpartition(".")[2]
        alike = [each for each in known if each.rpartition(".")[2] == last][:3]
        hint = f" Did you mean {' or '.join(f'`{each}`' for each in alike)}?" if alike else ""
    return f"There is no {what} `{name}`.{hint}"


def scale_of(path: str) -> str:
    """Return the scale of a bracket's figure, and any other path as it is."""
    bracket = _OF_BRACKET.fullmatch(path)
    return bracket[1] if bracket else path


def unit_at(parameters: ParameterNode, path: str) -> str | None:
    """Return the unit of a figure; that of a bracket's threshold or rate is told by its scale."""
    bracket = _OF_BRACKET.fullmatch(path)
    item = item_at(parameters, bracket[1] if bracket else path)
    if item is None:
        return None
    if bracket:
        return threshold_unit(item) if bracket[3] == _THRESHOLD else value_unit(item)
    found: str | None = item.unit or item.metadata.get("unit")
    return found


def threshold_unit(scale: Any) -> str | None:
    """Return the unit of a scale's thresholds."""
    found: str | None = scale.metadata.get("threshold_unit")
    return found


def value_unit(scale: Any) -> str | None:
    """Return the unit of a scale's rates or amounts."""
    found: str | None = scale.metadata.get("rate_unit") or scale.metadata.get("amount_unit")
    return found


def value_at(parameters: ParameterNode, path: str, date: str) -> Any:
    """Return a figure at a date, None where it has no value then, or where the scale has no such bracket."""
    bracket = _OF_BRACKET.fullmatch(path)
    if not bracket:
        item = item_at(parameters, path)
        return None if item is None else item.at_date(date)
    rows = brackets_at(parameters, bracket[1], date)
    position = int(bracket[2])
    return rows[position].get(_THRESHOLD if bracket[3] == _THRESHOLD else "value") if position < len(rows) else None


def brackets_at(parameters: ParameterNode, path: str, date: str) -> list[dict[str, float]]:
    """Return the brackets of a scale at a date, each `threshold` and `value` (a rate or an amount), from the lowest on."""
    scale = item_at(parameters, path).at_date(date)
    return [{_THRESHOLD: threshold, "value": value} for threshold, value in zip(scale.thresholds, scale.values, strict=True)]


def value_name(parameters: ParameterNode, path: str) -> str:
    """Return what a scale's brackets carry beside the threshold: `rate`, `amount` or `average_rate`."""
    return SCALES[item_at(parameters, path).kind].value_name
