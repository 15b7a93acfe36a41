"""What an amendment says of a scale: which lines change, which are put in and which are taken out, by the alinéas that they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeVar

from web_api.law_text import places
from web_api.law_text.figures import text, unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web_api.law_text.told import BracketTold, ScaleTold

_CHANGED, _PUT_IN, _TAKEN_OUT = 1.0, 1.5, 1.5


class Alike(Protocol):
    """What can be held side by side: rows of a scale, written or as figures."""

    @property
    def value(self) -> object:
        """The rate or amount."""

    @property
    def lower(self) -> object:
        """The amount that it begins above."""


Kept = TypeVar("Kept", bound=Alike)


@dataclass(frozen=True)
class Line:
    """A line of a scale as the law writes it: its rate or amount, for what lies between two amounts; no upper one in the last."""

    value: str
    lower: str
    upper: str | None


@dataclass(frozen=True)
class Step:
    """One step of an amendment: where, and what is to be done, in the words of the language."""

    place: str
    old: str | None
    new: str | None
    noun: str = "amount"
    action: str = "replace"


def lines_of(scale: ScaleTold, law: str, language: str) -> list[Line]:
    """Return the lines of a scale under a law; a first bracket in which nothing is due is not written in the law."""
    brackets: list[BracketTold | None] = [*scale.brackets[law], None]
    found = [
        Line(
            text(each.value, scale.value_unit, language),
            text(each.threshold, scale.threshold_unit, language),
            None if after is None else text(after.threshold, scale.threshold_unit, language),
        )
        for each, after in pairwise(brackets)
        if each is not None
    ]
    return found[1:] if found and scale.brackets[law][0].value == 0 else found


def wording(line: Line, language: str) -> str:
    """Return a line as a sentence: "11 % pour la fraction supérieure à 11 294 € et inférieure ou égale à 28 797 €"."""
    if language == "fr":
        return f"{line.value} pour la fraction supérieure à {line.lower}" + (f" {_up_to(line, language)}" if line.upper else "")
    return f"{line.value} for the part above {line.lower}" + (f" {_up_to(line, language)}" if line.upper else "")


def steps(scale: ScaleTold, base: str, amended: str, place: str, first_line: int, language: str) -> list[Step]:
    """Return the steps from the scale of one law to that of another; `first_line` is the alinéa of the first line."""
    before, after = lines_of(scale, base, language), lines_of(scale, amended, language)
    noun = unit_of(scale.value_unit).noun, unit_of(scale.threshold_unit).noun
    found: list[Step] = []
    last = first_line - 1
    new: list[Line] = []

    def put_in() -> None:
        if new:
            what = "".join(f"\n« – {wording(each, language)} ; »" for each in new)
            found.append(Step(places.paragraph_of(place, last), None, what, str(len(new)), "insert"))
            new.clear()

    for old_line, new_line in aligned(before, after):
        if old_line is None:
            assert new_line is not None
            new.append(new_line)
            continue
        put_in()
        last += 1
        where = places.paragraph_of(place, last)
        if new_line is None:
            found.append(Step(where, wording(old_line, language), None, action="delete"))
        else:
            found += _changes(old_line, new_line, where, noun, language)
    put_in()
    return found


def _changes(old: Line, new: Line, place: str, nouns: tuple[str, str], language: str) -> list[Step]:
    of_value, of_threshold = nouns
    found = [Step(place, old.value, new.value, of_value)] if old.value != new.value else []
    found += [Step(place, old.lower, new.lower, of_threshold)] if old.lower != new.lower else []
    if old.upper is None and new.upper is not None:
        found.append(Step(place, None, _up_to(new, language), action="complete"))
    elif old.upper is not None and new.upper is None:
        found.append(Step(place, _up_to(old, language), None, action="delete_words"))
    elif old.upper is not None and old.upper != new.upper:
        found.append(Step(place, old.upper, new.upper, of_threshold))
    return found


def _up_to(line: Line, language: str) -> str:
    return f"et inférieure ou égale à {line.upper}" if language == "fr" else f"and up to {line.upper}"


def aligned(before: Sequence[Kept], after: Sequence[Kept]) -> list[tuple[Kept | None, Kept | None]]:
    """Return which line became which, with the fewest changes: pairs in order, None for one that is put in or taken out."""

    @cache
    def best(i: int, j: int) -> tuple[float, tuple[tuple[Kept | None, Kept | None], ...]]:
        if i == len(before) and j == len(after):
            return 0.0, ()
        ways: list[tuple[float, tuple[tuple[Kept | None, Kept | None], ...]]] = []
        if i < len(before) and j < len(after):
            cost, rest = best(i + 1, j + 1)
            differing = (before[i].value != after[j].value) + (before[i].lower != after[j].lower)
            ways.append((cost + _CHANGED * differing, ((before[i], after[j]), *rest)))
        if j < len(after):
            cost, rest = best(i, j + 1)
            ways.append((cost + _PUT_IN, ((None, after[j]), *rest)))
        if i < len(before):
            cost, rest = best(i + 1, j)
            ways.append((cost + _TAKEN_OUT, ((before[i], None), *rest)))
        return min(ways, key=lambda way: way[0])

    return list(best(0, 0)[1])
