"""Nothing of what a client sent stays when it was answered, and little of what it wanted changed."""

import gc

import numpy as np
import pytest

from engine.kept_graphs import MOST_TRACES
from engine.legislation import Legislation
from fictional_country import country
from ostrea_api import ostrea_app
from web_api.v1.reforms import EXTENSION, MOST_LAWS

NAME, AMOUNT, COUNT, OTHER = "Jeanne-Marie Dupont-Machin", 12345.671875, 918273645, 77665.544921875


def situation():
    person = {"salary": {"2020-01": AMOUNT, "2020-02": OTHER}, "nets_owned": {"2020": COUNT}, "nickname": NAME[:12], "income_tax": {"2020": None}}
    home = {"adults": [NAME], "lucky_number": {"2020": None}, "heating_aid": {"2020": None}, "rent": {"2020-01": AMOUNT}}
    return {"persons": {NAME: person}, "households": {f"chez {NAME}": home}}


def is_marked(value):
    if isinstance(value, str):
        return NAME in value or value == NAME[:12]
    if isinstance(value, float | int):
        return value in (AMOUNT, OTHER, COUNT)
    if isinstance(value, bytes):
        return NAME.encode() in value
    if isinstance(value, np.ndarray) and value.dtype.kind in "fi":
        return bool(np.isin(value, [AMOUNT, OTHER, COUNT]).any())
    return isinstance(value, np.ndarray) and value.dtype.kind in "OUT" and any(NAME[:12] in str(each) for each in value.ravel())


def holders_of_what_was_sent():
    """Return what, of all that Python holds, refers to something that was sent; this module and the test itself excepted."""
    gc.collect()
    return [each for each in gc.get_objects() if any(is_marked(value) for value in reached(each)) and not _is_of_this_test(each)]


def reached(holder):
    """Yield what an object refers to, also through others that Python's collector does not know."""
    pending = gc.get_referents(holder)
    while pending:
        value = pending.pop()
        yield value
        if isinstance(value, dict | tuple | list) and not gc.is_tracked(value):
            pending.extend(gc.get_referents(value))


def _is_of_this_test(each):
    if each is globals() or getattr(each, "__module__", None) == __name__:
        return True
    if isinstance(each, tuple):  # the constants of this module's functions
        return any(isinstance(other, type(is_marked.__code__)) or other is each for other in gc.get_referrers(each) if other is not each) or NAME in each
    return type(each).__name__ in {"frame", "code", "cell", "Module", "list_iterator", "tuple_iterator"}


@pytest.fixture
def client():
    return ostrea_app().test_client()


def test_the_search_finds_what_is_kept():
    kept = {"somewhere": [AMOUNT]}
    assert any(each is kept or each is kept["somewhere"] for each in holders_of_what_was_sent())
    kept["somewhere"] = {"column": np.array([1.0, OTHER])}
    assert any(each is kept or each is kept["somewhere"] for each in holders_of_what_was_sent())


def test_after_requests_nothing_that_was_sent_is_kept_anywhere(client):
    before = len(holders_of_what_was_sent())
    asked = {"situation": situation(), "variable": "income_tax", "period": "2020", "id": NAME}
    assert client.post("/v1/calculations", json={"situations": [situation(), situation()], "period": "2020"}).status_code == 200
    assert client.post("/v1/explanations", json=asked).status_code == 200
    assert client.post("/v1/missing", json=asked).status_code == 200
    assert client.post("/v1/calculations", json={"situations": [{"persons": {NAME: {NAME: AMOUNT}}}]}).status_code == 404
    del asked
    found = holders_of_what_was_sent()
    assert len(found) <= before, [(type(each), str(each)[:200]) for each in found]


def test_what_one_client_sent_is_not_seen_by_another(client):
    client.post("/v1/calculations", json={"situations": [situation()]})
    other = {"persons": {"x": {"income_tax": {"2020": None}, "salary": {"2020": None} and {"2020-01": None}}}}
    person = client.post("/v1/calculations", json={"situations": [other]}).get_json()["situations"][0]["situation"]["persons"]["x"]
    assert person == {"income_tax": {"2020": 0.0}, "salary": {"2020-01": 0.0}}


# Reforms


def test_reforms_are_few_and_the_graphs_stay_within_their_bound():
    law = country()
    law.kept_graphs.most_bytes = 3_000_000
    app = ostrea_app(law)
    client = app.test_client()
    for amount in range(MOST_LAWS + MOST_TRACES + 40):
        reform = {"parameters": {"family.child_allowance": {"2019-01-01": amount}}}
        assert client.post("/v1/calculations", json={"situations": [situation()], "reform": reform}).status_code == 200
    assert len(app.extensions[EXTENSION]) == MOST_LAWS
    assert sum(family.bytes for family in law.kept_graphs.families) < 2 * law.kept_graphs.most_bytes
    gc.collect()
    assert sum(type(each) is Legislation and each.baseline is law for each in gc.get_objects()) <= MOST_LAWS + MOST_TRACES


def test_a_reform_of_the_same_content_is_the_same_law_and_goes_to_no_file():
    law = country()
    app = ostrea_app(law)
    laws = app.extensions[EXTENSION]
    client = app.test_client()
    for title in ("one", "another"):
        client.post("/v1/calculations", json={"situations": [situation()], "reform": {"title": title, "neutralize": ["sea_dues", "income_tax"]}})
    client.post("/v1/calculations", json={"situations": [situation()], "reform": {"neutralize": ["income_tax", "sea_dues"]}})
    assert len(laws) == 1
    (reformed,) = laws._laws.values()
    assert law.kept_graphs.identity(reformed) is None
