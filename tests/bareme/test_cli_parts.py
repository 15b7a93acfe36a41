"""The commands over a population in parts."""

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from bareme.cli import main
from invented_population import invented


@pytest.fixture(scope="module", name="whole")
def _whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population") / "whole"
    folder.mkdir()
    for entity, table in invented(80).items():
        parquet.write_table(table, folder / f"{entity}.parquet")
    return folder


@pytest.fixture(scope="module", name="parts")
def _parts(whole):
    folder = whole.with_name("parts")
    result = CliRunner().invoke(main, ["population", "split", str(whole), "--parts", "3", "--output", str(folder)])
    assert result.exit_code == 0, result.output
    assert "3 parts of cote, foyer_fiscal, individu, local, menage; shared by all: commune" in result.output
    return folder


@pytest.fixture(scope="module", name="reform")
def _reform(tmp_path_factory):
    file = tmp_path_factory.mktemp("reform") / "decote.yaml"
    file.write_text("title: Décote\nparameters:\n  impot_revenu.decote.taux: {2022-01-01: 0.6}\n", encoding="utf-8")
    return file


def test_the_impact_on_parts_is_told_as_that_on_the_whole(whole, parts, reform, tmp_path):
    told = [
        CliRunner().invoke(main, ["impact", str(reform), "--population", str(folder), "--replicates", "3", "--details", *more])
        for folder, more in ((whole, ()), (parts, ("--memory", "2GB", "--work", str(tmp_path / "work"))))
    ]
    assert [result.exit_code for result in told] == [0, 0], told[1].output
    assert told[1].stdout.replace("« parts »", "« whole »") == told[0].stdout
    assert "parts: 3 of 3" in told[1].stderr
    assert "at most, of 2.0 GB." in told[1].stderr
    again = CliRunner().invoke(
        main, ["impact", str(reform), "--population", str(parts), "--replicates", "3", "--details", "--memory", "2GB", "--work", str(tmp_path / "work")]
    )
    assert again.stdout == told[1].stdout
    assert "3 of 3 parts are finished already." in again.stderr


def test_results_are_written_part_by_part(parts, tmp_path):
    tables = [f"{entity}={parts / entity}" for entity in ("individu", "foyer_fiscal", "menage", "cote", "local")]
    options = [each for table in (*tables, f"commune={parts / 'commune.parquet'}") for each in ("--table", table)]
    command = ["simulate", *options, "--period", "2022", "--variables", "impot_net,niveau_de_vie", "--output", str(tmp_path / "out"), "--memory", "2GB"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert "impot_net" in result.stdout
    assert sorted(file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.parquet")) == [
        f"{entity}/part-0000{number}.parquet" for entity in ("foyer_fiscal", "menage") for number in range(3)
    ]


@pytest.mark.parametrize(
    "options, words",
    [
        (("--memory", "2 gigas"), "`2 gigas` is no amount of memory: expected a number and a unit"),
        (("--memory", "100MB"), "100MB of memory are too little: the law alone takes about 420 MB"),
        (("--copy-inputs",), "--copy-inputs copies inputs into a bundle: expected --bundle DIR with it."),
    ],
)
def test_options_that_do_not_fit_are_told(parts, reform, options, words):
    result = CliRunner().invoke(main, ["impact", str(reform), "--population", str(parts), *options])
    assert result.exit_code != 0
    assert words in " ".join(result.output.split())


def test_memory_is_of_parts_alone(whole, reform):
    result = CliRunner().invoke(main, ["impact", str(reform), "--population", str(whole), "--memory", "2GB"])
    assert result.exit_code != 0
    assert "--memory, --processes, --work and --scheduler are of populations in parts" in f"{result.output}{result.exception}"
