"""The API over the law of Ostrea, as the tests serve it."""

from fictional_country import country
from web_api.app import create_app
from web_api.service import Service
from web_api.settings import Settings


def ostrea_app(law=None, **settings):
    """Return this part alone, over the law of Ostrea."""
    return create_app(Service(law or country(), "ostrea", "1.2.3", Settings(**{"requests_per_minute": 0, **settings})), parts=("v1",))
