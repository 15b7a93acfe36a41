"""The curve of a household and the chain of rules behind an amount, as the endpoints answer them."""

import json
import socket

import pytest

from web_api.households.model import Household
from web_api.households.situation import simulation_of

SINGLE = {"adults": [{"age": 30, "wages": 2500}]}
COUPLE = {"status": "marie", "adults": [{"wages": 2500}, {"pensions": 1200}], "children": [{"age": 7}]}
DECOTE = "impot_revenu.decote.personne_seule"


def test_a_curve_has_the_laws_over_each_other_and_the_thresholds_of_the_scale(ask, french_app):
    told = ask("/v1/households/curve", household=SINGLE, changes={"impot_revenu.decote.taux": 0.5}, **{"from": 20_000, "to": 45_000}, points=26)
    assert told["laws"] == ["in_force", "amended"]
    assert [each["income"] for each in told["points"]] == sorted(each["income"] for each in told["points"])
    law = french_app.extensions["bareme"].legislation
    for point in told["points"][::5]:
        household = Household.model_validate({"adults": [{"age": 30, "wages": point["income"]}], "per": "year"})
        simulation = simulation_of([household], 2022, law)
        assert point["in_force"]["disposable_income"] == pytest.approx(float(simulation.calculate("revenu_disponible", 2022)[0]), abs=0.01)
    assert any("197" in reference for each in told["thresholds"] for reference in each["references"])
    assert all(each["references"] for each in told["thresholds"])
    assert told["chart"]["$schema"].startswith("https://vega.github.io/schema/vega-lite")
    assert "var(--amended)" in json.dumps(told["chart"])


@pytest.mark.parametrize(
    "body, path",
    [
        ({"household": SINGLE, "from": 10, "to": 10}, ""),
        ({"household": SINGLE, "varies": "wages of adult 2"}, ""),
        ({"household": SINGLE, "varies": "luck of adult 1"}, "/varies"),
        ({"household": SINGLE, "points": 100_000}, "/points"),
        ({"household": {"commune": "00000"}}, "/household/commune"),
    ],
)
def test_a_curve_of_something_else_is_refused_with_its_path(ask, body, path):
    error = ask("/v1/households/curve", status=400, **body)["error"]
    assert [each["path"] for each in error["problems"]] == [path]


def test_why_tells_rules_figures_and_articles_under_the_law_that_is_asked_for(ask):
    in_force, amended = (ask("/v1/households/why", household=SINGLE, changes={DECOTE: 1_200}, variable="decote", law=law) for law in ("in_force", "amended"))
    for told in (in_force, amended):
        assert told["period"] == "2022"
        assert told["html"].startswith('<ul class="tree">')
        assert "CGI, art. 197" in told["html"]
        assert "<script" not in told["html"]
    assert "1\N{NARROW NO-BREAK SPACE}200" in amended["html"] or "1 200" in amended["html"]
    assert in_force["explanation"]["result"]["value"] != amended["explanation"]["result"]["value"]


def test_why_of_a_month_tells_the_largest_and_of_persons_the_one_who_has_it(ask):
    told = ask("/v1/households/why", household=COUPLE, variable="csg_deductible_retraite")
    assert told["period"].startswith("2022-")
    assert told["explanation"]["result"]["row"] == 1
    english = ask("/v1/households/why", household=COUPLE, variable="csg_deductible_retraite", language="en")
    assert english["html"] != told["html"]


def test_why_of_an_unknown_variable_names_the_nearest(ask):
    error = ask("/v1/households/why", status=404, household=SINGLE, variable="impot_a_paye")["error"]
    assert "impot_a_payer" in error["message"]


def test_a_curve_that_nobody_waits_for_is_given_up(french_app):
    here, there = socket.socketpair()
    asked = {"household": SINGLE, "from": 20_000, "to": 45_000, "points": 26}
    client = french_app.test_client()
    with here:
        assert client.post("/v1/households/curve", json=asked, environ_overrides={"gunicorn.socket": here}).status_code == 200
        there.close()
        told = client.post("/v1/households/curve", json=asked, environ_overrides={"gunicorn.socket": here})
    assert told.status_code == 503
    assert "nobody waits" in told.json["error"]["message"]
