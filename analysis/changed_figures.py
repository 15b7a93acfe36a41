"""Which figures of the law a reform changes, before and after: what a reader of its effects wants to see first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.tables import WHO, Column
from engine.parameters import Parameter
from engine.parameters.items import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.legislation import Legislation

FIGURES = (
    *WHO,
    Column("parametre", "Paramètre"),
    Column("libelle", "Libellé"),
    Column("depuis", "À partir du"),
    Column("unite", "Unité"),
    Column("avant", "Avant"),
    Column("apres", "Après"),
)


def changed_figures(before: Legislation, after: Legislation, year: int) -> Iterator[dict[str, Any]]:
    """Give a row for each figure that differs at some time of a year; a figure that is not there is empty."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    for label, old, new in _pairs(before.parameters, after.parameters, ""):
        known = new or old
        assert known is not None
        changes = sorted({first, *(date for item in (old, new) if item is not None for date in item.starts if first < date <= last)})
        for date in changes:
            values = [None if item is None else item.at_date(date) for item in (old, new)]
            if values[0] != values[1]:
                unit = known.unit or ""
                yield {"parametre": known.name, "libelle": label, "depuis": date, "unite": unit, "avant": _told(values[0]), "apres": _told(values[1])}
                break


def first_change(before: Legislation, after: Legislation) -> str | None:
    """Return the first day on which a figure differs; None where none does."""
    found = (date for _, old, new in _pairs(before.parameters, after.parameters, "") for date in _differing(old, new))
    return min(found, default=None)


def _differing(old: Parameter | None, new: Parameter | None) -> Iterator[str]:
    dates = {date for item in (old, new) if item is not None for date in item.starts}
    yield from (date for date in dates if (None if old is None else old.at_date(date)) != (None if new is None else new.at_date(date)))


def _pairs(old: Any, new: Any, label: str) -> Iterator[tuple[str, Parameter | None, Parameter | None]]:
    """Give the figures of two trees that are not the same one, with what describes them; what trees share is passed over."""
    if old is new:
        return
    label = next((item.description for item in (new, old) if item is not None and item.description), label)
    if all(isinstance(item, Parameter | None) for item in (old, new)):
        yield label, old, new
        return
    containers = [item if isinstance(item, Container) else None for item in (old, new)]
    names = dict.fromkeys(name for item in containers if item is not None for name in item.child_names())
    for name in names:
        below = [None if item is None else item.get(name) for item in containers]
        yield from _pairs(below[0], below[1], label)


def _told(value: Any) -> str:
    return "–" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)
