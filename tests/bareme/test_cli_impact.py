"""`bareme impact` and `bareme solve` on the terminal."""

import json
import sys

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from bareme.cli import main
from invented_population import invented

REFORM = "title: Taux à 9 %\ndescription: Un essai.\nparameters:\n  impot_revenu.bareme.brackets[1].rate: {2022-01-01: 0.09}\n"
AMENDMENT = "title: Amendement\nparameters:\n  impot_revenu.bareme.brackets[3].rate: {2022-01-01: 0.5}\n"


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population")
    for entity, table in invented(120).items():
        parquet.write_table(table, folder / f"{entity}.parquet")
    return folder


@pytest.fixture(name="called")
def _called(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reforme.yaml").write_text(REFORM, encoding="utf-8")
    (tmp_path / "amendement.yaml").write_text(AMENDMENT, encoding="utf-8")

    def call(*arguments):
        return CliRunner().invoke(main, [*arguments, "--population", str(folder)])

    return call


def test_impact_prints_its_tables(called):
    done = called("impact", "reforme.yaml", "--replicates", "5")
    assert done.exit_code == 0, done.output
    for text in ("Taux à 9 %", "Un essai.", "Impôt sur le revenu, crédits", "Décile de niveau de vie", "Indice de Gini", "±", "bootstrap"):
        assert text in done.output
    assert "Comparaison" not in done.output


def test_the_terminal_has_what_changes_in_120_columns(called):
    done = called("impact", "reforme.yaml", "--year", "2022", "--year", "2023", "--replicates", "5")
    assert done.exit_code == 0, done.output
    assert max(map(len, done.output.splitlines())) <= 120
    assert "Département\n" not in done.output
    assert "CSG sur les salaires" not in done.output  # the reform does not change it
    assert "Non montrés : " in done.output
    assert "Perte médiane des perdants" in done.output


def test_details_have_every_table_whole(called):
    done = called("impact", "reforme.yaml", "--details", "--replicates", "5")
    assert done.exit_code == 0, done.output
    for text in ("Département\n", "Prélèvements sociaux sur le patrimoine", "Gain moyen des"):
        assert text in done.output
    assert "Non montrés" not in done.output


def test_a_reform_of_later_years_says_so(called):
    done = called("impact", "reforme.yaml", "--year", "2021", "--replicates", "5")
    assert done.exit_code == 0, done.output
    assert "La réforme ne change aucun montant en 2021 : ses chiffres changent à partir du 2022-01-01." in done.output


def test_years_beyond_the_known_law_are_told(called):
    done = called("impact", "reforme.yaml", "--year", "2027", "--replicates", "5")
    assert done.exit_code == 0, done.output
    assert "Chiffres du droit connus jusqu'en 2025 (impot_revenu" in done.output


def test_impact_against_a_bill_with_files(called, tmp_path):
    done = called("impact", "amendement.yaml", "--against", "reforme.yaml", "--output", "out", "--disclosure", "--constant-euros", "2023", "--replicates", "5")
    assert done.exit_code == 0, done.output
    for text in ("amendement", "projet", "ensemble", "en euros de 2023", "secret"):
        assert text in done.output
    assert (tmp_path / "out" / "datapackage.json").exists()
    assert (tmp_path / "out" / "rapport.html").exists()


def test_several_years(called):
    done = called("impact", "reforme.yaml", "--year", "2022", "--year", "2023", "--replicates", "5", "--unit", "foyer_fiscal")
    assert done.exit_code == 0, done.output
    assert "2023" in done.output
    assert "Année" in done.output


def test_solve_shows_its_way(called):
    done = called("solve", "reforme.yaml", "--parameter", "impot_revenu.bareme.brackets[2].rate", "--target", "budget = 0", "--between", "0.3,0.6")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].split()[0] == "0.3"
    assert any(line.startswith("impot_revenu.bareme.brackets[2].rate = 0.") for line in lines)
    assert "tolerance" in done.output


def test_solve_needs_no_reform(called):
    done = called("solve", "--parameter", "impot_revenu.bareme.brackets[2].rate", "--target", "budget = 0", "--between", "0.2,0.4")
    assert done.exit_code == 0, done.output
    assert "impot_revenu.bareme.brackets[2].rate = 0.3000" in done.output
    assert "budget = 0, wanted 0" in done.output


