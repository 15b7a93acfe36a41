"""`--bundle` on a population in parts: every part is kept by its hash, and computed again by `bareme replay`."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from bareme.cli import main
from invented_population import invented

EQUAL = "bit for bit, under the same law\n"
CHANGED = "part-00001.parquet"


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory):
    """Return a folder with a population in three parts, a reform, and the bundle of its impact."""
    here = tmp_path_factory.mktemp("here")
    (here / "whole").mkdir()
    for entity, table in invented(60).items():
        parquet.write_table(table, here / "whole" / f"{entity}.parquet")
    assert run("population", "split", here / "whole", "--parts", 3, "--output", here / "parts").exit_code == 0
    (here / "decote.yaml").write_text("title: Décote\nparameters:\n  impot_revenu.decote.taux: {2022-01-01: 0.6}\n", encoding="utf-8")
    done = run("impact", here / "decote.yaml", "--population", here / "parts", "--replicates", 3, "--bundle", here / "dossier")
    assert done.exit_code == 0, done.output
    return here


@pytest.fixture(name="here")
def _here(made, tmp_path, monkeypatch):
    """Return a copy of that folder, which a test may change, and work there."""
    for name in ("parts", "dossier"):
        shutil.copytree(made / name, tmp_path / name)
    shutil.copy(made / "decote.yaml", tmp_path)
    shutil.move(made / "parts", made / "elsewhere")  # nothing is found where it was
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    shutil.move(made / "elsewhere", made / "parts")


def test_every_part_is_in_the_manifest_and_none_is_copied(made):
    manifest = manifest_of(made / "dossier")
    parts = [each for each in manifest["inputs"] if each["option"] == "population"]
    assert len(parts) == 3 * 5 + 1
    assert {each["place"] for each in parts} == {
        *(
            f"population-1/parts/{entity}/part-0000{number}.parquet"
            for entity in ("cote", "foyer_fiscal", "individu", "local", "menage")
            for number in range(3)
        ),
        "population-1/parts/commune.parquet",
    }
    assert not any(each["copied"] for each in parts)
    assert [path.name for path in (made / "dossier" / "inputs").iterdir()] == ["reform-1"]
    assert [layer["title"] for layer in manifest["law"]["layers"]] == ["", "Décote"]
    assert "results/datapackage.json" in {path.relative_to(made / "dossier").as_posix() for path in (made / "dossier").rglob("*")}


def test_it_is_computed_again_from_the_parts_and_not_from_what_was_finished(made):
    replayed = run("replay", made / "dossier")
    assert (replayed.exit_code, replayed.stdout.endswith(EQUAL)) == (0, True), replayed.output
    assert "parts: 3 of 3" in replayed.stderr
    assert "finished already" not in replayed.stderr


@pytest.mark.parametrize("options", [("--with", "parts"), ("--with", ".")])
def test_parts_that_moved_are_found(here, options):
    replayed = run("replay", "dossier", *options)
    assert (replayed.exit_code, replayed.stdout.endswith(EQUAL)) == (0, True), replayed.output


def test_parts_that_are_changed_or_gone_are_named(here):
    file = here / "parts" / "individu" / CHANGED
    table = parquet.read_table(file)
    parquet.write_table(table.slice(0, table.num_rows - 1), file)
    (here / "parts" / "menage" / CHANGED).unlink()
    (here / "parts" / "commune.parquet").unlink()
    replayed = run("replay", "dossier", "--with", "parts")
    assert replayed.exit_code != 0
    said = f"{replayed.output}{replayed.exception}"
    assert f"individu/{CHANGED}: was changed since the bundle was made" in said
    assert f"menage/{CHANGED}: an input (`population`): there is no such file in parts or here" in said
    assert "commune.parquet: an input (`population`): there is no such file" in said
    assert "part-00000" not in said


def test_results_that_were_changed_are_named(here):
    results = here / "dossier" / "results"
    file = next(results.rglob("budget.parquet"))
    table = parquet.read_table(file)
    place = table.column_names.index("avant")
    parquet.write_table(table.set_column(place, "avant", [np.asarray(table["avant"].to_numpy()) + 1.0]), file)
    replayed = run("replay", "dossier", "--with", "parts")
    assert replayed.exit_code == 1
    assert f"differs: {file.relative_to(results).as_posix()}: column `avant`" in replayed.output


def test_copies_of_parts_are_kept_where_asked_for(here):
    command = ("impact", "decote.yaml", "--population", "parts", "--replicates", 3, "--memory", "900MB", "--bundle", "copies", "--copy-inputs")
    assert run(*command).exit_code == 0
    assert len(list((here / "copies" / "inputs" / "population-1" / "parts").rglob("*.parquet"))) == 16
    shutil.rmtree(here / "parts")
    assert manifest_of(here / "copies")["command"]["options"]["memory"] == "900MB"
    assert run("replay", "copies").exit_code == 0


ENTITIES = ("individu", "foyer_fiscal", "menage", "cote", "local")
TABLES = [word for entity in ENTITIES for word in ("--table", f"{entity}=parts/{entity}")] + ["--table", "commune=parts/commune.parquet"]
SIMULATE = ("simulate", *TABLES, "--period", 2022, "--variables", "impot_net,niveau_de_vie", "--memory", "900MB")


def test_results_of_simulate_are_kept_part_by_part(here):
    done = run(*SIMULATE, "--bundle", "seul")
    assert done.exit_code == 0, done.output
    names = sorted(f"{entity}/part-0000{number}.parquet" for entity in ("foyer_fiscal", "menage") for number in range(3))
    results = here / "seul" / "results"
    assert sorted(path.relative_to(results).as_posix() for path in results.rglob("*") if path.is_file()) == names
    assert [each["file"] for each in manifest_of(here / "seul")["results"]] == names
    assert run("replay", "seul").exit_code == 0
    done = run(*SIMULATE, "--output", "out", "--bundle", "avec")
    assert done.exit_code == 0, done.output
    assert (here / "out" / "work.json").is_file()
    assert [each["file"] for each in manifest_of(here / "avec")["results"]] == names
    assert all((here / "out" / name).read_bytes() == (here / "avec" / "results" / name).read_bytes() for name in names)
    replayed = run("replay", "avec")
    assert (replayed.exit_code, replayed.stdout) == (0, f"equal: 6 results, {EQUAL}")


def test_what_other_versions_finished_is_computed_again(here, monkeypatch):
    command = (*SIMULATE, "--output", "out")
    assert run(*command).exit_code == 0
    assert "everything is computed again" in run(*command, "--bundle", "premier").stderr
    assert "3 of 3 parts are finished already" in run(*command, "--bundle", "second").stderr
    monkeypatch.setattr("bareme.bundles.versions.versions", lambda: {"bareme": "0"})
    other = run(*command, "--bundle", "other")
    assert "or of other versions: everything is computed again" in other.stderr


def test_a_table_that_a_population_of_france_lacks_is_named(here):
    done = run("simulate", "--population", "parts", "--period", 2022, "--variables", "impot_net", "--output", "out")
    assert done.exit_code != 0
    assert "`famille`: there is no table of it" in f"{done.output}{done.exception}"
    assert here
