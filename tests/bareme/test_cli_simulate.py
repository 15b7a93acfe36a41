"""`bareme simulate`, from tables to a table."""

import pyarrow.feather
import pyarrow.parquet
import pytest

CASES = "cote_id,taux,valeur,statut,weight\na,0.5,100,heberge,1\nb,0.25,-4,locataire,5\nc,0.1,200,locataire,3\n"


@pytest.mark.parametrize("name", ["res.parquet", "res.csv", "res.feather"])
def test_a_flat_table_gives_a_table_and_a_summary(run, write, tmp_path, name):
    result = run("simulate", write("cas.csv", CASES), "--period", 2017, "--variables", "impot, loge", "--output", tmp_path / name)
    assert result.exit_code == 0, result.output
    if name.endswith("parquet"):
        assert pyarrow.parquet.read_table(tmp_path / name)["impot"].to_pylist() == [50.0, None, 20.0]
    elif name.endswith("csv"):
        assert (tmp_path / name).read_text() == '"cote_id","code_refus","impot","loge"\n"a",0,50,"heberge"\n"b",7,,\n"c",0,20,"locataire"\n'
    else:
        assert pyarrow.feather.read_table(tmp_path / name).num_rows == 3
    assert "cote (weighted)" in result.output
    assert "27.50" in result.output
    assert "110" in result.output
    assert "loge: 2 rows: locataire 75.0%, heberge 25.0%" in result.output
    assert "1 rows refused by the law, by code_refus: 7: 1" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["cas.csv", name])


def test_tables_of_entities_give_a_file_each(run, write, tmp_path):
    cotes = write("cotes.csv", "cote_id,statut\nx,heberge\ny,heberge\n")
    foyers = write("foyers.csv", "cote_id,cote_role,salaire\nx,premier,1\ny,premier,2\ny,second,3\n")
    arguments = ["simulate", "--table", f"cote={cotes}", "--table", f"foyer={foyers}", "--period", "2017", "--variables", "revenu_de_la_cote,revenu"]
    refused = run(*arguments, "--output", tmp_path / "res.csv")
    assert refused.exit_code == 2
    assert "give an --output with {entity} in its name" in refused.output
    result = run(*arguments, "--output", tmp_path / "res_{entity}.csv")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "res_cote.csv").read_text() == '"cote_id","code_refus","revenu_de_la_cote"\n"x",0,1\n"y",0,5\n'
    assert (tmp_path / "res_foyer.csv").read_text() == '"revenu"\n1\n2\n3\n'


def test_faults_of_the_table_are_all_said_and_nothing_is_written(run, write, tmp_path):
    cases = write("cas.csv", "tauxx,valeur\n1,x\n2,\n")
    output = tmp_path / "res.parquet"
    output.write_text("earlier")
    result = run("simulate", cases, "--period", 2017, "--variables", "impot", "--output", output)
    assert result.exit_code == 2
    assert "cas.csv, column `tauxx`: is no variable of the law. Did you mean `taux`?" in result.output
    assert "cas.csv, row 1 (line 2), column `valeur`: `x` is not a whole number" in result.output
    assert "cas.csv, row 2 (line 3), column `valeur`: the cell is empty" in result.output
    assert "Traceback" not in result.output
    assert output.read_text() == "earlier"


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"--variables": "impots"}, "There is no variable `impots`. Did you mean `impot`?"),
        ({"--variables": " , "}, "expected at least one"),
        ({"--period": "2017-13"}, "`2017-13` is not a period"),
        ({"--period": "2017-01"}, "say which, as in `impot@2017`"),
        ({"--output": "nowhere/res.csv"}, "there is no folder nowhere"),
        ({"--output": "res.xlsx"}, "expected a name that ends in .parquet, .csv"),
        ({"--table": "cote=x.csv"}, "Give either FILE or --table"),
        ({"--table": "cote"}, "is not ENTITY=FILE"),
    ],
)
def test_options_that_do_not_fit_end_with_a_message_and_code_2(run, write, tmp_path, changed, words):
    options = {"--period": "2017", "--variables": "impot", "--output": str(tmp_path / "res.csv"), **changed}
    result = run("simulate", write("cas.csv", CASES), *(word for option in options.items() for word in option))
    assert result.exit_code == 2
    assert words in result.output
    assert not (tmp_path / "res.csv").exists()


def test_a_file_that_cannot_be_written_is_no_traceback(run, write, tmp_path):
    (tmp_path / "res.csv").mkdir()
    result = run("simulate", write("cas.csv", CASES), "--period", 2017, "--variables", "impot", "--output", tmp_path / "res.csv")
    assert result.exit_code == 2
    assert "is a folder" in result.output
