"""Why a benefit may differ from OpenFisca-France's: the articles that the two sides read differently, and the families they touch.

A cause is a condition on the family alone (ages, incomes, alimony), never on the amounts: it says that a difference was to be expected.
"""

# ruff: noqa: INP001 - for the script beside it

from __future__ import annotations

from typing import Any, Final

MONTHS: Final = 12
YEARS_OF_INCOME: Final = 4
LAST_MONTHS: Final = 7
HOURS: Final = (151.67, 169)
PART_OF_MINIMUM_WAGE: Final = 0.55
SCHOOL_LEAVING: Final = 16
TWENTY: Final = (240, 252)
TAXED: Final = 0.95  # of net income, at least
OF_ALL: Final = ("af", "cf", "ars", "asf", "paje_base", "rsa", "ppa")

BIRTHDAYS: Final = "CSS, art. R552-2 and R552-3: a right ends with the month of a birthday, begins with the month after it"
WAGES: Final = "CSS, art. L512-3 and R512-2: from sixteen on, the wages of a child are compared, for a month, with 55 % of 169 hours"
TWO_INCOMES: Final = "CSS, art. R522-2 and R531-1: unemployment benefit is no income drawn from a professional activity"
ELDEST: Final = "CSS, art. L521-3: of two children of the same age in years, one only is the eldest"
TWINS: Final = "CSS, art. L531-3: one allowance for each child of a multiple birth"
SCHOOL_AGE: Final = "CSS, art. R543-2 and D543-1: the age at school is that of 31 December, six years by 31 January"
ALIMONY: Final = "CSS, art. L523-1 and D523-3: the allowance is compared with the alimony of each child, and so is its minimum"
OWN_INCOME: Final = "CASF, art. R262-3: a person whose income reaches the increment it gives is no dependant"
LUMP_SUM: Final = "CSS, art. D521-2, II: the declining supplement of the lump sum starts from the ceilings of the lump sum"
OF_JANUARY: Final = "CSS, art. R543-6-1: above the ceiling, the school allowance is reckoned with the amounts of 1 January"
AMOUNTS: Final = "CSS, art. L842-3 and its decrees: the amounts are those of the month for which the prime is due, not of the months of the income"
CLAIM: Final = "CASF, art. L262-4 and L262-18: a claim made at twenty-five opens the right in its month"
SUPPLEMENT: Final = "CASF, art. R262-11 and CSS, art. R844-5: the declining supplement of the allocations familiales counts among the resources"
INFANT: Final = "CASF, art. R262-11, 2°: the allowance of an infant of a lone parent counts from the fourth month on"


def causes(benefit: str, family: dict[str, Any], year: int, month: int) -> list[str]:
    """Return the articles by which a benefit of a family may differ in a month; RSA and prime d'activité count the other benefits, of earlier months too."""
    window = 4 if benefit in {"rsa", "ppa"} else 1
    ages = [[MONTHS * (year - child["birth"][0]) + month - child["birth"][1] - back for back in range(window)] for child in family["children"]]
    touched = {
        BIRTHDAYS: any(age in ends_of(benefit) for of_child in ages for age in of_child),
        WAGES: any(wages_waver(child, age[0], year, month, window) for child, age in zip(family["children"], ages, strict=True)),
        TWO_INCOMES: len(family["parents"]) > 1 and any("chomage" in parent["incomes"] for parent in family["parents"]),
        ELDEST: has_two_eldest(ages),
        TWINS: has_twins(family["children"], ages),
        SCHOOL_AGE: benefit == "ars" and any(turns(age[0]) for age in ages),
        ALIMONY: family["alimony"] > 0,
        OWN_INCOME: any(child["incomes"] for child in family["children"]),
        SUPPLEMENT: is_above_family_ceiling(family, year),
        LUMP_SUM: any(TWENTY[0] <= age[0] <= TWENTY[1] for age in ages),
        OF_JANUARY: is_above_school_ceiling(family, year),
        AMOUNTS: amounts_change(year, month),
        CLAIM: any(year - parent["birth"][0] == 25 and parent["birth"][1] == month for parent in family["parents"]),  # noqa: PLR2004 - the age
        INFANT: len(family["parents"]) == 1 and any(0 <= age <= 4 for of_child in ages for age in of_child),  # noqa: PLR2004 - and the month after
    }
    concerned = {
        BIRTHDAYS: OF_ALL,
        WAGES: OF_ALL,
        TWO_INCOMES: ("cf", "paje_base", "rsa", "ppa"),
        ELDEST: ("af",),
        TWINS: ("paje_base", "cf", "rsa", "ppa"),
        SCHOOL_AGE: ("ars",),
        ALIMONY: ("asf", "rsa", "ppa"),
        OWN_INCOME: ("rsa", "ppa"),
        SUPPLEMENT: ("rsa", "ppa"),
        LUMP_SUM: ("af",),
        OF_JANUARY: ("ars",),
        AMOUNTS: ("ppa",),
        CLAIM: ("rsa",),
        INFANT: ("rsa", "ppa"),
    }
    return [cause for cause, holds in touched.items() if holds and benefit in concerned[cause]]


