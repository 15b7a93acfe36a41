"""POST /v1/calculations: documents filled in, exactly; what is wrong told by JSON pointer; a shape that is known runs no formula."""

import json

import pytest
from hypothesis import given, settings

from engine.tracing import Tracing
from fictional_country import country
from ostrea_api import ostrea_app
from ostrea_documents import families
from web_api.v1.common import ReformAsked
from web_api.v1.reforms import EXTENSION

FAMILY = {
    "persons": {"ana": {"salary": {"2020": 20000}, "birth_date": {"eternity": "1980-01-01"}}, "bo": {"salary": {"2020": 4000.5}}},
    "households": {"h": {"adults": ["ana", "bo"], "rent": {"2020": 4800}, "disposable_income": {"2020": None}, "heating": {"2020": None}}},
}


def post(client, *situations, **others):
    return client.post("/v1/calculations", json={"situations": list(situations), **others})


def only(client, situation, **others):
    (found,) = post(client, situation, **others).get_json()["situations"]
    return found


def test_a_document_comes_back_with_its_values_and_nothing_else_changed(ostrea):
    found = only(ostrea, FAMILY)
    assert found["problems"] == []
    home = found["situation"]["households"]["h"]
    assert home == {**FAMILY["households"]["h"], "disposable_income": {"2020": home["disposable_income"]["2020"]}, "heating": {"2020": "peat"}}
    assert found["situation"]["persons"] == FAMILY["persons"]


def test_values_are_exact_decimals_dates_and_names(ostrea):
    asked = {
        "persons": {"ana": {"salary": {"2020-01": 0.1, "2020-02": 0.2}, "birth_date": None, "income_tax": {"2020": None}, "occupation": {"2020-01": None}}}
    }
    text = post(ostrea, asked, period="2020").get_data(as_text=True)
    found = json.loads(text)["situations"][0]["situation"]["persons"]["ana"]
    law = country()
    from engine.situation import simulation_from

    simulation = simulation_from(law, asked, "2020")
    assert found["income_tax"]["2020"] == simulation.calculate("income_tax", "2020").item()
    assert (found["birth_date"], found["occupation"]["2020-01"]) == ("1990-01-01", "none")
    assert repr(found["income_tax"]["2020"]) in text


def test_variables_alone_are_rows_and_axes_are_lists(ostrea):
    assert only(ostrea, {"salary": {"2020": [1000, 20000]}, "income_tax": {"2020": None}})["situation"]["income_tax"]["2020"] == [
        only(ostrea, {"salary": {"2020": amount}, "income_tax": {"2020": None}})["situation"]["income_tax"]["2020"] for amount in (1000, 20000)
    ]
    axes = [[{"name": "salary", "min": 1000, "max": 20000, "count": 2, "period": "2020"}]]
    along = only(ostrea, {"persons": {"ana": {"income_tax": {"2020": None}}}, "axes": axes})["situation"]
    assert (
        along["persons"]["ana"]["income_tax"]["2020"]
        == only(ostrea, {"salary": {"2020": [1000, 20000]}, "income_tax": {"2020": None}})["situation"]["income_tax"]["2020"]
    )


def test_what_is_wrong_in_one_does_not_stop_the_others(ostrea):
    wrong = {"persons": {"ana": {"salry": {"2020": 1}, "income_tax": {"2020-01": None}}}}
    first, second = post(ostrea, wrong, FAMILY).get_json()["situations"]
    assert first["situation"] is None
    assert second["problems"] == []
    assert [(each["path"], each["status"]) for each in first["problems"]] == [
        ("/situations/0/persons/ana/salry", 404),
        ("/situations/0/persons/ana/income_tax/2020-01", 400),
    ]
    assert "`salary`" in first["problems"][0]["message"]


def test_all_wrong_is_an_error_and_404_where_only_names_are(ostrea):
    named = post(ostrea, {"salry": {"2020": 1}, "income_tax": {"2020": None}})
    assert named.status_code == 404
    (problem,) = named.get_json()["error"]["problems"]
    assert problem["path"] == "/situations/0/salry"
    assert "Did you mean `salary`" in problem["message"]
    both = post(ostrea, {"persons": {"ana": {"salry": {"2020": 1}, "salary": {"2020": "much"}}}})
    assert both.status_code == 400
    assert {each["path"] for each in both.get_json()["error"]["problems"]} == {"/situations/0/persons/ana/salry", "/situations/0/persons/ana/salary/2020"}


