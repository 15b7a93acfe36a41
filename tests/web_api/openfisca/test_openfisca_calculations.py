"""POST /calculate and /trace: values in the place of nulls, and errors at their paths."""

import copy
import json
import logging

import pytest

MONTH = "2017-01"


def changed(situation, path, value):
    made = copy.deepcopy(situation)
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return made


def message_at(told, *path):
    for step in path:
        told = told[step]
    return told


def test_nulls_are_filled_and_all_else_stays(calculate, couple):
    status, told = calculate(couple)
    assert status == 200
    expected = copy.deepcopy(couple)
    expected["persons"]["Bo"]["age"][MONTH] = 37
    expected["households"]["h"]["income"][MONTH] = 1000.5 - 1000.5 * 0.2 - 300
    assert told == expected
    assert list(told) == list(couple)


def test_numbers_are_those_of_double_precision(calculate):
    _, told = calculate({"persons": {"a": {"salary": {MONTH: 123456789.01}, "tax": {MONTH: None}}}})
    assert told["persons"]["a"]["tax"][MONTH] == 123456789.01 * 0.2


def test_values_of_each_kind(calculate):
    asked = {"status": {MONTH: None}, "name_of_town": {MONTH: None}, "bonus": {"2017": None}, "rent": {MONTH: 10}}
    person = {"is_rich": {MONTH: None}, "age": {MONTH: None}, "birth": {"ETERNITY": None}}
    _, told = calculate({"persons": {"a": person}, "households": {"h": {"adults": ["a"], **asked}}})
    assert told["persons"]["a"] == {"is_rich": {MONTH: False}, "age": {MONTH: 47}, "birth": {"ETERNITY": "1970-01-01"}}
    assert told["households"]["h"] | {"adults": None} == {
        "adults": None,
        "status": {MONTH: "tenant"},
        "name_of_town": {MONTH: ""},
        "bonus": {"2017": 20.0},
        "rent": {MONTH: 10},
    }


def test_a_year_is_shared_among_its_months(calculate):
    _, told = calculate({"persons": {"a": {"salary": {"2017": 12000}, "tax": {"2017-07": None}}}})
    assert told["persons"]["a"]["tax"]["2017-07"] == 200.0


def test_what_is_no_finite_number_is_null(calculate):
    household = {"adults": ["a"], "share_of_rent": {MONTH: None}}
    assert calculate({"persons": {"a": {}}, "households": {"h": household}})[1]["households"]["h"]["share_of_rent"] == {MONTH: None}


def test_axes_answer_a_list_for_each_null(calculate, couple):
    axes = [[{"name": "salary", "min": 0, "max": 2000, "count": 3, "period": MONTH}]]
    status, told = calculate({**couple, "axes": axes})
    assert status == 200
    assert told["households"]["h"]["income"][MONTH] == [-300, 500, 1300]
    assert told["persons"]["Bo"]["age"][MONTH] == [37, 37, 37]


def test_the_body_need_not_say_that_it_is_json(client, couple):
    assert client.post("/calculate", data=json.dumps(couple)).status_code == 200


def test_the_same_shape_with_other_ids_and_values(calculate, couple, land_app):
    for _ in range(2):
        assert calculate(couple)[0] == 200
    other = json.loads(json.dumps(couple).replace("Ana", "Zoe").replace('"h"', '"hh"').replace("1000.5", "2000"))
    assert calculate(other)[1]["households"]["hh"]["income"][MONTH] == 1300
    assert calculate(changed(couple, ("persons", "Ana", "salary", MONTH), "12*100"))[1]["households"]["h"]["income"][MONTH] == 660
    assert calculate(changed(couple, ("persons", "Ana", "salary", MONTH), [1000]))[1]["households"]["h"]["income"][MONTH] == 500


# Errors


