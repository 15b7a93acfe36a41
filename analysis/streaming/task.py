"""What is asked of every part of a population: all that a worker on another machine needs, beside the part's own files.

A task is a value that can be pickled: the law is named by a function that gives it (`legislation.france`, or a choice of package,
extensions and reforms), the reform is data or a dotted name. The same task over the same part gives the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.replicates import DEFAULT_REPLICATES, DEFAULT_SEED
from engine.reform import layers
from legislation import france

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.legislation import Legislation
    from engine.reform import Reform

DEFAULT_ROWS = 25_000
VERSION = 1
"""Of what a partial holds."""


@dataclass(frozen=True)
class Facts:
    """What is known of a whole population: the entity told of as household, the roles that somebody has there, how many households there are.

    `varying` are the variables that say something of households (as their department) and are not the same for all of them.
    `names_are_unique`: no two parts use one identifier for two households, so that draws follow identifiers alone; else the part's name too.
    """

    unit: str
    roles: tuple[str, ...]
    varying: tuple[str, ...]
    households: int
    names_are_unique: bool


@dataclass(frozen=True)
class Task:
    """A reform, the law that it changes, the year, and how figures are told.

    `law` gives the law in force; `of_law` is a text that tells it, and the reformed law, from all others. `rows`: how many households are computed at once.
    `facts` are what must be known of the whole population before a part is computed (`analysis.streaming.facts`).
    """

    reform: Reform
    year: int
    law: Callable[[], Legislation] = field(default=france)
    unit: str | None = None
    facts: Facts | None = None
    replicates: int = DEFAULT_REPLICATES
    seed: int = DEFAULT_SEED
    disclosure: bool = False
    rows: int = DEFAULT_ROWS
    threads: int | None = None
    name: str = ""
    of_law: str = ""

    @property
    def words(self) -> str:
        """What decides every figure that a part says: two tasks with the same words give the same partials."""
        return repr((VERSION, self.of_law, _said(self.reform), self.year, self.unit, self.facts, self.replicates, self.seed))

    def laws(self) -> tuple[Legislation, ...]:
        """Return the law in force and the law after each layer of the reform; made once in a process."""
        return _laws(self.law, _Asked(self.reform, repr((_said(self.reform), self.of_law))))


def _said(reform: Reform) -> str:
    """Return what a reform says; of a function not where it lies in this process's memory: `of_law` tells what it does."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(reform))


class _Asked:
    """A reform as a key: equal where it says the same."""

    def __init__(self, reform: Reform, words: str) -> None:
        self.reform, self.words = reform, words

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.words == self.words

    def __hash__(self) -> int:
        return hash(self.words)


@lru_cache(maxsize=2)
def _laws(law: Callable[[], Legislation], asked: Any) -> tuple[Legislation, ...]:
    found = [law()]
    for layer in layers(asked.reform):
        found.append(layer(found[-1]))
    return tuple(found)
