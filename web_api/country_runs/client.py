"""A web worker's side of the runner: it starts one where none listens, and holds a connection so that the runner knows that it is needed."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import web_api
from engine.errors import DataError
from web_api.country_runs.identity import law_identity
from web_api.country_runs.wire import CANCEL, FINAL, LEASE, LOOK, STATUS, SUBMIT, WATCH, Address, Connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web_api.country_runs.wire import Message
    from web_api.settings import Settings

MODULE: Final = "web_api.country_runs.runner"
ANSWERING: Final = 15.0
"""How many seconds the runner may take for an answer."""
STARTING: Final = 30.0
"""How many seconds it may take to listen once it was started."""
_LOOKING: Final = 0.02
_AGAIN: Final = 0.2
_SILENT: Final = "The process that computes the runs over the country does not answer: ask again later."


class NoRunnerError(DataError):
    """The runner cannot be started, or does not answer."""


@dataclass(frozen=True)
class Times:
    """How long the runner stays without a worker, and without a question (seconds); see `runner`."""

    grace: float | None = None
    disuse: float | None = None


class Client:
    """What a web worker asks of the runner for its settings."""

    def __init__(self, settings: Settings, times: Times | None = None) -> None:
        self._settings = settings
        self._times = times or Times()
        self._lease: Connection | None = None
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._forget)

    def submit(self, key: str, asked: Message) -> tuple[Message, bytes]:
        """Have a run computed; returns where it stands, and its result where it is known. Raises NoRunnerError."""
        for _ in range(2):  # one that ends just then is followed by another
            try:
                with self._connected() as connection:
                    connection.send({"do": SUBMIT, "key": key, "asked": asked})
                    return connection.receive()
            except TimeoutError:
                break
            except OSError:
                time.sleep(_AGAIN)
        raise NoRunnerError(_SILENT)

    def look(self, key: str) -> tuple[Message, bytes] | None:
        """Return where a run stands, and its result where it is known; None where no runner listens. Raises NoRunnerError."""
        return self._asked({"do": LOOK, "key": key})

    def withdraw(self, key: str) -> Message | None:
        """Say that one who asked for a run does not want it any more; None where no runner listens. Raises NoRunnerError."""
        found = self._asked({"do": CANCEL, "key": key})
        return None if found is None else found[0]

    def status(self) -> Message | None:
        """Return what the runner is at; None where none listens."""
        found = self._asked({"do": STATUS})
        return None if found is None else found[0]

    def watch(self, key: str) -> Iterator[Message]:
        """Give where a run stands each time that it changes, until it has ended. Raises OSError where the runner is not there, or has gone."""
        with Connection.to(Address.of(self._settings, law_identity()), ANSWERING) as connection:
            connection.send({"do": WATCH, "key": key})
            while True:
                told = connection.receive()[0]
                yield told
                if told.get("state") in FINAL:
                    return

    def start(self) -> None:
        """Start the runner where none listens. Raises NoRunnerError."""
        self._connected().close()

    def _asked(self, message: Message) -> tuple[Message, bytes] | None:
        try:
            with Connection.to(Address.of(self._settings, law_identity()), ANSWERING) as connection:
                connection.send(message)
                return connection.receive()
        except TimeoutError as error:
            raise NoRunnerError(_SILENT) from error
        except OSError:
            return None

    # Starting

    def _connected(self) -> Connection:
        """Return a connection to the runner, which is started where none listens."""
        address = Address.of(self._settings, law_identity())
        try:
            connection = Connection.to(address, ANSWERING)
        except OSError:
            connection = self._started(address)
        with self._lock:
            if self._lease is None or not self._lease.is_open:
                self._lease = self._leased(address)
        return connection

    def _leased(self, address: Address) -> Connection | None:
        """Return a connection that tells the runner that this worker lives."""
        if self._lease is not None:
            self._lease.close()
        with suppress(OSError):
            lease = Connection.to(address, ANSWERING)
            lease.send({"do": LEASE})
            return lease
        return None

    def _started(self, address: Address) -> Connection:
        """Return a connection to a runner that is started now, by this worker or by the one that was faster."""
        try:
            file = os.open(address.starting, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise NoRunnerError(f"The runs over the country cannot start: {error.strerror}.") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            return self._start(address)
        finally:
            os.close(file)

    def _start(self, address: Address) -> Connection:
        until = time.monotonic() + STARTING
        is_started = False
        while True:
            with suppress(OSError):
                return Connection.to(address, ANSWERING)
            if is_started and time.monotonic() > until:
                raise NoRunnerError("The process that computes the runs over the country cannot be started: the server's log says why.")
            self._run(address, until)
            is_started = True
            time.sleep(_LOOKING)

    def _run(self, address: Address, until: float) -> None:
        """Start the runner: its command ends once it listens, or where another one does. Raises NoRunnerError where it cannot."""
        chosen = self._settings
        population = str(Path(chosen.population).resolve()) if chosen.population else ""
        bills = str(Path(chosen.bills).resolve()) if chosen.bills else ""
        times = {name: value for name, value in asdict(self._times).items() if value is not None}
        choices = json.dumps({"population": population, "bills": bills, "cache": chosen.cache, **times})
        root = str(Path(web_api.__path__[0]).parent)
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
        command = [sys.executable, "-P", "-m", MODULE, str(address.path), choices]
        try:
            ended = subprocess.run(  # noqa: S603 - Barème itself
                command,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": path},
                timeout=max(1.0, until - time.monotonic()),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoRunnerError(f"The process that computes the runs over the country cannot be started: {type(error).__name__}.") from error
        if ended.returncode:
            raise NoRunnerError("The process that computes the runs over the country cannot be started: the server's log says why.")

    def _forget(self) -> None:
        """Leave the parent's connection to the parent, in a process that was forked from it."""
        self._lock = threading.Lock()
        if self._lease is not None:
            self._lease.close()
            self._lease = None
