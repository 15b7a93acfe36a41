"""A note as PDF/UA: tagged, so that a screen reader reads its headings and tables. Typst sets it; nothing is fetched.

One that holds a sign that no font of the server has is tagged too, without the standard's name.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import typst

if TYPE_CHECKING:
    from web_api.notes.model import Grid, Note

STANDARD: Final = "ua-1"


def pdf(note: Note) -> bytes:
    """Return the note as a PDF file."""
    template = files("web_api.notes").joinpath("note.typ").read_bytes()
    content = {"note": json.dumps(_plain(note), ensure_ascii=False)}
    try:
        written: bytes = typst.compile(template, sys_inputs=content, pdf_standards=[STANDARD])
    except typst.TypstError:  # a sign that no font has, as an emoji in a name: the standard bears none, and a reader does
        written = typst.compile(template, sys_inputs=content)
    return written


def _plain(note: Note) -> dict[str, Any]:
    parts = [
        {"title": each.title, "sentences": each.sentences, "is_quoted": each.is_quoted, "grids": [_grid(grid) for grid in each.grids]} for each in note.parts
    ]
    return {"title": note.title, "subtitle": note.subtitle, "language": note.language, "about": note.about, "parts": parts}


def _grid(grid: Grid) -> dict[str, Any]:
    columns = [{"heading": column.heading, "is_text": column.is_text} for column in grid.columns]
    rows = [[cell if isinstance(cell, str) else cell.text for cell in row] for row in grid.rows]
    return {"title": grid.title, "columns": columns, "rows": rows, "strong": sorted(grid.strong)}
