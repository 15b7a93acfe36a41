"""`--bundle` and `bareme replay`: what was run can be run again, and what changed is said."""

import hashlib
import json
import shutil

import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
import pytest
from jsonschema import Draft202012Validator

from bareme.bundles.manifest import schema
from engine.reform import reform_from_data
from engine.variables import Variable
from tables_law import COTE, small_law

CASES = "cote_id,taux,valeur,statut,weight\na,0.5,100,heberge,1\nb,0.25,-4,locataire,5\nc,0.1,200,locataire,3\n"
SITUATION = {
    "cotes": {"x": {"local": "l", "impot": {"2017": None}}},
    "locaux": {"l": {"commune": "c", "valeur": {"2017": 100}}},
    "communes": {"c": {"taux": {"2017": 0.5}}},
    "foyers": {"f": {"cote": "x", "cote_role": "premier"}},
}
WANTED = ("--period", "2017", "--variables", "impot,loge")


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def table(run, write, tmp_path):
    """Return the bundle of a flat table, without a copy of it."""
    write("cas.csv", CASES)
    done = run("simulate", "cas.csv", *WANTED, "--bundle", "dossier")
    assert done.exit_code == 0, done.output
    return tmp_path / "dossier"


def files_of(folder):
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def edit(folder, change):
    manifest = manifest_of(folder)
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


