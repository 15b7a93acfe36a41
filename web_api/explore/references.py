"""References as readers follow them: what they are called, and their address on the web where they have one, however the law's files give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")
_EMPTY_BRACKETS: Final = re.compile(r"\(\s*\)|\[\s*\]|<\s*>")


@dataclass(frozen=True)
class Reference:
    """A source: its title, and its address, empty where there is none."""

    title: str
    address: str = ""


def references_of(given: Any, *others: Any) -> tuple[Reference, ...]:
    """Return the references that the law's files give as a text, a list, by date, or with `title` and `href`; of several givens the first that has any."""
    found = tuple(dict.fromkeys(_flattened(given)))
    return found if found or not others else references_of(*others)


def _flattened(given: Any) -> Iterable[Reference]:
    if not given:
        return
    if isinstance(given, str):
        yield _of_text(given)
    elif isinstance(given, Mapping):
        yield from _of_mapping(given)
    elif isinstance(given, Iterable):
        for each in given:
            yield from _flattened(each)
    else:
        yield Reference(str(given))


def _of_text(text: str) -> Reference:
    """Return what a text names; only addresses of the web are links."""
    found = _ADDRESS.search(text)
    if found is None:
        return Reference(text.strip())
    around = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
    title = _EMPTY_BRACKETS.sub("", around).strip(" .,;:\N{EN DASH}\N{EM DASH}-")
    return Reference(title or found.group(), found.group())


def _of_mapping(given: Mapping[Any, Any]) -> Iterable[Reference]:
    title, address = given.get("title"), given.get("href")
    if isinstance(address, str) or isinstance(title, str):
        found = _ADDRESS.fullmatch(str(address or ""))
        yield Reference(str(title or address), found.group() if found else "")
        return
    for key, value in given.items():
        for each in _flattened(value):
            yield Reference(f"{key}\N{NO-BREAK SPACE}: {each.title}", each.address)
