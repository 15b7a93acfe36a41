"""Figures without a value at a date that a formula asks for, told once for each formula and figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.checks.calendars import first, last, positions, runs, within
from engine.checks.dated import FAILED
from engine.checks.findings import Finding, Kind, Severity
from engine.errors import BaremeError
from engine.parameters import Sort
from engine.parameters.dates import date_text
from engine.periods import ETERNITY, MONTH, YEAR
from engine.variables.rule import BEGINNING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.checks.calendars import Calendar
    from engine.checks.dated import Dated
    from engine.checks.links import Place
    from engine.variables import Formula, Rule

_MONTHS_IN_A_YEAR = 12
_MOST_RUNS = 4


@dataclass
class Lack:
    """How one formula reads one figure: for which periods (`asked`), and for which of them it has no value (`lacking`)."""

    items: tuple[Any, ...]
    at: Dated
    place: Place
    asked: int = 0
    lacking: int = 0


@dataclass
class Presences:
    """When figures have values: worked out once for each figure and moment."""

    _spans: dict[int, tuple[Any, list[tuple[str, str | None]]]] = field(default_factory=dict)
    _dates: dict[Dated, tuple[list[str | None], bool]] = field(default_factory=dict)
    _found: dict[tuple[int, Dated], int] = field(default_factory=dict)

    def spans(self, item: Any) -> list[tuple[str, str | None]]:
        """Return when an item has a value: from a day to before another, or for ever."""
        kept = self._spans.get(id(item))
        if kept is None or kept[0] is not item:  # an object that is gone may leave its number to another
            kept = self._spans[id(item)] = (item, list(_spans(item)))
        return kept[1]

    def dates(self, at: Dated) -> tuple[list[str | None], bool]:
        """Return the day that a moment is, for each period (None: not known), and whether they are ascending and all known."""
        found = self._dates.get(at)
        if found is None:
            days = [_day(at.at(position)) for position in range(len(at.calendar.periods))]
            ascending = all(one is not None and other is not None and one <= other for one, other in zip(days, [*days[1:], "9"], strict=True))
            found = self._dates[at] = (days, ascending)
        return found

    def present(self, item: Any, at: Dated) -> int:
        """Return the periods for which an item has a value at a moment; where the moment is not known, it is taken to have one."""
        if item.sort is Sort.BRANCH:
            return at.calendar.all
        key = (id(item), at)
        spans = self.spans(item)
        if key not in self._found:
            days, ascending = self.dates(at)
            if ascending:
                self._found[key] = within([day or "" for day in days], spans)
            else:
                self._found[key] = sum(1 << place for place, day in enumerate(days) if day is None or _lies_in(day, spans))
        return self._found[key]


def _day(moment: Any) -> str | None:
    if moment is FAILED:
        return None
    try:
        return date_text(moment)
    except BaremeError:
        return None


def _lies_in(day: str, spans: list[tuple[str, str | None]]) -> bool:
    return any(start <= day and (before is None or day < before) for start, before in spans)


def _spans(item: Any) -> Iterator[tuple[str, str | None]]:
    open_since: str | None = None
    for date in item.change_dates:
        present = bool(item.at_date(date).thresholds) if item.sort is Sort.SCALE else item.is_present(date)
        if present and open_since is None:
            open_since = date
        elif not present and open_since is not None:
            yield open_since, date
            open_since = None
    if open_since is not None:
        yield open_since, None


class Lacks:
    """What one formula reads without a value."""

    def __init__(self, presences: Presences) -> None:
        self.presences = presences
        self._found: dict[str, Lack] = {}

    def note(self, name: str, items: tuple[Any, ...], at: Dated, window: int, place: Place) -> None:
        """Note that a figure, or one of several, is read for some periods."""
        lack = self._found.setdefault(name, Lack(items, at, place))
        present = 0
        for item in items:
            present |= self.presences.present(item, at)
        missing = window & ~present
        if missing and not lack.lacking:
            lack.at, lack.place, lack.items = at, place, items
        lack.asked |= window
        lack.lacking |= missing

    def findings(self, rule: Rule, formula: Formula) -> Iterator[Finding]:
        """Yield one finding for each figure that the formula asks for where it has no value."""
        for name, lack in self._found.items():
            if lack.lacking:
                yield from self._finding(name, lack, rule, formula)

    def _finding(self, name: str, lack: Lack, rule: Rule, formula: Formula) -> Iterator[Finding]:
        never = lack.lacking == lack.asked
        is_scale = any(item.sort is Sort.SCALE for item in lack.items)
        if is_scale and not never:
            return  # a scale without brackets gives 0: so laws write that a tax is not there yet, or no more
        found = runs(lack.lacking, lack.asked)
        calendar = lack.at.calendar
        if formula.start == BEGINNING and not never and found and calendar.unit is not ETERNITY:
            found = [run for run in found if not self._is_leading(run, lack, calendar)]
        if not found:
            return
        what = "bracket" if is_scale else "value"
        since = "" if formula.start == BEGINNING else f" of {formula.start}"
        told = self._told(found, lack, calendar)
        if never:
            message = f"The formula{since} of `{rule.name}` reads `{name}`, which has no {what} at any date that it asks for: {self._when(lack)}."
        else:
            message = f"The formula{since} of `{rule.name}` reads `{name}`, which has no {what} {told}: {self._when(lack)}."
        yield Finding(*lack.place, Severity.ERROR if never and not is_scale else Severity.WARNING, Kind.DATES, message)

    def _is_leading(self, run: tuple[int, int], lack: Lack, calendar: Calendar) -> bool:
        """Whether a run begins where the calendar does: a formula without a date does not say since when it is meant to be in force."""
        year = 1 if calendar.unit is YEAR else _MONTHS_IN_A_YEAR
        return run[0] == first(lack.asked) and run[0] < year

    def _when(self, lack: Lack) -> str:
        spans = [span for item in lack.items for span in self.presences.spans(item)] if len(lack.items) == 1 else []
        if len(lack.items) > 1:
            return "none of what is below has one then"
        told = " and ".join(f"from {start}" + (f" until before {before}" if before else " on") for start, before in spans)
        return f"it has {'brackets' if lack.items[0].sort is Sort.SCALE else 'values'} {told}" if told else "it never has one"

    def _told(self, found: list[tuple[int, int]], lack: Lack, calendar: Calendar) -> str:
        if calendar.unit is ETERNITY:
            return "at the date asked for"
        periods = [self._run(run, lack, calendar) for run in found[:_MOST_RUNS]]
        more = f" and {len(found) - _MOST_RUNS} times more" if len(found) > _MOST_RUNS else ""
        return f"for {' and '.join(periods)}{more}{self._read_at(found[-1], lack, calendar)}"

    @staticmethod
    def _run(run: tuple[int, int], lack: Lack, calendar: Calendar) -> str:
        low, high = run
        if high == last(lack.asked) and high >= len(calendar.periods) - (1 if calendar.unit is YEAR else _MONTHS_IN_A_YEAR):
            return f"{_shown(calendar, low)} and later"
        return _shown(calendar, low) if low == high else f"{_shown(calendar, low)} to {_shown(calendar, high)}"

    def _read_at(self, run: tuple[int, int], lack: Lack, calendar: Calendar) -> str:
        """Say at which date a figure is read, where it is not at the start of the period."""
        day = self.presences.dates(lack.at)[0][run[0]]
        if day is None or day == calendar.starts[run[0]]:
            return ""
        fixed = sum(1 for position in positions(lack.lacking) if self.presences.dates(lack.at)[0][position] == day) > 1
        return f" (read at {day})" if fixed or run[0] == run[1] else f" (read at {day} for {_shown(calendar, run[0])})"


def _shown(calendar: Calendar, position: int) -> str:
    period = calendar.periods[position]
    return str(period) if calendar.unit in (YEAR, MONTH) else calendar.starts[position]
