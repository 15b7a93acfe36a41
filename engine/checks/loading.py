"""A law that cannot be loaded: what its loaders found wrong, as findings."""

from __future__ import annotations

import re
import sysconfig
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.checks.attributes import member_meant
from engine.checks.findings import Finding, Kind, Report, Severity
from engine.checks.law import resolved
from engine.errors import ParameterFileError, VariableDefinitionError
from engine.variables import EnumType, from_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.errors import LawError

_PLACE: Final = re.compile(r"(?P<file>[^()`\n]*?[^()`\s]):(?P<line>\d+)")
_UNREADABLE: Final = " cannot be read: "
_STDLIB: Final = sysconfig.get_path("stdlib")
_ENGINE: Final = str(Path(__file__).parents[1])
_IN_BRACKETS: Final = re.compile(r" ?\((?P<file>[^()`\n]+):(?P<line>\d+)\)")


def loading_report(error: LawError, parameter_folders: Iterable[str | Path] = ()) -> Report:
    """Return the findings of a law whose loading ended with an error: each problem that the error tells, at its place.

    Files of figures are looked for in `parameter_folders` and below.
    """
    folders = [Path(folder) for folder in parameter_folders]
    found = _of_figures(error, folders) if isinstance(error, ParameterFileError) else _of_variables(error)
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


def _of_variables(error: LawError) -> Iterator[Finding]:
    """Yield a finding for each line of a message; lines that begin with `- ` are about what the line before them names."""
    lines = str(error).splitlines()
    file, number, subject = "", 0, ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("- "):
            yield Finding(file, number, 0, Severity.ERROR, Kind.LOADING, f"{subject}{line[2:]}")
            continue
        place = _IN_BRACKETS.search(line) or _PLACE.search(line)
        file, number = (place["file"].strip(), int(place["line"])) if place else ("", 0)
        said = line.replace(f" ({file}:{number})", "")
        named = re.search(r"`[^`]+`", line)
        subject = f"{named[0]}: " if named else ""
        if _UNREADABLE in said:
            subject, _, why = said.partition(_UNREADABLE)
            cause = _cause(subject, error)
            file, number = _place_of(cause) or (file, number)
            said = f"The file{_UNREADABLE}{_member_missed(cause) or why}"
        if not following.startswith("- "):
            yield Finding(file or "law", number, 0, Severity.ERROR, Kind.LOADING, said)


def _cause(file: str, error: LawError) -> BaseException | None:
    """Return why a file, or a module, could not be read, with the lines that were run; None where that is not known."""
    if not Path(file).is_file():
        return error.__cause__
    try:
        from_file(file)
    except VariableDefinitionError as again:
        return again.__cause__
    return None


def _place_of(cause: BaseException | None) -> tuple[str, int] | None:
    """Return the last line of the law's own that was run."""
    if isinstance(cause, SyntaxError) and cause.filename:
        return cause.filename, cause.lineno or 0
    steps = [] if cause is None else traceback.extract_tb(cause.__traceback__)
    own = [(step.filename, step.lineno or 0) for step in steps if _is_of_the_law(step.filename)]
    return own[-1] if own else None


def _is_of_the_law(file: str) -> bool:
    return not file.startswith(("<frozen", _ENGINE)) and (not file.startswith(_STDLIB) or "site-packages" in file)


def _member_missed(cause: BaseException | None) -> str | None:
    """Say which member of an enumeration there is not, where that is why."""
    if not isinstance(cause, AttributeError) or not isinstance(cause.obj, EnumType):
        return None
    return f"`{cause.obj.__name__}` has no member `{cause.name}`.{member_meant(cause.obj, str(cause.name))}"
