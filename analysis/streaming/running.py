"""The impact of a reform on a partitioned population, one part after the other on this machine: within a bound of memory, and from where it stood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.streaming.combining import combine_files
from analysis.streaming.facts import prepared
from analysis.streaming.partial import partial_of
from population.partitions.manifest import check_parts, read_manifest, written
from population.partitions.work import Unfinished, Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.impact import Impact
    from analysis.streaming.combining import Watch
    from analysis.streaming.task import Task
    from population.partitions.memory import Memory
    from population.partitions.parts import Part, Partitioned

Computing = Callable[[Iterable["Part"], "Task"], Iterator[tuple["Part", bytes]]]
"""Takes parts and a task, and gives each part with what it says, in any order."""
PARTS: Final = "parts"
PARTIALS: Final = "partials"


def impact_of_parts(
    task: Task,
    population: Partitioned,
    work: Path,
    *,
    memory: Memory | None = None,
    say: Callable[[str], None] = lambda _: None,
    watch: Watch | None = None,
    compute: Computing | None = None,
) -> Impact:
    """Return what a reform does to all parts; what is finished of each stays in the folder `work`, and is not computed again.

    `compute` gives what parts say, in any order: one after the other on this machine, else on a cluster (analysis/scheduling/impact.py).
    Raises TableError or DataError with all that is wrong with files, CalculationError for a law that looks beyond a part.
    """
    manifest = read_manifest(population.folder)
    if manifest is not None:
        check_parts(population, manifest)
    if memory is not None:
        task = replace(task, rows=memory.rows_beside(population.parts))
    task = prepared(task, population)
    files = partials(task, population, work, manifest, say=say, watch=watch, compute=compute or on_this_machine)
    return combine_files(files, task, work, watch)


def on_this_machine(parts: Iterable[Part], task: Task) -> Iterator[tuple[Part, bytes]]:
    """Give what parts say, one after the other."""
    for part in parts:
        yield part, partial_of(part, task)


def partials(
    task: Task,
    population: Partitioned,
    work: Path,
    manifest: Mapping[str, object] | None,
    *,
    say: Callable[[str], None] = lambda _: None,
    watch: Watch | None = None,
    compute: Computing = on_this_machine,
) -> list[Path]:
    """Return the files of what all parts say; those that are not finished are computed."""
    kept = Work.of(work, task.words, say)
    (work / PARTIALS).mkdir(exist_ok=True)
    if len(kept):
        say(f"{len(kept)} of {len(population.parts)} parts are finished already.")
    files = {part.name: work / PARTIALS / f"{part.name}.partial" for part in population.parts}
    unfinished = Unfinished(population, manifest, kept, lambda done, total: None if watch is None else watch(PARTS, done, total))
    for part, content in compute(unfinished, task):
        written(files[part.name], content)
        unfinished.finish(part, [files[part.name]])
    return list(files.values())
