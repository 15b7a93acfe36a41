"""The shipped population beside the official figures."""

import pytest
from click.testing import CliRunner

from bareme.cli import main
from engine.errors import TableError
from population.france.lines import HELD_OUT, TARGET, Line, read_lines
from population.france.validation import summaries, validate


@pytest.fixture(scope="module")
def compared():
    return validate(year=2022)


def test_targets_are_within_one_per_cent(compared):
    assert {one.line.nom: one.error for one in compared if one.line.usage == TARGET and (one.error is None or abs(one.error) > 0.01)} == {}


def test_held_out_bands_are_within_five_per_cent_but_the_one_of_39_households(compared):
    wrong = {one.line.nom for one in compared if one.line.groupe == "tranches" and one.line.usage == HELD_OUT and abs(one.error) > 0.05}
    assert wrong <= {"tranche_24_foyers", "tranche_24_rfr"}


def test_taxed_households_and_the_share_of_the_top_tenth_are_within_three_per_cent(compared):
    errors = {one.line.nom: abs(one.error) for one in compared if one.error is not None}
    assert errors["foyers_imposes"] < 0.03
    assert errors["foyers_restitution"] < 0.03
    assert errors["part_de_l_impot_top_10"] < 0.03
    assert errors["impot_moyen_top_10"] < 0.03


def test_what_was_asked_to_be_held_out_is_no_target():
    usage = {line.nom: line.usage for line in read_lines()}
    assert {usage[name] for name in ("foyers_imposes", "part_de_l_impot_top_10", "impot_moyen_top_10", "impot_moyen_top_1")} == {HELD_OUT}


def test_summaries_count_every_line_that_was_computed(compared):
    counted = sum(summary.of for summary in summaries(compared))
    assert counted == sum(one.error is not None and one.line.usage in {TARGET, HELD_OUT} for one in compared)


def test_every_line_has_a_source(compared):
    assert all(one.line.source for one in compared)


def test_a_line_that_the_law_does_not_have_is_shown_as_not_computed():
    unknown = Line(nom="x", libelle="x", de="menage", valeur=1.0, usage=HELD_OUT, source="none", somme={"no_such_variable": 1.0})
    (only,) = validate(lines=[unknown])
    assert only.error is None


def test_the_housing_tax_falls_as_it_did():
    of_years = {one.line.nom: one.simulated for one in validate(lines=[line for line in read_lines() if line.nom.startswith("taxe_habitation")])}
    assert of_years["taxe_habitation_2018"] == pytest.approx(14.291e9, rel=0.05)
    assert of_years["taxe_habitation_2019"] == pytest.approx(11.099e9, rel=0.02)


def test_the_command_shows_each_line_with_its_error_and_use():
    result = CliRunner().invoke(main, ["population", "validate", "--year", "2023"])
    assert result.exit_code == 0, result.output
    assert "Impôt net sur le revenu, revenus 2023" in result.output
    assert "held out" in result.output
    refused = CliRunner().invoke(main, ["population", "validate", "--year", "2016"])
    assert refused.exit_code == 2
    assert "No line is measured in 2016" in refused.output


def test_wrong_lines_are_told_all_at_once(tmp_path):
    file = tmp_path / "lignes.yaml"
    file.write_text("a: {libelle: x, de: menage, valeur: beaucoup, usage: but, source: y, sommme: {}}\n", encoding="utf-8")
    with pytest.raises(TableError) as error:
        read_lines(file)
    for message in (
        "there is no `sommme` to say of a line. Did you mean `somme`",
        "`usage` is 'but': expected cible",
        "`valeur` is 'beaucoup': expected a number",
    ):
        assert message in str(error.value)
