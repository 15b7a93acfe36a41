"""Reforms as data: values by path and date, whole items, and everything that is wrong at once."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ParameterFileError
from engine.parameters import parameters_from_data, read_yaml, updated_from_data
from engine.periods import instant

DATA = {
    "a": {"b": {"values": {"2015-01-01": 1, "2019-01-01": 2}}, "c": {"values": {"2015-01-01": 3}}},
    "bareme": {"brackets": [{"threshold": {"2015-01-01": 0}, "rate": {"2015-01-01": 0.1}}, {"threshold": {"2015-01-01": 10}, "rate": {"2015-01-01": 0.2}}]},
    "t": {"table": {"2015-01-01": {"01": 1}}},
}


@pytest.fixture(name="tree")
def _tree():
    return parameters_from_data(DATA)


def test_a_value_holds_from_its_date_on_or_until_it_stops(tree):
    reform = updated_from_data(tree, {"a.b": {"2017-01-01": 5, "2016-01-01": 4}, "a.c": {"2016-01-01": {"value": 9, "stop": "2016-12-31", "reference": "PLF"}}})
    assert [reform.child("a.b").at(year) for year in (2015, 2016, 2017, 2020)] == [1, 4, 5, 5]
    assert [reform.child("a.c").at(year) for year in (2015, 2016, 2017)] == [3, 9, 3]
    assert reform.child("a.c").dated_value_at(2016).reference == "PLF"
    assert reform.child("bareme") is tree.child("bareme")
    assert tree.child("a.b").at(2016) == 1


def test_dates_may_be_instants_and_values_lists_or_nothing(tree):
    reform = updated_from_data(tree, {"a.b": {instant("2016-01-01"): None, datetime.date(2017, 1, 1): [1, 2]}, "a.c": {"2016-01-01": {"value": None}}})
    assert [reform.child("a.b").at(year) for year in (2015, 2016, 2017)] == [1, None, (1, 2)]
    assert reform.child("a.c").at(2016) is None


def test_brackets_and_codes_are_reached_by_path(tree):
    reform = updated_from_data(tree, {"bareme.brackets[1].rate": {"2016-01-01": 0.5}, "t.01": {"2016-01-01": 7}})
    assert reform.at(2016).bareme.brackets == ((0, 0.1), (10, 0.5))
    assert reform.at(2016).t["01"] == 7


def test_changes_may_be_nested_and_a_bracket_added(tree):
    reform = updated_from_data(
        tree,
        {
            "a": {"b": {"2016-01-01": 5}},
            "bareme": {"[0]": {"rate": {"2016-01-01": 0.3}}, "brackets[2]": {"threshold": {"2016-01-01": 50}, "rate": {"2016-01-01": 0.6}}},
        },
    )
    assert reform.at(2016).a.b == 5
    assert reform.at(2016).bareme.brackets == ((0, 0.3), (10, 0.2), (50, 0.6))
    assert reform.at(2015).bareme.brackets == ((0, 0.1), (10, 0.2))


def test_whole_items_are_added_or_replaced(tree):
    reform = updated_from_data(
        tree,
        {
            "a.n": {"description": "Nouveau", "values": {"2016-01-01": 6}},
            "a.c": {"brackets": []},
            "z": {"table": {"2016-01-01": {"75": 1}}},
        },
    )
    assert reform.at(2016).a.n == 6
    assert reform.child("a.n").description == "Nouveau"
    assert reform.at(2016).a.c.calc(1.0) == 0
    assert reform.at(2016).z["75"] == 1


def test_everything_that_is_wrong_is_told_at_once(tree):
    text = """
a.bb: {2016-01-01: 5}
a.b:
  2016-02-30: 5
  demain: 5
  2016-01-01: {valeur: 5}
  2017-01-01: {value: 5, stop: 2016-01-01}
a.c: 5
a: {2016-01-01: 5}
bareme.brackets[5]: {threshold: {2016-01-01: 5}, rate: {2016-01-01: 5}}
bareme.brackets[2]: {threshold: {2016-01-01: 5}, amount: {2016-01-01: 5}}
x.y: {values: {2016-01-01: 1}}
a.d: {values: {2016-01-32: 1}}
t.011: {2016-01-01: 5}
a.c.d: {values: {2016-01-01: 5}}
nothing: {}
a.e: {f: {2016-01-01: 5}}
"""
    data, problems = read_yaml(text, "reforme.yaml")
    assert not problems
    with pytest.raises(ParameterFileError) as caught:
        updated_from_data(tree, data, file="reforme.yaml")
    forms = "expected dates and values, as `{2018-01-01: 5}`, or `{values: …}`, `{brackets: …}` or `{table: …}` for a whole item"
    assert str(caught.value).splitlines() == [
        "reforme.yaml:2: Parameter `a` has no `bb`. Did you mean `b`?",
        "reforme.yaml:4: `2016-02-30` cannot date a value of `a.b`: there is no such day.",
        "reforme.yaml:5: `demain` cannot date a value of `a.b`: expected a date written `2015-01-31`.",
        "reforme.yaml:6: the key `valeur` means nothing here: expected `value`, `stop`, `reference`, `metadata`. Did you mean `value`?",
        "reforme.yaml:6: `a.b` at 2016-01-01 has no `value`: expected `value: …` (null for the end of the figure).",
        "reforme.yaml:7: Parameter `a.b` cannot be updated from 2017-01-01 to 2016-01-01, which is before.",
        f"reforme.yaml:8: `a.c` is given 5: {forms}.",
        "reforme.yaml:9: `a` is not a figure: expected one of those below it: b, c.",
        "reforme.yaml:10: Parameter `bareme` has no `[5]`. Did you mean `[1]` or `[0]`?",
        "reforme.yaml:11: Scale `bareme` has brackets of `threshold` and `rate`; the new one has threshold, amount.",
        "reforme.yaml:12: The law has no `x`.",
        "reforme.yaml:13: `2016-01-32` cannot date a value of `a.d`: there is no such day.",
        "reforme.yaml:14: Parameter `t` has no `011`. Did you mean `01`?",
        "reforme.yaml:15: `a.c.d` cannot be added: `a.c` is not a branch of the tree.",
        f"reforme.yaml:16: `nothing` is given {{}}: {forms}.",
        "reforme.yaml:17: Parameter `a` has no `e`.",
    ]


def test_data_that_is_no_mapping_is_told(tree):
    with pytest.raises(ParameterFileError, match="data: expected a mapping of paths and changes, not list"):
        updated_from_data(tree, [])


@given(st.dictionaries(st.integers(2015, 2022), st.integers(0, 9), min_size=1, max_size=4))
def test_from_its_first_date_on_a_figure_is_what_the_reform_says(dated):
    reform = updated_from_data(parameters_from_data(DATA), {"a.b": {f"{year}-01-01": value for year, value in dated.items()}})
    before = parameters_from_data(DATA).child("a.b")
    for year in range(2013, 2024):
        started = [start for start in sorted(dated) if start <= year]
        assert reform.child("a.b").at(year) == (dated[started[-1]] if started else before.at(year))
