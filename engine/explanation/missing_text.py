"""What is missing, as text: the inputs to ask for next, one a line, in the words of a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.explanation.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.explanation.missing import Missing
    from engine.explanation.words import Words

MOST_TOLD: Final = 30


@dataclass(frozen=True)
class _Sentences:
    line: str
    more: str
    still: str
    untried: str
    nothing: str


_SENTENCES: Final = {
    "fr": _Sentences(
        line="de {lowest} à {highest}\N{NO-BREAK SPACE}: {title} ({periods}, {who}\N{NO-BREAK SPACE}: {value} au lieu de {default})",
        more="… et {} autres (--format json les donne toutes)",
        still="Autres données non déclarées, qui ne changent rien dans les limites du plausible\N{NO-BREAK SPACE}: {}.",
        untried="Non essayées, car ce sont des textes\N{NO-BREAK SPACE}: {}.",
        nothing="Rien à demander\N{NO-BREAK SPACE}: tout ce que le résultat a lu est déclaré.",
    ),
    "en": _Sentences(
        line="from {lowest} to {highest}: {title} ({periods}, {who}: {value} for {default})",
        more="… and {} more (--format json tells all)",
        still="Other inputs at their default, which move nothing within their plausible range: {}.",
        untried="Not tried, being texts: {}.",
        nothing="Nothing to ask: all that the result read was given.",
    ),
}


def missing_text(found: Sequence[Missing], language: str = "fr", currency: str = "") -> str:
    """Return what `missing` found as text: those that move the result, the first thirty of them, and how many there are besides.

    Raises DataError for a language that there is not.
    """
    return "\n".join(_lines(found, words_of(language), currency)) + "\n"


def _lines(found: Sequence[Missing], words: Words, currency: str) -> Iterator[str]:
    said = _SENTENCES[words.language]
    moving = [each for each in found if each.moves_by]
    still = sum(not each.moves_by and each.lowest is not None for each in found)
    untried = [each.variable for each in found if each.lowest is None]
    if not found:
        yield said.nothing
    yield from (_line(each, words, currency) for each in moving[:MOST_TOLD])
    if len(moving) > MOST_TOLD:
        yield said.more.format(len(moving) - MOST_TOLD)
    if still:
        yield said.still.format(still)
    if untried:
        yield said.untried.format(", ".join(untried))


def _line(each: Missing, words: Words, currency: str) -> str:
    lowest, highest = (_signed(bound, words, currency) for bound in (each.lowest or 0.0, each.highest or 0.0))
    return _SENTENCES[words.language].line.format(
        lowest=lowest,
        highest=highest,
        title=f"{each.label} [{each.variable}]" if each.label else each.variable,
        periods=each.periods[0] if len(each.periods) == 1 else f"{each.periods[0]} … {each.periods[-1]}",
        who=each.id if each.id is not None else f"{words.row} {each.row}",
        value=words.value(each.value, each.unit, currency),
        default=words.value(each.default, each.unit, currency),
    )


def _signed(by: float, words: Words, currency: str) -> str:
    return f"{'+' if by > 0 else ''}{words.number(by, 'currency', currency)}"
