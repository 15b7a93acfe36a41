"""How much a situation comes to, counted on the document before anything is made of it: a short text can describe very much.

A year of 1000:year:8000 is a hundred thousand months in twenty letters, an axis a million households in one number, and a row of one
variable at one period a column for all rows. What is counted is rows of the largest entity (the limit on persons), and values: rows,
by the periods of each variable. Whatever is no situation counts little and is refused where it is read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import BaremeError, Problem
from engine.periods import DAY, ETERNITY, MONTH, WEEK, WEEKDAY, YEAR, Period
from engine.periods import period as as_period
from web_api.answers import TOO_LARGE, RefusedRequestError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.legislation import Legislation
    from engine.variables import Rule
    from web_api.settings import Settings

DAYS_OF: dict[Any, float] = {DAY: 1, WEEKDAY: 1, WEEK: 7, MONTH: 28, YEAR: 365}
AXES = "axes"
ENOUGH = 10**12
"""More than any limit: what is larger is not counted further."""
MOST_DIMENSIONS = 16
"""So many axes may cross: numpy has no arrays of many more dimensions."""
MOST_FIGURES, LONGEST_PATH = 2_000, 500
"""The most values that a reform may hold, and the longest path of a figure: a scale of thousands of brackets takes a minute to put into the law."""


@dataclass(frozen=True)
class Size:
    """Rows of the largest entity, and values of variables."""

    rows: int = 0
    values: int = 0

    def __add__(self, other: Size) -> Size:
        """Return what both come to."""
        return Size(self.rows + other.rows, self.values + other.values)


def check_sizes(legislation: Legislation, documents: Iterable[tuple[str, Any]], settings: Settings, period: Any = None) -> Size:
    """Return what the situations of one request come to; `documents` are they, each with its JSON pointer, `period` what is said for all.

    Raises RefusedRequestError (413) where it is more than the settings allow: with the first situation that is too much.
    """
    total = Size()
    for path, document in documents:
        _check_axes(document, path)
        total += size_of(legislation, document, period)
        check_size(total, settings.max_persons, settings.max_values, path)
    return total


def check_size(size: Size, most_rows: int, most_values: int, path: str) -> None:
    """Raise RefusedRequestError (413) for what is more than so many rows or values."""
    for found, most, unit in ((size.rows, most_rows, "persons"), (size.values, most_values, "values of variables")):
        if found > most:
            message = f"expected at most {most:,} {unit} in all situations of a request together (each cell of axes counts); up to here they are {found:,}."
            raise RefusedRequestError("The situations are too large.", [Problem(path, message)], TOO_LARGE)


def _check_axes(document: Any, path: str) -> None:
    axes = document.get(AXES) if isinstance(document, Mapping) else None
    if isinstance(axes, list) and len(axes) > MOST_DIMENSIONS:
        problem = Problem(f"{path}/{AXES}", f"expected at most {MOST_DIMENSIONS} dimensions; there are {len(axes):,}.")
        raise RefusedRequestError("The situations are too large.", [problem], TOO_LARGE)


def check_reform(document: Any, path: str) -> None:
    """Raise RefusedRequestError for a reform as data that holds more values than anybody writes by hand, or longer paths of figures."""
    values, pending = 0, [document]
    while pending:
        value = pending.pop()
        if isinstance(value, Mapping):
            if any(len(str(name)) > LONGEST_PATH for name in value):
                raise RefusedRequestError("The reform is too large.", [Problem(path, f"expected names of at most {LONGEST_PATH} characters.")])
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        else:
            values += 1
            if values > MOST_FIGURES:
                raise RefusedRequestError("The reform is too large.", [Problem(path, f"expected at most {MOST_FIGURES:,} values.")])


def size_of(legislation: Legislation, document: Any, period: Any = None) -> Size:
    """Return what a situation comes to, axes included."""
    if not isinstance(document, Mapping):
        return Size()
    said: dict[str, set[str]] = {}
    largest = 1
    of_key = {name: entity for entity in legislation.entities.values() for name in (entity.plural, entity.key)}
    for key, value in document.items():
        entity = of_key.get(str(key))
        if entity is None and key != AXES:
            largest = max(largest, _note(said, str(key), value))
        elif entity is not None and isinstance(value, Mapping):
            rows = [value] if key == entity.key else list(value.values())
            largest = max(largest, len(rows))
            for row in rows:
                for name, given in row.items() if isinstance(row, Mapping) else ():
                    _note(said, str(name), given)
    cells, varied = _axes(document.get(AXES))
    for name, at in varied:
        said.setdefault(name, set()).add(at)
    columns = sum(_pieces(legislation.variables.get(name), at, period) for name, periods in said.items() for at in periods)
    return Size(largest * cells, largest * cells * columns)


def _note(said: dict[str, set[str]], name: str, given: Any) -> int:
    """Note the periods for which a variable is given, and return the length of its longest list of values."""
    periods = given if isinstance(given, Mapping) else {"": given}
    said.setdefault(name, set()).update(str(at) for at in periods)
    return max((len(each) for each in periods.values() if isinstance(each, list)), default=1)


def _pieces(rule: Rule | None, at: str, otherwise: Any) -> int:
    """Return for how many of a variable's own periods it is given."""
    if rule is None or rule.definition_period == ETERNITY:
        return 1
    try:
        found = as_period(at or otherwise)
    except BaremeError:
        return 1
    if found.is_eternal or (found.unit == rule.definition_period and found.size == 1):
        return 1
    return max(1, math.ceil(_days(found) / DAYS_OF.get(rule.definition_period, 1)))


def _days(at: Period) -> float:
    """Return at least how many days a period has, without walking through it."""
    return min(at.size, ENOUGH) * (DAYS_OF.get(at.unit, 1) if at.unit != MONTH else 31)


def _axes(axes: Any) -> tuple[int, list[tuple[str, str]]]:
    """Return how many cells axes make, and the variables that vary, each with its period."""
    cells, varied = 1, []
    for dimension in axes if isinstance(axes, list) else ():
        parallel = [axis for axis in _list(dimension) if isinstance(axis, Mapping)]
        counts = [axis["count"] for axis in parallel if isinstance(axis.get("count"), int)]
        cells = min(cells * max([1, *counts]), ENOUGH)
        varied += [(str(axis.get("name")), str(axis.get("period") or "")) for axis in parallel]
    return cells, varied


def _list(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else ()
