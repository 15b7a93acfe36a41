"""What parts say of a reform, computed on a cluster or by several processes: `analysis.streaming.partial.partial_of` runs there, all else here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.scheduling import processes
from analysis.scheduling.job import Job
from analysis.scheduling.running import results
from analysis.streaming.partial import partial_of
from analysis.study import Study
from population.partitions.cutting import pieces
from population.partitions.reading import read_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from distributed import Client

    from analysis.scheduling.job import Laws
    from analysis.streaming.running import Computing
    from analysis.streaming.task import Task
    from population.partitions.parts import Part


def on_cluster(client: Client, say: Callable[[str], None] = lambda _: None) -> Computing:
    """Return what computes parts on a cluster, for `analysis.streaming.running.impact_of_parts`. `say` is told what a user should know."""

    def compute(parts: Iterable[Part], task: Task) -> Iterator[tuple[Part, bytes]]:
        yield from results(client, list(parts), _job(task), say=say)

    return compute


def in_processes(count: int) -> Computing:
    """Return what computes parts on this machine, so many at a time."""

    def compute(parts: Iterable[Part], task: Task) -> Iterator[tuple[Part, bytes]]:
        yield from processes.results(parts, _job(task), count)

    return compute


def _job(task: Task) -> Job:
    return Job(_computed, task, _laws, _traced)


def _laws(task: Task) -> Laws:
    return task.laws()


def _computed(part: Part, task: Task, _: Laws, threads: int) -> bytes:
    return partial_of(part, replace(task, threads=threads))


def _traced(part: Part, task: Task, laws: Laws) -> None:
    """Compute the laws over the first households of a part: all others have the same inputs, and are served by the same traces."""
    assert task.facts is not None
    columns = read_part(part, laws[0], task.year)
    shared = [entity for entity, _ in part.shared]
    piece = next(iter(pieces(columns, laws[0], shared, task.facts.unit, task.rows)))
    study = Study(piece, task.year, law=laws[0], unit=task.facts.unit, replicates=0, threads=task.threads).as_part(task.facts.roles, task.facts.varying)
    for law in laws:
        study.outcome(law)
