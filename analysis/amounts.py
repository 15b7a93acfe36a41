"""Numbers, euros, shares and counts as readers of French and of English write them: `1 234 €` and `€1,234`, `1,23 Md€` and `€1.23bn`.

French parts thousands with the narrow space that does not break, has one that does not break before a unit and the narrow one before `%`, as the
locale data of Unicode and with it every browser has it; English has the currency before the number and no space at all. A minus is U+2212, and
what rounds to zero has no sign. The modules of the pages (`words.js`, `country/figures.js`) write the same.
"""

from __future__ import annotations

from typing import Final

THIN, NO_BREAK, MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
FRENCH: Final = "fr"
LARGE: Final[tuple[tuple[float, float, dict[str, str]], ...]] = (
    (1e9, 999.5e6, {"fr": f"{NO_BREAK}Md€", "en": "bn"}),
    (1e6, 999_999.5, {"fr": f"{NO_BREAK}M€", "en": "m"}),
)
"""Billions and millions, from which amount on they are told (which would else be a thousand of the smaller unit), and what stands behind the number."""
PERCENT: Final = {"fr": f"{THIN}%", "en": "%"}
MILLION: Final = 1e6


def number(value: float, decimals: int = 0, language: str = FRENCH, *, signed: bool = False) -> str:
    """Return a number with so many decimals; where it is `signed`, one above zero has its plus."""
    return _sign(value, decimals, signed=signed) + _bare(value, decimals, language)


def euros(value: float, language: str = FRENCH, decimals: int = 0, *, signed: bool = False) -> str:
    """Return an amount in euros, whole ones where no decimals are asked for."""
    return _in_euros(value, decimals, language, "", signed=signed)


def large_euros(value: float, language: str = FRENCH, error: float | None = None, *, signed: bool = False) -> str:
    """Return an amount in euros, from a million on in millions or billions with three figures; `error` is its sampling error, told in the same unit."""
    factor, unit = next(((factor, units[language]) for factor, least, units in LARGE if abs(value) >= least), (1.0, ""))
    decimals = _decimals(value / factor) if unit else 0
    told = _in_euros(value / factor, decimals, language, unit, signed=signed)
    spread = "" if error is None else _bare(error / factor, decimals, language)
    return f"{told} ±{NO_BREAK}{spread}" if _is_something(spread) else told


def share(value: float, language: str = FRENCH, decimals: int = 1, *, signed: bool = False) -> str:
    """Return a share of one in per cent."""
    return number(value * 100, decimals, language, signed=signed) + PERCENT[language]


def count(value: float, language: str = FRENCH) -> str:
    """Return how many: from a million on in millions with three figures, else to the unit."""
    if abs(round(value)) >= MILLION:
        return f"{number(value / MILLION, _decimals(value / MILLION), language)}{NO_BREAK}M"
    return number(value, 0, language)


def _in_euros(value: float, decimals: int, language: str, unit: str, *, signed: bool) -> str:
    sign, bare = _sign(value, decimals, signed=signed), _bare(value, decimals, language)
    return f"{sign}{bare}{unit or f'{NO_BREAK}€'}" if language == FRENCH else f"{sign}€{bare}{unit}"


def _bare(value: float, decimals: int, language: str) -> str:
    text = f"{abs(value):,.{decimals}f}"
    return text.translate({ord(","): THIN, ord("."): ","}) if language == FRENCH else text


def _sign(value: float, decimals: int, *, signed: bool) -> str:
    if not _is_something(f"{value:.{decimals}f}"):
        return ""
    return MINUS if value < 0 else "+" if signed else ""


def _is_something(text: str) -> bool:
    """Whether a number that is written is not zero."""
    return any(digit in "123456789" for digit in text)


def _decimals(value: float) -> int:
    """Return the decimals with which a number from 1 on has three figures."""
    return next((decimals for decimals, most in ((2, 9.995), (1, 99.95)) if abs(value) < most), 0)
