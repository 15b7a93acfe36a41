"""What errors say, in the language of whoever asks: English, and French where a request prefers it (`Accept-Language`), as the page in French does.

Whoever raises an error says it in English. `sentences.yaml` says the same in French, by the English sentence, `{name}` where something is quoted:

    "There is no figure of the law `{path}`.": "Il n'y a pas de chiffre de la loi `{path}`."

A sentence that is not there stays English: better that than nothing. Quoted values are told as they came.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from flask import has_request_context, request

from engine.errors import DataError
from engine.parameters import read_yaml
from web_api.words import NO_BREAK, preferred, typeset

ENGLISH: Final = "en"
FRENCH: Final = "fr"
_FILE: Final = "sentences.yaml"
_QUOTED: Final = re.compile(r"\{(\w+)\}")
_NEAREST: Final = re.compile(r"(.*?) Did you mean (.*)\?", re.DOTALL)
_NUMBER: Final = re.compile(r"-?\d{1,3}(,\d{3})*(\.\d+)?|-?\d+(\.\d+)?")
_OF_VALIDATION: Final = "Value error, "
"""What pydantic puts before the words of our own checks."""


def language_of_request() -> str:
    """Return the language in which errors are told: that which the request prefers, English where it says none."""
    return preferred(request.accept_languages, ENGLISH) if has_request_context() else ENGLISH


def in_language(sentence: str, language: str) -> str:
    """Return an English sentence in a language; as it is where that is not known. Of several lines each is looked for by itself."""
    if language != FRENCH or not sentence:
        return sentence
    return "\n".join(_in_french(line) for line in sentence.split("\n"))


def _in_french(sentence: str) -> str:
    bare = sentence.removeprefix(_OF_VALIDATION)
    found = _said(bare)
    if found is not None:
        return found
    hint = _NEAREST.fullmatch(bare)
    known = None if hint is None else _said(hint[1])
    if hint is None or known is None:
        return sentence
    return typeset(f"{known} Vouliez-vous dire {hint[2].replace('` or `', '` ou `')} ?", FRENCH)


def _said(sentence: str) -> str | None:
    """Return what a sentence is in French, None where no one said it."""
    for pattern, french in catalogue():
        found = pattern.fullmatch(sentence)
        if found is not None:
            values = {name: _quoted(value) for name, value in found.groupdict().items()}
            return typeset(french.format(**values), FRENCH)
    return None


def _quoted(value: str) -> str:
    """Return what is quoted, a number as French writes it."""
    return value.replace(",", NO_BREAK).replace(".", ",") if _NUMBER.fullmatch(value) else value


@cache
def catalogue() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the sentences as patterns, each with its French. Raises DataError for a file that is wrong, or French that quotes what English does not."""
    data, problems = read_yaml((files("web_api") / _FILE).read_bytes(), _FILE)
    if problems:
        raise DataError("\n".join(str(problem) for problem in problems))
    found = []
    for english, french in data.items():
        if not set(_QUOTED.findall(french)) <= set(_QUOTED.findall(english)):
            raise DataError(f"{_FILE}: `{french}` quotes what `{english}` does not.")
        found.append((_pattern(english), str(french)))
    return tuple(found)


def _pattern(english: str) -> re.Pattern[str]:
    """Return the pattern of a sentence. What is quoted ends where the words behind it begin: matching takes no longer than the sentence is."""
    written = ""
    pieces = _QUOTED.split(english)
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            written += re.escape(piece)
            continue
        behind = pieces[place + 1]
        is_last = place == len(pieces) - 2
        written += f"(?P<{piece}>.*)" if is_last else f"(?P<{piece}>(?:(?!{re.escape(behind)}).)*)"
    return re.compile(written, re.DOTALL)
