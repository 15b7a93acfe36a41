"""The process that computes the runs over the country, one for a server: `python -m web_api.country_runs.runner SOCKET SETTINGS`.

It holds the population warm (1.7 GB, too much for each web worker) and answers on a Unix socket. Web workers start it, and hold a connection
to it as long as they live: once all have gone it ends, and it ends after long disuse. It can be killed at any time: nothing is lost but
time, for whoever waits has it computed again by the next one.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from web_api.country_runs.runs import Runs, StoppedError
from web_api.country_runs.wire import (
    BEAT,
    CANCEL,
    FINAL,
    FULL,
    HEARTBEAT,
    LEASE,
    LOOK,
    STATUS,
    SUBMIT,
    WATCH,
    Address,
    Connection,
)

if TYPE_CHECKING:
    from web_api.country_runs.runs import Run
    from web_api.country_runs.studies import Studies
    from web_api.country_runs.wire import Message
    from web_api.settings import Settings

PREPARED: Final = 2022
"""The year that is made ready at once."""
GRACE: Final = 20.0
"""How many seconds the runner stays once no worker is connected any more: one that was killed is soon followed by another."""
DISUSE: Final = 4 * 3600.0
"""After how many seconds without any question it ends, though workers are there."""
SHARE_OF_PREPARING: Final = 0.7
"""How much of a run is done once the year is ready for it."""
NICE: Final = 5
"""What a page's households need is computed before what the country needs."""


class Runner:
    """The runs, the thread that computes them, and those that answer workers."""

    def __init__(self, listener: socket.socket, *, grace: float = GRACE, disuse: float = DISUSE) -> None:
        self.runs = Runs()
        self.studies: Studies | None = None
        self._listener = listener
        self._grace, self._disuse = grace, disuse
        self._connected = 0
        self._since = time.monotonic()
        self._lock = threading.Lock()

    # Answering

    def listen(self) -> None:
        """Answer whoever connects, each in a thread."""
        while True:
            end, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(Connection(end),), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        self._count(1)
        try:
            with connection, suppress(OSError, ValueError):  # the other end has gone, or is none of ours
                while True:
                    self._answer(connection, connection.receive()[0])
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._lock:
            self._connected += change
            self._since = time.monotonic()

    def _answer(self, connection: Connection, message: Message) -> None:
        what, key = message.get("do"), str(message.get("key", ""))
        if what in {SUBMIT, LOOK}:
            refused = self.runs.submit(key, message["asked"])["state"] == FULL if what == SUBMIT else False
            told, content = self.runs.look(key)
            connection.send({**told, "state": FULL} if refused else told, content)
        elif what == CANCEL:
            connection.send(self.runs.withdraw(key))
        elif what == WATCH:
            self._watch(connection, key)
        elif what == STATUS:
            years = [] if self.studies is None else self.studies.years
            connection.send({**self.runs.status(), "pid": os.getpid(), "years": years})
        elif what != LEASE:
            raise ValueError(what)

    def _watch(self, connection: Connection, key: str) -> None:
        """Send where a run stands, each time that it changes, until it has ended; with the first, what was asked."""
        seen = self.runs.look(key)[0]
        connection.send({**seen, "asked": self.runs.asked_of(key)})
        while seen["state"] not in FINAL:
            told = self.runs.wait(key, seen["serial"], seen["number"], HEARTBEAT)
            connection.send(BEAT if told is None else told)
            seen = told or seen

    # Computing

    def compute(self, settings: Settings) -> None:
        """Make the year ready that most ask for, then compute run after run."""
        from web_api.country_runs.results import keep  # noqa: PLC0415 - the runner listens before it loads the law
        from web_api.country_runs.studies import Studies  # noqa: PLC0415 - the same

        self.studies = Studies(settings)
        with suppress(Exception):  # a run that needs it says what is wrong
            self.studies.prepare(PREPARED, lambda step, fraction: self.runs.tell_waiting(PREPARED, step, fraction * SHARE_OF_PREPARING))
        while True:
            run = self.runs.next()
            content, message = self._computed(run, self.studies)
            self.runs.ended(run, content=content, message=message)
            if content and settings.cache:
                keep(run.key, content)

    def _computed(self, run: Run, studies: Studies) -> tuple[bytes, str]:
        """Return a result, or what went wrong. What was asked is told to no log."""
        from engine import deadline  # noqa: PLC0415 - the runner listens before it loads the engine
        from engine.errors import BaremeError  # noqa: PLC0415 - the same

        try:
            with deadline.unless(lambda: run.state in FINAL):  # between the steps that are told, as while a law is traced
                return studies.compute(run.key, run.asked or {}, lambda step, fraction: self.runs.tell(run, step, fraction)), ""
        except StoppedError:
            return b"", ""
        except BaremeError as error:
            return b"", str(error)
        except MemoryError:
            return b"", "The server has not enough memory for this."
        except Exception as error:  # noqa: BLE001 - the runner goes on, whatever happened in a run
            places = "".join(traceback.format_tb(error.__traceback__))
            sys.stderr.write(f"A run over the country failed: {type(error).__name__} (its words are left out, they may tell what was asked)\n{places}")
            return b"", "Internal error: it was logged on the server."

    # Ending

    def end_in_time(self) -> None:
        """End the process once no worker is there any more, or nobody has asked anything for long."""
        while True:
            time.sleep(min(1.0, self._grace / 4))
            now = time.monotonic()
            with self._lock:
                is_alone = not self._connected and now - self._since > self._grace
            if is_alone or (self.runs.is_idle and now - self.runs.last_used > self._disuse):
                with suppress(OSError):
                    Path(self._listener.getsockname()).unlink()
                os._exit(0)  # what the thread that computes is at is of no use to anybody


def listener_at(address: Address) -> tuple[socket.socket, int] | None:
    """Return a socket that listens, and the file that is locked as long as this process or its child lives; None where another has that address."""
    lock = os.open(address.running, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    address.path.unlink(missing_ok=True)  # of a runner that was killed
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(address.path))
    listener.listen(128)
    return listener, lock


def detach(lock: int) -> None:
    """Go on as a process of its own, whose number the locked file tells: whoever started this one has no child to care for."""
    child = os.fork()
    if child:
        os.truncate(lock, 0)
        os.write(lock, str(child).encode())
        os._exit(0)


def main(arguments: list[str]) -> None:
    """Listen, and run until nobody needs it. `arguments`: the socket's path, and choices as JSON (`population`, `bills`, `cache`)."""
    path, choices = arguments
    found = listener_at(Address(Path(path)))
    if found is None:
        return
    listener, lock = found
    detach(lock)
    chosen: dict[str, Any] = json.loads(choices)
    times = {name: float(chosen.pop(name)) for name in ("grace", "disuse") if name in chosen}
    runner = Runner(listener, **times)
    threading.Thread(target=runner.listen, daemon=True).start()
    threading.Thread(target=runner.end_in_time, daemon=True).start()
    from web_api.settings import Settings  # noqa: PLC0415 - the runner listens first

    os.nice(NICE)
    runner.compute(Settings(**chosen))


if __name__ == "__main__":
    main(sys.argv[1:])
