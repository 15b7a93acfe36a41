"""A connection to a Dask scheduler, for as long as a run lasts."""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from engine.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client

SCHEMES: Final = ("tcp://", "tls://")
TIMEOUT: Final = 15.0
_CLOSING: Final = 5.0


@contextmanager
def connected(address: str, timeout: float = TIMEOUT) -> Iterator[Client]:
    """Give a client of the scheduler at `tcp://host:port` or `tls://host:port`.

    Raises ClusterError where `distributed` is not installed, where the address is none, and where no scheduler answers within `timeout` seconds.
    Keys and certificates of `tls://` are those of Dask's own configuration.
    """
    if not address.startswith(SCHEMES):
        raise ClusterError(f"`{address}` is no address of a scheduler: expected tcp://host:port, or tls://host:port.")
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ClusterError("A cluster needs distributed, which is not installed: pip install 'bareme[cluster]'.") from error
    with _quiet():
        try:
            client = Client(address, timeout=timeout, set_as_default=False, name="bareme")
        except (OSError, ValueError, TypeError) as error:  # a timeout is an OSError; TypeError: tls:// without certificates
            first = str(error).partition("\n")[0]
            raise ClusterError(
                f"No scheduler answers at {address} within {timeout:g} seconds ({first or type(error).__name__}): expected one, as `dask scheduler` starts it."
            ) from error
        try:
            yield client
        finally:
            with suppress(OSError):
                client.close(timeout=_CLOSING)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own messages off the terminal: what matters of them is raised, or said."""
    loggers = [logging.getLogger(name) for name in ("distributed", *logging.root.manager.loggerDict) if name.partition(".")[0] == "distributed"]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
