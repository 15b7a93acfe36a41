"""The draft bills that one may amend, and the years of the law that each of them touches."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from engine.parameters import ParameterNode
from web_api.amendments import FIRST_YEAR, LAST_YEAR, Amendment, bills, laws_of
from web_api.documented import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.legislation import Legislation
    from web_api.settings import Settings


class BillTold(Answer):
    """A draft bill."""

    name: str
    title: str
    description: str
    reference: list[str]
    years: list[int]


class BillsTold(Answer):
    """The draft bills that one may amend."""

    bills: list[BillTold]


def told(law: Legislation, settings: Settings) -> BillsTold:
    """Return the bills as data."""
    found = []
    for name, bill in bills(settings).items():
        reference = [bill.reference] if isinstance(bill.reference, str) else bill.reference
        touched = list(years(law, name, settings))
        found.append(BillTold(name=name, title=bill.words, description=bill.description.strip(), reference=[each for each in reference if each], years=touched))
    return BillsTold(bills=found)


@lru_cache(maxsize=32)
def years(law: Legislation, name: str, settings: Settings) -> tuple[int, ...]:
    """Return the years whose law a bill changes; all of them where it changes rules, not figures alone."""
    under = laws_of(Amendment(year=FIRST_YEAR, bill=name), law, settings).bill
    assert under is not None
    every = range(FIRST_YEAR, LAST_YEAR + 1)
    if under.variables != law.variables:
        return tuple(every)
    pairs = list(_changed(law.parameters, under.parameters))
    return tuple(year for year in every if any(_differ(before, after, year) for before, after in pairs))


def _changed(before: Any, after: Any) -> Iterator[tuple[Any, Any]]:
    """Go through the items that two trees do not share."""
    if before is after:
        return
    if isinstance(before, ParameterNode) and isinstance(after, ParameterNode):
        for name in {**before.children, **after.children}:
            yield from _changed(before.children.get(name), after.children.get(name))
    else:
        yield before, after


def _differ(before: Any, after: Any, year: int) -> bool:
    if before is None or after is None:
        return True
    first, last = f"{year}-01-01", f"{year}-12-31"
    dates = {first, *(date for date in (*_dates(before), *_dates(after)) if first <= date <= last)}
    return any(before.at_date(date) != after.at_date(date) for date in dates)


def _dates(item: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = item.change_dates
    return found
