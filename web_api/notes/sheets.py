"""A note as figures: an OpenDocument workbook with a sheet for each table, or a ZIP of CSV files; numbers are numbers, not as a reader reads them."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any

from analysis.publication.workbook import saved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web_api.notes.model import Column, Grid, Note

UTF_8_WITH_MARK = "utf-8-sig"
"""What spreadsheets need to see that a CSV file is no Latin-1."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of files in the archive: the same note gives the same bytes."""


def ods(note: Note) -> bytes:
    """Return the note as an `.ods` file: what it says on the first sheet, then its tables."""
    return saved([(_first_sheet(note), list(_words(note))), *((grid.title, list(_rows(grid))) for grid in note.grids)])


def csv_files(note: Note) -> bytes:
    """Return a ZIP archive: `note.txt` with what is said, and one CSV file for each table."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        words = "\n".join("\t".join(str(value) for value in row) for row in _words(note))
        archive.writestr(zipfile.ZipInfo("note.txt", EPOCH), words + "\n")
        for grid in note.grids:
            archive.writestr(zipfile.ZipInfo(f"{grid.name}.csv", EPOCH), _csv(grid).encode(UTF_8_WITH_MARK))
    return out.getvalue()


def _csv(grid: Grid) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(["" if value is None else value for value in row] for row in _rows(grid))
    return text.getvalue()


def _first_sheet(note: Note) -> str:
    return "Présentation" if note.language == "fr" else "About"


def _words(note: Note) -> Iterator[list[Any]]:
    yield [note.title]
    if note.subtitle:
        yield [note.subtitle]
    yield from (list(pair) for pair in note.about)
    for part in note.parts:
        yield []
        yield [part.title]
        yield from ([sentence] for sentence in part.sentences)
        yield from ([grid.title] for grid in part.grids)


def _rows(grid: Grid) -> Iterator[list[Any]]:
    yield [_heading(column) for column in grid.columns]
    for row in grid.rows:
        yield [cell if isinstance(cell, str) else cell.value for cell in row]


def _heading(column: Column) -> str:
    return f"{column.heading} ({column.unit})" if column.unit else column.heading
