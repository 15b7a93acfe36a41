"""The report of a comparison with official results: how many rows are equal, and where the others differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Mismatch:
    """One cell that differs: the row's id, the column, the official text and ours."""

    id: str
    column: str
    expected: str
    got: str

    def __str__(self) -> str:
        """Return the cell with both texts, blanks shown as `_`."""
        return f"id {self.id}, {self.column}: expected {_shown(self.expected)}, got {_shown(self.got)}"


@dataclass(frozen=True)
class Report:
    """What comparing one file gave: its rows, those equal in everything, mismatches per column, and the first of them in full."""

    file: str
    module: str
    variant: str
    rows: int
    equal: int
    mismatches: Mapping[str, int]
    first: tuple[Mismatch, ...]

    @property
    def is_equal(self) -> bool:
        """Whether every row is equal."""
        return self.equal == self.rows

    def text(self) -> str:
        """Return the report as text; its last line is `N of M rows equal`."""
        lines = [f"{self.file}: module {self.module}, variant {self.variant}"]
        if self.mismatches:
            lines.append("mismatches by column:")
            lines += [f"  {column}: {count}" for column, count in sorted(self.mismatches.items(), key=lambda found: (-found[1], found[0]))]
            lines.append("first mismatches:")
            lines += [f"  {mismatch}" for mismatch in self.first]
        lines.append(f"{self.equal} of {self.rows} rows equal")
        return "\n".join(lines)


def _shown(text: str) -> str:
    return text.replace(" ", "_") or "nothing"
