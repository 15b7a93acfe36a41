"""Results in figures that a person reads: count, mean, weighted total and quantiles of each variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.variables import EnumArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from population.results import EntityResults, Result

QUANTILES = (0.0, 0.01, 0.25, 0.5, 0.75, 0.99, 1.0)


@dataclass(frozen=True)
class Line:
    """What is said of one variable. Figures of sums and ranks are None where the values are no numbers; `shares` is None where they are."""

    name: str
    unit: str
    count: int
    mean: float | None = None
    total: float | None = None
    quantiles: tuple[float, ...] | None = None
    shares: tuple[tuple[str, float], ...] | None = None


def summarize(group: EntityResults) -> list[Line]:
    """Return a line for each result of an entity, over the rows that the law accepts; weighted where there are weights."""
    return [_of_result(result, group.weights) for result in group.results]


def refusals(group: EntityResults) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return, for each return code's column that refuses rows, its codes and how many rows have each, the most frequent first."""
    found = []
    for refusal in group.refusals:
        codes, counts = np.unique(refusal.values[np.asarray(refusal.values != 0)], return_counts=True)
        pairs = sorted(zip(codes.tolist(), counts.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
        found += [(refusal.name, pairs)] if pairs else []
    return found


def _of_result(result: Result, weights: NDArray[np.float64] | None) -> Line:
    if result.refused is None:
        return _line(result, result.values, weights)
    kept = ~result.refused
    return _line(result, result.values[kept], None if weights is None else weights[kept])


def _line(result: Result, values: NDArray[Any], weights: NDArray[np.float64] | None) -> Line:
    rule = result.rule
    if isinstance(values, EnumArray) or values.dtype.kind not in "biuf":
        return Line(result.name, rule.unit, len(values), shares=_shares(values, weights))
    numbers = values.astype(np.float64)
    if not len(numbers) or (weights is not None and not weights.sum()):
        return Line(result.name, rule.unit, len(values))
    total = float(numbers.sum() if weights is None else numbers @ weights)
    mean = total / (len(numbers) if weights is None else float(weights.sum()))
    return Line(result.name, rule.unit, len(values), mean, total, None if values.dtype.kind == "b" else _quantiles(numbers, weights))


def _quantiles(numbers: NDArray[np.float64], weights: NDArray[np.float64] | None) -> tuple[float, ...]:
    """Return for each share the smallest value that at least this share of the rows does not exceed."""
    found = np.quantile(numbers, QUANTILES, weights=weights, method="inverted_cdf")
    return tuple(found.tolist())


def _shares(values: NDArray[Any], weights: NDArray[np.float64] | None) -> tuple[tuple[str, float], ...]:
    texts = values.decode_to_str() if isinstance(values, EnumArray) else values.astype(str)
    names, positions = np.unique(texts, return_inverse=True)
    counts = np.bincount(positions, weights, len(names))
    total = counts.sum() or 1.0
    return tuple(sorted(((str(name), float(count / total)) for name, count in zip(names, counts, strict=True)), key=lambda pair: -pair[1]))
