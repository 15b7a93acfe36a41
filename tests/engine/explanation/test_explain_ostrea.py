"""Explanations of a small country's results: what they say, what they fold, and the forms that they take."""

import json
import re
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from engine import kept_files, kept_graphs
from engine.errors import DataError
from engine.explanation import explain, missing
from engine.explanation.document import schema
from engine.kept_graphs import KeptGraphs
from engine.population import Population
from engine.simulation import Simulation
from engine.situation import simulation_from
from fictional_country import country

LAW = country()
SITUATION = {
    "persons": {
        "ana": {"salary": {"2020": 240_000}, "birth_date": "1980-01-01", "occupation": {"2020": "fisher"}},
        "bo": {"birth_date": "2015-01-01"},
        "cy": {"birth_date": "2016-01-01", "salary": {"2020": 0}},
    },
    "households": {"h": {"first_adult": ["ana"], "children": ["bo", "cy"], "dwelling": "d", "heating": {"2020": "wood"}}},
    "tax_households": {"t": {"declarants": ["ana"], "dependants": ["bo", "cy"]}},
    "dwellings": {"d": {"town": "v"}},
    "towns": {"v": {}},
}


@pytest.fixture(name="simulation")
def _simulation():
    return simulation_from(LAW, SITUATION)


def step_of(explanation, variable):
    return next(step for step in explanation.steps if step.variable == variable)


def test_the_chain_leads_from_the_result_to_data_and_figures(simulation):
    explanation = explain(simulation, "disposable_income", "2020", source="the declaration")
    assert explanation.result.values[0].value == simulation.calculate("disposable_income", "2020")[0]
    assert {step.leaf for step in explanation.steps} <= {None, "input", "default", "parameter"}
    salary = step_of(explanation, "salary")
    assert (salary.kind, salary.values[0].value, salary.values[0].id) == ("input", 20_000, "ana")
    assert {datum.source for datum in explanation.data} == {"the declaration"}
    allowance = step_of(explanation, "child_allowance")
    assert allowance.references == ("Code of Families, art. 12",)
    figure = next(figure for figure in explanation.figures if figure.name == "family.child_allowance")
    assert figure.value == LAW.parameters.read("family.child_allowance", "2020-01-01")
    assert figure.since <= "2020-01-01"


def test_equal_months_are_told_once(simulation):
    explanation = explain(simulation, "income", "2020")
    reads = {explanation.step(each.step).variable: each.same_at for each in explanation.result.reads}
    assert reads["salary"] == tuple(f"2020-{month:02d}" for month in range(2, 13))
    months = [step for step in explain(simulation, "income", "2020", everything=True).steps if step.variable == "salary"]
    assert len(months) == 12


def test_only_the_rows_that_count_are_told(simulation):
    explanation = explain(simulation, "income_tax", "2020", 0)
    assert {value.id for step in explanation.steps for value in step.values if value.id} == {"ana"}
    assert {datum.id for datum in explanation.data} == {"ana"}
    assert explain(simulation, "income", "2020", 2).id == "cy"


def test_what_a_step_folds_is_named(simulation):
    explanation = explain(simulation, "disposable_income", "2020")
    assert "overtime_pay" in step_of(explanation, "income").folded.at_default
    everything = explain(simulation, "disposable_income", "2020", everything=True)
    assert len(everything.steps) > len(explanation.steps)
    assert all(not step.folded.at_default and not step.folded.zero for step in everything.steps)


def test_a_zero_is_explained_by_its_zeros(simulation):
    explanation = explain(simulation, "income", "2020", 2)
    assert explanation.result.values[0].value == 0
    assert step_of(explanation, "salary").values[0].value == 0


def test_the_branch_that_was_not_taken_has_no_effect(simulation):
    explanation = explain(simulation, "sea_dues", "2020", 1)
    assert explanation.result.folded.without_effect == ()
    given = {**SITUATION, "persons": {**SITUATION["persons"], "bo": {"nets_owned": {"2020": 4}, "occupation": {"2020": "weaver"}}}}
    explanation = explain(simulation_from(LAW, given), "sea_dues", "2020", 1)
    assert explanation.result.folded.without_effect == ("nets_owned",)
    assert "nets_owned" not in {datum.variable for datum in explanation.data}


def test_depth_is_bounded(simulation):
    explanation = explain(simulation, "disposable_income", "2020", depth=2)
    assert step_of(explanation, "household_income").folded.below_depth == ("income",)
    assert len(explain(simulation, "disposable_income", "2020", depth=1).steps) == 1


def test_tables_and_scales_are_told(simulation):
    explanation = explain(simulation, "disposable_income", "2020")
    scale = next(figure for figure in explanation.figures if figure.brackets)
    assert scale.name == "income.tax.scale"
    looked_up = next(figure for figure in explain(simulation, "trade_allowance", "2020-01").figures if "trade_allowance" in figure.name)
    assert looked_up.value == simulation.calculate("trade_allowance", "2020-01")[0]


def test_opaque_formulas_and_truths_about_everybody(simulation):
    given = {**SITUATION, "households": {"h": {**SITUATION["households"]["h"], "rent": {"2020": 1234 * 12}}}}
    explanation = explain(simulation_from(LAW, given), "lucky_number", "2020")
    assert explanation.result.values[0].value > 0
    assert {datum.variable for datum in explanation.data} == {"rent"}
    poor = {**given, "persons": {"ana": {"salary": {"2020": 12}}, "bo": {}, "cy": {}}}
    explanation = explain(simulation_from(LAW, poor), "heating_aid", "2020")
    assert {"salary", "heating"} <= {datum.variable for datum in explanation.data}


