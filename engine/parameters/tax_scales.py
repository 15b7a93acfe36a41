"""Scales of the law at an instant: what an amount gives when it runs through their brackets.

A scale is a value: thresholds, ascending, and a rate or an amount for each bracket. Every calculation is made of numpy's elementwise
functions over the few brackets, in one fixed order, in float64: it runs on arrays and on symbols alike, and what a row gets does not depend
on the other rows. `copy()` gives a scale that can be edited in place, for formulas that build their own.

    TaxScale
    ├── RateScale
    │   ├── MarginalRateScale       each bracket's rate on the part of the base that lies in the bracket
    │   └── LinearAverageRateScale  an average rate, linear between the thresholds, on the whole base
    └── AmountScale
        ├── SingleAmountScale       the amount of the bracket that the base lies in
        └── MarginalAmountScale     the amounts of all thresholds that the base exceeds, added up
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from engine.errors import ScaleError
from engine.parameters.dated_values import Values

if TYPE_CHECKING:
    from collections.abc import Iterable

Number = float | int
ZERO = np.float64(0)
EPSILON = np.finfo(np.float64).eps


def as_array(base: Any) -> Any:
    """Return numbers and lists as arrays; arrays and symbols as they are."""
    return base if hasattr(base, "__array_ufunc__") else np.asarray(base, dtype=np.float64)


def times(threshold: np.float64, factor: Any) -> Any:
    """Return a threshold, multiplied; without an operation where the factor is the number 1."""
    return threshold if isinstance(factor, int | float) and factor == 1 else threshold * as_array(factor)


def _is_number(value: Any) -> bool:
    """Whether a value is a number, or a figure that moves (`engine/graph/moving_figures.py`)."""
    if hasattr(value, "partials"):
        return True
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool) and bool(value == value)  # noqa: PLR0124 - NaN


def _strong(value: Any) -> Any:
    """Return a number in float64; a figure that moves as it is."""
    return value if hasattr(value, "partials") else np.float64(value)


@dataclass(frozen=True, eq=False)
class TaxScale:
    """Brackets: each begins at a threshold and carries one value, a rate or an amount. Equal to a scale of its kind with the same brackets."""

    name: str = ""
    thresholds: tuple[Number, ...] = Values()
    values: tuple[Number, ...] = Values()
    option: str | None = None
    unit: str | None = None

    kind: ClassVar[str]
    value_name: ClassVar[str]

    @classmethod
    def of_brackets(cls, name: str, brackets: Iterable[tuple[Any, Any]], *, option: str | None = None, unit: str | None = None) -> Self:
        """Return the scale of pairs (threshold, value) in any order; values at one same threshold are added up.

        Raises ScaleError where a threshold or a value is not a number.
        """
        found: dict[Number, Number] = {}
        for threshold, value in brackets:
            for number in (threshold, value):
                if not _is_number(number):
                    raise ScaleError(f"Scale `{name}` has a bracket {threshold!r}: {value!r}: expected two numbers.")
            found[threshold] = found[threshold] + value if threshold in found else value
        ordered = sorted(found)
        return cls(name, Values(ordered), Values(found[threshold] for threshold in ordered), option, unit)

    @property
    def brackets(self) -> tuple[tuple[Number, Number], ...]:
        """The pairs of threshold and rate or amount, by ascending threshold."""
        return tuple(zip(self.thresholds, self.values, strict=True))

    @cached_property
    def _figures(self) -> list[tuple[np.float64, np.float64]]:
        """The brackets that a finite base can reach, in float64."""
        return [(_strong(threshold), _strong(value)) for threshold, value in self.brackets if threshold != math.inf]

    def __eq__(self, other: object) -> bool:
        """Tell whether the other is a scale of the same kind with the same brackets, whatever its name."""
        return self.brackets == other.brackets if isinstance(other, TaxScale) and other.kind == self.kind else NotImplemented

    def __hash__(self) -> int:
        """Hash by kind and brackets."""
        return hash((self.kind, self.brackets))

    def __len__(self) -> int:
        """Return the number of brackets."""
        return len(self.thresholds)

    def __bool__(self) -> bool:
        """Hold always: a scale without brackets is a scale."""
        return True

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is worked out again."""
        return {key: value for key, value in self.__dict__.items() if key != "_figures"}

    def to_dict(self) -> dict[str, Number]:
        """Return the rates or amounts by threshold, the threshold as text."""
        return {str(threshold): value for threshold, value in self.brackets}

    def with_bracket(self, threshold: Number, value: Number) -> Self:
        """Return the scale with one more bracket; at a threshold that it has already, the values are added up."""
        return self._of([*self.brackets, (threshold, value)])

    def _of(self, brackets: Iterable[tuple[Any, Any]], name: str | None = None) -> Self:
        return type(self).of_brackets(self.name if name is None else name, brackets, option=self.option, unit=self.unit)

    def _changed(self, scale: Self, inplace: bool) -> Self:  # noqa: FBT001 - private
        """Return what a method that may work in place returns."""
        if inplace:
            raise ScaleError(f"Scale `{self.name}` is a figure of the law and cannot be changed in place: change a `copy()`, or use what the method returns.")
        return scale

    def multiply_thresholds(self, factor: Number, decimals: int | None = None, *, inplace: bool = False, new_name: str | None = None) -> Self:
        """Return the scale with its thresholds multiplied, and rounded to `decimals` where given."""
        thresholds = [threshold * factor for threshold in self.thresholds]
        if decimals is not None:
            thresholds = [float(np.round(threshold, decimals)) for threshold in thresholds]
        return self._changed(self._of(zip(thresholds, self.values, strict=True), new_name), inplace)


class EditableScale(TaxScale):
    """A scale that changes in place: what `copy()` gives to formulas that build their own. Never a figure of the law, so never hashed."""

    __hash__ = None  # type: ignore[assignment]

    def _become(self, scale: TaxScale) -> None:
        self.__dict__.pop("_figures", None)
        self.__dict__.update(thresholds=scale.thresholds, values=scale.values, name=scale.name)

    def _changed(self, scale: Self, inplace: bool) -> Self:  # noqa: FBT001 - private
        if not inplace:
            return scale
        self._become(scale)
        return self

    def add_bracket(self, threshold: Number, value: Number) -> None:
        """Add a bracket; at a threshold that the scale has already, the values are added up."""
        self._become(self.with_bracket(threshold, value))

    def multiply_thresholds(self, factor: Number, decimals: int | None = None, *, inplace: bool = True, new_name: str | None = None) -> Self:
        """Multiply the thresholds, and round them to `decimals` where given; not `inplace`: return another scale."""
        return super().multiply_thresholds(factor, decimals, inplace=inplace, new_name=new_name)
