"""Scales whose brackets do not fit together at a date."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from engine.checks.findings import Finding, Kind, Severity
from engine.parameters import SCALES, Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def scale_findings(items: Iterable[Any], file_of: Callable[[Any], str]) -> Iterator[Finding]:
    """Yield what is wrong with the scales among items of the tree; `file_of` says in which file an item stands.

    A scale that a package hangs up in several places is told of once, by the name that its file gives it.
    """
    scales: dict[tuple[Any, ...], Any] = {}
    for item in items:
        if item.sort is Sort.SCALE:
            place = (item.file, item.line) if item.file else (item.name,)
            if place not in scales or _is_at_home(item):
                scales[place] = item
    for scale in scales.values():
        yield from _findings(scale, file_of)


def _is_at_home(scale: Any) -> bool:
    """Whether a scale's name is that of its file's place in the tree."""
    home = (scale.file or "").rpartition(".")[0].replace("/", ".")
    return bool(scale.name == home or scale.name.startswith(f"{home}."))


def _findings(scale: Any, file_of: Callable[[Any], str]) -> Iterator[Finding]:
    value_name = SCALES[scale.kind].value_name
    told: set[tuple[str, Any]] = set()
    for date in scale.change_dates:
        present: list[tuple[Any, Any]] = []
        for bracket in scale.brackets:
            threshold, value = (bracket.figures[name].at_date(date) for name in ("threshold", value_name))
            if threshold is None and value is not None and ("lack", bracket.name) not in told:
                told.add(("lack", bracket.name))
                message = f"`{bracket.name}` has the {value_name} {value} from {date} and no threshold then: the bracket does not count."
                yield _finding(bracket, scale, file_of, message)
            if threshold is not None and value is not None:
                present.append((threshold, bracket))
        yield from _falling(scale, date, present, told, file_of)


def _falling(scale: Any, date: str, present: list[tuple[Any, Any]], told: set[tuple[str, Any]], file_of: Callable[[Any], str]) -> Iterator[Finding]:
    for (before, _), (threshold, bracket) in pairwise(present):
        if threshold <= before and ("falling", bracket.name) not in told:
            told.add(("falling", bracket.name))
            what = "is that of the bracket before" if threshold == before else f"is below that of the bracket before, {before}"
            how = "what they carry is added up" if threshold == before else "brackets are put in the order of their thresholds"
            yield _finding(bracket, scale, file_of, f"The threshold of `{bracket.name}` at {date}, {threshold}, {what}: {how}.")


def _finding(bracket: Any, scale: Any, file_of: Callable[[Any], str], message: str) -> Finding:
    item = bracket if bracket.file else scale
    return Finding(file_of(item), item.line or scale.line or 0, 0, Severity.WARNING, Kind.SCALE, message)
