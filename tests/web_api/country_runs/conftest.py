"""A small population in a folder, and a real server over it: gunicorn with two workers, and the runner that they start."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet
import pytest

from invented_population import invented
from web_api.country_runs.wire import STATUS, Address, Connection

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session", name="population")
def _population(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population")
    for entity, table in invented(1500).items():
        pyarrow.parquet.write_table(table, folder / f"{entity}.parquet")
    return folder


class Server:
    """Requests to a server, its processes, and their end."""

    def __init__(self, folder, population, **settings):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder),
            "BAREME_CACHE_DIR": str(folder / "cache"),
            "BAREME_REQUESTS_PER_MINUTE": "0",
            "BAREME_POPULATION": str(population),
            **settings,
        }
        command = [sys.executable, "-m", "gunicorn", "--workers=2", "--worker-class=gthread", "--threads=8", f"--bind=127.0.0.1:{self.port}"]
        command += ["--no-control-socket", "web_api.app:create_app()"]
        self.log = (folder / "log").open("wb")
        self.process = subprocess.Popen(command, env=environment, stderr=self.log, cwd=folder)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                self.get("0" * 32)
                break
            time.sleep(0.05)

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, None if body is None else json.dumps(body), headers or {})
        return connection, connection.getresponse()

    def answer(self, method, path, body=None):
        connection, found = self.ask(method, path, body)
        with contextlib.closing(connection):
            return found.status, json.loads(found.read())

    def post(self, **body):
        return self.answer("POST", "/v1/impacts", body)

    def get(self, key):
        return self.answer("GET", f"/v1/impacts/{key}")

    def delete(self, key):
        return self.answer("DELETE", f"/v1/impacts/{key}")

    def events(self, key, last=None):
        """Give number, name and data of each event."""
        connection, found = self.ask("GET", f"/v1/impacts/{key}/events", headers={} if last is None else {"Last-Event-ID": last})
        with contextlib.closing(connection):
            assert found.status == 200
            assert found.headers["Content-Type"].startswith("text/event-stream")
            fields = {}
            for line in found:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if not name and fields.get("event"):
                    yield fields.get("id"), fields["event"], json.loads(fields["data"])
                fields = {**fields, name: value} if name else {}

    def result(self, **body):
        """Ask, wait to the end, and return the result."""
        status, told = self.post(**body)
        if status == 202:
            names = [name for _, name, _ in self.events(told["id"])]
            assert names[-1] == "done"
            status, told = self.get(told["id"])
        assert status == 200
        return told["result"]

    def status(self):
        """Return what the runner is at."""
        (running,) = self.folder.glob("bareme-*/*.running")
        with Connection.to(Address(running.with_suffix("")), 5) as runner:
            runner.send({"do": STATUS})
            return runner.receive()[0]

    @property
    def runner(self):
        """The process of the runner."""
        return int(next(self.folder.glob("bareme-*/*.running")).read_text())

    @property
    def workers(self):
        return [int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split() if int(pid) != self._runner_if_any()]

    def _runner_if_any(self):
        return next((int(file.read_text() or 0) for file in self.folder.glob("bareme-*/*.running")), 0)

    def end(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        end_runners(self.folder)


def end_runners(folder):
    """End the runners whose sockets lie in a folder; a number may be that of another process by now."""
    for file in folder.glob("bareme-*/*.running"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(file.read_text())
            if str(file.with_suffix("")).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)


@pytest.fixture(name="end_of_runners")
def _end_of_runners():
    """A function that ends the runners of a folder."""
    return end_runners


@pytest.fixture(scope="session", name="serve")
def _serve():
    """A function that starts a server over a population, with settings of the environment."""
    running = []
    with tempfile.TemporaryDirectory(prefix="bareme", ignore_cleanup_errors=True) as folder:

        def serve(population, **settings):
            own = Path(folder) / str(len(running))
            own.mkdir()
            running.append(Server(own, population, **settings))
            return running[-1]

        yield serve
        for server in running:
            server.end()


@pytest.fixture(scope="session", name="server")
def _server(serve, population):
    return serve(population)
