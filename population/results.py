"""A law over a user's tables: the results asked for, as tables with the user's identifiers, and what the law refuses.

A row that the law itself refuses (its return code is not 0) keeps its place: its results are empty, and its code says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from engine.errors import DataError, PeriodMismatchError, VariableNotFoundError, nearest
from engine.periods import ETERNITY, period
from engine.population import Population
from engine.simulation import Simulation
from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.simulation import Progress
    from engine.variables import Rule
    from population.columns import Columns


@dataclass(frozen=True)
class Result:
    """One variable over the rows of its entity, for a period; `name` is that of its column."""

    name: str
    rule: Rule
    period: Period
    values: NDArray[Any]

    def to_arrow(self, refused: NDArray[np.bool_] | None) -> pa.Array:
        """Return the values as Arrow holds them, empty where the law refuses the row; members of enumerations by name."""
        values = self.values
        if isinstance(values, EnumArray):
            indices = pa.array(values.view(np.ndarray).astype(np.int16), mask=refused)
            return pa.DictionaryArray.from_arrays(indices, pa.array(values.possible_values.names.tolist()))
        return pa.array(values, mask=refused)

    @property
    def field_metadata(self) -> dict[str, str]:
        """What a reader of the file may want to know: label, unit, period, references."""
        known = {"label": self.rule.label, "unit": self.rule.unit, "period": str(self.period), "reference": "; ".join(self.rule.reference)}
        return {key: text for key, text in known.items() if text}


@dataclass(frozen=True)
class EntityResults:
    """The results of one entity's rows. `refusal` is the variable with the law's return code, where the law has one for this entity."""

    entity: str
    ids: Mapping[str, NDArray[np.object_]]
    results: tuple[Result, ...]
    refusal: Result | None = None
    weights: NDArray[np.float64] | None = None

    @property
    def refused(self) -> NDArray[np.bool_] | None:
        """Which rows the law refuses; None where it refuses none."""
        if self.refusal is None:
            return None
        refused = np.asarray(self.refusal.values != 0)
        return refused if refused.any() else None


def calculate(
    columns: Columns,
    legislation: Legislation,
    wanted: Sequence[str],
    at: Period,
    *,
    threads: int | None = None,
    block_rows: int | None = None,
    progress: Progress | None = None,
    controls: bool = True,
) -> list[EntityResults]:
    """Return the variables asked for (`name`, or `name@period`), grouped by entity in the order of asking; one pass computes them.

    Without `controls` the law's return codes are neither computed nor heeded.
    Raises VariableNotFoundError for all unknown names at once, PeriodMismatchError where a variable needs its period said, and
    whatever the calculation raises.
    """
    unknown = [name for text in wanted if (name := text.partition("@")[0]) not in legislation.variables]
    if unknown:
        raise VariableNotFoundError(" ".join(f"There is no variable `{name}`.{nearest(name, legislation.variables)}" for name in unknown))
    asked = [_asked(text, legislation, at) for text in dict.fromkeys(wanted)]
    simulation = Simulation(legislation, Population(columns.counts, columns.links), threads=threads, block_rows=block_rows)
    for (name, when), given in sorted(columns.inputs.items(), key=lambda item: item[0][1].days if not item[0][1].is_eternal else 0):
        simulation.set_input(name, when, given, copy=False)  # shorter periods first: what is known of a year is not shared out again
    codes = legislation.refusals if controls else {}
    refusals = {entity: _asked(codes[entity], legislation, at) for entity in dict.fromkeys(rule.entity.key for _, rule, _ in asked) if entity in codes}
    keys = [(rule.name, when) for _, rule, when in [*asked, *refusals.values()]]
    values = simulation.calculate_all(dict.fromkeys(keys), progress)
    by_entity = dict.fromkeys(rule.entity.key for _, rule, _ in asked)
    return [_of_entity(entity, asked, refusals.get(entity), values, columns) for entity in by_entity]


Asked = tuple[str, "Rule", "Period"]


def _asked(text: str, legislation: Legislation, at: Period) -> Asked:
    name, said, when = text.partition("@")
    rule = legislation.variable(name)
    if said:
        return text, rule, period(when)
    if rule.definition_period == ETERNITY:
        return text, rule, period(ETERNITY)
    if at.unit != rule.definition_period or at.size != 1:
        raise PeriodMismatchError(f"`{name}` has a value for each {rule.definition_period}, not for `{at}`: say which, as in `{name}@{_example(rule, at)}`.")
    return text, rule, at


def _example(rule: Rule, at: Period) -> Period:
    try:
        return at.get_subperiods(rule.definition_period)[0]
    except ValueError:
        return at.this_year


def _of_entity(entity: str, asked: Iterable[Asked], refusal: Asked | None, values: Mapping[Any, NDArray[Any]], columns: Columns) -> EntityResults:
    results = [Result(name, rule, when, values[rule.name, when]) for name, rule, when in asked if rule.entity.key == entity]
    code = None
    if refusal is not None:
        name, rule, when = refusal
        code = Result(name, rule, when, values[rule.name, when])
        results = [result for result in results if (result.rule.name, result.period) != (rule.name, when)]
    ids = {entity: columns.ids[entity]} if entity in columns.ids else {}
    return EntityResults(entity, ids, tuple(results), code, columns.weights_of(entity))


def to_table(groups: Sequence[EntityResults]) -> pa.Table:
    """Return results as one table: identifiers, return codes, results. Several entities fit where they have the same rows (a flat table).

    Raises DataError where they have not.
    """
    arrays: list[pa.Array] = []
    fields: list[pa.Field] = []
    for group in groups:
        for key, ids in group.ids.items():
            arrays.append(pa.array(ids, pa.string()))
            fields.append(pa.field(f"{key}_id", pa.string()))
        if group.refusal is not None:
            arrays.append(group.refusal.to_arrow(None))
            fields.append(pa.field(group.refusal.name, arrays[-1].type, metadata=group.refusal.field_metadata))
        for result in group.results:
            arrays.append(result.to_arrow(group.refused))
            fields.append(pa.field(result.name, arrays[-1].type, metadata=result.field_metadata))
    if len({len(array) for array in arrays}) > 1:
        raise DataError(f"The results of {', '.join(group.entity for group in groups)} have different rows: they do not fit one table.")
    return pa.table(arrays, schema=pa.schema(fields))
