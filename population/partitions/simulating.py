"""The law over a population in parts: a file of results for each part and entity, written whole, and kept where a run is cut off.

    out/menage/part-00000.parquet, out/individu/part-00000.parquet, …, and out/work.json, which says what each is of

The rows of a file are those of the part's table, in their order, with their identifiers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from engine.errors import DataError, VariableNotFoundError, nearest
from engine.periods import period
from population.partitions.beyond import check_rows
from population.partitions.cutting import rows_of_pieces, taken
from population.partitions.manifest import check_parts, read_manifest, written
from population.partitions.memory import apart, give_back
from population.partitions.parts import ENDING
from population.partitions.work import Unfinished, Work
from population.results import calculate_in, simulation_of, to_table
from population.selection import select_rows
from population.summary import refusals, summarize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from engine.periods import PeriodLike
    from population.columns import Columns
    from population.partitions.memory import Memory
    from population.partitions.parts import Part, Partitioned
    from population.results import EntityResults, Result

    Read = Callable[[Part], Columns]

DEFAULT_ROWS: Final = 25_000
UNITS: Final = ("menage", "foyer_fiscal")
STEP: Final = "parts"


@dataclass(frozen=True)
class Asked:
    """What is asked of every part: variables at a period, of which rows (`where`), and how fast. `of_law` tells the law from all others."""

    law: Legislation
    variables: tuple[str, ...]
    at: PeriodLike
    where: str | None = None
    of_law: str = ""
    rows: int = DEFAULT_ROWS
    threads: int | None = None
    block_rows: int | None = None

    @property
    def words(self) -> str:
        """What decides every result."""
        return repr((self.of_law, self.variables, str(self.at), self.where))


@dataclass(frozen=True)
class Found:
    """What is found of a part: by entity a table, or the bytes of its file; and what they come to."""

    tables: list[tuple[str, pa.Table | bytes]]
    told: list[dict[str, Any]]


Computing = Callable[[Iterable["Part"], Asked], Iterator[tuple["Part", Found]]]
"""Takes parts and what is asked, and gives each with what is found of it, in any order."""


def simulate_parts(
    population: Partitioned,
    asked: Asked,
    read: Read,
    output: Path,
    *,
    memory: Memory | None = None,
    say: Callable[[str], None] = lambda _: None,
    watch: Callable[[str, int, int], None] | None = None,
    compute: Computing | None = None,
) -> list[Total]:
    """Write the results of all parts into a folder and return what they come to; `read` gives the columns of a part.

    `compute` gives what is found of parts, in any order: one after the other on this machine, else on a cluster (analysis/scheduling/simulate.py).

    What an earlier run of the same law, variables and inputs finished is not computed again. Raises TableError or DataError with all that is wrong
    with files, VariableNotFoundError for all unknown names, CalculationError for a law that looks beyond a part.
    """
    _check_variables(asked, population)
    manifest = read_manifest(population.folder)
    if manifest is not None:
        check_parts(population, manifest)
    asked = asked if memory is None else replace(asked, rows=memory.rows_beside(population.parts))
    kept = Work.of(output, asked.words, say)
    if len(kept):
        say(f"{len(kept)} of {len(population.parts)} parts are finished already.")
    unfinished = Unfinished(population, manifest, kept, lambda done, total: None if watch is None else watch(STEP, done, total))
    for part, found in (compute or _on_this_machine(read))(unfinished, asked):
        unfinished.finish(part, _written(found, part, output), found.told)
    return totals([told for part in population.parts for told in kept.told(part.name)])


def _on_this_machine(read: Read) -> Computing:
    def compute(parts: Iterable[Part], asked: Asked) -> Iterator[tuple[Part, Found]]:
        for part in parts:
            yield part, found_of(read(part), asked, part)

    return compute


def _check_variables(asked: Asked, population: Partitioned) -> None:
    law = asked.law
    names = [text.partition("@")[0] for text in asked.variables]
    unknown = [name for name in names if name not in law.variables]
    if unknown:
        raise VariableNotFoundError(" ".join(f"There is no variable `{name}`.{nearest(name, law.variables)}" for name in unknown))
    shared = [name for name in names if law.variable(name).entity.key in population.shared]
    if shared:
        raise DataError(
            f"`{shared[0]}` is of `{law.variable(shared[0]).entity.key}`, whose rows all parts share: it would be written once for each part. "
            "Compute it of that table alone, by `bareme simulate FILE`."
        )


def results_of(columns: Columns, asked: Asked, shared: Sequence[str]) -> list[EntityResults]:
    """Return the results of a part, computed some households at a time. Raises CalculationError for a law that looks beyond them."""
    unit = next((entity for entity in UNITS if columns.counts.get(entity)), None) or next(iter(columns.counts))
    pieces: list[tuple[Mapping[str, NDArray[np.int64]], list[EntityResults]]] = []
    with apart():
        for rows in rows_of_pieces(columns, shared, unit, asked.rows):
            piece = taken(columns, asked.law, rows)
            simulation = simulation_of(piece, asked.law, threads=asked.threads, block_rows=asked.block_rows)
            groups = calculate_in(simulation, piece, asked.variables, period(str(asked.at)))
            check_rows(simulation, [(each.rule.name, each.period) for group in groups for each in (*group.results, *group.refusals)], shared)
            pieces.append((rows, groups))
            del simulation, piece
            give_back()
    found = [_together(columns, [(rows[groups[number].entity], groups[number]) for rows, groups in pieces]) for number in range(len(pieces[0][1]))]
    return found if asked.where is None else list(select_rows(found, asked.where))


def _together(columns: Columns, pieces: Sequence[tuple[NDArray[np.int64], EntityResults]]) -> EntityResults:
    """Return the results of one entity in the order of its table."""
    if len(pieces) == 1:
        return pieces[0][1]
    first = pieces[0][1]
    back = np.argsort(np.concatenate([rows for rows, _ in pieces]), kind="stable")

    def whole(results: Sequence[Result]) -> Result:
        refused = None
        if any(each.refused is not None for each in results):
            refused = np.concatenate([np.zeros(len(each.values), np.bool_) if each.refused is None else each.refused for each in results])[back]
        return replace(results[0], values=np.concatenate([np.asarray(each.values) for each in results])[back].view(type(results[0].values)), refused=refused)

    return replace(
        first,
        ids={first.entity: columns.ids[first.entity]} if first.entity in columns.ids else {},
        results=tuple(_as_members(each, whole([group.results[place] for _, group in pieces])) for place, each in enumerate(first.results)),
        refusals=tuple(whole([group.refusals[place] for _, group in pieces]) for place in range(len(first.refusals))),
        weights=columns.weights_of(first.entity),
    )


def _as_members(first: Result, whole: Result) -> Result:
    """Return a result whose values are members of an enumeration where those of the first piece are."""
    possible = first.rule.possible_values
    return whole if possible is None else replace(whole, values=possible.encode(np.asarray(whole.values)))


def found_of(columns: Columns, asked: Asked, part: Part) -> Found:
    """Return what is found of a part whose columns were read."""
    groups = results_of(columns, asked, [entity for entity, _ in part.shared])
    return Found([(group.entity, to_table([group])) for group in groups], [_told(group) for group in groups])


def write_table(table: pa.Table, place: Any) -> None:
    """Write a table of results into a file, or a buffer: the same bytes in both."""
    parquet.write_table(table, place, compression="zstd")


def _written(found: Found, part: Part, output: Path) -> Iterator[Path]:
    for entity, content in found.tables:
        file = output / entity / f"{part.name}{ENDING}"
        file.parent.mkdir(exist_ok=True)
        written(file, content if isinstance(content, bytes) else partial(write_table, content))
        yield file


# What it comes to


@dataclass(frozen=True)
class Total:
    """One variable over all parts: rows, weighted mean and total, smallest and largest value; `shares` of texts. `refused` rows by return code."""

    entity: str
    name: str
    unit: str
    rows: int
    mean: float | None = None
    total: float | None = None
    smallest: float | None = None
    largest: float | None = None
    shares: Mapping[str, float] | None = None
    refused: Mapping[str, int] | None = None


def _told(group: EntityResults) -> dict[str, Any]:
    """Return what a part's results of one entity come to, as `work.json` keeps it."""
    lines = []
    for line, result in zip(summarize(group), group.results, strict=True):
        kept = slice(None) if result.refused is None else ~result.refused
        weight = float(line.count if group.weights is None else group.weights[kept].sum())
        ends = [None, None] if line.quantiles is None else [line.quantiles[0], line.quantiles[-1]]
        shares = None if line.shares is None else {name: share * weight for name, share in line.shares}
        lines.append({"name": line.name, "unit": line.unit, "rows": line.count, "weight": weight, "total": line.total, "ends": ends, "shares": shares})
    return {"entity": group.entity, "lines": lines, "refused": {name: {str(code): count for code, count in codes} for name, codes in refusals(group)}}


