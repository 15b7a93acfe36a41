"""Reading the formulas of a law: each vintage of each variable, for the periods for which it is in force."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from engine.checks.calendars import Calendar
from engine.checks.calls import bound
from engine.checks.dated import Times
from engine.checks.findings import Finding, Kind, Severity
from engine.checks.frames import Frame, closure_of
from engine.checks.reading import MOST_STEPS, Reading, Shared
from engine.checks.sources import plain_function
from engine.checks.values import THE_LAW, Rows
from engine.parameters import Sort
from engine.periods import ETERNITY, MONTH, YEAR, DateUnit
from engine.variables.rule import BEGINNING

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable
    from types import FunctionType

    from engine.legislation import Legislation
    from engine.periods import Instant
    from engine.variables import Formula, Rule

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_IF_NOTHING_IS_DATED: Final = (2000, 2030)


def years_of(legislation: Legislation) -> tuple[int, int]:
    """Return the years in which something in a law changes, the first and the one after the last, within 1900 to 2100."""
    dates = {int(date[:4]) for item in legislation.parameters.descendants() if item.sort is not Sort.BRANCH for date in item.change_dates}
    for rule in legislation.variables.values():
        dates |= {formula.start.year for formula in rule.formulas}
        dates |= {rule.end.year} if rule.end is not None else set()
    within = [year for year in dates if _FIRST_YEAR <= year <= _LAST_YEAR]
    return (min(within), min(max(within) + 2, _LAST_YEAR)) if within else _IF_NOTHING_IS_DATED


@dataclass
class FormulaCounts:
    """How many formulas were read, had no source, or had more ways than are followed."""

    read: int = 0
    without_source: int = 0
    cut_short: int = 0


@dataclass
class Formulas:
    """Reads all formulas of a law."""

    shared: Shared
    years: tuple[int, int]
    counts: FormulaCounts = field(default_factory=FormulaCounts)
    _times: dict[DateUnit, Times] = field(default_factory=dict)

    def read(self, rules: Iterable[Rule]) -> None:
        """Read the formulas of these variables; what is wrong goes to the notes."""
        for rule in rules:
            if rule.is_neutralized:
                continue
            self.shared.notes.links.reader = rule.name
            for formula, following in zip(rule.formulas, [*rule.formulas[1:], None], strict=False):
                self._read(rule, formula, following.start if following is not None else None)

    def times(self, unit: DateUnit) -> Times:
        """Return the calendar of a unit."""
        found = self._times.get(unit)
        if found is None:
            found = self._times[unit] = Times(Calendar.of(unit, *self.years))
        return found

    def _read(self, rule: Rule, formula: Formula, before: Instant | None) -> None:
        if _never_begins(rule, formula, before):
            self.shared.notes.add(_never_in_force(rule, formula, before))
            return
        function = plain_function(formula.function)
        node = self.shared.sources.node(function.__code__) if function is not None else None
        if function is None or node is None:
            self.counts.without_source += 1
            return
        times = self.times(rule.definition_period)
        window = times.calendar.between(None if formula.start == BEGINNING else formula.start, before, rule.end)
        self.counts.read += 1
        if window:
            self._follow(rule, formula, (function, node), window)

    def _follow(self, rule: Rule, formula: Formula, source: tuple[FunctionType, ast.FunctionDef | ast.Lambda], window: int) -> None:
        function, node = source
        times = self.times(rule.definition_period)
        reading = Reading(self.shared, times, window)
        own = self.shared.sources.assigned(node)
        frame = Frame(function.__code__.co_filename, function.__globals__, window, own=own, closure=closure_of(function))
        handed: tuple[Any, ...] = (Rows(rule.entity.key), times.period, THE_LAW)[: formula.arity]
        names = bound(node.args, (handed, {}), function.__defaults__ or (), function.__kwdefaults__ or {})
        try:
            reading.calls.run(node, names, frame, Frame("", {}, window))
            self.counts.cut_short += reading.steps > MOST_STEPS
        except RecursionError:  # an expression nested deeper than Python's stack
            self.counts.cut_short += 1
        for finding in reading.lacks.findings(rule, formula):
            self.shared.notes.add(finding)


def _never_begins(rule: Rule, formula: Formula, before: Instant | None) -> bool:
    """Whether no period of the variable begins while a formula is in force: from its start to the next vintage, or to the variable's end."""
    unit = rule.definition_period
    if unit is ETERNITY:
        return before is not None
    begins = formula.start
    if unit in (YEAR, MONTH) and begins != begins.first_of(unit):
        begins = begins.first_of(unit).offset(1, unit)
    return (before is not None and begins >= before) or (rule.end is not None and begins > rule.end)


def _never_in_force(rule: Rule, formula: Formula, before: Instant | None) -> Finding:
    unit = rule.definition_period
    why = f"the next begins on {before}" if before is not None else f"the variable ends on {rule.end}"
    when = "eternity has the latest" if unit is ETERNITY else f"no {unit} begins in between"
    message = f"The formula of {formula.start} of `{rule.name}` is never in force: {why}, {when}."
    return Finding(formula.file, formula.line, 0, Severity.WARNING, Kind.VINTAGE, message)
