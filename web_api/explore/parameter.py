"""What the page of a figure, a scale, a table or a branch of the law tells."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.parameters import Sort
from engine.parameters.items import Container, segments_of
from web_api.explore.chart import has_chart
from web_api.explore.index import PARAMETER
from web_api.explore.references import references_of
from web_api.explore.values import Teller
from web_api.explore.variable import Link, variables_told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web_api.explore.law import ExploredLaw
    from web_api.explore.references import Reference

MOST_CODES: Final = 500
OF_A_BRACKET: Final = ("threshold", "rate", "amount", "average_rate")


Cell = tuple[str, str]


@dataclass(frozen=True)
class Dated:
    """A value of a figure and from when it holds."""

    since: str
    value: str
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class Rows:
    """A table that holds from a date: of a scale, thresholds and values; of a table, codes and values. `count` is that of all its rows.

    Each cell is a text and the name of the figure that it leads to, empty where it leads nowhere.
    """

    since: str
    rows: tuple[tuple[Cell, ...], ...]
    count: int


@dataclass(frozen=True)
class ParameterTold:
    """All that the page of an item tells; `figures` of a figure, `tables` of a scale or table, `children` of a branch or a scale."""

    name: str
    sort: str
    title: str
    documentation: str
    unit: str
    kind: str
    ancestors: tuple[Link, ...]
    references: tuple[Reference, ...]
    figures: tuple[Dated, ...]
    tables: tuple[Rows, ...]
    children: tuple[tuple[Link, str], ...]
    readers: tuple[Link, ...]
    has_chart: bool


def parameter_told(law: ExploredLaw, item: Any, language: str) -> ParameterTold:
    """Return what the page of an item tells, the latest first."""
    teller = Teller.of(law.legislation, language)
    return ParameterTold(
        name=item.name,
        sort=item.sort.value,
        title=item.description or _own_title(item.name, teller),
        documentation=item.documentation or "",
        unit=teller.unit(unit_of(law, item)),
        kind=item.kind if item.sort is Sort.SCALE else "",
        ancestors=_ancestors(law, item.name, teller),
        references=references_of(item.reference, item.metadata.get("reference")),
        figures=tuple(_history(law, item, teller)) if item.sort is Sort.FIGURE else (),
        tables=tuple(_tables(item, teller)),
        children=tuple(_children(law, item, teller)) if item.sort in (Sort.BRANCH, Sort.BRACKET) else (),
        readers=variables_told(law, law.readers_of_parameter(item.name)) if item.name else (),
        has_chart=has_chart(item),
    )


def unit_of(law: ExploredLaw, item: Any) -> str:
    """Return the unit of an item: its own, else what the scale that it stands in says of its thresholds and values."""
    own = item.unit or item.metadata.get("unit")
    scale = item.name.partition("[")[0]
    if own or scale == item.name:
        return str(own or "")
    last = item.name.rpartition(".")[2]
    return _scale_unit(law.legislation.parameters.child(scale), last)


def _scale_unit(scale: Any, figure: str) -> str:
    return str(scale.metadata.get(f"{figure}_unit") or ("/1" if "rate" in figure else "currency"))


def _own_title(name: str, teller: Teller) -> str:
    """Return what an item without a description is called: of a scale's bracket its number and figure, else the last step of its name."""
    last = name.rpartition(".")[2]
    if "[" not in name:
        return last
    if last.endswith("]"):
        return teller.say("bracket", number=int(last.rpartition("[")[2].rstrip("]")) + 1)
    return teller.say(f"figure_{last}") if last in OF_A_BRACKET else last


def _ancestors(law: ExploredLaw, name: str, teller: Teller) -> tuple[Link, ...]:
    """Return what an item stands in, the outermost first."""
    found: list[Link] = []
    item: Any = law.legislation.parameters
    for segment in segments_of(name)[:-1]:
        item = item.get(segment)
        found.append(Link(PARAMETER, item.name, item.description or _own_title(item.name, teller)))
    return tuple(found)


def _history(law: ExploredLaw, figure: Any, teller: Teller) -> Iterable[Dated]:
    unit = unit_of(law, figure)
    for dated in reversed(figure.dated_values):
        references = references_of(dated.reference, dated.metadata.get("reference"))
        yield Dated(teller.since(dated.start), teller.value(dated.value, dated.unit or unit), references)


def _tables(item: Any, teller: Teller) -> Iterable[Rows]:
    if item.sort is Sort.SCALE:
        for date in reversed(item.change_dates):
            yield _scale_at(item, date, teller)
    elif item.sort is Sort.TABLE:
        for start, codes, values in reversed(list(zip(item.starts, item.codes, item.values, strict=True))):
            shown = list(zip(codes, values, strict=True))[:MOST_CODES]
            rows = tuple(((code, f"{item.name}.{code}"), (teller.value(value, item.unit or ""), "")) for code, value in shown)
            yield Rows(teller.since(start), rows, len(codes))


def _scale_at(scale: Any, date: str, teller: Teller) -> Rows:
    """Return the brackets of a scale from a date on; those that lack a figure then are left out."""
    rows = []
    for bracket in scale.brackets:
        figures = {name: figure.at_date(date) for name, figure in bracket.figures.items()}
        if figures and None not in figures.values():
            cells = tuple((teller.value(value, _scale_unit(scale, name)), f"{bracket.name}.{name}") for name, value in figures.items())
            rows.append((figures.get("threshold", 0), cells))
    rows.sort(key=lambda row: row[0])
    return Rows(teller.since(date), tuple(row for _, row in rows), len(rows))


def _children(law: ExploredLaw, branch: Container, teller: Teller) -> Iterable[tuple[Link, str]]:
    """Yield what is below, with a figure's latest value."""
    for name in branch.child_names():
        child = branch.get(name)
        now = ""
        if child.sort is Sort.FIGURE and child.values:
            now = teller.value(child.values[bisect_right(child.starts, "9999") - 1], unit_of(law, child))
        yield Link(PARAMETER, child.name, child.description or ""), now or teller.say(f"sort_{child.sort.value}")
