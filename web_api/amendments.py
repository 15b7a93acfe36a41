"""An amendment as the page and the API hand it over: the year of incomes, the bill that it amends, and the figures that it changes.

    {"year": 2022, "bill": "plf_2024", "changes": {"impot_revenu.decote.personne_seule": 900,
     "impot_revenu.bareme": [{"threshold": 0, "rate": 0}, {"threshold": 12000, "rate": 0.11}]}}

A figure is changed by its path, a scale as a whole; both hold from 1 January of the year on. The bill is a reform shipped in
`reforms/projets/` or in the folder of the settings, named by its file. What is wrong is told by JSON pointer: `/changes/impot_revenu.decote.taux`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

import reforms
from engine.errors import LawError, Problem, nearest
from engine.parameters import Sort
from engine.reform import DataReform, Reform, layers, read_reform, reform_from_data
from web_api.answers import BAD_REQUEST, NOT_FOUND, RefusedRequestError
from web_api.documented import Asked
from web_api.parameter_paths import full_names, item_at, unknown, value_at, value_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.legislation import Legislation
    from engine.parameters import ParameterNode
    from web_api.settings import Settings

FIRST_YEAR, LAST_YEAR, YEAR = 2017, 2025, 2022
SHIPPED = "projets"
MOST_CHANGES, MOST_BRACKETS, LARGEST = 1000, 100, 1e15
MOST_NEAREST = 20
"""For how many unknown paths the nearest names are looked up: each takes milliseconds."""

Figure = bool | int | float | str | None


class Bracket(Asked):
    """A bracket of a scale: from which amount on, and its rate or amount."""

    threshold: float
    rate: float | None = None
    amount: float | None = None


Brackets = Annotated[list[Bracket], Field(max_length=MOST_BRACKETS)]


class Amendment(Asked):
    """The figures that someone wants to change, over the law in force or over a bill."""

    year: int = Field(YEAR, ge=FIRST_YEAR, le=LAST_YEAR, description="The year of incomes, and of the law.")
    bill: str | None = Field(None, description="The name of a draft bill; without it, the law in force is amended.")
    changes: dict[str, Brackets | Figure] = Field(
        default_factory=dict, max_length=MOST_CHANGES, description="New values, by the path of a figure or of a scale."
    )

    def reform(self) -> DataReform | None:
        """Return the changes as a reform, None where there are none."""
        if not self.changes:
            return None
        date = f"{self.year}-01-01"
        return reform_from_data({"title": "Amendement", "parameters": {_path(name, value): {date: _value(value)} for name, value in self.changes.items()}})


def _path(name: str, value: Any) -> str:
    return f"{name}.brackets" if isinstance(value, list) else name


def _value(value: Any) -> Any:
    return [each.model_dump(exclude_none=True) for each in value] if isinstance(value, list) else {"value": value}


@dataclass(frozen=True)
class Laws:
    """The law in force, the bill where there is one, and the amendment where there is one: each over the one before."""

    in_force: Legislation
    bill: Legislation | None
    amended: Legislation | None

    @property
    def by_name(self) -> Mapping[str, Legislation]:
        """The laws that there are, as answers name them."""
        named = {"in_force": self.in_force, "bill": self.bill, "amended": self.amended}
        return {name: law for name, law in named.items() if law is not None}


def laws_of(amendment: Amendment, law: Legislation, settings: Settings) -> Laws:
    """Return the laws to compare. Raises RefusedRequestError for an unknown bill, and with every change that does not fit the law, by its path."""
    bill = None if amendment.bill is None else _under_bill(law, amendment.bill, settings)
    if not amendment.changes:
        return Laws(law, bill, None)
    check(amendment, bill or law)
    return Laws(law, bill, _amended(bill or law, amendment.model_dump_json(include={"year", "changes"})))


def check(amendment: Amendment, law: Legislation) -> None:
    """Raise RefusedRequestError with every change that does not fit a law: 404 where all are of unknown figures, else 400."""
    missing = [path for path in amendment.changes if item_at(law.parameters, path) is None]
    names = full_names(law.parameters) if missing else []
    problems = [Problem(_pointer(path), unknown(path, names if i < MOST_NEAREST else (), "figure of the law")) for i, path in enumerate(missing)]
    for path, value in amendment.changes.items():
        if path not in missing:
            problems += [Problem(_pointer(path, *below), message) for below, message in _misfits(path, value, law.parameters, f"{amendment.year}-01-01")]
    problems = problems or _refused(amendment, law)
    if problems:
        status = NOT_FOUND if len(problems) == len(missing) else BAD_REQUEST
        raise RefusedRequestError("The changes do not fit the law.", problems, status)


def _misfits(path: str, value: Any, parameters: ParameterNode, date: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Go through what is wrong with a change: where below its path, and what was expected."""
    item = item_at(parameters, path)
    if item.sort is Sort.SCALE:
        yield from _misfits_of_scale(path, value, value_name(parameters, path))
    elif item.sort is not Sort.FIGURE:
        inside = item.descendants() if item.sort is Sort.BRANCH else ()
        below = next((f", as `{each.name}`" for each in inside if each.sort in (Sort.FIGURE, Sort.SCALE)), "")
        yield (), f"`{path}` is a {item.sort.value}: expected the path of a figure or of a scale{below}."
    elif isinstance(value, list):
        yield (), f"`{path}` is a figure, not a scale: expected one value."
    else:
        known = value_at(parameters, path, date)
        expected = "true or false" if isinstance(known, bool) else "a text" if isinstance(known, str) else "a number"
        fits = isinstance(value, bool | str) and type(value) is type(known) if isinstance(known, bool | str) else _is_number(value)
        if not fits:
            yield (), f"`{path}` is given {value!r}: expected {expected}."


