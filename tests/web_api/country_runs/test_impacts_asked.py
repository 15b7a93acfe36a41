"""What is asked of a run: every problem is told, and the same content has the same key, whoever writes it."""

import json

import pytest
from pydantic import ValidationError

from legislation import france
from web_api.answers import RefusedRequestError
from web_api.country_runs.asked import ImpactAsked, checked, key_of
from web_api.settings import Settings

DECOTE = "impot_revenu.decote.personne_seule"
COUPLE = "impot_revenu.decote.couple"
SCALE = "impot_revenu.bareme"


def asked(**body):
    return ImpactAsked.model_validate_json(json.dumps(body))


def key(law="l", population="p", **body):
    found = asked(**body)
    return key_of(found, checked(found, france(), Settings()), law, population)


def problems(**body):
    with pytest.raises(RefusedRequestError) as found:
        checked(asked(**body), france(), Settings())
    assert found.value.status == 400
    return {problem.place: problem.message for problem in found.value.problems}


@pytest.mark.parametrize(
    "other",
    [
        {"changes": {COUPLE: 1400.0, DECOTE: 900}},
        {"changes": {DECOTE: 900.0, COUPLE: 1400}, "year": 2022, "replicates": 100},
        {"reform": {"title": "T", "description": "D", "parameters": {DECOTE: {"2022-01-01": {"value": 900}}, COUPLE: {"2022-01-01": {"value": 1400}}}}},
    ],
)
def test_the_same_content_has_the_same_key(other):
    assert key(changes={DECOTE: 900, COUPLE: 1400}) == key(**other)


@pytest.mark.parametrize(
    "other",
    [
        {"changes": {DECOTE: 901}},
        {"changes": {DECOTE: 900, COUPLE: 1400}},
        {"changes": {DECOTE: 900}, "year": 2023},
        {"changes": {DECOTE: 900}, "bill": "plf_2024"},
        {"changes": {DECOTE: 900}, "replicates": 99},
        {"changes": {DECOTE: 900}, "law": "another"},
        {"changes": {DECOTE: 900}, "population": "another"},
        {"bill": "plf_2024"},
        {},
    ],
)
def test_another_content_has_another_key(other):
    assert key(changes={DECOTE: 900}) != key(**other)


def test_the_order_of_changes_counts_where_one_lies_below_another():
    brackets = [{"threshold": 0, "rate": 0}, {"threshold": 10_000, "rate": 0.1}]
    below = f"{SCALE}.brackets[1].rate"
    assert key(changes={SCALE: brackets, DECOTE: 900}) == key(changes={DECOTE: 900, SCALE: brackets})
    one = {f"{SCALE}.brackets": {"2022-01-01": brackets}, below: {"2022-01-01": 0.2}}
    assert key(reform={"parameters": one}) != key(reform={"parameters": dict(reversed(one.items()))})


def test_every_problem_is_told_by_its_path():
    found = problems(bill="plf", changes={"impot_revenu.decot": 1, DECOTE: "much", COUPLE: 1400, "a/b": 1, SCALE: [{"threshold": 0}]})
    assert set(found) == {"/bill", "/changes/impot_revenu.decot", f"/changes/{DECOTE}", "/changes/a~1b", f"/changes/{SCALE}/0/rate"}
    assert "plf_2024" in found["/bill"]


@pytest.mark.parametrize(
    "reform",
    [
        {"zz": 1},
        {"base": "os.system"},
        {"neutralize": ["no_such"]},
        {"parameters": {DECOTE: 3}},
        {"parameters": {DECOTE: {"2022-01-01": {"value": {"a": 1}}}}},
        {"parameters": {DECOTE: {"never": 1}}},
        {"parameters": {f"{SCALE}.brackets[9]": {"2022-01-01": 1}}},
        {"parameters": [1]},
        {"parameters": {SCALE: {"brackets": 3}}},
        {"parameters": {DECOTE: {"values": [[]]}}},
        {"title": {}},
        {"parameters": {DECOTE: {"2022-01-01": float("nan")}}},
    ],
)
def test_what_is_no_reform_is_refused(reform):
    assert "/reform" in {place[:7] for place in problems(reform=reform)}


def test_either_changes_or_a_reform():
    assert list(problems(changes={DECOTE: 1}, reform={})) == ["/reform"]


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 10**400, "much", True, [], [{"threshold": 0, "rate": float("nan")}], [{"threshold": 0, "amount": 3}]],
)
def test_a_value_that_a_figure_cannot_have_is_refused(value):
    with pytest.raises((RefusedRequestError, ValidationError)):
        checked(asked(changes={DECOTE: value}), france(), Settings())


def test_a_number_that_no_word_holds_is_refused():
    assert problems(reform={"parameters": {DECOTE: {"2022-01-01": -(10**400)}}})


def test_nothing_else_is_let_through():
    with pytest.raises(ValidationError):
        asked(replicates=10_000)
    with pytest.raises(ValidationError):
        asked(document={})
