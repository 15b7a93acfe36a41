"""How long a run over the country takes through the web API: the first, an edited figure, a known result, a cancelled one, and after a kill -9.

    python benchmarks/country_runs.py --runs 10      # a real server: gunicorn, two workers, the invented France of 100,000 households

A run is timed from the POST to the result in the client's hands: POST, event stream to `done`, GET. The cache on disk is empty at first.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DECOTE, RATE = "impot_revenu.decote.personne_seule", "impot_revenu.bareme.brackets[1].rate"


class Site:
    """A server, and what a browser asks of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        about = {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "XDG_CACHE_HOME": str(folder), "BAREME_CACHE_DIR": str(folder / "cache")}
        command = [sys.executable, "-m", "gunicorn", "-w", "2", "-k", "gthread", "--threads", "8", "--no-control-socket", "-b", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen([*command, "web_api.app:create_app()"], env={**os.environ, **about}, stderr=subprocess.DEVNULL)  # noqa: S603
        while True:
            with contextlib.suppress(OSError):
                self.ask("GET", f"/v1/impacts/{'0' * 32}")
                return
            time.sleep(0.02)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        with contextlib.closing(connection):
            connection.request(method, path, None if body is None else json.dumps(body))
            found = connection.getresponse()
            return found.status, json.loads(found.read())

    def events(self, key: str) -> Iterator[str]:
        """Give the state that each event tells."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        with contextlib.closing(connection):
            connection.request("GET", f"/v1/impacts/{key}/events")
            for line in connection.getresponse():
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])["state"]

    def run(self, body: Any) -> tuple[float, list[str]]:
        """Have something computed; returns the seconds and the states on the way."""
        start = time.perf_counter()
        status, told = self.ask("POST", "/v1/impacts", body)
        states = list[str]()
        if status == 202:
            states = list(self.events(told["id"]))
            status, told = self.ask("GET", f"/v1/impacts/{told['id']}")
        if status != 200 or told["state"] != "done":
            raise SystemExit(f"{status}: {told}; {states}")
        return time.perf_counter() - start, states

    @property
    def runner(self) -> int:
        """The number of the runner's process."""
        return next(int(file.read_text()) for file in self.folder.glob("bareme-*/*.running"))

    @property
    def is_computing(self) -> bool:
        """Whether the runner computes something."""
        (running,) = self.folder.glob("bareme-*/*.running")
        with socket.socket(socket.AF_UNIX) as runner:
            runner.connect(str(running.with_suffix("")))
            runner.sendall(b'{"do": "status"}\n')
            return json.loads(runner.makefile().readline())["computing"] is not None

    def megabytes(self) -> float:
        """Return how much memory the runner holds."""
        status = Path(f"/proc/{self.runner}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def end(self) -> None:
        """End the server and its runner."""
        self.process.terminate()
        self.process.wait()
        with contextlib.suppress(OSError):
            if str(self.folder).encode() in Path(f"/proc/{self.runner}/cmdline").read_bytes():
                os.kill(self.runner, signal.SIGKILL)


def told(words: str, seconds: list[float]) -> None:
    print(
        f"{words:<58} {statistics.median(seconds) * 1000:8.0f} ms   (from {min(seconds) * 1000:.0f} to {max(seconds) * 1000:.0f}, {len(seconds)} times)",
        flush=True,
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=8)
    count = arguments.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="bareme") as folder:
        site = Site(Path(folder))
        try:
            measure(site, count)
        finally:
            site.end()


def measure(site: Site, count: int) -> None:
    told("the first, the runner not yet started", [site.run({"changes": {DECOTE: 880}})[0]])
    told("an edited figure", [site.run({"changes": {DECOTE: 890 + each}})[0] for each in range(count)])
    print(f"{'the runner holds':<58} {site.megabytes():8.0f} MB")
    told("several edited figures", [site.run({"changes": {DECOTE: 950 + each, RATE: 0.1 + each / 1000}})[0] for each in range(count)])
    told("an edited figure over the bill (three comparisons)", [site.run({"bill": "plf_2024", "changes": {DECOTE: 890 + each}})[0] for each in range(count)])
    told("a known result", [site.run({"changes": {DECOTE: 890 + each % count}})[0] for each in range(4 * count)])
    told("the first of another year", [site.run({"year": 2023, "changes": {DECOTE: 880}})[0]])
    told("an edited figure of that year", [site.run({"year": 2023, "changes": {DECOTE: 890 + each}})[0] for each in range(count)])
    print(f"{'the runner holds':<58} {site.megabytes():8.0f} MB")
    stopped = []
    for each in range(count):
        _, found = site.ask("POST", "/v1/impacts", {"changes": {DECOTE: 700 + each}})
        stream = site.events(found["id"])
        next(state for state in stream if state == "running")
        start = time.perf_counter()
        site.ask("DELETE", f"/v1/impacts/{found['id']}")
        site.run({"changes": {DECOTE: 600 + each}})
        stopped.append(time.perf_counter() - start)
    told("another figure, the run before cancelled in the middle", stopped)
    cold = []
    for year, step in ((2024, "droit_en_vigueur"), (2021, "droit_en_vigueur"), (2020, "chargement")):
        _, found = site.ask("POST", "/v1/impacts", {"year": year, "changes": {DECOTE: 700}})
        while site.ask("GET", f"/v1/impacts/{found['id']}")[1].get("progress", {}).get("step") != step:
            time.sleep(0.01)
        time.sleep(0.1)
        start = time.perf_counter()
        site.ask("DELETE", f"/v1/impacts/{found['id']}")
        while site.is_computing:
            time.sleep(0.005)
        cold.append(time.perf_counter() - start)
    told("a cold year cancelled as its law is traced, until it stops", cold[:2])
    told("a cold year cancelled as its population is read", cold[2:])
    start = time.perf_counter()
    _, found = site.ask("POST", "/v1/impacts", {"changes": {DECOTE: 500}})
    states = list[str]()
    for state in site.events(found["id"]):
        if state == "running" and "restarted" not in states and "running" not in states:
            os.kill(site.runner, signal.SIGKILL)
        states.append(state)
    told(f"the runner killed in the middle ({' → '.join(dict.fromkeys(states))})", [time.perf_counter() - start])


if __name__ == "__main__":
    main()
