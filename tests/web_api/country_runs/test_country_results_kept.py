"""Results in files: by key, whole, the latest; trouble with the disk is no error."""

import os

import pytest

from web_api.country_runs import identity, results


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.delenv("BAREME_CACHE", raising=False)
    monkeypatch.setenv("BAREME_CACHE_DIR", str(tmp_path / "cache"))


def test_what_is_kept_is_read_again():
    results.keep("k", b'{"a":1}')
    assert results.kept("k") == b'{"a":1}'
    assert results.kept("other") is None


def test_a_broken_file_is_none(tmp_path):
    results.keep("k", b"{}")
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert results.kept("k") is None


def test_the_oldest_leave(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "MOST_FILES", 3)
    for number in range(5):
        results.keep(str(number), b"{}")
        for file in (tmp_path / "cache").iterdir():
            os.utime(file, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns - 10**9))
    assert [results.kept(str(number)) for number in range(5)] == [None, None, b"{}", b"{}", b"{}"]


def test_a_full_disk_is_no_error(monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    results.keep("k", b"{}")
    assert results.kept("k") is None


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BAREME_CACHE_DIR", str(tmp_path / "file" / "cache"))
    results.keep("k", b"{}")
    assert results.kept("k") is None


def test_a_population_is_told_by_its_files(tmp_path):
    (tmp_path / "menage.parquet").write_bytes(b"1")
    one = identity.population_identity(str(tmp_path))
    assert identity.population_identity(str(tmp_path)) == one
    (tmp_path / "menage.parquet").write_bytes(b"12")
    assert identity.population_identity(str(tmp_path)) != one
    assert identity.population_identity("") == identity.population_identity("")
