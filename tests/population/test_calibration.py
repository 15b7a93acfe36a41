"""Calibration: its laws, an outside package as oracle, and errors that name what cannot be reached."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from engine.errors import DataError
from population.calibration import calibrate

METHODS = [("raking", None), ("logit", (0.3, 3.5)), ("linear", None), ("linear", (0.3, 3.5))]


def problem(seed, rows=200, columns=5):
    """Return margins, weights and targets that weights between 0.6 and 1.8 times the old ones reach."""
    rng = np.random.default_rng(seed)
    margins = np.column_stack([np.ones(rows), rng.random((rows, columns - 1)) * (rng.random((rows, columns - 1)) < 0.6)])
    weights = rng.uniform(1, 20, rows)
    return margins, weights, margins.T @ (weights * rng.uniform(0.6, 1.8, rows))


@given(seed=st.integers(0, 2**32 - 1), method=st.sampled_from(METHODS))
@settings(max_examples=40, deadline=None)
def test_targets_are_met_within_the_bounds(seed, method):
    name, bounds = method
    margins, weights, targets = problem(seed)
    found = calibrate(margins, weights, targets, method=name, bounds=bounds)
    np.testing.assert_allclose(margins.T @ found.weights, targets, rtol=1e-7)
    np.testing.assert_allclose(found.weights, weights * found.ratios)
    low, high = bounds or (-np.inf if name == "linear" else 0, np.inf)
    assert (found.ratios >= low).all()
    assert (found.ratios <= high).all()


@given(seed=st.integers(0, 2**32 - 1), method=st.sampled_from(METHODS))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_and_of_targets_changes_nothing(seed, method):
    name, bounds = method
    margins, weights, targets = problem(seed)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(len(weights)), rng.permutation(len(targets))
    one = calibrate(margins, weights, targets, method=name, bounds=bounds)
    other = calibrate(sparse.csr_array(margins[rows][:, columns]), weights[rows], targets[columns], method=name, bounds=bounds)
    np.testing.assert_allclose(other.weights, one.weights[rows], rtol=1e-6)


@pytest.mark.parametrize("method, bounds", METHODS)
def test_weights_that_meet_their_targets_are_left_alone(method, bounds):
    margins, weights, _ = problem(3)
    found = calibrate(margins, weights, margins.T @ weights, method=method, bounds=bounds)
    np.testing.assert_allclose(found.weights, weights)
    assert found.iterations == 0


def samplics():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package says that it has a successor
        from samplics.weighting import SampleWeight
    return SampleWeight()


def test_raking_agrees_with_an_outside_package():
    rng = np.random.default_rng(0)
    weights, first, second = rng.uniform(1, 5, 300), rng.integers(0, 3, 300), rng.integers(0, 2, 300)
    margins = np.column_stack([*(first == one for one in range(3)), *(second == one for one in range(2))]).astype(float)
    targets = margins.T @ (weights * rng.uniform(0.8, 1.4, 300))
    targets[3:] *= targets[:3].sum() / targets[3:].sum()
    control = {"first": {one: targets[one] for one in range(3)}, "second": {one: targets[3 + one] for one in range(2)}}
    expected = samplics().rake(samp_weight=weights, margins={"first": first, "second": second}, control=control, tol=1e-10, max_iter=1000)
    np.testing.assert_allclose(calibrate(margins, weights, targets, method="raking").weights, expected, rtol=1e-8)


def test_the_linear_method_agrees_with_an_outside_package():
    rng = np.random.default_rng(1)
    weights = rng.uniform(1, 5, 300)
    margins = np.column_stack([np.ones(300), rng.gamma(2, 1, 300), rng.random(300)])
    targets = margins.T @ weights * [1.1, 1.2, 1.05]
    control = dict(zip("abc", targets, strict=True))
    expected = samplics().calibrate(samp_weight=weights, aux_vars=margins, control=control)
    np.testing.assert_allclose(calibrate(margins, weights, targets, method="linear").weights, expected, rtol=1e-8)


def test_the_logit_is_nearer_to_raking_the_wider_its_bounds():
    margins, weights, targets = problem(5)
    raked = calibrate(margins, weights, targets, method="raking").weights
    distances = [np.abs(calibrate(margins, weights, targets, bounds=bounds).weights - raked).max() for bounds in ((0.3, 3.0), (0.01, 100.0), (1e-6, 1e6))]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 1e-3 * weights.max()


def test_a_target_out_of_reach_is_named():
    margins, weights, targets = problem(6)
    targets[2] *= 10
    with pytest.raises(DataError, match=r"No weights within the bounds reach these targets: wages: target .*, reachable .* to"):
        calibrate(margins, weights, targets, bounds=(0.5, 2), names=["all", "men", "wages", "rents", "age"])


def test_targets_that_contradict_each_other_are_named():
    margins, weights, targets = problem(7)
    twice = np.column_stack([margins, margins[:, 1]])
    with pytest.raises(DataError, match=r"cannot be reached together within the bounds \(0.5, 2\).*men"):
        calibrate(twice, weights, np.append(targets, targets[1] * 1.1), bounds=(0.5, 2), names=["all", "men", "wages", "rents", "age", "men again"])


def test_slack_settles_between_targets_that_contradict_each_other():
    margins, weights, targets = problem(7)
    twice, both = np.column_stack([margins, margins[:, 1]]), np.append(targets, targets[1] * 1.02)
    slack = np.array([0, 0.01, 0, 0, 0, 0.01])
    found = calibrate(twice, weights, both, bounds=(0.2, 4), slack=slack)
    assert targets[1] < margins[:, 1] @ found.weights < targets[1] * 1.02
    np.testing.assert_allclose(found.errors[[0, 2, 3, 4]], 0, atol=1e-7)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"method": "logi"}, "There is no calibration method `logi`"),
        ({"bounds": None}, "The method logit needs bounds"),
        ({"bounds": (1.2, 2)}, r"The bounds \(1.2, 2\) do not fit"),
        ({"method": "raking"}, "Raking has no bounds"),
        ({"names": ["one"]}, "expected as many weights"),
    ],
)
def test_questions_that_make_no_sense_are_refused(change, message):
    margins, weights, targets = problem(8)
    with pytest.raises(DataError, match=message):
        calibrate(margins, weights, targets, **{"bounds": (0.5, 2), **change})


def test_weights_are_positive():
    margins, weights, targets = problem(9)
    weights[4] = 0
    with pytest.raises(DataError, match="Weights are positive"):
        calibrate(margins, weights, targets, bounds=(0.5, 2))
