"""The invented France beside the official figures, line by line: what is simulated, what is official, and the error, whatever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from legislation import france
from population.france.files import BEFORE, embedded, load
from population.france.lines import HELD_OUT, OTHER_CONCEPT, TARGET, Line, all_lines
from population.france.measures import Measures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from engine.legislation import Legislation

WORDS = {TARGET: "target", HELD_OUT: "held out", OTHER_CONCEPT: "other concept"}
HOUSING_TAX_YEARS = (2018, 2020)


@dataclass(frozen=True)
class Compared:
    """A line and what it is in a population; None where the law or the population lacks something that it asks for."""

    line: Line
    simulated: float | None

    @property
    def error(self) -> float | None:
        """Simulated over official, less one."""
        return None if self.simulated is None else self.simulated / self.line.valeur - 1


def validate(
    folder: Path | None = None, year: int | None = None, legislation: Legislation | None = None, lines: Sequence[Line] | None = None
) -> list[Compared]:
    """Return every line with what the population makes of it: that of a folder, else the embedded one; of one year where it is said.

    Raises TableError for files of another form, DataError for a year out of reach.
    """
    law = legislation or france()
    chosen = [line for line in (all_lines() if lines is None else lines) if year is None or line.en == year]
    measured = {one: list(_measured(folder, one, law, [line for line in chosen if line.en == one])) for one in sorted({line.en for line in chosen})}
    values = {line.nom: value for pairs in measured.values() for line, value in pairs}
    return [Compared(line, values[line.nom]) for line in chosen]


def _measured(folder: Path | None, year: int, law: Legislation, lines: Sequence[Line]) -> Iterator[tuple[Line, float | None]]:
    with_communes = any(line.de == "cote" for line in lines)
    if folder is None:
        columns = embedded(year, law, before=BEFORE, with_communes=with_communes)
    else:
        columns = load(folder, year, law, before=BEFORE, with_communes=with_communes)
    measures = Measures(columns, law, year, lines)
    for line in lines:
        yield line, measures.value(line) if measures.knows(line) else None


@dataclass(frozen=True)
class Summary:
    """How many lines of a use are within a bound, and how many there are."""

    use: str
    within: int
    of: int
    bound: float


def summaries(compared: Sequence[Compared]) -> list[Summary]:
    """Return for each use how many lines keep the bound aimed at: targets 1 %, held-out figures 3 %, held-out bands 5 %."""
    groups = (
        ("targets", 0.01, [one for one in compared if one.line.usage == TARGET]),
        ("held-out bands", 0.05, [one for one in compared if one.line.usage == HELD_OUT and one.line.groupe == "tranches"]),
        ("other held-out figures", 0.03, [one for one in compared if one.line.usage == HELD_OUT and one.line.groupe != "tranches"]),
    )
    found = []
    for use, bound, some in groups:
        errors = [abs(one.error) for one in some if one.error is not None]
        found.append(Summary(use, sum(error <= bound for error in errors), len(errors), bound))
    return found
