"""The values that a situation gives, gathered into columns, and shared among the periods that variables have.

Rows of one variable may be given for different periods: one person's salary by month, another's by year. Each row is split
by itself, as if it were alone in the situation, the shortest periods first, so that a year's amount goes to the months that
are not given. Rows that are given nothing have the variable's default, as in OpenFisca.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import deadline
from engine.errors import BaremeError
from engine.periods import ETERNITY, Period, shortest_first
from engine.periods import period as as_period
from engine.situation.problems import Path, Problems
from engine.variables import EnumArray, Rule

if TYPE_CHECKING:
    from engine.axes import Axis

Array = np.ndarray[Any, Any]
Key = tuple[str, Period]
PathOf = Callable[[Rule, int, Period], Path]


@dataclass
class Column:
    """One variable's values at one period as given: which rows have one, and the values."""

    has: Array
    values: Array

    @classmethod
    def empty(cls, rule: Rule, count: int) -> Column:
        """Return a column of so many rows of which none is given."""
        return cls(np.zeros(count, dtype=np.bool_), np.asarray(rule.default_array(count)).view(np.ndarray))

    def repeated(self, times: int) -> Column:
        """Return the column of so many copies of the rows."""
        return Column(np.tile(self.has, times), np.tile(self.values, times))


class Columns:
    """The columns of all variables given. `counts` is the number of rows of each entity."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = dict(counts)
        self.rules: dict[str, Rule] = {}
        self._columns: dict[str, dict[Period, Column]] = {}

    def column(self, rule: Rule, at: Period) -> Column:
        """Return the column of a variable at a period, made now if it is new; at eternity for a variable for all time."""
        self.rules[rule.name] = rule
        periods = self._columns.setdefault(rule.name, {})
        when = as_period("eternity") if rule.definition_period == ETERNITY else at
        if when not in periods:
            deadline.check()
            periods[when] = Column.empty(rule, self.counts[rule.entity.key])
        return periods[when]

    def repeat(self, times: int) -> None:
        """Repeat all rows so many times, one copy after the other."""
        self.counts = {key: count * times for key, count in self.counts.items()}
        self._columns = {name: {at: column.repeated(times) for at, column in periods.items()} for name, periods in self._columns.items()}

    def vary(self, axis: Axis, values: Array, rows_of_one: int) -> None:
        """Give the row of an axis its value in each copy. Raises VariableValueError for decimals of a variable that has none."""
        column = self.column(axis.rule, axis.period)
        rows = axis.index + rows_of_one * np.arange(len(values))
        column.has[rows] = True
        column.values[rows] = np.asarray(axis.rule.cast_array(values))

    # Sharing among the periods of the variables

    def inputs(self, path_of: PathOf, problems: Problems) -> tuple[dict[Key, Array], dict[Key, Array]]:
        """Return the columns of each variable at its own periods, and, where a formula would have given them, the rows left out.

        Inputs that contradict each other are problems.
        """
        found: dict[Key, Array] = {}
        left_out: dict[Key, Array] = {}
        for name, periods in self._columns.items():
            rule = self.rules[name]
            for at, column in _Split(rule, periods, path_of, problems).run().items():
                column.values.flags.writeable = False
                found[name, at] = column.values if rule.possible_values is None else EnumArray(column.values, rule.possible_values)
                if rule.formula_at(at) is not None and not column.has.all():
                    left_out[name, at] = np.flatnonzero(~column.has)
        return found, left_out


class Sharing:
    """How one variable's columns go to its own periods; that depends on which rows are given for which periods, and not on the values."""

    def __init__(self, rule: Rule, has: Mapping[Period, Array]) -> None:
        self.rule = rule
        self.count = len(next(iter(has.values())))
        self.alike = list(self._alike(dict(sorted(has.items(), key=lambda item: shortest_first(item[0])))))

    @staticmethod
    def _alike(has: Mapping[Period, Array]) -> Iterator[tuple[Array, list[Period]]]:
        """Yield the rows that are given for the same periods, with these periods, the shortest first."""
        patterns, pattern_of = np.unique(np.array(list(has.values())), axis=1, return_inverse=True)
        pattern_of = pattern_of.reshape(-1)
        for number, pattern in enumerate(patterns.T):
            periods = [at for at, given in zip(has, pattern, strict=True) if given]
            if periods:
                yield np.flatnonzero(pattern_of == number), periods

    def shared(self, values: Mapping[Period, Array]) -> dict[Period, Column]:
        """Return the columns at the variable's own periods, with the default where a row is given nothing. Raises BaremeError."""
        found: dict[Period, Column] = {}
        for rows, periods in self.alike:
            known: dict[Period, Array] = {}
            for at in periods:
                known.update(self.part(at, values[at][rows], known))
            self.put(found, rows, known)
        return found

    def put(self, found: dict[Period, Column], rows: Array, parts: Mapping[Period, Array]) -> None:
        """Put the values of some rows into the columns of their periods."""
        for at, part in parts.items():
            column = found.get(at) or found.setdefault(at, Column.empty(self.rule, self.count))
            column.has[rows], column.values[rows] = True, part

    def part(self, at: Period, values: Array, known: Mapping[Period, Array]) -> dict[Period, Array]:
        """Return the values of rows that are given for a period, by the variable's own; `known` are those of shorter ones. Raises BaremeError."""
        rule = self.rule
        if at.is_eternal or (at.unit == rule.definition_period and at.size == 1):
            return {at: values}
        assert rule.set_input is not None  # reading a value refuses other periods where there is no rule
        return {part: np.asarray(rule.cast_array(column)).view(np.ndarray) for part, column in rule.set_input(rule, at, values, known).items()}


class _Split:
    """One variable's columns on their way to the variable's own periods, and the problems on it."""

    def __init__(self, rule: Rule, columns: Mapping[Period, Column], path_of: PathOf, problems: Problems) -> None:
        self.rule = rule
        self.columns = columns
        self.path_of = path_of
        self.problems = problems

    def run(self) -> dict[Period, Column]:
        """Return the columns at the variable's own periods, with the default where a row is given nothing."""
        if len(self.columns) == 1:
            ((at, column),) = self.columns.items()
            if at.is_eternal or (at.unit == self.rule.definition_period and at.size == 1):
                return {at: column}
        sharing = Sharing(self.rule, {at: column.has for at, column in self.columns.items()})
        found: dict[Period, Column] = {}
        for rows, periods in sharing.alike:
            sharing.put(found, rows, self._shared(sharing, rows, periods))
        return found

    def _shared(self, sharing: Sharing, rows: Array, periods: list[Period]) -> dict[Period, Array]:
        known: dict[Period, Array] = {}
        for at in periods:
            try:
                known.update(sharing.part(at, self.columns[at].values[rows], known))
            except BaremeError as error:
                if len(rows) > 1:  # once more, row by row, to say which of them is wrong
                    return self._one_by_one(sharing, rows, periods)
                message = str(error).replace(" in row 0", "")  # the place says which row
                self.problems.add(self.path_of(self.rule, int(rows[0]), at), message)
                return {}
        return known

    def _one_by_one(self, sharing: Sharing, rows: Array, periods: list[Period]) -> dict[Period, Array]:
        alone = [self._shared(sharing, rows[place : place + 1], periods) for place in range(len(rows))]
        shared = [at for at in alone[0] if all(at in parts for parts in alone)]
        return {at: np.concatenate([parts[at] for parts in alone]) for at in shared}
