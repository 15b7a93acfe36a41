"""What the endpoints of typical households are asked and what they answer, as models: OpenAPI tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from engine.errors import Problem
from web_api.amendments import Amendment
from web_api.answers import TOO_LARGE, RefusedRequestError
from web_api.documented import Answer, Asked
from web_api.households.model import MOST_EUROS, Household
from web_api.households.places import is_known

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from web_api.settings import Settings

Language = Literal["fr", "en"]
LawName = Literal["in_force", "bill", "amended"]
MOST_HOUSEHOLDS = 100
MOST_POINTS = 401


class HouseholdsAsked(Amendment):
    """An amendment, and the households to compute under it."""

    households: tuple[Household, ...] = Field(max_length=MOST_HOUSEHOLDS)
    language: Language = "fr"


class Term(Answer):
    """A variable that an amount is made of, added (1) or taken off (-1)."""

    variable: str
    label: str
    sign: Literal[-1, 1]
    amounts: dict[str, float]


class Line(Answer):
    """A levy or benefit of a year by law; null where the law refuses the case."""

    name: str
    label: str
    kind: Literal["levy", "benefit"]
    references: list[str]
    variable: str = Field(description="The variable whose chain of rules explains the amount.")
    terms: list[Term] = Field(description="What the amount adds up and takes off; empty where it is one variable.")
    amounts: dict[str, float | None]


class Refusal(Answer):
    """Why a law gives no amount."""

    law: str
    code: int
    message: str


class HouseholdTold(Answer):
    """A household under each law; amounts are of the year, in euros."""

    name: str
    commune: str = Field(description="The name of its commune.")
    lines: list[Line]
    gross_income: float
    net_income: dict[str, float] = Field(description="Incomes after contributions, before tax and benefits.")
    disposable_income: dict[str, float]
    living_standard: dict[str, float]
    parts: dict[str, float] = Field(description="Parts of the family quotient, of all tax returns together.")
    marginal_rate: dict[str, float] = Field(description="The income tax's bracket, the highest of the tax returns.")
    left_of_100: dict[str, float] = Field(description="What is left of 100 euros more a month, all levies and benefits counted, once they have followed.")
    refusals: list[Refusal]


class HouseholdsTold(Answer):
    """The households in the order in which they were asked; `laws` says which laws there are."""

    year: int
    laws: list[str]
    households: list[HouseholdTold]


class CurveAsked(Amendment):
    """A household whose income moves from an amount to another, by year."""

    model_config = ConfigDict(populate_by_name=True)

    household: Household
    varies: str = Field(default="wages of adult 1", pattern=r"^(wages|unemployment|pensions|profits) of adult [12]$")
    from_: float = Field(default=0.0, ge=0, le=MOST_EUROS, alias="from", description="The first income, euros a year, gross.")
    to: float = Field(default=60_000.0, ge=0, le=MOST_EUROS, description="The last income.")
    points: int = Field(default=201, ge=2, le=MOST_POINTS)
    language: Language = "fr"

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not self.from_ < self.to:
            raise ValueError(f"expected a range of income, the first smaller than the last; got {self.from_:g} to {self.to:g}")
        if self.varies.endswith("2") and not self.household.is_couple:
            raise ValueError("there is no adult 2 in the household")
        return self


class Jump(Answer):
    """An income at which a result jumps or bends: by how much, the rates around, and the rule with its articles."""

    law: str
    at: float
    variable: str
    label: str
    jump: float
    rate_before: float
    rate_after: float
    rule: str
    references: list[str]


class CurveTold(Answer):
    """The curve: a Vega-Lite chart, the points of a table, and the thresholds."""

    year: int
    laws: list[str]
    chart: dict[str, Any]
    points: list[dict[str, Any]] = Field(description="`income`, and for each law `tax`, `disposable_income`, `marginal_rate`, where the curve is read.")
    thresholds: list[Jump]


class WhyAsked(Amendment):
    """Which amount of which household is to be explained, under which law."""

    household: Household
    variable: str = Field(default="impot_a_payer", max_length=200)
    law: LawName = "amended"
    language: Language = "fr"


class WhyTold(Answer):
    """The chain of rules as a fragment of HTML, and as data (engine/explanation/schema.json); `periods` tells which months there are."""

    variable: str
    period: str
    html: str
    explanation: dict[str, Any]


class CommunesAsked(Asked):
    """What is searched for: a part of a name, or of a code."""

    q: str = Field(default="", max_length=100)


class CommuneTold(Answer):
    """A commune: official code, name, department, inhabitants, average rental value, rates voted (last known year)."""

    code: str
    name: str
    department: str
    population: int
    average_rental_value: int
    rate: float


class CommunesTold(Answer):
    """The communes found, the best first."""

    communes: list[CommuneTold]


def check(households: Sequence[Household], year: int, settings: Settings, paths: Sequence[str]) -> None:
    """Raise RefusedRequestError for more persons than the settings allow, or communes that are none."""
    persons = sum(each.persons for each in households)
    if persons > settings.max_persons:
        raise RefusedRequestError(f"The request describes {persons} persons: expected {settings.max_persons} or fewer.", status=TOO_LARGE)
    problems = [
        Problem(f"{path}/commune", f"There is no commune `{each.commune}`: expected an official code, as 87085 for Limoges.")
        for path, each in zip(paths, households, strict=True)
        if not is_known(each.commune, year)
    ]
    if problems:
        raise RefusedRequestError("The body is not as expected.", problems)
