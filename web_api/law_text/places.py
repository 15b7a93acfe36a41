"""Places in an article, as the law cites them: `I, 2, al. 3` is "au troisième alinéa du 2 du I", in English "in the third paragraph of I, 2"."""

from __future__ import annotations

from typing import Final

_PARAGRAPH: Final = "al. "
_FRENCH: Final = ("premier", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième", "neuvième", "dixième")
_ENGLISH: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def rank(number: int, language: str) -> str:
    """Return "premier", "deuxième"; beyond ten "11e", in English "11th"."""
    named = _FRENCH if language == "fr" else _ENGLISH
    return named[number - 1] if number <= len(named) else f"{number}{'e' if language == 'fr' else 'th'}"


def paragraph_of(place: str | None, number: int) -> str:
    """Return the place of an alinéa of a place: `I, 1` and 2 give `I, 1, al. 2`."""
    steps = [] if place is None else [step for step in _steps(place) if not step.startswith(_PARAGRAPH)]
    return ", ".join([*steps, f"{_PARAGRAPH}{number}"])


def in_words(place: str, language: str) -> str:
    """Return where a figure stands: "au troisième alinéa du 2 du I"."""
    return f"au {_in_french(place)}" if language == "fr" else f"in {_in_english(place)}"


def after(place: str, language: str) -> str:
    """Return behind which alinéa something is put: "après le troisième alinéa du 2 du I"."""
    return f"{'après' if language == 'fr' else 'after'} {named(place, language)}"


def named(place: str, language: str) -> str:
    """Return the place by itself: "le troisième alinéa du 2 du I"."""
    return f"le {_in_french(place)}" if language == "fr" else _in_english(place)


def _in_french(place: str) -> str:
    return " du ".join(_step(each) for each in reversed(_steps(place)))


def _in_english(place: str) -> str:
    steps = _steps(place)
    last = steps[-1]
    if not last.startswith(_PARAGRAPH):
        return ", ".join(steps)
    rest = ", ".join(steps[:-1])
    paragraph = f"the {rank(int(last.removeprefix(_PARAGRAPH)), 'en')} paragraph"
    return f"{paragraph} of {rest}" if rest else paragraph


def _steps(place: str) -> list[str]:
    return [step.strip() for step in place.split(",")]


def _step(step: str) -> str:
    return f"{rank(int(step.removeprefix(_PARAGRAPH)), 'fr')} alinéa" if step.startswith(_PARAGRAPH) else step
