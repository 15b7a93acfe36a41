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
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import web_api
from engine.errors import DataError
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
            except OSError:
                time.sleep(_AGAIN)
        raise NoRunnerError("The process that computes the runs over the country does not answer.")

    def look(self, key: str) -> tuple[Message, bytes] | None:
        """Return where a run stands, and its result where it is known; None where no runner listens."""
        return self._asked({"do": LOOK, "key": key})

    def withdraw(self, key: str) -> Message | None:
        """Say that one who asked for a run does not want it any more; None where no runner listens."""
        found = self._asked({"do": CANCEL, "key": key})
        return None if found is None else found[0]

    def status(self) -> Message | None:
        """Return what the runner is at; None where none listens."""
        found = self._asked({"do": STATUS})
        return None if found is None else found[0]

    def watch(self, key: str) -> Iterator[Message]:
        """Give where a run stands each time that it changes, until it has ended. Raises OSError where the runner is not there, or has gone."""
        with Connection.to(Address.of(self._settings), ANSWERING) as connection:
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
            with Connection.to(Address.of(self._settings), ANSWERING) as connection:
                connection.send(message)
                return connection.receive()
        except OSError:
            return None

    # Starting

    def _connected(self) -> Connection:
        """Return a connection to the runner, which is started where none listens."""
        address = Address.of(self._settings)
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
        process: subprocess.Popen[bytes] | None = None
        while time.monotonic() < until:
            with suppress(OSError):
                return Connection.to(address, ANSWERING)
            if process is not None and process.poll() not in {None, 0}:
                break
            if process is None or process.poll() == 0:  # 0: another one was about to end
                process = self._process(address)
            time.sleep(_LOOKING)
        raise NoRunnerError("The process that computes the runs over the country cannot be started: the server's log says why.")

    def _process(self, address: Address) -> subprocess.Popen[bytes]:
        chosen = self._settings
        population = str(Path(chosen.population).resolve()) if chosen.population else ""
        bills = str(Path(chosen.bills).resolve()) if chosen.bills else ""
        times = {name: value for name, value in (("grace", self._times.grace), ("disuse", self._times.disuse)) if value is not None}
        choices = json.dumps({"population": population, "bills": bills, "cache": chosen.cache, **times})
        root = str(Path(web_api.__path__[0]).parent)
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
        command = [sys.executable, "-P", "-m", MODULE, str(address.path), choices]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, env={**os.environ, "PYTHONPATH": path})  # noqa: S603 - Barème itself
        threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no zombie
        return process

    def _forget(self) -> None:
        """Leave the parent's connection to the parent, in a process that was forked from it."""
        self._lock = threading.Lock()
        if self._lease is not None:
            self._lease.close()
            self._lease = None
