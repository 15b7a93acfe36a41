"""The workspaces' pages, as the server makes them."""

from __future__ import annotations

import base64
import json

import pytest

from web_api.app import create_app
from web_api.service import own_service
from web_api.settings import Settings
from web_api.workspaces.pages import state_fragment

DECOTE = {"name": "Décote relevée", "amendment": {"year": 2022, "bill": None, "changes": {"impot_revenu.decote.personne_seule": 900}}, "households": None}
OVER_A_BILL = {"name": "Sur <projet>", "amendment": {"year": 2022, "bill": "plf_2024", "changes": {"impot_revenu.decote.taux": 0.5}}, "households": None}
OF_NO_LAW = {"name": "Dépassé", "amendment": {"year": 2022, "bill": None, "changes": {"impot_revenu.decot": 1}}, "households": None}


@pytest.fixture
def client(tmp_path):
    return create_app(own_service(Settings(database=f"sqlite:///{tmp_path / 'workspaces.sqlite'}"))).test_client()


@pytest.fixture
def workspace(client):
    return client.post("/v1/workspaces", json={"name": "Séance <b>", "amendments": [DECOTE, OVER_A_BILL, OF_NO_LAW]}).get_json()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_amendments_stand_side_by_side(client, workspace, language):
    answer = client.get(f"/workspaces/{workspace['id']}?lang={language}")
    assert answer.status_code == 200
    assert {"fr": "833\u00a0€ → 900\u00a0€", "en": "€833 → €900"}[language] in answer.text
    assert "Séance &lt;b&gt;" in answer.text
    assert "<b>" not in answer.text
    assert "Sur &lt;projet&gt;" in answer.text
    why = {"fr": "La loi n’a pas de chiffre `impot_revenu.decot`", "en": "There is no figure of the law `impot_revenu.decot`"}
    assert why[language] in answer.text  # the one that no longer fits says why
    assert client.get(f"/workspaces?lang={language}").status_code == 200


def test_a_page_of_no_workspace_is_404(client):
    answer = client.get("/workspaces/none?lang=fr")
    assert answer.status_code == 404
    assert "<h1>Cet espace de travail n’existe pas</h1>" in answer.text


def test_the_fragment_is_that_of_the_page():
    state = {"year": 2022, "bill": None, "changes": {"a.b": 0.5}, "households": [{"name": "Été ?>"}]}
    text = state_fragment(state).removeprefix("a=")
    assert json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) == state
