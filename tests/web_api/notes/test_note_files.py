"""The files of a note: what it says stands in each of them, figures as numbers where numbers are read."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from odfdo import Document

from web_api.notes.model import Column, Figure, Grid, Note, Part
from web_api.notes.pdf import pdf
from web_api.notes.sheets import csv_files, ods

GRID = Grid(
    "budget",
    "Effet sur le budget",
    (Column("Mesure", is_text=True), Column("Effet", "€")),
    (("Impôt sur le revenu « net »", Figure(-1234567.89, "−1,2 M€")), ("Total", Figure(None, "–"))),
    frozenset({1}),
)
NOTE = Note(
    "Relever la décote",
    "Revenus de 2022",
    "fr",
    (("Version", "0.1.0"),),
    (
        Part("Texte", ("À l’article 197, substituer au montant : « 833 € » le montant : « 900 € ».",), is_quoted=True),
        Part("Budget", ("Effets mécaniques; #strong[non] *typst* \\ $x$.",), (GRID,)),
    ),
)


def _text_of(content: bytes) -> str:
    pymupdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    reader = pymupdf.PdfReader(io.BytesIO(content))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_a_pdf_says_it_all_and_takes_text_as_text():
    text = _text_of(pdf(NOTE))
    for said in ("Relever la décote", "Revenus de 2022", "substituer au montant", "−1,2 M€", "#strong[non] *typst*", "$x$"):
        assert said in text


def test_a_pdf_is_tagged_for_screen_readers():
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    root = pypdf.PdfReader(io.BytesIO(pdf(NOTE))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_a_workbook_holds_numbers():
    document = Document(io.BytesIO(ods(NOTE)))
    tables = {table.name: table for table in document.body.tables}
    assert list(tables) == ["Présentation", "Effet sur le budget"]
    rows = [row.get_values() for row in tables["Effet sur le budget"].get_rows()]
    assert rows[0] == ["Mesure", "Effet (€)"]
    assert float(rows[1][1]) == -1234567.89
    assert "substituer" in str([row.get_values() for row in tables["Présentation"].get_rows()])


def test_csv_files_hold_numbers_and_quotes():
    archive = zipfile.ZipFile(io.BytesIO(csv_files(NOTE)))
    assert archive.namelist() == ["note.txt", "budget.csv"]
    rows = list(csv.reader(io.StringIO(archive.read("budget.csv").decode("utf-8-sig"))))
    assert rows == [["Mesure", "Effet (€)"], ["Impôt sur le revenu « net »", "-1234567.89"], ["Total", ""]]
    assert "substituer au montant" in archive.read("note.txt").decode()


def test_the_same_note_gives_the_same_figures_files():
    assert csv_files(NOTE) == csv_files(NOTE)
