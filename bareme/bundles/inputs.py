"""The files that a command reads: found from its options, kept in a bundle by hash or as copies, and found again for a replay.

Each file has a `place` of its own, `tables-1/persons.csv`: where its copy lies below `inputs/`, and where a replay lays it, so that files
that name one another by relative paths (a reform and the bill that it amends) still find each other, and folders keep their names.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bareme.bundles import digests
from engine.errors import DataError, Problem, TableError
from engine.reform import Chain, DataReform, read_reform

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.legislation import Legislation
    from engine.reform import Reform

REFORMS: Final = ("reform", "against", "reforms")
TABLES: Final = ("file", "population", "tables")
PREFIXED: Final = ("tables",)
DOCUMENTS: Final = (".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Input:
    """One file: the option (and its value as given) that names it, where its copy lies, how it was found from the working folder."""

    option: str
    value: str
    argument: str
    place: str
    path: str
    bytes: int
    sha256: str
    copied: bool

    def as_json(self) -> dict[str, Any]:
        """Return the file as the manifest holds it."""
        return asdict(self)


def inputs_of(options: Mapping[str, Any], law: Legislation, *, copy_all: bool = False) -> list[Input]:
    """Return the files that the options of a command name, with their hashes. Raises DataError for what cannot be read again."""
    found: list[Input] = []
    for option, given in options.items():
        values = given if isinstance(given, list) else [given]
        for number, value in enumerate(values, start=1):
            if option in REFORMS and value.endswith(DOCUMENTS[1:]):
                found += _files(option, value, number, _reform_files(read_reform(value)), copied=True)
            elif option in TABLES:
                found += _data(option, value, number, law, copy_all=copy_all)
    return found


def path_of(option: str, value: str) -> str:
    """Return the path in an option's value: what stands after `ENTITY=`, or all of it."""
    return value.partition("=")[2] if option in PREFIXED else value


def _data(option: str, value: str, number: int, law: Legislation, *, copy_all: bool) -> list[Input]:
    from population.partitions.parts import ENDING, is_partitioned  # noqa: PLC0415 - reads tables: not for those who replay a situation
    from population.tables import tables_in  # noqa: PLC0415

    path = Path(path_of(option, value))
    if not path.exists():
        return []  # the command says so itself, with the nearest name
    if path.is_dir():
        if path.name in ("", ".."):
            raise DataError(f"{path}: a bundle keeps a folder by its name: expected a path that ends in one.")
        if option in PREFIXED:  # the parts of one table
            files = sorted(path.glob(f"*{ENDING}"))
        elif is_partitioned(path):
            files = [*sorted(path.glob(f"*/*{ENDING}")), *sorted(path.glob(f"*{ENDING}"))]
        else:
            files = list(tables_in(path, law).values())
        return _files(option, value, number, [path, *files], copied=copy_all)
    return _files(option, value, number, [path], copied=copy_all or path.suffix.lower() in DOCUMENTS)


def _reform_files(reform: Reform) -> list[Path]:
    """Return the files that a reform was read from, its own first."""
    files = [Path(reform.file)] if isinstance(reform, DataReform) else []
    for each in reform.reforms if isinstance(reform, Chain) else ():
        files += _reform_files(each)
    return list(dict.fromkeys(files))


def _files(option: str, value: str, number: int, paths: list[Path], *, copied: bool) -> list[Input]:
    """Return the files of one value of an option; `paths` may begin with a folder, which the option then names."""
    given = Path(path_of(option, value))
    resolved = [Path(os.path.normpath(Path.cwd() / path)) for path in (given, *paths)]  # links keep the names that the user gave them
    top = Path(os.path.commonpath([path.parent for path in resolved]))
    places = {path: f"{option}-{number}/{path.relative_to(top).as_posix()}" for path in resolved}
    argument = places[resolved[0]]
    found = []
    for path, absolute in dict(zip(paths, resolved[1:], strict=True)).items():
        if path.is_dir():
            continue
        if not path.is_file():
            raise DataError(f"{path}: is no ordinary file: a bundle keeps files that can be read again.")
        shown = path.as_posix()
        found.append(Input(option, value, argument, places[absolute], shown, path.stat().st_size, digests.of_file(path), copied))
    return found


def copy_into(folder: Path, inputs: Iterable[Input]) -> None:
    """Copy the inputs to be copied. Raises DataError where one is not what was hashed: it was changed while the command ran."""
    for each in inputs:
        if digests.of_file(Path(each.path)) != each.sha256:
            raise DataError(f"{each.path}: was changed while the command ran: there is no saying which state the results come from. No bundle was written.")
        if each.copied:
            target = folder / each.place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(each.path, target)


# Found again


def located(inputs: Iterable[Input], copies: Path, elsewhere: Path | None) -> dict[str, Path]:
    """Return where each input lies now, by its place: its copy, or the file in `elsewhere`, or that of the same path.

    Raises DataError that names every input that is missing or is not what it was.
    """
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    for each in inputs:
        there = [path for path in _candidates(each, copies, elsewhere) if path.is_file()]
        same = next((path for path in there if digests.of_file(path) == each.sha256), None)
        if same is not None:
            found[each.place] = same
        elif there:
            now = digests.of_file(there[0])
            problems.append(Problem(str(there[0]), f"was changed since the bundle was made (SHA-256 {now[:12]}…, not {each.sha256[:12]}…)."))
        else:
            where = "in the bundle" if each.copied else f"in {elsewhere} or here" if elsewhere else "here: say with --with DIR where it is now"
            problems.append(Problem(each.path, f"an input (`{each.option}`): there is no such file {where}."))
    if problems:
        raise TableError(problems)
    return found


def _candidates(each: Input, copies: Path, elsewhere: Path | None) -> Iterator[Path]:
    if each.copied:
        yield copies / each.place
    if elsewhere is not None:
        given = Path(each.path)
        if not given.is_absolute():
            yield elsewhere / given
        yield elsewhere / Path(*Path(each.place).parts[1:])
        if each.place != each.argument and each.place.startswith(f"{each.argument}/"):
            yield elsewhere / each.place.removeprefix(f"{each.argument}/")  # DIR is the folder itself, under another name
        yield elsewhere / given.name
    if not each.copied:
        yield Path(each.path)


def laid_out(options: Mapping[str, Any], inputs: Iterable[Input], found: Mapping[str, Path], folder: Path) -> dict[str, Any]:
    """Lay the inputs in a folder, each at its place, and return the options with the paths there."""
    arguments: dict[tuple[str, str], str] = {}
    for each in inputs:
        target = folder / each.place
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.symlink_to(found[each.place].resolve())
        except OSError:  # where links are not allowed
            shutil.copyfile(found[each.place], target)
        arguments[each.option, each.value] = each.argument

    def moved(option: str, value: Any) -> Any:
        argument = arguments.get((option, value)) if isinstance(value, str) else None
        return value if argument is None else f"{value.removesuffix(path_of(option, value))}{folder / argument}"

    return {name: [moved(name, each) for each in value] if isinstance(value, list) else moved(name, value) for name, value in options.items()}
