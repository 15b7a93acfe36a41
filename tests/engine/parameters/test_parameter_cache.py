"""The tree kept on disk: the same tree, used only where it is surely that of the files, and never a reason to fail."""

from __future__ import annotations

import os
import pickle
import stat
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import user_cache
from engine.errors import ParameterFileError
from engine.parameters import load_parameters, loading, parameters_from_data


@pytest.fixture(name="law")
def _law(tmp_path, monkeypatch):
    """A directory of files that changed long ago, and a cache directory of its own."""
    monkeypatch.setenv("BAREME_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("BAREME_CACHE", raising=False)
    directory = tmp_path / "law"
    (directory / "a").mkdir(parents=True)
    write(directory / "a" / "b.yaml", "{description: x, metadata: {unit: u}, values: {2015-01-01: {value: 1, reference: r}, 2016-01-01: [1, x]}}")
    write(directory / "s.yaml", "brackets: [{threshold: {2015-01-01: 0}, rate: {2015-01-01: 0.5}}]")
    write(directory / "t.yaml", "table: {2015-01-01: {'01': 1}}")
    return directory


def write(path, text, age=3600):
    path.write_text(text, encoding="utf-8")
    when = time.time() - age
    os.utime(path, (when, when))


def kept(law):
    return sorted((law.parent / "cache").glob("*"))


@pytest.fixture(name="parsed")
def _parsed(monkeypatch):
    """How often files were parsed."""
    count = []
    read = loading._read
    monkeypatch.setattr(loading, "_read", lambda *given, **named: count.append(1) or read(*given, **named))
    return count


def test_a_second_start_parses_nothing_and_gives_the_same_tree(law, parsed):
    first = load_parameters(law)
    second = load_parameters(law)
    assert len(parsed) == 1
    assert second == first == load_parameters(law, cache=False)
    assert second is not first
    assert list(second.children) == ["a", "s", "t"]
    assert second.at(2016).a.b == (1, "x")
    assert second.at(2016).s.calc(2.0) == 1
    assert second.at(2016).t["01"] == 1
    (file,) = kept(law)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def change(law):
    write(law / "a" / "b.yaml", "{2015-01-01: 2}", age=60)


def touch(law):
    os.utime(law / "s.yaml", (time.time() - 50, time.time() - 50))


def add(law):
    write(law / "new.yml", "{2015-01-01: 2}")


def take(law):
    (law / "s.yaml").unlink()


def rename(law):
    (law / "s.yaml").rename(law / "r.yaml")


def add_directory(law):
    (law / "new").mkdir()


@pytest.mark.parametrize("act", [change, touch, add, take, rename, add_directory])
def test_any_change_of_the_files_is_seen(law, parsed, act):
    load_parameters(law)
    act(law)
    assert load_parameters(law) == load_parameters(law, cache=False)
    assert len(parsed) == 3
    assert len(kept(law)) == 1
    load_parameters(law)
    assert len(parsed) == 3


def test_a_tree_whose_files_have_just_changed_is_not_kept(law, parsed):
    write(law / "s.yaml", "{2015-01-01: 2}", age=0)
    load_parameters(law)
    assert not kept(law)
    load_parameters(law)
    assert len(parsed) == 2


def test_bad_files_are_not_kept(law):
    write(law / "s.yaml", "{2015-01-01: {}}")
    for _ in range(2):
        with pytest.raises(ParameterFileError):
            load_parameters(law)
    assert not kept(law)


class Intruder:
    """Something that would run code when unpickled."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('ran')",))


def damage(file, content):
    file.write_bytes(content)
    file.chmod(0o600)


def _sealed(file, payload):
    header = file.read_bytes()[: len(loading._MAGIC) + user_cache.DIGEST_SIZE]
    return header + user_cache.digest(payload) + payload


@pytest.mark.parametrize(
    "content",
    [
        lambda file: b"",
        lambda file: b"not ours",
        lambda file: file.read_bytes()[:-1],
        lambda file: file.read_bytes()[:-1] + b"x",
        lambda file: b"x" + file.read_bytes(),
        lambda file: _sealed(file, b"garbage"),
        lambda file: _sealed(file, pickle.dumps(Intruder())),
        lambda file: _sealed(file, pickle.dumps(5)),
        lambda file: _sealed(file, pickle.dumps(loading.ParameterNode).replace(b"ParameterNode", b"ParameterNone")),
    ],
)
def test_a_damaged_or_foreign_file_is_passed_over_and_written_anew(law, parsed, content):
    tree = load_parameters(law)
    (file,) = kept(law)
    good = file.read_bytes()
    damage(file, content(file))
    assert load_parameters(law) == tree
    assert len(parsed) == 2
    assert file.read_bytes() == good
    load_parameters(law)
    assert len(parsed) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the system knows no owners of files")
def test_a_file_that_others_may_write_or_own_is_not_trusted(law, parsed, monkeypatch):
    load_parameters(law)
    (file,) = kept(law)
    file.chmod(0o666)
    load_parameters(law)
    assert len(parsed) == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    load_parameters(law)
    assert len(parsed) == 3


def test_the_cache_can_be_switched_off_and_moved(law, parsed, monkeypatch, tmp_path):
    load_parameters(law, cache=False)
    monkeypatch.setenv("BAREME_CACHE", "off")
    load_parameters(law)
    assert not kept(law)
    monkeypatch.delenv("BAREME_CACHE")
    monkeypatch.delenv("BAREME_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    load_parameters(law)
    assert len(list((tmp_path / "xdg" / "bareme").iterdir())) == 1
    assert len(parsed) == 3


def test_a_cache_directory_that_cannot_be_written_is_no_error(law, parsed, monkeypatch):
    blocked = law.parent / "blocked"
    blocked.write_text("a file where the directory should be")
    monkeypatch.setenv("BAREME_CACHE_DIR", str(blocked))
    assert load_parameters(law) == load_parameters(law)
    assert len(parsed) == 2
    monkeypatch.setattr(loading.Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    monkeypatch.setenv("BAREME_CACHE_DIR", str(law.parent / "cache"))
    load_parameters(law)
    assert not kept(law)


def test_strict_and_lenient_trees_are_kept_apart(law):
    write(law / "s.yaml", "{unit: 1, values: {2015-01-01: 2}}")
    assert load_parameters(law, strict=False).child("s").unit == "1"
    with pytest.raises(ParameterFileError):
        load_parameters(law)


values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=3), st.lists(st.integers(), max_size=2))
figures = st.dictionaries(st.dates().map(str), values, min_size=1, max_size=3).map(lambda dated: {"values": dated})
names = st.text("abcé ", min_size=1, max_size=3)
trees = st.recursive(figures, lambda below: st.dictionaries(names, below, max_size=3), max_leaves=8).filter(lambda data: "values" not in data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(trees)
def test_any_tree_comes_back_equal(tmp_path, data):
    tree = parameters_from_data(data)
    file = tmp_path / "kept.pickle"
    loading._keep(file, b"i" * user_cache.DIGEST_SIZE, tree)
    assert loading._kept_tree(file, b"i" * user_cache.DIGEST_SIZE) == tree
    assert loading._kept_tree(file, b"j" * user_cache.DIGEST_SIZE) is None
    file.unlink()
