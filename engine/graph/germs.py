"""Germs: what a value is just beside a point, on one side of it: a limit, and the rate at which it leaves that limit.

An input moves away from its value, and every node that rests on it moves along: its value at a distance u is `limit + rate × u`, as
u goes to zero from above. Where two values that are compared have one limit, their rates tell which is larger beside the point: so
that a threshold is seen from both sides, and a jump there is the difference of two limits. Movement to the left is movement to the
right along the opposite direction: the rules here know one side only.

Limits are found to first order: two values that touch at a point, with the same limit and rate, are taken as equal beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from engine.graph.operations import select, where

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Array = Any

TIE: Final = 8 * np.finfo(np.float64).eps
"""Two moving values that differ by less, relatively, stand at one point: twelve twelfths of an amount miss it by rounding only."""


class Germ(NamedTuple):
    """A value beside a point: its limit there, and its rate; no rate (None) for what does not move."""

    limit: Any
    rate: Any = None


def rates(germs: Sequence[Germ]) -> list[Any]:
    """Return the rates, zero for what does not move."""
    return [0.0 if germ.rate is None else germ.rate for germ in germs]


def limits(germs: Sequence[Germ]) -> list[Any]:
    """Return the limits."""
    return [germ.limit for germ in germs]


def are_near(left: Array, right: Array) -> Array:
    """Whether two values are one point, but for what numbers of 64 bits miss."""
    apart = np.abs(np.subtract(left, right, dtype=np.float64))
    return (apart <= TIE * np.maximum(np.abs(left), np.abs(right))) & np.isfinite(apart)


def _times(factor: Array, rate: Array) -> Array:
    """Return a product in which a factor of zero is zero, even where the rate is infinite or no number."""
    product = np.multiply(factor, rate)
    return product if np.isfinite(product).all() else np.where(np.equal(factor, 0), 0.0, product)


# Sums and products


def _add(germs: Sequence[Germ]) -> Germ:
    left, right = germs
    if left.rate is None or right.rate is None:
        return Germ(np.add(left.limit, right.limit), right.rate if left.rate is None else left.rate)
    return Germ(np.add(left.limit, right.limit), np.add(left.rate, right.rate))


def _subtract(germs: Sequence[Germ]) -> Germ:
    left, right = rates(germs)
    return Germ(np.subtract(*limits(germs)), np.subtract(left, right))


def _multiply(germs: Sequence[Germ]) -> Germ:
    left, right = germs
    parts = [_times(other.limit, this.rate) for this, other in ((left, right), (right, left)) if this.rate is not None]
    return Germ(np.multiply(left.limit, right.limit), parts[0] if len(parts) == 1 else np.add(*parts))


def _divide(germs: Sequence[Germ]) -> Germ:
    above, below = germs
    quotient = np.true_divide(above.limit, below.limit)
    rate_above, rate_below = rates(germs)
    if below.rate is None:
        return Germ(quotient, np.true_divide(rate_above, below.limit))
    rate = np.true_divide(np.subtract(rate_above, _times(quotient, rate_below)), below.limit)
    leaves_zero = np.equal(below.limit, 0) & np.not_equal(rate_below, 0)
    if leaves_zero.any():  # 0/0 is the quotient of the rates, and anything else is infinite
        both = leaves_zero & np.equal(above.limit, 0)
        endless = np.sign(above.limit) * np.sign(rate_below) * np.inf
        quotient = np.where(both, np.true_divide(rate_above, rate_below), np.where(leaves_zero, endless, quotient))
        rate = np.where(leaves_zero, 0.0, rate)
    return Germ(quotient, rate)


def _quotient(germs: Sequence[Germ]) -> Germ:
    """Return a quotient before it is cut to a whole number."""
    return _divide(germs) if any(germ.rate is not None for germ in germs) else Germ(np.true_divide(*limits(germs)))


def _linear(function: Any) -> Callable[[Sequence[Germ]], Germ]:
    return lambda germs: Germ(function(germs[0].limit), function(germs[0].rate))


# Choices: at a tie the rates decide


def _extreme(function: Any, first: Any) -> Callable[[Sequence[Germ]], Germ]:
    def rule(germs: Sequence[Germ]) -> Germ:
        (left, right), (rate_left, rate_right) = limits(germs), rates(germs)
        chosen = np.where(are_near(left, right), first(rate_left, rate_right), first(left, right))
        return Germ(function(left, right), np.where(chosen, rate_left, rate_right))

    return rule


def _absolute(germs: Sequence[Germ]) -> Germ:
    limit, rate = germs[0]
    return Germ(np.abs(limit), np.where(np.equal(limit, 0), np.abs(rate), np.sign(limit) * rate))


def _sign(germs: Sequence[Germ]) -> Germ:
    limit, rate = germs[0]
    return Germ(np.where(np.equal(limit, 0), np.sign(rate), np.sign(limit)))


def _where(germs: Sequence[Germ]) -> Germ:
    condition, chosen, other = limits(germs)
    if germs[1].rate is None and germs[2].rate is None:
        return Germ(where(condition, chosen, other))
    return Germ(where(condition, chosen, other), np.where(condition, *rates(germs)[1:]))


def _select(germs: Sequence[Germ]) -> Germ:
    count = len(germs) // 2
    values = limits(germs)
    rows = max((np.size(value) for value in values), default=1)
    full = [np.broadcast_to(value, (rows,)) for value in values]
    limit = select(*full)
    if all(germ.rate is None for germ in germs[count:]):
        return Germ(limit)
    moving = [np.broadcast_to(np.asarray(rate, dtype=np.float64), (rows,)) for rate in rates(germs[count:])]
    return Germ(limit, select(*full[:count], *moving))


def asked(function: Any, germs: Sequence[Germ]) -> Germ:
    """Return what a comparison, or an operation on truths, gives beside the point."""
    if function in TRUTHS:
        return Germ(function(*(truth(germ).limit for germ in germs)))
    (left, right), (rate_left, rate_right) = limits(germs), rates(germs)
    here = function(left, right)
    if germs[0].rate is None and germs[1].rate is None:
        return Germ(here)
    ties = are_near(left, right) & np.not_equal(rate_left, rate_right)
    return Germ(np.where(ties, function(rate_left, rate_right), here) if np.any(ties) else here)


def truth(germ: Germ) -> Germ:
    """Return whether a value is not zero beside the point."""
    here = np.asarray(germ.limit).astype(bool) if not isinstance(germ.limit, bool) else germ.limit
    return Germ(here if germ.rate is None else np.logical_or(here, np.not_equal(germ.rate, 0)))


# Curves


def _by_slope(function: Any, slope: Callable[[Array, Array], Array]) -> Callable[[Sequence[Germ]], Germ]:
    """Return the rule of a smooth function; `slope` is given the argument and the function's value."""

    def rule(germs: Sequence[Germ]) -> Germ:
        limit, rate = germs[0]
        value = function(limit)
        return Germ(value, _times(rate, slope(limit, value)))

    return rule


