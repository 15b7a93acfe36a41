"""Situations as documents, JSON or YAML: read from a file, computed as tables are, and given back with what was asked for filled in.

    {"persons": {"ana": {"salary": {"2024-01": 2000}, "income_tax": {"2024-01": null}}}, "households": {"h": {"adults": ["ana"]}}}

asks for Ana's income tax, as OpenFisca's web API understands it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DataError, Problem, SituationError
from engine.parameters import read_yaml
from engine.periods import ETERNITY, period
from engine.situation import Situation, read_situation
from engine.variables import EnumArray
from population.columns import Columns
from population.results import calculate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from engine.legislation import Legislation
    from engine.periods import Period, PeriodLike
    from engine.simulation import Progress
    from population.results import EntityResults, Result

JSON = ".json"
SUFFIXES = (JSON, ".yaml", ".yml")


@dataclass(frozen=True)
class Document:
    """A situation as it was written, and as the law understands it."""

    data: Mapping[str, Any]
    legislation: Legislation
    situation: Situation
    at: Period | None

    def calculate(
        self, names: Iterable[str], *, threads: int | None = None, block_rows: int | None = None, progress: Progress | None = None
    ) -> list[EntityResults]:
        """Return the variables of these names (`name`, or `name@period`) and all that the document asks for.

        Raises DataError where nothing is asked for, or a name needs a period, and whatever `results.calculate` raises.
        """
        requested = dict.fromkeys(f"{each.variable}@{each.period}" for each in self.situation.requested)
        asked = list(dict.fromkeys([*names, *requested]))
        if not asked:
            raise DataError("Nothing is asked for: expected null for a value to compute, or names of variables.")
        at = self.at or next((period(name.partition("@")[2]) for name in asked if "@" in name), None)
        if at is None or (self.at is None and any("@" not in name and not self._is_eternal(name) for name in asked)):
            raise DataError("A variable is asked for without a period: expected one for all, or `name@2017-01`.")
        return calculate(_columns(self.situation), self.legislation, asked, at, threads=threads, block_rows=block_rows, progress=progress)

    def _is_eternal(self, name: str) -> bool:
        rule = self.legislation.variables.get(name)
        return rule is not None and rule.definition_period == ETERNITY

    def filled(self, groups: Iterable[EntityResults]) -> dict[str, Any]:
        """Return the document with results in the place of each null, and results that it does not speak of beside the others.

        With axes, a value is the list of what it is along them.
        """
        data: dict[str, Any] = _plain(self.data)
        requested: dict[str, dict[tuple[str, ...], list[int]]] = {}
        for each in self.situation.requested:
            requested.setdefault(f"{each.variable}@{each.period}", {}).setdefault(each.path, []).append(each.row)
        for result in (result for group in groups for result in (*group.refusals, *group.results)):
            places = requested.get(result.name) or self._places(data, result)
            for path, rows in places.items():
                values = [self._value(result, row) for row in rows]
                _put(data, path, values[0] if len(values) == 1 else values)
        return data

    def _places(self, data: Mapping[str, Any], result: Result) -> dict[tuple[str, ...], list[int]]:
        """Return the paths for values of a variable that the document does not ask for, each with its rows."""
        entity = result.rule.entity
        last = (result.rule.name, str(result.period))
        rows = range(self.situation.population.counts[entity.key] // self.situation.cells)
        known = {key for each in self.legislation.entities.values() for key in (each.key, each.plural)}
        if not any(key in known for key in data):
            return {last: list(rows)}
        if entity.key in data:
            return {(entity.key, *last): [0]}
        ids = self.situation.ids[entity.key] if self.situation.cells == 1 else data.get(entity.plural, ())  # axes number the ids
        return {(entity.plural, str(id_), *last): [row] for id_, row in zip(ids, rows, strict=False)}

    def _value(self, result: Result, row: int) -> Any:
        cells = self.situation.cells
        values = result.values.decode_to_str() if isinstance(result.values, EnumArray) else result.values
        rows = row + len(values) // cells * np.arange(cells)
        found = [None if result.refused is not None and result.refused[each] else _as_json(values[each]) for each in rows]
        return found[0] if cells == 1 else found


def read_document(file: Path, legislation: Legislation, at: PeriodLike | None = None) -> Document:
    """Read a situation from a JSON or YAML file; `at` is the period of values given, and of variables asked for, without one.

    Raises SituationError with every problem, and DataError for a file that cannot be read.
    """
    data = _read(file)
    when = None if at is None else period(at)
    try:
        situation = read_situation(legislation, data, when)
    except SituationError as error:
        raise SituationError([Problem(f"{file}: {problem.place}", problem.message) for problem in error.problems]) from error
    return Document(data, legislation, situation, when)


def _read(file: Path) -> Any:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{file}: expected text in UTF-8; {error.reason} at byte {error.start}.") from error
    if file.suffix.lower() != JSON:
        data, problems = read_yaml(text, str(file))
        if problems:
            raise SituationError(problems)
        return data
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _without_repetition(pairs, file))
    except json.JSONDecodeError as error:
        raise DataError(f"{file}:{error.lineno}: this is not JSON: {error.msg} (column {error.colno}).") from error


def _without_repetition(pairs: Sequence[tuple[str, Any]], file: Path) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(f"{file}: `{twice}` stands twice in one object: expected it once.")
    return found


def _columns(situation: Situation) -> Columns:
    population = situation.population
    return Columns(
        counts=population.counts,
        links={names: (link.index, link.roles) for names, link in population.links.items()},
        inputs=situation.inputs,
        ids={key: np.array([str(id_) for id_ in ids], dtype=object) for key, ids in population.ids.items()},
    )


def _plain(data: Any) -> Any:
    """Return a document as JSON knows it: keys are texts."""
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data if data is None or isinstance(data, str | int | float) else str(data)


def _put(data: Any, path: Sequence[str], value: Any) -> None:
    """Put a value at a path; what stands in the way, as a value without its period, gives way."""
    for step, after in pairwise(path):
        place: Any = int(step) if isinstance(data, list) else step
        below = data[place] if isinstance(data, list) else data.get(place)
        is_list = isinstance(below, list) and after.isdigit() and int(after) < len(below)
        if not isinstance(below, dict) and not is_list:
            data[place] = below = {}
        data = below
    data[int(path[-1]) if isinstance(data, list) else path[-1]] = value


def _as_json(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) and value.dtype.kind != "M" else value
    return plain if isinstance(plain, str | int | float) else str(plain)
