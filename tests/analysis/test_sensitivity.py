"""The figures of the law ranked by what they move."""

import json

import pytest
from click.testing import CliRunner

import bareme
from analysis.sensitivity import sensitivity
from bareme.cli import main
from engine.errors import DataError


@pytest.fixture(scope="module", name="ranking")
def _ranking(study):
    return sensitivity(None, "budget.impot_revenu", study, below="impot_revenu", by="both")


@pytest.fixture(scope="module", name="differences")
def _differences(study):
    return sensitivity(None, "budget.impot_revenu", study, below="impot_revenu.bareme", by="differences")


def effect(study, path, value):
    rows = bareme.impact({"parameters": {path: {"2022-01-01": value}}}, study)["budget"].rows()
    return next(row["effet_budget"] for row in rows if row["mesure"] == "impot_revenu")


def test_differences_are_those_of_impacts(study, differences):
    rate = next(each for each in differences.figures if each.name == "impot_revenu.bareme[1].rate")
    assert (rate.value, rate.step, rate.unit) == (0.11, 0.001, "/1")
    assert rate.right == pytest.approx(effect(study, "impot_revenu.bareme.brackets[1].rate", 0.111) / 0.001)
    assert rate.left == pytest.approx(effect(study, "impot_revenu.bareme.brackets[1].rate", 0.109) / -0.001)
    assert rate.per_percent == pytest.approx((rate.left + rate.right) / 2 * 0.0011)
    assert rate.rounding < 0.02 * rate.right


def test_derivatives_are_differences_where_nobody_stands_at_an_edge(ranking):
    """Rounded amounts, and who crosses a step of the law within the difference, are all that lies between the two."""
    large = {each.name: each for each in [each for each in ranking.figures if each.exact and not each.is_kinked][:12]}
    assert sum(not each.has_a_step for each in large.values()) >= 8
    for name in ("impot_revenu.bareme[2].rate", "impot_revenu.bareme[2].threshold", "impot_revenu.deductions.salaires.taux"):
        assert large[name].difference == pytest.approx(large[name].per_unit, rel=0.01)


def test_a_step_of_the_law_has_no_slope(ranking):
    collected = next(each for each in (*ranking.figures, *ranking.unmoved) if each.name == "impot_revenu.recouvrement.avant_credits")
    assert (collected.left, collected.right) == (0, 0)
    assert "solde_recouvre" in collected.compared_by
    assert ranking.by == "both"


def test_the_largest_come_first_and_each_figure_once(ranking):
    sizes = [abs(each.per_percent) for each in ranking.figures]
    assert sizes == sorted(sizes, reverse=True)
    everything = [(each.name, each.since) for each in (*ranking.figures, *ranking.unmoved)]
    assert len(set(everything)) == len(everything)
    names = {name for name, _ in everything}
    assert {"impot_revenu.bareme[2].threshold", "impot_revenu.decote.taux", "impot_revenu.parts.couple"} <= names
    assert all(name.startswith("impot_revenu.") for name in names)
    assert all(each.reference for each in ranking.figures)


def test_signs_are_those_of_the_law(ranking):
    slopes = {each.name: each.per_unit for each in ranking.figures}
    assert slopes["impot_revenu.bareme[2].rate"] > 0 > slopes["impot_revenu.bareme[1].threshold"]
    assert slopes["impot_revenu.plafonnement.demi_part"] < 0 < slopes["impot_revenu.decote.taux"]


def test_a_figure_of_nothing_has_one_side(study):
    found = sensitivity({"parameters": {"impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0}}}, "budget.impot_revenu", study, below="impot_revenu.bareme")
    rate = next(each for each in found.figures if each.name == "impot_revenu.bareme[1].rate")
    assert rate.left is None
    assert rate.right > 0
    assert rate.exact


def test_another_result(study):
    found = sensitivity(None, "gini", study, below="impot_revenu.bareme")
    assert any(each.name == "impot_revenu.bareme[1].rate" for each in found.figures)
    assert all(each.rounding is None for each in found.figures)
    with pytest.raises(DataError, match="Did you mean `gini`"):
        sensitivity(None, "ginni", study)
    with pytest.raises(DataError, match="Did you mean `derivatives`"):
        sensitivity(None, "budget", study, by="derivative")


def test_the_command(tables, tmp_path):
    import pyarrow.parquet

    for name, table in tables.items():
        pyarrow.parquet.write_table(table, tmp_path / f"{name}.parquet")
    arguments = ["sensitivity", "--output", "budget.impot_revenu", "--population", str(tmp_path), "--below", "impot_revenu.bareme"]
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 0, shown.output
    assert "ce que change 1 %" in shown.output
    found = json.loads(CliRunner().invoke(main, [*arguments, "--format", "json"]).stdout)
    assert found["schema"] == "bareme/sensitivity/2"
    assert {"name", "left", "right", "per_percent", "reference", "jump", "compared_by"} <= set(found["figures"][0])
    both = CliRunner().invoke(main, [*arguments, "--by", "both"])
    assert both.exit_code == 0, both.output
    assert "Dérivées exactes" in both.output
