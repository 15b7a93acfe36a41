"""The year of who works: months that fit the yearly wage, months of benefits after them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from population.france.working_year import LEAST_FULL_TIME, MONTHS, SHORTEST, by_month, working_years

AMOUNTS = st.lists(st.tuples(st.floats(0, 200_000), st.one_of(st.just(0.0), st.floats(1, 60_000))), min_size=1, max_size=30)


@given(AMOUNTS, st.integers(0, 2**32))
def test_months_of_work_and_of_benefits_make_at_most_a_year(amounts, seed):
    wages, unemployment = (np.array(column) for column in zip(*amounts, strict=True))
    year = working_years(wages, unemployment, np.random.default_rng(seed))
    assert (year.worked + year.paid <= MONTHS).all()
    assert ((year.worked > 0) == (wages > 0)).all()
    assert ((year.paid > 0) == (unemployment > 0)).all()
    assert ((year.part >= SHORTEST) & (year.part <= 1)).all()
    both = [year.works_in(month) & year.is_paid_in(month) for month in range(MONTHS)]
    assert not np.any(both)
    np.testing.assert_array_equal(np.sum([year.works_in(month) for month in range(MONTHS)], axis=0), year.worked)
    np.testing.assert_array_equal(np.sum([year.is_paid_in(month) for month in range(MONTHS)], axis=0), year.paid)


def test_small_wages_are_short_jobs_and_high_ones_last_all_year():
    count = 4_000
    random = np.random.default_rng(1)
    low = working_years(np.full(count, 6_000.0), np.zeros(count), random)
    high = working_years(np.full(count, 60_000.0), np.zeros(count), random)
    assert 0.5 < (low.worked < MONTHS).mean() < 0.8
    assert (low.part[low.worked < MONTHS] == 1).all()
    assert (high.worked == MONTHS).mean() > 0.95
    # nobody works full-time all year round below the minimum wage
    assert ((low.worked < MONTHS) | (low.part < 1)).all()
    assert low.worked[low.part == 1].max() <= np.ceil(6_000 / LEAST_FULL_TIME) + 1


def test_a_yearly_amount_is_shared_among_the_months_where_it_is_paid():
    months = [np.array([month < 3, month == 11]) for month in range(MONTHS)]
    columns = by_month("salaire_brut", np.array([3_000.0, 500.0]), months)
    assert next(iter(columns)) == "salaire_brut@2022-01"
    np.testing.assert_array_equal(columns["salaire_brut@2022-02"], [1_000, 0])
    np.testing.assert_array_equal(columns["salaire_brut@2022-12"], [0, 500])
