"""Situations: what is known of some persons, their households and all else, as JSON says it.

`read_situation` checks a document against a law and reports all that is wrong at once, by path. What it returns is frozen and
holds no law: a population, inputs at the variables' own periods, and what the document asks for (the values that are null).
`simulation_from` makes a simulation of it, of the same law or of a reform.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.asked import check_period
from engine.axes import Grid, read_axes
from engine.errors import BaremeError, DataError, PeriodError, PeriodMismatchError, VariableError, VariableValueError, nearest
from engine.periods import ETERNITY, Period, PeriodLike
from engine.periods import period as as_period
from engine.population import Population
from engine.simulation import Simulation
from engine.situation.columns import Columns
from engine.situation.forms import Form, is_list, read_form
from engine.situation.memberships import Keys, Memberships
from engine.situation.problems import NOT_FOUND, Path, Problems
from engine.situation.unknown_names import KnownNames

if TYPE_CHECKING:
    from engine.entities import Entity
    from engine.legislation import Legislation
    from engine.variables import Rule

Key = tuple[str, Period]
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Requested:
    """A value that the document leaves to compute: `path` leads to the null, `row` is the row of the variable's entity."""

    variable: str
    period: Period
    entity: str
    id: str
    row: int
    path: Path


@dataclass(frozen=True)
class Situation:
    """A situation that was read: who there is, what is given, and what is asked for.

    `inputs` are columns by variable and period of the variable's own kind, one value per row. Where the rows given are not all
    of them, the others have the default, as in OpenFisca, even if the variable has a formula: `left_out` tells these rows. With
    axes there are `cells` copies of the situation, one after the other; `requested` names the rows of the first.
    """

    population: Population
    inputs: Mapping[Key, Array]
    requested: tuple[Requested, ...]
    left_out: Mapping[Key, Array]
    cells: int = 1

    @property
    def ids(self) -> Mapping[str, tuple[str, ...]]:
        """Return the ids of each entity's rows, by the entity's key."""
        return {key: tuple(ids) for key, ids in self.population.ids.items()}

    def row(self, entity: str, id_: Any) -> int:
        """Return the row of an id. Raises DataError where there is none."""
        ids = self.population.ids[entity]
        if str(id_) not in ids:
            raise DataError(f"There is no {entity} `{id_}`.{nearest(str(id_), ids)}")
        return ids.index(str(id_))

    def rows_in_cells(self, requested: Requested) -> Array:
        """Return the rows of a requested value in each cell."""
        return requested.row + self.population.counts[requested.entity] // self.cells * np.arange(self.cells)


def read_situation(legislation: Legislation, document: Any, period: PeriodLike | None = None) -> Situation:
    """Return the situation of a document in OpenFisca's form, as parsed from JSON.

    `period` is that of values given without one. Raises SituationError with every problem: its path, its message, and the
    status for a web API (`SituationProblem`).
    """
    return _Reader(legislation, period).read(document)


def simulation_from(
    legislation: Legislation,
    situation: Situation | Mapping[str, Any],
    period: PeriodLike | None = None,
    *,
    block_rows: int | None = None,
    threads: int | None = None,
) -> Simulation:
    """Return the simulation of a situation, read or as a document (see `read_situation`), under a law."""
    read = situation if isinstance(situation, Situation) else read_situation(legislation, situation, period)
    simulation = Simulation(legislation, read.population, block_rows=block_rows, threads=threads)
    for (name, at), values in read.inputs.items():
        simulation.set_input(name, at, values)
    return simulation


def stored_value(rule: Rule, value: Any) -> Any:
    """Return a value as its column holds it. Raises VariableValueError or EnumMemberNotFoundError."""
    checked = rule.check_value(value)
    if isinstance(checked, float) and not math.isfinite(checked):
        raise VariableValueError(f"Variable `{rule.name}` expects a finite number; got {value!r}.")
    return checked.index if rule.possible_values is not None else checked  # type: ignore[union-attr]


