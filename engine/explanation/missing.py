"""Inputs that are missing: what a result read that nobody gave, ordered by how far it could move the result. What to ask next.

A default is folded into the graph, so that it takes a second trace to let it vary: one, in which all inputs at their default are
given as what they are. Then each is varied in a copy of the rows related to the result, and one evaluation answers for all.

What is tried (the plausible range): a truth value is flipped; an enumeration takes each member; an amount of money, and any number
without a unit, of a month is 100 or 1 000, otherwise 1 000 or 10 000; a share is a half or the whole; a count, or a number of another
unit, is 1, 2 or 5; a birth or other date lies 5, 20, 45 or 75 years before the period. Texts cannot be tried. Each row that the result
may rest on is varied by itself, at all periods that were read.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.asked import check_period
from engine.explanation.chain import Chain
from engine.explanation.model import DEFAULT
from engine.explanation.related import Related, related
from engine.graph.nodes import in_order
from engine.periods import MONTH, YEAR
from engine.periods import period as as_period
from engine.population import Population
from engine.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.periods import Period
    from engine.traces import Key
    from engine.variables import Rule

MOST_MEMBERS: Final = 40
MOST_ROWS: Final = 64  # of an entity; a population that has no more is taken whole
MOST_COPIES: Final = 4_000
_AMOUNTS: Final = {YEAR: (1_000, 10_000), MONTH: (100, 1_000)}
_OTHER_AMOUNTS: Final = (1_000, 10_000)
_AGES: Final = (5, 20, 45, 75)


@dataclass(frozen=True)
class Missing:
    """An input that nobody gave: by how much the result moves at most, down and up, over what was tried.

    `lowest` and `highest` are None where nothing can be tried; `value` is what moves it most, for the row `row` (`id`).
    """

    variable: str
    label: str
    entity: str
    periods: tuple[str, ...]
    default: Any
    lowest: float | None = None
    highest: float | None = None
    value: Any = None
    row: int | None = None
    id: str | None = None
    unit: str = ""

    @property
    def moves_by(self) -> float:
        """The largest movement of the result in either direction."""
        return max(abs(self.lowest or 0.0), abs(self.highest or 0.0))


@dataclass(frozen=True)
class _Trial:
    rule: Rule
    periods: tuple[Period, ...]
    place: int
    value: Any


def missing(simulation: Simulation, variable: str, period: Any, row: int = 0) -> list[Missing]:
    """Return the inputs at their default that a result read, the one that can move it most first.

    The result must be a number, or a truth value or enumeration, of which 1 counts any change. Raises what `explain` raises.
    """
    rule = simulation.legislation.variable(variable)
    key = (variable, check_period(rule, as_period(period)))
    simulation.calculate(*key)
    chain = Chain(simulation, key, row, all_=True)
    periods: dict[str, list[Period]] = {}
    for name, at in (link.key for link in chain.links.values() if link.kind == DEFAULT and not link.rule.formulas and not link.rule.is_neutralized):
        periods.setdefault(name, []).append(at)
    rows = _rows(simulation, key, row, periods)
    trials = _trials(simulation, rows, periods, key[1])
    moved = _moved(simulation, rows, key, rows.place(rule.entity.key, row), trials, periods)
    found = [_found(simulation.legislation.variable(name), sorted(set(at)), rows, moved.get(name, [])) for name, at in periods.items()]
    return sorted(found, key=lambda each: (-each.moves_by, each.lowest is None, each.variable))


def _rows(simulation: Simulation, key: Key, row: int, periods: Mapping[str, Sequence[Period]]) -> Related:
    """Return the rows that the result may rest on once the inputs are given: a default, being folded, hides whose it is."""
    counts = simulation.population.counts
    everybody = Related(simulation.population, {entity: np.arange(count) for entity, count in counts.items()})
    if max(counts.values()) <= MOST_ROWS:
        return everybody
    node = _copies(simulation, everybody, (), periods).traced(*key).node
    return related(simulation.population, simulation.legislation.variable(key[0]).entity.key, row, in_order([node]))


def _trials(simulation: Simulation, rows: Related, periods: Mapping[str, Sequence[Period]], at: Period) -> list[_Trial]:
    trials: list[_Trial] = []
    for name, read_at in periods.items():
        rule = simulation.legislation.variable(name)
        when = tuple(sorted(set(read_at)))
        places = range(min(len(rows.rows[rule.entity.key]), MOST_ROWS))
        trials.extend(_Trial(rule, when, place, value) for value in _values(rule, at) for place in places)
    return trials


def _values(rule: Rule, at: Period) -> Sequence[Any]:
    """Return the values that are tried, as the variable's column holds them."""
    default = rule.stored_default
    if rule.possible_values is not None:
        return [position for position in range(len(rule.possible_values.enums)) if position != default][:MOST_MEMBERS]
    if rule.dtype.kind in "if":
        return _numbers(rule)
    dates = [np.datetime64(datetime.date(at.start.year - age, 1, 1), "D") for age in _AGES if at.start.year > age] if rule.dtype.kind == "M" else []
    return (not default,) if rule.dtype.kind == "b" else dates


