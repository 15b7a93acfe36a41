"""What is noted while a law is read: findings, each once, and which places that read the law were understood."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.checks.findings import Finding, Kind, Reads, Severity
from engine.checks.links import Links

if TYPE_CHECKING:
    from engine.checks.frames import Frame
    from engine.checks.links import Place


def place_of(node: ast.AST, frame: Frame) -> Place:
    """Return file, line and column, from 1; of an attribute, those of its name."""
    if isinstance(node, ast.Attribute) and node.end_lineno is not None and node.end_col_offset is not None:
        return frame.file, node.end_lineno, node.end_col_offset - len(node.attr.encode()) + 1
    return frame.file, getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1


@dataclass
class Notes:
    """What was noted so far."""

    findings: dict[tuple[str, int, str], Finding] = field(default_factory=dict)
    variables: dict[Place, bool] = field(default_factory=dict)
    parameters: dict[Place, bool] = field(default_factory=dict)
    links: Links = field(default_factory=Links)

    def add(self, finding: Finding) -> None:
        """Keep a finding, once for its line."""
        self.findings.setdefault((finding.file, finding.line, finding.message), finding)

    def error(self, kind: Kind, message: str, node: ast.AST, frame: Frame) -> None:
        """Keep an error at a place of a formula, unless the formula catches what goes wrong there."""
        if frame.caught is not None:
            frame.caught.may_fail |= frame.window
        else:
            self.add(Finding(*place_of(node, frame), Severity.ERROR, kind, message))

    def variable_read(self, node: ast.AST, frame: Frame, *, understood: bool) -> None:
        """Count a place that reads a variable; it is understood where it is in every context."""
        _count(self.variables, place_of(node, frame), understood=understood)

    def parameter_read(self, node: ast.AST, frame: Frame, *, understood: bool) -> None:
        """Count a place that reads figures of the law."""
        _count(self.parameters, place_of(node, frame), understood=understood)


def _count(places: dict[Place, bool], place: Place, *, understood: bool) -> None:
    places[place] = places.get(place, True) and understood


def counted(places: dict[Place, bool]) -> Reads:
    """Return how many places were understood, and how many not."""
    understood = sum(places.values())
    return Reads(understood, len(places) - understood)