class _Reader:
    """Reads one document."""

    def __init__(self, legislation: Legislation, period: PeriodLike | None) -> None:
        self.legislation = legislation
        self.default_period = period
        self.problems = Problems()
        self.keys = Keys(legislation)
        self.names = KnownNames(legislation, self.keys)
        self.requested: list[Requested] = []
        self.paths: dict[tuple[str, int, Period], Path] = {}
        self.ids: Mapping[str, list[str]] = {}

    def read(self, document: Any) -> Situation:
        """Return the situation, or raise all problems."""
        form = read_form(self.names, document, self.problems)
        population = self.population(form)
        columns = Columns(population.counts)
        if form.variables is not None:
            self.read_variables(form.variables, columns)
        else:
            self.read_instances(form, columns)
        grid = None if form.axes is None else read_axes(self.legislation, form.axes, self.default_period, self.problems.add)
        if grid is not None:
            self.expand(grid, columns)
        counts = dict(population.counts)

        def path_of(rule: Rule, row: int, at: Period) -> Path:
            return self.paths.get((rule.name, row % counts[rule.entity.key], at), (rule.name,))

        inputs, left_out = columns.inputs(path_of, self.problems)
        self.problems.raise_any()
        cells = 1 if grid is None else grid.cells
        population = population if grid is None else _repeated(population, cells)
        return Situation(population, MappingProxyType(inputs), tuple(self.requested), MappingProxyType(left_out), cells)

    # Rows and links

    def population(self, form: Form) -> Population:
        """Return the rows of every entity and their links."""
        if form.variables is None:
            memberships = Memberships(self.legislation, form.instances, self.keys, self.problems)
            self.ids = memberships.ids
            return memberships.population()
        ids = [str(number) for number in range(form.count)]
        self.ids = dict.fromkeys(self.legislation.entities, ids)
        rows = np.arange(form.count)
        roles = np.zeros(form.count, dtype=np.int16)
        links: dict[tuple[str, str], Any] = {}
        for member, group in self.legislation.links:
            links[member, group] = (rows, roles) if self.legislation.entities[group].flattened_roles else rows
        return Population(dict.fromkeys(self.legislation.entities, form.count), links, self.ids)

    # Values

    def read_instances(self, form: Form, columns: Columns) -> None:
        """Read the variables of each instance."""
        for key, instances in form.instances.items():
            entity, others = self.legislation.entities[key], self.keys.are_of(key)
            for row, instance in enumerate(instances):
                for name, value in instance.said.items():
                    rule = None if name in others else self.rule(name, entity, (*instance.path, name), value)
                    if rule is not None:
                        # OpenFisca gives the values of the only row described to those added for members left out too
                        rows = range(columns.counts[key]) if rule.is_lenient and len(instances) == 1 else range(row, row + 1)
                        self.read_values(rule, value, rows, columns, (*instance.path, name))

    def read_values(self, rule: Rule, value: Any, rows: range, columns: Columns, path: Path) -> None:
        """Note the values of a variable by period, the same for each of some rows; a null is asked of the first."""
        for path_of_value, at, given in self.dated(rule, value, path):
            for row in rows if given is not None else rows[:1]:
                self.give(columns, rule, at, row, given, path_of_value)

    def read_variables(self, variables: Mapping[str, Any], columns: Columns) -> None:
        """Read variables given as lists of values, one per row, or one value for all rows."""
        for name, value in variables.items():
            rule = self.legislation.variable(name)
            for path, at, given in self.dated(rule, value, (name,)):
                if isinstance(given, np.ndarray) and given.ndim:
                    self.give_all(columns, rule, at, given, path)
                    continue
                count = columns.counts[rule.entity.key]
                each = given if is_list(given) else [given] * count
                for row, item in enumerate(each[:count]):
                    self.give(columns, rule, at, row, item, (*path, str(row)) if is_list(given) else path)

    @staticmethod
    def plural_meant(entity: Entity, path: Path, said: Any) -> str:
        """Say that ids stand below the plural, where an id seems to stand below a singular key."""
        is_row = path[:-1] == (entity.key,) and isinstance(said, Mapping) and not any(str(key)[:1].isdigit() for key in said)
        return f" Below `{entity.key}` are its roles and variables; ids stand below `{entity.plural}`." if is_row else ""

    def rule(self, name: str, entity: Entity, path: Path, said: Any) -> Rule | None:
        """Return a variable of an entity, of which something is said, or note that there is none."""
        rule = self.legislation.variables.get(name)
        if rule is None:
            meant = self.names.meant(name, entity)
            self.problems.add(path, f"`{entity.key}` has no variable or role `{name}`.{meant}{self.plural_meant(entity, path, said)}", NOT_FOUND)
        elif rule.entity.key != entity.key:
            self.problems.add(path, f"`{name}` is a variable of `{rule.entity.key}`, not of `{entity.key}`: expected it within `{rule.entity.plural}`.")
            return None
        return rule

    def dated(self, rule: Rule, value: Any, path: Path) -> Iterator[tuple[Path, Period, Any]]:
        """Yield the values of a variable with their periods, each with the path to it."""
        if isinstance(value, Mapping):
            for text, given in value.items():
                at = self.period(rule, text, (*path, str(text)))
                if at is not None:
                    yield (*path, str(text)), at, given
            return
        if rule.definition_period == ETERNITY:
            yield path, as_period("eternity"), value
        elif self.default_period is not None:
            at = self.period(rule, self.default_period, path)
            if at is not None:
                yield path, at, value
        else:
            example = {"month": "2017-01", "day": "2017-01-31", "week": "2017-W05", "weekday": "2017-W05-1"}.get(str(rule.definition_period), "2017")
            self.problems.add(path, f'expected an object with a value for each period, as {{"{example}": {value!r}}}; there is no default period.')

    def period(self, rule: Rule, text: Any, path: Path) -> Period | None:
        """Return a period for which a variable may be given, or note why it is none."""
        try:
            at = as_period(text)
        except PeriodError as error:
            self.problems.add(path, str(error))
            return None
        if rule.definition_period == ETERNITY:
            return as_period("eternity")
        is_own = at.unit == rule.definition_period and at.size == 1
        if is_own or (rule.set_input is not None and not at.is_eternal):
            return at
        self.problems.add(path, f"`{rule.name}` is defined for a {rule.definition_period}: it cannot be given for {at}, nor asked for.")
        return None

    def give(self, columns: Columns, rule: Rule, at: Period, row: int, value: Any, path: Path) -> None:
        """Note one value; a null is asked for."""
        if value is None:
            self.ask(rule, at, row, path)
        elif rule.exists_at(at):
            try:
                stored = stored_value(rule, value)
            except (VariableError, PeriodError) as error:
                self.problems.add(path, str(error))
                return
            self.put(columns, rule, at, row, stored, path)

    def give_all(self, columns: Columns, rule: Rule, at: Period, values: Array, path: Path) -> None:
        """Note the values of all rows, given as an array."""
        try:
            cast = np.asarray(rule.cast_array(values)).view(np.ndarray)
        except VariableError as error:
            self.problems.add(path, str(error))
            return
        if cast.dtype.kind == "f" and not np.isfinite(cast).all():
            self.problems.add(path, f"Variable `{rule.name}` expects finite numbers.")
        if rule.exists_at(at) and len(cast) == columns.counts[rule.entity.key]:
            column = columns.column(rule, at)
            column.has[:], column.values[:] = True, cast

    def put(self, columns: Columns, rule: Rule, at: Period, row: int, stored: Any, path: Path) -> None:
        """Put a value into its column; two values of one row at one period are a problem."""
        column = columns.column(rule, at)
        if column.has[row] and column.values[row] != stored:
            before = "/".join(self.paths.get((rule.name, row, at), (rule.name,)))
            self.problems.add(path, f"`{rule.name}` is given twice for {at}: at {before} it has another value.")
            return
        column.has[row], column.values[row] = True, stored
        self.paths[rule.name, row, at] = path

    def ask(self, rule: Rule, at: Period, row: int, path: Path) -> None:
        """Note that a value is to be computed."""
        try:
            wanted = check_period(rule, at)
        except PeriodMismatchError as error:
            self.problems.add(path, str(error))
            return
        self.requested.append(Requested(rule.name, wanted, rule.entity.key, self.ids[rule.entity.key][row], row, path))

    # Axes

    def expand(self, grid: Grid, columns: Columns) -> None:
        """Repeat the rows for each cell of the grid and let its axes vary."""
        ones = dict(columns.counts)
        columns.repeat(grid.cells)
        for number, axes in enumerate(grid.dimensions):
            for axis in axes:
                count = ones[axis.rule.entity.key]
                if axis.index >= count:
                    message = f"there are {count} {axis.rule.entity.plural}: expected a place from 0 to {count - 1}; got {axis.index}."
                    self.problems.add((*axis.path, "index"), message)
                    continue
                if self.period(axis.rule, axis.period, (*axis.path, "period")) is None:
                    continue
                try:
                    columns.vary(axis, grid.values(number, axis), count)
                except BaremeError as error:
                    self.problems.add(axis.path, str(error))


def _repeated(population: Population, times: int) -> Population:
    """Return so many copies of a population, one after the other; ids get a running number, as in OpenFisca."""
    counts = {key: count * times for key, count in population.counts.items()}
    links: dict[tuple[str, str], Any] = {}
    for names, link in population.links.items():
        shift = np.repeat(np.arange(times) * population.counts[names[1]], len(link.index))
        index = np.tile(link.index, times)
        rows = np.where(index >= 0, index + shift, index)
        links[names] = rows if link.roles is None else (rows, np.tile(link.roles, times))
    ids = {key: tuple(f"{id_}{number}" for number, id_ in enumerate(list(names) * times)) for key, names in population.ids.items()}
    return Population(counts, links, ids)
