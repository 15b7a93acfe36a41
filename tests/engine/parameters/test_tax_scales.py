"""Scales: what an amount gives, against a sum written row by row in plain Python, and on symbols."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.mixins import NDArrayOperatorsMixin

from engine.errors import ScaleError
from engine.parameters import (
    SCALES,
    EditableMarginalRateScale,
    LinearAverageRateScale,
    MarginalAmountScale,
    MarginalRateScale,
    SingleAmountScale,
    combine_tax_scales,
    parameters_from_data,
)


class Symbol(NDArrayOperatorsMixin):
    """An array that is not there yet: it takes elementwise operations only, and does them when it is given values."""

    def __init__(self, evaluate):
        self.evaluate = evaluate

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        assert method == "__call__"
        assert not keywords
        return Symbol(lambda given: ufunc(*(_real(each, given) for each in inputs)))

    def __array_function__(self, function, types, args, keywords):
        assert function in (np.where, np.round, np.zeros_like)
        return Symbol(lambda given: function(*(_real(each, given) for each in args), **keywords))

    def __bool__(self):
        raise AssertionError("a symbol has no truth value")

    __array__ = __iter__ = __len__ = None


def _real(value, given):
    return value.evaluate(given) if isinstance(value, Symbol) else value


INPUT = Symbol(lambda given: given)

thresholds = st.lists(st.integers(0, 1000), min_size=1, max_size=5, unique=True).map(sorted)
rates = st.integers(0, 90).map(lambda percent: percent / 100)
bases = st.lists(st.one_of(st.integers(-50, 1500), st.floats(-50, 1500)), min_size=1, max_size=20).map(np.array)


@st.composite
def scales(draw, kind=MarginalRateScale, values=rates):
    limits = draw(thresholds)
    return kind("s", tuple(limits), tuple(draw(st.lists(values, min_size=len(limits), max_size=len(limits)))))


def naive_marginal(scale, base, factor=1.0):
    total = 0.0
    limits = [threshold * factor for threshold in scale.thresholds]
    for low, high, rate in zip(limits, [*limits[1:], math.inf], scale.rates, strict=True):
        total += rate * max(min(base, high) - low, 0.0)
    return total


@given(scales(), bases)
def test_marginal_rates_apply_to_the_part_of_the_base_in_each_bracket(scale, base):
    assert scale.calc(base).tolist() == [naive_marginal(scale, float(each)) for each in base]


@given(scales(), bases, st.floats(0, 4))
def test_thresholds_can_be_multiplied_for_all_or_row_by_row(scale, base, factor):
    expected = [naive_marginal(scale, float(each), factor) for each in base]
    assert scale.calc(base, factor=factor).tolist() == expected
    assert scale.calc(base, factor=np.full(len(base), factor)).tolist() == expected


@given(scales(), bases)
def test_more_base_never_gives_less_tax(scale, base):
    ordered = np.sort(base)
    assert (np.diff(scale.calc(ordered)) >= -1e-9).all()


every_scale = st.sampled_from(list(SCALES.values())).flatmap(scales)


@given(every_scale, bases, bases)
def test_what_a_row_gets_does_not_depend_on_the_others(scale, first, second):
    together = scale.calc(np.concatenate([first, second]))
    assert together.tobytes() == np.concatenate([scale.calc(first), scale.calc(second)]).tobytes()
    assert together.dtype == np.float64


@given(every_scale, bases)
def test_a_symbol_gives_what_its_values_give(scale, base):
    assert scale.calc(INPUT).evaluate(base).tobytes() == scale.calc(base).tobytes()


@given(scales(), bases, st.integers(0, 2))
def test_all_that_marginal_scales_answer_works_on_symbols(scale, base, decimals):
    factor = np.linspace(0.5, 2, len(base))
    for ask in (
        lambda x: scale.calc(x, factor=factor),
        lambda x: scale.calc(np.ones(len(base)) * 700, factor=x),
        lambda x: scale.calc(x, round_base_decimals=decimals),
        lambda x: scale.marginal_rates(x, factor=factor),
        lambda x: scale.marginal_rates(x, round_base_decimals=decimals),
        scale.bracket_indices,
        scale.rate_from_tax_base,
        scale.threshold_from_tax_base,
    ):
        assert _real(ask(INPUT), base).tolist() == ask(base).tolist()


@given(scales(), st.lists(st.floats(0, 2000), min_size=1, max_size=10).map(np.array))
def test_the_inverse_finds_the_base_from_what_is_left(scale, base):
    np.testing.assert_allclose(scale.inverse().calc(base - scale.calc(base)), base, rtol=1e-9, atol=1e-9)


@given(scales())
def test_average_rates_agree_at_the_thresholds_and_lead_back(scale):
    average = scale.to_average()
    limits = np.array(scale.thresholds, dtype=float)
    np.testing.assert_allclose(average.calc(limits), scale.calc(limits), rtol=1e-9, atol=1e-9)
    base = np.linspace(0, 2000, 57)
    np.testing.assert_allclose(average.to_marginal().calc(base), scale.calc(base), rtol=1e-9, atol=1e-7)


@given(st.lists(scales(), min_size=1, max_size=4), bases)
def test_combined_scales_give_what_each_gives_added_up(several, base):
    combined = combine_tax_scales(several)
    np.testing.assert_allclose(combined.calc(base), sum(scale.calc(base) for scale in several), rtol=1e-9, atol=1e-9)
    assert all(scale == copy.copy(scale) for scale in several)


@given(scales(SingleAmountScale), bases)
def test_single_amounts(scale, base):
    for right in (False, True):
        expected = []
        for each in base:
            reached = [amount for threshold, amount in scale.brackets if (threshold < each if right else threshold <= each)]
            expected.append(reached[-1] if reached else 0)
        assert scale.calc(base, right=right).tolist() == expected


@given(scales(MarginalAmountScale), bases)
def test_marginal_amounts(scale, base):
    expected = [sum(amount for threshold, amount in scale.brackets if threshold < each) for each in base]
    np.testing.assert_allclose(scale.calc(base), expected)


@given(scales(LinearAverageRateScale), bases)
def test_average_rates_are_linear_between_thresholds_and_hold_beyond(scale, base):
    expected = [each * np.interp(each, scale.thresholds, scale.rates) if each >= scale.thresholds[0] else 0.0 for each in base.astype(float)]
    np.testing.assert_allclose(scale.calc(base), expected, rtol=1e-9, atol=1e-9)


INCOME_TAX = MarginalRateScale("bareme", (0, 100, 1000), (0, 0.1, 0.3))


def test_figures_worked_out_by_hand():
    base = np.array([-5, 0, 50, 100, 100.5, 1000, 5000])
    assert INCOME_TAX.calc(base).tolist() == [0, 0, 0, 0, pytest.approx(0.05), 90, 1290]
    assert INCOME_TAX.calc(base, factor=2).tolist() == [0, 0, 0, 0, 0, 80, 1080]
    assert INCOME_TAX.calc(np.array([1000.4, 5000.6]), round_base_decimals=0).tolist() == [90, 1290]
    assert INCOME_TAX.calc([104.0, 106.0], round_base_decimals=0).tolist() == [0, 1]
    assert INCOME_TAX.calc(5000.0) == 1290
    assert INCOME_TAX.calc(np.array([5000], dtype=np.int32)).dtype == np.float64
    assert INCOME_TAX.calc(np.array([5000], dtype=np.float32)).dtype == np.float64


def test_a_base_at_a_threshold_lies_in_the_bracket_below():
    base = np.array([-5, 0, 50, 100, 100.5, 1000, 1000.5])
    assert INCOME_TAX.bracket_indices(base).tolist() == [-1, 0, 0, 0, 1, 1, 2]
    assert INCOME_TAX.bracket_indices(base, round_decimals=0).tolist() == [-1, 0, 0, 1, 1, 2, 2]
    assert INCOME_TAX.bracket_indices(base, factor=0.5).tolist() == [-1, 0, 0, 1, 1, 2, 2]
    assert INCOME_TAX.marginal_rates(base).tolist() == [0, 0, 0, 0, 0.1, 0.1, 0.3]
    assert INCOME_TAX.marginal_rates(base, factor=np.float32(1)).tolist() == [0, 0, 0, 0, 0.1, 0.1, 0.3]
    assert INCOME_TAX.threshold_from_tax_base(base).tolist() == [0, 0, 0, 0, 100, 100, 1000]
    assert INCOME_TAX.rate_from_bracket_indice([0, 2, -1]).tolist() == [0, 0.3, 0]


def test_other_scales_of_an_income_tax():
    assert INCOME_TAX.inverse().brackets == ((0.0, 1.0), (100.0, 1 / 0.9), (910.0, 1 / 0.7))
    assert INCOME_TAX.to_average().brackets == ((0, 0), (100, 0.0), (1000, 0.09), (math.inf, 0.3))
    assert INCOME_TAX.scale_tax_scales(2).thresholds == (0, 200, 2000)
    assert INCOME_TAX.multiply_rates(2).rates == (0, 0.2, 0.6)
    assert INCOME_TAX.multiply_thresholds(1.2345, decimals=1, new_name="x").thresholds == (0, 123.4, 1234.5)
    assert INCOME_TAX.with_rate_between(0.5, 50, 80).brackets == ((0, 0), (50, 0.5), (80, 0), (100, 0.1), (1000, 0.3))
    assert INCOME_TAX.plus(MarginalRateScale("o", (50,), (0.05,))).brackets == ((0, 0), (50, 0.05), (100, 0.1 + 0.05), (1000, 0.3 + 0.05))
    assert INCOME_TAX.to_dict() == {"0": 0, "100": 0.1, "1000": 0.3}
    assert MarginalRateScale("", (100,), (0.1,)).inverse().brackets == ((0.0, 1.0), (100.0, 1 / 0.9))


def test_a_scale_that_nobody_can_invert_says_why():
    with pytest.raises(ScaleError, match="a rate of 1 or more"):
        MarginalRateScale("s", (0,), (1,)).inverse()
    with pytest.raises(ScaleError, match="begins at -5"):
        MarginalRateScale("s", (-5,), (0.1,)).to_average()


def test_a_scale_without_brackets_gives_0_and_has_no_bracket_to_tell():
    for kind in SCALES.values():
        empty = kind("s")
        assert empty
        assert len(empty) == 0
        assert empty.calc(np.array([5, 6])).tobytes() == np.zeros(2).tobytes()
        assert empty.copy().calc(np.array([5.0])).tolist() == [0]
    with pytest.raises(ScaleError, match="has no brackets at that date"):
        MarginalRateScale("s").bracket_indices([1.0])
    assert combine_tax_scales([]).brackets == ((0, 0),)
    assert LinearAverageRateScale("s").to_marginal().brackets == ()


def test_brackets_in_any_order_are_put_in_order_and_those_at_one_threshold_are_added():
    assert MarginalRateScale.of_brackets("s", [(100, 0.25), (0, 0.5), (100, 0.25)]).brackets == ((0, 0.5), (100, 0.5))
    for bad in ((None, 1), (0, "x"), (0, math.nan), (True, 1)):
        with pytest.raises(ScaleError, match="expected two numbers"):
            MarginalRateScale.of_brackets("s", [bad])


def test_a_threshold_at_infinity_is_never_reached():
    scale = MarginalRateScale("s", (0, 10, math.inf), (0.1, 0.2, 0.9))
    assert scale.calc(np.array([20.0]), factor=0).tolist() == [4]
    assert LinearAverageRateScale("s", (0, math.inf), (0.1, 0.9)).calc(np.array([20.0])).tolist() == [2]


def test_a_figure_of_the_law_does_not_change_in_place_but_its_copy_does():
    with pytest.raises(ScaleError, match=r"change a `copy\(\)`"):
        INCOME_TAX.multiply_rates(2, inplace=True)
    edited = INCOME_TAX.copy()
    assert isinstance(edited, EditableMarginalRateScale)
    assert edited == INCOME_TAX
    edited.add_bracket(2000, 0.5)
    edited.combine_bracket(0.1, 50, 80)
    edited.combine_bracket(0.2, 500, False)
    edited.add_tax_scale(MarginalRateScale("", (0,), (0.01,)))
    assert edited.multiply_thresholds(2) is edited
    assert edited.multiply_rates(10, inplace=False) is not edited
    assert edited.multiply_rates(100) is edited
    assert [(threshold, round(rate)) for threshold, rate in edited.brackets] == [(0, 1), (100, 11), (160, 1), (200, 11), (1000, 31), (2000, 51), (4000, 71)]
    assert edited.calc(np.array([100.0])).tolist() == [pytest.approx(100)]
    edited.add_bracket(0, 1)
    assert edited.calc(np.array([100.0])).tolist() == [pytest.approx(200)]
    with pytest.raises(TypeError):
        hash(edited)
    assert INCOME_TAX.brackets == ((0, 0), (100, 0.1), (1000, 0.3))
    for kind in SCALES.values():
        other = kind("s").copy()
        other.add_bracket(1, 2)
        assert other.brackets == ((1, 2),)


def test_scales_are_equal_by_their_kind_and_brackets():
    assert MarginalRateScale("other", (0, 100.0, 1000), (0.0, 0.1, 0.3)) == INCOME_TAX
    assert hash(MarginalRateScale("other", (0, 100.0, 1000), (0.0, 0.1, 0.3))) == hash(INCOME_TAX)
    assert LinearAverageRateScale("", (0,), (1,)) != MarginalRateScale("", (0,), (1,))
    assert INCOME_TAX != "x"
    INCOME_TAX.calc(1.0)
    assert pickle.loads(pickle.dumps(INCOME_TAX)) == INCOME_TAX  # noqa: S301 - our own bytes


def test_the_scales_of_a_branch_are_combined_and_its_other_figures_left_out():
    law = parameters_from_data(
        {
            "a": {"brackets": [{"threshold": {"2000-01-01": 0}, "rate": {"2000-01-01": 0.1}}, {"threshold": {"2000-01-01": 10}, "rate": {"2000-01-01": 0.2}}]},
            "b": {"brackets": [{"threshold": {"2000-01-01": 5}, "rate": {"2000-01-01": 0.1, "2001-01-01": None}}]},
            "k": {"values": {"2000-01-01": 5}},
            "s": {"metadata": {"type": "single_amount"}, "brackets": [{"threshold": {"2000-01-01": 5}, "amount": {"2000-01-01": 0.1}}]},
        }
    )
    assert combine_tax_scales(law.at("2000-06-01")).brackets == ((0, 0.1), (5, 0.2), (10, 0.2 + 0.1))
    assert combine_tax_scales(law.at("2001-06-01")).brackets == ((0, 0.1), (10, 0.2))
    assert combine_tax_scales(law.at("1990-06-01")).brackets == ((0, 0),)
    combined = INCOME_TAX.copy()
    assert combine_tax_scales(law.at("2001-06-01"), combined) is combined
    assert combined.thresholds == (0, 10, 100, 1000)
