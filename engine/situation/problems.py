"""What is wrong in a situation: the path in the JSON, what was expected, and the HTTP status that a web API answers with.

All problems are collected before the error is raised, so that a caller mends a document in one go; where there are very many, the first of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine import deadline
from engine.errors import Problem, SituationError

BAD_REQUEST: Final = 400
NOT_FOUND: Final = 404
# Looking for the nearest names takes time: a document with more problems than these is not read on.
MOST_PROBLEMS: Final = 100
Path = tuple[str, ...]


@dataclass(frozen=True)
class SituationProblem(Problem):
    """One thing that is wrong in a situation.

    `path` leads to it (`("households", "h1", "adults")`; `place` shows the same as `households/h1/adults`). `code` is 404 for
    a variable that does not exist, 400 for anything else.
    """

    path: Path = ()
    code: int = BAD_REQUEST


class Problems:
    """The problems found so far; from so many on, nothing more is looked at: to look for the nearest names takes its time."""

    def __init__(self) -> None:
        self.found: dict[SituationProblem, None] = {}

    def add(self, path: Path, message: str, code: int = BAD_REQUEST) -> None:
        """Note a problem at a path, once. Raises SituationError where there are very many."""
        deadline.check()
        self.found[SituationProblem("/".join(path) or "situation", message, path, code)] = None
        if len(self.found) >= MOST_PROBLEMS:
            self.raise_any()

    def raise_any(self) -> None:
        """Raise SituationError with all problems, if there are any."""
        if self.found:
            raise SituationError(self.found)
