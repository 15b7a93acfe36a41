"""The households that the page shows before anybody described one: from the lowest living standard to a high one, each with why it is there."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from engine.errors import DataError
from engine.parameters import read_yaml
from web_api.households.model import Household
from web_api.words import typeset

FILE: Final = "typical.yaml"
SAID: Final = ("name", "note")


@cache
def typical_households(language: str) -> tuple[Household, ...]:
    """Return the default households in a language. Raises DataError where their file is wrong."""
    data, problems = read_yaml((files("web_api.households") / FILE).read_bytes(), FILE)
    if problems:
        raise DataError("\n".join(str(problem) for problem in problems))
    return tuple(Household.model_validate({**each, **{key: typeset(each[key][language], language) for key in SAID}}) for each in data)
