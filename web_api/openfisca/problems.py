"""What is wrong with a body, in OpenFisca's form: each message at its path in the document.

    {"persons": {"ana": {"salari": "There is no variable `salari`. Did you mean `salary`?"}}}

OpenFisca tells the first problem it meets; here all of them are told in one answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.errors import BaremeError, PeriodError
from engine.periods import period
from engine.situation import SituationProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.errors import SituationError

BAD_REQUEST: Final = 400
# A message quotes what was given, which may be as long as the body.
LONGEST_MESSAGE: Final = 500
_TO_PERIOD: Final = 4  # entities/id/variable/period
Path = tuple[str, ...]


class WrongBodyError(BaremeError):
    """A body that cannot be answered: the status, and the messages at their paths."""

    def __init__(self, told: dict[str, Any], status: int = BAD_REQUEST) -> None:
        self.told = told
        self.status = status
        super().__init__(str(told))

    @classmethod
    def at(cls, path: Iterable[str], message: str, status: int = BAD_REQUEST) -> WrongBodyError:
        """Return the error of one problem; without a path, it stands under `error`."""
        return cls.all_at([tuple(path)], message, status)

    @classmethod
    def all_at(cls, paths: Iterable[Path], message: str, status: int = BAD_REQUEST) -> WrongBodyError:
        """Return the error of one problem that there is at several paths."""
        told: dict[str, Any] = {}
        for path in paths:
            _put(told, path or ("error",), message)
        return cls(told, status)

    @classmethod
    def of(cls, error: SituationError, document: Any) -> WrongBodyError:
        """Return the error of all that is wrong in a document; the status is that of the first problem."""
        told: dict[str, Any] = {}
        lists: list[Path] = []
        for problem in error.problems:
            path = problem.path if isinstance(problem, SituationProblem) else (problem.place,)
            where = _as_openfisca_says(path, document)
            if where != path[: len(where)]:
                lists.append(where[:-1])
            _put(told, where or ("error",), problem.message)
        for path in lists:
            _as_list(told, path)
        first = error.problems[0]
        return cls(told, first.code if isinstance(first, SituationProblem) else BAD_REQUEST)


def _put(told: dict[str, Any], path: Path, message: str) -> None:
    """Put a message at its path; where one stands on the way already, or below, that one is enough."""
    for step in path[:-1]:
        below = told.setdefault(step, {})
        if not isinstance(below, dict):
            return
        told = below
    said = message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"
    told.setdefault(path[-1], said)


def _as_openfisca_says(path: Path, document: Any) -> Path:
    """Return the place at which OpenFisca puts a message: a period that is none at its variable, a person that is none at its role.

    What is no id at all keeps its place in the list of members, which begins with `[` to be told from a key.
    """
    if len(path) != _TO_PERIOD:
        return path
    value: Any = document
    for step in path[:-1]:
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, list) and path[-1].isdecimal() and int(path[-1]) < len(value):
        given = value[int(path[-1])]
        return path[:-1] if isinstance(given, str) or (isinstance(given, int) and not isinstance(given, bool)) else (*path[:-1], f"[{path[-1]}")
    try:
        period(path[-1])
    except PeriodError:
        return path[:-1]
    return path


def _as_list(told: dict[str, Any], path: Path) -> None:
    """Make a list of the messages about the places of a list: null where nothing is wrong."""
    above = told
    for step in path[:-1]:
        above = above[step]
    found = above[path[-1]]
    if not isinstance(found, dict):
        return
    places = {int(key[1:]): message for key, message in found.items() if key.startswith("[")}
    above[path[-1]] = [places.get(place) for place in range(max(places) + 1)]
