"""Which figures of the law an amendment changes, as its readers call them: a bracket's threshold or rate by its bracket, each with its unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.changed_figures import changed_figures
from web_api.parameter_paths import unit_at
from web_api.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.legislation import Legislation

_OF_BRACKET: Final = re.compile(r".*\[(\d+)\]\.(\w+)")
_THRESHOLD: Final = "threshold"


@dataclass(frozen=True)
class ChangedFigure:
    """A figure of the law under two laws; the values are as `analysis.changed_figures` tells them."""

    path: str
    label: str
    unit: str
    before: str
    after: str


def figures_changed(before: Legislation, after: Legislation, year: int, language: str) -> Iterator[ChangedFigure]:
    """Go through the figures that differ between two laws at some time of a year."""
    for row in changed_figures(before, after, year):
        path = str(row["parametre"])
        unit = row["unite"] or unit_at(after.parameters, path) or unit_at(before.parameters, path) or ""
        yield ChangedFigure(path, _label(str(row["libelle"]), path, language), unit, row["avant"], row["apres"])


def _label(label: str, path: str, language: str) -> str:
    bracket = _OF_BRACKET.fullmatch(path)
    if bracket is None:
        return label
    key = "threshold_of_bracket" if bracket[2] == _THRESHOLD else "value_of_bracket"
    return say(language, f"law_text.{key}", of=label, number=int(bracket[1]) + 1)