def test_a_row_that_is_not_there_is_refused(simulation):
    with pytest.raises(DataError, match="no row 7 of `person`: expected one from 0 to 2"):
        explain(simulation, "income", "2020", 7)


@pytest.mark.parametrize("options", [{}, {"everything": True}, {"depth": 2}])
def test_the_document_is_as_its_schema_says(simulation, options):
    document = json.loads(json.dumps(explain(simulation, "disposable_income", "2020", **options).to_json()))
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    validator.validate(document)
    assert document["version"] == 1
    assert [step["number"] for step in document["steps"]] == document["mentions"]["operations"]


@pytest.mark.parametrize("language, words", [("fr", "Données traitées et leurs sources"), ("en", "Data processed and their sources")])
def test_the_four_statements_are_made(simulation, language, words):
    explanation = replace(explain(simulation, "disposable_income", "2020"), contribution="The clerk looked at it.")
    for text in (explanation.to_text(language), explanation.to_html(language)):
        assert words in text
        assert "R. 311-3-1-2" in text
        assert "The clerk looked at it." in text
        assert "Code of Families, art. 12" in text
    assert explanation.to_json()["mentions"]["contribution"] == "The clerk looked at it."


def test_the_page_needs_nothing_else(simulation):
    page = explain(simulation, "disposable_income", "2020").to_html("en")
    assert not re.search(r"(src|href)=\"(?!#)", page)
    ids = re.findall(r'id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)
    assert page.count("<details") == page.count("</details>")
    assert page.count("<ul") == page.count("</ul>")
    assert page.count("<li") == page.count("</li>")
    assert '<html lang="en">' in page


def test_an_unknown_language_is_refused(simulation):
    with pytest.raises(DataError, match="expected fr or en"):
        explain(simulation, "income", "2020").to_text("e")


def test_no_formula_runs_a_second_time(simulation):
    simulation.calculate("disposable_income", "2020")
    nodes = len(simulation._family.graph)
    explain(simulation, "disposable_income", "2020")
    assert len(simulation._family.graph) == nodes


def test_one_row_of_many_costs_its_own_rows_only():
    count = 20_000
    rows = np.arange(count)
    links = {names: (rows, np.zeros(count)) for names in LAW.links}
    links["dwelling", "town"] = np.zeros(count, dtype=np.int64)
    simulation = Simulation(LAW, Population({**dict.fromkeys(LAW.entities, count), "town": 1}, links))
    simulation.set_input("salary", "2020", rows * 12.0)
    explanation = explain(simulation, "disposable_income", "2020", 4321)
    assert explanation.result.values[0].value == simulation.calculate("disposable_income", "2020")[4321]
    assert {datum.row for datum in explanation.data} == {4321}


def test_a_trace_restored_from_disk_is_explained_as_the_first(tmp_path, monkeypatch):
    monkeypatch.setenv("BAREME_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(kept_files, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(kept_files, "_slow", set())
    monkeypatch.setattr(kept_graphs, "identity_of", lambda law, of_rules: b"e" * 32)
    law = country()
    first = explain(simulation_from(law, SITUATION), "disposable_income", "2020")
    kept_files.keep_all()
    simulation = simulation_from(replace(law, kept_graphs=KeptGraphs()), SITUATION)
    assert explain(simulation, "disposable_income", "2020") == first
    assert isinstance(simulation._tracing.trace.traced, kept_files._KeptTraced)


# What to ask next


def test_missing_inputs_come_in_the_order_of_what_they_move(simulation):
    found = missing(simulation, "disposable_income", "2020")
    moves = [each.moves_by for each in found]
    assert moves == sorted(moves, reverse=True)
    names = [each.variable for each in found]
    assert "salary" not in names
    overtime = found[names.index("overtime_hours")]
    assert overtime.highest > 0
    assert overtime.periods[0].startswith("2020-W") or overtime.periods[0].startswith("week")


def test_what_is_tried_does_move_the_result_so(simulation):
    first = next(each for each in missing(simulation, "disposable_income", "2020") if each.variable == "nets_owned")
    before = simulation.calculate("disposable_income", "2020")[0]
    values = simulation.calculate("nets_owned", "2020").copy()
    values[first.row] = first.value
    other = simulation.clone()
    other.set_input("nets_owned", "2020", values)
    moved = other.calculate("disposable_income", "2020")[0] - before
    assert moved in (first.lowest, first.highest)
    assert abs(moved) == first.moves_by


def test_nothing_is_missing_where_all_is_given(simulation):
    assert [each.variable for each in missing(simulation, "is_declarant", "2020")] == []


def test_what_is_missing_is_found_in_a_large_population_too():
    count = 200
    rows = np.arange(count)
    simulation = Simulation(LAW, Population(dict.fromkeys(LAW.entities, count), {names: (rows, np.zeros(count)) for names in LAW.links}))
    simulation.set_input("salary", "2020", rows * 1200.0)
    found = {each.variable: each for each in missing(simulation, "disposable_income", "2020", 150)}
    assert found["overtime_hours"].row == 150
    assert found["overtime_hours"].moves_by > 0
