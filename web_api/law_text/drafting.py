"""The amendment's text, drafted from the figures that were changed.

    À l'article 197 du code général des impôts, au a du 4 du I, substituer au montant : « 833 € » le montant : « 900 € ».

By article (I, II), then by place (1°, 2°), then by change (a, b), as parliament writes it. The words around the figures are our own, not the law's:
occurrences are counted in ours, so the text is to be held against Légifrance before it is tabled.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from string import ascii_lowercase
from typing import TYPE_CHECKING

from markupsafe import Markup

from web_api.law_text import places
from web_api.law_text.figures import text, unit_of
from web_api.law_text.scale_lines import Step, lines_of, steps, wording
from web_api.law_text.telling import AMENDED, BILL, IN_FORCE, Telling, pieces_of_paragraph
from web_api.law_text.told import BracketTold, ScaleTold, TextTold
from web_api.parameter_paths import brackets_at, item_at, scale_of, threshold_unit, unit_at, value_at, value_name, value_unit
from web_api.words import say, typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.legislation import Legislation
    from web_api.law_text.articles import Article
    from web_api.law_text.told import ParagraphTold

_OF_WHOLE_LINES = ("insert", "delete")
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Change:
    """What is done at one place of an article."""

    where: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What is changed in one article: how it begins, and the changes by place."""

    beginning: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Draft:
    """The amendment's text in parts; empty where no figure changes."""

    parts: tuple[Part, ...]
    language: str

    @property
    def text(self) -> str:
        """The text, plain."""
        many = len(self.parts) > 1
        parts = ("\n".join(_lines(part, f"{_roman(i)}. – " if many else "", self.language)) for i, part in enumerate(self.parts, start=1))
        return typeset("\n\n".join(parts), self.language)

    @property
    def html(self) -> Markup:
        """The same as HTML: a paragraph for each line."""
        blocks = [Markup("").join(Markup("<p>{}</p>").format(line) for line in block.split("\n")) for block in self.text.split("\n\n") if block]
        return Markup("").join(Markup("<section>{}</section>").format(each) for each in blocks)


def draft(articles: Iterable[Article], base: Legislation, amended: Legislation, changed: Iterable[str], telling: Telling, bill: str | None) -> Draft:
    """Return the text that turns a law into another; `changed` are the paths of the amendment, `bill` the title of the bill that is amended."""
    both = Telling({IN_FORCE: base, AMENDED: amended}, telling.year, telling.language)
    parts, written = [], set[str]()
    for article in articles:
        found = []
        for template in article.paragraphs:
            if template.place is not None and both.is_in_force(template):
                paragraph = both.paragraph(article, template)
                written |= template.paths() | ({template.scale} if template.scale else set())
                found += _of_paragraph(paragraph, template.first_line, both.language)
        if found:
            of_bill = bill if _is_of_bill(article, base, telling) else None
            parts.append(Part(_beginning(article, of_bill, both.language), _by_place(found, both.language)))
    rest = [path for path in dict.fromkeys(map(scale_of, changed)) if path not in written]
    parts += [part for path in rest if (part := _without_article(path, both)) is not None]
    return Draft(tuple(parts), telling.language)


def _is_of_bill(article: Article, base: Legislation, telling: Telling) -> bool:
    """Whether the law that is amended, a bill, writes an article anew: only such an article is amended as it results from the bill."""
    return Telling({IN_FORCE: telling.laws[IN_FORCE], BILL: base}, telling.year, telling.language).article(article).changed_by_bill


def _of_paragraph(paragraph: ParagraphTold, first_line: int | None, language: str) -> list[Step]:
    assert paragraph.place is not None
    figures = [each for each in pieces_of_paragraph(paragraph) if not isinstance(each, TextTold)]
    old = Counter(each.texts[IN_FORCE] for each in figures)
    changed = Counter((each.texts[IN_FORCE], each.texts[AMENDED]) for each in figures if each.texts[IN_FORCE] != each.texts[AMENDED])
    found, seen = [], Counter[str]()
    for each in figures:
        before, after = each.texts[IN_FORCE], each.texts[AMENDED]
        seen[before] += 1
        if before == after:
            continue
        noun = "words" if isinstance(each.values[IN_FORCE], bool) else unit_of(each.unit).noun
        if changed[before, after] == old[before]:
            if seen[before] == 1:
                found.append(Step(paragraph.place, before, after, noun, "replace" if old[before] == 1 else "replace_each"))
        else:
            found.append(Step(paragraph.place, before, after, noun, f"replace_{seen[before]}"))
    if paragraph.scale and paragraph.scale.brackets[IN_FORCE] != paragraph.scale.brackets[AMENDED]:
        if first_line is None:
            found.append(Step(paragraph.place, None, _written_anew(paragraph.scale, language), action="rewrite"))
        else:
            found += steps(paragraph.scale, IN_FORCE, AMENDED, paragraph.place, first_line, language)
    return found


