"""Files of tables, read into Arrow: CSV (plain or compressed), Parquet, Arrow IPC (Feather).

A file is opened in two steps: its header, from which the caller decides what type each column must have, then its rows.
A CSV file whose cells all have those types is read once, by Arrow's parallel reader. Any other is read again as text, so that
whoever checks the values can name every bad cell and its line, not only the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from engine.errors import Problem, TableError
from population.csv_text import check_utf8, csv_header, lines_of_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CSV, PARQUET, ARROW = "CSV in UTF-8", "Parquet", "Arrow"
FORMATS = {".csv": CSV, ".tsv": CSV, ".txt": CSV, ".parquet": PARQUET, ".arrow": ARROW, ".feather": ARROW, ".ipc": ARROW}
COMPRESSIONS = (".gz", ".bz2", ".zst", ".lz4")
BLOCK_BYTES = 1 << 24
_PART = re.compile(r"part-\d+")
TRUE_WORDS = ("true", "True", "TRUE", "1", "vrai", "Vrai", "VRAI")
FALSE_WORDS = ("false", "False", "FALSE", "0", "faux", "Faux", "FAUX")


@dataclass(frozen=True)
class Header:
    """A table file whose rows have not been read yet: its columns' names, in order, and for CSV how its lines are cut.

    `line` is the line at which the header ends, counted from 1; None where the format has no lines.
    """

    path: Path
    format: str
    names: tuple[str, ...]
    separator: str = ","
    line: int | None = None

    @property
    def shown(self) -> str:
        """The file's name as problems say it, with its folder where it is a part: parts of all entities have the same names."""
        return f"{self.path.parent.name}/{self.path.name}" if _PART.fullmatch(self.path.stem) else self.path.name


@dataclass(frozen=True)
class Rows:
    """The rows of a table file: one Arrow array per column of the header, in its order, and the rows that could not be read.

    `malformed` says what is wrong with each of these, by the row's number. `kept` gives the number of each row in the file, counted
    from 1, where some rows were left out as malformed.
    """

    header: Header
    columns: tuple[pa.Array, ...]
    count: int
    malformed: Mapping[int, Problem] = field(default_factory=dict)
    kept: NDArray[np.int64] | None = None
    _lines: list[NDArray[np.int64]] = field(default_factory=list, repr=False, compare=False)

    def number(self, row: int) -> int:
        """Return the number, from 1, of the row at that position of the arrays."""
        return row + 1 if self.kept is None else int(self.kept[row])

    def place(self, row: int, column: str) -> str:
        """Return where a cell stands: file, row, line for CSV, column. Rows count from 1, after the header."""
        if self.header.line is not None and not self._lines:
            self._lines.append(lines_of_records(self.header.path, self.header.separator, self.header.line))
        return f"{_place(self.header, self.number(row), self._lines[0] if self._lines else None)}, column `{column}`"


def _place(header: Header, number: int, lines: NDArray[np.int64] | None) -> str:
    """Return where a row stands: file, row, and its line where that is known."""
    line = f" (line {lines[number]})" if lines is not None and number < len(lines) else ""
    return f"{header.shown}, row {number}{line}"


