"""From templates and laws to the law as data: a paragraph is told where all its figures have a value in the year, under one of the laws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from web_api.law_text import told
from web_api.law_text.figures import text
from web_api.law_text.pieces import Derived, Figure, Text, paths_in, value_of
from web_api.parameter_paths import brackets_at, item_at, threshold_unit, unit_at, value_at, value_name, value_unit
from web_api.words import say, typeset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.legislation import Legislation
    from engine.parameters import ParameterNode
    from web_api.law_text.articles import Article, Paragraph
    from web_api.law_text.pieces import Piece

IN_FORCE, BILL, AMENDED = "in_force", "bill", "amended"
_BEFORE, _AFTER = 60, 30
_DECIMALS = {"currency": 2}
_STRONGER = ("currency", "part")


@dataclass(frozen=True)
class Telling:
    """The laws to tell, by name as in `amendments.Laws.by_name`, at a year and in a language."""

    laws: Mapping[str, Legislation]
    year: int
    language: str

    @property
    def date(self) -> str:
        """The day at which figures are read, and from which amendments hold."""
        return f"{self.year}-01-01"

    def article(self, article: Article) -> told.ArticleTold:
        """Return an article as data."""
        language = self.language
        paragraphs = [self.paragraph(article, each) for each in article.paragraphs if self.is_in_force(each)]
        address = article.address.replace("{year}", str(self.year)).replace("{next_year}", str(self.year + 1))
        return told.ArticleTold(
            name=article.name,
            code=article.code,
            code_title=say(language, f"law_text.code_{article.code}"),
            number=article.number,
            tax=article.tax[language],
            title=typeset(article.title[language], language),
            address=address,
            note=article.note[language] if article.note else None,
            in_force=any(each.place is not None for each in paragraphs),
            changed_by_bill=BILL in self.laws and any(_differs(each, IN_FORCE, BILL) for each in paragraphs),
            changed_by_amendment=AMENDED in self.laws and any(_differs(each, self.base, AMENDED) for each in paragraphs),
            paragraphs=paragraphs,
        )

    @property
    def base(self) -> str:
        """The law that is amended: the bill where there is one."""
        return BILL if BILL in self.laws else IN_FORCE

    def is_in_force(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph holds in the year: by its own years, and under some law all its figures have a value and its scale brackets."""
        first, last = paragraph.years
        return first <= self.year <= last and any(self._holds(paragraph, law.parameters) for law in self.laws.values())

    def _holds(self, paragraph: Paragraph, parameters: ParameterNode) -> bool:
        if paragraph.scale is not None and not brackets_at(parameters, paragraph.scale, self.date):
            return False
        return all(value_at(parameters, path, self.date) is not None for path in paragraph.paths())

    def paragraph(self, article: Article, paragraph: Paragraph) -> told.ParagraphTold:
        """Return a paragraph as data."""
        where = " ".join(filter(None, [article.number + ("," if paragraph.place else ""), paragraph.place]))
        return told.ParagraphTold(
            place=paragraph.place,
            pieces=self.pieces(paragraph.sentence[self.language], where),
            scale=self.scale(paragraph) if paragraph.scale else None,
            table=self.table(paragraph, where) if paragraph.head else None,
        )

    def pieces(self, pieces: Sequence[Piece], where: str, label: str = "") -> list[told.Piece]:
        """Return pieces as data; `label` is what figures of a table are called."""
        colon = " :" if self.language == "fr" else ":"
        return [self.piece(each, f"{where}{colon} {label or _around(pieces, i)}") for i, each in enumerate(pieces)]

    def piece(self, piece: Piece, name: str) -> told.Piece:
        """Return a piece as data."""
        if isinstance(piece, Text):
            return told.TextTold(text=typeset(piece.text, self.language))
        parameters = self.laws[IN_FORCE].parameters
        if isinstance(piece, Figure):
            unit = piece.unit or unit_at(parameters, piece.path)
            values = {law: value_at(each.parameters, piece.path, self.date) for law, each in self.laws.items()}
            return told.FigureTold(path=piece.path, unit=unit, name=name, values=values, texts=self.texts(values, unit))
        unit = piece.unit or _unit_of_terms(piece, parameters)
        values = {law: self.derived(piece, unit, each.parameters) for law, each in self.laws.items()}
        return told.DerivedTold(expression=piece.source, terms=piece.terms, unit=unit, values=values, texts=self.texts(values, unit))

    def derived(self, piece: Derived, unit: str | None, parameters: ParameterNode) -> float | None:
        """Return what follows from the figures of a law: amounts to the cent, rates to a hundredth of a percent."""
        found = value_of(piece.terms, lambda path: value_at(parameters, path, self.date))
        return None if found is None else round(found, _DECIMALS.get(unit or "", 4))

    def texts(self, values: Mapping[str, Any], unit: str | None) -> dict[str, str]:
        """Return figures as they are written."""
        return {law: text(value, unit, self.language) for law, value in values.items()}

    def scale(self, paragraph: Paragraph) -> told.ScaleTold:
        """Return a paragraph's scale as data."""
        assert paragraph.scale is not None
        parameters = self.laws[IN_FORCE].parameters
        item = item_at(parameters, paragraph.scale)
        brackets = {law: [told.BracketTold(**row) for row in brackets_at(each.parameters, paragraph.scale or "", self.date)] for law, each in self.laws.items()}
        return told.ScaleTold(
            path=paragraph.scale,
            of=paragraph.of[self.language] if paragraph.of else say(self.language, "law_text.fraction"),
            value_name=value_name(parameters, paragraph.scale),
            threshold_unit=threshold_unit(item),
            value_unit=value_unit(item),
            brackets=brackets,
        )

    def table(self, paragraph: Paragraph, where: str) -> told.TableTold:
        """Return a paragraph's table as data: a figure is called by its row and its column."""
        assert paragraph.head is not None
        head = paragraph.head[self.language]
        rows = []
        for row in paragraph.rows:
            label = row.label[self.language]
            cells = [self.pieces(cell, where, f"{label}, {column}") for cell, column in zip(row.cells, head[1:], strict=True)]
            rows.append(told.RowTold(label=label, cells=cells))
        return told.TableTold(head=head, rows=rows)


