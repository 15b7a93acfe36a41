"""A short text can describe very much: it is counted before anything is made of it."""

import time

import pytest

from fictional_country import country
from web_api.sizes import Size, size_of

LAW = country()
PERSONS = {f"p{number}": {} for number in range(7)}


@pytest.mark.parametrize(
    "document, size",
    [
        ({}, Size(1, 0)),
        ("x", Size(0, 0)),
        ([], Size(0, 0)),
        ({"persons": PERSONS}, Size(7, 0)),
        ({"persons": {"a": {}}, "households": PERSONS}, Size(7, 0)),
        ({"salary": {"2020-01": [1, 2, 3]}}, Size(3, 3)),
        ({"persons": {"a": {"salary": {"2020": 12}}, "b": {}}}, Size(2, 2 * 14)),
        ({"persons": {"a": {"salary": {"year:2000:1000": 12}}}}, Size(1, 13036)),
        ({"persons": {"a": {"is_ill": {"2020-02": True}}}}, Size(1, 31)),
        ({"persons": {"a": {"age": {"2020-01": None, "2020-02": None}}, "b": {"age": {"2020-01": None}}}}, Size(2, 4)),
        ({"persons": {"a": {"birth_date": "1990-01-01"}}}, Size(1, 1)),
        ({"persons": PERSONS, "axes": [[{"name": "salary", "count": 10, "period": "2020-01"}], [{"name": "rent", "count": 3}]]}, Size(210, 420)),
        ({"axes": [[{"count": -5}, {"count": True}, {"count": "x"}], 3, []]}, Size(1, 1)),
    ],
)
def test_rows_and_values_are_counted(document, size):
    assert size_of(LAW, document) == size


@pytest.mark.parametrize(
    "document",
    [
        {"persons": {f"p{number}": {} for number in range(3000)}},
        {"salary": {"2020-01": [1] * 3000}},
        {"persons": {"a": {}}, "axes": [[{"name": "salary", "min": 0, "max": 1, "count": 10**9, "period": "2020"}]]},
        {"persons": {"a": {}}, "axes": [[{"count": 10**4000}]] * 3},
        {"persons": {"a": {"salary": {"year:1000:8000": 1}, "is_ill": {"year:1000:8000": True}}}},
        {"persons": {f"p{number}": {} for number in range(1999)} | {"a": {"salary": {f"{year}-01": 1 for year in range(1000, 9000)}}}},
    ],
)
def test_what_is_too_large_is_413_at_once(ostrea_client, document):
    start = time.perf_counter()
    answer = ostrea_client.post("/v1/calculations", json={"situations": [{}, document]})
    assert answer.status_code == 413
    assert answer.get_json()["error"]["problems"][0]["path"] == "/situations/1"
    assert time.perf_counter() - start < 30  # reading it would take minutes, and gigabytes


def test_many_small_situations_are_one_large_request(ostrea_client):
    assert ostrea_client.post("/v1/calculations", json={"situations": [{}] * 2001}).status_code == 413
    assert ostrea_client.post("/v1/calculations", json={"situations": [{}] * 2000}).status_code == 200


def test_very_many_mistakes_are_not_all_looked_into(ostrea_client):
    start = time.perf_counter()
    answer = ostrea_client.post("/v1/calculations", json={"situations": [{"persons": {"a": {f"salari{number}": 1 for number in range(50_000)}}}]})
    assert answer.status_code == 404
    assert len(answer.get_json()["error"]["problems"]) == 100
    assert time.perf_counter() - start < 30  # suggestions for each would take minutes


def test_asking_for_too_much_is_413(ostrea_client):
    asked = {"persons": {"a": {"age": {f"{year}-{month:02}": None for year in range(1000, 1200) for month in range(1, 13)}}}}
    assert ostrea_client.post("/v1/calculations", json={"situations": [asked]}).status_code == 413


@pytest.fixture(scope="module")
def ostrea_client():
    from web_api.app import create_app
    from web_api.service import Service
    from web_api.settings import Settings

    return create_app(Service(LAW, "ostrea", "1", Settings(requests_per_minute=0)), parts=("v1",)).test_client()
