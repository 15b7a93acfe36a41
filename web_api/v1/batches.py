"""Many situations computed as few: those of the same shape are rows of one simulation, and each gets its own rows back.

The same shape: the same inputs given, the same values asked for. Rows that are not linked do not know of each other, so that a situation's
results are the same alone and among others; where a law looks at the whole population (a truth about everybody, a formula that
walks through rows), each situation is computed alone, and so are those of which one fails.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import BaremeError
from engine.graph.nodes import in_order
from engine.graph.opaque import Opaque
from engine.graph.relations import Whole
from engine.periods import ETERNITY
from engine.periods import period as as_period
from engine.variables import EnumArray
from population.columns import Columns
from population.results import Result, calculate_in, simulation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.simulation import Simulation
    from engine.situation import Requested, Situation

Array = np.ndarray[Any, Any]
MOST_ROWS = 4_096
"""Up to so many rows are computed at once; more would be planned first."""


@dataclass
class Found:
    """What was found for one situation: values by the path of their null, and what could not be, by the same."""

    values: dict[tuple[str, ...], Any] = field(default_factory=dict)
    problems: dict[tuple[str, ...], str] = field(default_factory=dict)

    def put(self, path: tuple[str, ...], value: Any) -> None:
        """Note a value; those of one null for several rows are a list."""
        if path in self.values:
            before = self.values[path]
            self.values[path] = [*before, value] if isinstance(before, _Rows) else _Rows([before, value])
            return
        self.values[path] = value


class _Rows(list[Any]):
    """The values of several rows that one null asks for."""


def found_for(law: Legislation, situations: Sequence[Situation], at: Period | None) -> list[Found]:
    """Return what each situation asks for; `at` is the period that the request says for all, if any."""
    found = [Found() for _ in situations]
    for places in _alike(law, situations):
        _compute(law, [situations[place] for place in places], [found[place] for place in places], at)
    return found


def _alike(law: Legislation, situations: Sequence[Situation]) -> list[list[int]]:
    """Return the places of the situations that are computed together."""
    groups: dict[Any, list[list[int]]] = {}
    for place, situation in enumerate(situations):
        if not situation.requested:
            continue
        if situation.cells > 1:
            groups[place] = [[place]]
            continue
        asked = dict.fromkeys((each.variable, each.period) for each in situation.requested)
        totals = frozenset(names for names, link in situation.population.links.items() if link.is_total)
        shape = (frozenset(situation.inputs), tuple(asked) if law.max_spiral_loops is not None else frozenset(asked), totals)
        rows = sum(max(situations[other].population.counts.values()) for other in groups[shape][-1]) if shape in groups else MOST_ROWS
        if rows + max(situation.population.counts.values()) > MOST_ROWS:
            groups.setdefault(shape, []).append([])
        groups[shape][-1].append(place)
    return [places for lists in groups.values() for places in lists]


def _compute(law: Legislation, situations: Sequence[Situation], found: Sequence[Found], at: Period | None) -> None:
    """Compute situations of one shape together, or one after the other where that is not the same or fails."""
    columns = merged(situations)
    simulation = simulation_of(columns, law)
    names = _names(situations[0].requested)
    try:
        results = _results(simulation, columns, names, at or _period_of(situations[0].requested))
    except BaremeError:
        results = None
    if results is None or (len(situations) > 1 and not _is_row_by_row(simulation, situations[0].requested)):
        if len(situations) > 1:
            for situation, each in zip(situations, found, strict=True):
                _compute(law, [situation], [each], at)
        else:
            _compute_what_can_be(simulation, columns, situations[0], found[0], at)
        return
    starts = dict.fromkeys(columns.counts, 0)
    for situation, each in zip(situations, found, strict=True):
        _share_out(law, situation, results, starts, each)
        starts = {key: start + situation.population.counts[key] for key, start in starts.items()}


def _compute_what_can_be(simulation: Simulation, columns: Columns, situation: Situation, found: Found, at: Period | None) -> None:
    """Compute the values that a situation asks for one by one, and note which fail."""
    by_name: dict[str, list[Requested]] = {}
    for each in situation.requested:
        by_name.setdefault(_name(each), []).append(each)
    for name, requested in by_name.items():
        try:
            results = _results(simulation, columns, [name], at or _period_of(requested))
        except BaremeError as error:
            found.problems.update(dict.fromkeys((each.path for each in requested), str(error)))
            continue
        _share_out(simulation.legislation, situation, results, dict.fromkeys(columns.counts, 0), found)


def _name(requested: Requested) -> str:
    return f"{requested.variable}@{requested.period}"


def _names(requested: Iterable[Requested]) -> list[str]:
    return list(dict.fromkeys(_name(each) for each in requested))


def _period_of(requested: Iterable[Requested]) -> Period:
    """Return the period of a run: the first asked for, or that of what holds for all time."""
    return next((each.period for each in requested if not each.period.is_eternal), as_period(ETERNITY))


def _results(simulation: Simulation, columns: Columns, names: Sequence[str], at: Period) -> Mapping[str, Result]:
    groups = calculate_in(simulation, columns, names, at)
    return {result.name: result for group in groups for result in (*group.refusals, *group.results)}


def _is_row_by_row(simulation: Simulation, requested: Iterable[Requested]) -> bool:
    """Whether no result rests on a truth about all rows, or on a formula that walked through them."""
    nodes = []
    for each in requested:
        below = simulation.traced_below(each.variable, each.period)
        if any(traced.guards for traced in below.values()):
            return False
        nodes.append(simulation.node(each.variable, each.period))
    return not any(isinstance(node.operation, Whole | Opaque) for node in in_order(nodes))


# Many situations as one


def merged(situations: Sequence[Situation]) -> Columns:
    """Return situations of one shape as columns: the rows of each after those of the one before."""
    counts = {key: sum(each.population.counts[key] for each in situations) for key in situations[0].population.counts}
    links = {names: _joined(situations, names) for names in situations[0].population.links}
    return Columns(counts, links, {key: _concatenated([each.inputs[key] for each in situations]) for key in situations[0].inputs})


def _joined(situations: Sequence[Situation], names: tuple[str, str]) -> tuple[Array, Array | None]:
    rows, roles, start = [], [], 0
    for situation in situations:
        link = situation.population.links[names]
        rows.append(np.where(link.index >= 0, link.index + start, link.index))
        roles.append(link.roles)
        start += situation.population.counts[names[1]]
    return np.concatenate(rows), None if roles[0] is None else np.concatenate([each for each in roles if each is not None])


def _concatenated(columns: Sequence[Array]) -> Array:
    first = columns[0]
    if isinstance(first, EnumArray):
        return EnumArray(np.concatenate([column.view(np.ndarray) for column in columns]), first.possible_values)
    return first if len(columns) == 1 else np.concatenate(columns)


# Results as JSON knows them


def _share_out(law: Legislation, situation: Situation, results: Mapping[str, Result], starts: Mapping[str, int], found: Found) -> None:
    """Give a situation the values of its rows, which begin at `starts` in each entity; with axes, a list of the values of each cell."""
    for each in situation.requested:
        result = results.get(_name(each))
        if result is None:
            continue
        rows = starts[each.entity] + situation.rows_in_cells(each)
        told = [_told(law, results, result, int(row)) for row in rows]
        problem = next((problem for _, problem in told if problem), "")
        if problem:
            found.problems[each.path] = problem
        found.put(each.path, told[0][0] if situation.cells == 1 else [value for value, _ in told])


def _told(law: Legislation, results: Mapping[str, Result], result: Result, row: int) -> tuple[Any, str]:
    """Return a value as JSON knows it, or null and why there is none."""
    if result.refused is not None and result.refused[row]:
        return None, _refusal(law, results, result, row)
    values = result.values
    if isinstance(values, EnumArray):
        return values.possible_values.enums[int(values.view(np.ndarray)[row])].name, ""
    value = values[row]
    if isinstance(value, np.datetime64):
        return (None, "the law gives no date.") if np.isnat(value) else (str(value), "")
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and not math.isfinite(plain):
        return None, f"the law gives no finite number ({plain})."
    return plain, ""


def _refusal(law: Legislation, results: Mapping[str, Result], result: Result, row: int) -> str:
    """Return why the law refuses a row: its return code, and what that means."""
    name = law.refusal_of(result.rule)
    codes = [int(each.values[row]) for each in results.values() if each.rule.name == name]
    code = next((each for each in codes if each), 0)
    return f"the law refuses it: `{name}` is {code} ({law.refusal_labels.get(code, 'no label')})."