def _misfits_of_scale(path: str, value: Any, name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    if not isinstance(value, list) or not value:
        yield (), f"`{path}` is a scale: expected the list of its brackets, each with `threshold` and `{name}`."
        return
    for position, bracket in enumerate(value):
        given = bracket.model_dump(exclude_none=True)
        for key in ("threshold", name):
            if not _is_number(given.get(key)):
                yield (str(position), key), f"expected a number; got {given.get(key)!r}."
        for key in given.keys() - {"threshold", name}:
            yield (str(position), key), f"a bracket of `{path}` has `threshold` and `{name}`, no `{key}`."
    for position, (before, after) in enumerate(pairwise(value), start=1):
        if not before.threshold < after.threshold:
            yield (str(position), "threshold"), f"{after.threshold:g} is not above {before.threshold:g}, where the bracket before begins."


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def _refused(amendment: Amendment, law: Legislation) -> list[Problem]:
    """Return what the engine does not take, each change by itself."""
    problems = []
    for path, value in amendment.changes.items():
        alone = amendment.model_copy(update={"changes": {path: value}}).reform()
        assert alone is not None
        try:
            alone(law)
        except LawError as error:
            problems.append(Problem(_pointer(path), str(error).removeprefix("data: ")))
    return problems


def _pointer(*steps: str) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in ("changes", *steps))


def bills(settings: Settings) -> dict[str, Reform]:
    """Return the draft bills that one may amend, by name."""
    return _bills(settings.bills)


@lru_cache(maxsize=4)
def _bills(folder: str) -> dict[str, Reform]:
    folders = [Path(reforms.__path__[0]) / SHIPPED, *([Path(folder)] if folder else [])]
    return {file.stem: read_reform(file) for each in folders for file in sorted(each.glob("*.yaml"))}


def bill_of(name: str, settings: Settings) -> Reform:
    """Return a bill by name. Raises RefusedRequestError with the names that there are."""
    known = bills(settings)
    if name not in known:
        raise RefusedRequestError(f"There is no bill `{name}`: expected one of {', '.join(known) or 'none'}.{nearest(name, known)}", status=NOT_FOUND)
    return known[name]


@lru_cache(maxsize=16)
def _under_bill(law: Legislation, name: str, settings: Settings) -> Legislation:
    for layer in layers(bill_of(name, settings)):
        law = layer(law)
    return law


@lru_cache(maxsize=32)
def _amended(law: Legislation, amendment: str) -> Legislation:
    """Return a law under an amendment, given as JSON: the same object while it is kept, so that the engine keeps what it worked out for it."""
    reform = Amendment.model_validate_json(amendment).reform()
    assert reform is not None
    return reform(law)
