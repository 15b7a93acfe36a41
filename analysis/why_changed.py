"""Why a result changes under a reform: which of its parts moves it by how many euros, and through which variables the change passes.

    found = why_changed(situation, "reforme.yaml", "impot_net", 2022)
    found.total, [(share.part.name, share.value) for share in found.shares], found.steps

For one row, and for a whole population (`why_budget_changed`). Shares are Shapley's (analysis/shapley.py): they add up to the total. Each law
with some of the parts computes only what it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.calls import reform_of, study
from analysis.explaining import simulation_of
from analysis.outputs import Output
from analysis.readings import readings, reform_parts_of
from analysis.reform_parts import ReformParts
from analysis.shapley import shapley
from analysis.study import Study
from engine.errors import DataError, VariableValueError, nearest
from engine.periods import ETERNITY
from engine.periods import period as as_period
from engine.variables import EnumArray
from legislation import france
from population.situations import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.reform_parts import Part
    from analysis.shapley import Shares
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.simulation import Simulation
    from engine.situation import Situation
    from engine.traces import Key
    from engine.variables import Rule

HOW_OF_A_POPULATION: Final = {"most_exact": 7, "most_trials": 128}
"""A law takes half a second over a population: fewer of them are tried."""
MOST_MEMBERS: Final = 50
"""A group with more members than this, as a commune, is no household: what its other members have is not told."""


@dataclass(frozen=True)
class Share:
    """What a part of the reform contributes; `error` is the standard error of a share that was drawn, None where it is exact."""

    part: Part
    value: float
    error: float | None
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """A variable whose value differs for a row, over periods with the same values; `shares` by the name of the part, where it is a number.

    `parts` are those that its own formula meets: the others come through variables that it reads.
    """

    rule: Rule
    periods: tuple[Period, ...]
    row: int
    id: str
    before: Any
    after: Any
    parts: tuple[str, ...]
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Method:
    """How shares were found: how many sets of parts were tried, and how many orders were drawn (0: shares are exact)."""

    trials: int
    orders: int

    @property
    def is_exact(self) -> bool:
        """Whether every set of parts that matters was tried."""
        return self.orders == 0


@dataclass(frozen=True)
class WhyChanged:
    """Why a variable of one row differs: shares in descending order of size, parts that change nothing of it, and steps in the order of reading."""

    rule: Rule
    period: Period
    row: int
    id: str
    before: float
    after: float
    shares: tuple[Share, ...]
    without_effect: tuple[Part, ...]
    steps: tuple[Step, ...]
    method: Method

    @property
    def total(self) -> float:
        """By how much the variable changes."""
        return self.after - self.before


@dataclass(frozen=True)
class WhyBudgetChanged:
    """Why a result of a study differs: shares in it, and in each further result that moves, by name (`by_result`, by name of the part)."""

    output: str
    label: str
    year: int
    total: float
    shares: tuple[Share, ...]
    without_effect: tuple[Part, ...]
    by_result: Mapping[str, Mapping[str, float]]
    labels: Mapping[str, str]
    method: Method


def why_changed(
    given: Simulation | Situation | Mapping[str, Any] | str | Path,
    reform: Any,
    variable: str,
    period: Any = None,
    row: int | str = 0,
    *,
    law: Legislation | None = None,
    against: Any = None,
    **how: int,
) -> WhyChanged:
    """Return why a variable changes under a reform, for one row of its entity (its number or its id).

    `given`: a simulation under the law in force, a situation as read, as a document or in a file. `against`: the bill that the reform amends:
    the change from bill to reform is told. `how`: `most_exact`, `orders`, `most_trials` and `seed` of `analysis.shapley.shapley`.
    Raises ReformError, VariableNotFoundError, and DataError for a variable that is no number or a row that is not there.
    """
    simulation = _simulation(given, law, period)
    if against is not None:
        simulation = simulation.under(reform_of(against)(simulation.legislation))
    reform_parts = ReformParts.of(simulation.legislation, reform_of(reform)(simulation.legislation))
    rule = simulation.legislation.variable(variable)
    when = as_period("eternity") if rule.definition_period == ETERNITY else as_period(period)
    if rule.dtype.kind not in "fib" or rule.possible_values is not None:
        raise VariableValueError(f"`{variable}` is no number: its change has no shares. Expected a variable of numbers.")
    chain = _Chain(simulation, reform_parts, (variable, when), _row(simulation, rule, row))
    shares = shapley(len(reform_parts.parts), chain.trial, **how)
    return chain.told(shares)


def _simulation(given: Any, law: Legislation | None, period: Any) -> Simulation:
    law = france() if law is None else law
    case = read_document(Path(given), law, period).situation if isinstance(given, str | Path) else given
    return simulation_of(case, period, law).clone()


def _row(simulation: Simulation, rule: Rule, row: int | str) -> int:
    entity, count = rule.entity.key, simulation.population.counts[rule.entity.key]
    ids = [str(each) for each in simulation.population.ids.get(entity, ())]
    if isinstance(row, str):
        if row in ids:
            return ids.index(row)
        raise DataError(f"There is no `{entity}` with the id `{row}`.{nearest(row, ids)}")
    if not 0 <= row < count:
        raise DataError(f"There is no row {row} of `{entity}`: expected a number from 0 to {count - 1}.")
    return row


class _Chain:
    """The variables that lead to one result, before and after, and what sets of parts make of them."""

    def __init__(self, simulation: Simulation, reform: ReformParts, target: Key, row: int) -> None:
        self.reform, self.target, self.row = reform, target, row
        self.before = simulation
        self.after = simulation.under(reform.after)
        self.read_before, self.read_after = readings(simulation, [target]), readings(self.after, [target])
        self.rows = _related(simulation, simulation.legislation.variable(target[0]).entity.key, row)
        self.differing = self._differing()
        self.numbers = [(key, each) for key, each in self.differing if _is_number(self._rule(key)) and key != target]

    def _rule(self, key: Key) -> Rule:
        law = self.after.legislation if key[0] in self.after.legislation.variables else self.before.legislation
        return law.variable(key[0])

    def _differing(self) -> list[tuple[Key, int]]:
        """Return the variables and rows whose values differ, in the order in which the reformed law reads them; a variable of one law alone is left out."""
        keys = [key for key in self.read_after.traced if key in self.read_before.traced]
        values = [_values(simulation, keys) for simulation in (self.before, self.after)]
        found = []
        for key in keys:
            rows = self.rows.get(self._rule(key).entity.key, ())
            found += [(key, row) for row in rows if values[0][key][row] != values[1][key][row]]
        return found

    def trial(self, parts: frozenset[int]) -> tuple[Any, frozenset[int]]:
        """Return the values of the target and of all numbers on the way under the law with some parts, and the parts that matter to them."""
        law = self.reform.law(parts)
        simulation = self.before if law is self.before.legislation else self.after if law is self.after.legislation else self.before.under(law)
        keys = dict.fromkeys([self.target, *(key for key, _ in self.numbers)])
        values = simulation.calculate_all(keys)
        found = np.array([float(values[key][row]) for key, row in [(self.target, self.row), *self.numbers]])
        return found, readings(simulation, keys).parts(self.reform)

    def told(self, shares: Shares) -> WhyChanged:
        """Return the result."""
        rule, parts = self._rule(self.target), self.reform.parts
        before, after = (float(simulation.calculate(*self.target)[self.row]) for simulation in (self.before, self.after))
        found = _shares(self.reform, shares, self.target[1])
        named = {part.part.name for part in found}
        return WhyChanged(
            rule,
            self.target[1],
            self.row,
            _id(self.before, rule, self.row),
            before,
            after,
            found,
            tuple(part for part in parts if part.name not in named),
            tuple(self._steps(shares)),
            Method(shares.trials, shares.orders),
        )

    def _steps(self, shares: Shares) -> Iterable[Step]:
        """Return the steps; periods with the same values are one."""
        columns = {each: 1 + place for place, each in enumerate(self.numbers)} | {(self.target, self.row): 0}
        keys = dict.fromkeys(key for key, _ in self.differing)
        values = [_values(simulation, keys) for simulation in (self.before, self.after)]
        found: dict[Any, Step] = {}
        for key, row in self.differing:
            rule = self._rule(key)
            before, after = (_plain(each[key], row) for each in values)
            column = columns.get((key, row))
            by_part = {} if column is None else {self.reform.parts[part].name: float(shares.shares[part, column]) for part in shares.matter}
            same = (rule.name, row, before, after, tuple(by_part.values()))
            if same in found:
                known = found[same]
                found[same] = Step(rule, (*known.periods, key[1]), row, known.id, before, after, known.parts, known.shares)
                continue
            numbers = {number for read in (self.read_before, self.read_after) for number in reform_parts_of(read.traced[key], key, self.reform)}
            names = tuple(self.reform.parts[number].name for number in sorted(numbers))
            found[same] = Step(rule, (key[1],), row, _id(self.before, rule, row), before, after, names, by_part)
        return found.values()


def _is_number(rule: Rule) -> bool:
    return rule.dtype.kind in "fi" and rule.possible_values is None


def _values(simulation: Simulation, keys: Iterable[Key]) -> dict[Key, Any]:
    return simulation.calculate_all(keys)


def _plain(values: Any, row: int) -> Any:
    if isinstance(values, EnumArray):
        return str(values.decode_to_str()[row])
    found = values[row]
    return found.item() if isinstance(found, np.generic) and values.dtype.kind != "M" else str(found)


def _id(simulation: Simulation, rule: Rule, row: int) -> str:
    ids = simulation.population.ids.get(rule.entity.key)
    return str(row if ids is None else ids[row])


def _related(simulation: Simulation, entity: str, row: int) -> dict[str, Sequence[int]]:
    """Return the rows that a household is made of, by entity: what a row belongs to, and the members of that, and so on."""
    found: dict[str, set[int]] = {entity: {row}}
    pending = [(entity, row)]
    links = simulation.population.links
    while pending:
        key, at = pending.pop()
        near: list[tuple[str, int]] = []
        for (member, group), link in links.items():
            if member == key and link.index[at] >= 0:
                near.append((group, int(link.index[at])))
            if group == key:
                members = np.flatnonzero(link.index == at)
                near += [(member, int(each)) for each in members] if len(members) <= MOST_MEMBERS else []
        for name, each in near:
            if each not in found.setdefault(name, set()):
                found[name].add(each)
                pending.append((name, each))
    return {key: sorted(rows) for key, rows in found.items()}


def _shares(reform: ReformParts, shares: Shares, at: Period) -> tuple[Share, ...]:
    """Return the shares of the parts that matter to the first result, the largest first."""
    first, last = ("0001-01-01", "9999-12-31") if at.is_eternal else (str(at.start), str(at.stop))
    found = []
    for number in shares.matter:
        value = float(shares.shares[number, 0])
        error = None if shares.errors is None else float(shares.errors[number, 0])
        if value or error:
            found.append(Share(reform.parts[number], value, error, *reform.parts[number].told(first, last)))
    return tuple(sorted(found, key=lambda share: (-abs(share.value), share.part.name)))


# A whole population


def why_budget_changed(
    reform: Any,
    output: str = "budget",
    population: Any = None,
    year: int | None = None,
    *,
    against: Any = None,
    how: Mapping[str, int] | None = None,
    **options: Any,
) -> WhyBudgetChanged:
    """Return which part of a reform moves a result of a study by how much: `budget`, `budget.impot_revenu`, `gini` and all that `solve` knows.

    `population`, `year` and `options` as in `bareme.study`, or a Study already made; `how` as in `why_changed`.
    Raises ReformError, and DataError with the results that there are.
    """
    found = population if isinstance(population, Study) else study(population, year, **{"replicates": 0, **options})
    before = found.law if against is None else reform_of(against)(found.law)
    reform_parts = ReformParts.of(before, reform_of(reform)(before))
    results = Output(found, output, before)
    shares = shapley(len(reform_parts.parts), lambda parts: results.trial(reform_parts, parts), **{**HOW_OF_A_POPULATION, **(how or {})})
    told = _shares(reform_parts, shares, found.period)
    named = {share.part.name for share in told}
    moved = [place for place, each in enumerate(shares.total) if place and each]
    by_result = {results.names[place]: {reform_parts.parts[number].name: float(shares.shares[number, place]) for number in shares.matter} for place in moved}
    return WhyBudgetChanged(
        output,
        results.labels[0],
        found.year,
        float(shares.total[0]),
        told,
        tuple(part for part in reform_parts.parts if part.name not in named),
        by_result,
        {results.names[place]: results.labels[place] for place in moved},
        Method(shares.trials, shares.orders),
    )
