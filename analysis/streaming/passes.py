"""The two passes over the columns that parts keep of each household: deciles and inequality first, then effects by group and their medians."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.effects import GAINING, LOSING, SENSES, Effects, senses
from analysis.groups import BY_INCOME, BY_STANDARD
from analysis.replicates import draws_of
from analysis.streaming import exact
from analysis.streaming.buckets import Buckets, cuts_of
from analysis.streaming.combined import CHANGE, EVERYBODY, INCOME, STANDARD, people_of
from analysis.streaming.exact import Sums
from analysis.streaming.ordered import decile_cuts, inequality, medians

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from analysis.groups import Grouping
    from analysis.streaming.combined import Combined
    from analysis.streaming.packing import Packed

    Floats = NDArray[np.float64]
    Parts = Callable[[], Iterator[Packed]]

_ROWS: Final = (("key", "u8"), ("weight", "f8"))
_MOVING: Final = (GAINING, LOSING)
_THREADS: Final = 4
"""At most: each holds a range of rows."""


def first_pass(combined: Combined, parts: Parts, folder: Path) -> None:
    """Find deciles and inequality."""
    drawing, unit = combined.drawing, combined.unit_of_weights
    named = [name for name in combined.samples if not name.startswith(CHANGE)]
    buckets = {name: Buckets(folder, name.replace("/", "-"), _ROWS, cuts_of(combined.samples[name], combined.told.households)) for name in named}
    households, people = 0.0, np.zeros(drawing.replicates + 1)
    for part in parts():
        ordinary = np.flatnonzero(part["rows/ordinary"])
        key = part["rows/key"][ordinary]
        weight, persons = (np.rint(each[ordinary] / unit) for each in (part["rows/weight"], people_of(part)))
        households += weight.sum()
        people += draws_of(key, drawing.seed, range(drawing.replicates + 1)).astype(np.float64) @ persons
        for name, rows in buckets.items():
            rows.add({"value": part[f"rows/{name}"][ordinary], "key": key, "weight": weight if name == INCOME else persons})
    laws = {int(name.removeprefix(f"{STANDARD}/")): rows for name, rows in buckets.items() if name != INCOME}
    if INCOME in buckets:
        combined.deciles[BY_INCOME[0]] = decile_cuts(buckets[INCOME], households)
    if 0 in laws:
        combined.deciles[BY_STANDARD[0]] = decile_cuts(laws[0], float(people[0]))
    with _pool(combined) as pool:
        found = pool.map(lambda rows: inequality(rows, drawing, people, unit), laws.values())
        combined.inequality = dict(zip(laws, found, strict=True))
    for rows in buckets.values():
        rows.remove()


def second_pass(combined: Combined, parts: Parts, folder: Path) -> None:
    """Find effects by group, and the medians of gains and losses."""
    every = (*combined.groupings, combined.everybody)
    fields = [(f"group{number}", "i4") for number in range(len(every))]
    collected = [Collected(combined, every) for _ in combined.steps]
    cuts = [cuts_of(combined.samples.get(f"{CHANGE}/{position}", np.zeros(0)), combined.told.households) for position in range(len(collected))]
    buckets = [Buckets(folder, f"change-{position}", [*_ROWS, *fields], cut) for position, cut in enumerate(cuts)]
    for part in parts():
        codes = [codes_of(combined, grouping, part) for grouping in every]
        draws = draws_of(part["rows/key"], combined.drawing.seed, range(combined.drawing.replicates + 1))
        for position, of_comparison in enumerate(collected):
            buckets[position].add(of_comparison.add(part, part[f"rows/{CHANGE}/{position}"], codes, draws))

    def effects(place: tuple[int, int]) -> Effects:
        position, number = place
        return collected[position].effects(number, buckets[position], with_medians=every[number].name != EVERYBODY)

    places = list(product(range(len(collected)), range(len(every))))
    with _pool(combined) as pool:
        combined.effects = {(position, every[number].name): found for (position, number), found in zip(places, pool.map(effects, places), strict=True)}
    for rows in buckets:
        rows.remove()


def _pool(combined: Combined) -> ThreadPoolExecutor:
    """Return threads for what is found of several columns, each by one thread: the order in which they come changes nothing."""
    return ThreadPoolExecutor(min(_THREADS, combined.task.threads or os.cpu_count() or 1))


def codes_of(combined: Combined, grouping: Grouping, part: Packed) -> NDArray[np.int64]:
    """Return the group of each household of a part (-1: none)."""
    ordinary = part["rows/ordinary"]
    if grouping.name == EVERYBODY:
        return np.where(ordinary, 0, 1)
    told = next((each for each in part.told["groupings"] if each["name"] == grouping.name), None)
    if told is not None:
        places = np.array([*(grouping.labels.index(label) for label in told["labels"]), -1], np.int64)
        codes = places[part[f"rows/group/{grouping.name}"]]
    elif grouping.name in combined.deciles:
        values = part[f"rows/{INCOME if grouping.name == BY_INCOME[0] else f'{STANDARD}/0'}"]
        codes = np.searchsorted(combined.deciles[grouping.name], values, side="right")
    elif grouping.name in combined.told.groupings:
        codes = np.full(len(ordinary), -1)  # what nobody in this part has
    else:
        codes = np.zeros(len(ordinary), np.int64)
    return np.where(ordinary, codes, -1)


class Collected:
    """Effects on groups of one comparison, added up over parts."""

    def __init__(self, combined: Combined, groupings: tuple[Grouping, ...]) -> None:
        self._combined = combined
        count = combined.drawing.replicates + 1
        cells = [len(grouping.labels) * len(SENSES) for grouping in groupings]
        self._sums = [Sums.nothing(count, each, 3) for each in cells]  # households, change, and households as they are counted for medians
        self._observations = [np.zeros(each, np.int64) for each in cells]
        self._largest, self._absolute = ([np.zeros(each) for each in cells] for _ in range(2))

    def add(self, part: Packed, change: Floats, codes: list[NDArray[np.int64]], draws: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
        """Add a part, and return its households that gain or lose, as rows to be put in order."""
        weight, unit = part["rows/weight"], self._combined.unit_of_weights
        counted = np.rint(weight / unit)
        sense = senses(change)
        terms = np.stack([weight, weight * change, counted * unit], axis=1)
        absolute = np.abs(weight * change)
        moving = np.flatnonzero(np.isin(sense, _MOVING))
        rows: dict[str, NDArray[Any]] = {"value": change[moving], "key": part["rows/key"][moving], "weight": counted[moving]}
        for number, groups in enumerate(codes):
            cells = np.where(groups >= 0, groups * len(SENSES) + sense, -1)
            count = len(self._observations[number])
            self._sums[number].add(exact.totals_of_cells(draws, terms, cells, count))
            inside = cells >= 0
            self._observations[number] += np.bincount(cells[inside], minlength=count)
            self._absolute[number] += np.bincount(cells[inside], absolute[inside], count)
            np.maximum.at(self._largest[number], cells[inside], absolute[inside])
            rows[f"group{number}"] = cells[moving]
        return rows

    def effects(self, number: int, buckets: Buckets, *, with_medians: bool) -> Effects:
        """Return the effects on the groups of a grouping, given those that gain or lose in order."""
        households, change, counted = np.moveaxis(self._sums[number].values, -1, 0)
        factors = self._combined.factors[:, None]
        totals = np.rint(counted / self._combined.unit_of_weights)
        found = medians(buckets, self._combined.drawing, f"group{number}", totals) if with_medians else np.full(totals.shape, np.nan)

        def shaped(values: Any) -> Any:
            return values.reshape(*values.shape[:-1], -1, len(SENSES))

        return Effects(
            shaped(households * factors),
            shaped(change * factors),
            shaped(found),
            shaped(self._observations[number]),
            shaped(self._largest[number]),
            shaped(self._absolute[number]),
        )
