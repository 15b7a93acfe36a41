"""A real server with two threads, and clients that are slow, leave, or send what is no request."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WHO = "Jeanne-Dupont-31415"
THREADS, READ_SECONDS = 2, 1.5


class Server:
    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.steps, self.log = folder / "steps", folder / "log"
        self.steps.touch()
        paths = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
        with self.log.open("wb") as log:
            command = [sys.executable, str(HERE / "slow_server.py"), str(self.port), str(self.steps)]
            self.process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE, stderr=log)
        assert self.process.stdout.readline() == b"ready\n", self.log.read_text()

    def connected(self, sent=b""):
        found = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        found.sendall(sent)
        return found

    def is_well(self, seconds):
        """Whether it answers in so many seconds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("GET", "/v1/health")
            return connection.getresponse().status == 200
        except TimeoutError:
            return False
        finally:
            connection.close()

    def answer_to(self, sent):
        with contextlib.closing(self.connected(sent)) as connection:
            found = b""
            while part := connection.recv(65536):
                found += part
            return found

    def logged(self, words, seconds=5.0):
        until = time.monotonic() + seconds
        while words not in self.log.read_text() and time.monotonic() < until:
            time.sleep(0.05)
        return self.log.read_text()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    found = Server(tmp_path_factory.mktemp("server"))
    yield found
    found.process.send_signal(signal.SIGTERM)
    found.process.wait(20)
    found.process.stdout.close()


def post(body, path="/calculate", length=None, more=""):
    text = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(text) if length is None else length}\r\n{more}\r\n"
    return head.encode() + text


def test_connections_on_which_nothing_comes_take_no_thread(server):
    idle = [server.connected() for _ in range(10 * THREADS)]
    assert server.is_well(4)  # a thread for each would take 50 s
    for each in idle:
        assert each.recv(1) == b""  # closed, in its time
        each.close()


@pytest.mark.parametrize(
    "sent",
    [b"GET /v1/hea", b"GET / HTTP/1.1\r\nX-Slow: ", post({}, length=1000), b"POST /calculate HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"],
)
def test_who_does_not_send_the_rest_loses_the_connection(server, sent):
    slow = [server.connected(sent) for _ in range(2 * THREADS)]
    assert server.is_well(20)
    for each in slow:
        with contextlib.suppress(ConnectionResetError):
            assert b" 200 " not in each.recv(65536)
        each.close()


def test_a_byte_now_and_then_is_no_request(server):
    start = time.monotonic()
    slow = [server.connected(post({}, length=1000)) for _ in range(THREADS)]
    with contextlib.suppress(OSError):
        while time.monotonic() - start < 20:
            for each in slow:
                each.sendall(b" ")
            time.sleep(0.2)
    for each in slow:
        each.close()
    assert READ_SECONDS - 0.5 < time.monotonic() - start < 15


def test_what_comes_in_pieces_in_time_is_answered(server):
    text = post({"persons": {"a": {}}}, more="Connection: close\r\n")
    with contextlib.closing(server.connected(text[:30])) as connection:
        for place in (30, 60, 90):
            time.sleep(0.1)
            connection.sendall(text[place : place + 30])
        connection.sendall(text[120:])
        assert b" 200 " in connection.recv(65536)


def test_who_stays_after_the_last_answer_keeps_nobody_waiting(server):
    staying = [server.connected(post({"persons": {"a": {}}}, more="Connection: close\r\n")) for _ in range(20)]
    for each in staying:
        assert b" 200 " in each.recv(65536)
    start = time.monotonic()
    assert server.is_well(20)
    assert time.monotonic() - start < 10  # gunicorn itself takes two seconds for each
    for each in staying:
        each.close()


def test_who_does_not_take_the_answer_keeps_no_thread(server):
    asked = b"GET /spec HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200
    greedy = []
    for _ in range(2 * THREADS):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(asked)
        greedy.append(connection)
    time.sleep(0.5)
    assert server.is_well(20)
    for each in greedy:
        each.close()
    assert "Traceback" not in server.log.read_text()


def test_what_nobody_waits_for_is_not_computed_further(server):
    gone = [server.connected(post({"persons": {"a": {"slow": {"2020": None}}}})) for _ in range(THREADS)]
    until = time.monotonic() + 10
    while server.steps.stat().st_size < 3 and time.monotonic() < until:
        time.sleep(0.05)
    assert server.steps.stat().st_size
    for each in gone:
        each.close()
    assert server.is_well(6)
    time.sleep(0.3)
    steps = server.steps.stat().st_size
    time.sleep(0.5)
    assert steps == server.steps.stat().st_size < 200


WRONG = (
    f"GET /{WHO} HTTP/x\r\n\r\n",
    f"GET / HTTP/1.1\r\nX-API-Key\x01: {WHO}\r\n\r\n",
    f"GET / HTTP/1.1\r\nX-API-Key: {WHO}\x00\r\n\r\n",
    f"{WHO} \r\n\r\n",
    f"GET /{WHO * 1000} HTTP/1.1\r\n\r\n",
    f"POST /calculate HTTP/1.1\r\nTransfer-Encoding: {WHO}\r\n\r\n",
    f"POST /calculate HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{WHO}\r\n",
    f"POST /calculate HTTP/1.1\r\nContent-Length: {WHO}\r\n\r\n",
    f"POST /calculate HTTP/1.1\r\nContent-Length: -5\r\n\r\n{WHO}",
    f"GET /?{WHO} HTTP/1.1\r\nHost: {WHO}\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n",
)


@pytest.mark.parametrize("sent", WRONG)
def test_no_log_quotes_what_is_no_request(server, sent):
    assert b" 200 " not in server.answer_to(sent.encode())
    assert server.is_well(20)
    assert WHO not in server.logged(WHO, 0.2)


def test_no_log_of_any_level_quotes_a_request_that_fails(server):
    """The land's laws fail in every way that tests know: what was sent stays out of the log of a server that logs all that it can."""
    for body in (
        {"persons": {WHO: {"slow": {"2020": WHO}}}},
        {"persons": {WHO: {WHO: {"2020": None}}}},
        {WHO: {}},
        {"persons": {WHO: {"salary": {WHO: 1}}}},
        {"persons": {WHO: {}}, "axes": [[{"name": WHO, "count": 3, "min": 0, "max": 1}]] * 40},
    ):
        for path, sent in (("/calculate", body), ("/trace", body), ("/v1/calculations", {"situations": [body]}), ("/v1/calculations", body)):
            assert b" 200 " not in server.answer_to(post(sent, path, more="Connection: close\r\n")), sent
    for path in (f"/variable/{WHO}", f"/parameter/{WHO}", f"/{WHO}?{WHO}=1", f"/v1/openapi.json?{WHO}=1"):
        server.answer_to(f"GET {path} HTTP/1.1\r\nHost: {WHO}\r\nAuthorization: Bearer {WHO}\r\nConnection: close\r\n\r\n".encode())
    log = server.logged(WHO, 0.5)
    assert "DEBUG" in log
    assert WHO not in log
