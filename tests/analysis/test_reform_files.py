"""Good and bad reform files: a bad one stands beside what is said of it, and nothing is written."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import bareme
from bareme.cli import main
from engine.reform import layers, read_reform

FOLDER = Path(__file__).parent / "reformes"
BAD = sorted(path.stem for path in FOLDER.glob("*.yaml"))
ROOT = Path(bareme.__file__).parents[1]
FRANCE = sorted((ROOT / "reforms").glob("*.yaml"))


@pytest.mark.parametrize("name", BAD)
def test_all_that_is_wrong_is_named_with_file_and_line(name, tmp_path, monkeypatch):
    monkeypatch.chdir(FOLDER)
    output = tmp_path / "out"
    done = CliRunner().invoke(main, ["impact", f"{name}.yaml", "--population", str(tmp_path), "--output", str(output)])
    assert done.exit_code == 2
    assert done.output == f"Error: {(FOLDER / f'{name}.txt').read_text(encoding='utf-8')}"
    assert not output.exists()


def test_three_layers(tmp_path):
    (tmp_path / "bill.yaml").write_text("title: Projet\nbase: droit en vigueur\nparameters: {impot_revenu.decote.taux: {2022-01-01: 0.5}}\n")
    (tmp_path / "amendment.yaml").write_text("title: Amendement\nbase: bill.yaml\nparameters: {impot_revenu.decote.taux: {2022-01-01: 0.6}}\n")
    (tmp_path / "further.yaml").write_text("title: Sous-amendement\nbase: amendment.yaml\n")
    reform = read_reform(tmp_path / "further.yaml")
    assert [layer.name for layer in layers(reform)] == ["Projet", "Amendement", "Sous-amendement"]
    assert (reform.name, reform.title, reform.words) == ("Sous-amendement",) * 3
    assert reform(bareme.france()).parameters.child("impot_revenu.decote.taux").at("2022-01-01") == 0.6
    assert [layer.name for layer in layers(read_reform(tmp_path / "bill.yaml"))] == ["Projet"]


def test_brackets_are_taken_away_added_and_replaced():
    def scale(changes, date="2022-01-01"):
        law = bareme.read_reform if isinstance(changes, str) else None
        assert law is None
        from engine.reform import reform_from_data

        return reform_from_data({"parameters": changes})(bareme.france()).parameters.child("impot_revenu.bareme").at(date).brackets

    path = "impot_revenu.bareme.brackets"
    first, second, third, fourth, fifth = bareme.france().parameters.child("impot_revenu.bareme").at("2022-01-01").brackets
    assert scale({f"{path}[2]": {"2022-01-01": None}}) == (first, second, fourth, fifth)
    assert len(scale({f"{path}[2]": {"2022-01-01": None}}, "2021-01-01")) == 5
    assert len(scale({f"{path}[2]": {"2022-01-01": {"value": None, "stop": "2022-12-31"}}}, "2023-01-01")) == 5
    assert scale({f"{path}.add": {"2022-01-01": {"threshold": 50_000, "rate": 0.35}}}) == (first, second, third, (50_000, 0.35), fourth, fifth)
    replaced = [{"threshold": 0, "rate": 0}, {"threshold": 12_000, "rate": 0.2}]
    assert scale({path: {"2022-01-01": replaced}}) == ((0, 0), (12_000, 0.2))
    assert scale({"impot_revenu": {"bareme": {"brackets": {"2022-01-01": replaced}}}}, "2025-01-01") == ((0, 0), (12_000, 0.2))
    assert scale({path: {"2022-01-01": [*replaced, *({"threshold": n * 100_000, "rate": 0.5} for n in range(1, 6))]}})[-1] == (500_000, 0.5)
    again = {path: {"2022-01-01": replaced}, f"{path}[3]": {"threshold": {"2023-01-01": 70_000}, "rate": {"2023-01-01": 0.4}}}
    assert scale(again, "2023-01-01") == ((0, 0), (12_000, 0.2), (70_000, 0.4))


@pytest.mark.parametrize("path", FRANCE, ids=lambda path: path.stem)
def test_shipped_reforms_fit_the_law(path):
    reform = read_reform(path)
    assert reform.name
    law = reform(bareme.france())
    assert law.parameters is not bareme.france().parameters
