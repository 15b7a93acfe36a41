"""Axes: a situation repeated with a value that varies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import SituationError
from engine.situation import read_situation, simulation_from
from fictional_country import country

LAW = country()
COUPLE = {
    "persons": {"ana": {"birth_date": {"ETERNITY": "1980-01-01"}, "salary": {"2020-01": 500}}, "bo": {"salary": {"2020": 1200}}},
    "households": {"h": {"adults": ["ana", "bo"]}},
    "tax_households": {"t": {"declarants": ["bo", "ana"]}},
}


def with_axes(*dimensions, **others):
    return {**COUPLE, **others, "axes": list(dimensions)}


def test_one_axis():
    axis = {"name": "salary", "min": 0, "max": 36000, "count": 4, "period": "2020", "index": 1}
    situation = read_situation(LAW, with_axes([axis]))
    simulation = simulation_from(LAW, situation)
    assert situation.cells == 4
    assert situation.ids["person"] == ("ana0", "bo1", "ana2", "bo3", "ana4", "bo5", "ana6", "bo7")
    assert situation.ids["household"] == ("h0", "h1", "h2", "h3")
    assert simulation.calculate_add("salary", "2020").tolist() == pytest.approx([500, 0, 500, 12000, 500, 24000, 500, 36000])
    assert simulation.calculate("household_income", "2020").tolist() == pytest.approx([500, 12500, 24500, 36500])
    assert simulation.calculate("is_declarant", "2020").all()


def test_parallel_axes_vary_together():
    axes = [
        {"name": "salary", "min": 0, "max": 100, "count": 3},
        {"name": "salary", "min": 300, "max": 100, "count": 3, "index": 1, "period": "2020-02"},
    ]
    simulation = simulation_from(LAW, with_axes(axes), "2020-02")
    assert simulation.calculate("salary", "2020-02").tolist() == [0, 300, 50, 200, 100, 100]


def test_perpendicular_axes_meet_in_every_pair_the_first_varies_fastest():
    document = with_axes(
        [{"name": "salary", "min": 0, "max": 20, "count": 3, "period": "2020-03"}, {"name": "salary", "min": 7, "max": 9, "count": 3, "period": "2020-04"}],
        [{"name": "rent", "min": 1, "max": 2, "count": 2, "period": "2020-03"}, {"name": "rent", "min": 5, "max": 4, "period": "2020-04"}],
    )
    situation = read_situation(LAW, document)
    simulation = simulation_from(LAW, situation)
    assert simulation.calculate("salary", "2020-03")[::2].tolist() == [0, 10, 20, 0, 10, 20]
    assert simulation.calculate("salary", "2020-04")[::2].tolist() == [7, 8, 9, 7, 8, 9]
    assert simulation.calculate("rent", "2020-03").tolist() == [1, 1, 1, 2, 2, 2]
    assert simulation.calculate("rent", "2020-04").tolist() == [5, 5, 5, 4, 4, 4]


def test_requested_values_are_found_in_every_cell():
    document = with_axes([{"name": "salary", "min": 0, "max": 20, "count": 3, "period": "2020-03"}])
    document["persons"] = {**COUPLE["persons"], "bo": {"income": {"2020": None}}}
    situation = read_situation(LAW, document)
    (requested,) = situation.requested
    assert situation.rows_in_cells(requested).tolist() == [1, 3, 5]


def test_axes_over_variables_only():
    document = {"salary": {"2020-01": [1, 2]}, "axes": [[{"name": "nets_owned", "min": 0, "max": 4, "count": 3, "period": "2020"}]]}
    situation = read_situation(LAW, document)
    assert simulation_from(LAW, situation).calculate("nets_owned", "2020").tolist() == [0, 0, 2, 0, 4, 0]


@pytest.mark.parametrize(
    "axes, expected",
    [
        ({}, [("axes", "list of lists", 400)]),
        ([{"name": "salary"}], [("axes", "list of lists", 400)]),
        ([[7]], [("axes/0/0", "expected an axis", 400), ("axes/0/0/count", "how many", 400)]),
        (
            [[{"name": "salry", "min": 0, "max": "a", "count": 2, "perriod": "2020"}]],
            [("axes/0/0/name", "Did you mean `salary`", 404), ("axes/0/0/max", "a number", 400), ("axes/0/0/perriod", "Did you mean `period`", 400)],
        ),
        ([[{"name": "salary", "min": 0, "max": 1, "count": 0, "period": "2020"}]], [("axes/0/0/count", "at least 1", 400)]),
        ([[{"name": "salary", "min": 0, "max": 1, "count": 10**9, "period": "2020"}]], [("axes", "at most 1,000,000 cells", 400)]),
        ([[{"name": "salary", "min": 0, "max": 1, "count": 2}]], [("axes/0/0/period", "no default period", 400)]),
        ([[{"name": "salary", "min": 0, "max": 1, "count": 2, "period": "20"}]], [("axes/0/0/period", "not a period", 400)]),
        ([[{"name": "salary", "min": 0, "max": 1, "count": 2, "period": "2020", "index": 2}]], [("axes/0/0/index", "from 0 to 1", 400)]),
        ([[{"name": "salary", "min": 0, "max": 1, "count": 2, "period": "2020", "index": -1}]], [("axes/0/0/index", "from 0", 400)]),
        ([[{"name": "nets_owned", "min": 0, "max": 1, "count": 3, "period": "2020"}]], [("axes/0/0", "whole number", 400)]),
        ([[{"name": "nickname", "min": 0, "max": 1, "count": 3, "period": "2020"}]], [("axes/0/0/name", "variable that is a number", 400)]),
        ([[{"name": "income", "min": 0, "max": 1, "count": 3, "period": "2020-01"}]], [("axes/0/0/period", "defined for a year", 400)]),
        (
            [[{"name": "salary", "min": 0, "max": 1, "count": 2, "period": "2020"}, {"name": "salary", "min": 0, "max": 1, "count": 3, "period": "2021"}]],
            [("axes/0", "one number of values", 400)],
        ),
    ],
)
def test_problems(axes, expected):
    with pytest.raises(SituationError) as raised:
        read_situation(LAW, {**COUPLE, "axes": axes})
    found = {problem.place: problem for problem in raised.value.problems}
    assert sorted(found) == sorted(place for place, _, _ in expected)
    for place, text, code in expected:
        assert text in found[place].message
        assert found[place].code == code


@settings(max_examples=20)
@given(st.integers(0, 50_000), st.integers(0, 50_000), st.integers(2, 6), st.integers(0, 1))
def test_a_cell_is_the_situation_with_that_value(low, high, count, index):
    axis = {"name": "salary", "min": low, "max": high, "count": count, "period": "2021", "index": index}
    varied = simulation_from(LAW, with_axes([axis])).calculate("disposable_income", "2021")
    name = list(COUPLE["persons"])[index]
    for value, result in zip(np.linspace(low, high, count), varied, strict=True):
        persons = {**COUPLE["persons"], name: {**COUPLE["persons"][name], "salary": {"2021": float(value)}}}
        alone = simulation_from(LAW, {**COUPLE, "persons": persons}).calculate("disposable_income", "2021")
        assert alone.tolist() == [result]