def ends_of(benefit: str) -> set[int]:
    """Return the ages in months at which the month matters: birth, three, sixteen, twenty, twenty-one and, for RSA, twenty-five years."""
    years = (0, 3, 16, 20, 21, 25) if benefit in {"rsa", "ppa"} else (0, 3, 16, 20, 21)
    return {MONTHS * each for each in years}


def wages_waver(child: dict[str, Any], age: int, year: int, month: int, window: int) -> bool:
    """Whether the wages of a child of the last months lie on both sides of the limit, or between its two readings; above it, before sixteen."""
    from legislation import france  # noqa: PLC0415 - OpenFisca's side has no such package

    wages = child["incomes"].get("salaire")
    if not wages:
        return False
    last = MONTHS * (YEARS_OF_INCOME - 1) + month
    hourly = float(france().parameters.at(f"{year}-{month:02d}-01").cotisations.smic.horaire)
    low, high = (PART_OF_MINIMUM_WAGE * hours * hourly for hours in HOURS)
    recent = wages[last - LAST_MONTHS - window + 1 : last]
    if age < MONTHS * SCHOOL_LEAVING:
        return max(recent) > low
    return not (max(recent) < low or min(recent) > high)


def is_above_school_ceiling(family: dict[str, Any], year: int) -> bool:
    """Whether the parents' incomes of two years before exceed the ceiling of the school allowance for one child, or nearly."""
    from legislation import france  # noqa: PLC0415 - OpenFisca's side has no such package

    law = france().parameters.at(f"{year}-08-01").prestations.allocation_rentree_scolaire
    return incomes_of_reference(family) > float(law.plafond) * (1 + float(law.majoration_plafond))


def is_above_family_ceiling(family: dict[str, Any], year: int) -> bool:
    """Whether the parents' incomes of two years before exceed the first ceiling of the allocations familiales, or nearly."""
    from legislation import france  # noqa: PLC0415 - OpenFisca's side has no such package

    law = france().parameters.at(f"{year}-01-01").prestations.allocations_familiales.modulation
    return len(family["children"]) > 1 and incomes_of_reference(family) > float(law.plafond_tranche_1)


def incomes_of_reference(family: dict[str, Any]) -> float:
    """Return what the parents' incomes of two years before are at least, for family benefits."""
    return TAXED * sum(sum(amounts[MONTHS : 2 * MONTHS]) for parent in family["parents"] for amounts in parent["incomes"].values())


def amounts_change(year: int, month: int) -> bool:
    """Whether the amounts of the prime d'activité changed since the months of income that it looks at."""
    from legislation import france  # noqa: PLC0415 - OpenFisca's side has no such package

    months = [MONTHS * year + month - 1 - back for back in range(4)]
    return (
        len({float(france().parameters.at(f"{each // MONTHS}-{each % MONTHS + 1:02d}-01").prestations.prime_activite.montant_de_base) for each in months}) > 1
    )


def has_two_eldest(ages: list[list[int]]) -> bool:
    """Whether the two eldest dependent children are of one age in years, or of one month."""
    dependent = sorted((of_child[0] // MONTHS for of_child in ages if of_child[0] <= MONTHS * 20), reverse=True)
    ahead = sorted(((of_child[0] - 1) // MONTHS for of_child in ages if of_child[0] <= MONTHS * 20), reverse=True)
    return any(len(each) > 1 and each[0] == each[1] for each in (dependent, ahead))


def has_twins(children: list[dict[str, Any]], ages: list[list[int]]) -> bool:
    """Whether two children under three years were born in one month."""
    births = [tuple(child["birth"]) for child, age in zip(children, ages, strict=True) if age[-1] <= MONTHS * 3]
    return len(set(births)) < len(births)


def turns(age: int) -> bool:
    """Whether a child's age in August, in months, is not the one that the school allowance knows: it turns within the year, or early in the next."""
    years, in_january, in_september = (age + 4) // MONTHS, age + 5, age + 1
    return years != age // MONTHS or (in_january >= MONTHS * 6) != (age >= MONTHS * 6) or (in_september >= MONTHS * 18) != (age >= MONTHS * 18)
