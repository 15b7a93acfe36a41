"""Runs over the country: what a reform does to the budget, to households and to inequality, computed by a process beside the web workers.

`endpoints` answers; `client` is a worker's side of the runner, `runner` the process; `runs` is its queue and `studies` what it computes with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service


def register(app: Flask, service: Service) -> None:
    """Add this part's endpoints, where there is a population for the law."""
    if service.is_own_law:
        from web_api.country_runs.endpoints import blueprint  # noqa: PLC0415 - the runner does not answer the web
        from web_api.country_runs.identity import law_identity  # noqa: PLC0415 - the same

        law_identity()  # of the files as they are now, when the law is loaded; the first who asks does not wait for it
        app.register_blueprint(blueprint)


def prewarm(service: Service) -> None:
    """Start the runner, so that it is warm when the first asks; without effect where the law has no population. Raises DataError.

    The runner stays as long as this process, or a worker that has asked it something, lives.
    """
    if service.is_own_law:
        from web_api.country_runs.endpoints import client_of  # noqa: PLC0415 - the runner does not answer the web

        client_of(service.settings).start()
