"""The tables of an impact on the terminal: what changes, in 120 columns; with `details` every row and figure that readers see."""

from __future__ import annotations

import sys
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table as RichTable

from analysis.effect_tables import TOTAL, shown_columns
from analysis.wording import cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.impact import Impact
    from analysis.tables import Column, Table

WIDTH: Final = 120
HEAD: Final = 18
"""Columns and letters: how wide a page is, and the line of a head of figures."""
WHOLE, MAP, BUDGET = "ensemble", "departements", "budget"
WHO: Final = ("annee", "comparaison")
LEFT_OUT: Final = ("effet_moyen_gagnants", "effet_moyen_perdants")
"""Columns of groups that need --details: the table of all households has them."""


def show(found: Impact, *, details: bool = False) -> None:
    """Print title, cautions, tables and notes; without `details` no departments, and of the budget only what changes."""
    out = _console(wide=details)
    out.print(f"{found.title}", style="bold", markup=False)
    for text in (found.description.strip(), f"{', '.join(map(str, found.years))} · {found.population}"):
        if text:
            out.print(text, markup=False)
    for caution in found.cautions:
        out.print(caution, markup=False, style="bold red")
    for name, table in found.tables.items():
        if name != MAP or details:
            _print(out, table, found, details=details)
    out.print()
    for note in (*found.notes, *([] if details else _left_out(found))):
        out.print(note, markup=False, style="dim")


def _console(*, wide: bool) -> Console:
    """Return the standard output: as wide as the terminal; elsewhere, and on narrow ones, 120 columns, or as wide as whole tables need."""
    if wide:
        return Console(width=240, highlight=False, soft_wrap=not sys.stdout.isatty())
    own = Console(highlight=False)
    return own if sys.stdout.isatty() and own.width >= WIDTH else Console(width=WIDTH, highlight=False)


def _left_out(found: Impact) -> list[str]:
    """Return the sentence that says what is not shown."""
    unchanged = {row["mesure"] for row in found.tables[BUDGET].rows()} - {row["mesure"] for row in _moving(found.tables[BUDGET].rows())}
    told = [f"{len(unchanged)} prélèvements et prestations inchangés"] if unchanged else []
    told += ["départements"] if MAP in found.tables else []
    return [f"Non montrés : {', '.join((*told, 'gains et pertes moyens de chaque groupe'))} (--details, ou --output DOSSIER)."]


def _moving(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of taxes and benefits that change in some year or layer, and of the total; refused ones may change."""
    moving = {row["mesure"] for row in rows if row["effet_budget"] != 0 or row["secret"]}
    return [row for row in rows if row["mesure"] in moving or row["mesure"] == TOTAL]


def _print(out: Console, table: Table, found: Impact, *, details: bool) -> None:
    rows = table.rows()
    columns = shown_columns(table, rows)
    if not details:
        rows = _moving(rows) if table.name == BUDGET else rows
        columns = [column for column in columns if table.name == WHOLE or column.name not in LEFT_OUT]
    shown = RichTable()
    cells = [[str(row[column.name]) if column.name == "annee" else cell(row, column) for column in columns] for row in rows]
    if table.name == WHOLE:
        _upright(shown, columns, cells)
    else:
        for column in columns:
            label = fill(column.label, HEAD) if column.unit else column.label
            shown.add_column(label, justify="right" if column.unit else "left", overflow="fold", no_wrap=bool(column.unit))
        for line in cells:
            shown.add_row(*line)
    prices = f", en euros de {found.euros_of}" if found.euros_of and table.has_amounts else ""
    out.print(f"\n{table.title}{prices}", style="italic", markup=False)
    out.print(shown)
    if secrets := {row["secret"] for row in rows if row.get("secret")}:
        out.print(" ; ".join(sorted(secrets)), style="dim", markup=False)


def _upright(shown: RichTable, columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> None:
    """Fill a table of many figures and few rows with a line for each figure, and a column for each year and layer."""
    heads = [place for place, column in enumerate(columns) if column.name in WHO]
    shown.add_column("")
    for line in cells:
        shown.add_column(", ".join(line[place] for place in heads) or line[len(heads)], justify="right", no_wrap=True)
    for place, column in enumerate(columns):
        if column.unit and place not in heads:
            shown.add_row(column.label, *(line[place] for line in cells))
