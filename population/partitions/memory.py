"""A bound on memory: how many households are computed at once so that it holds, and which parts do not fit at all.

What a process takes: Python, the law and its graph, whatever the population; then so much for each household that is computed, and for each cell
of a part that is read. The figures are those measured on the invented France by `benchmarks/parts_memory.py` (323 MB, 40 bytes a cell, 21,700 bytes a
household, where its families are), and 30 % more; a run tells what it really took.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
import resource
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyarrow import parquet

from engine.errors import DataError, Problem, TableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from population.partitions.parts import Part

UNITS: Final = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
BASE: Final = 420 * 10**6
"""Bytes that a process takes before it reads a part: Python, the law, its graph."""
PER_HOUSEHOLD: Final = 28_200
"""Bytes for each household that is computed, with its persons: every value that the law and its reform work out on the way."""
PER_CELL: Final = 52
"""Bytes for each cell of a part while it is read and checked, and kept; amounts are given for two years before too."""
FEWEST: Final = 500
LEAST: Final = BASE + FEWEST * PER_HOUSEHOLD
"""Bytes without which a process cannot compute anything."""
MOST: Final = 25_000
"""Households computed at once: beyond, nothing is gained."""
ENOUGH: Final = 1500 * 10**6
"""Bytes with which a process computes `MOST` households of the invented France at once, beside the part that they are of."""


@dataclass(frozen=True)
class Memory:
    """A bound in bytes."""

    bytes: int

    @classmethod
    def parsed(cls, text: str) -> Memory:
        """Return the bound that a text says, as `2GB` or `1.5 GiB`. Raises DataError for another unit, or a bound below what the law itself takes."""
        match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*", text)
        if match is None or match.group(2).upper() not in UNITS:
            raise DataError(f"`{text}` is no amount of memory: expected a number and a unit, as 2GB, 800MB or 1.5GiB (units: {', '.join(UNITS)}).")
        found = cls(int(float(match.group(1)) * UNITS[match.group(2).upper()]))
        if found.bytes < LEAST:
            raise DataError(f"{text} of memory are too little: the law alone takes about {told(BASE)}, expected {told(LEAST)} or more.")
        return found

    @property
    def processes(self) -> int:
        """How many processes can work at full speed within it, on the cores that there are."""
        return max(1, min(os.cpu_count() or 1, self.bytes // ENOUGH))

    def shared(self, processes: int) -> Memory:
        """Return what each of some processes may take. Raises DataError where that is below what the law itself takes."""
        found = Memory(self.bytes // processes)
        if processes > 1 and found.bytes < LEAST:
            raise DataError(
                f"{told(self.bytes)} of memory leave {told(found.bytes)} to each of {processes} processes: the law alone takes about {told(BASE)}, "
                f"expected {max(1, self.bytes // LEAST)} processes at most, or {told(LEAST * processes)} or more."
            )
        return found

    def rows_beside(self, parts: Iterable[Part]) -> int:
        """Return how many households are computed at once, beside any of some parts. Raises DataError where one cannot be read within the bound."""
        cells, largest = max(((cells_of(part), part.name) for part in parts), default=(0, ""))
        left = self.bytes - BASE - cells * PER_CELL
        if left < FEWEST * PER_HOUSEHOLD:
            needed = BASE + cells * PER_CELL + FEWEST * PER_HOUSEHOLD
            times = -(-cells * PER_CELL // max(1, self.bytes - BASE - FEWEST * PER_HOUSEHOLD))
            raise DataError(
                f"{largest} takes about {told(needed)} to be read and computed, more than the {told(self.bytes)} of --memory (for each process). Cut the "
                f"whole tables into smaller parts (`bareme population split FOLDER --parts` {times} times as many), or allow {told(needed)}."
            )
        return min(MOST, left // PER_HOUSEHOLD)


def cells_of(part: Part) -> int:
    """Return how many cells the files of a part have. Raises TableError where one cannot be read."""
    found = 0
    for file in part.files.values():
        try:
            about = parquet.read_metadata(file)
        except (pa.ArrowException, OSError) as error:
            raise TableError([Problem(str(file), f"cannot be read as Parquet: {error}")]) from error
        found += about.num_rows * about.num_columns
    return found


def peak() -> int:
    """Return the most memory that this process, or any that it has started and seen to its end, has taken, in bytes."""
    taken = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return taken if sys.platform == "darwin" else taken * 1024


@contextmanager
def apart() -> Iterator[None]:
    """Leave all objects that stand already (the law, its traces) out of the collections of `give_back`: looking through them takes a tenth of a part's time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def give_back() -> None:
    """Free what a part took: simulations refer to themselves and wait for Python's collector, and the system gets freed memory only when asked to."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library keeps what it keeps
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def told(size: float) -> str:
    """Return bytes in words."""
    return f"{size / 1e9:.1f} GB" if size >= UNITS["GB"] else f"{size / 1e6:.0f} MB"
