"""How a figure of the law is written, by its unit: 11 294 €, 45,25 %, 0,5 part; in English €11,294, 45.25%, 0.5 parts.

Every digit of the figure is shown, so that what is read can be typed in again and is the same figure. `static/law_text/numbers.js` does the same
in the browser, and reads what is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

SPACE: Final = "\u00a0"
"""The space that no line breaks at: between thousands in French, and before a unit."""

Value = bool | int | float | str | None


@dataclass(frozen=True)
class Unit:
    """How figures of a unit are written. `exponent`: 2 where a fraction is told in percent. A suffix is (one, several), by language."""

    noun: str
    exponent: int = 0
    prefix: tuple[str, str] = ("", "")
    fr: tuple[str, str] = ("", "")
    en: tuple[str, str] = ("", "")

    def suffix(self, value: Decimal, language: str) -> str:
        """Return what stands behind a number: French has the plural from 2 on, English for all but 1."""
        one, several = self.fr if language == "fr" else self.en
        return several if (abs(value) >= 2 if language == "fr" else abs(value) != 1) else one  # noqa: PLR2004 - as the docstring tells


def _words(fr: str, fr_plural: str, en: str, en_plural: str) -> Unit:
    return Unit("words", fr=(SPACE + fr, SPACE + fr_plural), en=(SPACE + en, SPACE + en_plural))


def _percent(exponent: int) -> Unit:
    return Unit("rate", exponent, fr=(f"{SPACE}%", f"{SPACE}%"), en=("%", "%"))


UNITS: Final[dict[str, Unit]] = {
    "currency": Unit("amount", prefix=("", "€"), fr=(f"{SPACE}€", f"{SPACE}€")),
    "/1": _percent(2),
    "BMAF": _percent(2),
    "percent": _percent(0),
    "part": _words("part", "parts", "share", "shares"),
    "year": _words("an", "ans", "year", "years"),
    "month": Unit("number"),
    "hour": _words("heure", "heures", "hour", "hours"),
    "enfants": _words("enfant", "enfants", "child", "children"),
    "PSS": _words("plafond", "plafonds", "ceiling", "ceilings"),
    "number": Unit("number"),
}
_PLAIN: Final = UNITS["number"]
_CENTS: Final = 2


def unit_of(name: str | None) -> Unit:
    """Return a unit by its name in the parameters; a plain number for one that is not known here."""
    return UNITS.get(name or "", _PLAIN)


def number(value: float, unit: str | None, language: str) -> str:
    """Return a figure's number without its unit, as it is typed in: `11 294`, `45,25`."""
    shown = _shown(value, unit)
    whole, _, fraction = f"{abs(shown):f}".partition(".")
    fraction = fraction.rstrip("0")
    if unit == "currency" and fraction:
        fraction = fraction.ljust(_CENTS, "0")
    grouped = f"{int(whole):,}".replace(",", SPACE if language == "fr" else ",")
    return ("-" if shown < 0 else "") + grouped + (f"{',' if language == 'fr' else '.'}{fraction}" if fraction else "")


def text(value: Value, unit: str | None, language: str) -> str:
    """Return a figure with its unit, as a sentence holds it; a dash where there is none."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return {"fr": ("non", "oui"), "en": ("no", "yes")}[language][value]
    if isinstance(value, str):
        return value
    known = unit_of(unit)
    written = number(value, unit, language)
    prefix = known.prefix[language != "fr"]
    signed = f"-{prefix}{written[1:]}" if written.startswith("-") else prefix + written
    return signed + known.suffix(_shown(value, unit), language)


def _shown(value: float, unit: str | None) -> Decimal:
    """Return the number that is written: exact, as the shortest digits that are this figure, times 100 where it is told in percent."""
    return Decimal(repr(value)).scaleb(unit_of(unit).exponent)


def retold(told: str, unit: str | None, language: str) -> str:
    """Return a figure of a table of changed figures, where it stands as text, with its unit: `0.4525` becomes `45,25 %`."""
    if told in {"True", "False"}:
        return text(told == "True", unit, language)
    try:
        return text(float(told), unit, language)
    except ValueError:
        return told


def unit_in_words(unit: str | None, language: str) -> str:
    """Return a unit as it heads a column of bare numbers: `€`, `parts`; empty for fractions of one, whose numbers are not those of a percentage."""
    known = unit_of(unit)
    return "" if known.exponent else (known.suffix(Decimal(2), language).strip() or known.prefix[language != "fr"])
