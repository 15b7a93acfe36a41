"""Statistical secrecy: which cells of a table may not be published, and which others go with them.

A cell needs at least 11 observations, and no observation may make more than 85 % of it. An empty cell is nobody's and may be shown.
What is refused must not come back by subtraction from a total: further cells are refused (the smallest that will do) until those refused
together would pass as one cell.

In a table of effects the households of a group gain, lose or stay: one refused sense takes the other two with it, since the three add
up to the group. A group of which too few households move at all is refused whole, for its total would be theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.effects import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.effects import Effects

    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]

LEAST = 11
MOST = 0.85
FEW, DOMINATED, INDUCED = "moins de 11 observations", "une observation dépasse 85 %", "secret induit"


@dataclass(frozen=True)
class Secrets:
    """Why the groups of a table are refused, or what they say of gains and losses; an empty text where they are not."""

    groups: tuple[str, ...]
    senses: tuple[str, ...]

    def told(self, group: int) -> str:
        """Return what is refused of a group, and why."""
        if self.groups[group]:
            return f"secret : {self.groups[group]}"
        return f"secret des gagnants et perdants : {self.senses[group]}" if self.senses[group] else ""


@dataclass(frozen=True)
class Cells:
    """Cells of one line of a table, which add up to a total: their observations, largest and summed contribution, without sign.

    Each may have several such (last axis): a cell is refused for any of them.
    """

    observations: NDArray[Any]
    largest: Floats
    absolute: Floats

    @classmethod
    def of(cls, observations: Any, largest: Any, absolute: Any) -> Cells:
        """Return cells of one or several contents each."""
        arrays = [np.asarray(array).reshape(len(observations), -1) for array in (observations, largest, absolute)]
        return cls(*arrays)

    def few(self) -> Truths:
        """Whether a cell has some observations and too few."""
        return np.asarray(((self.observations > 0) & (self.observations < LEAST)).any(axis=-1))

    def dominated(self) -> Truths:
        """Whether one observation makes too much of a cell."""
        return np.asarray(((self.absolute > 0) & (self.largest > MOST * self.absolute)).any(axis=-1))

    def together(self, which: Truths) -> Cells:
        """Return several cells as one."""
        return Cells(self.observations[which].sum(0)[None], self.largest[which].max(0)[None], self.absolute[which].sum(0)[None])


def reasons(cells: Cells) -> list[str]:
    """Return why each cell is refused by itself; an empty text where it is not."""
    return [FEW if few else DOMINATED if dominated else "" for few, dominated in zip(cells.few().tolist(), cells.dominated().tolist(), strict=True)]


def protected(found: list[str], cells: Cells) -> list[str]:
    """Return the reasons with those of further cells, so that none comes back from the total of the line: the smallest that is enough."""
    found = list(found)
    order = sorted(range(len(found)), key=lambda cell: (int(cells.observations[cell].sum()), cell))
    while any(found):
        hidden = np.array([bool(reason) for reason in found])
        if hidden.all() or (hidden.sum() > 1 and not _is_refused(cells, hidden)):
            break
        others = [cell for cell in order if not found[cell]]
        enough = (cell for cell in others if not _is_refused(cells, hidden | (np.arange(len(found)) == cell)))
        found[next(enough, next((cell for cell in others if cells.observations[cell].all()), others[0]))] = INDUCED
    return found


def _is_refused(cells: Cells, which: Truths) -> bool:
    together = cells.together(which)
    return bool(together.few()[0] or together.dominated()[0])


def secrets_of(effects: Effects) -> Secrets:
    """Return what may not be published of a table of effects by group."""
    moving = [sense for sense in range(effects.observations.shape[1]) if sense != UNCHANGED]
    totals = Cells.of(
        np.stack([effects.observations.sum(1), effects.observations[:, moving].sum(1)], -1),
        np.stack([np.zeros(len(effects.largest)), effects.largest[:, moving].max(1)], -1),
        np.stack([np.zeros(len(effects.largest)), effects.absolute[:, moving].sum(1)], -1),
    )
    groups = protected(reasons(totals), totals)
    by_sense = Cells.of(effects.observations, np.where(_is_moving(effects), effects.largest, 0.0), np.where(_is_moving(effects), effects.absolute, 0.0))
    own = [group or sense for group, sense in zip(groups, reasons(by_sense), strict=True)]
    return Secrets(tuple(groups), tuple(protected(own, by_sense)))


def in_all(secrets: Sequence[Secrets]) -> list[Secrets]:
    """Return the secrets of several comparisons of the same laws: from the law in force to a bill, from there to an amendment, and both.

    The effects of the first two add up to that of the third, so that a group refused in one is refused in all.
    """
    return [
        replace(
            each,
            groups=tuple(
                own or INDUCED if any(others) else "" for own, others in zip(each.groups, zip(*(one.groups for one in secrets), strict=True), strict=True)
            ),
        )
        for each in secrets
    ]


def _is_moving(effects: Effects) -> Truths:
    return np.asarray(np.arange(effects.observations.shape[1]) != UNCHANGED)
