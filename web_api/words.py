"""The words of the pages, in French and in English: `words.yaml` of each part, `{part: {key: {fr: …, en: …}}}` under the part's own name.

In a template `{{ t("households.add") }}`, with values `{{ t("country.years", count=3) }}`; in a module `import { t } from "../page/words.js"`.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from engine.errors import DataError, nearest
from engine.parameters import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LANGUAGES: Final = ("fr", "en")
NO_BREAK: Final = "\u00a0"
_BESIDE: Final = re.compile(r"(?:^|(?<=\S)) (?=[:;?!»€%±](?:\W|$))|(?<=«) |(?<=[\d}]) (?=\d{3}\b|€|%)|(?<=±) ")
_APOSTROPHE: Final = re.compile(r"(?<=\w)'(?=\w)")


@cache
def words(language: str) -> Mapping[str, str]:
    """Return the words of a language by key. Raises DataError for a language that there is not, or words that lack one."""
    if language not in LANGUAGES:
        raise DataError(f"There is no language `{language}`: expected one of {', '.join(LANGUAGES)}.")
    found: dict[str, str] = {}
    for part in sorted(files("web_api").iterdir(), key=lambda each: each.name):
        file = part / "words.yaml"
        if not file.is_file():
            continue
        data, problems = read_yaml(file.read_bytes(), f"{part.name}/words.yaml")
        if problems:
            raise DataError("\n".join(str(problem) for problem in problems))
        for key, said in data.items():
            if language not in said:
                raise DataError(f"{part.name}/words.yaml: `{key}` is not said in `{language}`.")
            found[f"{part.name}.{key}"] = typeset(str(said[language]), language)
    return found


def preferred(accepted: Iterable[tuple[str, float]], default: str) -> str:
    """Return the language that is liked best, of `en-GB` and its quality, the best first, as Accept-Language tells; `*` is the default."""
    wanted = (tag.partition("-")[0].lower() for tag, quality in accepted if quality > 0)
    return next((default if each == "*" else each for each in wanted if each in (*LANGUAGES, "*")), default)


def typeset(text: str, language: str) -> str:
    """Return a sentence with the spaces that no line may break at, which files hold as plain ones, and with curly apostrophes."""
    return _APOSTROPHE.sub("’", _BESIDE.sub(NO_BREAK, text) if language == "fr" else text)


def say(language: str, key: str, **values: Any) -> str:
    """Return what a key says in a language, with `{name}` replaced by values. Raises DataError for a key that there is not."""
    known = words(language)
    if key not in known:
        raise DataError(f"No words under `{key}`.{nearest(key, known)}")
    return known[key].format(**values) if values else known[key]