def _numbers(rule: Rule) -> Sequence[float]:
    if rule.unit.startswith("currency") or (rule.dtype.kind == "f" and not rule.unit):
        return _AMOUNTS.get(rule.definition_period, _OTHER_AMOUNTS)
    return (0.5, 1.0) if rule.unit == "/1" else (1, 2, 5)


def _moved(
    simulation: Simulation, rows: Related, key: Key, place: int, trials: Sequence[_Trial], periods: Mapping[str, Sequence[Period]]
) -> dict[str, list[tuple[float, _Trial]]]:
    """Return, by variable, how each trial moves the result."""
    found: dict[str, list[tuple[float, _Trial]]] = {}
    for start in range(0, len(trials), MOST_COPIES):
        some = trials[start : start + MOST_COPIES]
        copies = _copies(simulation, rows, some, periods)
        results = np.asarray(copies.calculate(*key)).view(np.ndarray)
        count = len(rows.rows[simulation.legislation.variable(key[0]).entity.key])
        of_row = results[place::count]
        differences = of_row[1:] - of_row[0] if of_row.dtype.kind in "if" and not _is_enum(simulation, key) else (of_row[1:] != of_row[0]).astype(float)
        for trial, by in zip(some, differences.tolist(), strict=True):
            found.setdefault(trial.rule.name, []).append((by, trial))
    return found


def _is_enum(simulation: Simulation, key: Key) -> bool:
    return simulation.legislation.variable(key[0]).possible_values is not None


def _copies(simulation: Simulation, rows: Related, trials: Sequence[_Trial], periods: Mapping[str, Sequence[Period]]) -> Simulation:
    """Return a simulation of the related rows as they are, and once more for each trial."""
    number = len(trials) + 1
    counts = {key: len(found) for key, found in rows.rows.items()}
    links: dict[tuple[str, str], Any] = {}
    for names, link in rows.links.items():
        shift = np.repeat(np.arange(number) * counts[names[1]], counts[names[0]])
        index = np.tile(link.index, number)
        roles = None if link.roles is None else np.tile(link.roles, number)
        links[names] = (np.where(index >= 0, index + shift, -1), roles)
    copies = Simulation(simulation.legislation, Population({key: count * number for key, count in counts.items()}, links))
    for (name, at), values in simulation.inputs.items():
        entity = simulation.legislation.variable(name).entity.key
        part = values[rows.rows[entity]]
        copies.set_input(name, at, np.tile(part.decoded() if hasattr(part, "decoded") else part, number), copy=False)
    columns: dict[Key, Any] = {}
    for name, read_at in periods.items():
        rule = simulation.legislation.variable(name)
        column = np.full(counts[rule.entity.key] * number, rule.stored_default, dtype=rule.dtype)
        columns.update(dict.fromkeys(((name, at) for at in read_at), column))
    for copy, trial in enumerate(trials, start=1):
        columns[trial.rule.name, trial.periods[0]][copy * counts[trial.rule.entity.key] + trial.place] = trial.value
    for (name, at), column in columns.items():
        copies.set_input(name, at, column, copy=False)
    return copies


def _found(rule: Rule, at: Sequence[Period], rows: Related, moved: Sequence[tuple[float, _Trial]]) -> Missing:
    said = (rule.name, rule.label, rule.entity.key, tuple(str(each) for each in at), _told(rule, rule.stored_default))
    if not moved:
        return Missing(*said, unit=rule.unit)
    by, trial = max(moved, key=lambda each: abs(each[0]))
    lowest, highest = min(0.0, *(each for each, _ in moved)), max(0.0, *(each for each, _ in moved))
    if not by:
        return Missing(*said, lowest=0.0, highest=0.0, unit=rule.unit)
    row = int(rows.rows[rule.entity.key][trial.place])
    id_ = rows.id(rule.entity.key, trial.place)
    return Missing(*said, lowest=lowest, highest=highest, value=_told(rule, trial.value), row=row, id=id_, unit=rule.unit)


def _told(rule: Rule, value: Any) -> Any:
    if rule.possible_values is not None:
        return rule.possible_values.enums[int(value)].name
    return str(value) if rule.dtype.kind == "M" else value
