"""The law as data: what `GET /v1/law` answers and the page shows. Figures under each law: in force, the bill, the amendment."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from web_api.documented import Answer

Number = bool | int | float | str | None
ByLaw = Annotated[dict[str, Number], Field(description="By law: `in_force`, and `bill`, `amended` where there are any; null: not in force.")]
TextByLaw = Annotated[dict[str, str], Field(description="The same as it is written, with its unit.")]


class TextTold(Answer):
    """Words."""

    kind: Literal["text"] = "text"
    text: str


class FigureTold(Answer):
    """A figure that one may amend."""

    kind: Literal["figure"] = "figure"
    path: str
    unit: str | None
    name: str = Field(description="What figure it is: where it stands, and the words around it.")
    values: ByLaw
    texts: TextByLaw


class DerivedTold(Answer):
    """What follows from figures."""

    kind: Literal["derived"] = "derived"
    expression: str
    terms: Any = Field(description="A number, the path of a figure, or [sign, left, right].")
    unit: str | None
    values: ByLaw
    texts: TextByLaw


Piece = Annotated[TextTold | FigureTold | DerivedTold, Field(discriminator="kind")]


class BracketTold(Answer):
    """A bracket: the amount beyond which it begins, and its rate or amount."""

    threshold: int | float
    value: int | float


class ScaleTold(Answer):
    """A scale, amended as a whole: `changes[path]` is a list of `{threshold, <value_name>}`."""

    path: str
    of: str
    value_name: str
    threshold_unit: str | None
    value_unit: str | None
    brackets: dict[str, list[BracketTold]] = Field(description="By law, from the lowest on.")


class RowTold(Answer):
    """A row of a table: its label and its cells."""

    label: str
    cells: list[list[Piece]]


class TableTold(Answer):
    """A table of figures."""

    head: list[str]
    rows: list[RowTold]


class ParagraphTold(Answer):
    """A paragraph in force in the year: a sentence, and a scale or a table below."""

    place: str | None = Field(description="Where it stands in the article; null for an explanation that is not in the law.")
    pieces: list[Piece]
    scale: ScaleTold | None
    table: TableTold | None


class ArticleTold(Answer):
    """An article, in our own plain words; `address` is that of its text on Légifrance."""

    name: str
    code: str
    code_title: str
    number: str
    tax: str
    title: str
    address: str
    note: str | None
    in_force: bool = Field(description="Whether any of it is in force in the year.")
    changed_by_bill: bool
    changed_by_amendment: bool
    paragraphs: list[ParagraphTold]


class LawTold(Answer):
    """The law of a year."""

    year: int
    language: str
    bill: str | None
    notes: list[str] = Field(description="What is to be known of the answer: a bill that does not touch the year.")
    articles: list[ArticleTold]
