"""An amendment as the page and the API hand it over: the year of incomes, the bill that it amends, and the figures that it changes.

    {"year": 2022, "bill": "plf_2024", "changes": {"impot_revenu.decote.personne_seule": 900,
     "impot_revenu.bareme": [{"threshold": 0, "rate": 0}, {"threshold": 12000, "rate": 0.11}]}}

A figure is changed by its path, a scale as a whole; both hold from 1 January of the year on. The bill is a reform shipped in
`reforms/projets/` or in the folder of the settings, named by its file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

import reforms
from engine.errors import nearest
from engine.reform import DataReform, Reform, amended, layers, read_reform, reform_from_data
from web_api.answers import NOT_FOUND, RefusedRequestError
from web_api.documented import Asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.legislation import Legislation
    from web_api.settings import Settings

FIRST_YEAR, LAST_YEAR, YEAR = 2017, 2025, 2022
SHIPPED = "projets"

Figure = bool | int | float | str | None


class Bracket(Asked):
    """A bracket of a scale: from which amount on, and its rate or amount."""

    threshold: float
    rate: float | None = None
    amount: float | None = None


class Amendment(Asked):
    """The figures that someone wants to change, over the law in force or over a bill."""

    year: int = Field(YEAR, ge=FIRST_YEAR, le=LAST_YEAR, description="The year of incomes, and of the law.")
    bill: str | None = Field(None, description="The name of a draft bill; without it, the law in force is amended.")
    changes: dict[str, list[Bracket] | Figure] = Field(default_factory=dict, description="New values, by the path of a figure or of a scale.")

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
    """Return the laws to compare. Raises RefusedRequestError for an unknown bill, ReformError with all that does not fit the law."""
    bill = None if amendment.bill is None else _under_bill(law, amendment.bill, settings)
    reform = amendment.reform()
    return Laws(law, bill, None if reform is None else reform(bill or law))


def whole_reform(amendment: Amendment, settings: Settings) -> Reform | None:
    """Return bill and amendment as one reform of two layers, either alone, or None where nothing changes."""
    bill = None if amendment.bill is None else bill_of(amendment.bill, settings)
    reform = amendment.reform()
    return bill if reform is None else reform if bill is None else amended(bill, reform)


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
