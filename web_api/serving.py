"""gunicorn's threads, with connections shared evenly among the processes.

A client keeps its connection open, and the process that was quickest to accept it serves it from then on. Left to chance, a few
clients may all be with one process while the others rest. Here a process leaves new connections to those that have fewer. One that does
not answer for a moment is not waited for.
"""

from __future__ import annotations

import time
from multiprocessing import RawArray
from typing import Any, ClassVar, Final

from gunicorn.workers.gthread import ThreadWorker

# Whoever has not told for so many seconds how many connections it has is busy, or gone: gunicorn's own loop tells once a second.
STALE_SECONDS: Final = 1.5
# A process that leaves connections to others looks again after so many seconds.
LOOK_AGAIN_SECONDS: Final = 0.01
MOST_PROCESSES: Final = 256


class EvenWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A worker that accepts a connection when no other has fewer."""

    connections: ClassVar[Any] = RawArray("i", MOST_PROCESSES)
    told_at: ClassVar[Any] = RawArray("d", MOST_PROCESSES)
    place = 0
    _most = 0

    @property
    def worker_connections(self) -> int:
        """How many connections this process may have now; gunicorn asks before it accepts one."""
        now = time.monotonic()
        self.connections[self.place], self.told_at[self.place] = self.nr_conns, now
        fewest = self._most
        for place in range(2 * self.cfg.workers):
            if self.connections[place] < fewest and place != self.place and now - self.told_at[place] < STALE_SECONDS:
                fewest = self.connections[place]
        return int(min(self._most, fewest + 1))

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        self._most = most

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for requests; not for long while others have fewer connections."""
        super().wait_for_and_dispatch_events(timeout if getattr(self, "_accepting", True) else min(timeout, LOOK_AGAIN_SECONDS))


def take_place(server: Any, worker: EvenWorker) -> None:
    """Give a worker that is about to be forked a place that no other has."""
    taken = {each.place for each in server.WORKERS.values()}
    worker.place = next(place for place in range(MOST_PROCESSES) if place not in taken)
    worker.told_at[worker.place] = 0.0