def totals(told: Sequence[Mapping[str, Any]]) -> list[Total]:
    """Return what all parts come to, in whatever order they are told."""
    found = []
    for entity in dict.fromkeys(each["entity"] for each in told):
        of_entity = [each for each in told if each["entity"] == entity]
        refused: dict[str, dict[str, int]] = {}
        for each in of_entity:
            for name, codes in each["refused"].items():
                of_name = refused.setdefault(name, {})
                for code, count in codes.items():
                    of_name[code] = of_name.get(code, 0) + count
        found += [_total(entity, [each["lines"][place] for each in of_entity]) for place in range(len(of_entity[0]["lines"]))]
        found += [Total(entity, name, "", sum(codes.values()), refused=codes) for name, codes in refused.items()]
    return found


def _total(entity: str, lines: Sequence[Mapping[str, Any]]) -> Total:
    rows, weight = sum(line["rows"] for line in lines), math.fsum(line["weight"] for line in lines)
    name, unit = lines[0]["name"], lines[0]["unit"]
    if any(line["shares"] is not None for line in lines):
        shares: dict[str, float] = {}
        for line in lines:
            for text, share in (line["shares"] or {}).items():
                shares[text] = shares.get(text, 0.0) + share / (weight or 1.0)
        return Total(entity, name, unit, rows, shares=dict(sorted(shares.items(), key=lambda pair: -pair[1])))
    known = [line["total"] for line in lines if line["total"] is not None]
    if not known or not weight:
        return Total(entity, name, unit, rows)
    low, high = ([line["ends"][end] for line in lines if line["ends"][end] is not None] for end in (0, 1))
    total = math.fsum(known)
    return Total(entity, name, unit, rows, total / weight, total, min(low, default=None), max(high, default=None))
