"""Workspaces: over SQLite, and over PostgreSQL where its server is installed."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from engine.errors import DataError
from web_api.app import create_app
from web_api.service import own_service
from web_api.settings import Settings
from web_api.workspaces.api import MOST_NEW
from web_api.workspaces.store import TABLE, ConflictError, Store, StoreError

AMENDMENT = {"name": "Décote relevée", "amendment": {"year": 2022, "bill": None, "changes": {"impot_revenu.decote.personne_seule": 900}}, "households": None}


def _postgresql() -> Path | None:
    known = [*Path("/usr/lib/postgresql").glob("*/bin"), *(Path(found).parent for found in [shutil.which("initdb")] if found)]
    return next((folder for folder in sorted(known, reverse=True) if (folder / "initdb").is_file()), None)


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory):
    """The address of a PostgreSQL server of the tests' own, over a Unix socket; it never runs as root, which it refuses."""
    binaries = _postgresql()
    if binaries is None:
        pytest.skip("PostgreSQL's server is not installed: workspaces were tested over SQLite only")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))  # short: a socket's address holds a hundred letters, and pytest's folders are for its user alone
    user = getpass.getuser()
    other = {}
    if os.getuid() == 0:
        user = "postgres"
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
        other = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(*command):
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **other)

    run(binaries / "initdb", "-D", folder / "data", "-A", "trust", "-U", user, "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    server = [binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options]
    run(*server, "start")
    try:
        yield f"postgresql+psycopg://{user}@/postgres?host={folder}"
    finally:
        run(*server, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    return f"sqlite:///{tmp_path / 'workspaces.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("postgresql")


@pytest.fixture
def client(address):
    return create_app(own_service(Settings(database=address))).test_client()


def _created(client, **given):
    return client.post("/v1/workspaces", json={"name": "Séance du 12", "amendments": [AMENDMENT], **given}).get_json()


def test_what_is_saved_is_read_again(client):
    answer = client.post("/v1/workspaces", json={"name": "Séance du 12", "amendments": [AMENDMENT]})
    assert answer.status_code == 201
    kept = answer.get_json()
    again = client.get(f"/v1/workspaces/{kept['id']}").get_json()
    assert again == kept
    assert (again["name"], again["version"], again["amendments"]) == ("Séance du 12", 1, [AMENDMENT])


def test_a_change_rests_on_a_version(client):
    kept = _created(client)
    changed = client.put(f"/v1/workspaces/{kept['id']}", json={"version": 1, "name": "Autre nom", "amendments": []}).get_json()
    assert (changed["version"], changed["name"], changed["amendments"], changed["created"]) == (2, "Autre nom", [], kept["created"])
    late = client.put(f"/v1/workspaces/{kept['id']}", json={"version": 1, "name": "Trop tard", "amendments": []})
    assert late.status_code == 409
    assert late.get_json()["error"]["problems"] == [{"path": "/version", "message": "expected 2"}]
    assert client.get(f"/v1/workspaces/{kept['id']}").get_json() == changed


def test_what_is_deleted_is_gone(client):
    kept = _created(client)
    assert client.delete(f"/v1/workspaces/{kept['id']}").status_code == 204
    for answer in (
        client.get(f"/v1/workspaces/{kept['id']}"),
        client.delete(f"/v1/workspaces/{kept['id']}"),
        client.put(f"/v1/workspaces/{kept['id']}", json={"version": 1, "name": "x", "amendments": []}),
    ):
        assert answer.status_code == 404


def test_there_is_no_list_and_ids_cannot_be_guessed(client):
    ids = {_created(client)["id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(len(id_) == 24 for id_ in ids)
    assert client.get("/v1/workspaces").status_code == 405


def test_all_that_is_wrong_is_told_by_path(client):
    answer = client.post("/v1/workspaces", json={"name": "", "amendments": [{"name": "x", "amendment": {"year": 1066, "chnages": {}}}]})
    assert answer.status_code == 400
    assert [each["path"] for each in answer.get_json()["error"]["problems"]] == ["/name", "/amendments/0/amendment/year", "/amendments/0/amendment/chnages"]


def test_a_workspace_is_bounded(client):
    household = {"name": "x" * 10_000}
    answer = client.post("/v1/workspaces", json={"name": "Grand", "amendments": [{**AMENDMENT, "households": [household] * 60}]})
    assert answer.status_code == 413


def test_of_those_who_save_at_once_one_wins_and_the_others_are_told(address):
    store = Store(address)
    kept = store.create({"name": "à plusieurs"})
    start = threading.Barrier(8)

    def save(number):
        start.wait()
        try:
            return store.change(kept.id, 1, {"name": f"de {number}"})
        except ConflictError as error:
            return error.version

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(save, range(8)))
    assert found.count(2) == 7
    assert store.read(kept.id) == next(each for each in found if each != 2)


def test_several_workers_may_start_at_once(address):
    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(lambda number: Store(address).create({"name": str(number)}), range(6)))
    assert [Store(address).read(each.id) == each for each in kept] == [True] * 6


def test_sqlite_in_the_users_folder_is_for_nobody_else(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    Store().create({"name": "x"})
    file = tmp_path / "bareme" / "workspaces.sqlite"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_database_that_does_not_answer_is_503_and_shows_no_password():
    client = create_app(own_service(Settings(database="postgresql+psycopg://me:secret@127.0.0.1:1/none"))).test_client()
    answer = client.get("/v1/workspaces/some")
    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert "OperationalError" in answer.text


def test_an_address_that_is_none_is_told():
    with pytest.raises(DataError, match="cannot be used"):
        Store("no address").read("x")
    with pytest.raises(StoreError):
        Store("sqlite:////nowhere/at/all.sqlite").read("x")


# Bounds


def test_there_are_so_many_workspaces_and_no_more(address):
    client = create_app(own_service(Settings(database=address, max_workspaces=1))).test_client()
    Store(address).read("none")  # which makes the table
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(TABLE.delete())  # PostgreSQL's is that of other tests too
    kept = _created(client)
    full = client.post("/v1/workspaces", json={"name": "Un de trop"})
    assert (full.status_code, full.get_json()["error"]["message"]) == (507, "This server keeps 1 workspaces at most, and has them.")
    assert client.put(f"/v1/workspaces/{kept['id']}", json={"version": 1, "name": "Autre nom"}).status_code == 200
    client.delete(f"/v1/workspaces/{kept['id']}")
    assert client.post("/v1/workspaces", json={"name": "À sa place"}).status_code == 201


def test_one_client_makes_few_in_a_minute_and_where_none_are_counted_as_many_as_it_likes(tmp_path):
    for most, expected in ((600, [201] * MOST_NEW + [429]), (0, [201] * (MOST_NEW + 1))):
        client = create_app(own_service(Settings(database=f"sqlite:///{tmp_path / str(most)}", requests_per_minute=most))).test_client()
        answers = [client.post("/v1/workspaces", json={"name": "x"}) for _ in expected]
        assert [each.status_code for each in answers] == expected
        assert ("Retry-After" in answers[-1].headers) == bool(most)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_no_page_of_another_origin_makes_one_unasked(tmp_path, kind):
    client = create_app(own_service(Settings(database=f"sqlite:///{tmp_path / 'none.sqlite'}", cors_origins=("https://own.example",)))).test_client()
    answer = client.post("/v1/workspaces", data='{"name": "x"}', content_type=kind, headers={"Origin": "https://other.example"})
    assert answer.status_code == 415
    assert not (tmp_path / "none.sqlite").exists()


def test_what_the_database_fails_on_stands_in_no_log(tmp_path, caplog):
    file = tmp_path / "other.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE bareme_workspaces (id TEXT)")
    client = create_app(own_service(Settings(database=f"sqlite:///{file}"))).test_client()
    assert client.post("/v1/workspaces", json={"name": "Confidentiel"}).status_code == 503
    assert "OperationalError" in caplog.text
    assert "Confidentiel" not in caplog.text