def _format(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSIONS:
        suffixes.pop()
        if suffixes and FORMATS.get(suffixes[-1]) == CSV:
            return CSV
    elif suffixes and suffixes[-1] in FORMATS:
        return FORMATS[suffixes[-1]]
    raise TableError([Problem(str(path), f"expected a name that ends in {', '.join(FORMATS)} (a CSV file also in {', '.join(COMPRESSIONS)} after that)")])


def read_header(path: Path) -> Header:
    """Return the columns of a table file without reading its rows. Raises TableError where the file is missing or not of its kind."""
    kind = _format(path)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is no ordinary file, which can be read twice" if path.exists() else "there is no such file"
        raise TableError([Problem(str(path), what)])
    try:
        if kind == CSV:
            names, separator, line = csv_header(path)
            return Header(path, CSV, names, separator, line)
        columns = pyarrow.parquet.read_schema(path).names if kind == PARQUET else _open_arrow(path).schema.names
    except (pa.ArrowException, OSError) as error:
        raise TableError([Problem(str(path), f"cannot be read as {kind}: {error}")]) from error
    return Header(path, kind, tuple(columns))


def _open_arrow(path: Path) -> Any:
    source = pa.memory_map(str(path))
    try:
        return pa.ipc.open_file(source)
    except pa.ArrowInvalid:
        source.seek(0)
        return pa.ipc.open_stream(source)


def read_rows(header: Header, types: Sequence[pa.DataType]) -> Rows:
    """Read a file's rows; `types` says what each column of a CSV file must hold.

    Where some cell of a CSV file does not fit, every column comes back as text (and rows with too few or too many cells are left
    out, each with its problem). Other formats bring their own types. Raises TableError where the file cannot be read at all.
    """
    try:
        if header.format == CSV:
            return _read_csv(header, types)
        table = pyarrow.parquet.read_table(header.path) if header.format == PARQUET else _open_arrow(header.path).read_all()
    except (pa.ArrowException, OSError) as error:
        raise TableError([Problem(str(header.path), f"cannot be read as {header.format}: {error}")]) from error
    return Rows(header, _contiguous(table), table.num_rows)


def _contiguous(table: pa.Table) -> tuple[pa.Array, ...]:
    """Return each column in one piece. Dictionaries of several pieces are made one first."""
    pieces = table.unify_dictionaries().combine_chunks() if table.num_columns else table
    return tuple(column.chunk(0) if column.num_chunks == 1 else pa.array([], column.type) for column in pieces.columns)


def _read_csv(header: Header, types: Sequence[pa.DataType]) -> Rows:
    """Read with the types wanted; else as text; else as text without the malformed rows."""
    as_text = [pa.dictionary(pa.int32(), pa.string())] * len(types)
    for attempt in (types, as_text):
        try:
            table = _parse_csv(header, attempt)
        except pa.ArrowInvalid:
            continue
        return Rows(header, _contiguous(table), table.num_rows)
    check_utf8(header.path)
    malformed: list[Any] = []
    return _rows_of_text(header, _parse_csv(header, as_text, malformed), malformed)


def _parse_csv(header: Header, types: Sequence[pa.DataType], malformed: list[Any] | None = None) -> pa.Table:
    """Parse with columns named by their position, so that no name can stand twice. Collects malformed rows where told to, on one thread."""

    def leave_out(row: Any) -> str:
        malformed.append(row)  # type: ignore[union-attr]  # only handed over where there is a list
        return "skip"

    positions = [str(position) for position in range(len(header.names))]
    with pa.input_stream(str(header.path), compression="detect") as stream:
        return pyarrow.csv.read_csv(
            stream,
            # Arrow numbers the malformed rows only when it reads on one thread
            read_options=pyarrow.csv.ReadOptions(column_names=positions, skip_rows=header.line, use_threads=malformed is None, block_size=BLOCK_BYTES),
            parse_options=pyarrow.csv.ParseOptions(delimiter=header.separator, invalid_row_handler=None if malformed is None else leave_out),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict(zip(positions, types, strict=True)), null_values=[""], true_values=list(TRUE_WORDS), false_values=list(FALSE_WORDS)
            ),
        )


def _rows_of_text(header: Header, table: pa.Table, malformed: list[Any]) -> Rows:
    """Return the rows that could be read, a problem for each that could not, and the number of each row in the file."""
    left_out = np.array([row.number - (header.line or 0) for row in malformed], np.int64)  # Arrow counts the skipped lines too
    kept = np.setdiff1d(np.arange(1, table.num_rows + len(malformed) + 1), left_out)
    lines = lines_of_records(header.path, header.separator, header.line or 0)
    problems = {
        int(number): Problem(
            _place(header, int(number), lines),
            f"{row.actual_columns} {'cell' if row.actual_columns == 1 else 'cells'}, where the header has {row.expected_columns}",
        )
        for number, row in zip(left_out, malformed, strict=True)
    }
    return Rows(header, _contiguous(table), table.num_rows, problems, kept, [lines])
