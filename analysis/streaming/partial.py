"""What one part says of a reform: sums by replicate, and a few columns of each household for what needs all households in order.

`partial_of` is the one function that workers run. It is pure: the same part and task give the same bytes, which `combine` (analysis/streaming/combining.py)
puts together with those of the other parts, in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.streaming.task import Task
    from population.partitions.parts import Part


def partial_of(part: Part, task: Task) -> bytes:
    """Return what a part says of a task's reform, for `combine`. Raises TableError for files that cannot be read, naming them."""
    raise NotImplementedError
