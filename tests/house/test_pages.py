"""The examples of the README and of the pages on simulating and on writing the law are true, and every page can be found."""

import doctest
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bareme.cli import main

HOUSE = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page, kind):
    return [text for language, text in BLOCK.findall((HOUSE / page).read_text(encoding="utf-8")) if language == kind]


@pytest.mark.parametrize("page, least", [("README.md", 5), ("docs/simulate.md", 7)])
def test_python_gives_what_is_said(page, least):
    found = doctest.testfile(str(HOUSE / page), module_relative=False, encoding="utf-8")
    assert found.attempted >= least
    assert found.failed == 0


def test_the_readme_simulates(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cases, results = blocks("README.md", "csv")
    Path("foyers.csv").write_text(cases, encoding="utf-8")
    done = CliRunner().invoke(main, ["simulate", "foyers.csv", "--period", "2022", "--variables", "nombre_parts,impot_a_payer", "--output", "impots.csv"])
    assert done.exit_code == 0, done.output
    assert Path("impots.csv").read_text(encoding="utf-8") == results


def test_the_reform_of_the_readme_fits_the_law(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (reform,) = blocks("README.md", "yaml")
    Path("reforme.yaml").write_text(reform, encoding="utf-8")
    assert CliRunner().invoke(main, ["parameters", "impot_revenu.decote.taux", "-r", "reforme.yaml"]).output.count("2022-01-01  0.5") == 1


def test_the_situation_is_calculated(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (situation,) = blocks("docs/simulate.md", "json")
    Path("situation.json").write_text(situation, encoding="utf-8")
    done = CliRunner().invoke(main, ["simulate", "situation.json", "--period", "2022"])
    assert '"impot_a_payer": 1760' in done.output


def test_the_law_that_the_page_writes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    amount, ceiling, case = blocks("docs/law.md", "yaml")
    rule, reform = blocks("docs/law.md", "python")
    files = {"aide_noel/parameters/aide_noel/montant.yaml": amount, "aide_noel/parameters/aide_noel/plafond.yaml": ceiling, "aide_noel.yaml": case}
    for name, text in {**files, "aide_noel/__init__.py": "", "aide_noel/aide.py": rule, "reforme_de_noel.py": reform}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert "1 passed, 0 failed" in CliRunner().invoke(main, ["test", "aide_noel.yaml", "-e", "aide_noel"]).output
    assert "Aide de Noël, par enfant" in CliRunner().invoke(main, ["parameters", "aide_noel", "-e", "aide_noel"]).output
    doubled = CliRunner().invoke(main, ["test", "aide_noel.yaml", "-e", "aide_noel", "-r", "reforme_de_noel.aide_doublee"]).output
    assert "expected 100, got 200" in doubled


def test_the_readme_names_every_page():
    told = (HOUSE / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in (HOUSE / "docs").iterdir() if path.suffix in (".md", ".ipynb")]
    assert pages
    assert not [name for name in pages if f"](docs/{name})" not in told]