@pytest.mark.parametrize(
    "body, paths",
    [
        ({}, {"/situations"}),
        ({"situations": []}, {"/situations"}),
        ({"situations": [1, "x"]}, {"/situations/0", "/situations/1"}),
        ({"situations": [{}], "perod": "2020"}, {"/perod"}),
        ({"situations": [{}], "period": "202O"}, {"/period"}),
        ({"situations": [{}], "reform": {"parameters": [], "neutralize": [1]}}, {"/reform/parameters", "/reform/neutralize/0"}),
        ([], {""}),
    ],
)
def test_a_malformed_body_is_400_with_the_pointer_of_every_error(ostrea, body, paths):
    answer = ostrea.post("/v1/calculations", json=body)
    assert answer.status_code == 400
    assert {each["path"] for each in answer.get_json()["error"]["problems"]} == paths


@pytest.mark.parametrize("text", ["", "{", "[1,]", '{"situations": [{"salary": {"2020": NaN}}]}', '{"situations": [{"salary": {"2020": -Infinity}}]}', "\x00"])
def test_what_is_no_json_is_400(ostrea, text):
    assert ostrea.post("/v1/calculations", data=text).status_code == 400


def test_a_number_beyond_float64_is_400_with_its_place(ostrea):
    answer = ostrea.post("/v1/calculations", data='{"situations": [{"salary": {"2020": 1e400}}]}')
    assert answer.status_code == 400
    assert [each["path"] for each in answer.get_json()["error"]["problems"]] == ["/situations/0/salary/2020"]


def test_a_value_that_the_law_cannot_compute_is_told_beside_those_that_it_can():
    from fictional_country import country_with_loops

    client = ostrea_app(country_with_loops()).test_client()
    found = only(client, {"persons": {"ana": {"hen": {"2020-01": None}, "income_tax": {"2020": None}}}})
    assert found["situation"]["persons"]["ana"]["hen"] == {"2020-01": None}
    assert found["situation"]["persons"]["ana"]["income_tax"]["2020"] is not None
    assert [each["path"] for each in found["problems"]] == ["/situations/0/persons/ana/hen/2020-01"]


# Reforms in the request

REFORM = {"parameters": {"family.child_allowance": {"2019-01-01": 1000}}}


def with_child():
    child = {"birth_date": {"eternity": "2010-01-01"}}
    return {"persons": {"ana": {}, "cat": child}, "households": {"h": {"adults": ["ana"], "children": ["cat"], "child_allowance": {"2020-03": None}}}}


def allowance(found):
    return found["situation"]["households"]["h"]["child_allowance"]["2020-03"]


def test_a_reform_holds_for_its_request_alone(ostrea):
    before = allowance(only(ostrea, with_child()))
    assert allowance(only(ostrea, with_child(), reform=REFORM)) == 1000
    assert allowance(only(ostrea, with_child())) == before != 1000
    assert allowance(only(ostrea, with_child(), reform={"neutralize": ["child_allowance"]})) == 0
    assert allowance(only(ostrea, with_child(), reform={})) == before


def test_what_does_not_fit_in_a_reform_is_told_by_pointer(ostrea):
    reform = {"parameters": {"family.child_alowance": {"2019-01-01": 1}, "income": 3}, "neutralize": ["income_tax", "incme_tax"]}
    answer = post(ostrea, with_child(), reform=reform)
    assert answer.status_code == 400
    paths = [each["path"] for each in answer.get_json()["error"]["problems"]]
    assert paths == ["/reform/parameters/family.child_alowance", "/reform/parameters/income", "/reform/neutralize/1"]


# The kept graph


def test_a_second_request_of_the_same_shape_runs_no_formula(monkeypatch):
    client, calls = ostrea_app().test_client(), []
    called = Tracing.call_formula
    monkeypatch.setattr(Tracing, "call_formula", lambda self, formula, rule, at: calls.append(rule.name) or called(self, formula, rule, at))
    only(client, with_child())
    assert "child_allowance" in calls
    calls.clear()
    other = with_child()
    other["persons"]["cat"]["birth_date"]["eternity"] = "1990-01-01"
    assert allowance(only(client, other)) == 0
    assert calls == []


@settings(max_examples=15)
@given(families())
def test_after_a_reform_and_back_the_law_is_as_it_was(family):
    client = CLIENTS.setdefault("back", ostrea_app().test_client())
    before = only(client, family)
    only(client, family, reform={"parameters": {"family.child_allowance": {"2019-01-01": 7}}, "neutralize": ["income_tax"]})
    assert only(client, family) == before


CLIENTS = {}


def test_of_a_scale_and_its_bracket_the_later_change_holds_whichever_was_asked_before(france_app):
    whole = {"impot_revenu.bareme.brackets": {"2022-01-01": [{"threshold": 0, "rate": 0}, {"threshold": 12000, "rate": 0.11}]}}
    bracket = {"impot_revenu.bareme[1].rate": {"2022-01-01": 0.5}}
    laws = france_app.extensions[EXTENSION]
    rates = [
        laws.under(ReformAsked(parameters=each)).parameters.child("impot_revenu.bareme").at_date("2022-01-01").values
        for each in (whole | bracket, bracket | whole)
    ]
    assert rates == [(0, 0.5), (0, 0.11)]