@pytest.mark.parametrize("text", ["title: Rien\n", "title: Rien\nparameters:\n", "title: Rien\nbase: reforme.yaml\n"])
def test_a_file_that_changes_nothing_is_refused(called, tmp_path, text):
    (tmp_path / "rien.yaml").write_text(text, encoding="utf-8")
    done = called("impact", "rien.yaml")
    assert done.exit_code == 2
    assert "rien.yaml: this reform changes nothing: expected figures under `parameters`" in done.output


@pytest.mark.parametrize("output", ["fichier/dossier", "fichier"])
def test_an_output_that_cannot_be_written_is_told_before_any_figure(called, tmp_path, output):
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    done = called("impact", "reforme.yaml", "--output", output)
    assert done.exit_code == 2
    assert "Effet sur le budget" not in done.output


def test_nothing_is_written_where_a_reform_is_wrong(called, tmp_path):
    (tmp_path / "faux.yaml").write_text("title: x\nparameters:\n  impot_revenu.decote.tau: {2022-01-01: 0.5}\n", encoding="utf-8")
    done = called("impact", "faux.yaml", "--output", "a/b")
    assert done.exit_code == 2
    assert "faux.yaml:3: Parameter `impot_revenu.decote` has no `tau`. Did you mean `taux`?" in done.output
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "arguments, text",
    [
        (("impact", "reforme.yaml", "--population", "populations"), "populations: there is no such file or folder"),
        (("impact", "reforme.yaml", "--year", "2016"), "no figures of the income tax in 2016: expected a year from 2017 on"),
        (("impact", "reforme.yaml", "--year", "2025", "--constant-euros", "2024"), "prices of 2025 are not known"),
        (("population", "schema", "--population", "nulle_part"), "'nulle_part' does not exist"),
        (("population", "make", "--year", "1900", "--output", "neuf"), "cannot be taken to 1900"),
        (("impacts", "reforme.yaml"), "There is no command `impacts`. Did you mean `impact`"),
    ],
)
def test_errors_come_before_the_work(tmp_path, monkeypatch, arguments, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reforme.yaml").write_text(REFORM, encoding="utf-8")
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == 2
    assert text in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["reforme.yaml"]


@pytest.mark.parametrize(
    "arguments, text",
    [
        (("impact", "reform.yaml"), "Did you mean `reforme.yaml`"),
        (("impact", "reforme.yaml", "--against", "projet.yaml"), "projet.yaml: there is no such file"),
        (("impact", "reforme.yaml", "--constant-euros", "1900"), "prices of 1900 are not known"),
        (("solve", "reforme.yaml", "--parameter", "impot_revenu.decote.taux", "--target", "gini = 0.9"), "cannot be reached"),
        (("solve", "reforme.yaml", "--parameter", "x", "--target", "budget = 0", "--between", "1"), "is no pair of numbers"),
    ],
)
def test_what_is_wrong_is_said(called, arguments, text):
    done = called(*arguments)
    assert done.exit_code == 2
    assert text in done.output


def test_bundles_of_impacts_and_solutions_are_reproduced(folder, called, tmp_path):
    asked = ("impact", "amendement.yaml", "--against", "reforme.yaml", "--replicates", "5")
    assert called(*asked, "--bundle", "dossier").exit_code == 0
    manifest = json.loads((tmp_path / "dossier" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"]["options"]["seed"] == 20221122
    assert [layer["title"] for layer in manifest["law"]["layers"]] == ["", "Taux à 9 %", "Amendement"]
    assert {each["path"] for each in manifest["inputs"]} >= {"amendement.yaml", "reforme.yaml", str(folder / "individu.parquet")}
    assert (tmp_path / "dossier" / "results" / "datapackage.json").is_file()
    (tmp_path / "reforme.yaml").write_text(REFORM.replace("0.09", "0.08"), encoding="utf-8")  # the bundle has its own
    replayed = CliRunner().invoke(main, ["replay", "dossier"])
    assert replayed.exit_code == 0, replayed.output
    solved = called("solve", "reforme.yaml", "--parameter", "impot_revenu.bareme.brackets[2].rate", "--target", "budget = 0", "--bundle", "resolu")
    assert solved.exit_code == 0, solved.output
    replayed = CliRunner().invoke(main, ["replay", "resolu"])
    assert replayed.exit_code == 0, replayed.output


def test_a_library_that_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "population.france.make", raising=False)
    monkeypatch.setitem(sys.modules, "scipy", None)
    done = CliRunner().invoke(main, ["population", "make", "--output", str(tmp_path / "new")])
    assert done.exit_code == 2
    assert "needs scipy, which is not installed: pip install 'bareme[analysis]'" in done.output
    assert not (tmp_path / "new").exists()
