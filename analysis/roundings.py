"""Large steps of roundings told as cliffs are: the rule that rounds, its article, by how much the result steps, and how often.

An amount rounded to the euro makes steps of a euro, and nobody calls them cliffs; an income rounded up to the next hundred euros, from which
a benefit falls by a quarter, makes steps of 25 euros a month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.curve_causes import owners_of, references_of
from engine.marginal import nodes_of
from engine.rounding_steps import rounding_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.curve_line import Line
    from engine.graph.derivatives import Moved
    from engine.legislation import Legislation
    from engine.simulation import Simulation
    from engine.traces import Key

    Floats = np.ndarray[Any, np.dtype[np.float64]]

LARGE_STEP: Final = 5.0
"""Euros from which a step of a rounding is told."""
MOST_POINTS: Final = 65
SAME: Final = 9


@dataclass(frozen=True)
class Rounding:
    """A rule that rounds: `step` is the largest of the result towards more, `every` how far the income moves between two there, `low` to `high` where."""

    variable: str
    rule: str
    label: str
    references: tuple[str, ...]
    step: float
    every: float
    low: float
    high: float


def roundings_of(line: Line, start: float, stop: float, smallest: float = LARGE_STEP) -> list[Rounding]:
    """Return the roundings that make a result step by so many euros and more, somewhere on a line, the largest first."""
    at = np.linspace(start, stop, MOST_POINTS)
    simulation, moved = line.moved(at)
    cells = {entity: np.repeat(np.arange(len(at)), count) for entity, count in line.situation.population.counts.items()}
    found = []
    for output in line.outputs:
        for key, (step, distance) in steps_by_rule(simulation, moved, output, cells).items():
            large = np.abs(step) >= smallest
            if large.any():
                largest = int(np.argmax(np.abs(step)))
                words = words_of_rule(line.law, key)
                places = at[large]
                found.append(Rounding(output[0], key, *words, float(step[largest]), float(distance[largest]), float(places[0]), float(places[-1])))
    return sorted(found, key=lambda each: -abs(each.step))


def steps_by_rule(simulation: Simulation, moved: Moved, output: Key, cells: Mapping[str, Any]) -> dict[str, tuple[Floats, Floats]]:
    """Return, by variable that rounds, the largest step of a result in each cell and the distance between two; `cells` gives that of each entity's rows.

    Roundings of one variable that round the same amount (twelve months of one income) step together: they are added up.
    """
    nodes = nodes_of(simulation, *output)
    seeds: dict[int, Floats] = {}
    for node in nodes:
        own = cells[str(node.entity)] if node.entity is not None else np.zeros(0)
        seeds[node.number] = seeds.get(node.number, 0.0) + np.where(own >= 0, 1.0, 0.0)
    owners = owners_of(simulation, [output])
    count = 1 + max((int(own.max()) for own in cells.values() if len(own)), default=-1)
    together: dict[tuple[str, bytes], list[Floats]] = {}
    for each in rounding_steps(simulation, moved, nodes, seeds):
        key = owners.get(each.node.number)
        own = cells.get(str(each.node.entity))
        if key is None or own is None:
            continue
        step, distance = _by_cell(each.step, each.distance, own, count)
        same = (key[0], np.round(each.rounded, SAME).tobytes())
        if same in together:
            together[same][0] = together[same][0] + step
        else:
            together[same] = [step, distance]
    found: dict[str, tuple[Floats, Floats]] = {}
    for (rule, _), (step, distance) in together.items():
        known = found.get(rule)
        larger = np.ones(count, dtype=bool) if known is None else np.abs(step) > np.abs(known[0])
        found[rule] = (step, distance) if known is None else (np.where(larger, step, known[0]), np.where(larger, distance, known[1]))
    return found


def _by_cell(step: Floats, distance: Floats, own: Any, count: int) -> tuple[Floats, Floats]:
    """Return the largest step among the rows of each cell, and its distance."""
    rows = np.flatnonzero((own >= 0) & np.isfinite(distance) & (step != 0))
    rows = rows[np.argsort(np.abs(step[rows]), kind="stable")]  # the largest is written last
    largest, apart = np.zeros(count), np.full(count, np.inf)
    largest[own[rows]], apart[own[rows]] = step[rows], distance[rows]
    return largest, apart


def words_of_rule(law: Legislation, name: str) -> tuple[str, tuple[str, ...]]:
    """Return a rule's label and its articles."""
    rule = law.variable(name)
    return str(rule.label or name), references_of(rule)


def lines_of(found: list[Rounding]) -> Iterator[str]:
    """Yield a line of text for each rounding, in the words of those who read the law."""
    from analysis.curve_tables import amount_of  # noqa: PLC0415 - curves stand on this module

    for each in found:
        articles = " ; ".join(each.references) or "sans article"
        often = f"tous les {amount_of(each.every, decimals=0)} € environ, de {amount_of(each.low, decimals=0)} à {amount_of(each.high, decimals=0)} €"
        yield f"{each.variable} {amount_of(each.step, signed=True)} € au plus, {often} : arrondi de {each.rule} ({articles})"