class TestWriting:
    def test_a_table_is_kept_by_hash_and_its_results_are_whole(self, table, tmp_path):
        assert files_of(table) == ["law.json", "manifest.json", "results/results.parquet"]
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
        manifest = manifest_of(table)
        (given,) = manifest["inputs"]
        assert given["path"] == "cas.csv"
        assert given["sha256"] == hashlib.sha256(CASES.encode()).hexdigest()
        assert not given["copied"]
        assert manifest["command"]["line"] == "bareme simulate cas.csv --period 2017 --variables impot,loge --bundle dossier"
        assert manifest["command"]["options"] == {"file": "cas.csv", "at": "2017", "variables": "impot,loge"}
        assert manifest["results"][0]["sha256"] == hashlib.sha256((table / "results" / "results.parquet").read_bytes()).hexdigest()
        assert pyarrow.parquet.read_table(table / "results" / "results.parquet")["impot"].to_pylist() == [50.0, None, 20.0]

    def test_manifests_have_the_form_of_the_schema(self, table):
        Draft202012Validator.check_schema(schema())
        Draft202012Validator(schema()).validate(manifest_of(table))

    def test_tables_are_copied_where_asked_for(self, run, write, tmp_path):
        write("cotes.csv", "cote_id,statut\nx,heberge\n")
        write("foyers.csv", "cote_id,cote_role,salaire\nx,premier,1\n")
        tables = ("--table", "cote=cotes.csv", "--table", "foyer=foyers.csv", "--period", 2017, "--variables", "revenu_de_la_cote,revenu")
        assert run("simulate", *tables, "--bundle", "dossier", "--copy-inputs").exit_code == 0
        results = ["results/cote.parquet", "results/foyer.parquet"]
        assert files_of(tmp_path / "dossier") == ["inputs/tables-1/cotes.csv", "inputs/tables-2/foyers.csv", "law.json", "manifest.json", *results]
        (tmp_path / "cotes.csv").unlink()
        (tmp_path / "foyers.csv").unlink()
        replayed = run("replay", "dossier")
        assert (replayed.exit_code, replayed.output) == (0, "equal: 2 results, bit for bit, under the same law\n")

    @pytest.mark.parametrize("name", ["res.csv", "res.feather", "res.parquet"])
    def test_an_output_is_written_as_ever_and_kept(self, run, write, tmp_path, name):
        write("cas.csv", CASES)
        assert run("simulate", "cas.csv", *WANTED, "--output", name, "--bundle", "dossier").exit_code == 0
        assert (tmp_path / name).read_bytes() == (tmp_path / "dossier" / "results" / name).read_bytes()
        assert run("replay", "dossier").exit_code == 0

    def test_a_situation_is_copied_and_shown_as_ever(self, run, write, tmp_path):
        write("cas.json", json.dumps(SITUATION))
        done = run("simulate", "cas.json", "--bundle", "dossier")
        assert done.stdout == (tmp_path / "dossier" / "results" / "situation.json").read_text(encoding="utf-8")
        (tmp_path / "cas.json").unlink()
        assert run("replay", "dossier").exit_code == 0

    def test_two_bundles_of_one_command_differ_in_their_date_only(self, run, table, tmp_path):
        table.rename(tmp_path / "premier")
        edit(tmp_path / "premier", lambda manifest: manifest.update(date="2020-01-01T00:00:00Z"))
        assert run("simulate", "cas.csv", *WANTED, "--bundle", "dossier").exit_code == 0
        assert files_of(table) == files_of(tmp_path / "premier")
        for name in files_of(table):
            if name != "manifest.json":
                assert (table / name).read_bytes() == (tmp_path / "premier" / name).read_bytes()
        assert {**manifest_of(table), "date": ""} == {**manifest_of(tmp_path / "premier"), "date": ""}

    def test_an_empty_folder_will_do_and_a_full_one_is_refused_before_anything_is_read(self, run, write, tmp_path):
        write("cas.csv", CASES)
        (tmp_path / "vide").mkdir()
        assert run("simulate", "cas.csv", *WANTED, "--bundle", "vide").exit_code == 0
        refused = run("simulate", "nowhere.csv", *WANTED, "--bundle", "vide")
        assert refused.exit_code == 2
        assert "vide: is not empty" in refused.output
        assert "is no folder" in run("simulate", "cas.csv", *WANTED, "--bundle", "cas.csv").output
        assert "there is no folder a" in run("simulate", "cas.csv", *WANTED, "--bundle", "a/b").output
        assert "expected --bundle DIR" in run("simulate", "cas.csv", *WANTED, "--copy-inputs").output
        inside = run("simulate", "cas.csv", *WANTED, "--bundle", "neuf", "--output", "neuf/res.csv")
        assert "is within the bundle" in inside.output

    @pytest.mark.parametrize("text", ["tauxx\n1\n", "cote_id\n"])
    def test_a_command_that_fails_leaves_nothing(self, run, write, tmp_path, text):
        write("cas.csv", text)
        assert run("simulate", "cas.csv", "--period", 2017, "--variables", "nothing_known", "--bundle", "dossier").exit_code == 2
        assert [path.name for path in tmp_path.iterdir()] == ["cas.csv"]

    def test_an_interruption_leaves_nothing(self, run, write, tmp_path, monkeypatch):
        def interrupted(*_):
            raise KeyboardInterrupt

        write("cas.csv", CASES)
        monkeypatch.setattr("bareme.bundles.writing.versions", interrupted)
        assert run("simulate", "cas.csv", *WANTED, "--bundle", "dossier").exit_code == 1
        assert [path.name for path in tmp_path.iterdir()] == ["cas.csv"]

    def test_a_folder_that_fills_meanwhile_is_left_as_it_is(self, run, write, tmp_path, monkeypatch):
        write("cas.csv", CASES)
        (tmp_path / "dossier").mkdir()
        monkeypatch.setattr("bareme.cli.summaries.show", lambda *_: write("dossier/other.txt", "mine"))
        done = run("simulate", "cas.csv", *WANTED, "--bundle", "dossier")
        assert done.exit_code == 2
        assert "dossier: the bundle cannot be put there" in done.output
        assert sorted(path.name for path in tmp_path.iterdir()) == ["cas.csv", "dossier"]
        assert files_of(tmp_path / "dossier") == ["other.txt"]

    def test_an_input_that_changes_while_the_command_runs_is_no_input(self, run, write, tmp_path, monkeypatch):
        write("cas.csv", CASES)
        monkeypatch.setattr("bareme.cli.summaries.show", lambda *_: write("cas.csv", CASES + "d,0.1,200,locataire,3\n"))
        done = run("simulate", "cas.csv", *WANTED, "--bundle", "dossier")
        assert done.exit_code == 2
        assert "cas.csv: was changed while the command ran" in done.output
        assert [path.name for path in tmp_path.iterdir()] == ["cas.csv"]


