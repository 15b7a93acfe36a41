"""The bands of income and the curve through them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from population.france.bands import bands_2015, curve
from population.france.lines import aged_bands, band_lines, estimated_bands, population_by_age, read_lines


def test_every_third_band_is_held_out():
    assert np.flatnonzero(bands_2015().held_out).tolist() == list(range(2, 25, 3))


def test_what_is_held_out_does_not_enter_the_estimates():
    official = bands_2015()
    changed = bands_2015()
    place = int(np.flatnonzero(official.held_out)[2])
    other = int(np.flatnonzero(official.held_out)[3])
    # the total is known: what one band loses another, held out too, must get
    changed.foyers[[place, other]] += [-1000, 1000]
    changed.income[[place, other]] += [-3e8, 3e8]
    for name in ("foyers", "income", "wages", "pensions", "low", "high"):
        np.testing.assert_allclose(getattr(official.filled(), name), getattr(changed.filled(), name))


def test_estimates_keep_the_totals():
    official, filled = bands_2015(), bands_2015().filled()
    for name in ("foyers", "income", "wages", "pensions"):
        assert getattr(filled, name).sum() == pytest.approx(getattr(official, name).sum())


def test_ageing_reaches_its_totals_and_keeps_means_within_bounds():
    bands = aged_bands(read_lines())
    assert bands.foyers.sum() == pytest.approx(40_748_793)
    assert bands.income.sum() == pytest.approx(1228.6e9)
    mean = bands.income / bands.foyers
    assert (mean > bands.low).all()
    assert (mean < bands.high).all()
    np.testing.assert_array_equal(bands.low[1:], bands.high[:-1])


def test_the_curve_has_the_number_and_the_mean_of_each_band():
    bands = estimated_bands(read_lines())
    fitted = curve(bands)
    count = 400_000
    above = ((np.arange(count) + 0.5) / count) ** 4  # dense at the top
    weights = 4 * ((np.arange(count) + 0.5) / count) ** 3 / count * bands.foyers.sum()
    incomes = fitted.incomes(above)
    for low, high, foyers, income in zip(bands.low[:22], bands.high[:22], bands.foyers, bands.income, strict=False):
        rows = (incomes > low) & (incomes <= high)
        assert (weights * incomes)[rows].sum() == pytest.approx(income, rel=0.01)
        if low:
            assert weights[rows].sum() == pytest.approx(foyers, rel=0.01)


@given(st.lists(st.floats(1e-9, 1), min_size=2, max_size=20))
def test_who_is_richer_has_no_less(shares):
    above = np.sort(np.array(shares))
    assert (np.diff(curve(estimated_bands(read_lines())).incomes(above)) <= 0).all()


def test_lines_of_bands_say_their_use():
    lines = list(band_lines(aged_bands(read_lines())))
    assert [line.usage for line in lines[:6]] == ["cible", "cible", "cible", "cible", "controle", "controle"]


def test_ages_add_up_to_the_population():
    assert sum(ages.sum() for ages in population_by_age()) == pytest.approx(67_842_591)
