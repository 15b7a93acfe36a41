"""Comparing our results with those of the administration's program, on a file of reference households.

Each row is a household: `in_<box>` what it declared in that box, blank for nothing, `out_<name>` what the official program
found. Boxes become columns per entity (`colonnes.py`); whoever calls computes the wanted variables (`Calculator`); a row is
equal where every judged column that the file has is. The report names those that it lacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engine.errors import Problem, TableError, nearest
from legislation.impot_revenu.colonnes import FOYER, INDIVIDUS, JUGEES, REGION, RESULTATS, SANS_EFFET, SITUATIONS, TERRITOIRES
from legislation.taxe_habitation.rapport import Mismatch
from legislation.taxe_habitation.vecteurs import MOST_PROBLEMS, VectorTable, read_vectors, table_error

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[Any]

ID, SET = "case_id", "set"
IN, OUT = "in_", "out_"
PERSONS = 3
"""Persons per household: declarant, spouse, one dependant."""

DEFAULT_YEAR = 2022

Columns = Mapping[str, Mapping[str, Any]]
"""Entity key -> variable -> column; those of persons hold three rows per household, side by side."""


class Calculator(Protocol):
    """What computes the households of a year: it gets columns per entity and returns each wanted variable's column."""

    def __call__(self, year: int, columns: Columns, names: Sequence[str]) -> Mapping[str, Array]:
        """Return the columns of `names`, each as long as there are households."""
        ...


@dataclass(frozen=True)
class Report:
    """What comparing one file gave: rows equal in each column, in all judged ones, and the first cells that differ."""

    file: str
    chosen: str
    rows: int
    equal: int
    columns: Mapping[str, int]
    absent: tuple[str, ...]
    first: tuple[Mismatch, ...]

    @property
    def is_equal(self) -> bool:
        """Whether every row is equal in every judged column."""
        return self.equal == self.rows

    def text(self) -> str:
        """Return the report as text; its last line is `N of M rows equal`."""
        lines = [f"{self.file}: {self.chosen}", "rows equal by column:"]
        lines += [f"  {column}: {count} of {self.rows}{'' if column in JUGEES else ' (not judged)'}" for column, count in self.columns.items()]
        lines += [f"  {column}: the file has no column `{OUT}{column}`" for column in self.absent]
        if self.first:
            lines += ["first mismatches:", *(f"  {mismatch}" for mismatch in self.first)]
        lines.append(f"{self.equal} of {self.rows} rows equal")
        return "\n".join(lines)


def check(path: str | Path, calculate: Calculator, *, subset: str | None = None, year: int = DEFAULT_YEAR, shown: int = 20) -> Report:
    """Compare one file of reference households with what `calculate` gives; `shown` mismatches are kept in full.

    `subset` keeps the rows of that set only. Raises TableError that lists all problems of the file.
    """
    table = read_vectors(path)
    kept = _rows(table, subset)
    inputs = read_households(table, kept)
    compared = {column: variable for column, variable in RESULTATS.items() if OUT + column in table.columns}
    if not any(column in JUGEES for column in compared):
        raise TableError([Problem(table.name, f"no column of results to judge: expected `{OUT}NBPT` and others like it.")])
    results = calculate(year, inputs, list(compared.values()))
    equal = np.ones(len(kept), dtype=np.bool_)
    counts: dict[str, int] = {}
    found: list[tuple[int, Mismatch]] = []
    for column, variable in compared.items():
        official, ours = _numbers(table, OUT + column)[kept], np.asarray(results[variable])
        same = official == ours
        counts[column] = int(same.sum())
        if column in JUGEES:
            equal &= same
            wrong = np.flatnonzero(~same)[:shown]
            found += [(int(row), Mismatch(_case(table, int(kept[row])), column, f"{official[row]:g}", f"{ours[row]:.10g}")) for row in wrong]
    absent = tuple(column for column in JUGEES if column not in compared)
    first = tuple(mismatch for _, mismatch in sorted(found, key=lambda each: each[0])[:shown])
    return Report(table.name, f"set {subset}" if subset else "all sets", len(kept), int(equal.sum()), counts, absent, first)


def _rows(table: VectorTable, subset: str | None) -> Array:
    missing = [Problem(table.name, f"column `{name}` is missing.{nearest(name, list(table.columns))}") for name in (ID, SET) if name not in table.columns]
    if missing:
        raise TableError(missing)
    sets = table.columns[SET]
    if subset is not None and subset not in sets.texts:
        raise TableError([Problem(table.name, f"there is no set `{subset}`: expected one of {', '.join(sets.texts)}.")])
    kept = np.arange(table.rows) if subset is None else np.flatnonzero(sets.codes == sets.texts.index(subset))
    if not len(kept):
        raise TableError([Problem(table.name, "the file has no rows: there is nothing to compare.")])
    return kept


# --- Inputs: boxes to columns per entity -----------------------------------------------------------------------------


def read_households(table: VectorTable, rows: Array) -> dict[str, dict[str, Array]]:
    """Return what some households declared, as columns per entity. Raises TableError with every box that is unknown or no number."""
    boxes = [name.removeprefix(IN) for name in table.columns if name.startswith(IN)]
    known = (*SITUATIONS, *INDIVIDUS, *FOYER, *SANS_EFFET, REGION)
    problems = [Problem(table.name, f"column `{IN}{box}` is no box of the declaration.{nearest(box, known)}") for box in boxes if box not in known]
    if problems:
        raise table_error(problems[:MOST_PROBLEMS], len(problems))
    count = len(rows)
    persons: dict[str, Array] = {case.variable: np.zeros(PERSONS * count) for case in INDIVIDUS.values()}
    household: dict[str, Array] = {variable: np.zeros(count) for variable in FOYER.values()}
    household["situation_familiale"] = np.zeros(count, dtype=np.int64)
    household["territoire"] = np.zeros(count, dtype=np.int64)
    for box in boxes:
        if box in SANS_EFFET:
            continue
        declared = _numbers(table, IN + box)[rows]
        if box in SITUATIONS:
            household["situation_familiale"][declared > 0] = SITUATIONS[box].index
        elif box == REGION:
            household["territoire"] = _territories(table, declared)
        elif box in INDIVIDUS:
            persons[INDIVIDUS[box].variable][INDIVIDUS[box].rang :: PERSONS] = declared
        else:
            household[FOYER[box]] += declared
    return {"individu": persons, "foyer_fiscal": household}


def _territories(table: VectorTable, declared: Array) -> Array:
    unknown = sorted({float(region) for region in np.unique(declared)} - set(TERRITOIRES))
    if unknown:
        known = ", ".join(map(str, TERRITOIRES))
        raise TableError([Problem(f"{table.name}, column {IN}{REGION}", f"there is no region {region:g}: expected one of {known}.") for region in unknown])
    return np.array([TERRITOIRES[int(region)].index for region in declared], dtype=np.int64)


def _numbers(table: VectorTable, name: str) -> Array:
    """Return a column as numbers, blank as zero. Raises TableError at the first cell that is none."""
    column = table.columns[name]
    values = np.zeros(len(column.texts))
    for code, text in enumerate(column.texts):
        try:
            values[code] = float(text) if text.strip() else 0.0
        except ValueError:
            row = int(np.argmax(column.codes == code))
            place = f"{table.name}, case {_case(table, row)}, column {name}"
            raise TableError([Problem(place, f"`{text}` is no number.")]) from None
    return values[column.codes]


def _case(table: VectorTable, row: int) -> str:
    """Return a row's identifier as the file writes it: the reader takes `_` for a blank."""
    return table.columns[ID].text(row).replace(" ", "_")
