"""Writing a bundle while a command runs: whole at the end, or not at all.

    with written(Path("dossier"), Run("simulate", arguments, options), law) as record:
        ...                                   # compute, write
        record.add_file(Path("results.parquet"))

All is made in a temporary folder beside the bundle's, which gets its name when everything is there.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bareme.bundles import digests
from bareme.bundles.inputs import Input, copy_into, inputs_of
from bareme.bundles.law import changes, identity
from bareme.bundles.manifest import FORMAT, INPUTS, LAW, MANIFEST, RESULTS, VERSION, problems
from bareme.bundles.versions import package, versions
from engine.errors import DataError, Problem, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.legislation import Legislation


@dataclass(frozen=True)
class Run:
    """A command as it was called: its name, all that stood after `bareme`, and its options by name (given, else their defaults)."""

    name: str
    arguments: tuple[str, ...]
    options: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the command as the manifest holds it."""
        return {"name": self.name, "line": shlex.join(["bareme", *self.arguments]), "arguments": list(self.arguments), "options": dict(self.options)}


@dataclass
class Record:
    """What a command tells of itself: the reforms that it lays over the law, and its results."""

    folder: Path
    laws: list[tuple[str, Legislation]]
    inputs: list[Input] = field(default_factory=list)

    @property
    def results(self) -> Path:
        """The folder for results; whatever lies there at the end is one."""
        return self.folder / RESULTS

    def add_reform(self, title: str, law: Legislation) -> None:
        """Tell of a reform: its title, and the law under it."""
        self.laws.append((title, law))

    def add_file(self, path: Path, name: str = "") -> None:
        """Add a result that was written elsewhere, under its own name or another, which may have folders."""
        target = self.results / (name or path.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)

    def add(self, name: str, content: bytes) -> None:
        """Add a result; its name may have folders."""
        path = self.results / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def finish(self, run: Run) -> None:
        """Write what the bundle has beside its results: copies of inputs, law and manifest."""
        copy_into(self.folder / INPUTS, self.inputs)
        layers = [(title, identity(law)) for title, law in self.laws]
        first = layers[0][1]
        told = [{"title": title, **(changes(first, each) if number else each)} for number, (title, each) in enumerate(layers)]
        (self.folder / LAW).write_text(digests.written(told), encoding="utf-8")
        laws = [{"title": title, "sha256": digests.of_json(each), **{part: len(each[part]) for part in ("variables", "figures")}} for title, each in layers]
        law = {"name": self.laws[0][1].name, "file": LAW, "sha256": digests.of_file(self.folder / LAW), "layers": laws}
        files = sorted((file for file in self.results.rglob("*") if file.is_file()), key=lambda file: file.relative_to(self.results).as_posix())
        results = [{"file": file.relative_to(self.results).as_posix(), "bytes": file.stat().st_size, "sha256": digests.of_file(file)} for file in files]
        names = [run.options.get("country_package"), *run.options.get("extensions", ())]
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "command": run.as_json(),
            "versions": versions(),
            "packages": [package(name) for name in names if name],
            "inputs": [each.as_json() for each in self.inputs],
            "law": law,
            "results": results,
        }
        wrong = list(problems(manifest))
        if wrong:  # a name of a file that no other system could read
            raise TableError(Problem(f"{MANIFEST}: {problem.place}", problem.message) for problem in wrong)
        try:
            (self.folder / MANIFEST).write_text(digests.written(manifest), encoding="utf-8")
        except UnicodeEncodeError as error:
            raise DataError(f"A bundle cannot name {error.object[error.start - 20 : error.end + 20]!r}: expected names of files in UTF-8.") from error


def check_target(folder: Path) -> None:
    """Raise DataError where a bundle cannot be put: there is something already, or no folder to hold it."""
    if folder.is_dir():
        if any(folder.iterdir()):
            raise DataError(f"{folder}: is not empty: expected a new folder for the bundle, or an empty one.")
    elif folder.exists() or folder.is_symlink():
        raise DataError(f"{folder}: is no folder: expected a new one for the bundle.")
    if not folder.absolute().parent.is_dir():
        raise DataError(f"{folder}: there is no folder {folder.parent}.")


@contextmanager
def written(folder: Path, run: Run, law: Legislation, *, copy_inputs: bool = False) -> Iterator[Record]:
    """Give the record of a run, and write its bundle where all went well; otherwise nothing is left. Raises DataError."""
    check_target(folder)
    target = folder.absolute()
    output = run.options.get("output")
    if output is not None and target in (Path(output).absolute(), *Path(output).absolute().parents):
        raise DataError(f"{output}: is within the bundle {folder}, which keeps results of its own: give an --output elsewhere, or none.")
    inputs = inputs_of(run.options, law, copy_all=copy_inputs)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=".partial", dir=target.parent))
    try:
        record = Record(temporary, [("", law)], inputs)
        record.results.mkdir()
        yield record
        record.finish(run)
        temporary.chmod(0o777 & ~_mask())
        _put(temporary, target, folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _put(temporary: Path, target: Path, shown: Path) -> None:
    try:
        if target.is_dir():
            target.rmdir()  # empty, or it fails
        temporary.rename(target)
    except OSError as error:
        raise DataError(f"{shown}: the bundle cannot be put there: {error.strerror or error}.") from error


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