def _by_place(found: Sequence[Step], language: str) -> tuple[Change, ...]:
    """Return changes by place; what stands in an alinéa and what is put behind it are told apart."""
    numbered = enumerate(found)  # what concerns the article as a whole is no list within a place
    groups = [[each for _, each in group] for _, group in groupby(numbered, key=lambda at: (at[1].place or at[0], at[1].action in _OF_WHOLE_LINES))]
    return tuple(Change(_where(group[0], language), tuple(_action(each, language) for each in group)) for group in groups)


def _where(step: Step, language: str) -> str:
    if step.action == "insert":
        return places.after(step.place, language)
    return "" if step.action == "delete" else places.in_words(step.place, language)


def _action(step: Step, language: str) -> str:
    """Return what is to be done at a place: "substituer au montant : « 833 € » le montant : « 900 € »"."""
    values = {"old": step.old or "", "new": step.new or ""}
    if step.action == "insert":
        return say(language, "law_text.insert_one" if step.noun == "1" else "law_text.insert_many", count=step.noun, **values)
    if step.action == "delete":
        return say(language, "law_text.delete", named=places.named(step.place, language), **values)
    if step.action.startswith("replace"):
        which = step.action.removeprefix("replace").removeprefix("_")
        occurrence = say(language, "law_text.each_occurrence") if which == "each" else say(language, "law_text.occurrence", rank=which) if which else ""
        return say(language, f"law_text.replace_{step.noun}", occurrence=occurrence, **values)
    return say(language, f"law_text.{step.action}", **values)


def _beginning(article: Article, bill: str | None, language: str) -> str:
    said = say(language, "law_text.in_article", number=article.number, code=say(language, f"law_text.of_code_{article.code}"))
    return said + (say(language, "law_text.as_of_bill", bill=bill) if bill else "")


def _without_article(path: str, telling: Telling) -> Part | None:
    """Return the change of a figure that no article holds: by its description and its reference. None where nothing changes."""
    language, (base, amended) = telling.language, (law.parameters for law in telling.laws.values())
    item = item_at(base, path)
    what = item.description or path
    reference = item.reference or item.metadata.get("reference") or path
    reference = reference if isinstance(reference, str) else reference[0]
    beginning = say(language, "law_text.without_article", what=what, reference=reference)
    if hasattr(item, "brackets"):
        scale = ScaleTold(
            path=path,
            of="",
            value_name=value_name(base, path),
            threshold_unit=threshold_unit(item),
            value_unit=value_unit(item),
            brackets={law: [BracketTold(**row) for row in brackets_at(each.parameters, path, telling.date)] for law, each in telling.laws.items()},
        )
        if scale.brackets[IN_FORCE] == scale.brackets[AMENDED]:
            return None
        return Part(beginning, (Change("", (say(language, "law_text.rewrite", new=_written_anew(scale, language)),)),))
    unit = unit_at(base, path)
    noun = "words" if isinstance(value_at(base, path, telling.date), bool) else unit_of(unit).noun
    before, after = (text(value_at(each, path, telling.date), unit, language) for each in (base, amended))
    if before == after:
        return None
    return Part(beginning, (Change("", (say(language, f"law_text.replace_{noun}", occurrence="", old=before, new=after),)),))


def _written_anew(scale: ScaleTold, language: str) -> str:
    """Return all lines of an amended scale, for one of which it is not known in which alinéas its lines stand."""
    return "".join(f"\n« – {wording(each, language)} ; »" for each in lines_of(scale, AMENDED, language))


def _lines(part: Part, number: str, language: str) -> Iterator[str]:
    """Go through the lines of a part: one sentence, or a list by place, and by change where a place has several."""
    colon, semicolon = (" :", " ;") if language == "fr" else (":", ";")
    if len(part.changes) == 1 and len(part.changes[0].actions) == 1:
        yield ", ".join(filter(None, [f"{number}{part.beginning}", part.changes[0].where, part.changes[0].actions[0]])) + "."
        return
    yield f"{number}{part.beginning}{colon}"
    for i, change in enumerate(part.changes, start=1):
        end = "." if i == len(part.changes) else semicolon
        if len(change.actions) == 1:
            yield f"{i}° {_capital(', '.join(filter(None, [change.where, change.actions[0]])))}{end}"
            continue
        yield f"{i}° {_capital(change.where)}{colon}"
        for j, action in enumerate(change.actions, start=1):
            yield f"{_letters(j)}) {_capital(action)}{end if j == len(change.actions) else semicolon}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _letters(number: int) -> str:
    """Return the letters of an item, counted from 1: a to z, then aa, ab … az, ba. No guide of drafting says what follows z; so no letter comes twice."""
    above, last = divmod(number - 1, len(ascii_lowercase))
    return (_letters(above) if above else "") + ascii_lowercase[last]


def _roman(number: int) -> str:
    for value, sign in _ROMAN:
        if number >= value:
            return sign + _roman(number - value)
    return ""
