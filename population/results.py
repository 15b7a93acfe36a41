"""A law over a user's tables: the results asked for, as tables with the user's identifiers, and what the law refuses.

A row that the law itself refuses (its return code is not 0) keeps its place: its results are empty, and its code says why. The
law refuses at a period: results of another period than the run's are judged by the return code of theirs.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from engine.asked import share_of
from engine.errors import DataError, PeriodMismatchError, VariableNotFoundError, nearest
from engine.periods import ETERNITY, period, unit_weight
from engine.population import Population
from engine.simulation import Simulation
from engine.variables import EnumArray
from population.layout import SOME_YEAR, example_period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from engine.periods import Period, PeriodLike
    from engine.simulation import Progress
    from engine.variables import Rule
    from population.columns import Columns


@dataclass(frozen=True)
class Result:
    """One variable over the rows of its entity, for a period; `name` is that of its column.

    `refused` says which rows the law refuses at that period; None where it refuses none.
    """

    name: str
    rule: Rule
    period: Period
    values: NDArray[Any]
    refused: NDArray[np.bool_] | None = None

    def to_arrow(self) -> pa.Array:
        """Return the values as Arrow holds them, empty where the law refuses the row; members of enumerations by name."""
        values, refused = self.values, self.refused
        if isinstance(values, EnumArray):
            indices = pa.array(values.view(np.ndarray).astype(np.int16), mask=refused)
            return pa.DictionaryArray.from_arrays(indices, pa.array(values.possible_values.names.tolist()))
        return pa.array(values, mask=refused)

    def taken(self, rows: NDArray[np.bool_]) -> Result:
        """Return the result of some of the rows."""
        return replace(self, values=self.values[rows], refused=None if self.refused is None else self.refused[rows])

    @property
    def field_metadata(self) -> dict[str, str]:
        """What a reader of the file may want to know: label, unit, period, references."""
        known = {"label": self.rule.label, "unit": self.rule.unit, "period": str(self.period), "reference": "; ".join(self.rule.reference)}
        return {key: text for key, text in known.items() if text}


@dataclass(frozen=True)
class EntityResults:
    """The results of one entity's rows. `refusals` are the law's return codes, one for each period that the results are of."""

    entity: str
    ids: Mapping[str, NDArray[np.object_]]
    results: tuple[Result, ...]
    refusals: tuple[Result, ...] = ()
    weights: NDArray[np.float64] | None = None


def calculate(
    columns: Columns,
    legislation: Legislation,
    wanted: Iterable[str],
    at: PeriodLike,
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
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    unknown = [name for text in wanted if (name := text.partition("@")[0]) not in legislation.variables]
    if unknown:
        raise VariableNotFoundError(" ".join(f"There is no variable `{name}`.{nearest(name, legislation.variables)}" for name in unknown))
    _all_asked(wanted, legislation, period(at))
    simulation = simulation_of(columns, legislation, threads=threads, block_rows=block_rows)
    return calculate_in(simulation, columns, wanted, at, progress=progress, controls=controls)


def simulation_of(columns: Columns, legislation: Legislation, *, threads: int | None = None, block_rows: int | None = None) -> Simulation:
    """Return the simulation of a table's rows under a law."""
    simulation = Simulation(legislation, Population(columns.counts, columns.links), threads=threads, block_rows=block_rows)
    for (name, when), given in sorted(columns.inputs.items(), key=lambda item: item[0][1].days if not item[0][1].is_eternal else 0):
        simulation.set_input(name, when, given, copy=False)  # shorter periods first: what is known of a year is not shared out again
    return simulation


