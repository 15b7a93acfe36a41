"""Figures as a page writes them, in French and in English: thousands apart, millions and billions in words, a sign that is a minus."""

from __future__ import annotations

from typing import Final

THIN, NO_BREAK, MINUS = "\u202f", "\u00a0", "\u2212"
LARGE: Final = {"fr": ((1e9, f"{NO_BREAK}Md€"), (1e6, f"{NO_BREAK}M€")), "en": ((1e9, f"{NO_BREAK}bn{NO_BREAK}€"), (1e6, f"{NO_BREAK}M€"))}
MANY: Final = {"fr": f"{NO_BREAK}M", "en": f"{NO_BREAK}M"}
MILLION: Final = 1e6


def number(language: str, value: float, digits: int = 0, *, signed: bool = False) -> str:
    """Return a number with so many decimals."""
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    if not any(digit in text for digit in "123456789"):
        text = text.lstrip("+-")
    if language == "fr":
        text = text.translate({ord(","): THIN, ord("."): ","})
    return text.replace("-", MINUS)


def share(language: str, value: float, digits: int = 1, *, signed: bool = False) -> str:
    """Return a share of one in per cent."""
    return f"{number(language, value * 100, digits, signed=signed)}{THIN if language == 'fr' else ''}%"


def euros(language: str, value: float, *, signed: bool = False) -> str:
    """Return an amount in euros: billions and millions with three figures, less in whole euros."""
    for unit, word in LARGE[language]:
        if abs(value) >= unit:
            return number(language, value / unit, _digits(value / unit), signed=signed) + word
    return f"{number(language, value, signed=signed)}{NO_BREAK}€"


def count(language: str, value: float) -> str:
    """Return how many: millions with three figures, less in units."""
    if abs(value) >= MILLION:
        return number(language, value / MILLION, _digits(value / MILLION)) + MANY[language]
    return number(language, value)


def _digits(value: float) -> int:
    """Return the decimals that make three figures of a number from 1 on."""
    return 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0  # noqa: PLR2004 - powers of ten
