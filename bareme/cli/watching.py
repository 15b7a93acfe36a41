"""`bareme test --watch`: the tests again whenever a file that they rest on is saved.

Each run is a process of its own, so that a law is always loaded as it stands on disk: no module stays behind, and a formula that Python
cannot read, or that never ends, takes nothing down with it. What changed is told by comparing times and sizes of files; `watchfiles`,
where it is installed, only says when to look.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bareme.cli.legislation_option import LawChoice

SUFFIXES: Final = (".py", ".yaml", ".yml")
OWN_LAW: Final = ("legislation", "parameters")
POLL_SECONDS: Final = 0.2
"""How often files are looked at where `watchfiles` is not installed, and while tests run."""
SETTLE_SECONDS: Final = 0.05
"""An editor may save in several steps: files must rest so long."""
MOST_NAMES: Final = 4
OWN_GROUP: Final = 0 if os.name == "posix" else -1
"""A run is a group of processes of its own: Ctrl-C is ours alone, and with a run end those that it started."""
INTERRUPTED: Final = 130
"""The exit code of what Ctrl-C ends, as shells count: 128 and the number of the signal."""

Snapshot = dict[Path, tuple[int, int]]


@dataclass(frozen=True)
class Watch:
    """What is run and looked at: the `tests` as the user named them, the law, and the command's other options as words."""

    tests: tuple[Path, ...]
    law: LawChoice
    options: tuple[str, ...] = ()

    def run(self) -> int:
        """Run the tests, and again at each change, until Ctrl-C; return the exit code for that."""
        child: subprocess.Popen[bytes] | None = None
        try:
            changed: tuple[Path, ...] = ()
            seen = self.snapshot()
            while True:
                for files in self._rounds(changed):
                    child = self._start(files)
                    while child.poll() is None and self.snapshot() == seen:
                        _wait_for(child)
                    if child.poll() is None:
                        break  # saved again in the middle: what runs is out of date
                _stop(child)
                if self.snapshot() == seen:
                    click.echo(f"Watching {len(seen)} files; Ctrl-C ends.")
                changed, seen = self._next_change(seen)
                click.echo(f"\n— {time.strftime('%H:%M:%S')} {_told(changed)}")
        except KeyboardInterrupt:
            click.echo()
            return INTERRUPTED
        finally:
            _stop(child)

    def _rounds(self, changed: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
        """Yield the tests to run: those that changed, if they are not all, then all."""
        files = tuple(path for path in changed if path.exists() and self._is_test(path))
        if files and {path.resolve() for path in self.tests} != {path.resolve() for path in files}:
            yield files
        yield self.tests

    def _is_test(self, path: Path) -> bool:
        is_python_test = path.suffix == ".py" and self.law.country_package is not None and (path.stem.startswith("test_") or path.stem.endswith("_test"))
        is_below = any(path == test or test in path.parents for test in map(_absolute, self.tests))
        return is_below and (path.suffix != ".py" or is_python_test) and not any(folder in path.parents for folder in self._figures())

    def _figures(self) -> Iterator[Path]:
        """Yield the folders of figures of the law: their YAML is no test, even where tests lie around it."""
        for root in self.roots_of_law():
            yield root if root.name == "parameters" else root / "parameters"

    def _start(self, files: Iterable[Path]) -> subprocess.Popen[bytes]:
        # as the user called us, whether by the name of the command or `python -m bareme`: the same folders are importable then
        called = sys.orig_argv[: len(sys.orig_argv) - len(sys.argv[1:])]
        command = [*called, "test", *self.options, "--", *map(str, files)]
        return subprocess.Popen(command, process_group=OWN_GROUP)  # noqa: S603 - our own command again

    # What is looked at

    def roots_of_law(self) -> list[Path]:
        """Return the folders and files that the law is written in; what cannot be found is none, and the run says why."""
        importlib.invalidate_caches()
        own = OWN_LAW if self.law.country_package is None else (self.law.country_package,)
        files = [Path(reform) for reform in self.law.reforms if Path(reform).suffix in SUFFIXES]
        modules = [reform for reform in self.law.reforms if Path(reform).suffix not in SUFFIXES]
        found = [place for name in (*own, *self.law.extensions, *modules) for place in _places(name.partition(".")[0])]
        return [_absolute(path) for path in (*found, *files)]

    def snapshot(self) -> Snapshot:
        """Return time and size of every file of tests, variables and figures."""
        found: Snapshot = {}
        for root in (*map(_absolute, self.tests), *self.roots_of_law()):
            found.update(_files(root))
        return found

    def _next_change(self, seen: Mapping[Path, tuple[int, int]]) -> tuple[tuple[Path, ...], Snapshot]:
        """Wait for a change, and until files rest; return the files that changed, and all."""
        wakes = _wakes([*map(_absolute, self.tests), *self.roots_of_law()])
        now = self.snapshot()
        while now == seen:
            next(wakes)
            now = self.snapshot()
        while True:
            time.sleep(SETTLE_SECONDS)
            later = self.snapshot()
            if later == now:
                break
            now = later
        return tuple(sorted(path for path in {*seen, *now} if seen.get(path) != now.get(path))), now


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links stay as they are named


def _places(module: str) -> list[Path]:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    folders = [Path(each) for each in spec.submodule_search_locations or ()]
    return folders or ([Path(spec.origin)] if spec.has_location and spec.origin else [])


def _files(root: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Yield the files of a folder and below that may matter, each with its time and size; a file yields itself."""
    pending = [str(root)]
    if root.is_file():
        yield root, _state(root.stat())
        return
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or entry.name == "__pycache__":
                        continue
                    if entry.is_dir():
                        pending.append(entry.path)
                    elif entry.name.endswith(SUFFIXES):
                        yield Path(entry.path), _state(entry.stat())
        except OSError:
            continue  # gone between looking and reading: the next look tells


def _state(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size


def _wakes(roots: Iterable[Path]) -> Iterator[object]:
    """Yield whenever files should be looked at."""
    # a file's folder: an editor that saves by renaming puts another file in its place
    folders = {root if root.is_dir() else root.parent for root in roots}
    there = [folder for folder in folders if folder.is_dir()]
    if _is_installed("watchfiles") and there:
        from watchfiles import watch

        yield from watch(*there, debounce=100, step=20, watch_filter=None, yield_on_timeout=True, rust_timeout=500, raise_interrupt=True)
        return
    while True:
        time.sleep(POLL_SECONDS)
        yield None


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # it was imported by hand, or forbidden
        return False


def _wait_for(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return


def _stop(child: subprocess.Popen[bytes] | None) -> None:
    """End a run that is not done."""
    if child is not None and child.poll() is None:
        if OWN_GROUP == 0:
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
        child.wait()


def _told(changed: Sequence[Path]) -> str:
    here = Path.cwd()
    names = [str(path.relative_to(here)) if path.is_relative_to(here) else str(path) for path in changed]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{', '.join(names[:MOST_NAMES])}{more} changed"
