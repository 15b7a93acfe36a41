"""A note as what it says, whatever the file: parts with sentences and tables, whose figures are kept both as numbers and as a reader reads them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """A figure: its value for a spreadsheet, None where there is none, and how it is written."""

    value: float | None
    text: str


Cell = str | Figure


@dataclass(frozen=True)
class Column:
    """A column: its heading, and the unit of its figures; empty for texts."""

    heading: str
    unit: str = ""
    is_text: bool = False


@dataclass(frozen=True)
class Grid:
    """A table of a note. Rows of `strong` numbers, counted from 0, are totals."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Part:
    """A chapter: a title, sentences, tables. `is_quoted` sentences are the amendment's own text."""

    title: str
    sentences: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    is_quoted: bool = False


@dataclass(frozen=True)
class Note:
    """A whole note. `about` are facts as pairs: year, date, version, population, address."""

    title: str
    subtitle: str
    language: str
    about: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = field(default=())

    @property
    def grids(self) -> tuple[Grid, ...]:
        """All tables, in their order."""
        return tuple(grid for part in self.parts for grid in part.grids)
