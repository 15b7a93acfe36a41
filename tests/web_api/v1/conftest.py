"""The API over the fictional country's law and over France's; nobody is counted."""

import sys
from pathlib import Path

import pytest

from web_api.app import create_app
from web_api.service import own_service
from web_api.settings import Settings

sys.path.append(str(Path(__file__).parent / "support"))

from ostrea_api import ostrea_app

UNLIMITED = Settings(requests_per_minute=0)


@pytest.fixture(scope="module")
def ostrea():
    """Return a client of the API over Ostrea's law."""
    return ostrea_app().test_client()


@pytest.fixture
def make_ostrea():
    """Return what makes an application over Ostrea's law with settings of one's own."""
    return ostrea_app


@pytest.fixture(scope="session")
def france_app():
    """Return this part alone, over France's law."""
    return create_app(own_service(UNLIMITED), parts=("v1",))


@pytest.fixture
def france(france_app):
    """Return a client of the API over France's law."""
    return france_app.test_client()
