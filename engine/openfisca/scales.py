"""Tax scales that packages build in their formulas: Barème's own, empty when they are made and changed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import ScaleError
from engine.parameters import (
    EditableLinearAverageRateScale,
    EditableMarginalAmountScale,
    EditableMarginalRateScale,
    EditableSingleAmountScale,
    TaxScale,
    combine_tax_scales,
)
from engine.parameters.amount_scales import AmountScale
from engine.parameters.rate_scales import RateScale

if TYPE_CHECKING:
    from engine.parameters.tax_scales import EditableScale

__all__ = [
    "AmountTaxScaleLike",
    "EmptyArgumentError",
    "LinearAverageRateTaxScale",
    "MarginalAmountTaxScale",
    "MarginalRateTaxScale",
    "RateTaxScaleLike",
    "SingleAmountTaxScale",
    "TaxScaleLike",
    "combine_tax_scales",
]

TaxScaleLike = TaxScale
RateTaxScaleLike = RateScale
AmountTaxScaleLike = AmountScale
EmptyArgumentError = ScaleError


class _OfScales(type):
    """Makes empty scales that can be changed, and knows the law's own as such scales too."""

    scale: type[EditableScale]

    def __call__(cls, name: str | None = None, option: str | None = None, unit: str | None = None) -> Any:
        """Return an empty scale."""
        return cls.scale(name or "Untitled TaxScale", (), (), option, unit)

    def __instancecheck__(cls, instance: object) -> bool:
        """Whether something is a scale of this kind, the law's own included."""
        return isinstance(instance, TaxScale) and instance.kind == cls.scale.kind


class MarginalRateTaxScale(metaclass=_OfScales):
    """Each bracket's rate on the part of the base within it."""

    scale = EditableMarginalRateScale


class LinearAverageRateTaxScale(metaclass=_OfScales):
    """An average rate, linear between thresholds."""

    scale = EditableLinearAverageRateScale


class SingleAmountTaxScale(metaclass=_OfScales):
    """The amount of the bracket."""

    scale = EditableSingleAmountScale


class MarginalAmountTaxScale(metaclass=_OfScales):
    """The amounts of all brackets passed."""

    scale = EditableMarginalAmountScale
