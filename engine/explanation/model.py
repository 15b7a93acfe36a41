"""What an explanation says, as values: the steps that led to a result, the figures and data that they read, what was folded.

Steps are told once and named by number, so that the chain of rules is a graph and its text a tree: twelve equal months, or a
rule that two others read, stand once. An explanation knows no run, and can be kept, sent and compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

INPUT, DEFAULT, FORMULA, SPIRAL = "input", "default", "formula", "spiral"
Plain = float | int | bool | str | None


@dataclass(frozen=True)
class ValueTold:
    """The value of one row; `row` and `id` are None where it is the same for everybody, `label` tells an enumeration's member."""

    value: Plain
    row: int | None = None
    id: str | None = None
    label: str = ""


@dataclass(frozen=True)
class FigureTold:
    """A figure of the law as it was read: its value at an instant, the day from which it holds, where it comes from.

    A scale has `brackets`: thresholds and what holds from each. A table that was looked up has the values found for the rows explained.
    """

    name: str
    instant: str
    since: str
    value: Any
    unit: str
    description: str
    references: tuple[str, ...]
    brackets: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Folded:
    """The variables that a formula read and that are not told, by name: why each may be left out.

    `at_default`: nothing that was given reaches it, and it is zero or at its default. `zero`: it is zero while the step is not.
    `without_effect`: whatever it were, the step's value would be the same, for another branch was taken or a zero multiplies it.
    `below_depth`: deeper than was asked for.
    """

    at_default: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()
    without_effect: tuple[str, ...] = ()
    below_depth: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many variables are not told."""
        return len(self.at_default) + len(self.zero) + len(self.without_effect) + len(self.below_depth)


@dataclass(frozen=True)
class Reading:
    """A step that another one read; `same_at` are further periods at which it has the same values, told once."""

    step: int
    same_at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A variable at a period, for the rows that the result rests on.

    `kind` is `input` (given), `default` (nobody gave it, and the law has no formula for it), `formula`, or `spiral` (where the law
    went round in circles, and what was read is not kept). `figures` are places in the explanation's list.
    """

    number: int
    variable: str
    label: str
    entity: str
    period: str
    unit: str
    kind: str
    values: tuple[ValueTold, ...]
    references: tuple[str, ...] = ()
    formula_since: str | None = None
    formula_place: str = ""
    formula_says: str = ""
    figures: tuple[int, ...] = ()
    reads: tuple[Reading, ...] = ()
    folded: Folded = Folded()

    @property
    def leaf(self) -> str | None:
        """What a step without readings is: an `input`, a `default`, a `parameter` of the law, or a `spiral`; None where it read other variables."""
        if self.reads or self.folded.below_depth:
            return None
        if self.kind != FORMULA:
            return self.kind
        return "parameter" if self.figures or not self.folded.count else DEFAULT


@dataclass(frozen=True)
class Datum:
    """A value that was given and that the result rests on."""

    variable: str
    label: str
    entity: str
    id: str | None
    row: int
    period: str
    value: Plain
    source: str


@dataclass(frozen=True)
class Explanation:
    """Why a result is what it is. `steps[0]` is the result; the number of a step is its place, counted from 1.

    `figures_folded` and `steps_folded` count what the steps that were folded for being zero rest on. `contribution` is the statement of the
    degree and mode in which the program contributed to a decision; without it a general one is given.
    """

    law: str
    variable: str
    period: str
    row: int
    id: str | None
    steps: tuple[Step, ...]
    figures: tuple[FigureTold, ...]
    data: tuple[Datum, ...]
    steps_folded: int = 0
    figures_folded: int = 0
    contribution: str = ""
    currency: str = ""

    @property
    def result(self) -> Step:
        """The step of the result itself."""
        return self.steps[0]

    def step(self, number: int) -> Step:
        """Return the step of a number."""
        return self.steps[number - 1]

    def to_text(self, language: str = "fr") -> str:
        """Return the explanation as text, in French or English."""
        from engine.explanation.text import lines_of  # noqa: PLC0415 - the form that is asked for alone is loaded

        return "\n".join(line.plain for line in lines_of(self, language)) + "\n"

    def to_json(self) -> Mapping[str, Any]:
        """Return the explanation as JSON knows it: see `schema.json` beside this file."""
        from engine.explanation.document import document_of  # noqa: PLC0415

        return document_of(self)

    def to_html(self, language: str = "fr") -> str:
        """Return the explanation as one page of HTML that needs nothing else."""
        from engine.explanation.page import page_of  # noqa: PLC0415

        return page_of(self, language)