def _power(germs: Sequence[Germ]) -> Germ:
    (base, exponent), value = limits(germs), np.power(*limits(germs))
    rate: Any = 0.0
    if germs[0].rate is not None:
        rate = _times(germs[0].rate, np.multiply(exponent, np.power(np.asarray(base, dtype=np.float64), np.subtract(exponent, 1.0))))
        rate = np.where(np.equal(exponent, 0), 0.0, rate)
    if germs[1].rate is not None:
        rate = rate + _times(germs[1].rate, value * np.log(base))
    return Germ(value, rate)


def _remainder(germs: Sequence[Germ]) -> Germ:
    (value, by), (rate, rate_by) = limits(germs), rates(germs)
    rest, leaving = np.remainder(value, by), np.subtract(rate, _times(np.floor_divide(value, by), rate_by))
    turns = np.equal(rest, 0) & (np.sign(leaving) * np.sign(by) < 0)
    return Germ(np.where(turns, np.add(rest, by), rest), leaving)


RULES: Final[dict[Any, Callable[[Sequence[Germ]], Germ]]] = {
    np.add: _add,
    np.subtract: _subtract,
    np.multiply: _multiply,
    np.true_divide: _divide,
    np.negative: _linear(np.negative),
    np.positive: _linear(np.positive),
    np.minimum: _extreme(np.minimum, np.less),
    np.maximum: _extreme(np.maximum, np.greater),
    np.fmin: _extreme(np.fmin, np.less),
    np.fmax: _extreme(np.fmax, np.greater),
    np.absolute: _absolute,
    np.fabs: _absolute,
    np.sign: _sign,
    np.remainder: _remainder,
    np.power: _power,
    np.float_power: _power,
    np.square: _by_slope(np.square, lambda x, _: 2.0 * x),
    np.sqrt: _by_slope(np.sqrt, lambda _, value: np.true_divide(0.5, value)),
    np.exp: _by_slope(np.exp, lambda _, value: value),
    np.expm1: _by_slope(np.expm1, lambda x, _: np.exp(x)),
    np.log: _by_slope(np.log, lambda x, _: np.true_divide(1.0, x)),
    np.log1p: _by_slope(np.log1p, lambda x, _: np.true_divide(1.0, np.add(1.0, x))),
    np.log2: _by_slope(np.log2, lambda x, _: np.true_divide(1.0, x) / np.log(2.0)),
    np.log10: _by_slope(np.log10, lambda x, _: np.true_divide(1.0, x) / np.log(10.0)),
}
CHOICES: Final[dict[Any, Callable[[Sequence[Germ]], Germ]]] = {where: _where, select: _select}
COMPARES: Final = frozenset({np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal})
TRUTHS: Final = frozenset({np.logical_and, np.logical_or, np.logical_not, np.logical_xor})


