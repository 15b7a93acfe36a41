"""The runner as a process: it is started once, ends when nobody needs it, and what keeps it from starting is told."""

import os
import signal
import stat
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from engine.errors import DataError
from web_api.app import create_app
from web_api.country_runs import client as client_module
from web_api.country_runs import prewarm, register, wire
from web_api.country_runs.client import Client, NoRunnerError, Times
from web_api.country_runs.events import HEARTBEAT, MOST_RESTARTS, events
from web_api.service import own_service
from web_api.settings import Settings

DECOTE = "impot_revenu.decote.personne_seule"


@pytest.fixture(autouse=True, name="own_folder")
def _own_folder_of_sockets(monkeypatch, end_of_runners):
    """A short path of its own for sockets and results; the runners that were started there are ended."""
    with tempfile.TemporaryDirectory(prefix="bareme", ignore_cleanup_errors=True) as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        monkeypatch.setenv("BAREME_CACHE_DIR", f"{folder}/cache")
        yield Path(folder)
        end_of_runners(Path(folder))


def test_only_one_is_started_whoever_asks(population):
    clients = [Client(Settings(population=str(population))) for _ in range(3)]
    threads = [threading.Thread(target=each.start) for each in clients for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.status()["pid"] for each in clients}) == 1


def test_it_ends_once_no_worker_is_there(population):
    client = Client(Settings(population=str(population)), Times(grace=0.3))
    client.start()
    time.sleep(0.6)
    assert client.status() is not None  # a worker is there
    client._lease.close()
    client._lease = None
    end = time.monotonic() + 5
    while any(wire.private_folder().glob("*[0-9a-f]")) and time.monotonic() < end:
        time.sleep(0.05)
    assert client.status() is None


def test_it_ends_after_long_disuse_and_is_started_again(population):
    client = Client(Settings(population=str(population)), Times(disuse=0.5, grace=2))
    client.start()
    pid = client.status()["pid"]
    end = time.monotonic() + 10
    while client.status() is not None and time.monotonic() < end:
        time.sleep(0.1)
    client.start()
    assert client.status()["pid"] != pid


def test_one_that_cannot_start_is_told(population, monkeypatch):
    monkeypatch.setattr(client_module, "MODULE", "web_api.country_runs.no_such_module")
    answer = create_app(own_service(Settings(population=str(population)))).test_client().post("/v1/impacts", json={"changes": {DECOTE: 1}})
    assert answer.status_code == 503
    assert "cannot be started" in answer.json["error"]["message"]


def test_one_that_does_not_answer_is_told(population, monkeypatch):
    monkeypatch.setattr(client_module, "ANSWERING", 0.3)
    client = Client(Settings(population=str(population)))
    client.start()
    pid = client.status()["pid"]
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(NoRunnerError):
        client.submit("k", {})
    with pytest.raises(NoRunnerError):
        client.look("k")
    assert list(events(client, "k", "", is_kept=False))[1:] == [HEARTBEAT] * (MOST_RESTARTS + 1)  # it may go on: the browser connects again


def test_a_population_that_is_not_there_is_told_before_anything_starts(own_folder):
    answer = create_app(own_service(Settings(population="/nowhere/population"))).test_client().post("/v1/impacts", json={"changes": {DECOTE: 1}})
    assert answer.status_code == 503
    assert "/nowhere" not in answer.text
    assert not list(own_folder.glob("bareme-*/*"))


def test_a_population_that_cannot_be_read_fails_the_run(tmp_path):
    (tmp_path / "menage.parquet").write_bytes(b"nothing")
    app = create_app(own_service(Settings(population=str(tmp_path)))).test_client()
    key = app.post("/v1/impacts", json={"changes": {DECOTE: 1}}).json["id"]
    app.get(f"/v1/impacts/{key}/events").get_data()
    told = app.get(f"/v1/impacts/{key}").json
    assert told["state"] == "failed"
    assert "cannot be read" in told["message"]
    assert str(tmp_path) not in told["message"]


def test_a_folder_of_sockets_that_others_may_enter_is_refused(own_folder):
    folder = wire.private_folder()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    with pytest.raises(DataError):
        wire.private_folder()


def test_prewarming_starts_it(population):
    service = own_service(Settings(population=str(population)))
    prewarm(service)
    assert Client(service.settings).status() is not None


def test_a_law_without_a_population_has_no_such_endpoint(own_folder):
    service = replace(own_service(), system=object())
    app = Flask("other")
    register(app, service)
    prewarm(service)
    assert app.test_client().post("/v1/impacts", json={}).status_code == 404
    assert not list(own_folder.iterdir())


def test_a_law_that_is_not_the_shipped_one_has_no_runs():
    service = own_service()
    other = replace(service, legislation=service.legislation.neutralizing("decote"))
    assert create_app(other).test_client().post("/v1/impacts", json={"changes": {DECOTE: 1}}).status_code == 503