@pytest.mark.parametrize(
    "path, value, status, where",
    [
        (("persons", "Ana", "salari"), {MONTH: 1}, 404, ("persons", "Ana", "salari")),
        (("persons", "Ana", "salari"), {MONTH: None}, 404, ("persons", "Ana", "salari")),
        (("households", "h", "pets"), ["Ana"], 404, ("households", "h", "pets")),
        (("persons", "Ana", "rent"), {MONTH: 1}, 400, ("persons", "Ana", "rent")),
        (("persons", "Ana"), [], 400, ("persons", "Ana")),
        (("persons", "Ana"), None, 400, ("persons", "Ana")),
        (("persons",), [], 400, ("persons",)),
        (("persons",), {}, 400, ("persons",)),
        (("households",), [1], 400, ("households",)),
        (("towns",), {}, 400, ("towns",)),
        (("persons", "Ana", "salary"), 2000, 400, ("persons", "Ana", "salary")),
        (("persons", "Ana", "salary"), {"2017-13": 1}, 400, ("persons", "Ana", "salary")),
        (("persons", "Ana", "salary"), {"": None}, 400, ("persons", "Ana", "salary")),
        (("persons", "Ana", "salary"), {MONTH: "abc"}, 400, ("persons", "Ana", "salary", MONTH)),
        (("persons", "Ana", "salary"), {MONTH: {"a": 1}}, 400, ("persons", "Ana", "salary", MONTH)),
        (("persons", "Ana", "salary"), {"2017": None}, 400, ("persons", "Ana", "salary", "2017")),
        (("persons", "Ana", "age"), {MONTH: 10**30}, 400, ("persons", "Ana", "age", MONTH)),
        (("persons", "Ana", "birth"), {"ETERNITY": "1980-02-33"}, 400, ("persons", "Ana", "birth", "ETERNITY")),
        (("households", "h", "bonus"), {MONTH: None}, 400, ("households", "h", "bonus", MONTH)),
        (("households", "h", "status"), {MONTH: "lodger"}, 400, ("households", "h", "status", MONTH)),
        (("households", "h", "adults"), ["Ana", "Cy"], 400, ("households", "h", "adults")),
        (("households", "h", "adults"), 1, 400, ("households", "h", "adults")),
        (("households", "h", "children"), ["Ana"], 400, ("households", "h", "children")),
        (("axes",), 3, 400, ("axes",)),
    ],
)
@pytest.mark.parametrize("endpoint", ["/calculate", "/trace"])
def test_what_is_wrong_is_told_at_its_path(calculate, couple, path, value, status, where, endpoint):
    found, told = calculate(changed(couple, path, value), endpoint)
    assert found == status
    assert isinstance(message_at(told, *where), str)


def test_a_member_that_is_no_id_is_told_at_its_place_in_the_list(calculate, couple):
    _, told = calculate(changed(couple, ("households", "h", "adults"), ["Ana", {"Bo": 1}]))
    assert told["households"]["h"]["adults"][0] is None
    assert isinstance(told["households"]["h"]["adults"][1], str)


def test_all_problems_are_told_at_once(calculate, couple):
    wrong = changed(changed(couple, ("persons", "Ana", "salary", MONTH), "x"), ("households", "h", "status"), {MONTH: "?"})
    _, told = calculate(wrong)
    assert set(told) == {"persons", "households"}


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"3", b"null", b"", b"{", b"\xff{}", b"[" * 100_000, b'{"a":' * 900 + b"1" + b"}" * 900, b"9" * 10_000])
def test_a_body_that_is_no_object_is_400(client, body):
    answer = client.post("/calculate", data=body)
    assert answer.status_code == 400
    assert answer.get_json()


def test_nan_is_no_number(client):
    answer = client.post("/calculate", data=b'{"persons": {"a": {"salary": {"2017-01": NaN}}}}')
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith("Invalid JSON")


def test_a_number_beyond_all_bounds_is_told_at_its_path(client):
    answer = client.post("/calculate", data=b'{"persons": {"a": {"salary": {"2017-01": 1e999}}}}')
    assert answer.status_code == 400
    assert "finite" in answer.get_json()["persons"]["a"]["salary"][MONTH]
    answer = client.post("/calculate", data=b'{"persons": {"a": {"salary": [1, 1e999]}}}')
    assert answer.get_json() == {"persons": {"a": {"salary": {"1": "expected a finite number."}}}}


