"""Rows in the order of a value, without holding them: written into one file for each range of values, read back one range after the other.

Where the ranges are cut changes nothing but memory: they come from a sample. A value that many rows have gets a range of its own, and whatever is found
in a range is found by distinct value, so that many equal rows are read piece by piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROWS: Final = 1 << 17
"""About so many rows are held at once."""
SAMPLE: Final = 64
"""Values of each part that the ranges are cut by."""


def sample_of(values: Floats) -> Floats:
    """Return a few values of a part, evenly spread over its rows in order."""
    return np.sort(values)[np.linspace(0, len(values) - 1, min(SAMPLE, len(values))).astype(np.int64)] if len(values) else values


def cuts_of(sample: Floats, rows: int) -> Floats:
    """Return where ranges are cut, ascending, so that one has about `ROWS` rows: rows below the first cut are in range 0."""
    count = rows // ROWS
    if not count or not len(sample):
        return np.zeros(0)
    cuts, often = np.unique(np.sort(sample)[np.arange(1, count + 1) * len(sample) // (count + 1)], return_counts=True)
    return np.unique(np.concatenate([cuts, np.nextafter(cuts[often > 1], np.inf)]))


class Buckets:
    """Rows of one kind, as records with a field `value`, in files of a folder."""

    def __init__(self, folder: Path, name: str, fields: Sequence[tuple[str, str]], cuts: Floats) -> None:
        self._folder, self._name, self._cuts = folder, name, cuts
        self.kind = np.dtype([("value", "f8"), *fields])

    def __len__(self) -> int:
        """Return how many ranges there are."""
        return len(self._cuts) + 1

    def range_of(self, values: Any) -> NDArray[np.int64]:
        """Return the range in which each value lies."""
        return np.asarray(np.searchsorted(self._cuts, values, side="right"))

    def _file(self, number: int) -> Path:
        return self._folder / f"{self._name}-{number:05}.rows"

    def add(self, columns: dict[str, NDArray[Any]]) -> None:
        """Add rows, given by field. Raises DataError where the disk takes no more."""
        records = np.empty(len(columns["value"]), self.kind)
        for field, values in columns.items():
            records[field] = values
        places = self.range_of(records["value"])
        order = np.argsort(places, kind="stable")
        bounds = np.searchsorted(places[order], np.arange(len(self) + 1))
        for number in np.flatnonzero(np.diff(bounds)).tolist():
            try:
                with self._file(number).open("ab") as stream:
                    stream.write(records[order[bounds[number] : bounds[number + 1]]].tobytes())
            except OSError as error:
                raise DataError(f"{self._file(number)} cannot be written: {error.strerror}. Free some disk, or name another folder with --work.") from error

    def pieces(self, number: int) -> Iterator[NDArray[Any]]:
        """Give the rows of a range, some at a time, in the order of their values within each piece."""
        file = self._file(number)
        if not file.exists():
            return
        with file.open("rb") as stream:
            while content := stream.read(2 * ROWS * self.kind.itemsize):
                records = np.frombuffer(content, self.kind)
                yield records[np.argsort(records["value"], kind="stable")]

    def remove(self) -> None:
        """Remove the files."""
        for number in range(len(self)):
            self._file(number).unlink(missing_ok=True)
