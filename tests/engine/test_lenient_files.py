"""What OpenFisca lets through in files of tests: variables of packages take it, those of Barème's own law refuse it."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kept_graphs import KeptGraphs
from engine.situation import read_situation
from engine.yaml_tests import collect, run
from engine.yaml_tests.comparing import is_expected
from fictional_country import country

FOLDER = Path(__file__).parent / "lenient_files"
STRICT = country()
LENIENT = replace(
    STRICT, variables=MappingProxyType({name: replace(rule, is_lenient=True) for name, rule in STRICT.variables.items()}), kept_graphs=KeptGraphs()
)


@pytest.mark.parametrize("case", collect([FOLDER / "each.yaml"]), ids=lambda case: case.name)
def test_lenient_variables_take_what_strict_ones_refuse(case):
    (taken,) = run([case], LENIENT)
    assert taken.passed, str(taken)
    assert taken.compared > 0
    (refused,) = run([case], STRICT)
    assert case.description in str(refused)


@pytest.mark.parametrize("case", collect([FOLDER / "wrong.yaml"]), ids=lambda case: case.description)
def test_lenient_variables_do_not_take_everything(case):
    (refused,) = run([case], LENIENT)
    assert case.description in str(refused)


def test_what_the_strict_law_takes_is_taken():
    assert all(outcome.passed for outcome in run(collect([Path(__file__).parent / "yaml_tests" / "good"]), LENIENT))


def test_what_is_asked_is_asked_once():
    document = {"persons": {"ana": {}, "bo": {}}, "household": {"rent": {"2020": 12}, "household_income": {"2020": None}}}
    situation = read_situation(LENIENT, document)
    assert situation.inputs["rent", situation.requested[0].period.first_month].tolist() == [1, 1, 1]
    assert [(each.id, each.row) for each in situation.requested] == [("household", 0)]


def test_columns_of_texts_are_cut():
    nickname = LENIENT.variable("nickname")
    for column in (["Lighthouse keeper"], np.array(["Lighthouse keeper"]), np.array([b"Lighthouse keeper"]), np.array(["Lighthouse keeper"], dtype=object)):
        assert nickname.cast_array(column).tolist() == ["Lighthouse k"]
    assert nickname.cast_array([True, False]).tolist() == ["True", "False"]


# The rule of comparison

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)
MARGINS = st.none() | st.floats(0, 1e6)


@given(NUMBERS, st.one_of(NUMBERS, st.booleans(), st.integers(-5, 5)), MARGINS, MARGINS)
def test_what_is_expected_strictly_is_expected_leniently(expected, got, absolute, relative):
    if is_expected(expected, got, absolute, relative):
        assert is_expected(expected, got, absolute, relative, lenient=True)


@given(st.floats(1e-3, 1e12), st.integers(-8, 8))
def test_a_few_steps_of_single_precision(number, steps):
    expected = float(np.float32(number))
    got = expected + steps * float(np.spacing(np.float32(number)))
    assert is_expected(expected, got, None, None, lenient=True) == (abs(steps) <= 4)
    assert is_expected(expected, got, None, None) == (steps == 0)


def test_whole_numbers_are_exact():
    assert is_expected(123456, 123456, None, None, lenient=True)
    assert not is_expected(123456, 123457, None, None, lenient=True)
    assert not is_expected(2**21 + 0.25, 2**21, None, None, lenient=True)
