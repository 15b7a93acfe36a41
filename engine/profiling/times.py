"""Times of formulas: a law whose formulas note when they begin and end, and what was noted.

A formula is run once on symbols, and again only for a simulation of another shape; the graph that it leaves is evaluated in one go
for all variables. So the times are those of running formulas; what is left of a case's time, reading it and evaluating the graph,
stands with the case itself.
"""

from __future__ import annotations

import csv
import io
import time
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.kept_graphs import KeptGraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.legislation import Legislation
    from engine.variables import Formula, Rule

COLUMNS = ("name", "calculation_time", "formula_time")
AGGREGATED_COLUMNS = ("name", "calculation_count", "calculation_time", "formula_time", "avg_calculation_time", "avg_formula_time")


@dataclass(slots=True, eq=False)
class Span:
    """Something that took time, and what took part of it. `variable` is empty for what is no formula."""

    name: str
    variable: str = ""
    begin: float = 0.0
    end: float = 0.0
    children: list[Span] = field(default_factory=list)

    @property
    def time(self) -> float:
        """Seconds in all."""
        return self.end - self.begin

    @property
    def own_time(self) -> float:
        """Seconds that are no child's."""
        return self.time - sum(child.time for child in self.children)


class Profile:
    """Spans noted by the laws that `law` gives."""

    def __init__(self) -> None:
        self.root = Span("all")
        self._open = [self.root]
        self._laws: dict[Legislation, Legislation] = {}

    def begin(self, name: str, variable: str = "") -> Span:
        """Note that something begins, within whatever is open."""
        span = Span(name, variable, time.perf_counter())
        self._open[-1].children.append(span)
        self._open.append(span)
        return span

    def end(self, span: Span) -> None:
        """Note that something ends, and all that is open within it."""
        now = time.perf_counter()
        while span in self._open:
            self._open.pop().end = now

    def law(self, legislation: Legislation) -> Legislation:
        """Return the law with formulas that note their times, and graphs of its own: the same one each time."""
        if legislation not in self._laws:
            rules = {name: self._timed_rule(rule) for name, rule in legislation.variables.items()}
            self._laws[legislation] = replace(legislation, variables=MappingProxyType(rules), baseline=None, kept_graphs=_Unkept())
        return self._laws[legislation]

    def _timed_rule(self, rule: Rule) -> Rule:
        january = None if rule.january is None else self._timed(rule.january, rule.name)
        return replace(rule, formulas=tuple(self._timed(formula, rule.name) for formula in rule.formulas), january=january)

    def _timed(self, formula: Formula, name: str) -> Formula:
        return replace(formula, function=_TimedFormula(formula.function, name, self))

    # What was noted

    def formulas(self) -> Iterator[Span]:
        """Yield every run of a formula, callers first."""
        pending = list(reversed(self.root.children))
        while pending:
            span = pending.pop()
            if span.variable:
                yield span
            pending.extend(reversed(span.children))

    def table(self) -> str:
        """Return CSV: for each variable and period the seconds of its formulas with (`calculation_time`) and without what they called."""
        found: dict[str, list[Span]] = {}
        for span in self.formulas():
            found.setdefault(span.name, []).append(span)
        return _as_csv(COLUMNS, ((name, *_sums(spans)) for name, spans in found.items()))

    def aggregated_table(self) -> str:
        """Return CSV: the same for each variable, with how many times its formulas ran and the averages."""
        found: dict[str, list[Span]] = {}
        for span in self.formulas():
            found.setdefault(span.variable, []).append(span)
        rows = ((name, len(spans), *_sums(spans), *(each / len(spans) for each in _sums(spans))) for name, spans in sorted(found.items()))
        return _as_csv(AGGREGATED_COLUMNS, rows)


class _Unkept(KeptGraphs):
    """Graphs of this process only: of those on disk, no formula would run."""

    def identity(self, legislation: Legislation) -> None:
        """Return None: the law is not looked for on disk."""
        del legislation


class _TimedFormula:
    """A formula that notes its times. Its code object tells the engine where it is written."""

    def __init__(self, function: Callable[..., Any], name: str, profile: Profile) -> None:
        self.function = function
        self.name = name
        self.profile = profile
        self.__code__ = function.__code__
        self.__doc__ = function.__doc__

    def __call__(self, rows: Any, period: Any, *figures: Any) -> Any:
        """Return what the formula gives."""
        span = self.profile.begin(f"{self.name}<{period}>", self.name)
        try:
            return self.function(rows, period, *figures)
        finally:
            self.profile.end(span)


def _sums(spans: Sequence[Span]) -> tuple[float, float]:
    return sum(span.time for span in spans), sum(span.own_time for span in spans)


def _as_csv(columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([f"{cell:.4g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    return text.getvalue()


def merged(spans: Sequence[Span]) -> Mapping[str, list[Span]]:
    """Return spans by name: those of one name are drawn as one."""
    found: dict[str, list[Span]] = {}
    for span in spans:
        found.setdefault(span.name, []).append(span)
    return found
