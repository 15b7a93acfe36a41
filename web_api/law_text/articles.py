"""The articles of the law as templates: files `*.article.yaml` beside the parameters, in our own plain words, each figure a placeholder.

    code: CGI
    number: "197"
    tax: {fr: Impôt sur le revenu, en: Income tax}
    title: {fr: Calcul de l'impôt, en: How the tax is calculated}
    address: https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000046860759/{next_year}-01-01
    under: impot_revenu                # paths that begin with a dot lie below it; a paragraph may have its own
    paragraphs:
      - place: I, 4, a                 # where it stands in the law; without it, an explanation that amendments leave alone
        from: 2020                     # years in which it holds; none for all years that its figures have
        fr: "La décote est de {.decote.personne_seule}, moins {.decote.taux} de l'impôt."
        en: "The relief is {.decote.personne_seule}, less {.decote.taux} of the tax."
      - {place: "I, 1", scale: .bareme, first_line: 2, of: {fr: fraction de chaque part, en: part of each share}, fr: …, en: …}
      - {table: {head: {fr: [Zone, Montant], en: […]}, rows: [{label: {fr: …, en: …}, cells: ["{.a}", "{.b}"]}]}, fr: …, en: …}

Whatever is wrong in them is told at once, by file and line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from engine.errors import DataError, ParameterFileError, Problem
from engine.parameters import Sort, YamlMapping, read_yaml
from web_api.law_text.pieces import Derived, Figure, Piece, paths_in, pieces_of
from web_api.parameter_paths import full_names, item_at, unknown
from web_api.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from engine.parameters import ParameterNode

ENDING: Final = ".article.yaml"
CODES: Final = ("CGI", "CSS", "CASF")
"""The codes of law, in the order in which their articles are shown; `words.yaml` names them."""
_OF_ARTICLE: Final = {"code", "number", "tax", "title", "address", "under", "paragraphs", "note"}
_OF_PARAGRAPH: Final = {"place", "from", "until", "under", "scale", "of", "first_line", "table", *LANGUAGES}

Said = dict[str, str]
"""A text in each language."""


@dataclass(frozen=True)
class Row:
    """A row of a table: its label, and its cells as pieces."""

    label: Said
    cells: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of an article: a sentence, and a scale or a table below it where there is one."""

    place: str | None
    sentence: dict[str, tuple[Piece, ...]]
    years: tuple[int, int]
    scale: str | None = None
    of: Said | None = None
    first_line: int | None = None
    head: dict[str, list[str]] | None = None
    rows: tuple[Row, ...] = ()

    def pieces(self, language: str) -> Iterator[Piece]:
        """Go through all pieces, those of the table too."""
        yield from self.sentence[language]
        for row in self.rows:
            for cell in row.cells:
                yield from cell

    def figures(self) -> set[str]:
        """Return the paths of the figures that one may amend here."""
        return {each.path for language in LANGUAGES for each in self.pieces(language) if isinstance(each, Figure)}

    def paths(self) -> set[str]:
        """Return the paths of all figures that are told here, those that others follow from too."""
        derived = (each for language in LANGUAGES for each in self.pieces(language) if isinstance(each, Derived))
        return self.figures().union(*(paths_in(each.terms) for each in derived))


@dataclass(frozen=True)
class Article:
    """An article of a code."""

    name: str
    code: str
    number: str
    tax: Said
    title: Said
    address: str
    paragraphs: tuple[Paragraph, ...]
    note: Said | None = None


@cache
def own_articles() -> tuple[Article, ...]:
    """Return the articles of the law that Barème ships, read once. Raises ParameterFileError with all that is wrong."""
    from legislation import france  # noqa: PLC0415 - a service of another law never loads it

    return read_articles({path: text.read_bytes() for path, text in _templates(files("parameters"))}, france().parameters)


def read_articles(texts: Mapping[str, bytes], parameters: ParameterNode) -> tuple[Article, ...]:
    """Return the articles that files (by name) hold, in the order of codes and numbers. Raises ParameterFileError with all that is wrong."""
    problems: list[Problem] = []
    found = [article for file, text in texts.items() if (article := _Reader(file, parameters, problems).article(text)) is not None]
    if problems:
        raise ParameterFileError(problems)
    return tuple(sorted(found, key=lambda each: (CODES.index(each.code), _in_order(each.number))))


