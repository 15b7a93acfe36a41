"""A client of the application over the French law, made once for all tests of this folder."""

import pytest

from web_api.app import create_app
from web_api.service import own_service
from web_api.settings import Settings


@pytest.fixture(scope="session", name="french_app")
def _french_app():
    return create_app(own_service(Settings(requests_per_minute=0)))


@pytest.fixture(scope="session", name="client")
def _client(french_app):
    return french_app.test_client()


@pytest.fixture(scope="session", name="ask")
def _ask(client):
    """Ask an endpoint and return its answer's JSON: `ask("/v1/households", households=[…])`."""

    def ask(path, status=200, **body):
        answer = client.post(path, json=body)
        assert answer.status_code == status, answer.json
        return answer.json

    return ask