class TestReplaying:
    def test_a_bundle_is_reproduced(self, run, table):
        done = run("replay", table)
        assert (done.exit_code, done.output) == (0, "equal: 1 result, bit for bit, under the same law\n")

    def test_reforms_are_kept_with_the_bills_that_they_amend(self, run, write, tmp_path):
        write("cas.csv", CASES)
        (tmp_path / "textes").mkdir()
        write("projet.yaml", "title: Projet\nneutralize: [loge]\n")
        write("textes/amendement.yaml", "title: Amendement\nbase: ../projet.yaml\nneutralize: [statut]\n")
        assert run("simulate", "cas.csv", *WANTED, "--reform", "textes/amendement.yaml", "--bundle", "dossier").exit_code == 0
        assert [name for name in files_of(tmp_path / "dossier") if "inputs" in name] == [
            "inputs/reforms-1/projet.yaml",
            "inputs/reforms-1/textes/amendement.yaml",
        ]
        (tmp_path / "projet.yaml").unlink()
        shutil.rmtree(tmp_path / "textes")
        assert run("replay", "dossier").exit_code == 0

    def test_other_versions_are_told_and_no_reason_to_refuse(self, run, table):
        edit(table, lambda manifest: manifest["versions"].update(numpy="1.0"))
        done = run("replay", table)
        assert done.exit_code == 0
        assert "warning: version of numpy: 1.0 then, " in done.output

    def test_a_missing_input_is_named_and_found_elsewhere(self, run, table, tmp_path):
        (tmp_path / "ailleurs").mkdir()
        (tmp_path / "cas.csv").rename(tmp_path / "ailleurs" / "cas.csv")
        done = run("replay", table)
        assert done.exit_code == 2
        assert "cas.csv: an input (`file`): there is no such file here: say with --with DIR" in done.output
        assert run("replay", table, "--with", "ailleurs").exit_code == 0
        (tmp_path / "ailleurs" / "cas.csv").rename(tmp_path / "cas.csv")
        assert run("replay", table, "--with", "ailleurs").exit_code == 0

    def test_a_changed_input_is_named(self, run, table, write):
        write("cas.csv", CASES.replace("100", "101"))
        done = run("replay", table)
        assert done.exit_code == 2
        assert "cas.csv: was changed since the bundle was made (SHA-256 " in done.output

    def test_a_changed_copy_is_named(self, run, write, tmp_path):
        write("cas.json", json.dumps(SITUATION))
        run("simulate", "cas.json", "--bundle", "dossier")
        write("dossier/inputs/file-1/cas.json", json.dumps(SITUATION) + " ")
        done = run("replay", "dossier")
        assert done.exit_code == 2
        assert "file-1/cas.json: was changed" in done.output

    def test_a_changed_law_is_told_by_its_variables_and_results(self, run_law, table):
        class impot(Variable):
            value_type = float
            entity = COTE
            definition_period = "year"

            def formula(cote, period):
                return cote.local("valeur", period) * cote.local.commune("taux", period) + 2.5

        done = run_law(small_law().replacing(impot), "replay", table)
        assert done.exit_code == 1
        assert "differs: law: variables: changed impot\n" in done.output
        assert "column `impot`: 2 of 3 rows differ, largest difference 2.5, first in row 1: 50.0 then, 52.5 now" in done.output
        assert "column `loge`" not in done.output

    def test_a_law_that_is_other_without_effect_differs(self, run_law, table):
        law = reform_from_data({"neutralize": ["salaire"]})(small_law())
        done = run_law(law, "replay", table)
        assert (done.exit_code, done.output) == (1, "differs: law: variables: changed salaire\n")

    def test_code_beside_formulas_is_told_and_left_to_the_results(self, run, table, monkeypatch):
        monkeypatch.setattr("bareme.bundles.law._code", lambda _law: iter([("another.py", table / "manifest.json")]))
        done = run("replay", table)
        assert done.exit_code == 0
        assert "warning: law: files of code: new another.py; gone " in done.output

    def test_without_the_old_law_it_is_said_that_it_differs(self, run_law, table):
        (table / "law.json").unlink()
        assert "law: other than then; law.json, which would tell where" in run_law(small_law().neutralizing("salaire"), "replay", table).output

    def test_a_law_that_cannot_run_the_command_is_told(self, run_law, table):
        from dataclasses import replace

        law = small_law()
        lesser = replace(law, variables={name: rule for name, rule in law.variables.items() if name != "loge"})
        done = run_law(lesser, "replay", table)
        assert done.exit_code == 2
        assert "The command fails now: There is no variable `loge`." in done.output

    def test_a_changed_result_is_told(self, run, table):
        file = table / "results" / "results.parquet"
        found = pyarrow.parquet.read_table(file)
        changed = found.set_column(found.column_names.index("impot"), "impot", pyarrow.array([50.25, None, 20.0]))
        pyarrow.parquet.write_table(changed, file)
        done = run("replay", table)
        assert done.exit_code == 1
        assert "warning: results/results.parquet: was changed since the bundle was made" in done.output
        assert "column `impot`: 1 of 3 rows differ, largest difference 0.25, first in row 1: 50.25 then, 50.0 now" in done.output
        file.unlink()
        assert "results.parquet: is missing in the bundle; what the law gives now has its hash" in run("replay", table).output

    def test_the_same_values_written_otherwise_are_equal_and_told(self, run, table):
        file = table / "results" / "results.parquet"
        pyarrow.parquet.write_table(pyarrow.parquet.read_table(file), file, compression="none")
        edit(table, lambda manifest: manifest["results"][0].update(sha256=hashlib.sha256(file.read_bytes()).hexdigest()))
        done = run("replay", table)
        assert done.exit_code == 0
        assert "warning: results/results.parquet: other bytes, the same values" in done.output

    def test_a_changed_document_is_told_by_its_paths(self, run, write, tmp_path):
        write("cas.json", json.dumps(SITUATION))
        run("simulate", "cas.json", "--bundle", "dossier")
        file = tmp_path / "dossier" / "results" / "situation.json"
        file.write_text(file.read_text(encoding="utf-8").replace("50.0", "51.0"), encoding="utf-8")
        assert "`cotes/x/impot/2017`: 51.0 then, 50.0 now, difference 1" in run("replay", "dossier").output