def _templates(folder: Traversable, relative: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _templates(entry, f"{relative}{entry.name}/")
        elif entry.name.endswith(ENDING):
            yield f"{relative}{entry.name}", entry


def _in_order(number: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.findall(r"\d+|\D+", number)]


class _Reader:
    """One file being read, and what is wrong with it."""

    def __init__(self, file: str, parameters: ParameterNode, problems: list[Problem]) -> None:
        self.file = file
        self.parameters = parameters
        self.problems = problems

    def wrong(self, line: int | None, message: str) -> None:
        self.problems.append(Problem(f"{self.file}:{line}" if line else self.file, message))

    def article(self, text: bytes) -> Article | None:
        data, problems = read_yaml(text, self.file)
        self.problems.extend(problems)
        if problems or not self.is_mapping(data, _OF_ARTICLE, {"code", "number", "tax", "title", "address", "paragraphs"}):
            return None
        if data["code"] not in CODES:
            self.wrong(data.lines["code"], f"`{data['code']}` is no code of law known here: expected one of {', '.join(CODES)}.")
            return None
        paragraphs = [self.paragraph(each, str(data.get("under") or "")) for each in data["paragraphs"]]
        name = self.file.rpartition("/")[2].removesuffix(ENDING)
        texts = {key: self.said(data, key) for key in ("tax", "title")}
        note = self.said(data, "note") if "note" in data else None
        return Article(name, data["code"], str(data["number"]), **texts, address=str(data["address"]), paragraphs=tuple(filter(None, paragraphs)), note=note)

    def is_mapping(self, data: Any, known: set[str], needed: set[str]) -> bool:
        if not isinstance(data, YamlMapping):
            self.wrong(None, f"expected a mapping with {', '.join(sorted(needed))}; got {data!r}.")
            return False
        for key in data.keys() - known:
            self.wrong(data.lines[key], unknown(key, known, "key"))
        missing = needed - data.keys()
        if missing:
            self.wrong(data.line, f"there is no {' and no '.join(f'`{each}`' for each in sorted(missing))}.")
        return not missing

    def said(self, data: Any, key: str) -> Said:
        """Return a text in each language."""
        said = data[key]
        if not isinstance(said, dict) or set(said) != set(LANGUAGES):
            self.wrong(data.lines[key], f"`{key}` is to be said in each language: expected {{{', '.join(f'{each}: …' for each in LANGUAGES)}}}.")
            return dict.fromkeys(LANGUAGES, "")
        return {language: " ".join(str(said[language]).split()) for language in LANGUAGES}

    def paragraph(self, data: Any, under: str) -> Paragraph | None:
        if not self.is_mapping(data, _OF_PARAGRAPH, set(LANGUAGES)):
            return None
        under = str(data.get("under", under))
        sentence = {language: self.pieces(str(data[language]), under, data.lines[language]) for language in LANGUAGES}
        if _holes(sentence["fr"]) != _holes(sentence["en"]):
            self.wrong(data.line, "the French and the English sentence do not hold the same figures.")
        scale = self.scale(data, under) if "scale" in data else None
        head, rows = self.table(data["table"], under) if "table" in data else (None, ())
        years = (int(data.get("from", 0)), int(data.get("until", 9999)))
        of = self.said(data, "of") if "of" in data else None
        place = None if data.get("place") is None else str(data["place"])
        return Paragraph(place, sentence, years, scale, of, data.get("first_line"), head, rows)

    def scale(self, data: Any, under: str) -> str | None:
        path = _full(str(data["scale"]), under)
        item = item_at(self.parameters, path)
        if item is None:
            self.wrong(data.lines["scale"], unknown(path, full_names(self.parameters), "parameter"))
        elif item.sort is not Sort.SCALE:
            self.wrong(data.lines["scale"], f"`{path}` is no scale: a figure stands in the sentence, as {{{path}}}.")
        return path

    def table(self, data: Any, under: str) -> tuple[dict[str, list[str]] | None, tuple[Row, ...]]:
        if not self.is_mapping(data, {"head", "rows"}, {"head", "rows"}):
            return None, ()
        head = {language: [str(each) for each in data["head"][language]] for language in LANGUAGES}
        rows = []
        for row in data["rows"]:
            if self.is_mapping(row, {"label", "cells"}, {"label", "cells"}):
                cells = tuple(self.pieces(str(each), under, row.lines["cells"]) for each in row["cells"])
                rows.append(Row(self.said(row, "label"), cells))
                if any(len(head[language]) != len(cells) + 1 for language in LANGUAGES):
                    self.wrong(row.line, f"a row has {len(cells)} cells behind its label, the head of the table {len(head['fr'])} columns.")
        return head, tuple(rows)

    def pieces(self, sentence: str, under: str, line: int) -> tuple[Piece, ...]:
        try:
            found = pieces_of(sentence, under)
        except DataError as error:
            self.wrong(line, str(error))
            return ()
        for piece in found:
            for path in [piece.path] if isinstance(piece, Figure) else paths_in(piece.terms) if isinstance(piece, Derived) else ():
                self.check(path, line, is_amended=isinstance(piece, Figure))
        return found

    def check(self, path: str, line: int, *, is_amended: bool) -> None:
        item = item_at(self.parameters, path)
        if item is None:
            self.wrong(line, unknown(path, full_names(self.parameters), "parameter"))
        elif item.sort is not Sort.FIGURE:
            self.wrong(line, f"`{path}` is a {item.sort.value}, not a figure: a scale stands below a paragraph, as `scale: {path}`.")
        elif is_amended and "[" in path:
            self.wrong(line, f"`{path}` is amended with its whole scale: expected `{{= {path}}}` here, and `scale:` in some paragraph.")


def _full(path: str, under: str) -> str:
    return f"{under}{path}" if path.startswith(".") else path


def _holes(pieces: tuple[Piece, ...]) -> list[str]:
    return sorted(each.path if isinstance(each, Figure) else each.source for each in pieces if isinstance(each, Figure | Derived))
