"""The manifest of a partitioned population: the rows and the digest of each file, so that no part is taken for another, or half written for whole."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.errors import DataError, Problem, TableError
from population.partitions.parts import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from population.partitions.parts import Part, Partitioned

FORMAT: Final = "bareme partitions 1"
KEPT: Final = "kept"


def digest(file: str | Path) -> str:
    """Return the SHA-256 of a file."""
    with Path(file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_of(part: Part) -> str:
    """Return the digest of all files of a part."""
    return hashlib.sha256(json.dumps(sorted((entity, digest(file)) for entity, file in part.files.items())).encode()).hexdigest()


def written(file: Path, content: bytes | Callable[[Path], Any]) -> None:
    """Write a file whole or not at all: under another name first. Raises DataError where the disk takes no more; what was there stays."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        if isinstance(content, bytes):
            temporary.write_bytes(content)
        else:
            content(temporary)
        temporary.replace(file)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        why = error.strerror or str(error)
        raise DataError(f"{file} cannot be written: {why}. What was finished before is whole; free some disk and run again to go on from there.") from error


def write_manifest(population: Partitioned, about: Mapping[str, Any], rows: Mapping[str, Mapping[str, int]]) -> Path:
    """Write the manifest of files that are there; `rows` are those of each entity, by part, and of shared entities under an empty name."""
    shared = {entity: {"rows": rows[""][entity], "sha256": digest(file)} for entity, file in population.parts[0].shared}
    parts = [
        {"name": part.name, "files": {entity: {"rows": rows[part.name][entity], "sha256": digest(file)} for entity, file in part.tables}}
        for part in population.parts
    ]
    file = population.folder / MANIFEST
    written(file, (json.dumps({"format": FORMAT, **about, "shared": shared, "parts": parts}, indent=1, ensure_ascii=False) + "\n").encode())
    return file


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return what a manifest says; None where there is none. Raises DataError for one of another form."""
    file = folder / MANIFEST
    if not file.is_file():
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{file} cannot be read: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DataError(f"{file} is of another form: expected `format: {FORMAT}`. Without the file, the folder is read as it is.")
    return found


def check_parts(population: Partitioned, manifest: Mapping[str, Any]) -> None:
    """Raise TableError where the manifest names other parts than are there."""
    named, there = {each["name"] for each in manifest["parts"]}, {part.name for part in population.parts}
    problems = [Problem(f"{population.folder / MANIFEST}", f"`{name}` is named, and has no files") for name in sorted(named - there)]
    problems += [Problem(f"{population.folder / MANIFEST}", f"`{name}` has files, and is not named") for name in sorted(there - named)]
    if problems:
        raise TableError(problems)


def check_digests(part: Part, manifest: Mapping[str, Any] | None) -> str:
    """Return the digest of a part's files. Raises TableError where the manifest says another of one of them."""
    found = {entity: digest(file) for entity, file in part.files.items()}
    if manifest is not None:
        expected = {**manifest["shared"], **next(each["files"] for each in manifest["parts"] if each["name"] == part.name)}
        _raise(
            Problem(str(file), "its digest is not the one in the manifest: the file was changed, or not written whole")
            for entity, file in part.files.items()
            if expected.get(entity, {}).get("sha256") != found[entity]
        )
    return hashlib.sha256(json.dumps(sorted(found.items())).encode()).hexdigest()


def _raise(problems: Iterable[Problem]) -> None:
    listed = list(problems)
    if listed:
        raise TableError(listed)
