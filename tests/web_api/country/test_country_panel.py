"""The country's panel as the server renders it, and results that are known already."""

import json
import re

import pytest

from analysis.groups import AGES, FAMILIES
from analysis.measures import catalogue
from web_api import country
from web_api.app import create_app
from web_api.country import known
from web_api.country.charts import charts
from web_api.service import own_service
from web_api.settings import Settings
from web_api.words import words

AMENDMENT = {"year": 2022, "changes": {"impot_revenu.decote.taux": 0.5}}


@pytest.fixture(name="app")
def _app(tmp_path, monkeypatch):
    monkeypatch.setenv("BAREME_CACHE_DIR", str(tmp_path))
    return create_app(own_service(Settings(requests_per_minute=0)), ("page", "country"))


def test_the_panel_has_a_place_for_each_result(app):
    with app.test_request_context("/page"):
        text = country.panel(app.extensions["bareme"], 2022, "fr")
    ids = re.findall(r'id="country-([\w-]+)"', text)
    assert len(ids) == len(set(ids))
    assert {"run", "cancel", "bar", "status", "results", "budget", "groups", "taxed", "inequality", "notes"} <= set(ids)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_charts_take_their_colours_from_the_page_and_hold_no_data_of_their_own(language):
    for spec in charts(language).values():
        text = json.dumps(spec)
        assert not re.search(r"#[0-9a-fA-F]{3,8}\"", text)
        assert '"name": "rows"' in text
        assert "config" not in spec


def test_the_words_of_measures_and_groups_are_there():
    known_words = words("en")
    assert [each.name for each in catalogue().measures if f"country.measure_{each.name}" not in known_words] == []
    assert len([key for key in known_words if key.startswith("country.group_")]) >= len(AGES) + len(FAMILIES)


def test_a_result_that_is_not_known_is_not_calculated(app):
    assert app.test_client().post("/v1/impacts/known", json=AMENDMENT).status_code == 204


def test_a_result_that_is_known_is_answered(app, monkeypatch):
    monkeypatch.setattr(known, "kept", lambda key: b'{"years":[2022]}')
    answer = app.test_client().post("/v1/impacts/known", json=AMENDMENT)
    assert answer.json["state"] == "done"
    assert answer.json["result"] == {"years": [2022]}


def test_an_amendment_that_does_not_fit_is_refused(app):
    answer = app.test_client().post("/v1/impacts/known", json={"year": 2022, "changes": {"impot_revenu.nothing": 1}})
    assert answer.status_code == 400
    assert answer.json["error"]["problems"]
