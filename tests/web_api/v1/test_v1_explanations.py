"""POST /v1/explanations and /v1/missing: the chain of rules in three forms, and what to ask next."""

import jsonschema
import pytest

from engine.explanation.document import schema

SITUATION = {
    "individus": {"elle": {"foyer_fiscal": "foyer", "foyer_fiscal_role": "declarant", "annee_naissance": 1980, "salaires": 30000}},
    "foyers_fiscaux": {"foyer": {"impot_a_payer": None}},
}
ASKED = {"situation": SITUATION, "variable": "impot_a_payer", "period": "2022"}


def ask(client, path="/v1/explanations", accept=None, **changes):
    return client.post(path, json={**ASKED, **changes}, headers={"Accept": accept} if accept else {})


def paths(answer):
    return [each["path"] for each in answer.get_json()["error"]["problems"]]


def test_as_json_it_is_the_versioned_document(france):
    found = ask(france).get_json()
    jsonschema.Draft202012Validator(schema()).validate(found)
    assert (found["result"]["value"], found["result"]["id"]) == (1760.0, "foyer")


@pytest.mark.parametrize("accept, kind", [("text/plain", "text/plain"), ("text/html,*/*;q=0.8", "text/html"), ("*/*", "application/json")])
def test_its_form_is_the_one_that_is_accepted(france, accept, kind):
    assert ask(france, accept=accept).mimetype == kind


def test_text_is_in_french_or_english(france):
    assert "Du résultat à ses causes" in ask(france, accept="text/plain").get_data(as_text=True)
    assert "Du résultat" not in ask(france, accept="text/plain", language="en").get_data(as_text=True)


def test_the_page_runs_what_stands_in_it_and_nothing_that_was_put_in(france):
    answer = ask(france, accept="text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.count("'sha256-") == 2
    assert "unsafe-inline" not in policy
    evil = {"individus": {"<script>alert(1)</script>": SITUATION["individus"]["elle"]}, "foyers_fiscaux": {"foyer": {}}}
    assert "<script>alert" not in ask(france, accept="text/html", situation=evil).get_data(as_text=True)


def test_a_reform_is_explained_too(france):
    reform = {"parameters": {"impot_revenu.decote.personne_seule": {"2022-01-01": 5000}}}
    assert ask(france, reform=reform).get_json()["result"]["value"] == 0.0
    assert ask(france).get_json()["result"]["value"] == 1760.0


@pytest.mark.parametrize("path", ["/v1/explanations", "/v1/missing"])
def test_what_is_not_there_is_told_with_its_place(france, path):
    unknown = ask(france, path, variable="impot_a_paye")
    assert (unknown.status_code, paths(unknown)) == (404, ["/variable"])
    assert "`impot_a_payer`" in unknown.get_json()["error"]["problems"][0]["message"]
    nobody = ask(france, path, id="foyr")
    assert (nobody.status_code, paths(nobody)) == (404, ["/id"])
    assert "`foyer`" in nobody.get_json()["error"]["problems"][0]["message"]
    wrong = ask(france, path, situation={"individus": {"elle": {"salare": 1}}})
    assert (wrong.status_code, paths(wrong)) == (404, ["/situation/individus/elle/salare"])
    timeless = ask(france, path, period=None, situation={})
    assert (timeless.status_code, paths(timeless)) == (400, ["/period"])
    along = ask(france, path, situation={**SITUATION, "axes": [[{"name": "salaires", "min": 0, "max": 1, "count": 2, "period": "2022"}]]})
    assert (along.status_code, paths(along)) == (400, ["/situation/axes"])


def test_missing_inputs_come_heaviest_first_and_the_rest_is_counted(france):
    found = ask(france, "/v1/missing", most=3).get_json()
    moves = [max(abs(each["lowest"]), abs(each["highest"])) for each in found["missing"]]
    assert moves == sorted(moves, reverse=True)
    assert len(moves) == 3
    assert found["others"] > 0
    assert found["missing"][0]["variable"] == "revenus_fonciers_nets"


def test_a_situation_whose_missing_inputs_are_looked_for_is_small(france):
    many = {"individus": {f"p{number}": {} for number in range(65)}}
    assert ask(france, "/v1/missing", situation=many).status_code == 413


def test_what_is_served_is_told(france):
    found = france.get("/v1/law-facts").get_json()
    assert (found["name"], found["first_year"], found["last_year"]) == ("bareme", 2017, 2025)
    assert [each["key"] for each in found["entities"] if each["is_person"]] == ["individu"]
    assert found["limits"]["max_persons"] == 2000
    assert france.get("/v1/health").get_json() == {"status": "ok"}
