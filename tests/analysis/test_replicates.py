"""Bootstrap replicates, weighted statistics and inequality: against formulas and slow, plain computations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects import GAINING, LOSING, UNCHANGED, deciles, effects
from analysis.inequality import INDICATORS, indicators
from analysis.replicates import Replicates, estimate

HOUSEHOLDS = st.lists(st.tuples(st.sampled_from([-900.0, -20.0, -0.4, 0.0, 0.3, 5.0, 250.0]), st.integers(1, 9), st.integers(-1, 2)), min_size=1, max_size=60)


def arrays(rows):
    change, weights, groups = (np.array(column) for column in zip(*rows, strict=True))
    return change.astype(float), weights.astype(float), groups.astype(np.int64)


def plain_median(values, weights):
    order = np.argsort(values, kind="stable")
    return values[order][np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)]


@settings(max_examples=60, deadline=None)
@given(HOUSEHOLDS)
def test_effects_by_group_are_those_of_a_plain_computation(rows):
    change, weights, groups = arrays(rows)
    found = effects(Replicates.of(weights, count=3), change, groups, 3)
    for group in range(3):
        for sense, chosen in ((GAINING, change >= 0.5), (LOSING, change <= -0.5), (UNCHANGED, np.abs(change) < 0.5)):
            cell = (groups == group) & chosen
            assert found.observations[group, sense] == cell.sum()
            assert found.households[0, group, sense] == pytest.approx(weights[cell].sum())
            assert found.change[0, group, sense] == pytest.approx((weights * change)[cell].sum())
            assert found.absolute[group, sense] == pytest.approx(np.abs(weights * change)[cell].sum())
            if cell.any() and sense != UNCHANGED:
                assert found.median[0, group, sense] == plain_median(change[cell], weights[cell])


@settings(max_examples=60, deadline=None)
@given(HOUSEHOLDS)
def test_groups_add_up_to_all_in_each_replicate(rows):
    change, weights, groups = arrays(rows)
    replicates = Replicates.of(weights, count=5)
    inside = np.where(groups < 0, 2, groups)
    by_group = effects(replicates, change, inside, 3)
    together = effects(replicates, change, np.zeros_like(groups), 1)
    np.testing.assert_allclose(by_group.change.sum(1), together.change[:, 0], atol=1e-9)
    np.testing.assert_allclose(by_group.households.sum(1), together.households[:, 0], atol=1e-9)


def test_the_order_of_rows_changes_nothing():
    random = np.random.default_rng(4)
    change, weights = random.choice([-5.0, 0.0, 9.0], 200), random.uniform(1, 3, 200)
    ids = np.array([f"m{row}" for row in range(200)], dtype=object)
    order = random.permutation(200)
    groups = np.arange(200) % 3
    one = effects(Replicates.of(weights, count=10, ids=ids), change, groups, 3)
    other = effects(Replicates.of(weights[order], count=10, ids=ids[order]), change[order], groups[order], 3)
    np.testing.assert_allclose(one.change, other.change)
    np.testing.assert_array_equal(one.median, other.median)


def test_the_error_of_a_total_is_that_of_theory():
    random = np.random.default_rng(5)
    weights, amounts = np.full(2000, 10.0), random.lognormal(3, 1, 2000)
    replicates = Replicates.of(weights, count=800)
    total, error = estimate(replicates.totals(amounts[:, None]))
    assert total[0] == pytest.approx(10 * amounts.sum())
    assert error[0] == pytest.approx(10 * np.sqrt(2000) * amounts.std(), rel=0.08)  # of a mean times a known number of households


def test_replicates_keep_the_total_of_weights_and_follow_the_seed():
    weights = np.random.default_rng(1).uniform(1, 3, 500)
    one, same, other = (Replicates.of(weights, count=4, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_allclose(one.totals(np.ones((500, 1)))[:, 0], weights.sum())
    np.testing.assert_array_equal(one.draws, same.draws)
    assert (one.draws != other.draws).any()
    assert one.draws[1:].mean() == pytest.approx(1, abs=0.1)


def test_deciles_hold_equal_values_together_and_tenths_of_weight():
    values = np.repeat(np.arange(100.0), 3)
    found = deciles(values, np.ones(300))
    assert np.bincount(found).tolist() == [30] * 10
    assert (found.reshape(100, 3) == found.reshape(100, 3)[:, :1]).all()
    order = np.random.default_rng(2).permutation(300)
    np.testing.assert_array_equal(deciles(values[order], np.ones(300)), found[order])
    assert deciles(np.zeros(7), np.ones(7)).tolist() == [5] * 7


def test_inequality_against_pairs():
    values, persons = np.array([0.0, 10.0, 20.0, 20.0, 50.0]), np.array([1.0, 2.0, 1.0, 3.0, 1.0])
    found = dict(zip(INDICATORS, indicators(Replicates.of(np.ones(5), count=0), values, persons)[0], strict=True))
    each = np.repeat(values, persons.astype(int))
    assert found["gini"] == pytest.approx(np.abs(each[:, None] - each).mean() / 2 / each.mean())
    assert found["taux_pauvrete"] == pytest.approx((each < 0.6 * 20).mean())
    assert found["niveau_de_vie_moyen"] == pytest.approx(each.mean())
    assert found["niveau_de_vie_median"] == 20
    assert found["s80_s20"] == pytest.approx((50 + 20 * 0.6) / (10 * 0.6))


def test_equal_incomes_have_no_inequality():
    found = indicators(Replicates.of(np.ones(6), count=2), np.full(6, 7.0), np.ones(6))
    np.testing.assert_allclose(found[:, 0], 0, atol=1e-12)
    np.testing.assert_allclose(found[:, 2], 1)
