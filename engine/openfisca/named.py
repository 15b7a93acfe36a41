"""Branches of the tree that stand under another name than their own.

Packages build branches in memory and hang them up elsewhere, and formulas ask a branch for the name that it was made with
(`_name`). The engine knows every item by its place in the tree.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from engine.parameters import ParameterNode, ParametersAtInstant
from engine.parameters.at_instant import RecordedParametersAtInstant

if TYPE_CHECKING:
    from engine.parameters import Recorder


@dataclass(frozen=True)
class NamedNode(ParameterNode):
    """A branch that remembers the name it was made with."""

    own_name: str = ""

    def at_date(self, date: str) -> ParametersAtInstant:
        """Return the branch at a date."""
        return _NamedAtInstant(self, date)

    def recorded_at(self, date: str, recorder: Recorder) -> RecordedParametersAtInstant:
        """Return the branch at a date, which tells what is read."""
        return _NamedRecorded(self, date, recorder)


class _NamedAtInstant(ParametersAtInstant):
    @property
    def _name(self) -> str:
        return self._node.own_name  # type: ignore[attr-defined, no-any-return]


class _NamedRecorded(RecordedParametersAtInstant):
    @property
    def _name(self) -> str:
        return self._node.own_name  # type: ignore[attr-defined, no-any-return]


def under_own_name(node: ParameterNode, own_name: str) -> NamedNode:
    """Return a branch that remembers another name than that of its place."""
    said = {field.name: getattr(node, field.name) for field in fields(ParameterNode)}
    return NamedNode(**said, own_name=own_name)
