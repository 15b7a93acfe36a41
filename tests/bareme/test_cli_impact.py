"""`bareme impact` and `bareme solve` on the terminal."""

import json

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
    for text in ("Taux à 9 %", "Un essai.", "Impôt sur le revenu, crédits restitués déduits", "Décile de niveau de vie", "Indice de Gini", "±", "bootstrap"):
        assert text in done.output
    assert "Comparaison" not in done.output


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
