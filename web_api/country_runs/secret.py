"""The server's own secret, with which the ids of runs are made: an id in an access log, or the name of a file, tells nothing of what was asked.

Without it, whoever reads ids could try amendments one by one until one gives the same. It is a file beside the results that are kept, or in the
folder of sockets where none is kept, which only the user who runs the server can read. It is read anew each time: workers and the runner go on
together where someone removes it, and what is known under the old one is computed again.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from engine import user_cache
from engine.errors import DataError
from web_api.country_runs.wire import private_folder

if TYPE_CHECKING:
    from pathlib import Path

SIZE: Final = 32
_KIND: Final = "impact-secret"
_NAME: Final = "secret"


def secret() -> bytes:
    """Return the secret, which is made where there is none. Raises DataError where it cannot be kept."""
    chosen = user_cache.cache_file(_KIND)
    if chosen is not None:
        file = chosen.with_suffix(".key")
        with suppress(OSError):
            return _read(file) or _made(file)
    file = private_folder() / _NAME
    try:
        return _read(file) or _made(file)
    except OSError as error:
        raise DataError(f"The secret of the runs over the country cannot be kept ({error.strerror}).") from error


def _read(file: Path) -> bytes | None:
    """Return what a file has, None where it is not there, not whole, or others may read or write it."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        about = os.fstat(descriptor)
        is_ours = stat.S_ISREG(about.st_mode) and about.st_uid == os.geteuid() and not about.st_mode & 0o077
        content = os.read(descriptor, SIZE + 1) if is_ours else b""
    finally:
        os.close(descriptor)
    return content if len(content) == SIZE else None


def _made(file: Path) -> bytes:
    """Return a new secret, or that which another process has made meanwhile."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(file.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        known = _read(file)
        if known is not None:
            return known
        made = secrets.token_bytes(SIZE)
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(made)
        fresh.replace(file)
        return made
    finally:
        os.close(folder)