def calculate_in(
    simulation: Simulation, columns: Columns, wanted: Iterable[str], at: PeriodLike, *, progress: Progress | None = None, controls: bool = True
) -> list[EntityResults]:
    """Return the same in a simulation that was made of these columns (`simulation_of`)."""
    legislation, at = simulation.legislation, period(at)
    asked = _all_asked(wanted, legislation, at)
    codes = [_codes_of(one, legislation, at) if controls else [] for one in asked]
    keys = [(rule.name, when) for _, rule, when in itertools.chain(asked, *codes)]
    values = simulation.calculate_all(dict.fromkeys(keys), progress)
    by_entity: dict[str, list[tuple[Asked, list[Asked]]]] = {}
    for one, its_codes in zip(asked, codes, strict=True):
        by_entity.setdefault(one[1].entity.key, []).append((one, its_codes))
    return [_of_entity(entity, found, values, columns) for entity, found in by_entity.items()]


Asked = tuple[str, "Rule", "Period"]


def _all_asked(wanted: Iterable[str], legislation: Legislation, at: Period) -> list[Asked]:
    """Return each variable asked for with its period. Raises PeriodMismatchError that names all whose period is not of their kind."""
    asked: list[Asked] = []
    unfit: list[str] = []
    for text in dict.fromkeys(wanted):
        name, said, when = text.partition("@")
        rule = legislation.variable(name)
        one = period(when) if said else at
        if rule.definition_period == ETERNITY:
            asked.append((text, rule, period(ETERNITY)))
        elif one.unit != rule.definition_period or one.size != 1:
            unfit.append(f"`{name}` has a value for each {rule.definition_period}, not for `{one}`: say which, as in `{name}@{example_period(rule, one)}`.")
        else:
            asked.append((text, rule, one))
    if unfit:
        raise PeriodMismatchError(" ".join(unfit))
    return asked


def _codes_of(asked: Asked, legislation: Legislation, at: Period) -> list[Asked]:
    """Return the return codes by which the law may refuse a result: those of its period. What is eternal is judged at the run's period `at`.

    A return code that is asked for itself is its own.
    """
    _, rule, when = asked
    name = rule.name if rule.name in legislation.refusals.values() else legislation.refusal_of(rule)
    if name is None:
        return []
    code = legislation.variable(name)
    judged = at if when.is_eternal else when
    unit = code.definition_period
    if unit == ETERNITY:
        periods = [period(ETERNITY)]
    elif judged.is_eternal:
        raise PeriodMismatchError(f"Whether the law refuses a row is said by `{code.name}` for each {unit}: expected a run's period, as `{SOME_YEAR}`.")
    elif unit_weight(judged.unit) >= unit_weight(unit):
        periods = judged.get_subperiods(unit)
    else:
        periods = [share_of(code, judged)[0]]
    return [(code.name if one in (at, period(ETERNITY)) else f"{code.name}@{one}", code, one) for one in periods]


def _of_entity(entity: str, found: Sequence[tuple[Asked, list[Asked]]], values: Mapping[Any, NDArray[Any]], columns: Columns) -> EntityResults:
    refusals: dict[tuple[str, Period], Result] = {}
    for name, rule, when in itertools.chain.from_iterable(codes for _, codes in found):
        refusals.setdefault((rule.name, when), Result(name, rule, when, values[rule.name, when]))
    results = []
    for (name, rule, when), codes in found:
        if (rule.name, when) in refusals:
            refusals[rule.name, when] = replace(refusals[rule.name, when], name=name)
            continue
        refused = np.any([values[code.name, at] != 0 for _, code, at in codes], axis=0) if codes else None
        results.append(Result(name, rule, when, values[rule.name, when], refused if refused is not None and refused.any() else None))
    ids = {entity: columns.ids[entity]} if entity in columns.ids else {}
    return EntityResults(entity, ids, tuple(results), tuple(refusals.values()), columns.weights_of(entity))


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
        for result in (*group.refusals, *group.results):
            arrays.append(result.to_arrow())
            fields.append(pa.field(result.name, arrays[-1].type, metadata=result.field_metadata))
    if len({len(array) for array in arrays}) > 1:
        raise DataError(f"The results of {', '.join(group.entity for group in groups)} have different rows: they do not fit one table.")
    return pa.table(arrays, schema=pa.schema(fields))
