"""The impact of a reform on a whole population, from what each part said.

Sums are exact: whatever the order of parts, and however the population is cut, they are the same to the last bit. What needs all households
in order (deciles, medians, inequality) is found in columns on disk, bucket by bucket, so that memory does not grow with the population.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.impact import Impact
    from analysis.streaming.task import Task


def combine(partials: Iterable[bytes], task: Task, work: Path | None = None) -> Impact:
    """Return the impact that partials of all parts give; `work` is a folder for columns on disk (else a temporary one).

    A part that comes twice counts once. Raises DataError for a partial that is no partial, or of another task.
    """
    raise NotImplementedError
