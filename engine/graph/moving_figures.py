"""Figures of the law that move: numbers that know how they depend on figures, and become leaves of the graph where they meet an array.

A law whose figures are such numbers is traced as any other. Sums, products and quotients of figures that a formula works out by itself
carry their derivatives along; comparisons go by the value, as a formula's way does. Where a formula makes of a figure what has no
derivative (a row count, a position, an array of its own), the figure is told to a watcher: its slope is not known.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.graph.nodes import Leaf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.graph.nodes import Graph, Node

Figure = tuple[str, str]
"""A figure of the law: its full name, and the date since which the value holds."""
Partials = tuple[tuple[Figure, float], ...]
Watch = "Callable[[Iterable[Figure]], None]"


@dataclass(frozen=True)
class FigureLeaf(Leaf):
    """A figure as a leaf of the graph: the same value for every row, and how it moves with each figure that it rests on."""

    partials: Partials
    value: float

    def __str__(self) -> str:
        """Show the value and the figures."""
        return f"{self.value}<{', '.join(name for (name, _), _ in self.partials)}>"


class MovingFigure:
    """A number made of figures of the law, with its derivatives (`partials`); `watch` is told figures that are lost on the way."""

    __slots__ = ("partials", "plain", "watch")

    def __init__(self, plain: float, partials: Partials, watch: Callable[[Iterable[Figure]], None]) -> None:
        self.plain = plain
        self.partials = partials
        self.watch = watch

    def node(self, graph: Graph, entity: str | None) -> Node:
        """Return the leaf for the rows of an entity; without one, there is no row to move, and the figure is lost."""
        if entity is None:
            return graph.constant(self._lost())
        return graph.leaf(FigureLeaf(self.partials, float(self.plain)), np.dtype(np.float64), entity, bounded=abs(self.plain) < math.inf)

    def _lost(self) -> float:
        self.watch(figure for figure, _ in self.partials)
        return self.plain

    def _of(self, plain: float, *parts: tuple[Any, float]) -> MovingFigure:
        """Return a number made of others, each with the derivative by it."""
        found: dict[Figure, float] = {}
        for part, slope in parts:
            for figure, partial in part.partials if isinstance(part, MovingFigure) else ():
                found[figure] = found.get(figure, 0.0) + slope * partial
        return MovingFigure(plain, tuple(sorted(found.items())), self.watch)

    # Arithmetic

    def __add__(self, other: Any) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self._of(self.plain + value, (self, 1.0), (other, 1.0))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self._of(self.plain - value, (self, 1.0), (other, -1.0))

    def __rsub__(self, other: Any) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self._of(value - self.plain, (self, -1.0), (other, 1.0))

    def __mul__(self, other: Any) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self._of(self.plain * value, (self, float(value)), (other, float(self.plain)))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        value = _plain(other)
        if value is None:
            return NotImplemented
        quotient = self.plain / value
        return self._of(quotient, (self, 1.0 / value), (other, -quotient / value))

    def __rtruediv__(self, other: Any) -> Any:
        value = _plain(other)
        if value is None:
            return NotImplemented
        quotient = value / self.plain
        return self._of(quotient, (other, 1.0 / self.plain), (self, -quotient / self.plain))

    def __pow__(self, other: Any) -> Any:
        if not isinstance(other, int | float):
            return NotImplemented
        return self._of(self.plain**other, (self, float(other * self.plain ** (other - 1)) if other else 0.0))

    def __neg__(self) -> MovingFigure:
        return self._of(-self.plain, (self, -1.0))

    def __pos__(self) -> MovingFigure:
        return self

    def __abs__(self) -> MovingFigure:
        return -self if self.plain < 0 else self

    # Roundings of a figure are passed unchanged

    def __round__(self, decimals: int | None = None) -> MovingFigure:
        return self._of(round(self.plain, decimals), (self, 1.0))

    def __floor__(self) -> MovingFigure:
        return self._of(math.floor(self.plain), (self, 1.0))

    def __ceil__(self) -> MovingFigure:
        return self._of(math.ceil(self.plain), (self, 1.0))

    def __trunc__(self) -> MovingFigure:
        return self._of(math.trunc(self.plain), (self, 1.0))

    # Comparisons: a formula's way goes by the value

    def __eq__(self, other: object) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self.plain == value

    def __ne__(self, other: object) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self.plain != value

    def __lt__(self, other: Any) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self.plain < value

    def __le__(self, other: Any) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self.plain <= value

    def __gt__(self, other: Any) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self.plain > value

    def __ge__(self, other: Any) -> Any:
        value = _plain(other)
        return NotImplemented if value is None else self.plain >= value

    def __hash__(self) -> int:
        return hash(self.plain)

    def __bool__(self) -> bool:
        return bool(self.plain)

    # What has no derivative

    def __float__(self) -> float:
        return float(self._lost())

    def __int__(self) -> int:
        return int(self._lost())

    def __index__(self) -> int:
        return operator.index(int(self._lost()))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:  # noqa: FBT001 - numpy's protocol
        del copy
        return np.asarray(self._lost(), dtype=dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        """Do among numbers what Python does; leave symbols to the symbols; on real arrays the figure is lost."""
        others = [each for each in inputs if not isinstance(each, MovingFigure)]
        if any(hasattr(each, "session") for each in others):
            return NotImplemented
        known = _AMONG_NUMBERS.get(ufunc)
        if known is not None and method == "__call__" and not keywords and all(_plain(each) is not None for each in inputs):
            return known(*(each if isinstance(each, MovingFigure) else _plain(each) for each in inputs))
        plain = [each._lost() if isinstance(each, MovingFigure) else each for each in inputs]  # noqa: SLF001 - the same class
        return getattr(ufunc, method)(*plain, **keywords)

    # Whole numbers' own operations: the figure is lost, the value goes on

    def __floordiv__(self, other: Any) -> Any:
        return self._lost() // _plainly(other)

    def __rfloordiv__(self, other: Any) -> Any:
        return other // self._lost()

    def __mod__(self, other: Any) -> Any:
        return self._lost() % _plainly(other)

    def __rmod__(self, other: Any) -> Any:
        return other % self._lost()

    def __rpow__(self, other: Any) -> Any:
        return other ** self._lost()

    def __lshift__(self, other: Any) -> Any:
        return operator.lshift(self._lost(), _plainly(other))

    def __rlshift__(self, other: Any) -> Any:
        return operator.lshift(other, self._lost())

    def __rshift__(self, other: Any) -> Any:
        return operator.rshift(self._lost(), _plainly(other))

    def __rrshift__(self, other: Any) -> Any:
        return operator.rshift(other, self._lost())

    def __repr__(self) -> str:
        return repr(self.plain)

    __str__ = __repr__

    def __format__(self, how: str) -> str:
        return format(self.plain, how)


_AMONG_NUMBERS: Final[dict[np.ufunc, Callable[..., Any]]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.true_divide: operator.truediv,
    np.negative: operator.neg,
    np.positive: operator.pos,
    np.absolute: abs,
    np.minimum: min,
    np.maximum: max,
    np.fmin: min,
    np.fmax: max,
    np.floor: math.floor,
    np.ceil: math.ceil,
    np.trunc: math.trunc,
    np.rint: round,
    np.less: operator.lt,
    np.less_equal: operator.le,
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
    np.equal: operator.eq,
    np.not_equal: operator.ne,
}


def _plainly(value: Any) -> Any:
    return value._lost() if isinstance(value, MovingFigure) else value  # noqa: SLF001 - the same module


def _plain(value: Any) -> Any:
    """Return the value of a number, None for what is none."""
    if isinstance(value, MovingFigure):
        return value.plain
    if isinstance(value, np.bool_ | np.integer | np.floating) or (isinstance(value, np.ndarray) and not value.ndim):
        return value.item()  # numpy's own numbers would ask the figure again
    return value if isinstance(value, bool | int | float) else None
