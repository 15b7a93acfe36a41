"""`bareme explain`: a situation, a table or a country package, as text, JSON and HTML, and what is missing."""

import json

import jsonschema
import pytest
from click.testing import CliRunner

import bareme as public
from bareme.cli import main
from engine.explanation import Missing
from engine.explanation.document import schema
from engine.explanation.missing_text import missing_text
from tables_law import small_law

SITUATION = {
    "cotes": {"x": {"local": "l"}},
    "locaux": {"l": {"commune": "c", "valeur": {"2017": 100}}},
    "communes": {"c": {"taux": {"2017": 0.5}}},
    "foyers": {"f": {"cote": "x", "cote_role": "premier", "salaire": {"2017-01": 10}}},
}
ASKED = ("--variable", "impot", "--period", "2017")


@pytest.fixture
def situation(write):
    return lambda data, name="cas.json": write(name, json.dumps(data))


def test_a_situation_is_explained(run, situation):
    result = run("explain", situation(SITUATION), *ASKED, "--language", "fr")
    assert result.exit_code == 0, result.output
    assert "1. Impôt de la cote [impot, 2017] = 50 (formule\N{NO-BREAK SPACE}— Loi, art. 1; Loi, art. 2)" in result.output
    assert "│ 2. valeur [valeur, 2017] = 100 (donnée fournie)" in result.output
    assert "valeur [valeur], l, 2017 : 100 — cas.json" in result.output
    assert "R. 311-3-1-2" in result.output


