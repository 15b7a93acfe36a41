"""`bareme simulate` over a situation: a document in OpenFisca's form, and what was asked for in its place."""

import json

import pytest

SITUATION = {
    "cotes": {"x": {"local": "l", "impot": {"2017": None}}},
    "locaux": {"l": {"commune": "c", "valeur": {"2017": 100}}},
    "communes": {"c": {"taux": {"2017": 0.5}}},
    "foyers": {"f": {"cote": "x", "cote_role": "premier", "salaire": {"2017-01": 10}}},
}


@pytest.fixture
def situation(write):
    return lambda data, name="cas.json": write(name, data if isinstance(data, str) else json.dumps(data))


def test_what_is_null_is_computed_where_it_stands(run, situation):
    result = run("simulate", situation(SITUATION))
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["cotes"]["x"]["impot"] == {"2017": 50.0}
    assert found["locaux"] == SITUATION["locaux"]


def test_variables_are_added_and_the_document_may_go_to_a_file(run, situation, tmp_path):
    output = tmp_path / "res.json"
    result = run("simulate", situation(SITUATION), "--period", 2017, "--variables", "revenu,statut", "--output", output)
    assert (result.exit_code, result.output) == (0, "")
    found = json.loads(output.read_text())
    assert found["foyers"]["f"]["revenu"] == {"2017": 10}
    assert found["locaux"]["l"]["commune"] == "c"


def test_a_situation_may_give_tables(run, situation, tmp_path):
    result = run("simulate", situation(SITUATION), "--period", 2017, "--variables", "impot", "--output", tmp_path / "res.csv")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "res.csv").read_text() == '"cote_id","code_refus","impot","impot@2017"\n"x",0,50,50\n'


def test_a_refused_row_is_null_beside_its_code(run, situation):
    refused = {**SITUATION, "locaux": {"l": {"commune": "c", "valeur": {"2017": -1}}}}
    found = json.loads(run("simulate", situation(refused)).stdout)["cotes"]["x"]
    assert found["impot"] == {"2017": None}
    assert found["code_refus"] == {"2017": 7}


def test_yaml_lists_and_axes(run, situation):
    found = json.loads(run("simulate", situation("valeur: {2017: [100, 200]}\ntaux: {2017: 0.5}\nimpot: {2017: null}\n", "cas.yaml")).stdout)
    assert found == {"valeur": {"2017": [100, 200]}, "taux": {"2017": 0.5}, "impot": {"2017": [50.0, 100.0]}, "code_refus": {"2017": [0, 0]}}
    axes = {**SITUATION, "axes": [[{"name": "valeur", "min": 0, "max": 100, "count": 3, "period": "2017"}]]}
    assert json.loads(run("simulate", situation(axes)).stdout)["cotes"]["x"]["impot"] == {"2017": [0.0, 25.0, 50.0]}


def test_one_person_needs_no_document(run, situation):
    found = json.loads(run("simulate", situation("{}"), "--period", 2017, "--variables", "revenu,naissance").stdout)
    assert found["revenu"] == {"2017": 0}
    assert set(found["naissance"]) == {"ETERNITY"}


@pytest.mark.parametrize(
    "text, words",
    [
        ('{"cotes": {"x": {"impott": {"2017": null}}}}', "cotes/x/impott"),
        ('{"cotes": 1,}', "cas.json:1: this is not JSON"),
        ('{"cotes": {}, "cotes": {}}', "`cotes` stands twice"),
        ('{"valeur": {"2017": 1}}', "Nothing is asked for"),
    ],
)
def test_what_is_wrong_is_said(run, situation, text, words):
    result = run("simulate", situation(text))
    assert result.exit_code == 2
    assert words in result.output


def test_options_that_do_not_fit_are_refused(run, situation, tmp_path):
    file = situation(SITUATION)
    assert "without a period" in run("simulate", file, "--variables", "revenu").output
    assert "--where chooses rows" in run("simulate", file, "--where", "impot > 1").output
    assert "which would be lost" in run("simulate", file, "--output", file).output
    assert "Missing --variables, --output" in run("simulate", tmp_path / "cas.csv", "--period", 2017).output
