"""Load on the web API: requests a second, beside OpenFisca's own in the same run, and a soak.

    python benchmarks/web_api.py --openfisca /path/to/openfisca/bin/python                     # country-template
    python benchmarks/web_api.py --openfisca … --country-package openfisca_france --seconds 60
    python benchmarks/web_api.py --soak 10 --clients 50

The servers run one after the other, each with as many workers; the clients are processes of this script, and each sends its next
request when the answer to the last has come (a closed loop), over one connection as long as the server keeps it. Both answers are
compared first. `--bareme` and `--openfisca` are interpreters: of an environment with Barème and the country package, and of one
with OpenFisca-Core's web API and the same package.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

READY_SECONDS = 120
UNLIMITED = {**os.environ, "BAREME_REQUESTS_PER_MINUTE": "0"}  # all clients here have one address
FIRST_MINUTE = 60.0
SAME = 1e-5  # OpenFisca's numbers have single precision


def household_of_template(number: int) -> dict[str, Any]:
    month = "2017-01"
    adults = {"salary": {month: 1500 + number % 1000}, "birth": {"ETERNITY": "1980-02-03"}}
    asked = {name: {month: None} for name in ("disposable_income", "total_benefits", "total_taxes")}
    return {
        "persons": {"Ana": adults, "Bo": {**adults, "salary": {month: 0}}, "Cy": {"birth": {"ETERNITY": "2012-05-06"}}},
        "households": {"h": {"adults": ["Ana", "Bo"], "children": ["Cy"], "rent": {month: 800}, "accommodation_size": {month: 90}, **asked}},
    }


def household_of_france(number: int) -> dict[str, Any]:
    def person(birth: str, salary: float = 0) -> dict[str, Any]:
        return {"date_naissance": {"ETERNITY": birth}, "salaire_de_base": {"2023": salary}}

    persons = {"Ana": person("1980-02-03", 30_000 + number % 1000), "Bo": person("1982-04-05", 18_000), "Cy": person("2012-05-06"), "Di": person("2015-07-08")}
    return {
        "individus": persons,
        "familles": {"f": {"parents": ["Ana", "Bo"], "enfants": ["Cy", "Di"]}},
        "foyers_fiscaux": {"ff": {"declarants": ["Ana", "Bo"], "personnes_a_charge": ["Cy", "Di"]}},
        "menages": {"m": {"personne_de_reference": ["Ana"], "conjoint": ["Bo"], "enfants": ["Cy", "Di"], "revenu_disponible": {"2023": None}}},
    }


HOUSEHOLDS = {"openfisca_country_template": household_of_template, "openfisca_france": household_of_france}


# Servers


@dataclass
class Server:
    """A server that was started, and its workers."""

    name: str
    command: list[str]
    port: int
    process: Any = None

    def __enter__(self) -> Self:
        log = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, stdout=log, stderr=log, start_new_session=True, env=UNLIMITED)  # noqa: S603 - the servers that the user names
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            try:
                self.get("/entities")
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.2)
            else:
                return self
        raise SystemExit(f"{self.name} does not answer: {' '.join(self.command)}")

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)

    def get(self, path: str) -> Any:
        """Return what a path answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=READY_SECONDS) as answer:
            return json.load(answer)

    def calculate(self, situation: dict[str, Any]) -> Any:
        """Return the answer to a situation."""
        body = json.dumps(situation).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/calculate", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=READY_SECONDS) as answer:  # noqa: S310 - the same
            return json.load(answer)

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        return [int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]

    def megabytes(self) -> list[float]:
        """Return the resident memory of each worker."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.workers()]
        return [each * os.sysconf("SC_PAGE_SIZE") / 1e6 for each in pages]


def servers(options: argparse.Namespace) -> list[Server]:
    shared = ["serve", "--country-package", options.country_package, "--workers", str(options.workers)]
    found = [Server("Barème", [options.bareme, "-m", "bareme", *shared, "--port", str(options.port), "--threads", str(options.threads)], options.port)]
    if options.openfisca and not options.soak:
        openfisca = str(Path(options.openfisca).parent / "openfisca")
        found.insert(0, Server("OpenFisca", [openfisca, *shared, "--port", str(options.port + 1)], options.port + 1))
    return found


# Clients


@dataclass
class Client:
    """A connection in a closed loop."""

    port: int
    requests: list[bytes]
    place: int
    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    sock: Any = None
    begun: float = 0.0
    got: bytes = b""

    def connect(self) -> None:
        """Open a connection."""
        self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=READY_SECONDS)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        """Send the next request."""
        self.begun, self.got = time.perf_counter(), b""
        self.place = (self.place + 1) % len(self.requests)
        self.sock.sendall(self.requests[self.place])

    def receive(self) -> bool | None:
        """Read on; None until the answer is whole, then whether the connection stays open."""
        part = self.sock.recv(1 << 18)
        self.got += part
        head, found, body = self.got.partition(b"\r\n\r\n")
        if found:
            headers = head.lower()
            length = int(headers.partition(b"content-length:")[2].partition(b"\r\n")[0])
            if len(body) >= length:
                self.latencies.append(time.perf_counter() - self.begun)
                self.errors += not head.startswith(b"HTTP/1.1 200")
                return b"connection: close" not in headers
        if not part:
            self.errors += 1
            return False
        return None


def client_process(port: int, bodies: list[bytes], connections: int, seconds: float, out: Any) -> None:
    """Keep some connections busy for a time; put latencies and the number of errors."""
    head = "POST /calculate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
    requests = [head.format(len(body)).encode() + body for body in bodies]
    selector = selectors.DefaultSelector()
    clients = [Client(port, requests, number) for number in range(connections)]
    for client in clients:
        client.connect()
        client.send()
        selector.register(client.sock, selectors.EVENT_READ, client)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select(0.5):
            client = key.data
            state = client.receive()
            if state is None:
                continue
            if not state:
                selector.unregister(client.sock)
                client.sock.close()
                client.connect()
                selector.register(client.sock, selectors.EVENT_READ, client)
            client.send()
    out.put(([each for client in clients for each in client.latencies], sum(client.errors for client in clients)))


def load(server: Server, bodies: list[bytes], clients: int, seconds: float, processes: int) -> tuple[list[float], int]:
    """Return the latencies of all requests, in seconds, and how many failed."""
    out: Any = multiprocessing.Queue()
    shares = [len(range(number, clients, processes)) for number in range(min(processes, clients))]
    running = [multiprocessing.Process(target=client_process, args=(server.port, bodies, share, seconds, out)) for share in shares]
    for each in running:
        each.start()
    found = [out.get() for _ in running]
    for each in running:
        each.join()
    return [latency for latencies, _ in found for latency in latencies], sum(errors for _, errors in found)


def told(name: str, latencies: list[float], errors: int, seconds: float) -> float:
    ordered = sorted(latencies) or [float("nan")]
    rate = len(latencies) / seconds
    p50, p95, p99 = (1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95, 0.99))
    print(f"{name:<10}{rate:10.1f} requests/s   p50 {p50:9.2f} ms   p95 {p95:9.2f} ms   p99 {p99:9.2f} ms   errors {errors}", flush=True)
    return rate


# Runs


def leaves(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    if isinstance(value, dict):
        return {key: each for name, below in value.items() for key, each in leaves(below, (*path, name)).items()}
    return {path: value}


def differing(one: Any, other: Any) -> list[str]:
    mine, theirs = leaves(one), leaves(other)
    numbers = {path: (value, theirs.get(path)) for path, value in mine.items() if isinstance(value, float)}
    found = [f"{'/'.join(path)}: {a} and {b}" for path, (a, b) in numbers.items() if b is None or abs(a - b) > SAME * max(abs(a), abs(b), 1)]
    return found if mine.keys() == theirs.keys() else [*found, "the answers have other keys"]


def compare(options: argparse.Namespace, bodies: list[bytes]) -> None:
    """Load one server after the other, and print how they do."""
    answers, rates = {}, {}
    for each in servers(options):
        with each as server:
            start = time.perf_counter()
            answers[server.name] = server.calculate(json.loads(bodies[0]))
            print(f"{server.name:<10}first answer in {time.perf_counter() - start:.3f} s", flush=True)
            load(server, bodies, options.clients, options.warm, options.processes)  # every worker has answered once
            rates[server.name] = told(server.name, *load(server, bodies, options.clients, options.seconds, options.processes), options.seconds)
    if len(rates) > 1:
        different = differing(answers["Barème"], answers["OpenFisca"])
        print("answers:  ", "; ".join(different) if different else f"the same to {SAME:g}")
        print(f"ratio:     {rates['Barème'] / rates['OpenFisca']:.1f}")


def soak(options: argparse.Namespace, bodies: list[bytes]) -> None:
    """Load Barème for minutes, and print errors and the memory of its workers."""
    with servers(options)[0] as server:
        load(server, bodies, options.clients, 5, options.processes)
        workers = server.workers()
        told("minute 1", *load(server, bodies, options.clients, FIRST_MINUTE, options.processes), FIRST_MINUTE)
        print(f"memory of the workers after the first minute: {', '.join(f'{each:.1f}' for each in server.megabytes())} MB", flush=True)
        seconds = max(options.soak * 60 - FIRST_MINUTE, 1)
        told("the rest", *load(server, bodies, options.clients, seconds, options.processes), seconds)
        print(f"memory of the workers at the end:             {', '.join(f'{each:.1f}' for each in server.megabytes())} MB")
        print("the workers are the same" if server.workers() == workers else "workers were replaced")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--openfisca", help="an interpreter with OpenFisca-Core's web API; without it, Barème alone")
    parser.add_argument("--bareme", default=sys.executable, help="an interpreter with Barème (default: this one)")
    parser.add_argument("--country-package", default="openfisca_country_template", choices=HOUSEHOLDS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--processes", type=int, default=1, help="processes of clients")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--warm", type=float, default=3, help="seconds of load before the measure")
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES")
    parser.add_argument("--port", type=int, default=5950)
    options = parser.parse_args()
    household = HOUSEHOLDS[options.country_package]
    bodies = [json.dumps(household(7 * number)).encode() for number in range(100)]
    (soak if options.soak else compare)(options, bodies)


if __name__ == "__main__":
    main()
