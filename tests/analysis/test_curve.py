"""A curve shows every jump of the law, where it is, and the rule and article that make it; its rates are exact."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from analysis.curve import curve
from analysis.curve_drawing import as_svg, pieces
from analysis.curve_line import Line
from analysis.curve_tables import as_csv, as_html, as_json
from engine.entities import Entity
from engine.errors import DataError, VariableValueError
from engine.legislation import Legislation
from engine.marginal import marginal
from engine.parameters import parameters_from_data
from engine.periods import MONTH, YEAR, period
from engine.population import Population
from engine.simulation import Simulation
from engine.situation import read_situation
from engine.variables import Variable, set_input_divide_by_period
from legislation import france
from population.situations import read_document

HOUSEHOLDS = Path(__file__).parent.parent / "data" / "courbes"
PERSON = Entity("person", "persons", is_person=True)
YEAR_2022 = period(2022)


class wage(Variable):
    value_type = float
    entity = PERSON
    definition_period = MONTH
    set_input = set_input_divide_by_period


class tax(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR
    label = "Tax"
    reference = "Code, art. 1"

    def formula(person, period, parameters):
        income = sum(person("wage", month) for month in period.get_subperiods(MONTH))
        return np.floor(np.maximum(income - parameters(period).threshold, 0) * 0.2 + 0.5)


class is_helped(Variable):
    value_type = bool
    entity = PERSON
    definition_period = YEAR
    label = "Helped"
    reference = "Code, art. 2"

    def formula(person, period, parameters):
        return sum(person("wage", month) for month in period.get_subperiods(MONTH)) <= parameters(period).ceiling


class aid(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR

    def formula(person, period):
        return np.where(person("is_helped", period), 600.0, 0.0)


class net(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR

    def formula(person, period):
        return sum(person("wage", month) for month in period.get_subperiods(MONTH)) - person("tax", period) + person("aid", period)


def small_law():
    figures = {name: {"values": {"2000-01-01": {"value": value}}} for name, value in {"threshold": 10_000, "ceiling": 15_432.1}.items()}
    return Legislation.make((PERSON,), (wage, tax, is_helped, aid, net), parameters_from_data(figures))


@pytest.fixture(scope="module")
def found():
    law = small_law()
    situation = read_situation(law, {"persons": {"ana": {"wage": {"2022": 1200}}, "bob": {"wage": {"2022": 12_000}}}}, "2022")
    line = Line(law, situation, "wage", 0, YEAR_2022, (("tax", YEAR_2022), ("net", YEAR_2022)))
    return curve(line, 0, 20_000, 51)


def test_thresholds_are_exact_and_told_with_rule_article_and_figure(found):
    bend, cliff = found.thresholds
    assert (bend.at, cliff.at) == (10_000, 15_432.1)
    assert [(step.variable, step.jump, round(step.rate_before, 9), round(step.rate_after, 9)) for step in bend.steps] == [
        ("tax", 0, 0, 0.2),
        ("net", 0, 1, 0.8),
    ]
    (step,) = cliff.steps
    assert (step.variable, step.jump) == ("net", -600)
    (cause,) = step.causes
    assert (cause.variable, cause.references, cause.figures) == ("is_helped", ("Code, art. 2",), (("ceiling", 15_432.1),))
    assert bend.steps[0].causes[0].references == ("Code, art. 1",)


def test_results_of_all_rows_are_added_up(found):
    assert found.points.value[1, 0] == 12_000 - 400 + 600 + 600
    assert found.points.rounded[0, -1]
    assert not found.points.rounded[0, 0]


def test_steps_of_roundings_are_told_apart(found):
    assert 0 < found.rounding_step("tax") <= 1
    assert json.loads(as_json(found))["results"]["tax"]["rounding_step"] <= 1


def test_a_run_to_one_side_finds_what_both_sides_of_each_point_are(found):
    """At points of the grid, at thresholds and beside them: copies whose income falls stand for the left side."""
    at = np.array([0, 9_999.5, 10_000, 10_000.5, 15_432.1, 15_432.2, 20_000])
    one, both = found.line.points(at), found.line._block_by_both_sides(at, at)
    for name in ("value", "below", "above", "left", "right", "rounded"):
        assert getattr(one, name).tolist() == getattr(both, name).tolist()
    assert np.isnan(found.line.points(at, with_values=False).value).all()


class most_of_all(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR

    def formula(person, period):
        income = sum(person("wage", month) for month in period.get_subperiods(MONTH))
        return income * 2 if (income > 15_000).any() else income


def test_a_branch_taken_by_a_question_about_everybody_is_that_of_all_copies():
    legislation = small_law().with_variable(most_of_all)
    situation = read_situation(legislation, {"persons": {"one": {"wage": {"2022": 1200}}}}, "2022")
    points = Line(legislation, situation, "wage", 0, YEAR_2022, (("most_of_all", YEAR_2022),)).points([1_000.0, 2_000.0])
    assert points.value == pytest.approx(np.array([[1_000, 2_000]]))
    assert (points.left, points.right) == (pytest.approx(np.ones((1, 2))), pytest.approx(np.ones((1, 2))))


class housing(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR
    label = "Housing aid"
    reference = "Code, art. 9"

    def formula(person, period, parameters):
        return np.maximum(3_000 - np.ceil(sum(person("wage", month) for month in period.get_subperiods(MONTH)) / 100) * 100 * 0.25, 0)


def test_steps_of_a_coarse_rounding_are_told_with_the_rule_that_rounds():
    legislation = small_law().with_variable(housing)
    situation = read_situation(legislation, {"persons": {"one": {"wage": {"2022": 1200}}}}, "2022")
    (rounding,) = curve(Line(legislation, situation, "wage", 0, YEAR_2022, (("housing", YEAR_2022),)), 0, 20_000, 41).roundings
    assert (rounding.variable, rounding.rule, rounding.references) == ("housing", "housing", ("Code, art. 9",))
    assert (rounding.step, rounding.every) == (pytest.approx(-25), pytest.approx(100))
    assert 11_000 < rounding.high <= 12_000


def test_cliffs_are_the_jumps_of_one_rule(found):
    (cliff,) = found.cliffs("net")
    assert (cliff.at, cliff.jump, cliff.steps) == (15_432.1, -600, 1)
    assert found.cliffs("tax") == []


def test_forms(found):
    document = json.loads(as_json(found))
    assert (document["form"], document["version"]) == ("bareme.curve", 1)
    assert document["thresholds"][1]["steps"][0]["rules"][0]["references"] == ["Code, art. 2"]
    lines = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert len(lines) == 51 + 4
    assert [float(line["wage"]) for line in lines] == sorted(float(line["wage"]) for line in lines)
    svg = as_svg(found, "Un essai", "net")
    assert "Code, art. 2" in svg
    assert "<table>" in as_html(found, svg, "Un essai")


def test_a_line_is_cut_where_it_jumps(found):
    values = [(row["revenu"], row["morceau"]) for row in pieces(found, 1)]
    assert [piece for at, piece in values if at == 15_432.1] == ["1-0", "1-1"]


def test_what_has_no_curve():
    law = small_law()
    situation = read_situation(law, {"persons": {"ana": {}}}, "2022")
    with pytest.raises(VariableValueError, match="`is_helped` does not vary"):
        Line(law, situation, "is_helped", 0, YEAR_2022, ())
    line = Line(law, situation, "wage", 0, YEAR_2022, (("net", YEAR_2022),))
    with pytest.raises(DataError, match="expected a range"):
        curve(line, 10, 10)


# The French law

FIVE = {
    "personne_seule": "salaire_brut",
    "parent_isole": "salaire_brut",
    "couple_un_revenu": "salaire_brut",
    "couple_deux_revenus": "salaire_brut",
    "retraite": "retraite_brute",
}


@pytest.mark.parametrize("name", FIVE)
def test_every_jump_of_the_law_is_found_with_its_article(name):
    """Between points ten euros apart, whatever the slopes do not explain is a jump of the curve; every jump has a rule with an article."""
    law = france()
    situation = read_document(HOUSEHOLDS / f"{name}.json", law, YEAR_2022).situation
    line = Line(law, situation, FIVE[name], 0, YEAR_2022, (("impot_a_payer", YEAR_2022), ("revenu_disponible", YEAR_2022)))
    drawn = curve(line, 0, 60_000, 301)
    fine = line.points(np.arange(0, 60_001, 10.0))
    for number, output in enumerate(drawn.variables):
        change = np.diff(fine.value[number])
        slopes = np.stack([fine.right[number][:-1], fine.left[number][1:]]) * 10
        unexplained = np.maximum(change - slopes.max(axis=0), slopes.min(axis=0) - change)
        jumps = np.array([threshold.at for threshold in drawn.thresholds if threshold.jump_of(output)])
        for place in np.flatnonzero(unexplained > 3):  # roundings to the euro, at several steps
            assert ((jumps >= fine.at[place] - 1e-6) & (jumps <= fine.at[place + 1] + 1e-6)).any(), f"{output} jumps after {fine.at[place]}"
    assert drawn.jumps("revenu_disponible")
    for _, step in drawn.jumps():
        assert step.causes, f"{step} has no rule"
        assert step.causes[0].references, f"{step} has no article"


@pytest.mark.parametrize("shares", [1, 2])
def test_both_limits_are_right_at_every_threshold_of_the_income_tax_scale(shares):
    """The tax before rounding and reductions: with one share or two, at each threshold of the law in force."""
    law = france()
    scale = law.parameters.at("2022-01-01").impot_revenu.bareme
    thresholds, rates = np.array(scale.thresholds, dtype=float), np.array(scale.rates, dtype=float)
    simulation = Simulation(law, Population({"foyer_fiscal": len(thresholds)}))
    simulation.set_input("revenu_imposable", 2022, thresholds * shares)
    simulation.set_input("nombre_parts", 2022, np.full(len(thresholds), float(shares)))
    found = marginal(simulation, "impot_quotient_familial", 2022, "revenu_imposable")
    assert found.right == pytest.approx(rates)
    assert found.left == pytest.approx([0.0, *rates[:-1]])
    assert found.jump == pytest.approx(np.zeros(len(thresholds)), abs=1e-6)
    assert found.rounded.tolist() == [bool(right or left) for right, left in zip(found.right, found.left, strict=True)]
