"""A user's table, read and checked cell by cell: the values of each column, and every problem found on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from engine.errors import Problem, TableError
from population.files import Header, Rows, read_header, read_rows
from population.layout import Column, Input, Layout, Meaning
from population.values import convert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from engine.entities import Entity
    from engine.periods import Period
    from population.values import Faults

MOST_PROBLEMS = 50


class Problems:
    """Collects what is wrong: the first ones in full, the others as a number."""

    def __init__(self) -> None:
        self._said: list[Problem] = []
        self._unsaid: Counter[str] = Counter()

    def add(self, *problems: Problem) -> None:
        """Note problems, each with its place."""
        for problem in problems:
            if len(self._said) < MOST_PROBLEMS:
                self._said.append(problem)
            else:
                self._unsaid[""] += 1

    def add_faults(self, rows: Rows, *found: tuple[Column, Faults], malformed: Mapping[int, Problem] | None = None) -> None:
        """Note what is wrong in a table: whole columns first, then cells and malformed rows (by number), row by row."""
        for column, fault in found:
            if fault.rows is None:
                self.add(Problem(f"{rows.header.shown}, column `{column.name}`", fault.message(0)))
        cells = [(column, fault, fault.rows) for column, fault in found if fault.rows is not None]
        room = max(0, MOST_PROBLEMS - len(self._said))
        first = [(rows.number(int(row)), column.position, column, fault, int(row)) for column, fault, of_fault in cells for row in of_fault[:room]]
        first.sort(key=itemgetter(0, 1))
        by_row = [(number, Problem(rows.place(row, column.name), fault.message(row))) for number, _, column, fault, row in first[:room]]
        by_row += (malformed or {}).items()
        self.add(*(problem for _, problem in sorted(by_row, key=itemgetter(0))))
        for column, _, of_fault in cells:
            self._unsaid[f"{rows.header.shown}, column `{column.name}`"] += len(of_fault)
        for _, _, column, _, _ in first[:room]:
            self._unsaid[f"{rows.header.shown}, column `{column.name}`"] -= 1

    def error(self) -> TableError:
        """Return the error that says all that was noted; of what is not said in full, how much there is in each column."""
        unsaid = self._unsaid.total()
        by_column = ", ".join(f"{count:,} in {place}" for place, count in self._unsaid.items() if place and count)
        more = [Problem("and", f"{unsaid:,} more problems" + (f": {by_column}" if by_column else ""))] if unsaid else []
        return TableError([*self._said, *more])

    def raise_if_any(self) -> None:
        """Raise TableError where anything was noted."""
        if self._said:
            raise self.error()


@dataclass(frozen=True)
class Table:
    """A table read and checked cell by cell: its columns by what they mean, and their values (None: with faults, already noted)."""

    rows: Rows
    columns: Mapping[Meaning, Column]
    values: Mapping[Meaning, Any]

    @property
    def file(self) -> str:
        """The file's name, as problems say it."""
        return self.rows.header.shown

    def inputs(self) -> dict[tuple[str, Period], Any]:
        """Return the inputs of the law that the table gives, by variable's name and period."""
        return {(meaning.rule.name, meaning.period): values for meaning, values in self.values.items() if isinstance(meaning, Input)}


def read_table(path: Path, entity: Entity | None, layout: Layout, problems: Problems) -> Table | None:
    """Read a table and check its cells; None where its header or file is so wrong that there is nothing to check."""
    try:
        header = read_header(path)
        columns, of_header = layout.columns(header.shown, header.names, entity)
        problems.add(*of_header)
        rows = read_rows(header, _types(header, columns))
    except TableError as error:
        problems.add(*error.problems)
        return None
    values: dict[Meaning, Any] = {}
    found: list[tuple[Column, Faults]] = []
    for column in columns:
        converted, faults = convert(rows.columns[column.position], column.kind, column.empty_text)
        found += ((column, fault) for fault in faults)
        values[column.meaning] = _as_members(column.meaning, converted)
    problems.add_faults(rows, *found, malformed=rows.malformed)
    return Table(rows, {column.meaning: column for column in columns}, values)


def _types(header: Header, columns: Iterable[Column]) -> list[pa.DataType]:
    types = [pa.string()] * len(header.names)
    for column in columns:
        types[column.position] = column.kind.arrow
    return types


def _as_members(meaning: Meaning, values: Any) -> Any:
    if values is not None and isinstance(meaning, Input) and meaning.rule.possible_values is not None:
        return meaning.rule.possible_values.encode(values)
    return values
