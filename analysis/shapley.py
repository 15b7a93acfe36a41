"""Shares of an effect that several parts make together: Shapley's, the mean of what each part adds over all orders of the parts.

A part whose effect depends on which others are there already gets the mean over the orders; shares add up to the whole effect, parts that
do the same get the same, a part that does nothing gets nothing. Up to some ten parts every set of parts is tried, and shares are exact;
above that, as many orders as a bound on the sets to be tried allows are drawn at random, each with its reverse, and the standard error is told.

A set of parts is not tried again where it differs from a known one only in parts that the result did not rest on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_EXACT: Final = 10
MOST_TRIALS: Final = 800
"""About so many sets of parts are tried where orders are drawn: an order of n parts tries n of them, fewer as sets come again."""
LEAST_ORDERS, MOST_ORDERS = 8, 64
SEED: Final = 20221122

Parts = frozenset[int]
Trial = tuple["Floats", Parts]
"""What a set of parts gives, and the parts that would change it: those on which the result rests, whether they are in the set or not."""


@dataclass(frozen=True)
class Shares:
    """Shares (parts, results) of the effects `total` (results). `errors` is None where they are exact; `orders` tells how many were drawn."""

    shares: Floats
    total: Floats
    errors: Floats | None
    matter: tuple[int, ...]
    trials: int
    orders: int = 0


@dataclass
class _Game:
    """What was tried, by the parts that mattered and which of them were there."""

    trial: Callable[[Parts], Trial]
    known: dict[Parts, dict[Parts, Floats]] = field(default_factory=dict)
    matter: set[int] = field(default_factory=set)
    trials: int = 0

    def __call__(self, parts: Parts) -> Floats:
        for resting_on, found in self.known.items():
            values = found.get(parts & resting_on)
            if values is not None:
                return values
        values, resting_on = self.trial(parts)
        self.trials += 1
        self.matter |= resting_on
        self.known.setdefault(resting_on, {})[parts & resting_on] = values
        return values


def shapley(
    count: int,
    trial: Callable[[Parts], Trial],
    *,
    most_exact: int = MOST_EXACT,
    orders: int | None = None,
    most_trials: int = MOST_TRIALS,
    seed: int = SEED,
) -> Shares:
    """Return the shares of `count` parts in what `trial` gives of all of them, less what it gives of none.

    `trial` is called with sets of parts, at most 2 ** most_exact times where no more than that many parts matter.
    Where more do, `orders` are drawn; without a number, 64, or as few as `most_trials` sets of parts allow.
    """
    game = _Game(trial)
    total = game(frozenset(range(count))) - game(frozenset())
    while True:
        matter = tuple(sorted(game.matter))
        drawn = 2 * math.ceil((orders or _orders(len(matter), most_trials)) / 2)
        found = _exact(game, matter, len(total)) if len(matter) <= most_exact else _drawn(game, matter, drawn, seed)
        if len(game.matter) == len(matter):  # no set of them brought a further one into play
            break
    shares = np.zeros((count, len(total)))
    errors = None if found[1] is None else np.zeros_like(shares)
    shares[list(matter)] = found[0]
    if errors is not None:
        errors[list(matter)] = found[1]
    return Shares(shares, total, errors, matter, game.trials, 0 if errors is None else drawn)


def _orders(parts: int, most_trials: int) -> int:
    """Return how many orders to draw."""
    return min(MOST_ORDERS, max(LEAST_ORDERS, most_trials // max(parts, 1)))


def _exact(game: _Game, matter: Sequence[int], results: int) -> tuple[Floats, None]:
    shares = np.zeros((len(matter), results))
    for place, part in enumerate(matter):
        others = [each for each in matter if each != part]
        added = [[game(frozenset((*some, part))) - game(frozenset(some)) for some in combinations(others, size)] for size in range(len(matter))]
        means = [_sum(each) / len(each) for each in added]
        shares[place] = _sum(means) / len(matter)
    return shares, None


def _sum(arrays: Sequence[Floats]) -> Floats:
    """Return a sum that does not depend on the order: parts that do the same get the same share to the last digit."""
    return np.array([math.fsum(column) for column in np.stack(arrays).T.tolist()])


def _drawn(game: _Game, matter: Sequence[int], orders: int, seed: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    pairs = []
    for _ in range(orders // 2):
        order = random.permutation(len(matter)).tolist()
        pairs.append((_added(game, matter, order) + _added(game, matter, order[::-1])) / 2)
    drawn = np.stack(pairs)
    spread = drawn.std(axis=0, ddof=1) / math.sqrt(len(pairs)) if len(pairs) > 1 else np.full(drawn.shape[1:], np.inf)
    return drawn.mean(axis=0), spread


def _added(game: _Game, matter: Sequence[int], order: Iterable[int]) -> Floats:
    """Return what each part adds, one after the other in an order."""
    there: Parts = frozenset()
    before = game(there)
    added = np.zeros((len(matter), len(before)))
    for place in order:
        there |= {matter[place]}
        after = game(there)
        added[place] = after - before
        before = after
    return added