class TestManifests:
    @pytest.mark.parametrize(
        "change, words",
        [
            (lambda manifest: manifest.pop("law"), "the document: `law` is missing"),
            (lambda manifest: manifest.update(extra=1), "extra: is not known here"),
            (lambda manifest: manifest.update(version=2), "is of version 2: this Barème reads version 1"),
            (lambda manifest: manifest.update(format="x"), "format: expected 'bareme-bundle'; got 'x'"),
            (lambda manifest: manifest["command"].update(name="rm"), "command.name: expected one of simulate, impact, solve"),
            (lambda manifest: manifest["inputs"][0].update(place="../x"), "inputs[0].place: expected a text as"),
            (lambda manifest: manifest["inputs"][0].update(sha256="x", bytes=-1), "inputs[0].bytes: expected at least 0"),
            (lambda manifest: manifest["results"][0].update(file="/etc/passwd"), "results[0].file: expected a text as"),
            (lambda manifest: manifest["inputs"].clear(), "cas.csv: an input (`file`) that the manifest does not list"),
            (lambda manifest: manifest["command"]["options"].update(unheard_of="1"), "has no option unheard_of now"),
        ],
    )
    def test_a_corrupted_manifest_is_refused_with_the_place(self, run, table, change, words):
        edit(table, change)
        done = run("replay", table)
        assert done.exit_code == 2
        assert words in done.output

    def test_our_own_check_and_a_library_agree(self, table):
        from bareme.bundles.manifest import problems

        good = manifest_of(table)
        validator = Draft202012Validator(schema())
        for path in (("law", "layers"), ("inputs",), ("date",), ("command", "arguments"), ("versions", "numpy"), ("results",), ("command", "options")):
            for value in (None, True, 3, "x", [], {}, [1], {"x": None}):
                data = json.loads(json.dumps(good))
                below = data
                for step in path[:-1]:
                    below = below[step]
                below[path[-1]] = value
                assert (not list(problems(data))) == validator.is_valid(data), (path, value)

    def test_what_is_no_bundle_is_refused(self, run, table, tmp_path):
        assert "is no bundle" in run("replay", tmp_path / "nowhere").output
        (table / "manifest.json").write_text('{"format": ', encoding="utf-8")
        done = run("replay", table)
        assert done.exit_code == 2
        assert "is corrupted: this is not JSON" in done.output
