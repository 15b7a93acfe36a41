"""A law that cannot be loaded: what its loaders found wrong, as findings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.checks.findings import Finding, Kind, Report, Severity
from engine.checks.law import resolved
from engine.errors import ParameterFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.errors import LawError

_PLACE: Final = re.compile(r"(?P<file>[^()`\n]*?[^()`\s]):(?P<line>\d+)")
_IN_BRACKETS: Final = re.compile(r" ?\((?P<file>[^()`\n]+):(?P<line>\d+)\)")


def loading_report(error: LawError, parameter_folders: Iterable[str | Path] = ()) -> Report:
    """Return the findings of a law whose loading ended with an error: each problem that the error tells, at its place.

    Files of figures are looked for in `parameter_folders` and below.
    """
    folders = [Path(folder) for folder in parameter_folders]
    found = _of_figures(error, folders) if isinstance(error, ParameterFileError) else _of_variables(str(error))
    return Report(tuple(sorted(map(resolved, found), key=lambda finding: finding.order)))


def _of_figures(error: ParameterFileError, folders: list[Path]) -> Iterator[Finding]:
    for problem in error.problems:
        file, _, line = problem.place.rpartition(":")
        if not line.isdigit():
            file, line = problem.place, "0"
        yield Finding(_found(file, folders), int(line), 0, Severity.ERROR, Kind.LOADING, problem.message)


def _found(file: str, folders: list[Path]) -> str:
    for folder in folders:
        if (folder / file).is_file():
            return str(folder / file)
    name = Path(file).name
    below = (path for folder in folders if folder.is_dir() for path in sorted(folder.rglob(name)) if str(path).endswith(f"/{file}"))
    return str(next(below, file))


def _of_variables(message: str) -> Iterator[Finding]:
    """Yield a finding for each line of a message; lines that begin with `- ` are about what the line before them names."""
    lines = message.splitlines()
    file, number, subject = "", 0, ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("- "):
            yield Finding(file, number, 0, Severity.ERROR, Kind.LOADING, f"{subject}{line[2:]}")
            continue
        place = _IN_BRACKETS.search(line) or _PLACE.search(line)
        file, number = (place["file"].strip(), int(place["line"])) if place else ("", 0)
        named = re.search(r"`[^`]+`", line)
        subject = f"{named[0]}: " if named else ""
        if not following.startswith("- "):
            yield Finding(file or "law", number, 0, Severity.ERROR, Kind.LOADING, line)
