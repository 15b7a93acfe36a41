"""`POST /v1/notes`: a note as a file. Nothing of it is kept."""

from __future__ import annotations

from flask import Blueprint, Response

from web_api.documented import endpoint
from web_api.notes.asked import NoteAsked
from web_api.notes.composing import compose
from web_api.notes.pdf import pdf
from web_api.notes.sheets import csv_files, ods

FILES = {
    "pdf": (pdf, "application/pdf", "note.pdf"),
    "ods": (ods, "application/vnd.oasis.opendocument.spreadsheet", "note.ods"),
    "csv": (csv_files, "application/zip", "note.zip"),
}
blueprint = Blueprint("notes", __name__)


KINDS = [kind.partition(";")[0] for _, kind, _ in FILES.values()]


@endpoint(blueprint, "POST", "/v1/notes", body=NoteAsked, tag="notes", content_type=KINDS[0], contents=dict.fromkeys(KINDS[1:]))
def notes(asked: NoteAsked) -> Response:
    """Answer a note on an amendment: its text, the figures it changes, households, and the country where its effects are known."""
    write, content_type, name = FILES[asked.format]
    answer = Response(write(compose(asked)), content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
