"""Shapley shares: of invented effects, whatever they are."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, strategies

from analysis.shapley import shapley


def game(values, resting_on=None):
    """Return a trial of an effect given for each set of parts, which rests on all parts unless it is told on which."""
    count = int(math.log2(len(values)))
    every = frozenset(range(count)) if resting_on is None else frozenset(resting_on)

    def trial(parts):
        return np.array([values[sum(1 << part for part in parts & every)]]), every

    return count, trial


effects = strategies.integers(0, 5).flatmap(lambda count: strategies.lists(strategies.integers(-1000, 1000).map(float), min_size=2**count, max_size=2**count))


def means_over_orders(values):
    """The definition itself."""
    count = int(math.log2(len(values)))
    shares = [0.0] * count
    orders = list(itertools.permutations(range(count)))
    for order in orders:
        there = 0
        for part in order:
            shares[part] += (values[there | 1 << part] - values[there]) / len(orders)
            there |= 1 << part
    return shares


@given(effects)
def test_shares_are_the_means_over_all_orders_and_add_up(values):
    found = shapley(*game(values))
    assert found.errors is None
    np.testing.assert_allclose(found.shares[:, 0], means_over_orders(values), atol=1e-9)
    assert found.shares[:, 0].sum() == pytest.approx(values[-1] - values[0], abs=1e-9)
    assert found.total[0] == values[-1] - values[0]
    assert found.trials <= len(values)


@given(effects, strategies.data())
def test_a_part_that_does_nothing_has_no_share_and_is_not_tried(values, data):
    count = int(math.log2(len(values))) + 1
    idle = data.draw(strategies.integers(0, count - 1))
    others = [part for part in range(count) if part != idle]

    def trial(parts):
        return np.array([values[sum(1 << place for place, part in enumerate(others) if part in parts)]]), frozenset(others)

    found = shapley(count, trial)
    assert found.shares[idle, 0] == 0
    assert found.trials <= len(values)
    np.testing.assert_array_equal(found.shares[others, 0], shapley(*game(values)).shares[:, 0])
    as_if_it_mattered = shapley(count, lambda parts: (trial(parts)[0], frozenset(range(count))))
    np.testing.assert_allclose(as_if_it_mattered.shares, found.shares, atol=1e-9)


@given(strategies.lists(strategies.floats(-1e6, 1e6), min_size=5, max_size=5))
def test_parts_that_do_the_same_get_the_same(by_number):
    found = shapley(4, lambda parts: (np.array([by_number[len(parts)]]), frozenset(range(4))))
    assert len({share for (share,) in found.shares.tolist()}) == 1


@given(effects, strategies.randoms())
def test_the_order_of_the_parts_changes_nothing(values, random):
    count, trial = game(values)
    order = list(range(count))
    random.shuffle(order)
    found = shapley(count, lambda parts: (trial(frozenset(order[part] for part in parts))[0], frozenset(range(count))))
    straight = shapley(count, trial)
    assert [found.shares[order.index(part), 0] for part in range(count)] == straight.shares[:, 0].tolist()


@given(effects)
def test_drawn_orders_add_up_too_and_say_their_error(values):
    count, trial = game(values)
    found = shapley(count, trial, most_exact=-1, orders=400)
    exact = shapley(count, trial)
    assert found.shares[:, 0].sum() == pytest.approx(found.total[0], abs=1e-6)
    assert found.orders == 400
    assert (np.abs(found.shares - exact.shares) <= 6 * found.errors + 1e-6).all()
    np.testing.assert_array_equal(found.shares, shapley(count, trial, most_exact=-1, orders=400).shares)


def test_a_part_that_comes_into_play_with_another_is_found():
    def trial(parts):
        if 0 in parts and 1 not in parts:  # only then the third is asked for
            return np.array([10.0 if 2 in parts else 4.0]), frozenset({0, 1, 2})
        return np.array([6.0 if {0, 1} <= parts else 0.0]), frozenset({0, 1})

    found = shapley(3, trial)
    assert found.matter == (0, 1, 2)
    assert found.shares.sum() == pytest.approx(6)
    values = [trial(frozenset(part for part in range(3) if number >> part & 1))[0][0] for number in range(8)]
    np.testing.assert_allclose(found.shares[:, 0], means_over_orders(values))