def test_what_some_programs_write_before_utf_8_is_no_part_of_the_body(client, couple):
    body = json.dumps(couple).encode()
    told = client.post("/calculate", data=b"\xef\xbb\xbf" + body)
    assert (told.status_code, told.get_json()) == (200, client.post("/calculate", data=body).get_json())


def test_a_formula_that_fails_is_told_without_what_it_said(calculate):
    for _ in range(2):
        status, told = calculate({"persons": {"a": {"tax": {MONTH: None}, "failing": {MONTH: None}}}})
        assert status == 422
        said = told["persons"]["a"]["failing"][MONTH]
        assert "`failing`" in said
        assert "Traceback" not in said
        assert "/land_in_openfisca_form" not in said


def test_a_variable_that_needs_itself_is_told(calculate):
    status, told = calculate({"persons": {"a": {"circular": {MONTH: None}}}})
    assert status == 422
    assert "needs itself" in told["persons"]["a"]["circular"][MONTH]


def test_too_many_persons_are_refused(calculate):
    assert calculate({"persons": {str(number): {} for number in range(501)}})[0] == 413
    axes = [[{"name": "salary", "min": 0, "max": 1, "count": 251, "period": MONTH}]]
    status, told = calculate({"persons": {"a": {}, "b": {}}, "axes": axes})
    assert status == 413
    assert "500 persons" in told["error"]
    assert "502" in told["error"]


def test_many_mistakes_are_told_in_good_time(calculate):
    status, told = calculate({"persons": {"a": {f"salary{number}": {MONTH: 1} for number in range(20_000)}}})
    assert status == 404
    assert 100 <= len(told["persons"]["a"]) <= 1000


def test_a_long_value_is_not_told_back(calculate):
    _, told = calculate({"persons": {"a": {"salary": {MONTH: "x" * 100_000}}}})
    assert len(told["persons"]["a"]["salary"][MONTH]) <= 500


# Traces


def test_a_trace_tells_what_was_read(calculate, couple):
    status, told = calculate(couple, "/trace")
    assert status == 200
    assert told["entitiesDescription"] == {"households": ["h"], "persons": ["Ana", "Bo"]}
    assert told["requestedCalculations"] == [f"age<{MONTH}>", f"income<{MONTH}>"]
    income = told["trace"][f"income<{MONTH}>"]
    assert income["value"] == [1000.5 - 1000.5 * 0.2 - 300]
    assert income["dependencies"] == [f"salary<{MONTH}>", f"tax<{MONTH}>", f"rent<{MONTH}>"]
    tax = told["trace"][f"tax<{MONTH}>"]
    assert tax["parameters"] == {"taxes.rate<2017-01-01>": 0.2}
    assert tax["calculation_time"] > 0
    assert told["trace"]["birth<ETERNITY>"]["value"] == ["1970-01-01", "1980-01-31"]
    assert told["trace"][f"salary<{MONTH}>"]["dependencies"] == []


def test_every_dependency_of_a_trace_is_in_it(calculate, couple):
    trace = calculate(couple, "/trace")[1]["trace"]
    assert {name for step in trace.values() for name in step["dependencies"]} <= trace.keys()


@pytest.mark.parametrize("path", ["/calculate", "/trace"])
def test_a_formula_that_fails_on_what_was_given_is_logged_without_it(client, caplog, path):
    """At no level does any logger say who was described, or what a formula said of him."""
    who = "Jeanne-Dupont"
    situation = {"persons": {who: {"salary": {MONTH: 31415926}, "failing": {MONTH: None}, "birth": {"ETERNITY": "1931-04-15"}}}}
    with caplog.at_level(logging.DEBUG):
        assert client.post(path, json=situation).status_code == 422
        assert client.post(path, json={"persons": {who: {"salary": {MONTH: who}}}}).status_code == 400
        assert client.post(path, data=f'{{"persons": {who}').status_code == 400
    assert "nobody foresaw" in caplog.text
    assert "in simulated" in caplog.text or "in traced" in caplog.text
    for word in (who, "31415926", "1931-04-15", "a secret of the server"):
        assert word not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)
    assert len(caplog.text.splitlines()) < 200
