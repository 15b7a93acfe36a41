"""A household as the page and the API describe it: who lives there, what they earn, where, in what dwelling.

The description is short enough to live in the page's URL. Amounts are gross, before contributions and tax, by month or by year as `per`
says; `situation.py` makes of it what the law reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, model_validator

from web_api.documented import Asked

if TYPE_CHECKING:
    from typing import Self

MONTHS: Final = 12
MOST_EUROS: Final = 100_000_000
ADULT: Final = 18
"""Before this age a child is a minor; from it on, attached to its parents' declaration only while it studies, or disabled."""
OLDEST_CHILD: Final = 24
ATTACHED_WITHOUT_STUDIES: Final = 20
DEFAULT_COMMUNE: Final = "87085"

Euros = Annotated[float, Field(ge=0, le=MOST_EUROS, allow_inf_nan=False)]
Status = Literal["celibataire", "divorce", "veuf", "marie", "pacse", "union_libre"]
Occupancy = Literal["tenant", "buying_owner", "owner", "housed_free"]
OF_COUPLES: Final = ("marie", "pacse", "union_libre")
OF_SINGLES: Final = ("celibataire", "divorce", "veuf")


class Adult(Asked):
    """One of the one or two adults. Amounts are gross, but profits, which are those declared."""

    age: int = Field(default=40, ge=18, le=110, description="Age on 31 December of the year.")
    category: Literal["prive_non_cadre", "prive_cadre", "fonctionnaire"] = Field(
        default="prive_non_cadre", description="What kind of employee; contributions differ."
    )
    wages: Euros = Field(default=0.0, description="Gross wages.")
    unemployment: Euros = Field(default=0.0, description="Gross unemployment benefits.")
    pensions: Euros = Field(default=0.0, description="Gross retirement pensions.")
    disability_pension: Euros = Field(default=0.0, description="Disability pension, as declared.")
    profits: Euros = Field(default=0.0, description="Profits of the self-employed, as declared, after contributions.")
    alimony: Euros = Field(default=0.0, description="Alimony received, as declared.")
    disabled: bool = Field(default=False, description="Has the disability card.")
    student: bool = False


class Child(Asked):
    """A child at home, at least part of the time."""

    age: int = Field(
        default=10, ge=0, le=OLDEST_CHILD, description="Age on 31 December of the year; from 21 on only students or disabled children are dependants."
    )
    shared_custody: bool = Field(default=False, description="Lives by turns with both parents, who share the charge.")
    disabled: bool = False
    student: bool = False
    one_parent_only: bool = Field(default=False, description="The other parent is dead, unknown, or gives nothing (allocation de soutien familial).")


class Household(Asked):
    """A household: one or two adults and up to nine children in one dwelling."""

    name: str = Field(default="", max_length=80)
    note: str = Field(default="", max_length=300, description="A sentence on why the household is worth showing.")
    per: Literal["month", "year"] = Field(default="month", description="Whether the amounts of adults, the rent and the housing aid are by month or by year.")
    status: Status = Field(default="celibataire", description="`union_libre`: an unmarried couple, who declare apart.")
    adults: tuple[Adult, ...] = Field(default=(Adult(),), max_length=2, json_schema_extra={"minItems": 1})
    children: tuple[Child, ...] = Field(default=(), max_length=9)
    lone_parent: bool = Field(default=False, description="Lives alone and brings up the children alone (box T).")
    raised_child_alone: bool = Field(default=False, description="Lives alone and once brought up a child alone for five years (box L).")
    veteran: bool = Field(default=False, description="A veteran's card, or the widow or widower of a veteran (from 74 on).")
    interests: Euros = Field(default=0.0, description="Interests, by year.")
    dividends: Euros = Field(default=0.0, description="Dividends, by year.")
    taxed_by_scale: bool = Field(default=False, description="Capital income is taxed by the scale, not at the flat rate.")
    rents: Euros = Field(default=0.0, description="Rents received, before costs, by year (flat-rate regime, up to its ceiling).")
    net_property_income: Euros = Field(default=0.0, description="Net property income under the normal regime, by year.")
    occupancy: Occupancy = "tenant"
    rent: Euros = Field(default=0.0, description="Rent paid; nothing is computed from it.")
    housing_aid: Euros = Field(default=0.0, description="Housing aid received: it is given, not computed.")
    commune: str = Field(default=DEFAULT_COMMUNE, pattern=r"^[0-9][0-9AB][0-9]{3}$", description="Official code of the commune.")
    rental_value: int | None = Field(
        default=None, ge=0, le=10_000_000, description="Rental value of the dwelling; without it, one typical of commune and household."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.adults:
            raise ValueError("expected one or two adults: there are none")
        couple = len(self.adults) > 1
        if couple and self.status not in OF_COUPLES:
            raise ValueError(f"two adults: expected a status among {', '.join(OF_COUPLES)}, not `{self.status}`")
        if not couple and self.status not in OF_SINGLES:
            raise ValueError(f"one adult: expected a status among {', '.join(OF_SINGLES)}, not `{self.status}`")
        if couple and (self.lone_parent or self.raised_child_alone):
            raise ValueError("two adults: `lone_parent` and `raised_child_alone` are said of someone who lives alone")
        if self.lone_parent and not self.children:
            raise ValueError("`lone_parent` is said of someone who brings up children: there are none")
        for number, child in enumerate(self.children):
            if child.age > ATTACHED_WITHOUT_STUDIES and not (child.student or child.disabled):
                raise ValueError(f"child {number + 1} is {child.age}: from 21 on a child is a dependant only while it studies, or disabled")
            if child.shared_custody and child.age >= ADULT:
                raise ValueError(f"child {number + 1} is {child.age}: shared custody ends at {ADULT}")
        return self

    @property
    def is_couple(self) -> bool:
        """Whether two adults live together, married or not."""
        return len(self.adults) > 1

    @property
    def declares_apart(self) -> bool:
        """Whether the two adults make a tax return each."""
        return self.status == "union_libre"

    @property
    def times(self) -> int:
        """How often an amount comes in a year."""
        return MONTHS if self.per == "month" else 1

    @property
    def persons(self) -> int:
        """How many live there."""
        return len(self.adults) + len(self.children)
