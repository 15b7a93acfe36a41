"""`bareme variables` and `bareme parameters`: what the law holds."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from bareme.cli import main


def test_variables_lists_them_with_entity_period_and_type(run):
    lines = run("variables").output.splitlines()
    assert len(lines) == 13
    (line,) = [line for line in lines if line.startswith("impot ")]
    assert line.split(maxsplit=5) == ["impot", "cote", "year", "float", "formula", "Impôt de la cote"]


def test_variables_may_be_chosen(run):
    assert {line.split()[0] for line in run("variables", "--entity", "foyer").output.splitlines()} == {"salaire", "couple", "naissance", "revenu"}
    assert {line.split()[0] for line in run("variables", "--search", "COTE").output.splitlines()} == {"impot", "revenu_de_la_cote"}
    nothing = run("variables", "--search", "rien de tel")
    assert nothing.stdout == ""
    assert "No variable holds `rien de tel`" in nothing.stderr
    refused = run("variables", "--entity", "foyers")
    assert refused.exit_code == 2
    assert "Did you mean `foyer`?" in refused.output


def test_a_variable_is_told_in_full(run):
    told = run("variables", "impot").output
    assert told.startswith("impot\n  Impôt de la cote\nentity:     cote\nperiod:     year\ntype:       float\nunit:       currency\ndefault:    0.0\n")
    assert "reference:  Loi, art. 1\n            Loi, art. 2\n" in told
    assert "formula, always: " in told
    assert "tables_law.py:" in told
    told = run("variables", "statut").output
    assert "default:    locataire" in told
    assert "  heberge: Hébergé" in told
    assert "an input: it has no formula" in told


def test_an_unknown_variable_ends_with_the_nearest_names(run):
    result = run("variables", "impots")
    assert result.exit_code == 2
    assert result.output == "Error: There is no variable `impots`. Did you mean `impot`?\n"


@pytest.fixture
def french():
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def test_parameters_show_branches_and_histories_with_references(french):
    assert "taxe_habitation" in french("parameters").output
    assert "seuil " in french("parameters", "taxe_habitation.prelevement_base_elevee").output
    told = french("parameters", "taxe_habitation.prelevement_base_elevee.seuil").output
    assert "unit:       currency\nreference:  CGI, art. 1641, I, 3\n" in told
    assert told.endswith("2014-01-01  4573\n")
    told = french("parameters", "taxe_habitation.valeur_locative.coefficients_departementaux.association").output
    assert "2014-01-01\n  01  1.99\n" in told


def test_an_unknown_parameter_ends_with_the_nearest_names(french):
    result = french("parameters", "taxe_habitation.prelevement_base_elevee.seui")
    assert result.exit_code == 2
    assert "Did you mean `seuil`?" in result.output


@pytest.mark.parametrize(
    "name, words",
    [
        ("foo", "The law has no `foo`. Expected one of communes, "),
        ("taxe_habitation.", "`taxe_habitation.` is no name of a parameter"),
        (".", "`.` is no name of a parameter"),
        ("taxe_habitation.prelevement_base_elevee.foo", "has no `foo`. Expected one of "),
        ("taxe_habitation.prelevement_base_elevee.seuil.foo", "foo"),
    ],
)
def test_a_wrong_parameter_ends_with_what_there_is(french, name, words):
    result = french("parameters", name)
    assert result.exit_code == 2
    assert words in result.output


def test_a_cold_listing_loads_neither_tables_nor_terminal_painting():
    code = (
        "import sys\nfrom bareme.cli import main\nmain(['variables'], standalone_mode=False)\n"
        "print([name for name in ('pyarrow', 'rich', 'numexpr', 'numba') if name in sys.modules], file=sys.stderr)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)  # once, so that what is cached on disk is there
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr == "[]\n"
    assert "net_a_payer" in done.stdout


def test_help_and_version_answer(french):
    assert all(name in french("--help").output for name in ("simulate", "conformance", "variables", "parameters", "test", "communes"))
    assert french("--version").output.startswith("bareme, version 0")
    assert french("simulat").exit_code == 2
