"""A figure's values by date: reading, updating, and where they come from."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ParameterError, PeriodError
from engine.parameters import Parameter, parameters_from_data
from engine.parameters.dates import LAST_DAY, date_text, day_after, is_date
from engine.periods import instant, period

FIRST = datetime.date(2015, 1, 1)
DAYS = 40

days = st.integers(0, DAYS - 1)
values = st.one_of(st.none(), st.integers(-3, 3))
updates = st.lists(st.tuples(days, st.one_of(st.none(), days), values), max_size=8)


def date(day):
    return (FIRST + datetime.timedelta(days=day)).isoformat()


@given(st.dictionaries(days, values, max_size=5), updates)
def test_after_any_updates_each_day_has_the_value_of_the_last_update_over_it(dated, made):
    parameter = parameters_from_data({"values": {date(day): value for day, value in dated.items()}}, "a.b")
    naive = []
    for day in range(DAYS):
        started = [start for start in sorted(dated) if start <= day]
        naive.append(dated[started[-1]] if started else None)
    for start, length, value in made:
        stop = None if length is None else min(start + length, DAYS - 1)
        before = parameter
        parameter = parameter.updated(start=date(start), stop=None if stop is None else date(stop), value=value)
        assert before is not parameter
        naive[start : DAYS if stop is None else stop + 1] = [value] * ((DAYS if stop is None else stop + 1) - start)
    assert [parameter.at(date(day)) for day in range(DAYS)] == naive
    assert list(parameter.starts) == sorted(set(parameter.starts))


def test_a_value_is_read_at_an_instant_a_period_a_date_or_a_text():
    parameter = Parameter("a", starts=("2015-01-01", "2016-01-01"), values=(1, 2))
    assert [parameter.at(moment) for moment in (instant("2015-12-31"), period("2015"), datetime.date(2015, 6, 1), "2015-06-01", 2015)] == [1] * 5
    assert parameter.at("2014-12-31") is None
    assert parameter.at("2016") == 2


def test_eternity_is_no_date_to_read_figures_at():
    with pytest.raises(PeriodError, match="Figures of the law are dated"):
        Parameter("a", starts=("2015-01-01",), values=(1,)).at("eternity")


def test_dates_are_days_of_the_calendar():
    assert is_date("2016-02-29")
    assert not any(is_date(text) for text in ("2015-02-29", "2015-2-01", "2015", "2015-01-01-01", "٢٠١٥-01-01", ""))
    assert date_text(period("2016-03")) == "2016-03-01"
    assert day_after("2016-02-28") == "2016-02-29"
    assert day_after(LAST_DAY) is None


def test_an_update_until_the_last_day_of_the_calendar_holds_for_ever():
    parameter = Parameter("a", starts=("2015-01-01",), values=(1,)).updated(start="2016-01-01", stop=LAST_DAY, value=2)
    assert (parameter.starts, parameter.values) == (("2015-01-01", "2016-01-01"), (1, 2))


def test_an_update_over_a_period_covers_its_first_and_last_day():
    parameter = Parameter("a", starts=("2015-01-01",), values=(1,)).updated(period=period("2016-02"), value=(1, 2))
    assert [parameter.at(day) for day in ("2016-01-31", "2016-02-01", "2016-02-29", "2016-03-01")] == [1, (1, 2), (1, 2), 1]


@pytest.mark.parametrize(
    "how, told",
    [
        ({}, "without a start or a period"),
        ({"start": "2015-01-01", "period": period("2015")}, "not both"),
        ({"start": "2015-01-02", "stop": "2015-01-01"}, "which is before"),
        ({"start": "2015-01-01", "value": {"x": 1}}, "expected a number, a truth value, a text, a list of them, or None"),
        ({"start": "2015-01-01", "value": float("nan")}, "not a number"),
    ],
)
def test_an_update_that_makes_no_sense_is_refused(how, told):
    with pytest.raises(ParameterError, match=told):
        Parameter("a.b").updated(**{"value": 1, **how})


def test_numpy_numbers_become_plain_ones():
    parameter = Parameter("a").updated(start="2015-01-01", value=np.int64(3))
    assert type(parameter.at("2015-01-01")) is int


def test_each_value_knows_its_law_and_unit():
    data = {
        "unit": "currency",
        "reference": "CGI",
        "values": {"2015-01-01": 1, "2016-01-01": {"value": 2, "metadata": {"reference": "LF 2016", "note": "x"}}, "2017-01-01": {"value": None, "unit": "/1"}},
    }
    parameter = parameters_from_data(data, "a")
    assert [(each.value, each.reference, each.unit) for each in parameter.dated_values] == [
        (1, "CGI", "currency"),
        (2, "LF 2016", "currency"),
        (None, "CGI", "/1"),
    ]
    assert parameter.dated_value_at("2016-06-01").metadata == {"reference": "LF 2016", "note": "x"}
    assert parameter.dated_value_at("2014-06-01") is None
    assert parameter.dated_value_at("2017-06-01") is None


def test_a_reference_given_by_date_is_that_of_the_value_in_force():
    data = {"metadata": {"reference": {"2015-01-01": "A", "2017-01-01": "B"}}, "values": {"2014-01-01": 0, "2015-01-01": 1, "2016-01-01": 2, "2017-01-01": 3}}
    assert [each.reference for each in parameters_from_data(data, "a").dated_values] == [None, "A", "A", "B"]


def test_the_law_of_a_value_goes_with_it_when_it_comes_back_after_an_update():
    data = {"values": {"2015-01-01": {"value": 1, "reference": "LF 2015"}, "2018-01-01": {"value": 9, "reference": "LF 2018"}}}
    parameter = parameters_from_data(data, "a").updated(start="2016-01-01", stop="2016-12-31", value=5, reference="Réforme")
    assert [(each.start, each.value, each.reference) for each in parameter.dated_values] == [
        ("2015-01-01", 1, "LF 2015"),
        ("2016-01-01", 5, "Réforme"),
        ("2017-01-01", 1, "LF 2015"),
        ("2018-01-01", 9, "LF 2018"),
    ]
