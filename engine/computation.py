"""What was computed on the way to results: every variable with its values, the one that read it first, indented by depth.

    disposable_income<2016-10> >> [1927.33333333]
      salary<2016-10> >> [2400.]
      income_tax<2016-10> >> [360.]

What a variable read is told where it is met first; after that it stands alone, for nothing is computed twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import BaremeError
from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.legislation import Legislation
    from engine.simulation import Simulation
    from engine.traces import FigureRead, Key

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Step:
    """A variable at a period, `depth` readings below the result asked for; `values` is an error where they could not be computed."""

    key: Key
    depth: int
    values: Array | BaremeError
    figures: tuple[FigureRead, ...] = ()

    def __str__(self) -> str:
        """Return name and period."""
        return f"{self.key[0]}<{self.key[1]}>"


def steps_of(simulation: Simulation, keys: Iterable[Key], max_depth: int | None = None) -> list[Step]:
    """Return the steps of a simulation that lead to results, by variable and period, each before what it read.

    `max_depth` counts the levels: with 1, the results alone.
    """
    found: list[tuple[Key, int, tuple[FigureRead, ...]]] = []
    known: set[Key] = set()
    pending = [(key, 0) for key in reversed(list(keys))]
    while pending:
        key, depth = pending.pop()
        reads, figures = ((), ()) if key in known else _readings(simulation, key)
        known.add(key)
        found.append((key, depth, figures))
        if max_depth is None or depth + 1 < max_depth:
            pending.extend((read, depth + 1) for read in reversed(reads))
    values = _values(simulation, known)
    return [Step(key, depth, values[key], figures) for key, depth, figures in found]


def _readings(simulation: Simulation, key: Key) -> tuple[tuple[Key, ...], tuple[FigureRead, ...]]:
    try:
        traced = simulation.traced(*key)
    except BaremeError:  # it fails, or was computed within a spiral, where what it read is not kept
        return (), ()
    return traced.reads, traced.figures


def _values(simulation: Simulation, keys: Iterable[Key]) -> Mapping[Key, Array | BaremeError]:
    try:
        return simulation.calculate_all(keys)
    except BaremeError:
        return {key: _value(simulation, key) for key in keys}


def _value(simulation: Simulation, key: Key) -> Array | BaremeError:
    try:
        return simulation.calculate(*key)
    except BaremeError as error:
        return error


def log_lines(
    steps: Iterable[Step], legislation: Legislation, *, aggregate: bool = False, ignore_default: bool = False, indentation: str = "  "
) -> Iterator[str]:
    """Yield a line for each step. `aggregate` gives mean, largest and smallest value in the place of the values (how many of each, where they
    are no numbers); `ignore_default` leaves out what is at its default everywhere.
    """  # noqa: D205 - one sentence for each option
    for step in steps:
        if ignore_default and _is_default(step, legislation):
            continue
        yield f"{indentation * step.depth}{step} >> {_aggregated(step.values) if aggregate else _shown(step.values)}"


def _is_default(step: Step, legislation: Legislation) -> bool:
    default = legislation.variable(step.key[0]).stored_default
    return not isinstance(step.values, BaremeError) and bool(np.all(step.values.view(np.ndarray) == default))


def _shown(values: Array | BaremeError) -> str:
    if isinstance(values, BaremeError):
        return f"error: {values}"
    plain = values.decode_to_str() if isinstance(values, EnumArray) else values
    return np.array2string(plain, max_line_width=1_000_000)


def _aggregated(values: Array | BaremeError) -> str:
    if isinstance(values, BaremeError):
        return f"error: {values}"
    if isinstance(values, EnumArray) or values.dtype.kind not in "bifu":
        plain: Sequence[Any] = (values.decode_to_str() if isinstance(values, EnumArray) else values.astype(str)).tolist()
        return str(dict(Counter(plain).most_common()))
    if not len(values):
        return "{}"
    return str({"avg": float(np.mean(values)), "max": values.max().item(), "min": values.min().item()})
