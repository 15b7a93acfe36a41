"""Writing results: all files or none, and never half a file where another program may look."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pyarrow as pa

SUFFIXES = (".parquet", ".csv", ".arrow", ".feather")


def check_output(output: str | Path, inputs: Iterable[Path] = (), suffixes: Sequence[str] = SUFFIXES) -> None:
    """Raise DataError where a file of that name could not be written, or is one of the inputs: before anything is calculated."""
    path = Path(output)
    if path.suffix.lower() not in suffixes:
        raise DataError(f"{output}: expected a name that ends in {', '.join(suffixes)}.")
    if not path.parent.is_dir():
        raise DataError(f"{output}: there is no folder {path.parent}.")
    if path.is_dir():
        raise DataError(f"{output}: is a folder.")
    for given in inputs:
        if path.exists() and given.exists() and path.samefile(given):
            raise DataError(f"{output}: the output is the input {given}, which would be lost. Give another --output.")


def write_tables(tables: Mapping[Path, pa.Table]) -> None:
    """Write tables in the format that each file's name says. Raises DataError where that fails; then no file is touched."""
    written: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, table in tables.items():
            written.append((_write_beside(_target(path), table), path))
        for temporary, path in written:
            temporary.replace(_target(path))
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        for temporary, _ in written:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole. Raises DataError where that fails."""
    target = _target(path)
    try:
        _beside(target, lambda stream: stream.write(text.encode())).replace(target)
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror or error}") from error


def _target(path: Path) -> Path:
    """Return the file that a name stands for: where it is a symbolic link, what that points to, so that the link stays."""
    return Path(os.path.realpath(path))


def _write_beside(path: Path, table: pa.Table) -> Path:
    """Write a table into a temporary file of the same folder, and return that file."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        from pyarrow import parquet

        return _beside(path, lambda stream: parquet.write_table(table, stream, compression="zstd"))
    if suffix == ".csv":
        from pyarrow import csv

        return _beside(path, lambda stream: csv.write_csv(_plain(table), stream, csv.WriteOptions(quoting_style="needed")))
    from pyarrow import feather

    return _beside(path, lambda stream: feather.write_feather(table, stream))


def _plain(table: pa.Table) -> pa.Table:
    """Return the table with dictionaries written out, as CSV needs."""
    import pyarrow as pa

    for position, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(position, column.name, table.column(position).cast(pa.string()))
    return table


def _beside(path: Path, write: Callable[[Any], Any]) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
        temporary.chmod(0o666 & ~_mask())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _mask() -> int:
    """Return the user's mask for new files: `mkstemp` makes files that only their owner may read."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def check_folder(path: Path) -> None:
    """Raise DataError where a folder for results could not be made, or not be written into; nothing is left behind."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    made: list[Path] = []
    try:
        for folder in reversed(missing):
            folder.mkdir()
            made.append(folder)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise DataError(f"The folder {path} cannot be written: {error.strerror or error}") from error
    finally:
        for folder in reversed(made):
            folder.rmdir()


def make_folder(path: Path) -> None:
    """Make a folder for results where there is none. Raises DataError where that fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"The folder {path} cannot be made: {error.strerror or error}") from error
