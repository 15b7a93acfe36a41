"""Real servers: `bareme serve` by gunicorn on a free port, over a country package and over Barème's own law."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
MONTH = "2017-01"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def environment(**more):
    paths = os.pathsep.join([str(ROOT), str(HERE), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": paths, "BAREME_REQUESTS_PER_MINUTE": "0", **more}


@contextlib.contextmanager
def served(*options, **more):
    """Serve at a free port; yields the process, the port and the first line that it printed."""
    port = free_port()
    command = [sys.executable, "-m", "bareme", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(**more))
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield process, port, line
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        process.stdout.close()
        process.stderr.close()


def ask(connection, method, path, body=None):
    connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), json.loads(answer.read())


@pytest.fixture(scope="module")
def land_server():
    with served("-c", "land_in_openfisca_form", "--workers", "2", "--threads", "4") as found:
        yield found


def household(salary):
    return {"persons": {"a": {"salary": {MONTH: salary}}}, "households": {"h": {"adults": ["a"], "income": {MONTH: None}}}}


def test_the_address_is_printed(land_server):
    _, port, line = land_server
    assert f"http://127.0.0.1:{port}" in line
    assert "land_in_openfisca_form" in line


def test_a_connection_is_kept_for_many_requests(land_server):
    connection = http.client.HTTPConnection("127.0.0.1", land_server[1])
    status, headers, told = ask(connection, "GET", "/entities")
    assert (status, headers["Country-Package"], set(told)) == (200, "land_in_openfisca_form", {"person", "household"})
    for salary in range(0, 5000, 100):
        status, _, told = ask(connection, "POST", "/calculate", household(salary))
        assert (status, told["households"]["h"]["income"][MONTH]) == (200, salary - salary * 0.2)
    assert ask(connection, "POST", "/trace", household(10))[0] == 200
    assert ask(connection, "POST", "/calculate", [])[0] == 400
    connection.close()


def test_many_clients_at_once_get_each_their_own(land_server):
    wrong = []

    def client(number):
        connection = http.client.HTTPConnection("127.0.0.1", land_server[1], timeout=60)
        try:
            for salary in range(number, 6000 + number, 300):
                _, _, told = ask(connection, "POST", "/calculate", household(salary))
                if told["households"]["h"]["income"][MONTH] != salary - salary * 0.2:
                    wrong.append((salary, told))
        finally:
            connection.close()

    running = [threading.Thread(target=client, args=(number,)) for number in range(12)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    assert not wrong


def test_a_worker_that_dies_is_replaced(land_server):
    process, port, _ = land_server
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(workers[0]), signal.SIGKILL)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        now = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if len(now) == len(workers) and workers[0] not in now:
            break
        time.sleep(0.1)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(5):
        assert ask(connection, "POST", "/calculate", household(100))[0] == 200
    connection.close()


def test_a_port_that_is_taken_is_said(land_server):
    command = [sys.executable, "-m", "bareme", "serve", "-c", "land_in_openfisca_form", "--port", str(land_server[1])]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 2
    assert f"Nothing can be served at 127.0.0.1:{land_server[1]}" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_not_installed_is_said(tmp_path):
    hidden = "import sys; sys.modules['gunicorn'] = None; from bareme.cli import main; main(['serve'])"
    done = subprocess.run([sys.executable, "-c", hidden], capture_output=True, text=True, env=environment(), check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'bareme[web]'" in done.stderr


def test_the_law_of_bareme_is_served():
    with served("--workers", "1") as (_, port, line):
        assert "bareme" in line
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        assert ask(connection, "GET", "/parameters")[0] == 200
        for salary in (36_000, 48_000):  # the second time by its shape
            person = {"annee_naissance": {"2022": 1980}, "salaire_imposable": {f"2022-{month:02}": salary / 12 for month in range(1, 13)}}
            situation = {"individus": {"a": person}, "foyers_fiscaux": {"f": {"declarant": ["a"], "impot_net": {"2022": None}}}}
            status, _, told = ask(connection, "POST", "/calculate", situation)
            assert status == 200, told
            assert 3000 < told["foyers_fiscaux"]["f"]["impot_net"]["2022"] < 7000
        connection.close()


def test_a_bad_setting_is_said():
    done = subprocess.run([sys.executable, "-m", "bareme", "serve"], capture_output=True, text=True, env=environment(BAREME_MAX_PERSONS="many"), check=False)
    assert done.returncode == 2
    assert "BAREME_MAX_PERSONS" in done.stderr


def test_openfisca_web_api_gives_the_application():
    lines = (
        "from engine import openfisca; openfisca.activate()",
        "from web_api.openfisca import modules; openfisca.provide('openfisca_web_api', modules)",
        "from openfisca_web_api.app import create_app",
        "from land_in_openfisca_form import CountryTaxBenefitSystem",
        "client = create_app(CountryTaxBenefitSystem(), tracker_url='http://x.example').test_client()",
        "print(client.get('/variable/tax').get_json()['id'])",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, env=environment(), check=False)
    assert done.stdout == "tax\n", done.stderr
