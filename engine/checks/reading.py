"""One formula that is being read: the law it stands in, its calendar, and the parts that read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engine.checks.attributes import Attributes
from engine.checks.calls import Calls
from engine.checks.conditions import Conditions
from engine.checks.expressions import Expressions
from engine.checks.figures import FigureReads
from engine.checks.items import Items
from engine.checks.lacks import Lacks, Presences
from engine.checks.notes import Notes
from engine.checks.operators import Operators
from engine.checks.sources import Sources, root_of
from engine.checks.statements import Statements
from engine.checks.variables_read import VariableReads

if TYPE_CHECKING:
    from engine.checks.dated import Times
    from engine.legislation import Legislation

MOST_STEPS: Final = 200_000


@dataclass
class Shared:
    """What the readings of all formulas of a law share. `roots` are the packages whose functions are followed."""

    legislation: Legislation
    roots: frozenset[str]
    notes: Notes = field(default_factory=Notes)
    sources: Sources = field(default_factory=Sources)
    presences: Presences = field(default_factory=Presences)

    def is_followed(self, file: str) -> bool:
        """Whether functions of a file are read where formulas call them: those of the law's own packages."""
        return root_of(file) in self.roots


class Reading:
    """The reading of one formula, which is in force for the periods of `window`.

    `steps` count expressions, so that a formula of endless ways is read in part only.
    """

    def __init__(self, shared: Shared, times: Times, window: int) -> None:
        self.window = window
        self.shared = shared
        self.legislation = shared.legislation
        self.notes = shared.notes
        self.times = times
        self.steps = 0
        self.lacks = Lacks(shared.presences)
        self.figures = FigureReads(self)
        self.variables = VariableReads(self)
        self.attributes = Attributes(self)
        self.items = Items(self)
        self.operators = Operators(self)
        self.expressions = Expressions(self)
        self.conditions = Conditions(self)
        self.calls = Calls(self)
        self.statements = Statements(self)

    def is_too_long(self) -> bool:
        """Count a step, and return whether there were too many."""
        self.steps += 1
        return self.steps > MOST_STEPS
