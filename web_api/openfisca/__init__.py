"""OpenFisca's web API over the law that is served, so that its clients work unchanged; and the package `openfisca_web_api`.

Under the compatibility layer, `from openfisca_web_api.app import create_app` gives this application (see engine/openfisca/provided.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from engine.openfisca.systems import TaxBenefitSystem
    from web_api.service import Service
    from web_api.settings import Settings


def register(app: Flask, service: Service) -> None:
    """Add this part's endpoints."""
    from web_api.openfisca.endpoints import add_endpoints  # noqa: PLC0415 - the entry point is read without Flask

    add_endpoints(app, service)


def service_of(system: TaxBenefitSystem, settings: Settings | None = None) -> Service:
    """Return the service of a country package's system."""
    from web_api.service import Service  # noqa: PLC0415 - the same
    from web_api.settings import Settings as Chosen  # noqa: PLC0415 - the same

    about = system.get_package_metadata()
    return Service(system.legislation, about["name"], about["version"], settings or Chosen.from_environment(), system)


def create_app(tax_benefit_system: TaxBenefitSystem, *others: Any, **options: Any) -> Flask:
    """Return the application for a system, as OpenFisca's function of that name.

    Its further arguments name a service that counts visits, and the words of welcome: nothing is told to anybody here, and they have no effect.
    """
    from web_api.app import create_app as create  # noqa: PLC0415 - the same

    del others, options
    return create(service_of(tax_benefit_system))


def modules() -> Mapping[str, Mapping[str, object]]:
    """Return what stands in for the package `openfisca_web_api`."""
    return {"openfisca_web_api": {}, "openfisca_web_api.app": {"create_app": create_app}}
