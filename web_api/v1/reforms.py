"""Laws as requests want them reformed, a few of them kept by the content of the reform: whoever tries a figure tries it often.

What is kept of a reform are its figures, until others take their place; nothing of it goes to disk, and its title is not looked at.
"""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING

from flask import current_app

from engine.errors import Problem, ReformError
from engine.reform import reform_from_data
from web_api.answers import RefusedRequestError, pointer
from web_api.sizes import check_reform

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from web_api.v1.common import ReformAsked

EXTENSION = "bareme.reformed_laws"
MOST_LAWS = 32
MOST_CHANGES = 1_000
_QUOTED = re.compile(r"`([^`]+)`")


class ReformedLaws:
    """The laws made last, by a digest of what the reform changes; several threads may ask."""

    def __init__(self, law: Legislation, most: int = MOST_LAWS) -> None:
        self.law = law
        self.most = most
        self._laws: OrderedDict[bytes, Legislation] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._laws)

    def under(self, asked: ReformAsked | None) -> Legislation:
        """Return the law under a reform, or the law in force. Raises RefusedRequestError with all that does not fit the law."""
        if asked is None or not (asked.parameters or asked.neutralize):
            return self.law
        content = json.dumps([asked.parameters, sorted(set(asked.neutralize))])  # in the order given: of a scale and its bracket, the later change holds
        key = blake2b(content.encode(), digest_size=16).digest()
        with self._lock:
            if key in self._laws:
                self._laws.move_to_end(key)
                return self._laws[key]
        law = _reformed(self.law, asked)
        law.kept_graphs.keep_in_memory(law)
        with self._lock:
            self._laws[key] = law
            while len(self._laws) > self.most:
                self._laws.popitem(last=False)
        return law


def law_under(asked: ReformAsked | None) -> Legislation:
    """Return the law of the application that answers, under a reform."""
    laws: ReformedLaws = current_app.extensions[EXTENSION]
    return laws.under(asked)


def _reformed(law: Legislation, asked: ReformAsked) -> Legislation:
    if len(asked.parameters) + len(asked.neutralize) > MOST_CHANGES:
        raise RefusedRequestError("The reform is too large.", [Problem("/reform", f"expected at most {MOST_CHANGES:,} changes.")])
    check_reform([asked.parameters, asked.neutralize], "/reform")
    try:
        return reform_from_data({"parameters": asked.parameters, "neutralize": asked.neutralize})(law)
    except ReformError as error:
        problems = [_problem(line, asked) for line in str(error).splitlines()]
        raise RefusedRequestError("The reform does not fit the law.", problems) from None


def _problem(line: str, asked: ReformAsked) -> Problem:
    """Return a problem of a reform with the pointer to what it speaks of."""
    message = line.removeprefix("data: ")
    words = _QUOTED.findall(message.partition(" Did you mean ")[0])
    said = {*words, ".".join(words[:2])}  # "`a.b` has no `c`" speaks of `a.b.c`
    named = next((name for name in asked.parameters if name in said), None)
    if named is not None:
        return Problem(pointer(("reform", "parameters", named)), message)
    place = next((place for place, name in enumerate(asked.neutralize) if f"`{name}` to neutralize" in message), None)
    return Problem("/reform" if place is None else pointer(("reform", "neutralize", place)), message)
