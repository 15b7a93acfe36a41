"""The operators of the arrays that formulas see, each the ufunc of that name.

numpy's own mixin calls the ufunc, which finds the array and calls it back; here the array is asked at once, since a law is
mostly operators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Operators(NDArrayOperatorsMixin):
    """Operators that ask `applied`; those that write into the array, and rare ones, go numpy's way."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def applied(self, function: Any, values: Sequence[Any], record_anew: Callable[[], Any] | None = None) -> Any:
        """Return what a function row by row gives for these values."""
        raise NotImplementedError

    def __add__(self, other: Any) -> Any:
        return self.applied(np.add, (self, other))

    def __radd__(self, other: Any) -> Any:
        return self.applied(np.add, (other, self))

    def __sub__(self, other: Any) -> Any:
        return self.applied(np.subtract, (self, other))

    def __rsub__(self, other: Any) -> Any:
        return self.applied(np.subtract, (other, self))

    def __mul__(self, other: Any) -> Any:
        return self.applied(np.multiply, (self, other))

    def __rmul__(self, other: Any) -> Any:
        return self.applied(np.multiply, (other, self))

    def __truediv__(self, other: Any) -> Any:
        return self.applied(np.true_divide, (self, other))

    def __rtruediv__(self, other: Any) -> Any:
        return self.applied(np.true_divide, (other, self))

    def __lt__(self, other: Any) -> Any:
        return self.applied(np.less, (self, other))

    def __le__(self, other: Any) -> Any:
        return self.applied(np.less_equal, (self, other))

    def __gt__(self, other: Any) -> Any:
        return self.applied(np.greater, (self, other))

    def __ge__(self, other: Any) -> Any:
        return self.applied(np.greater_equal, (self, other))

    def __and__(self, other: Any) -> Any:
        return self.applied(np.bitwise_and, (self, other))

    def __rand__(self, other: Any) -> Any:
        return self.applied(np.bitwise_and, (other, self))

    def __or__(self, other: Any) -> Any:
        return self.applied(np.bitwise_or, (self, other))

    def __ror__(self, other: Any) -> Any:
        return self.applied(np.bitwise_or, (other, self))

    def __neg__(self) -> Any:
        return self.applied(np.negative, (self,))

    def __invert__(self) -> Any:
        return self.applied(np.invert, (self,))
