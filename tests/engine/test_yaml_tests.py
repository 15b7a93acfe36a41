"""Tests in YAML: what passes, what fails and how that is told."""

import datetime
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.yaml_tests import Margin, collect, run, run_paths
from engine.yaml_tests.comparing import is_expected
from fictional_country import country

FOLDER = Path(__file__).parent / "yaml_tests"
LAW = country()


def told(paths, **options):
    lines = []
    failures = run_paths(paths, LAW, write=lines.append, **options)
    return failures, "\n".join(lines).replace(f"{FOLDER}/", "").replace("good/", "").replace("bad/", "")


@pytest.mark.parametrize("case", collect([FOLDER / "good"]), ids=lambda case: case.name)
def test_good_cases(case):
    (outcome,) = run([case], LAW)
    assert outcome.passed, str(outcome)
    assert outcome.compared > 0


def test_differences_are_told_one_by_one():
    failures, text = told([FOLDER / "bad" / "wrong_values.yaml"])
    assert failures == 2
    assert text.startswith((FOLDER / "bad" / "wrong_values.txt").read_text())
    for line in (
        "wrong_values.yaml:14: income_tax at 2020-01 of ana: `income_tax` is defined for a year",
        "wrong_values.yaml:15: trade_allowance at 2020-01 of ana: Variable `trade_allowance` expects a number; got 'seven'",
        "wrong_values.yaml:17: occupation at 2020-01 of bo: Variable `occupation`: `Occupation` has no member 'fishre'. Did you mean `fisher`",
        "wrong_values.yaml:23: salary at 2020-01: expected 11, got 10.0",
        "2 cases: 0 passed, 2 failed",
    ):
        assert line in text


def test_mistakes_in_the_form_are_told_with_their_lines():
    failures, text = told([FOLDER / "bad" / "wrong_form.yaml", FOLDER / "bad" / "not_yaml.yaml", FOLDER / "no_such_file.yaml"])
    assert failures == 9
    for line in (
        "wrong_form.yaml:1: unknown key `nmae`: expected one of name, description",
        "Did you mean `name`?",
        "wrong_form.yaml:2: `period`: `2020-13` is not a period",
        "wrong_form.yaml:3: `absolute_error_margin`: expected a number that is not negative",
        "wrong_form.yaml:4: `relative_error_margin`: expected",
        "wrong_form.yaml:5: `keywords`: expected",
        "wrong_form.yaml:6: `max_spiral_loops`: expected a whole number",
        "wrong_form.yaml:7: `input`: expected a mapping; got [1]",
        "wrong_form.yaml:8: unknown key `otput`",
        "wrong_form.yaml:1: `output` is missing",
        "expected a case, a mapping with name",
        "wrong_form.yaml:10: `output`: expected a mapping",
        "wrong_form.yaml:12: input/salry: there is no variable `salry`. Did you mean `salary`",
        "wrong_form.yaml:17: there is no variable or entity `incom`. Did you mean `income`",
        "wrong_form.yaml:18: `salary`: expected values by period",
        "wrong_form.yaml:19: `income`: `20` is not a period",
        "wrong_form.yaml:19: `income`: expected 1 values, one for each person; got 2",
        "wrong_form.yaml:19: `income`: expected a value; it is empty",
        "wrong_form.yaml:20: `household` has no variable `income`",
        "wrong_form.yaml:21: there is no person `ann` in the input. Did you mean `ana`",
        "wrong_form.yaml:21: `person`: expected variables and their values; got 5",
        "wrong_form.yaml:22: no_such_file.yaml: there is no such file",
        "wrong_form.yaml:26: The extension `no_such_package` cannot be imported",
        "not_yaml.yaml:3: this is not YAML",
        "no_such_file.yaml: it cannot be read",
    ):
        assert line in text


def test_workers_find_the_same():
    def found(workers):
        return [(outcome.case, outcome.differences, outcome.problems, outcome.compared) for outcome in run(collect([FOLDER]), LAW, workers)]

    assert found(2) == found(1)


@pytest.mark.parametrize(
    "name_filter, names",
    [
        ("margins", {"An absolute margin", "A relative margin alone", "Margins by variable", "Without a margin, seven digits count"}),
        ("several reforms", set()),
        ("Several reforms", {"Several reforms, and figures of the case itself"}),
        ("root", {"Variables at the root, by period, and by list"}),
        ("roo", {"Variables at the root, by period, and by list"}),
        ("forms_of", {"Variables at the root, by period, and by list", "The singular and the plural of entities"}),
    ],
)
def test_a_filter_chooses_by_file_name_or_keyword(name_filter, names):
    assert {case.name for case in collect([FOLDER / "good"], name_filter)} == names


def test_no_case_is_a_failure():
    assert told([FOLDER / "good"], name_filter="nothing is called so")[0] == 1


def test_a_second_case_of_the_same_shape_runs_no_formula(monkeypatch, tmp_path):
    from engine.tracing import Tracing

    law = country()
    file = tmp_path / "cases.yaml"
    file.write_text("".join(f"- {{period: 2020, input: {{salary: {salary}}}, output: {{income: {salary}}}}}\n" for salary in (12000, 24000, 36000)))
    cases = collect([file])
    outcomes = run(cases, law)
    assert next(outcomes).passed
    monkeypatch.setattr(Tracing, "call_formula", lambda *_: pytest.fail("a formula ran again"))
    assert all(outcome.passed for outcome in outcomes)


# The rule of comparison

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64, min_value=-1e12, max_value=1e12)


@given(NUMBERS)
def test_what_single_precision_gave_is_accepted(number):
    assert is_expected(float(np.float32(number)), number, None, None)


@given(NUMBERS, NUMBERS, st.floats(0, 1e6))
def test_within_an_absolute_margin(expected, got, margin):
    if abs(expected - got) <= margin:
        assert is_expected(expected, got, margin, None)
    if abs(expected - got) > margin + 1e-6 * (abs(expected) + abs(got) + margin) + 1e-30:
        assert not is_expected(expected, got, margin, None)


@given(NUMBERS, NUMBERS, st.floats(0, 1e6), st.floats(0, 2))
def test_both_margins_hold(expected, got, absolute, relative):
    both = is_expected(expected, got, absolute, relative)
    assert both == (is_expected(expected, got, absolute, None) and is_expected(expected, got, None, relative))


@pytest.mark.parametrize(
    "expected, got, equal",
    [
        (True, True, True),
        (True, False, False),
        (1, True, True),
        (0, True, False),
        ("a", "a", True),
        ("a", "b", False),
        (datetime.date(2020, 1, 1), datetime.date(2020, 1, 1), True),
        (12.5, 12, False),
        (math.inf, math.inf, True),
        (math.inf, 1.0, False),
        (math.nan, math.nan, True),
        (1.0, math.nan, False),
    ],
)
def test_other_values(expected, got, equal):
    assert is_expected(expected, got, None, None) is equal
    if isinstance(expected, float) and not math.isfinite(expected):
        assert is_expected(expected, got, 1.0, None) is equal


def test_margins_by_variable():
    margin = Margin({"a": 1.0}, 0.5)
    assert (margin.of("a"), margin.of("b"), Margin({"a": 1.0}).of("b")) == (1.0, 0.5, None)