# Roundings: what they are beside the point, and what they would be if they did nothing


def _down(limit: Array, rate: Array) -> Array:
    return np.floor(limit) - (np.equal(np.floor(limit), limit) & np.less(rate, 0))


def _up(limit: Array, rate: Array) -> Array:
    return np.ceil(limit) + (np.equal(np.ceil(limit), limit) & np.greater(rate, 0))


def _to_zero(limit: Array, rate: Array) -> Array:
    return np.where(np.greater(limit, 0), _down(limit, rate), np.where(np.less(limit, 0), _up(limit, rate), 0.0))


def _nearest(limit: Array, rate: Array, decimals: int = 0) -> Array:
    scale = 10.0**decimals
    scaled = np.multiply(limit, scale)
    at_half = np.equal(scaled - np.floor(scaled), 0.5) & np.not_equal(rate, 0)
    return np.where(at_half, (np.floor(scaled) + np.greater(rate, 0)) / scale, np.round(limit, decimals))


_ROUNDED: Final[dict[Any, Callable[..., Array]]] = {
    np.floor: _down,
    np.ceil: _up,
    np.trunc: _to_zero,
    np.rint: _nearest,
    np.round: _nearest,
}
ROUNDINGS: Final = frozenset({*_ROUNDED, np.floor_divide})


def rounded(function: Any, germs: Sequence[Germ], **keywords: Any) -> Germ:
    """Return a rounded value beside the point: a step does not move."""
    if function is np.floor_divide:
        quotient = _divide(germs)
        return Germ(_down(quotient.limit, quotient.rate))
    limit, rate = germs[0]
    return Germ(_ROUNDED[function](limit, rate, **keywords))


def unrounded(function: Any, germs: Sequence[Germ]) -> Germ:
    """Return the value as it would be if the rounding did nothing."""
    return _quotient(germs) if function is np.floor_divide else germs[0]


def cast_to_whole(germ: Germ, dtype: Any) -> Germ:
    """Return a moving number cut to a whole number."""
    return Germ(_to_zero(germ.limit, germ.rate).astype(dtype))
