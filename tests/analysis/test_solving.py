"""The value of a figure that reaches a target."""

import pytest

import bareme
from analysis.calls import reform_of
from analysis.solving import names_of
from engine.errors import DataError, ParameterError

LOWER = {"parameters": {"impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0.09}}}


@pytest.mark.parametrize(
    "parameter, target",
    [
        ("impot_revenu.bareme.brackets[1].threshold", "budget = 0"),
        ("impot_revenu.bareme.brackets[2].rate", "budget.impot_revenu = 1e9"),
        ("impot_revenu.bareme.brackets[1].rate", "gini = 0.37"),
        ("impot_revenu.decote.taux", "sortants = 1 500 000"),
    ],
)
def test_a_target_is_met_and_the_impact_says_the_same(study, parameter, target):
    solved = bareme.solve(LOWER, parameter, target, study)
    tried = {step.value: step.result for step in solved.steps}
    assert tried[solved.value] == solved.result
    nearest = min(abs(result - solved.target.goal) for result in tried.values())
    assert abs(solved.result - solved.target.goal) == nearest
    spread = max(tried.values()) - min(tried.values())
    assert nearest < 0.02 * spread  # 400 households: results are steps
    both = {**LOWER["parameters"], parameter: {"2022-01-01": solved.value}}
    found = bareme.impact({"parameters": both}, study)
    rows = {
        "budget": next(row["effet_budget"] for row in found["budget"].rows() if row["mesure"] == "total"),
        "budget.impot_revenu": next(row["effet_budget"] for row in found["budget"].rows() if row["mesure"] == "impot_revenu"),
        "gini": next(row["apres"] for row in found["inegalites"].rows() if row["indicateur"] == "gini"),
        "sortants": next(row["foyers"] for row in found["foyers_imposes"].rows() if row["indicateur"] == "sortants"),
    }
    assert rows[solved.target.name] == pytest.approx(solved.result)


def test_a_jump_over_the_target_is_said(study):
    solved = bareme.solve(LOWER, "impot_revenu.decote.taux", "sortants = 1234567.8", study)
    assert not solved.is_reached
    assert bareme.solve(LOWER, "impot_revenu.decote.taux", "sortants = 1234567.8", study, tolerance=3e5).is_reached


def test_a_value_that_is_right_already_is_found_at_once(study):
    solved = bareme.solve(None, "impot_revenu.bareme.brackets[1].rate", "budget = 0", study)
    assert (solved.value, solved.result, len(solved.steps)) == (0.11, 0, 1)
    assert solved.is_reached


def test_a_threshold_is_not_moved_beyond_the_next(study):
    with pytest.raises(DataError, match="cannot be reached"):
        bareme.solve(None, "impot_revenu.bareme.brackets[3].threshold", "budget = 5e11", study)


@pytest.mark.parametrize(
    "parameter, target, text",
    [
        ("impot_revenu.bareme.brackets[1].rate", "gini = 5", r"`gini = 5` cannot be reached .*: between 0 and 1 the result lies between"),
        ("impot_revenu.bareme.brackets[1].rate", "ginni = 0.3", "Did you mean `gini`"),
        ("impot_revenu.bareme.brackets[1].rate", "gini > 0.3", "is no target: expected a result and a number"),
        ("impot_revenu.bareme", "budget = 0", "is no figure: expected the path of a number"),
        ("impot_revenu.decotte.taux", "budget = 0", "Did you mean `decote`"),
    ],
)
def test_what_cannot_be(study, parameter, target, text):
    with pytest.raises((DataError, ParameterError), match=text):
        bareme.solve(LOWER, parameter, target, study)


def test_bounds_may_be_given(study):
    solved = bareme.solve(LOWER, "impot_revenu.bareme.brackets[2].rate", "budget = 0", study, between=(0.3, 0.5))
    assert 0.3 < solved.value < 0.5
    with pytest.raises(DataError, match=r"between 0\.45 and 0\.5"):
        bareme.solve(LOWER, "impot_revenu.bareme.brackets[2].rate", "budget = 0", study, between=(0.45, 0.5))


def test_every_result_can_be_asked_for(study):
    from analysis.comparison import Comparison
    from analysis.solving import result_of

    after = study.outcome(reform_of(LOWER)(study.law))
    results = {name: result_of(name, Comparison(study, "reforme", study.base, after)) for name in names_of(study)}
    assert results["budget"] == pytest.approx(results["budget.impot_revenu"])
    assert results["perdants"] == 0 < results["gagnants"]
