"""Scales of rates: what share of a base is due.

See tax_scales.py for what all scales have in common.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from engine.errors import ScaleError
from engine.parameters.tax_scales import EPSILON, ZERO, EditableScale, Number, TaxScale, as_array, times

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, eq=False)
class RateScale(TaxScale):
    """A scale whose brackets carry rates."""

    value_name: ClassVar[str] = "rate"

    @property
    def rates(self) -> tuple[Number, ...]:
        """The rate of each bracket, by ascending threshold."""
        return self.values

    def multiply_rates(self, factor: Number, *, inplace: bool = False, new_name: str | None = None) -> Self:
        """Return the scale with its rates multiplied."""
        return self._changed(self._of([(threshold, rate * factor) for threshold, rate in self.brackets], new_name), inplace)

    def bracket_indices(self, base: Any, factor: Any = 1, round_decimals: int | None = None) -> Any:
        """Return, for each row, which bracket the base lies in, int64: 0 is the first, -1 is below it.

        A base exactly at a threshold lies in the bracket below, for only what exceeds the threshold bears the next rate; but at a threshold of 0, and
        wherever the thresholds (times `factor`) are rounded to `round_decimals`, in the bracket that begins there. These are OpenFisca's rules, and so is
        their limit: from a factor of 2 on, a base at the threshold lies in the bracket that begins there. Raises ScaleError for a scale without brackets.
        """
        if not self.thresholds:
            raise ScaleError(f"Scale `{self.name}` has no brackets at that date, so no base lies in one.")
        base = as_array(base)
        indices: Any = np.int64(-1)
        for position, (threshold, _) in enumerate(self._figures):
            limit = threshold * (as_array(factor) + EPSILON)
            if round_decimals is not None:
                limit = np.round(limit, round_decimals)
            indices = np.where(base >= limit, np.int64(position), indices)
        return indices

    def rate_from_bracket_indice(self, bracket_indice: Any) -> Any:
        """Return the rates of the brackets of those indices, row by row; 0 below the first bracket."""
        return self._of_indices(bracket_indice, [rate for _, rate in self._figures])

    def threshold_from_bracket_indice(self, bracket_indice: Any) -> Any:
        """Return the thresholds at which the brackets of those indices begin, row by row; 0 below the first bracket."""
        return self._of_indices(bracket_indice, [threshold for threshold, _ in self._figures])

    def _of_indices(self, indices: Any, figures: list[np.float64]) -> Any:
        result: Any = ZERO
        indices = indices if hasattr(indices, "__array_ufunc__") else np.asarray(indices)
        for position, figure in enumerate(figures):
            result = np.where(indices == position, figure, result)
        return result

    def rate_from_tax_base(self, base: Any) -> Any:
        """Return the rate of the bracket that each base lies in; 0 below the first bracket."""
        return self.rate_from_bracket_indice(self.bracket_indices(base))

    def threshold_from_tax_base(self, base: Any) -> Any:
        """Return the threshold of the bracket that each base lies in; 0 below the first bracket."""
        return self.threshold_from_bracket_indice(self.bracket_indices(base))


@dataclass(frozen=True, eq=False)
class MarginalRateScale(RateScale):
    """Each bracket's rate applies to the part of the base that lies in the bracket, as for income tax."""

    kind: ClassVar[str] = "marginal_rate"

    def calc(self, base: Any, factor: Any = 1, round_base_decimals: int | None = None) -> Any:
        """Return the sum, over the brackets, of rate times the part of the base in the bracket; 0 for a negative base.

        `factor` multiplies the thresholds (a number, or one for each row). With `round_base_decimals`, the thresholds, the part of
        the base in each bracket and each product are rounded.
        """
        base = as_array(base)

        def rounded(values: Any) -> Any:
            return values if round_base_decimals is None else np.round(values, round_base_decimals)

        limits = [rounded(times(threshold, factor)) for threshold, _ in self._figures]
        total: Any = None
        for (_, rate), (low, high) in zip(self._figures, zip_longest(limits, limits[1:]), strict=True):
            if rate == 0 and not hasattr(rate, "partials"):
                continue  # most scales begin so; a bracket without tax costs no operation, but where its rate moves
            part = rounded(np.maximum((base if high is None else np.minimum(base, high)) - low, ZERO))
            due = rounded(rate * part)
            total = due if total is None else total + due
        return np.zeros_like(base, dtype=np.float64) if total is None else total

    def marginal_rates(self, base: Any, factor: Any = 1, round_base_decimals: int | None = None) -> Any:
        """Return the rate of the bracket that each base lies in, as `bracket_indices` tells it; 0 below the first bracket."""
        return self.rate_from_bracket_indice(self.bracket_indices(base, factor, round_base_decimals))

    def inverse(self) -> MarginalRateScale:
        """Return the scale that finds the base from what is left after tax: `s.inverse().calc(x - s.calc(x))` is x, for x ≥ 0.

        Raises ScaleError where more base may leave the same or less (a rate of 1 or more), or a threshold is negative.
        """
        brackets = self._from_zero()
        if any(rate >= 1 for _, rate in brackets):
            raise ScaleError(f"Scale `{self.name}` has no inverse: a rate of 1 or more leaves nothing of what is added.")
        found, net = [], 0.0
        for (threshold, rate), (following, _) in zip(brackets, [*brackets[1:], (math.inf, 0)], strict=True):
            found.append((net, 1 / (1 - rate)))
            net += (1 - rate) * (following - threshold)
        return MarginalRateScale.of_brackets(f"{self.name}'", found, option=self.option, unit=self.unit)

    def to_average(self) -> LinearAverageRateScale:
        """Return the average rates at the thresholds, and the last rate, which the average approaches, at infinity.

        Between thresholds the average rate of this scale is not linear, so that the two agree at the thresholds only.
        Raises ScaleError for a negative threshold.
        """
        brackets = self._from_zero()
        due, averages = 0.0, [brackets[0]]
        for (threshold, rate), (following, _) in pairwise(brackets):
            due += rate * (following - threshold)
            averages.append((following, due / following))
        averages.append((math.inf, brackets[-1][1]))
        return LinearAverageRateScale.of_brackets(self.name, averages, option=self.option, unit=self.unit)

    def _from_zero(self) -> list[tuple[Number, Number]]:
        """Return the brackets with one at 0."""
        if self.thresholds and self.thresholds[0] < 0:
            raise ScaleError(f"Scale `{self.name}` begins at {self.thresholds[0]}: expected thresholds of 0 and more.")
        return [*([] if self.thresholds and self.thresholds[0] == 0 else [(0, 0)]), *self.brackets]

    def scale_tax_scales(self, factor: Number) -> Self:
        """Return the scale with its thresholds multiplied."""
        return self._of([(threshold * factor, rate) for threshold, rate in self.brackets])

    def with_rate_between(self, rate: Number, threshold_low: Number = 0, threshold_high: Number | None = None) -> Self:
        """Return the scale with `rate` added to its own between two thresholds; to infinity where the second is None."""
        added = [(threshold_low, rate), (math.inf if threshold_high is None else threshold_high, 0)]
        return self._plus(added)

    def plus(self, other: RateScale) -> Self:
        """Return the scale that gives what this one and the other give together."""
        return self._plus([(threshold, rate) for threshold, rate in other.brackets])

    def _plus(self, others: list[tuple[Number, Number]]) -> Self:
        thresholds = sorted({threshold for threshold, _ in [*self.brackets, *others] if threshold != math.inf})
        return self._of([(threshold, _rate_at(self.brackets, threshold) + _rate_at(others, threshold)) for threshold in thresholds])

    def copy(self) -> EditableMarginalRateScale:
        """Return a copy that can be edited in place."""
        return EditableMarginalRateScale(self.name, self.thresholds, self.values, self.option, self.unit)


