"""Ids of runs are made with a secret of the server's own: who guesses an amendment cannot tell from an id whether it was asked for."""

import os
import stat
import threading
from hashlib import blake2b
from pathlib import Path

import pytest

from engine.errors import DataError
from legislation import france
from web_api.country_runs.asked import ImpactAsked, checked, key_of
from web_api.country_runs.secret import SIZE, secret
from web_api.settings import Settings


@pytest.fixture(autouse=True, name="folder")
def _own_folders(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("BAREME_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("BAREME_CACHE", raising=False)
    return tmp_path


def key():
    asked = ImpactAsked.model_validate({"changes": {"impot_revenu.decote.personne_seule": 900}})
    return key_of(asked, checked(asked, france(), Settings()), "law", "population")


def files(folder):
    return [file for file in folder.rglob("*") if file.is_file()]


def test_it_is_made_once_and_only_the_user_reads_it(folder):
    made = secret()
    assert len(made) == SIZE
    assert secret() == made
    (file,) = files(folder)
    assert file.parent == folder / "cache"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == made


def test_another_server_has_other_ids_for_the_same_content(folder, monkeypatch):
    here = key()
    assert key() == here
    monkeypatch.setenv("BAREME_CACHE_DIR", str(folder / "elsewhere"))
    assert key() != here


def test_an_id_is_not_that_of_the_content_alone(monkeypatch):
    found = []
    monkeypatch.setattr("web_api.country_runs.asked.blake2b", lambda content, **how: found.append((content, how)) or blake2b(content, **how))
    told = key()
    ((content, how),) = found
    assert how["key"] == secret()
    assert blake2b(content, digest_size=how["digest_size"]).hexdigest() != told


def test_all_workers_have_the_same_though_they_start_at_once():
    found = []
    threads = [threading.Thread(target=lambda: found.append(secret())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert set(found) == {secret()}


@pytest.mark.parametrize("spoil", [lambda file: file.write_bytes(b"short"), lambda file: file.write_bytes(b"x" * (SIZE + 1)), lambda file: file.chmod(0o644)])
def test_one_that_is_not_whole_or_that_others_read_is_made_anew(folder, spoil):
    made = secret()
    (file,) = files(folder)
    spoil(file)
    fresh = secret()
    assert fresh not in {made, b"short"}
    assert secret() == fresh
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_one_that_is_removed_is_made_anew(folder):
    made = secret()
    files(folder)[0].unlink()
    assert secret() != made


def test_without_a_cache_it_lies_with_the_sockets(folder, monkeypatch):
    monkeypatch.setenv("BAREME_CACHE", "off")
    made = secret()
    assert secret() == made
    (file,) = files(folder)
    assert file.parent == folder / "temporary" / f"bareme-{os.getuid()}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_where_the_cache_cannot_be_written_it_lies_with_the_sockets(folder):
    (folder / "cache").write_text("a file where a folder should be")
    assert secret() == secret()
    assert [file.name for file in files(folder / "temporary")] == ["secret"]


def test_where_nothing_can_be_written_it_is_told(folder, monkeypatch):
    monkeypatch.setenv("BAREME_CACHE", "off")
    monkeypatch.setattr("tempfile.tempdir", "/proc/nowhere")
    with pytest.raises(DataError):
        secret()
    assert not Path("/proc/nowhere").exists()
