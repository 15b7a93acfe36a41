"""`bareme serve`: the web API, and for Barème's own law its pages, by gunicorn.

The law is loaded once, before the workers are forked: they share its memory. Each worker makes its application itself, so that
no lock, thread or connection is carried over from the process that forks.
"""

from __future__ import annotations

import gc
import os
import socket
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from web_api.service import Service
    from web_api.settings import Settings

LARGEST_PORT = 65_535
MOST_WORKERS = 128


@click.command("serve")
@legislation_options
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all of the machine's.")
@click.option("-p", "--port", default=5000, show_default=True, type=click.IntRange(1, LARGEST_PORT), help="The port to listen on.")
@click.option("-w", "--workers", default=None, type=click.IntRange(1, MOST_WORKERS), help="How many processes answer; one for each core by default.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1), help="How many requests each of them answers at a time.")
@click.option("--timeout", default=120, show_default=True, type=click.IntRange(0), help="Seconds after which a process that hangs is replaced; 0: never.")
def command(law: LawChoice, host: str, port: int, workers: int | None, threads: int, timeout: int) -> None:
    """Serve the law on the web: OpenFisca's web API for it, and for Barème's own law its pages.

    Limits, origins, keys and folders are read from the environment: BAREME_MAX_PERSONS, BAREME_API_KEYS and others (docs/web_api.md).
    """
    _check_installed()
    from web_api.settings import Settings

    settings = Settings.from_environment()
    _check_free(host, port)
    count = workers or os.cpu_count() or 1
    service = _service(law, settings)
    shown = f"[{host}]" if ":" in host else host
    options = {
        "bind": f"{shown}:{port}",
        "workers": count,
        "threads": threads,
        "timeout": timeout,
        "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108 - gunicorn's own advice: no disk for heartbeats
        "keepalive": 75,
        "loglevel": "warning",
        "proc_name": "bareme serve",
        "when_ready": lambda _: click.echo(f"Barème serves {service.name} {service.version} at http://{shown}:{port} ({count} x {threads})."),
    }
    _run(service, options)


def _check_installed() -> None:
    from importlib.util import find_spec

    from engine.errors import DataError

    missing = [name for name in ("flask", "gunicorn", "pydantic") if find_spec(name) is None]
    if missing:
        raise DataError(f"`bareme serve` needs {' and '.join(missing)}, which {'are' if len(missing) > 1 else 'is'} not installed: pip install 'bareme[web]'.")


def _check_free(host: str, port: int) -> None:
    """Raise DataError where nobody can listen there: gunicorn would try again and again."""
    from engine.errors import DataError

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise DataError(f"Nothing can be served at {host}:{port}: {error.strerror or error}. Choose another with --host and --port.") from error


def _service(law: LawChoice, settings: Settings) -> Service:
    """Return what is served. Raises DataError or ReformError as `LawChoice.legislation`."""
    from dataclasses import replace
    from importlib.metadata import version

    from web_api.service import Service

    if law.country_package is None:
        return Service(law.legislation(), "bareme", version("bareme"), settings)
    from web_api.openfisca import service_of

    service = service_of(law.system(), settings)
    legislation = service.legislation
    for reform in law.reforms_of_law():
        legislation = reform(legislation)
    return replace(service, legislation=legislation)


def _run(service: Service, options: dict[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication

    from web_api.app import create_app, prewarm
    from web_api.serving import EvenWorker, take_place

    class _Application(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def load_config(self) -> None:
            for name, value in {**options, "worker_class": EvenWorker, "pre_fork": take_place}.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            app = create_app(service)
            prewarm(app)
            return app

    gc.collect()
    gc.freeze()  # the law lives as long as the server: its objects are not gone through again, and their memory stays shared
    _Application().run()
