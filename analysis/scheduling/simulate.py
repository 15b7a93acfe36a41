"""Variables over parts, on a cluster or by several processes: these read and compute, and send each table as the bytes of its file, which this one writes."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.scheduling import processes
from analysis.scheduling.job import Job
from analysis.scheduling.running import results
from engine.periods import period
from population.partitions.cutting import pieces
from population.partitions.simulating import UNITS, Asked, Computing, Found, found_of, write_table
from population.results import calculate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from distributed import Client

    from analysis.scheduling.job import Laws
    from engine.legislation import Legislation
    from engine.periods import PeriodLike
    from population.columns import Columns
    from population.partitions.parts import Part

Read = Callable[["Part", "Legislation", "PeriodLike"], "Columns"]
"""A function that can be imported, as `population.partitions.reading.read_part`: the columns of a part under a law, at a period."""


@dataclass(frozen=True)
class _Wanted:
    """What is asked, with the law named by the function that gives it."""

    law: Callable[[], Legislation]
    asked: Asked
    read: Read


def on_cluster(client: Client, law: Callable[[], Legislation], read: Read, say: Callable[[str], None] = lambda _: None) -> Computing:
    """Return what computes parts on a cluster, for `simulate_parts`. `law` gives the law on any machine; `say` is told what a user should know."""
    return _computing(law, read, lambda parts, job: results(client, list(parts), job, say=say))


def in_processes(count: int, law: Callable[[], Legislation], read: Read) -> Computing:
    """Return what computes parts on this machine, so many at a time. `law` gives the law in any process."""
    return _computing(law, read, lambda parts, job: processes.results(parts, job, count))


def _computing(law: Callable[[], Legislation], read: Read, run: Callable[[Iterable[Part], Job], Iterator[tuple[Part, bytes]]]) -> Computing:
    def compute(parts: Iterable[Part], asked: Asked) -> Iterator[tuple[Part, Found]]:
        wanted = _Wanted(law, replace(asked, law=None), read)  # type: ignore[arg-type]
        for part, content in run(parts, Job(_computed, wanted, _laws, _traced)):
            found = pickle.loads(content)  # noqa: S301 - of a worker, which had its work from here
            yield part, Found(*found)

    return compute


def _laws(wanted: _Wanted) -> Laws:
    return (wanted.law(),)


def _computed(part: Part, wanted: _Wanted, laws: Laws, threads: int) -> bytes:
    asked = replace(wanted.asked, law=laws[0], threads=threads)
    found = found_of(wanted.read(part, laws[0], asked.at), asked, part)
    return pickle.dumps(([(entity, table if isinstance(table, bytes) else _as_file(table)) for entity, table in found.tables], found.told))


def _as_file(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    write_table(table, buffer)
    return buffer.getvalue()


def _traced(part: Part, wanted: _Wanted, laws: Laws) -> None:
    """Compute the law over the first rows of a part: all others have the same inputs, and are served by the same traces."""
    columns = wanted.read(part, laws[0], wanted.asked.at)
    shared = [entity for entity, _ in part.shared]
    unit = next((entity for entity in UNITS if columns.counts.get(entity)), None) or next(iter(columns.counts))
    piece = next(iter(pieces(columns, laws[0], shared, unit, wanted.asked.rows)))
    calculate(piece, laws[0], wanted.asked.variables, period(str(wanted.asked.at)))
