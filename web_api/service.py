"""What every endpoint works with: the law that is served, what is known of its package, and the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from flask import current_app

from web_api.rates import Rates
from web_api.settings import Settings

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.openfisca.systems import TaxBenefitSystem

EXTENSION = "bareme"


@dataclass(frozen=True)
class Service:
    """The law served. `system` is OpenFisca's where a country package is; `name` and `version` are those of the package that holds the law.

    `rates` counts requests: workers that are forked after the service was made count together.
    """

    legislation: Legislation
    name: str
    version: str
    settings: Settings = field(default_factory=Settings)
    system: TaxBenefitSystem | None = None
    rates: Rates = field(default_factory=Rates, repr=False, compare=False)

    @property
    def is_own_law(self) -> bool:
        """Whether it is the law that Barème ships, for which there are a page, a population and households."""
        return self.system is None


def service() -> Service:
    """Return the service of the application that answers the request."""
    found: Service = current_app.extensions[EXTENSION]
    return found


def own_service(settings: Settings | None = None) -> Service:
    """Return the service of the law that Barème ships."""
    from legislation import france  # noqa: PLC0415 - a service of another law never loads it

    return Service(france(), "bareme", version("bareme"), settings or Settings())
