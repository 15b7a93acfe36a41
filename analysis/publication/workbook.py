"""An OpenDocument workbook: a sheet for what is said of the whole, then one for each table, with headings in words and real numbers."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import count
from typing import TYPE_CHECKING, Any

from odfdo import Document, Row
from odfdo import Table as Sheet

from analysis.tables import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.impact import Impact
    from analysis.tables import Table

FIRST = "Présentation"
NO_DATE = (1980, 1, 1, 0, 0, 0)  # the first that an archive can say
LONGEST_NAME = 31  # of a sheet: what other spreadsheets read
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]\t\n\r]|^'|'$")  # what formats of workbooks leave out of them


def workbook(found: Impact) -> bytes:
    """Return the workbook as an `.ods` file."""
    return saved([(FIRST, _presentation(found)), *((table.title, _rows(table)) for table in found.tables.values())])


def saved(sheets: Iterable[tuple[str, Iterable[list[Any]]]]) -> bytes:
    """Return sheets, each a name and rows of values, as an `.ods` file: the same bytes for the same sheets."""
    document = Document("spreadsheet")
    document.body.clear()
    given: set[str] = set()
    for name, rows in sheets:
        document.body.append(_sheet(_own_name(name, given), rows))
    out = io.BytesIO()
    document.save(out)
    return _dateless(out.getvalue())


def _dateless(archive: bytes) -> bytes:
    """Return an archive whose files bear no date: by itself it says when it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as made, zipfile.ZipFile(out, "w") as kept:
        for each in made.infolist():
            entry = zipfile.ZipInfo(each.filename, NO_DATE)
            entry.compress_type, entry.external_attr, entry.create_system = each.compress_type, each.external_attr, each.create_system
            kept.writestr(entry, made.read(each))
    return out.getvalue()


def _presentation(found: Impact) -> Iterable[list[Any]]:
    yield [found.title]
    yield [found.description.strip()]
    yield ["Années", *found.years]
    yield ["Couches", *found.layers]
    yield ["Population", found.population]
    if found.euros_of:
        yield ["Montants en euros constants de", found.euros_of]
    for note in found.notes:
        yield [note]
    yield []
    for table in found.tables.values():
        yield [_short(table.title), table.title]


def _rows(table: Table) -> Iterable[list[Any]]:
    fields = [(field.metadata[b"label"].decode(), column.unit) for column in table.columns for field in fields_of(column)]
    yield [f"{label} ({unit})" if unit and unit != "valeur" else label for label, unit in fields]
    yield from (list(row.values()) for row in table.rows())


def _short(name: str) -> str:
    return _NOT_IN_NAMES.sub("-", name[:LONGEST_NAME].strip())


def _own_name(name: str, given: set[str]) -> str:
    """Return the name of a sheet that no sheet before has, and note it."""
    short = _short(name) or "-"
    numbered = (f"{short[: LONGEST_NAME - 5]} ({number})" for number in count(2))
    found = short if short.casefold() not in given else next(each for each in numbered if each.casefold() not in given)
    given.add(found.casefold())
    return found


def _sheet(name: str, rows: Iterable[list[Any]]) -> Sheet:
    sheet = Sheet(name)
    for values in rows:
        row = Row()
        row.set_values(values)
        sheet.append_row(row)
    return sheet
