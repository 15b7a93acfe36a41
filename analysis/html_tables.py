"""Tables as HTML, for reports and notebooks: figures in words, with their sampling errors, and what secrecy refuses."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from analysis.effect_tables import TOTAL, shown_columns
from analysis.wording import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.tables import Table


def html_table(table: Table) -> Iterator[str]:
    """Give the lines of a table with the columns that fit a page, and notes on the cells that are refused."""
    rows = table.rows()
    columns = shown_columns(table, rows)
    yield '<div class="defile"><table><thead><tr>'
    yield "".join(f'<th class="{"n" if column.unit else ""}" scope="col">{escape(column.label)}</th>' for column in columns)
    yield "</tr></thead><tbody>"
    for row in rows:
        cells = [(str(row[column.name]) if column.name == "annee" else cell(row, column), column) for column in columns]
        kind = ' class="t"' if row.get("mesure") == TOTAL else ""
        yield f"<tr{kind}>" + "".join(f'<td class="{"n" if column.unit else ""}">{escape(text)}</td>' for text, column in cells) + "</tr>"
    yield "</tbody></table></div>"
    secrets: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.get("secret"):
            secrets.setdefault(row["secret"], {})[str(row.get("groupe") or row.get("libelle"))] = None
    for reason, names in secrets.items():
        yield f'<p class="note">{escape(_sentence(reason, names))}</p>'


def _sentence(reason: str, names: Iterable[str]) -> str:
    return f"{reason[0].upper()}{reason[1:]} ({', '.join(names)})."