def _rate_at(brackets: Iterable[tuple[Number, Number]], threshold: Number) -> Number:
    """Return the rate that holds from a threshold on, 0 before the first bracket."""
    found: Number = 0
    for low, rate in brackets:
        if low <= threshold:
            found = rate
    return found


@dataclass(frozen=True, eq=False)
class LinearAverageRateScale(RateScale):
    """An average rate on the whole base: given at the thresholds, linear between them, that of the last threshold beyond it.

    Beyond the last threshold OpenFisca gives 0: a tax that vanishes for the largest bases is no rule of law, and its own `to_marginal`
    reads the last average rate as continuing. A threshold at infinity changes nothing: the rate before it continues.
    """

    kind: ClassVar[str] = "linear_average_rate"
    value_name: ClassVar[str] = "average_rate"

    def calc(self, base: Any, *, right: bool = False) -> Any:
        """Return the base times its average rate; 0 below the first threshold. `right` changes nothing: the rate is continuous."""
        del right
        base, rate, figures = as_array(base), None, self._figures
        for position, (threshold, average) in enumerate(figures):
            here: Any = average
            if position + 1 < len(figures):
                following, next_average = figures[position + 1]
                here = average + (base - threshold) * ((next_average - average) / (following - threshold))
            rate = here if rate is None else np.where(base >= threshold, here, rate)
        return np.zeros_like(base, dtype=np.float64) if rate is None else np.where(base >= figures[0][0], base * rate, ZERO)

    def to_marginal(self) -> MarginalRateScale:
        """Return the marginal rates that give the same at the thresholds; beyond the last one, its average rate."""
        brackets, found, due, low = self.brackets, [], 0.0, 0.0
        for threshold, average in brackets:
            if threshold == 0:
                continue
            if threshold == math.inf:
                break
            found.append((low, (average * threshold - due) / (threshold - low)))
            due, low = average * threshold, float(threshold)
        if brackets:
            found.append((low, brackets[-1][1]))
        return MarginalRateScale.of_brackets(self.name, found, option=self.option, unit=self.unit)

    def copy(self) -> EditableLinearAverageRateScale:
        """Return a copy that can be edited in place."""
        return EditableLinearAverageRateScale(self.name, self.thresholds, self.values, self.option, self.unit)


