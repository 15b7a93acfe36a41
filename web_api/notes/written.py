"""Figures as a reader of the note's language reads them, beside their values."""

from __future__ import annotations

import math
import re
from typing import Final

from analysis import amounts
from web_api.law_text.figures import retold
from web_api.notes.model import Cell, Figure

NOTHING: Final = Figure(None, "–")
# The last two signs of each plane are none.
_ENDS: Final = "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNREADABLE: Final = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff{_ENDS}]")


def euros(value: float | None, language: str, *, is_signed: bool = False) -> Figure:
    """Return whole euros."""
    return NOTHING if value is None else Figure(value, amounts.euros(value, language, signed=is_signed))


def large(value: float | None, error: float | None, language: str, *, is_signed: bool = False) -> Figure:
    """Return an amount in millions or billions where it is so large, with its sampling error."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return Figure(value, amounts.large_euros(value, language, error, signed=is_signed))


def count(value: float | None, language: str) -> Figure:
    """Return how many, in whole numbers."""
    return NOTHING if value is None else Figure(value, amounts.number(value, 0, language))


def share(value: float | None, language: str) -> Figure:
    """Return a share of one in per cent."""
    return NOTHING if value is None else Figure(value, amounts.share(value, language))


def readable(text: str) -> str:
    """Return a text that somebody typed without the signs that some file of a note does not take: controls, and what is no sign at all."""
    return _UNREADABLE.sub("", text)


def plain(value: str, unit: str, language: str) -> Cell:
    """Return a figure of the law with its unit; its value is as its parameter has it."""
    text = readable(retold(value, unit, language))
    try:
        return Figure(float(value), text)
    except ValueError:
        return text
