"""Figures as a reader of the note's language reads them, beside their values."""

from __future__ import annotations

import math
import re
from typing import Final

from analysis.wording import MINUS, NO_BREAK, number
from web_api.law_text.figures import retold
from web_api.notes.model import Cell, Figure

NOTHING: Final = Figure(None, "–")
# The last two signs of each plane are none.
_ENDS: Final = "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNREADABLE: Final = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff{_ENDS}]")
_LARGE: Final = {"fr": ((1e9, "Md€"), (1e6, "M€")), "en": ((1e9, "bn €"), (1e6, "m €"))}


def decimal(value: float, decimals: int, language: str, *, is_signed: bool = False) -> str:
    """Return a number with the language's separators and a true minus sign; with a plus sign where it is wanted."""
    text = number(value, decimals) if language == "fr" else f"{value:,.{decimals}f}".replace("-", MINUS)
    text = text if any(digit in "123456789" for digit in text) else text.lstrip(MINUS)
    return f"+{text}" if is_signed and value > 0 and any(digit in "123456789" for digit in text) else text


def euros(value: float | None, language: str, *, is_signed: bool = False) -> Figure:
    """Return whole euros."""
    return NOTHING if value is None else Figure(value, f"{decimal(value, 0, language, is_signed=is_signed)}{NO_BREAK}€")


def large(value: float | None, error: float | None, language: str, *, is_signed: bool = False) -> Figure:
    """Return an amount in millions or billions where it is so large, with its sampling error."""
    if value is None or not math.isfinite(value):
        return NOTHING
    factor, unit = next(((factor, unit) for factor, unit in _LARGE[language] if abs(value) >= factor), (1.0, "€"))
    decimals = 0 if factor == 1 else 2 if abs(value) < 10 * factor else 1
    spread = "" if not error else f"{NO_BREAK}±{NO_BREAK}{decimal(error / factor, decimals, language)}"
    return Figure(value, f"{decimal(value / factor, decimals, language, is_signed=is_signed)}{spread}{NO_BREAK}{unit}")


def count(value: float | None, language: str) -> Figure:
    """Return how many, in whole numbers."""
    return NOTHING if value is None else Figure(value, decimal(value, 0, language))


def share(value: float | None, language: str) -> Figure:
    """Return a share of one in per cent."""
    return NOTHING if value is None else Figure(value, f"{decimal(value * 100, 1, language)}{NO_BREAK}%")


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
