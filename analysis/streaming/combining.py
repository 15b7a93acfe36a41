"""The impact of a reform on a whole population, from what each part said.

Sums are exact: whatever the order of parts, and however the population is cut, they are the same to the last bit. What needs all households
in order (deciles, medians, inequality) is found in columns on disk, range by range of values, so that memory does not grow with the population.

Two passes over these columns: the first finds deciles and inequality, the second adds up effects by group, deciles now being known, and orders
the households that gain or lose for their medians. The law is computed once, by `partial_of`.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.cautions import cautions
from analysis.impact import Told, assembled, described, labels_by_entity, notes, tables_of
from analysis.streaming.combined import Combined, Compares
from analysis.streaming.packing import Packed, unpacked
from analysis.streaming.passes import first_pass, second_pass
from engine.errors import DataError

if TYPE_CHECKING:
    from analysis.impact import Impact
    from analysis.streaming.task import Task

Watch = Callable[[str, int, int], None]
"""Told of a step of combining (`STEPS`), how many parts are done, of how many."""
STEPS: Final = ("sums", "order", "groups")


def combine(partials: Iterable[bytes], task: Task, work: Path | None = None, watch: Watch | None = None) -> Impact:
    """Return the impact that partials of all parts give; `work` is a folder for columns on disk (else a temporary one).

    A part that comes twice counts once. Raises DataError for a partial that is no partial, or of another task.
    """
    with tempfile.TemporaryDirectory(dir=work, prefix="combining-") as folder:
        files: dict[str, Path] = {}
        for content in partials:
            name = str(unpacked(content).told["part"])
            file = Path(folder) / f"{hashlib.sha256(name.encode()).hexdigest()}.partial"
            _write(file, content)
            files[name] = file
        return combine_files([files[name] for name in sorted(files)], task, Path(folder), watch)


def combine_files(files: Iterable[Path], task: Task, work: Path, watch: Watch | None = None) -> Impact:
    """Return the same of partials that lie in files, one for each part; none is held in memory longer than it is read."""
    listed = list(files)
    if not listed:
        raise DataError("There is no part: expected what at least one part says.")

    def parts(step: str) -> Iterator[Packed]:
        for done, file in enumerate(listed, 1):
            found = unpacked(file.read_bytes())
            if found.told["task"] != task.words:
                raise DataError(f"What {found.told['part']} said is of another law, reform, year or population: expected that of this task.")
            yield found
            if watch is not None:
                watch(step, done, len(listed))

    with tempfile.TemporaryDirectory(dir=work, prefix="ordered-") as folder:
        combined = Combined(task, parts(STEPS[0]))
        first_pass(combined, lambda: parts(STEPS[1]), Path(folder))
        second_pass(combined, lambda: parts(STEPS[2]), Path(folder))
        return _impact(combined, task)


def _impact(combined: Combined, task: Task) -> Impact:
    laws, told = task.laws(), combined.told
    measures = combined.measures
    labels = labels_by_entity(measures, laws[0])
    others = None if told.all_ordinary else combined.others
    words = Told(
        tuple(notes(task.replicates, others, told.refused, labels, told.left_out)),
        tuple(cautions(task.year, laws, is_without_effect=told.without_effect)),
        described(task.name, told.households, combined.unit, laws[0]),
    )
    comparisons = [Compares(combined, position, name) for position, (name, _, _) in enumerate(combined.steps)]
    return assembled(task.reform, laws, task.year, tables_of(comparisons, combined.groupings), words)


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise DataError(f"{file} cannot be written: {error.strerror}. Free some disk, or name another folder with --work.") from error
