"""What a case expects, value by value: the forms of `output` brought to one.

    output: {income_tax: 100}                        every row, or a list with a value for each
    output: {household: {rent: 5}}                   the same, within the entity's singular
    output: {persons: {ana: {income_tax: 100}}}      one row, by id, within the entity's plural

Each value may be given by period: `{income_tax: {2020: 100, 2021: 110}}`. Lenient variables (see `Rule`) may besides stand
within another entity, beneath a level that is no period (`{income_tax: {year: {2020: 100}}}`), and with one value in a list
for all rows, or several, all the same, for the only row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from engine.errors import PeriodError, Problem, SituationError, nearest
from engine.parameters import YamlMapping
from engine.periods import ETERNITY, Period
from engine.periods import period as as_period

if TYPE_CHECKING:
    from engine.entities import Entity
    from engine.legislation import Legislation
    from engine.situation import Situation
    from engine.variables import Rule
    from engine.yaml_tests.cases import Case


@dataclass(frozen=True)
class Expectation:
    """One value expected: of a variable at a period, in one row, whose id is told where there are several."""

    rule: Rule
    period: Period
    row: int
    id: str
    expected: Any
    line: int | None


def read_expectations(legislation: Legislation, case: Case, situation: Situation) -> list[Expectation]:
    """Return all values that a case expects. Raises SituationError with every problem of its `output`."""
    reader = _Reader(legislation, case, situation)
    found = list(reader.read())
    if reader.problems:
        raise SituationError(reader.problems)
    return found


class _Reader:
    """Reads the output of one case."""

    def __init__(self, legislation: Legislation, case: Case, situation: Situation) -> None:
        self.legislation = legislation
        self.case = case
        self.situation = situation
        self.problems: list[Problem] = []

    def wrong(self, line: int | None, message: str) -> None:
        """Note a problem at a line of the file."""
        self.problems.append(Problem(f"{self.case.file}:{line or self.case.line}", message))

    def read(self) -> Iterator[Expectation]:
        """Yield the values expected."""
        entities = self.legislation.entities
        plurals = {entity.plural: entity for entity in entities.values()}
        for key, value, line in _items(self.case.output or {}):
            if key in self.legislation.variables:
                yield from self.of_variable(key, value, None, line)
            elif key in entities:
                yield from self.of_mapping(value, entities[key], None, line)
            elif key in plurals:
                yield from self.of_ids(value, plurals[key], line)
            else:
                known = [*plurals, *entities, *self.legislation.variables]
                self.wrong(line, f"there is no variable or entity `{key}`.{nearest(key, known)}")

    def of_ids(self, value: Any, entity: Entity, line: int | None) -> Iterator[Expectation]:
        """Yield what is expected of rows by id."""
        if not isinstance(value, Mapping):
            self.wrong(line, f"`{entity.plural}`: expected ids of {entity.plural}, each with its variables; got {value!r}.")
            return
        ids = self.situation.population.ids[entity.key]
        for id_, each, line_of_id in _items(value):
            if id_ in ids:
                yield from self.of_mapping(each, entity, ids.index(id_), line_of_id or line)
            else:
                self.wrong(line_of_id or line, f"there is no {entity.key} `{id_}` in the input.{nearest(id_, ids)}")

    def of_mapping(self, value: Any, entity: Entity, row: int | None, line: int | None) -> Iterator[Expectation]:
        """Yield what is expected of variables of an entity."""
        if not isinstance(value, Mapping):
            self.wrong(line, f"`{entity.key}`: expected variables and their values; got {value!r}.")
            return
        for name, each, line_of_name in _items(value):
            rule = self.legislation.variables.get(name)
            if rule is None or (rule.entity.key != entity.key and not self.may_be_of_another(rule, row)):
                known = [other.name for other in self.legislation.variables.values() if other.entity.key == entity.key]
                meant = nearest(name, known) if rule is None else f" It is one of `{rule.entity.key}`: expected it within `{rule.entity.plural}`."
                self.wrong(line_of_name or line, f"`{entity.key}` has no variable `{name}`.{meant}")
            else:
                yield from self.of_variable(name, each, row, line_of_name or line)

    def may_be_of_another(self, rule: Rule, row: int | None) -> bool:
        """Whether a variable may stand within an entity that is not its own: OpenFisca takes its rows for those meant."""
        return rule.is_lenient and (row is None or row < len(self.situation.population.ids[rule.entity.key]))

    def of_variable(self, name: str, value: Any, row: int | None, line: int | None) -> Iterator[Expectation]:
        """Yield what is expected of a variable, at the case's period or at those given."""
        rule = self.legislation.variable(name)
        if isinstance(value, Mapping):
            for text, each, line_of_period in _items(value):
                if rule.is_lenient and isinstance(each, Mapping):  # OpenFisca passes over the level: the period within is meant
                    yield from self.of_variable(name, each, row, line_of_period or line)
                    continue
                try:
                    at = as_period(text)
                except PeriodError as error:
                    self.wrong(line_of_period or line, f"`{name}`: {error}")
                else:
                    yield from self.of_rows(rule, at, each, row, line_of_period or line)
        elif self.case.period is not None or rule.definition_period == ETERNITY:
            yield from self.of_rows(rule, self.case.period or as_period("eternity"), value, row, line)
        else:
            self.wrong(line, f"`{name}`: expected values by period, as {{2020: {value!r}}}; the case has no period.")

    def of_rows(self, rule: Rule, at: Period, value: Any, row: int | None, line: int | None) -> Iterator[Expectation]:
        """Yield the values expected of one row, or of all: one for each, or the same for all."""
        ids = self.situation.population.ids[rule.entity.key]
        rows = range(len(ids)) if row is None else [row]
        values = value if isinstance(value, list) else [value] * len(rows)
        if rule.is_lenient and values and 1 in (len(rows), len(values)):  # OpenFisca compares the one with each of the others
            pairs = list(product(rows, values))
        elif len(values) == len(rows):
            pairs = list(zip(rows, values, strict=True))
        else:
            self.wrong(line, f"`{rule.name}`: expected {len(rows)} values, one for each {rule.entity.key}; got {len(values)}.")
            return
        for each, expected in pairs:
            if expected is None:
                self.wrong(line, f"`{rule.name}`: expected a value; it is empty.")
            else:
                yield Expectation(rule, at, each, str(ids[each]) if len(ids) > 1 else "", expected, line)


def _items(mapping: Mapping[str, Any]) -> Iterator[tuple[str, Any, int | None]]:
    lines = mapping.lines if isinstance(mapping, YamlMapping) else {}
    for key, value in mapping.items():
        yield str(key), value, lines.get(key)
