"""Scales of amounts: which sum goes with a base.

See tax_scales.py for what all scales have in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from engine.parameters.rate_scales import LinearAverageRateScale, MarginalRateScale
from engine.parameters.tax_scales import ZERO, EditableScale, Number, TaxScale, as_array


@dataclass(frozen=True, eq=False)
class AmountScale(TaxScale):
    """A scale whose brackets carry amounts."""

    value_name: ClassVar[str] = "amount"

    @property
    def amounts(self) -> tuple[Number, ...]:
        """The amount of each bracket, by ascending threshold."""
        return self.values


@dataclass(frozen=True, eq=False)
class SingleAmountScale(AmountScale):
    """The amount of the bracket that the base lies in."""

    kind: ClassVar[str] = "single_amount"

    def calc(self, base: Any, *, right: bool = False) -> Any:
        """Return the amount of the last threshold that the base reaches (`right`: exceeds); 0 below the first."""
        base = as_array(base)
        result: Any = ZERO
        for threshold, amount in self._figures:
            result = np.where(base > threshold if right else base >= threshold, amount, result)
        return result if self._figures else np.zeros_like(base, dtype=np.float64)

    def copy(self) -> EditableSingleAmountScale:
        """Return a copy that can be edited in place."""
        return EditableSingleAmountScale(self.name, self.thresholds, self.values, self.option, self.unit)


@dataclass(frozen=True, eq=False)
class MarginalAmountScale(AmountScale):
    """The amounts of all thresholds that the base exceeds, added up."""

    kind: ClassVar[str] = "marginal_amount"

    def calc(self, base: Any) -> Any:
        """Return the sum of the amounts of the thresholds that the base exceeds."""
        base, total = as_array(base), None
        for threshold, amount in self._figures:
            due = np.where(base > threshold, amount, ZERO)
            total = due if total is None else total + due
        return np.zeros_like(base, dtype=np.float64) if total is None else total

    def copy(self) -> EditableMarginalAmountScale:
        """Return a copy that can be edited in place."""
        return EditableMarginalAmountScale(self.name, self.thresholds, self.values, self.option, self.unit)


class EditableSingleAmountScale(EditableScale, SingleAmountScale):
    """A single amount scale that changes in place."""


class EditableMarginalAmountScale(EditableScale, MarginalAmountScale):
    """A marginal amount scale that changes in place."""


SCALES: dict[str, type[TaxScale]] = {scale.kind: scale for scale in (MarginalRateScale, LinearAverageRateScale, SingleAmountScale, MarginalAmountScale)}
"""The kinds of scale by the name that a file gives them in `metadata.type`."""
