"""Whatever JSON says, it is answered: never with a 500, and always in the form of an answer or of an error."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostrea_api import ostrea_app
from ostrea_documents import ANYTHING, DOCUMENTS, families, spoilt

CLIENT = ostrea_app(max_seconds=30).test_client()
PERIODS = st.sampled_from([None, 2020, "2020", "2020-01", "x", -1, 10**30, "eternity"])
VARIABLES = st.sampled_from(["income_tax", "disposable_income", "age", "lucky_number", "nickname", "heating", "lives_by_the_sea", "birth_date", "x"])
PATHS = st.sampled_from(["family.child_allowance", "income.tax", "family", "income.tax.scale", "family.heating_aid.amount", "family.majority", "x"])
KEYS = st.sampled_from(["2020-01-01", "2020", "2020-02-30", "brackets", "value", "values", "add", "threshold", "rate", "table", "metadata"])
CHANGES = st.dictionaries(KEYS | st.text(max_size=4), ANYTHING, max_size=3) | ANYTHING
MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def answered(path, body):
    answer = CLIENT.post(path, json=body)
    assert answer.status_code in {200, 400, 404, 413}, (answer.status_code, body)
    told = answer.get_json()
    assert (answer.status_code == 200) == ("error" not in told)
    for problem in told.get("error", {}).get("problems", ()):
        assert problem["path"] == "" or problem["path"].startswith("/")
    return told


@MANY
@given(ANYTHING)
def test_anything_as_a_body(body):
    for path in ("/v1/calculations", "/v1/explanations", "/v1/missing"):
        answered(path, body)


@MANY
@given(st.lists(DOCUMENTS | spoilt(), min_size=1, max_size=2), PERIODS)
def test_anything_as_situations(documents, period):
    answered("/v1/calculations", {"situations": documents, "period": period})


@MANY
@given(DOCUMENTS | spoilt() | families(), PERIODS, VARIABLES, st.none() | st.sampled_from(["p0", "h", "x"]))
def test_anything_to_explain(document, period, variable, id_):
    body = {"situation": document, "variable": variable, "period": period, "id": id_}
    answered("/v1/explanations", body)
    answered("/v1/missing", body)


@MANY
@given(families(), st.dictionaries(PATHS, CHANGES, max_size=3), st.lists(st.sampled_from(["income_tax", "x", ""]), max_size=2))
def test_anything_as_a_reform(family, parameters, neutralize):
    answered("/v1/calculations", {"situations": [family], "reform": {"parameters": parameters, "neutralize": neutralize}})


@pytest.mark.parametrize("value", ["Infinity", "1e999", "-1e999", "NaN", '"\\ud800"', "[" * 300 + "]" * 300, "1" * 5000, '"\\u0000"', "-0.0", "1e-400"])
def test_hard_values(value):
    text = f'{{"situations": [{{"persons": {{"ana": {{"salary": {{"2020": {value}}}, "income_tax": {{"2020": null}}}}}}}}]}}'
    answer = CLIENT.post("/v1/calculations", data=text)
    assert answer.status_code == (200 if value in {"-0.0", "1e-400"} else 400)
