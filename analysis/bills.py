"""Bills that are amended again and again: what a study keeps of them, so that only the amendment is computed anew."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from analysis.comparison import Comparison
    from analysis.study import Outcome
    from engine.legislation import Legislation

MOST_BILLS: Final = 4
"""So many are kept, those used last (20 MB each for 100,000 households)."""


@dataclass(frozen=True)
class Bill:
    """A bill over the law in force: its law, what it gives, and how that compares with the law in force, with the tables made of it."""

    law: Legislation
    outcome: Outcome
    comparison: Comparison


class Bills:
    """The bills of a study by what tells their content from any other; those used last are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Bill] = OrderedDict()

    def get(self, content: str) -> Bill | None:
        """Return a bill that is kept."""
        if content in self._kept:
            self._kept.move_to_end(content)
        return self._kept.get(content)

    def keep(self, content: str, bill: Bill) -> None:
        """Keep a bill; the one that was not used for longest leaves."""
        self._kept[content] = bill
        self._kept.move_to_end(content)
        while len(self._kept) > MOST_BILLS:
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)
