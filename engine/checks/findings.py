"""What checking a law gives: findings, each with its place, and how much of the law could be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Severity(StrEnum):
    """How bad a finding is: an error makes a calculation fail or means something else than is written, a warning may."""

    ERROR = "error"
    WARNING = "warning"


class Kind(StrEnum):
    """What a finding is about."""

    VARIABLE = "variable"
    ENTITY = "entity"
    PARAMETER = "parameter"
    DATES = "dates"
    PERIOD = "period"
    ENUM = "enum"
    NAME = "name"
    SCALE = "scale"
    VINTAGE = "vintage"
    LOADING = "loading"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong in a law, and where: `line` and `column` count from 1; 0 where there is none."""

    file: str
    line: int
    column: int
    severity: Severity
    kind: Kind
    message: str

    def __str__(self) -> str:
        """Return the line that a reader and an editor understand: `FILE:LINE: error: message`."""
        return f"{self.file}:{self.line}: {self.severity}: {self.message}"

    @property
    def order(self) -> tuple[Any, ...]:
        """The key by which findings are sorted: file, line, column, then what is said."""
        return (self.file, self.line, self.column, self.severity, self.message)

    def as_data(self) -> dict[str, Any]:
        """Return the finding for other programs."""
        place = {"file": self.file, "line": self.line, "column": self.column}
        return {**place, "severity": str(self.severity), "kind": str(self.kind), "message": self.message}


@dataclass(frozen=True)
class Reads:
    """How many places read variables or figures of the law: those understood, and those of which the name or the receiver stays unknown."""

    understood: int = 0
    not_understood: int = 0


@dataclass(frozen=True)
class Report:
    """All that checking a law gave. `formulas_cut_short` had more ways to run than are followed."""

    findings: tuple[Finding, ...]
    formulas: int = 0
    formulas_without_source: int = 0
    formulas_cut_short: int = 0
    variables: Reads = field(default_factory=Reads)
    parameters: Reads = field(default_factory=Reads)

    def count(self, severity: Severity) -> int:
        """Return how many findings are of that severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def by_kind(self) -> Mapping[str, int]:
        """How many findings there are of each kind and severity, as `parameter error`."""
        return Counter(f"{finding.kind} {finding.severity}" for finding in sorted(self.findings, key=lambda finding: (finding.kind, finding.severity)))

    def as_data(self) -> dict[str, Any]:
        """Return the report for other programs."""
        reads = {"variables": self.variables, "parameters": self.parameters}
        return {
            "findings": [finding.as_data() for finding in self.findings],
            "errors": self.count(Severity.ERROR),
            "warnings": self.count(Severity.WARNING),
            "formulas": {"read": self.formulas, "without_source": self.formulas_without_source, "cut_short": self.formulas_cut_short},
            "reads": {name: {"understood": each.understood, "not_understood": each.not_understood} for name, each in reads.items()},
        }

    @property
    def summary(self) -> str:
        """One line of counts."""
        reads = [("variables", self.variables), ("figures", self.parameters)]
        told = "; ".join(f"reads of {name}: {each.understood:,} understood, {each.not_understood:,} not" for name, each in reads)
        cut = f", {self.formulas_cut_short:,} not read to the end" if self.formulas_cut_short else ""
        without = f", {self.formulas_without_source:,} without source" if self.formulas_without_source else ""
        counts = ", ".join(_counted(self.count(severity), severity) for severity in Severity)
        return f"{counts}; {_counted(self.formulas, 'formula')}{cut}{without}; {told}."


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
