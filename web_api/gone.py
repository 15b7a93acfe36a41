"""Whether somebody still waits for an answer: what only one person asked for is not computed to its end when that person has left."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLOSED_BY_OTHER_SIDE: Final = getattr(select, "POLLRDHUP", 0)
"""Linux tells a connection that the client closed; elsewhere only one that broke is noticed."""


def client_is_gone(environ: Mapping[str, Any]) -> Callable[[], bool]:
    """Return what asks whether the client of a request has closed its connection: no, where the server does not give the connection (gunicorn does)."""
    connection = environ.get("gunicorn.socket")
    if connection is None:
        return lambda: False
    watched = select.poll()
    watched.register(connection, CLOSED_BY_OTHER_SIDE)
    return lambda: bool(watched.poll(0))
