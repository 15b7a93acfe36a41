"""`bareme simulate`, from tables to a table."""

from dataclasses import replace
from pathlib import Path

import pyarrow.feather
import pyarrow.parquet
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bareme.cli import main
from tables_law import small_law

REFORMS = Path(__file__).parents[2] / "reforms"
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
        ({"--variables": " , "}, "Missing --variables: expected"),
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


def test_the_input_is_never_the_output(run, write):
    cases = write("cas.csv", CASES)
    result = run("simulate", cases, "--period", 2017, "--variables", "impot", "--output", cases)
    assert result.exit_code == 2
    assert "the output is the input" in result.output
    assert cases.read_text() == CASES


def test_links_stay_links_and_names_too_long_are_said(run, write, tmp_path):
    cases = write("cas.csv", CASES)
    (tmp_path / "link.csv").symlink_to(tmp_path / "res.csv")
    assert run("simulate", cases, "--period", 2017, "--variables", "impot", "--output", tmp_path / "link.csv").exit_code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "res.csv").read_text().startswith('"cote_id"')
    for arguments in ([cases, "--output", tmp_path / ("a" * 300 + ".csv")], [tmp_path / ("a" * 300 + ".csv"), "--output", tmp_path / "res.csv"]):
        result = run("simulate", *arguments, "--period", 2017, "--variables", "impot")
        assert (result.exit_code, type(result.exception)) == (2, SystemExit)
        assert "File name too long" in result.output


def test_a_flat_table_too_may_give_a_file_per_entity(run, write, tmp_path):
    result = run("simulate", write("cas.csv", CASES), "--period", 2017, "--variables", "impot,revenu", "--output", tmp_path / "res_{entity}.csv")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.glob("res*")) == ["res_cote.csv", "res_foyer.csv"]


def test_return_codes_of_each_period_are_said_with_their_words(run_law, write, tmp_path):
    law = replace(small_law(), refusal_labels={7: "valeur négative"})
    cases = write("cas.csv", "taux,valeur,taux@2019,valeur@2019\n0.5,100,2,1\n0.5,-1,0.5,-1\n")
    result = run_law(law, "simulate", cases, "--period", 2017, "--variables", "impot,impot@2019", "--output", tmp_path / "res.csv")
    assert result.exit_code == 0, result.output
    assert "1 rows refused by the law, by code_refus:\n  7 (valeur négative): 1\n" in result.output
    assert "2 rows refused by the law, by code_refus@2019:\n  7 (valeur négative): 1\n  9: 1\n" in result.output
    assert (tmp_path / "res.csv").read_text() == '"code_refus","code_refus@2019","impot","impot@2019"\n0,9,50,\n7,7,,\n'
    assert "  7: valeur négative\n" in run_law(law, "variables", "code_refus").output


def test_return_codes_asked_for_are_no_quantities(run, write, tmp_path):
    result = run("simulate", write("cas.csv", CASES), "--period", 2017, "--variables", "code_refus@2017", "--output", tmp_path / "res.csv")
    assert result.exit_code == 0, result.output
    assert result.output == "1 rows refused by the law, by code_refus@2017: 7: 1\n"
    assert '"code_refus@2017"' in (tmp_path / "res.csv").read_text()


BYTES = st.lists(
    st.sampled_from([b"valeur", b"taux", b"nom", b",", b";", b'"', b"\r", b"\n", b"\r\n", b"1", b"x", b" ", b"\xe9", b"\xc3\xa9", b"\0", b"\xef\xbb\xbf"])
)


@given(BYTES.map(b"".join), st.booleans())
def test_whatever_bytes_a_table_holds_the_end_is_a_result_or_a_message(tmp_path_factory, data, has_header):
    folder = tmp_path_factory.mktemp("octets")
    (folder / "cas.csv").write_bytes(b"valeur,nom\n" * has_header + data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("legislation.france", small_law)
        arguments = ["simulate", str(folder / "cas.csv"), "--period", "2017", "--variables", "valeur", "--output", str(folder / "res.csv")]
        result = CliRunner().invoke(main, arguments)
    assert result.exit_code in (0, 2), result.output
    assert (folder / "res.csv").exists() == (result.exit_code == 0)


def test_a_reform_is_another_law(write, tmp_path):
    cases = write(
        "avis.csv",
        "departement,code_commune,taux_commune,deliberation_valeur_locative_moyenne_commune,valeur_locative_brute_principale\n87,085,0.12,3000,3000\n",
    )
    results = {}
    for name, reform in (("loi", []), ("reforme", ["--reform", str(REFORMS / "frais_de_gestion.yaml")])):
        asked = ["--period", "2017", "--variables", "frais_gestion_commune_epci", "--output", str(tmp_path / f"{name}.csv")]
        outcome = CliRunner().invoke(main, ["simulate", str(cases), *asked, *reform])
        assert outcome.exit_code == 0, outcome.output
        results[name] = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1]
    assert results == {"loi": "0,4", "reforme": "0,11"}  # 360 euros: 1 %, then 3 %


def test_a_reform_that_cannot_be_read_ends_with_code_2(run, write, tmp_path):
    reform = write("reforme.yaml", "parameters:\n  taxe.inconnue: {2017-01-01: 1}\n")
    outcome = run("simulate", write("cas.csv", "taux\n0.5\n"), "--period", "2017", "--variables", "impot", "--output", tmp_path / "r.csv", "--reform", reform)
    assert outcome.exit_code == 2
    assert "taxe" in outcome.output
