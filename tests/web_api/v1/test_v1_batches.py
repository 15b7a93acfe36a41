"""A batch equals its single requests, whatever the law: also one that asks about everybody, or walks from row to row."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ostrea_api import ostrea_app
from ostrea_documents import families, shapes, spoilt
from web_api.v1 import batches

CLIENT = ostrea_app().test_client()


def single(client, document):
    answer = client.post("/v1/calculations", json={"situations": [document]})
    told = answer.get_json()
    if answer.status_code == 200:
        return told["situations"][0]
    problems = [(each["path"], each["message"]) for each in told["error"]["problems"]]
    return {"situation": None, "problems": problems}


def batch(client, documents):
    return client.post("/v1/calculations", json={"situations": documents})


@settings(max_examples=25)
@given(st.data())
def test_a_batch_of_one_shape_equals_its_single_requests(data):
    shape = data.draw(shapes())
    documents = data.draw(st.lists(families(shape), min_size=2, max_size=5))
    assert batch(CLIENT, documents).get_json()["situations"] == [single(CLIENT, each) for each in documents]


@settings(max_examples=25)
@given(st.lists(families() | spoilt(), min_size=2, max_size=4))
def test_a_mixed_batch_equals_its_single_requests(documents):
    answer = batch(CLIENT, documents)
    singles = [single(CLIENT, each) for each in documents]
    if answer.status_code == 413:
        return
    told = answer.get_json()
    if answer.status_code != 200:
        assert [each["situation"] for each in singles] == [None] * len(documents)
        return
    for place, (found, alone) in enumerate(zip(told["situations"], singles, strict=True)):
        assert found["situation"] == alone["situation"]
        paths = [each["path"].replace(f"/situations/{place}", "/situations/0", 1) for each in found["problems"]]
        assert paths == [each["path"] if isinstance(each, dict) else each[0] for each in alone["problems"]]


def test_situations_of_one_shape_are_one_simulation_where_rows_do_not_know_of_each_other(monkeypatch):
    made = []
    simulation_of = batches.simulation_of
    monkeypatch.setattr(batches, "simulation_of", lambda columns, law: made.append(columns.counts["person"]) or simulation_of(columns, law))
    documents = [{"persons": {"a": {"salary": {"2020": amount}, "income_tax": {"2020": None}}}} for amount in range(40)]
    answer = batch(CLIENT, documents).get_json()["situations"]
    assert made == [40]
    made.clear()
    assert [each["situation"]["persons"]["a"]["income_tax"]["2020"] for each in answer] == [
        single(CLIENT, each)["situation"]["persons"]["a"]["income_tax"]["2020"] for each in documents
    ]


def test_a_question_about_everybody_is_asked_of_each_situation_alone():
    """Nobody poor: no aid to anyone; among others, one who is poor would have it worked out for all."""
    home = {"adults": ["a"], "heating": {"2020": "wood"}, "heating_aid": {"2020": None}, "lucky_number": {"2020": None}}
    documents = [{"persons": {"a": {"salary": {"2020": amount}}}, "households": {"h": {**home, "rent": {"2020": amount}}}} for amount in (50_000, 10, 2_000)]
    assert batch(CLIENT, documents).get_json()["situations"] == [single(CLIENT, each) for each in documents]


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 200_000), st.integers(1930, 2003), st.integers(0, 30_000)), min_size=2, max_size=40))
def test_a_batch_equals_its_single_requests_in_france(france_app, persons):
    client = france_app.test_client()
    documents = [
        {
            "individus": {"elle": {"foyer_fiscal": "f", "foyer_fiscal_role": "declarant", "annee_naissance": born, "salaires": wages}},
            "foyers_fiscaux": {"f": {"revenus_fonciers_nets": rents, "impot_a_payer": None, "nombre_parts": None}},
        }
        for wages, born, rents in persons
    ]
    together = client.post("/v1/calculations", json={"situations": documents, "period": "2022"}).get_json()["situations"]
    for document, found in zip(documents, together, strict=True):
        alone = client.post("/v1/calculations", json={"situations": [document], "period": "2022"}).get_json()["situations"]
        assert [found] == alone