class EditableRateScale(EditableScale, RateScale):
    """A scale of rates that changes in place."""

    def multiply_rates(self, factor: Number, *, inplace: bool = True, new_name: str | None = None) -> Self:
        """Multiply the rates; not `inplace`: return another scale."""
        return super().multiply_rates(factor, inplace=inplace, new_name=new_name)


class EditableMarginalRateScale(EditableRateScale, MarginalRateScale):
    """A marginal rate scale that changes in place."""

    def add_tax_scale(self, tax_scale: RateScale) -> None:
        """Add to the scale what another one gives."""
        self._become(self.plus(tax_scale))

    def combine_bracket(self, rate: Number, threshold_low: Number = 0, threshold_high: Number | None = None) -> None:
        """Add a rate between two thresholds; to infinity where the second is None (or False)."""
        self._become(self.with_rate_between(rate, threshold_low, threshold_high or None))


class EditableLinearAverageRateScale(EditableRateScale, LinearAverageRateScale):
    """A linear average rate scale that changes in place."""


def combine_tax_scales(scales: Any, combined: EditableMarginalRateScale | None = None) -> EditableMarginalRateScale:
    """Return the marginal rate scale that gives what all those of a branch give together; added to `combined` where given.

    `scales` is a branch at an instant, whose other figures are left out, or any iterable of scales. The result is the caller's own, to edit.
    """
    found = [scale for scale in (_items(scales)) if isinstance(scale, MarginalRateScale)]
    if combined is None:
        combined = EditableMarginalRateScale(found[0].name if found else "", (0,), (0,))
    for scale in found:
        combined.add_tax_scale(scale)
    return combined


def _items(scales: Any) -> Iterable[Any]:
    return (scales[item] if isinstance(item, str) else item for item in scales)
