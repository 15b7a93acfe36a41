"""Reading vector files: tables of inputs and official results of the taxe d'habitation program, as compressed CSV.

Every cell is text; `_` stands for one blank. A column is kept as its distinct texts and one code per row, so that each
distinct text is decoded once, however many rows a file has. What is wrong with a file is reported all at once.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import Problem, TableError, nearest

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

ID = "id"
RETURN_CODE = "rc"
BLANK = "_"
MOST_PROBLEMS = 20
NO_VECTORS = "it is no file of reference results: expected plain text, a header of column names and one row a line, gzipped (.csv.gz) or not."
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class TextColumn:
    """A column of texts: the distinct texts, blanks restored, and for each row the position of its text among them."""

    texts: tuple[str, ...]
    codes: NDArray[np.int32]

    def text(self, row: int) -> str:
        """Return the text of one row."""
        return self.texts[int(self.codes[row])]


@dataclass(frozen=True)
class VectorTable:
    """A vector file: its name for messages, its number of rows and its columns by name."""

    name: str
    rows: int
    columns: Mapping[str, TextColumn]

    def place(self, row: int, column: str) -> str:
        """Return where a cell is, for messages: file, id of the row, column."""
        return f"{self.name}, id {self.columns[ID].text(row)}, column {column}"

    def check_columns(self, expected: Iterable[str], hint: str = "") -> None:
        """Raise TableError that lists the columns missing and the columns unknown, with the nearest expected names; `hint` comes first."""
        wanted = dict.fromkeys((ID, RETURN_CODE, *expected))
        missing = [name for name in wanted if name not in self.columns]
        unknown = [name for name in self.columns if name not in wanted]
        problems = [Problem(self.name, f"column `{name}` is missing.{nearest(name, unknown)}") for name in missing[:MOST_PROBLEMS]]
        problems += [Problem(self.name, f"column `{name}` is not one of this module's.{nearest(name, missing)}") for name in unknown[:MOST_PROBLEMS]]
        if problems:
            first = [Problem(self.name, hint)] if hint else []
            raise table_error([*first, *problems], len(first) + len(missing) + len(unknown))


def table_error(problems: Sequence[Problem], count: int | None = None) -> TableError:
    """Return the error that says the first problems in full and of the others (of `count` in all) how many there are."""
    unsaid = (len(problems) if count is None else count) - MOST_PROBLEMS
    return TableError([*problems[:MOST_PROBLEMS], *([Problem("and", f"{unsaid:,} more problems")] if unsaid > 0 else [])])


def read_vectors(path: str | Path) -> VectorTable:
    """Read one vector file of any module, gzipped or plain.

    Raises TableError where it cannot be read: no such file, no text, no header, repeated columns, rows of another length.
    """
    path = Path(path)
    try:
        return _read(path, _header(path))
    except UnicodeDecodeError as error:
        raise TableError([Problem(str(path), NO_VECTORS)]) from error
    except (OSError, EOFError, zlib.error) as error:
        raise TableError([Problem(str(path), f"the file cannot be read: {error}")]) from error


def _open(path: Path) -> gzip.GzipFile | io.BufferedReader:
    """Open a file by its content, whatever its name."""
    with path.open("rb") as stream:
        is_gzip = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    return gzip.open(path) if is_gzip else path.open("rb")


def _header(path: Path) -> list[str]:
    with _open(path) as stream:
        header = next(csv.reader([stream.readline().decode("ascii")]), [])
    repeated = sorted(name for name, count in Counter(header).items() if count > 1)
    problems = [Problem(path.name, f"column `{name}` stands twice in the header.") for name in repeated]
    if not header:
        problems.append(Problem(path.name, "the file is empty: expected a header with `id`, inputs, `rc` and outputs."))
    if problems:
        raise TableError(problems)
    return header


def _read(path: Path, header: list[str]) -> VectorTable:
    import pyarrow as pa  # noqa: PLC0415 - a cold start does without pyarrow
    from pyarrow import csv as arrow_csv  # noqa: PLC0415

    text = pa.dictionary(pa.int32(), pa.string())
    problems: list[Problem] = []

    def note(row: arrow_csv.InvalidRow) -> str:
        place = f"{path.name}, line {row.number}" if row.number is not None else path.name
        problems.append(Problem(place, f"{row.actual_columns} cells: expected {row.expected_columns}."))
        return "skip"

    with _open(path) as stream:
        try:
            arrow = arrow_csv.read_csv(
                stream,
                read_options=arrow_csv.ReadOptions(use_threads=False),
                parse_options=arrow_csv.ParseOptions(invalid_row_handler=note),
                convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(header, text), strings_can_be_null=False),
            )
        except pa.ArrowInvalid as error:
            raise TableError([Problem(path.name, f"{NO_VECTORS} ({error})")]) from error
    if problems:
        raise table_error(problems)
    return VectorTable(path.name, arrow.num_rows, {name: _column(arrow[name].combine_chunks(), name) for name in header})


def _column(array: pa.DictionaryArray | pa.ChunkedArray, name: str) -> TextColumn:
    if len(array) == 0:
        return TextColumn((), np.empty(0, np.int32))
    texts = array.dictionary.to_pylist()
    return TextColumn(tuple(texts if name == ID else [text.replace(BLANK, " ") for text in texts]), array.indices.to_numpy())
