"""How many requests each client made in the last minute, counted over all workers of a server.

A table in memory that the workers of one server share: it is made with the service, before a server forks its workers, and has no name
in any folder. Where each worker makes a service of its own, each counts for itself. Clients are told apart by a digest with a secret of
the moment: no address stands in the table.

For every client there are as many counters as a minute has seconds, so that the count is that of the last 60 seconds, to the second. The
table holds some thousand clients; where very many come at once, those that were quiet for longest are forgotten.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
import threading
import time
import weakref
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # no such thing, and no server that forks, on Windows
    fcntl = None  # type: ignore[assignment]

SECONDS: Final = 60
SETS: Final = 1_024
WAYS: Final = 8
_SLOT: Final = struct.Struct(f"<8sQ{SECONDS}I")
"""A client's digest, the second of its last request, and how many requests it made in each second of the minute."""
_NOBODY: Final = bytes(8)


class Rates:
    """Counts requests per client."""

    def __init__(self) -> None:
        """Make the table."""
        with tempfile.TemporaryFile(prefix="bareme-rates-") as file:
            file.truncate(SETS * WAYS * _SLOT.size)
            self._file = os.dup(file.fileno())  # open as long as the application; it has no name
        weakref.finalize(self, os.close, self._file)
        self._table = mmap.mmap(self._file, SETS * WAYS * _SLOT.size)
        self._secret = os.urandom(16)
        self._thread = threading.Lock()

    def wait(self, client: str, most: int, now: float | None = None) -> int:
        """Count a request, and return 0; where there were `most` in the last minute, leave it uncounted, and return after how many seconds to come again."""
        second = int(time.monotonic() if now is None else now)  # one clock for all processes, that nobody sets
        who = blake2b(client.encode("utf-8", "surrogateescape"), digest_size=8, key=self._secret).digest()
        with self._alone():
            place = self._place(who, second)
            found, last, *counts = _SLOT.unpack_from(self._table, place)
            if found != who:
                last, counts = second, [0] * SECONDS
            second = max(second, last)  # a clock that was put back
            for passed in range(last + 1, min(second, last + SECONDS) + 1):
                counts[passed % SECONDS] = 0
            wait = 0 if sum(counts) < most else self._until_free(counts, second)
            counts[second % SECONDS] += not wait
            _SLOT.pack_into(self._table, place, who, second, *counts)
        return wait

    @staticmethod
    def _until_free(counts: list[int], second: int) -> int:
        """Return in how many seconds the oldest requests of the minute leave it."""
        return next((ahead for ahead in range(1, SECONDS) if counts[(second + ahead) % SECONDS]), SECONDS)

    def _place(self, who: bytes, second: int) -> int:
        """Return where a client's counts are, or those of the client that was quiet for longest among the few whose place it may take."""
        first = int.from_bytes(who[:4], "little") % SETS * WAYS
        quiet: list[tuple[int, int]] = []
        for place in range(first * _SLOT.size, (first + WAYS) * _SLOT.size, _SLOT.size):
            found, last = struct.unpack_from("<8sQ", self._table, place)
            if found == who:
                return place
            quiet.append((0 if found == _NOBODY else min(last, second), place))
        return min(quiet)[1]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other thread or process count meanwhile. The system lets go of the lock of a process that was killed."""
        with self._thread:
            if fcntl is not None:
                fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                if fcntl is not None:
                    fcntl.lockf(self._file, fcntl.LOCK_UN)