def test_the_form_is_what_the_output_says(run, situation, tmp_path):
    file = situation(SITUATION)
    assert run("explain", file, *ASKED, "--output", tmp_path / "res.json", "--source", "déclaration").output == ""
    document = json.loads((tmp_path / "res.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema())
    assert {datum["source"] for datum in document["mentions"]["data"]} == {"déclaration"}
    run("explain", file, *ASKED, "--output", tmp_path / "res.html", "--contribution", "Calcul seul.", "--language", "en")
    page = (tmp_path / "res.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Calcul seul." in page
    assert json.loads(run("explain", file, *ASKED, "--format", "json").output) == {**document, "mentions": document["mentions"] | {"data": _named(document)}}


def _named(document):
    return [{**datum, "source": "cas.json"} for datum in document["mentions"]["data"]]


def test_rows_of_tables_by_number_and_identifier(run, write):
    flat = write("cas.csv", "cote_id,valeur,taux\na,100,0.5\nb,300,0.1\n")
    assert "= 30 (formule" in run("explain", flat, *ASKED, "--row", 1, "--language", "fr").output
    assert "= 30 (formule" in run("explain", flat, *ASKED, "--id", "b", "--language", "fr").output
    assert "There is no cote `bb`. Did you mean `b`?" in run("explain", flat, *ASKED, "--id", "bb").output
    assert "There is no row 2 of `cote`" in run("explain", flat, *ASKED, "--row", 2).output
    texts = {"local": "local_id,commune_id,valeur\nl,c,100\n", "cote": "cote_id,local_id\nx,l\n", "commune": "commune_id,taux\nc,0.5\n"}
    tables = [option for entity, text in texts.items() for option in ("--table", f"{entity}={write(f'{entity}.csv', text)}")]
    found = json.loads(run("explain", *tables, *ASKED, "--format", "json").output)
    assert {(datum["variable"], datum["source"]) for datum in found["mentions"]["data"]} == {("valeur", "local.csv"), ("taux", "commune.csv")}


def test_what_the_law_refuses_is_not_explained(run, situation):
    refused = {**SITUATION, "communes": {"c": {"taux": {"2017": 2}}}}
    result = run("explain", situation(refused), *ASKED)
    assert result.exit_code == 2
    assert "The law refuses row 0: code 9. Explain `code_refus` to see why." in result.output
    assert run("explain", situation(refused), "--variable", "code_refus", "--period", "2017").exit_code == 0


def test_missing_inputs(run, situation):
    file = situation({**SITUATION, "communes": {"c": {}}})
    result = run("explain", file, *ASKED, "--missing")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == "from 0 to +1,000,000: taux (2017, c: 10,000 for 0)"
    french = run("explain", file, *ASKED, "--missing", "--language", "fr").output.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")
    assert french.splitlines()[0] == "de 0 à +1 000 000 : taux (2017, c : 10 000 au lieu de 0)"
    found = json.loads(run("explain", file, *ASKED, "--missing", "--format", "json").output)
    assert [(each["variable"], each["moves_by"]) for each in found] == [("taux", 1_000_000.0)]
    assert "text or json" in run("explain", file, *ASKED, "--missing", "--format", "html").output


def test_other_laws_are_told_in_english(run, situation):
    assert "From the result to its causes" in run("explain", situation(SITUATION), *ASKED).output


def test_the_french_law_is_told_in_french(write):
    french = write("famille.json", '{"individus": {"a": {"salaires": {"2022": 30000}}}, "foyers_fiscaux": {"f": {"declarant": ["a"]}}}')
    asked = ("explain", str(french), "--variable", "impot_net", "--period", "2022")
    assert "Du résultat à ses causes" in CliRunner().invoke(main, asked).output
    missing = CliRunner().invoke(main, [*asked, "--missing"]).output
    assert " € : " in missing.replace("\N{NO-BREAK SPACE}", " ")
    assert "Autres données non déclarées" in missing


def test_missing_in_python():
    found = public.missing({**SITUATION, "communes": {"c": {}}}, "impot", 2017, law=small_law())
    assert [(each.variable, each.row, each.moves_by) for each in found] == [("taux", 0, 1_000_000.0)]
    assert missing_text([]) == "Rien à demander\N{NO-BREAK SPACE}: tout ce que le résultat a lu est déclaré.\n"
    many = [Missing(f"x{number}", "", "p", ("2017",), 0.0, -1.0, 0.5, 3.0, 0) for number in range(31)]
    lines = missing_text([*many, Missing("nom", "", "p", ("2017",), "")], "en").splitlines()
    assert lines[0] == "from \N{MINUS SIGN}1 to +0.50: x0 (2017, row 0: 3 for 0)"
    assert lines[-2:] == ["… and 1 more (--format json tells all)", "Not tried, being texts: nom."]


def test_options_that_do_not_fit_are_refused(run, situation, tmp_path):
    file = situation(SITUATION)
    assert "Give either FILE" in run("explain", *ASKED).output
    assert "either --row or --id" in run("explain", file, *ASKED, "--row", 1, "--id", "x").output
    assert "ends in .txt" in run("explain", file, *ASKED, "--output", tmp_path / "res.pdf").output
    assert "There is no variable `impott`" in run("explain", file, "--variable", "impott", "--period", "2017").output


def test_a_country_package(bareme, write):
    file = write("cas.json", '{"persons": {"ana": {"salary": {"2016": 24000}}}, "households": {"h": {"adults": ["ana"]}}}')
    done = bareme("explain", "-c", "package_in_openfisca_form", file, "--variable", "household_tax", "--period", "2016", "--language", "en")
    assert done.returncode == 0, done.stderr
    assert "= 5200 " in done.stdout or "= 5,200 " in done.stdout
    assert "[salary, 2016-01] = " in done.stdout
    assert "(given)" in done.stdout


def test_in_python():
    law = small_law()
    explanation = public.explain(SITUATION, "impot", 2017, law=law)
    assert explanation.result.values[0].value == 50
    assert public.explain(public.simulation_from(law, SITUATION), "impot", 2017) == explanation
    assert public.explain(public.read_situation(law, SITUATION), "impot", 2017, law=law) == explanation
    with pytest.raises(public.BaremeError, match="`int` cannot be explained"):
        public.explain(1, "impot", 2017, law=law)


def test_why_a_reform_changes_it(tmp_path):
    situation, reform = tmp_path / "cas.yaml", tmp_path / "reforme.yaml"
    situation.write_text("individus: {a: {salaires: {2022: 40000}}}\nfoyers_fiscaux: {f: {declarant: [a]}}\n", encoding="utf-8")
    reform.write_text("parameters: {'impot_revenu.bareme.brackets[1].rate': {2022-01-01: 0.12}}\n", encoding="utf-8")
    asked = ("explain", str(situation), "--variable", "impot_net", "--period", "2022", "--why-changed", str(reform), "--format", "json")
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["total"] == told["after"] - told["before"] == sum(share["share"] for share in told["shares"]) > 0
