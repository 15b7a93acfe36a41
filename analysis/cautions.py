"""What a reader must know before the figures: that a reform changes nothing in the year asked for, or that the year is beyond the known law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.changed_figures import first_change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.study import Outcome, Study
    from engine.legislation import Legislation

_LIVING: Final = 5  # years: a branch of the law that has not changed for longer is one that stays


def cautions(year: int, laws: Sequence[Legislation], *, is_without_effect: bool) -> Iterator[str]:
    """Give a sentence for each thing that a reader must know about the laws (the one in force first) and what they gave in a year."""
    if is_without_effect:
        first = first_change(laws[0], laws[-1])
        later = f" : ses chiffres changent à partir du {first}" if first is not None and first > f"{year}-12-31" else ""
        yield f"La réforme ne change aucun montant en {year}{later}."
    ends = _ends(laws[0], year)
    for end_year in sorted(set(ends.values())):
        names = ", ".join(name for name, end in ends.items() if end == end_year)
        yield f"Chiffres du droit connus jusqu'en {end_year} ({names}) : ce sont eux qui valent ici en {year}."


def is_without_effect(before: Outcome, after: Outcome, study: Study) -> bool:
    """Whether no amount of any household, or outside of households, differs."""
    return before.outside == after.outside and all(bool((before.amounts[each.name] == after.amounts[each.name]).all()) for each in study.measures)


def _ends(law: Legislation, year: int) -> dict[str, int]:
    """Return the branches of the law that change from time to time and whose last change lies before the year, with the year of it."""
    changes = {name: branch.change_dates for name in law.parameters.child_names() if (branch := law.parameters.get(name)) is not None}
    last = {name: int(dates[-1][:4]) for name, dates in changes.items() if dates}
    return {name: known for name, known in last.items() if year - _LIVING <= known < year}
