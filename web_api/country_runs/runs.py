"""The runs of a runner: what waits, what is computed, what is known; who asked, and who watches.

Web workers ask from threads of their own; one thread computes, one run after the other. What was asked is held in memory as long as the run
waits or is computed, and no longer. A run that nobody wants any more (as many withdrew as asked) stops at the next thing that it tells.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from web_api.country_runs.wire import CANCELLED, DONE, FAILED, FINAL, FULL, QUEUED, RUNNING, UNKNOWN

if TYPE_CHECKING:
    from web_api.country_runs.wire import Message

MOST_WAITING: Final = 32
"""So many runs may wait; another is refused."""
MOST_KNOWN: Final = 128
"""The results of so many runs stay in memory, the latest (150 kB each)."""
WAITING: Final = "waiting"
_serials = count(1)


class StoppedError(Exception):
    """Nobody wants the run any more: what computes it stops."""


@dataclass(eq=False)
class Run:
    """A run: what was asked (gone once it has ended), where it stands, and what came out. `number` grows with all that is told of it.

    `waited` is the part of the whole that was done while it waited, as the year was made ready for it.
    """

    key: str
    asked: Message | None
    year: int
    askers: int = 1
    state: str = QUEUED
    step: str = WAITING
    fraction: float = 0.0
    waited: float = 0.0
    number: int = 1
    message: str = ""
    content: bytes = b""
    serial: int = field(default_factory=lambda: next(_serials))

    def told(self, ahead: int = 0) -> Message:
        """Return where it stands."""
        found: Message = {"key": self.key, "state": self.state, "serial": self.serial, "number": self.number, "askers": self.askers}
        if self.state in {QUEUED, RUNNING}:
            found |= {"step": self.step, "fraction": self.fraction, "ahead": ahead}
        return found | ({"message": self.message} if self.message else {})


class Runs:
    """All runs of a runner; every method may be called from any thread."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Run] = OrderedDict()
        self._queue: list[Run] = []
        self._computing: Run | None = None
        self._changed = threading.Condition()
        self.last_used = time.monotonic()
        self._runner = token_hex(4)

    # What workers ask

    def submit(self, key: str, asked: Message) -> Message:
        """Have a run computed, or share the one of this content that waits, is computed or is known."""
        with self._changed:
            self.last_used = time.monotonic()
            run = self._known.get(key)
            if run is not None and run.state in {QUEUED, RUNNING, DONE}:
                run.askers += 1
                return self._told(run)
            if len(self._queue) >= MOST_WAITING:
                return {"key": key, "state": FULL}
            run = self._known[key] = Run(key, asked, int(asked.get("year", 0)))
            self._queue.append(run)
            self._forget_oldest()
            self._changed.notify_all()
            return self._told(run)

    def look(self, key: str) -> tuple[Message, bytes]:
        """Return where a run stands, and its result where it is known."""
        with self._changed:
            self.last_used = time.monotonic()
            run = self._known.get(key)
            if run is None:
                return {"key": key, "state": UNKNOWN}, b""
            self._known.move_to_end(key)
            return self._told(run), run.content

    def asked_of(self, key: str) -> Message | None:
        """Return what was asked, as long as the run has not ended: who watches can have it computed elsewhere."""
        with self._changed:
            run = self._known.get(key)
            return None if run is None else run.asked

    def wait(self, key: str, serial: int, number: int, timeout: float) -> Message | None:
        """Return where a run stands once that is not what it was; None where nothing happened in so many seconds."""

        def news() -> bool:
            run = self._known.get(key)
            return run is None or (run.serial, run.number) != (serial, number)

        with self._changed:
            if not self._changed.wait_for(news, timeout):
                return None
            run = self._known.get(key)
            return {"key": key, "state": UNKNOWN} if run is None else self._told(run)

    def withdraw(self, key: str) -> Message:
        """Note that one who asked for a run does not want it any more; where nobody else does, it is cancelled."""
        with self._changed:
            self.last_used = time.monotonic()
            run = self._known.get(key)
            if run is None:
                return {"key": key, "state": UNKNOWN}
            if run.state in {QUEUED, RUNNING}:
                run.askers -= 1
                if run.askers <= 0:
                    self._end(run, CANCELLED)
            return self._told(run)

    def status(self) -> dict[str, Any]:
        """Return what is computed and how many wait."""
        with self._changed:
            return {"computing": None if self._computing is None else self._computing.key, "waiting": len(self._queue)}

    @property
    def is_idle(self) -> bool:
        """Whether nothing is computed and nothing waits."""
        with self._changed:
            return self._computing is None and not self._queue

    # What the thread that computes tells

    def next(self) -> Run:
        """Return the next run to be computed, once there is one."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._queue))
            run = self._computing = self._queue.pop(0)
            run.state, run.waited = RUNNING, run.fraction
            self._news(run, *self._queue)  # fewer are ahead of the others
            return run

    def tell(self, run: Run, step: str, fraction: float) -> None:
        """Tell how far a run is. Raises StoppedError where nobody wants it any more."""
        with self._changed:
            if run.state in FINAL:
                raise StoppedError
            run.step, run.fraction = step, max(run.fraction, run.waited + (1.0 - run.waited) * min(fraction, 1.0))
            self._news(run)

    def tell_waiting(self, year: int, step: str, fraction: float) -> None:
        """Tell those who wait for a year how far its preparation is."""
        with self._changed:
            for run in self._queue:
                if run.year == year:
                    run.step, run.fraction = step, max(run.fraction, fraction)
                    self._news(run)

    def ended(self, run: Run, *, content: bytes = b"", message: str = "") -> None:
        """Note that a run has ended: with a result, with a message of what went wrong, or because it was cancelled before."""
        with self._changed:
            self._computing = None
            self.last_used = time.monotonic()
            if run.state not in FINAL:
                run.content, run.message = content, message
                self._end(run, DONE if content else FAILED)

    # Within the lock

    def _end(self, run: Run, state: str) -> None:
        run.state, run.asked = state, None
        if run in self._queue:
            self._queue.remove(run)
            self._news(*self._queue)
        self._news(run)

    def _news(self, *runs: Run) -> None:
        for run in runs:
            run.number += 1
        self._changed.notify_all()

    def _told(self, run: Run) -> Message:
        ahead = self._queue.index(run) + (self._computing is not None) if run in self._queue else 0
        return run.told(ahead) | {"runner": self._runner}

    def _forget_oldest(self) -> None:
        over = len(self._known) - MOST_KNOWN
        for key in [key for key, run in self._known.items() if run.state in FINAL][: max(over, 0)]:
            del self._known[key]
