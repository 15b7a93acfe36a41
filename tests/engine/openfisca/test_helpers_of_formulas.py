"""The small functions for formulas, and the checks of results."""

import datetime

import numpy as np
import pytest

from engine.openfisca import formulas


def test_apply_thresholds():
    assert formulas.apply_thresholds(np.array([4, 5, 6]), [5], [10]).tolist() == [10, 10, 0]
    assert formulas.apply_thresholds(np.array([4, 5, 6, 8]), [5, 7], [10, 15, 20]).tolist() == [10, 10, 15, 20]
    with pytest.raises(ValueError, match="choices"):
        formulas.apply_thresholds(np.array([4]), [5], [1, 2, 3])


def test_switch_and_concat():
    assert formulas.switch(np.array([1, 1, 2, 3]), {1: 80, 2: 90}).tolist() == [80, 80, 90, 0]
    assert formulas.concat(["this", "that"], np.array([1, 2])).tolist() == ["this1", "that2"]


def test_rates():
    assert formulas.average_rate(np.array([40.0, 50.0]), np.array([50.0, 100.0])).tolist() == pytest.approx([0.2, 0.5])
    assert formulas.marginal_rate(np.array([40.0, 50.0]), np.array([50.0, 100.0])).tolist() == pytest.approx([0.8])
    assert np.isnan(formulas.average_rate(np.array([50.0]), np.array([100.0]), trim=[0.6, 1])).all()


@pytest.mark.parametrize(
    "value,target,options",
    [
        (np.array([1.0]), 1, {}),
        (np.array([1.5]), 1, {"absolute_error_margin": 0.5}),
        (np.array([105.0]), 100, {"relative_error_margin": 0.05}),
        (np.array(["a"], dtype=object), "a", {}),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), datetime.date(2020, 1, 1), {}),
        (np.array([7.0]), "2+5", {}),
    ],
)
def test_assert_near(value, target, options):
    formulas.assert_near(value, target, **options)


def test_assert_near_refuses():
    with pytest.raises(AssertionError, match="differs"):
        formulas.assert_near(np.array([1.5]), 1)
    with pytest.raises(AssertionError):
        formulas.assert_near(np.array(["a"], dtype=object), "b")
