"""An application with this part alone, over any law."""

import pytest
from flask import Flask

from web_api import answers, explore
from web_api.page import frame
from web_api.service import EXTENSION, Service
from web_api.settings import Settings


@pytest.fixture(scope="session")
def client_of():
    """Return a client of the pages of a law: `client_of(law)`."""

    def make(law):
        app = Flask("web_api", static_folder=None, template_folder=None)
        app.json.sort_keys = False
        service = Service(law, "ostrea", "1.0", Settings(), system=object())
        app.extensions[EXTENSION] = service
        answers.register(app)
        frame.register(app, service)
        explore.register(app, service)
        return app.test_client()

    return make
