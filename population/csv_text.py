"""What Arrow's reader does not say of a CSV file: the names in its header, the line of each row, where it is not UTF-8.

Arrow cuts cells as Python's `csv` does: a quote opens a quoted cell only at the cell's start, and lines end in any of the three
ways. The lines of rows are counted only where something is wrong, so that a good file is read by Arrow alone.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from engine.errors import Problem, TableError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

HEADER_BYTES = 1 << 22
SEPARATORS = ",;\t"
LINE_END = re.compile(r"\r\n|\r|\n")


def csv_header(path: Path) -> tuple[tuple[str, ...], str, int]:
    """Return the names of the columns, the separator, and the line, from 1, at which the header ends. Raises TableError where it has none."""
    with pa.input_stream(str(path), compression="detect") as stream:
        data = stream.read(HEADER_BYTES)
    _check_text(path, data, is_whole=len(data) < HEADER_BYTES)
    text = data.decode("utf-8-sig", errors="ignore")  # the last character may be cut
    first = next((line for line in LINE_END.split(text) if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for record in reader:
            if len(record) > 1 or (record and record[0].strip()):
                return tuple(name.strip() for name in record), separator, reader.line_num
    except csv.Error as error:
        raise TableError([Problem(str(path), f"the header cannot be read: {error}")]) from error
    raise TableError([Problem(str(path), "the file is empty: expected a first line with the names of the columns")])


def check_utf8(path: Path) -> None:
    """Raise TableError with the line where a file is not text in UTF-8."""
    with pa.input_stream(str(path), compression="detect") as stream:
        _check_text(path, stream.read(), is_whole=True)


def _check_text(path: Path, data: bytes, *, is_whole: bool) -> None:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, is_whole)
        start = data.find(b"\0")
    except UnicodeDecodeError as error:
        start = error.start
    if start >= 0:
        line = len((data[:start] + b"x").splitlines())
        raise TableError([Problem(f"{path.name}, line {line}", "is not text in UTF-8: save the file as CSV in UTF-8")])


def lines_of_records(path: Path, separator: str, header_line: int) -> NDArray[np.int64]:
    """Return the line, from 1, at which the header ends, and after it the line at which each row starts.

    Blank lines hold no row, quoted line ends end none. Rows after a cell that is too long to be looked through have no line.
    """
    with pa.input_stream(str(path), compression="detect") as stream:
        text = io.TextIOWrapper(io.BytesIO(stream.read()), "utf-8-sig", errors="replace", newline="")
    reader = csv.reader(text, delimiter=separator)
    lines, end = [header_line], 0
    with contextlib.suppress(csv.Error):
        for record in reader:
            if record and end >= header_line:
                lines.append(end + 1)
            end = reader.line_num
    return np.array(lines, np.int64)
