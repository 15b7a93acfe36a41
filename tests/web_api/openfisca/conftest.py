"""Applications over the invented land and over Barème's own law."""

import importlib
import sys
from pathlib import Path

import pytest

from engine import openfisca
from engine.openfisca.finder import Finder
from web_api.app import create_app
from web_api.openfisca import service_of
from web_api.service import own_service
from web_api.settings import Settings


@pytest.fixture(scope="session")
def land():
    """Return the system of the land, with `openfisca_core` answered by Barème while these tests run."""
    openfisca.activate()
    sys.path.append(str(Path(__file__).parent))
    yield importlib.import_module("land_in_openfisca_form").CountryTaxBenefitSystem()
    sys.path.remove(str(Path(__file__).parent))
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Finder)]


@pytest.fixture(scope="session")
def settings():
    return Settings(requests_per_minute=0, max_persons=500)


@pytest.fixture(scope="session")
def land_app(land, settings):
    return create_app(service_of(land, settings))


@pytest.fixture
def client(land_app):
    return land_app.test_client()


@pytest.fixture(scope="session")
def own_app(settings):
    return create_app(own_service(settings))


@pytest.fixture
def own_client(own_app):
    return own_app.test_client()


@pytest.fixture
def calculate(client):
    """Return status and answer for a situation."""

    def ask(situation, path="/calculate"):
        answer = client.post(path, json=situation)
        return answer.status_code, answer.get_json()

    return ask


@pytest.fixture
def couple():
    return {
        "persons": {"Ana": {"salary": {"2017-01": 1000.5}}, "Bo": {"birth": {"ETERNITY": "1980-01-31"}, "age": {"2017-01": None}}},
        "households": {"h": {"adults": ["Ana", "Bo"], "rent": {"2017-01": 300}, "income": {"2017-01": None}}},
    }
