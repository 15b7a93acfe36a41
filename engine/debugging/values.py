"""Arrays as a legal coder wants to see them: the first rows, or one row; with the type."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_ROWS: Final = 6
_LONGEST: Final = 160
_SHORT = reprlib.Repr()
_SHORT.maxother = _SHORT.maxstring = _LONGEST


@dataclass(frozen=True)
class Shown:
    """How values are shown: of an array over the rows of `entity`, whose `ids` these are, only `row` where one was chosen."""

    ids: Sequence[str]
    row: int | None = None

    def line(self, value: Any) -> str:
        """Return a value on one line, an array with its type and number of rows."""
        if not isinstance(value, np.ndarray):
            return " ".join(_SHORT.repr(value).split())
        kind = value.possible_values.__name__ if isinstance(value, EnumArray) else "text" if value.dtype.kind in "OU" else str(value.dtype)
        if self.row is not None and value.shape == (len(self.ids),):
            return f"{plain(value[[self.row]])[0]}  {kind}, row {self.ids[self.row]}"
        if value.ndim != 1:
            return f"{_text(value)}  {kind}, shape {value.shape}"
        more = f", {MOST_ROWS} of {len(value)} rows" if len(value) > MOST_ROWS else f", {len(value)} row{'' if len(value) == 1 else 's'}"
        return f"{_listed(value)}  {kind}{more}"

    def rows(self, value: Any) -> Iterator[str]:
        """Yield a line for each row of an array over the entity, with its id; anything else on one line."""
        if not isinstance(value, np.ndarray) or value.shape != (len(self.ids),):
            yield self.line(value)
            return
        chosen = range(len(self.ids)) if self.row is None else [self.row]
        width = max((len(self.ids[row]) for row in chosen), default=0)
        for row in chosen:
            yield f"{self.ids[row]:<{width}}  {plain(value[[row]])[0]}"


def plain(values: Any) -> Any:
    """Return values as texts, names for members of an enumeration."""
    if isinstance(values, EnumArray):
        return values.decode_to_str()
    return [str(getattr(each, "name", each)) for each in values.tolist()] if values.dtype.kind in "OU" else [_number(each) for each in values]


def _number(value: Any) -> str:
    return repr(float(value)) if value.dtype.kind == "f" else str(value)


def _listed(values: Any) -> str:
    shown = ", ".join(plain(values[:MOST_ROWS]))
    return f"[{shown}, …]" if len(values) > MOST_ROWS else f"[{shown}]"


def _text(values: Any) -> str:
    return " ".join(np.array2string(values, threshold=MOST_ROWS).split())
