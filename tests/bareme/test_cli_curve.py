"""`bareme curve`: files in four forms, the jumps on the screen, and what it refuses."""

import json
from pathlib import Path

import pytest

SITUATION = str(Path(__file__).parent.parent / "data" / "courbes" / "parent_isole.json")
ASKED = ("--vary", "salaire_brut@claude", "--from", 36_000, "--to", 38_000, "--variables", "impot_a_payer,revenu_disponible", "--period", 2022, "--points", 21)


@pytest.fixture
def run_france(run_law):
    from legislation import france

    law = france()
    return lambda *arguments: run_law(law, *arguments)


@pytest.mark.parametrize("suffix, words", [("svg", "art. 1657"), ("html", "<table>"), ("csv", "solde_recouvre"), ("json", '"bareme.curve"')])
def test_a_curve_in_each_form(run_france, tmp_path, suffix, words):
    output = tmp_path / f"courbe.{suffix}"
    result = run_france("curve", SITUATION, *ASKED, "--output", output)
    assert result.exit_code == 0, result.output
    assert words in output.read_text(encoding="utf-8")


def test_jumps_are_told_with_their_articles(run_france):
    result = run_france("curve", SITUATION, *ASKED)
    assert result.exit_code == 0, result.output
    assert "solde_recouvre (CGI, art. 1657, 1 bis), seuil impot_revenu.recouvrement.avant_credits = 61" in result.output


def test_an_income_of_several_years(run_france, tmp_path):
    output = tmp_path / "courbe.json"
    result = run_france("curve", SITUATION, *ASKED, "--years-before", 2, "--output", output)
    assert result.exit_code == 0, result.output
    assert json.loads(output.read_text())["varied"]["values"][0] == 36_000


@pytest.mark.parametrize(
    "changed, words",
    [
        (("--vary", "salaire_brut@personne"), "There is no individu `personne`"),
        (("--vary", "salaire_bruut"), "salaire_brut"),
        (("--net", "niveau_de_vie"), "expected one of --variables"),
        (("--to", 1), "expected a range"),
        (("--output", "courbe.png"), "expected a name that ends in .svg, .html, .json, .csv"),
    ],
)
def test_what_is_refused(run_france, changed, words):
    result = run_france("curve", SITUATION, *ASKED, *changed)
    assert result.exit_code == 2
    assert words in result.output
