"""Which variables and figures of the law the formulas of each variable read, and where in their source the names stand.

Like the findings, this is read from the source and not from a run: it holds for all periods and all households at once, also for what a
formula reads through the package's own helper functions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Place = tuple[str, int, int]
"""File, line and column, from 1; the column counts bytes, as Python's syntax tree does."""


@dataclass
class Links:
    """What was read: `variables` and `parameters` by the name of the variable that reads, in the order of reading; names by `place`.

    Of the tree of figures, figures, scales and whole tables are told, and branches that are looked up by an array; on the way to a figure
    branches are known by place alone.
    """

    variables: dict[str, dict[str, None]] = field(default_factory=dict)
    parameters: dict[str, dict[str, None]] = field(default_factory=dict)
    variables_at: dict[Place, set[str]] = field(default_factory=dict)
    parameters_at: dict[Place, set[str]] = field(default_factory=dict)
    reader: str = ""

    def variable(self, name: str, place: Place) -> None:
        """Note that the variable whose formula is being read reads another one."""
        self.variables.setdefault(self.reader, {})[name] = None
        self.variables_at.setdefault(place, set()).add(name)

    def passed(self, names: Iterable[str], place: Place) -> None:
        """Note items of the tree of figures on the way to what is read."""
        self.parameters_at.setdefault(place, set()).update(names)

    def parameter(self, names: Iterable[str], place: Place) -> None:
        """Note that the variable whose formula is being read reads figures, scales or tables."""
        found = list(names)
        self.parameters.setdefault(self.reader, {}).update(dict.fromkeys(found))
        self.passed(found, place)

    @cached_property
    def readers_of_variables(self) -> Mapping[str, tuple[str, ...]]:
        """The variables whose formulas read a variable, by its name."""
        return _turned(self.variables)

    @cached_property
    def readers_of_parameters(self) -> Mapping[str, tuple[str, ...]]:
        """The variables whose formulas read an item of the tree of figures, by its name."""
        return _turned(self.parameters)


def _turned(reads: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for reader, names in reads.items():
        for name in names:
            found.setdefault(name, []).append(reader)
    return {name: tuple(readers) for name, readers in found.items()}
