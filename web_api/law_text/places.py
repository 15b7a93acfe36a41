"""Places in an article, as the law cites them: `I, 2, al. 3` is "au troisième alinéa du 2 du I", in English "in the third paragraph of I, 2"."""

from __future__ import annotations

from typing import Final

_PARAGRAPH: Final = "al. "
_RANKS: Final = {
    "fr": "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième treizième quatorzième quinzième".split(),
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth".split(),
}


def rank(number: int, language: str) -> str:
    """Return "premier", "deuxième"; beyond fifteen "16e", in English "16th"."""
    named = _RANKS[language]
    return named[number - 1] if number <= len(named) else f"{number}{'e' if language == 'fr' else 'th'}"


def paragraph_of(place: str | None, number: int) -> str:
    """Return the place of an alinéa of a place: `I, 1` and 2 give `I, 1, al. 2`."""
    steps = [] if place is None else [step for step in _steps(place) if not step.startswith(_PARAGRAPH)]
    return ", ".join([*steps, f"{_PARAGRAPH}{number}"])


def in_words(place: str, language: str) -> str:
    """Return where a figure stands: "au troisième alinéa du 2 du I"."""
    return _after("à" if language == "fr" else "in", place, language)


def after(place: str, language: str) -> str:
    """Return behind which alinéa something is put: "après le troisième alinéa du 2 du I"."""
    return f"après {_named(place, language)}" if language == "fr" else f"after {_named(place, language)}"


def _named(place: str, language: str) -> str:
    words = _after("", place, language)
    return words if language == "en" else f"le {words.removeprefix('le ')}"


def _after(preposition: str, place: str, language: str) -> str:
    if language == "en":
        return f"{preposition} {_in_english(place)}".strip()
    steps = [_step(each) for each in reversed(_steps(place))]
    joined = " du ".join(steps)
    return {"à": f"au {joined}", "": joined}[preposition]


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
