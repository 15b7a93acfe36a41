"""An amendment taken to another law: from the law in force to a bill, from a bill back, from a year to another.

A scale is amended as a whole, but whoever edits two of its rows means these two. So what its rows were before the edit, what they became and what
they are in the other law are held side by side: rows that nobody edited follow the other law; what was edited, put in or taken out stays. Where the
other law changes the same threshold or rate too, that of the amendment stays, and it is told: a conflict.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from web_api.law_text.figures import text
from web_api.law_text.scale_lines import aligned
from web_api.parameter_paths import brackets_at, item_at, threshold_unit, value_name, value_unit
from web_api.words import say, typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.legislation import Legislation
    from web_api.amendments import Brackets, Figure
    from web_api.law_text.articles import Article


@dataclass(frozen=True)
class Row:
    """A bracket of a scale: from which amount on, and its rate or amount."""

    lower: float
    value: float


@dataclass(frozen=True)
class Conflict:
    """What both changed: a word's key in `words.yaml`, what the amendment says, and what the other law says."""

    word: str
    mine: Row | None = None
    other: Row | None = None


@dataclass(frozen=True)
class Merged:
    """A scale over the other law, and what both changed."""

    rows: tuple[Row, ...]
    conflicts: tuple[Conflict, ...] = ()


def merged(before: Sequence[Row], mine: Sequence[Row], other: Sequence[Row]) -> Merged:
    """Return an edited scale over another law: `before` is what was edited, `mine` what it became, `other` what the other law has in its place."""
    if not before or not mine or not other:  # there is no such scale in one of the laws: nothing to follow
        return Merged(tuple(mine))
    kept, put_in = _fates(before, mine)
    followed, of_other = _fates(before, other)
    rows: list[Row] = []
    conflicts: list[Conflict] = []
    for place in range(len(before) + 1):
        rows += _put_in(put_in[place], of_other[place], conflicts)
        if place < len(before):
            rows += _row(before[place], kept[place], followed[place], conflicts)
    if not rows or any(one.lower >= after.lower for one, after in pairwise(rows)):
        return Merged(tuple(mine), (Conflict("kept_whole"),))
    return Merged(tuple(rows), tuple(conflicts))


def _fates(before: Sequence[Row], after: Sequence[Row]) -> tuple[list[Row | None], list[list[Row]]]:
    """Return what each row became, None for one that was taken out, and what was put in before each of them and at the end."""
    became: list[Row | None] = []
    put_in: list[list[Row]] = [[]]
    for old, new in aligned(before, after):
        if old is not None:
            became.append(new)
            put_in.append([])
        elif new is not None:
            put_in[-1].append(new)
    return became, put_in


def _put_in(mine: Sequence[Row], other: Sequence[Row], conflicts: list[Conflict]) -> list[Row]:
    """Return the rows that either puts in at a place, the lowest first; of two from one amount on, that of the amendment."""
    found = {each.lower: each for each in other}
    for each in mine:
        theirs = found.get(each.lower)
        if theirs is not None and theirs != each:
            conflicts.append(Conflict("kept_value", each, theirs))
        found[each.lower] = each
    return [found[lower] for lower in sorted(found)]


def _row(before: Row, mine: Row | None, other: Row | None, conflicts: list[Conflict]) -> Iterator[Row]:
    """Give what becomes of a row, noting what both changed: nothing where it is taken out."""
    if mine == before:
        found = other
    elif mine is None or other is None:
        found = mine
        if other not in {before, mine}:
            conflicts.append(Conflict("kept_out", other=other) if other is not None else Conflict("kept_in", mine))
    else:
        found = Row(_cell(before.lower, mine.lower, other.lower), _cell(before.value, mine.value, other.value))
        if found.lower not in {before.lower, other.lower} and other.lower != before.lower:
            conflicts.append(Conflict("kept_threshold", found, other))
        if found.value not in {before.value, other.value} and other.value != before.value:
            conflicts.append(Conflict("kept_value", found, other))
    yield from () if found is None else (found,)


def _cell(before: float, mine: float, other: float) -> float:
    return other if mine == before else mine


@dataclass(frozen=True)
class Rebasing:
    """From the law of a year to that of the same year, or of another one, in the language in which conflicts are told."""

    base: Legislation
    year: int
    other: Legislation
    other_year: int
    language: str

    def changes(self, changes: dict[str, Brackets | Figure], articles: Iterable[Article]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return an amendment's changes over the other law, and what both changed: path and sentence. Figures stay as they are."""
        found, told = dict[str, Any](changes), list[tuple[str, str]]()
        names = _names(articles, self.language)
        for path, value in changes.items():
            if not isinstance(value, list):
                continue
            found[path] = [each.model_dump(exclude_none=True) for each in value]
            name = value_name(self.base.parameters, path) if self._is_scale(path) else ""
            if not name or any(each.keys() != {"threshold", name} for each in found[path]):
                continue
            mine = [Row(each["threshold"], each[name]) for each in found[path]]
            became = merged(self._rows(self.base, path, self.year), mine, self._rows(self.other, path, self.other_year))
            found[path] = [{"threshold": each.lower, name: each.value} for each in became.rows]
            told += [(path, self._told(each, path, names)) for each in became.conflicts]
        return found, told

    def _is_scale(self, path: str) -> bool:
        return all(hasattr(item_at(law.parameters, path), "brackets") for law in (self.base, self.other))

    @staticmethod
    def _rows(law: Legislation, path: str, year: int) -> list[Row]:
        return [Row(each["threshold"], each["value"]) for each in brackets_at(law.parameters, path, f"{year}-01-01")]

    def _told(self, conflict: Conflict, path: str, names: dict[str, str]) -> str:
        scale = item_at(self.other.parameters, path)
        units = {"threshold": threshold_unit(scale), "value": value_unit(scale)}
        values = {
            f"{whose}_{what}": text(amount, units[what], self.language)
            for whose, row in (("mine", conflict.mine), ("other", conflict.other))
            if row is not None
            for what, amount in (("threshold", row.lower), ("value", row.value))
        }
        named = names.get(path) or scale.description or path
        return typeset(say(self.language, f"law_text.{conflict.word}", scale=named, **values), self.language)


def _names(articles: Iterable[Article], language: str) -> dict[str, str]:
    """Return what the page calls each scale: the article that holds it."""
    return {
        paragraph.scale: say(language, "law_text.scale_of_article", number=article.number)
        for article in articles
        for paragraph in article.paragraphs
        if paragraph.scale is not None
    }
