"""An edited scale over another law: rows that nobody edited follow it, edited ones stay, and what both change is told."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web_api.app import create_app
from web_api.law_text.rebasing import Row, merged
from web_api.service import own_service
from web_api.settings import Settings

SCALE = "impot_revenu.bareme"
LAW = [(0, 0), (10777, 0.11), (27478, 0.3), (78570, 0.41), (168994, 0.45)]
BILL = [(0, 0), (11294, 0.11), (28797, 0.3), (82341, 0.41), (177106, 0.45)]


@pytest.fixture(scope="module", name="client")
def _client():
    return create_app(own_service(Settings(requests_per_minute=0))).test_client()


def rows(*pairs):
    return [Row(float(lower), value) for lower, value in pairs]


def after(before, mine, other):
    found = merged(rows(*before), rows(*mine), rows(*other))
    return [(each.lower, each.value) for each in found.rows], [each.word for each in found.conflicts]


def rebased(client, brackets, *, bill="plf_2024", language="fr", of=None, year=2022):
    body = {"year": 2022, "bill": of, "changes": {SCALE: [{"threshold": lower, "rate": value} for lower, value in brackets], "impot_revenu.decote.taux": 0.5}}
    answer = client.post("/v1/amendments/rebase", json={**body, "language": language, "onto": {"year": year, "bill": bill}})
    assert answer.status_code == 200, answer.text
    assert answer.json["changes"]["impot_revenu.decote.taux"] == 0.5
    return [(each["threshold"], each["rate"]) for each in answer.json["changes"][SCALE]], [each["message"] for each in answer.json["conflicts"]]


def test_rows_that_nobody_edited_follow_the_other_law():
    assert after(LAW, [*LAW[:2], (27478, 0.32), *LAW[3:]], BILL) == ([*BILL[:2], (28797, 0.32), *BILL[3:]], [])


def test_what_both_change_stays_as_edited_and_is_told():
    assert after(LAW, [LAW[0], (12000, 0.11), *LAW[2:]], BILL) == ([BILL[0], (12000, 0.11), *BILL[2:]], ["kept_threshold"])
    assert after(LAW, [LAW[0], (10777, 0.12), *LAW[2:]], [LAW[0], (10777, 0.1), *LAW[2:]]) == ([LAW[0], (10777, 0.12), *LAW[2:]], ["kept_value"])


def test_both_may_change_the_same_alike():
    assert after(LAW, BILL, BILL) == (BILL, [])


def test_rows_put_in_and_taken_out_stay_so():
    assert after(LAW, [*LAW, (250000, 0.5)], BILL) == ([*BILL, (250000, 0.5)], [])
    assert after(LAW, [*LAW[:3], (50000, 0.35), *LAW[3:]], BILL) == ([*BILL[:3], (50000, 0.35), *BILL[3:]], [])
    assert after(LAW, [*LAW[:3], LAW[4]], BILL) == ([*BILL[:3], BILL[4]], ["kept_out"])
    assert after(LAW, [*LAW[:3], (78570, 0.42), LAW[4]], [*LAW[:3], LAW[4]]) == ([*LAW[:3], (78570, 0.42), LAW[4]], ["kept_in"])
    assert after(LAW, [*LAW, (250000, 0.5)], [*LAW, (250000, 0.49)]) == ([*LAW, (250000, 0.5)], ["kept_value"])


def test_rows_of_the_other_law_come_and_go_with_it():
    edited = [*LAW[:4], (168994, 0.46)]
    assert after(LAW, edited, [*LAW[:4], (100000, 0.43), LAW[4]]) == ([*LAW[:4], (100000, 0.43), (168994, 0.46)], [])
    assert after(LAW, edited, [*LAW[:2], *LAW[3:]]) == ([*LAW[:2], LAW[3], (168994, 0.46)], [])


def test_a_scale_whose_thresholds_would_no_longer_rise_stays_whole():
    edited = [*LAW[:3], (28000, 0.41), LAW[4]]
    assert after(LAW, edited, BILL) == (edited, ["kept_whole"])


def test_a_scale_that_one_of_the_laws_has_not_stays_whole():
    assert after([], LAW, BILL) == (LAW, [])
    assert after(LAW, BILL, []) == (BILL, [])


SCALES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 5)), min_size=1, max_size=6, unique_by=lambda each: each[0]).map(sorted)


@given(SCALES, SCALES)
def test_over_the_same_law_nothing_changes_and_what_is_not_edited_becomes_the_other_law(one, other):
    assert after(one, other, one) == (other, [])
    assert after(one, one, other) == (other, [])


@given(SCALES, SCALES, SCALES)
def test_thresholds_always_rise(before, mine, other):
    found, _ = after(before, mine, other)
    assert all(one[0] < behind[0] for one, behind in pairwise(found))


def test_two_thresholds_edited_in_force_are_taken_to_a_bill(client):
    found, told = rebased(client, [LAW[0], (12000, 0.11), LAW[2], (80000, 0.41), LAW[4]])
    assert found == [BILL[0], (12000, 0.11), BILL[2], (80000, 0.41), BILL[4]]
    assert [each.replace("\u00a0", " ") for each in told] == [
        "Article 197, barème : votre seuil de 12 000 € est gardé ; le texte choisi dit 11 294 €.",
        "Article 197, barème : votre seuil de 80 000 € est gardé ; le texte choisi dit 82 341 €.",
    ]


def test_and_back_and_in_english(client):
    found, told = rebased(client, [BILL[0], (12000, 0.11), *BILL[2:]], of="plf_2024", bill=None, language="en")
    assert found == [LAW[0], (12000, 0.11), *LAW[2:]]
    assert told == ["Article 197, scale: your threshold of €12,000 is kept; the text chosen says €10,777."]


def test_another_year_is_another_law(client):
    found, _ = rebased(client, [*LAW[:4], (168994, 0.49)], bill=None, year=2023)
    assert found == [BILL[0], *BILL[1:4], (177106, 0.49)]


def test_what_does_not_fit_the_law_is_given_back_as_it_came(client):
    changes = {"no.such": [{"threshold": 0, "rate": 1}], SCALE: [{"threshold": 0}], "impot_revenu.decote.taux": [{"threshold": 0, "amount": 1}], "none": None}
    answer = client.post("/v1/amendments/rebase", json={"changes": changes, "onto": {"bill": "plf_2024"}})
    assert answer.json["changes"] == {**changes, "no.such": [{"threshold": 0, "rate": 1}]}
    assert client.post("/v1/amendments/rebase", json={"onto": {"bill": "no_such"}}).status_code == 404
