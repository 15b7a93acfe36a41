"""The items below a branch of the parameter tree: scales of brackets, and tables by code.

An item is a value: changing one gives another that shares everything else. What an item works out for itself (its content between two
changes of the law) is kept with it, is bounded by the number of those changes, and is never stored on disk.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from engine.errors import ParameterNotFoundError, ScaleError, nearest
from engine.parameters.amount_scales import SCALES
from engine.parameters.at_instant import TableAtInstant
from engine.parameters.dated_values import Described, Parameter, Sort, Value
from engine.parameters.dates import date_text
from engine.parameters.look_up import LookUpTable
from engine.parameters.vectors import EVERY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.parameters.at_instant import Recorder
    from engine.parameters.tax_scales import TaxScale
    from engine.periods import InstantLike

NAMES_SHOWN: Final = 5
"""How many names of the items below it a branch or a table shows of itself."""

_SEGMENT: Final = re.compile(r"[^.\[\]]+|\[[^\]]*\]")


def segments_of(path: str) -> tuple[str, ...]:
    """Return the steps of a path: `a.b.brackets[1].rate` and `a.b[1].rate` are a, b, [1], rate."""
    steps = _SEGMENT.findall(path)
    return tuple(step for step, after in zip_longest(steps, steps[1:], fillvalue="") if not (step == "brackets" and after.startswith("[")))


def joined(name: str, child: str) -> str:
    """Return the full name of a child."""
    if child.startswith("["):
        return f"{name}{child}"
    return f"{name}.{child}" if name else child


class Container(Described):
    """An item that has items below it."""

    def child_names(self) -> tuple[str, ...]:
        """Return the names of the items below."""
        raise NotImplementedError

    def get(self, segment: str) -> Any:
        """Return the item below of that name, or None."""
        raise NotImplementedError

    def _with(self, segment: str, item: Any) -> Self:
        raise NotImplementedError

    def _shown(self, one: str, many: str) -> str:
        """Return how an item shows itself: its name, how many items are below it, and the first of them."""
        names = self.child_names()
        more = ", …" if len(names) > NAMES_SHOWN else ""
        listed = f" ({', '.join(names[:NAMES_SHOWN])}{more})" if names else ""
        return f"<{type(self).__name__} {self.name or 'of the whole law'}: {len(names)} {one if len(names) == 1 else many}{listed}>"

    def child(self, path: str) -> Any:
        """Return the item at a path as `a.b.brackets[1].rate`. Raises ParameterNotFoundError with the nearest names."""
        item: Any = self
        for segment in segments_of(path):
            item = child_of(item, segment)
        return item

    def _edited(self, segments: tuple[str, ...], change: Callable[[Any], Any]) -> Self:
        first, rest = segments[0], segments[1:]
        below = child_of(self, first)
        if rest and not isinstance(below, Container):
            raise ParameterNotFoundError(_unknown(below, rest[0]))
        return self._with(first, below._edited(rest, change) if rest else change(below))  # noqa: SLF001 - the same class

    def updated(self, path: str, **how: Any) -> Self:
        """Return the tree with another value for the figure at a path: `updated("a.b", start="2018-01-01", stop=None, value=5)`.

        `start`, `stop` (included), `period`, `value`, `reference` and `metadata` as in `Parameter.updated`.
        Raises ParameterNotFoundError where there is no such figure.
        """

        def change(item: Any) -> Parameter:
            if not isinstance(item, Parameter):
                raise ParameterNotFoundError(f"`{path}` is not a figure: expected one of those below it: {', '.join(item.child_names()) or 'none'}.")
            return item.updated(**how)

        return self._edited(steps_of(path), change)


def child_of(item: Any, segment: str) -> Any:
    """Return the item below another. Raises ParameterNotFoundError with the nearest names."""
    below = item.get(segment) if isinstance(item, Container) else None
    if below is None:
        raise ParameterNotFoundError(_unknown(item, segment))
    return below


def _unknown(item: Described, segment: str) -> str:
    names = item.child_names() if isinstance(item, Container) else ()
    return f"{f'Parameter `{item.name}`' if item.name else 'The law'} has no `{segment}`.{nearest(segment, names)}"


def steps_of(path: str) -> tuple[str, ...]:
    """Return the steps of a path that has at least one. Raises ParameterNotFoundError."""
    steps = segments_of(path)
    if not steps:
        raise ParameterNotFoundError(f"`{path}` names no parameter: expected a path as `a.b.c` or `a.bareme.brackets[1].rate`.")
    return steps


@dataclass(frozen=True)
class Bracket(Container):
    """One bracket of a scale: figures named `threshold` and `rate`, `amount` or `average_rate`."""

    figures: Mapping[str, Parameter] = field(default_factory=dict)

    sort: ClassVar[Sort] = Sort.BRACKET

    def child_names(self) -> tuple[str, ...]:
        """Return `threshold` and the name of the other figure."""
        return tuple(self.figures)

    def get(self, segment: str) -> Parameter | None:
        """Return a figure of the bracket, or None."""
        return self.figures.get(segment)

    def _with(self, segment: str, item: Parameter) -> Self:
        return replace(self, figures={**self.figures, segment: item})

    def renamed(self, name: str) -> Self:
        """Return the bracket under another full name."""
        if name == self.name:
            return self
        return replace(self, name=name, figures={key: figure.renamed(f"{name}.{key}") for key, figure in self.figures.items()})


@dataclass(frozen=True)
class Scale(Container):
    """A scale of the law: brackets, and the way they work together (`kind`, a key of SCALES)."""

    brackets: tuple[Bracket, ...] = ()
    kind: str = "marginal_rate"

    sort: ClassVar[Sort] = Sort.SCALE

    def child_names(self) -> tuple[str, ...]:
        """Return `[0]`, `[1]` and so on."""
        return tuple(f"[{position}]" for position in range(len(self.brackets)))

    def get(self, segment: str) -> Bracket | None:
        """Return the bracket `[i]`, or None."""
        names = self.child_names()
        return self.brackets[names.index(segment)] if segment in names else None

    def _with(self, segment: str, item: Bracket) -> Self:
        return replace(self, brackets=tuple(item if name == segment else bracket for name, bracket in zip(self.child_names(), self.brackets, strict=True)))

    def with_bracket(self, bracket: Bracket) -> Self:
        """Return the scale with one more bracket at the end. Raises ScaleError where it does not carry what this scale's brackets carry."""
        value_name = SCALES[self.kind].value_name
        if value_name not in bracket.figures:
            raise ScaleError(f"Scale `{self.name}` has brackets of `threshold` and `{value_name}`; the new one has {', '.join(bracket.figures)}.")
        return replace(self, brackets=(*self.brackets, bracket.renamed(f"{self.name}[{len(self.brackets)}]")))

    def renamed(self, name: str) -> Self:
        """Return the scale under another full name."""
        if name == self.name:
            return self
        return replace(self, name=name, brackets=tuple(bracket.renamed(f"{name}[{i}]") for i, bracket in enumerate(self.brackets)))

    @cached_property
    def change_dates(self) -> tuple[str, ...]:
        """The dates at which something changes, ascending."""
        return tuple(sorted({date for bracket in self.brackets for figure in bracket.figures.values() for date in figure.starts}))

    @cached_property
    def _at(self) -> dict[int, TaxScale]:
        return {}

    def at(self, instant: InstantLike) -> TaxScale:
        """Return the scale in force at an instant; brackets that lack a figure then are left out."""
        return self.at_date(date_text(instant))

    def at_date(self, date: str) -> TaxScale:
        """Return the scale in force at a date: one same object between two changes."""
        position = bisect_right(self.change_dates, date)
        scale = self._at.get(position)
        if scale is None:
            scale = self._at.setdefault(position, self._made_at(date))
        return scale

    def _made_at(self, date: str) -> TaxScale:
        figures = [tuple(bracket.figures[name].at_date(date) for name in ("threshold", SCALES[self.kind].value_name)) for bracket in self.brackets]
        return SCALES[self.kind].of_brackets(self.name, [(threshold, value) for threshold, value in figures if threshold is not None and value is not None])

    def is_present(self, date: str) -> bool:
        """Tell whether formulas see the scale at that date: always; without brackets it gives 0."""
        del date
        return True

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is worked out again."""
        return {key: value for key, value in self.__dict__.items() if key not in ("_at", "change_dates")}


@dataclass(frozen=True)
class Table(Container):
    """Figures by code (department, commune): at each date of `starts`, ascending, the whole table of codes and values from then on.

    Codes are texts, `01` and `2A`. A code that a later date leaves out has no value from then on.
    """

    starts: tuple[str, ...] = ()
    codes: tuple[tuple[str, ...], ...] = ()
    values: tuple[tuple[Value, ...], ...] = ()

    sort: ClassVar[Sort] = Sort.TABLE

    @property
    def change_dates(self) -> tuple[str, ...]:
        """The dates at which something changes, ascending."""
        return self.starts

    @cached_property
    def _tables(self) -> dict[int, LookUpTable]:
        return {}

    def __repr__(self) -> str:
        """Show the name, the number of codes, and the first few."""
        return self._shown("code", "codes")

    def at(self, instant: InstantLike) -> TableAtInstant:
        """Return the table in force at an instant."""
        return self.at_date(date_text(instant))

    def at_date(self, date: str) -> TableAtInstant:
        """Return the table in force at a date."""
        return TableAtInstant(self, date)

    def recorded_at(self, date: str, recorder: Recorder) -> TableAtInstant:
        """Return the table in force at a date, which tells the recorder what is read."""
        return TableAtInstant(self, date, recorder)

    def table_at(self, date: str) -> LookUpTable:
        """Return the look-up table in force at a date: one same object between two changes."""
        position = bisect_right(self.starts, date) - 1
        table = self._tables.get(position)
        if table is None:
            made = LookUpTable.of(f"{self.name}{EVERY}", self.starts[position], self.codes[position], self.values[position]) if position >= 0 else None
            table = self._tables.setdefault(position, made or LookUpTable.of(f"{self.name}{EVERY}", "", (), ()))
        return table

    choices_at = table_at

    def value_at(self, code: Any, date: str) -> Value:
        """Return the value of one code (a text, a whole number, a member of an enumeration) at a date, or None where it has none."""
        position = self.table_at(date).position(code)
        return self.values[bisect_right(self.starts, date) - 1][position] if position >= 0 else None

    def present_at(self, date: str) -> tuple[str, ...]:
        """Return the codes that have a value at that date."""
        position = bisect_right(self.starts, date) - 1
        return self.codes[position] if position >= 0 else ()

    def is_present(self, date: str) -> bool:
        """Tell whether any code has a value at that date."""
        return bool(self.present_at(date))

    def child_names(self) -> tuple[str, ...]:
        """Return all codes that have a value at some date."""
        return tuple(dict.fromkeys(code for codes in self.codes for code in codes))

    def get(self, segment: str) -> Parameter | None:
        """Return one code's values as a figure, or None where the code never has any."""
        rows = [dict(zip(codes, values, strict=True)).get(segment) for codes, values in zip(self.codes, self.values, strict=True)]
        if all(value is None for value in rows):
            return None
        changes = [i for i, value in enumerate(rows) if i == 0 or value != rows[i - 1]]
        shared = {"metadata": self.metadata, "reference": self.reference, "unit": self.unit, "file": self.file, "line": self.line}
        return Parameter(joined(self.name, segment), starts=tuple(self.starts[i] for i in changes), values=tuple(rows[i] for i in changes), **shared)

    def _with(self, segment: str, item: Parameter) -> Self:
        dates = sorted({*self.starts, *item.starts})
        rows = _rows({date: {**self._snapshot(date), segment: item.at_date(date)} for date in dates})
        return replace(self, **rows)

    def _snapshot(self, date: str) -> dict[str, Value]:
        position = bisect_right(self.starts, date) - 1
        return dict(zip(self.codes[position], self.values[position], strict=True)) if position >= 0 else {}

    @classmethod
    def of_snapshots(cls, name: str, snapshots: Mapping[str, Mapping[str, Value]], **described: Any) -> Self:
        """Return the table of whole tables by date: each holds from its date on, and None is no value."""
        return cls(name, **_rows(snapshots), **described)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is worked out again."""
        return {key: value for key, value in self.__dict__.items() if key != "_tables"}


def _rows(snapshots: Mapping[str, Mapping[str, Value]]) -> dict[str, Any]:
    """Return the fields of a table of whole tables by date."""
    dates = sorted(snapshots)
    kept = [{code: value for code, value in snapshots[date].items() if value is not None} for date in dates]
    return {"starts": tuple(dates), "codes": tuple(tuple(rows) for rows in kept), "values": tuple(tuple(rows.values()) for rows in kept)}