def pieces_of_paragraph(paragraph: told.ParagraphTold) -> list[told.Piece]:
    """Return all pieces of a paragraph, those of its table too."""
    cells = [piece for row in paragraph.table.rows for cell in row.cells for piece in cell] if paragraph.table else []
    return [*paragraph.pieces, *cells]


def _differs(paragraph: told.ParagraphTold, one: str, other: str) -> bool:
    figures = (each for each in pieces_of_paragraph(paragraph) if isinstance(each, told.FigureTold))
    if any(each.values[one] != each.values[other] for each in figures):
        return True
    return paragraph.scale is not None and paragraph.scale.brackets[one] != paragraph.scale.brackets[other]


def _around(pieces: Sequence[Piece], position: int) -> str:
    """Return the words before and behind a piece, shortened: what the figure is, in the sentence's own words."""
    before = "".join(each.text if isinstance(each, Text) else "…" for each in pieces[:position])
    behind = "".join(each.text if isinstance(each, Text) else "…" for each in pieces[position + 1 :])
    head = before if len(before) <= _BEFORE else "…" + before[-_BEFORE:].partition(" ")[2]
    tail = behind if len(behind) <= _AFTER else behind[:_AFTER].rpartition(" ")[0] + "…"
    return f"{head.strip()} … {tail.strip()}".strip()


def _unit_of_terms(piece: Derived, parameters: ParameterNode) -> str | None:
    """Return the unit of what is reckoned: that of amounts or shares where there are any, for a rate of an amount is an amount."""
    units = [unit_at(parameters, path) for path in paths_in(piece.terms)]
    return next((unit for unit in _STRONGER if unit in units), units[0] if units else None)
