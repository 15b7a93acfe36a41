"""The comparison of both engines: which values are asked for, and when they count as the same. OpenFisca-Core's side is written by hand."""

import argparse
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPTS = Path(__file__).parents[3] / "scripts"

CASES = """
- name: spiral
  period: 2020
  input: {birth: 1980-05-01}
  output: {wealth: 200, age: 39}
- name: a row that is called as a variable is
  period: 2020
  input:
    persons: {ana: {salary: {"2020-01": 1000}}}
    households: {tax: {adults: [ana]}}
  output:
    persons: {ana: {yearly_salary: 1000, salary: {year: {"2020-01": 1000}}}}
    households: {tax: {household_tax: {2020: 0}}}
"""


@pytest.fixture
def script(core, package, monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    found = importlib.util.spec_from_file_location("compare_engines", SCRIPTS / "compare_engines.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    yield module
    for name in ("engine_cases", "engine_questions"):
        sys.modules.pop(name)


@pytest.fixture
def systems(script, core, package):
    """Return the systems of the miniature package, with savings that need those of the year before."""
    found = script.BothPrecisions(argparse.Namespace(package="package_in_openfisca_form", extension=[]))
    variables, year, month = core("openfisca_core.variables"), core("openfisca_core.periods").YEAR, core("openfisca_core.periods").MONTH
    entity = found.system.person_entity

    class savings(variables.Variable):
        value_type, definition_period = float, year
        formula = staticmethod(lambda person, period: person("savings", period.last_year) + 100)

    class wealth(variables.Variable):
        value_type, definition_period = float, year
        formula = staticmethod(lambda person, period: person("savings", period) + person("savings", period.last_year))

    class hundreds(variables.Variable):
        value_type, definition_period = float, month
        formula = staticmethod(lambda person, period: np.ceil(person("salary", period) / 100) * 100)

    for variable in (savings, wealth, hundreds):
        variable.entity = entity
        found.system.add_variable(variable)
    return found


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cases.yaml"
    path.write_text(CASES, encoding="utf-8")
    return str(path)


def theirs(file, number, **values):
    return {"case": f"{file} [{number}] ", "values": {f"{name.replace('__', '<')}>": value for name, value in values.items()}}


def test_what_a_case_expects(script, systems, file):
    case = script.case_named(f"{file} [1] a row that is called as a variable is")
    assert list(script.expected(case, systems)) == [("yearly_salary", "2020"), ("salary", "2020-01"), ("household_tax", "2020")]


@pytest.mark.parametrize("value", [0.0, 100.0])
def test_within_a_spiral_all_that_a_variable_came_to_counts(script, systems, file, value):
    outcome = script.compare(theirs(file, 0, wealth__2020=[200.0], savings__2020=[100.0], savings__2019=[value]), systems, 1e-4)
    assert (outcome["values"], outcome["different"]) == (3, {})


def test_differences_are_told_with_where_they_begin(script, systems, file):
    outcome = script.compare(theirs(file, 0, wealth__2020=[300.0], savings__2019=[200.0], age__2020=[38.0]), systems, 1e-4)
    assert outcome["different"]["savings<2019>"][0] == [200.0]
    assert outcome["different"]["wealth<2020>"] == [[300.0], [200.0]]
    assert outcome["begins"] == {"savings<2019>": script.SPIRAL, "age<2020>": script.KNOWN}


def test_values_within_the_margin_are_the_same(script, systems, file):
    values = {"yearly_salary__2020": [1000.05], "salary__2020-01": [1000.0], "household_tax__2020": [100.005]}
    assert not script.compare(theirs(file, 1, **values), systems, 1e-4)["different"]
    assert script.compare(theirs(file, 1, **values), systems, 1e-6)["begins"].keys() == {"yearly_salary<2020>", "household_tax<2020>"}


def test_a_case_that_one_engine_cannot_run(script, systems, file):
    outcome = script.compare({"case": f"{file} [0] spiral", "error": "ValueError: no"}, systems, 1e-4)
    assert outcome["errors"] == ["ValueError: no", None]


def test_outcomes_are_kept(script, tmp_path):
    kept = script.Kept(str(tmp_path / "kept.jsonl"))
    kept.add({"case": "a [0] ", "values": 2, "different": {"x<2020>": [[1.0], [2.0]], "x<2021>": [[1.0], [2.0]], "y<2020>": [[1.0], [2.0]]}, "begins": {}})
    kept.add({"case": "b [0] ", "values": 1, "different": {"x<2020>": [[1.0], [2.0]]}, "begins": {}})
    kept.add({"case": "a [0] ", "asked": "x<2020>", "theirs": {"answer": [1.0]}, "ours": {"answer": [1.0]}})
    again = script.Kept(str(tmp_path / "kept.jsonl"))
    assert list(again.cases) == ["a [0] ", "b [0] "]
    assert list(again.answers) == [("a [0] ", "x<2020>")]
    assert script.questions(again.cases.values(), every=False) == [("a [0] ", "x<2020>"), ("a [0] ", "y<2020>"), ("b [0] ", "x<2020>")]
    assert len(script.questions(again.cases.values(), every=True)) == 4


def test_answers(script, systems, file):
    asked = {"case": f"{file} [0] spiral", "asked": "savings<2019>", "theirs": {"answer": [100.0]}}
    answered = {**asked, **script.question_answered(asked, systems, 1e-4)}
    assert script.is_same_answer(answered, 1e-4)
    assert not script.is_same_answer({**answered, "theirs": {"error": "ValueError"}}, 1e-4)
    assert json.dumps(answered)


def test_answers_at_the_edge_of_a_rounding(script, systems, file):
    asked = {"case": f"{file} [1] rounding", "asked": "hundreds<2020-01>"}
    edge = script.question_answered({**asked, "theirs": {"answer": [1100.0]}}, systems, 1e-4)
    assert edge == {"ours": {"answer": [1000.0]}, "rounding": "double precision, inputs times 1.0000001"}
    assert script.question_answered({**asked, "theirs": {"answer": [1200.0]}}, systems, 1e-4)["rounding"] is None


def test_single_precision(script, systems, file):
    law = systems.single.system.legislation
    assert {formula.function.is_single for rule in law.variables.values() for formula in rule.formulas} == {True}
    assert not any(formula.function.is_single for rule in systems.system.legislation.variables.values() for formula in rule.formulas)
