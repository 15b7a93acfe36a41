"""Why a housing benefit may differ from OpenFisca-France's: the articles that the two sides read differently, and the families they touch.

But for the threshold of payment and the rounding to the euro, a cause is a condition on the family and its resources, never on the amounts.
"""

# ruff: noqa: INP001 - for the script beside it

from __future__ import annotations

from typing import Any, Final, NamedTuple

MONTHS: Final = 12
SCHOOL_LEAVING: Final = 16
LAST_AGE_OF_CHILDREN: Final = 21
LAST_AGE_OF_STUDENTS: Final = 28
REAL_TIME: Final = 2021
LEAST_PAID: Final = 10
ROUNDED_TO: Final = 100
A_EURO: Final = 2
A_EURO_AND_CRDS: Final = 1.02
ROUNDED_AFTER: Final = 2
CHANGE_OF_MINIMUM: Final = 30
LITTLE: Final = 4_700
HOURS_ESTIMATED: Final = 1_015
HOURLY_WAGE: Final = 10.5

TWO_EARNERS: Final = "CCH, art. R822-7: 95 euros off the resources of a couple that both work"
ON_RSA: Final = "CCH, art. R822-17: earnings are not counted of who received RSA the month before (there, its own RSA of other months)"
WORKING_CHILD: Final = "CCH, art. R822-6 and R823-4, CSS, art. R512-2: what a child earns, in the month, and above a ceiling in the year"
BIRTHDAY: Final = "CCH, art. R823-10 to R823-13: a birth counts from the month after, a twenty-first birthday ends the charge in its month"
STUDENT: Final = "CCH, art. R822-20: the flat resources of a student end with the twenty-eighth birthday"
NOT_PAID: Final = "CCH, art. D823-16: allowances below 10 euros, other than APL, are not paid"
HUNDRED: Final = "CCH, art. D823-17, 4°: resources within two euros of the hundred to which they are rounded up"
CEILING: Final = "CCH, art. L442-2-1: resources near the ceiling of the social rent reduction, which rounding or the 95 euros of R822-7 cross"
ROUNDING: Final = "CCH, art. D823-16: the aid is rounded to the euro before the social rent reduction is taken off"
MINIMUM: Final = "CGI, art. 83, 3° and 158, 5, a: the minimum of the 10 % deduction is the one of the incomes of the year before (another year's there)"
LAST_EURO: Final = "CCH, art. D823-16: rounded down to the euro, an aid a cent apart falls into another euro (and CRDS is rounded down to the cent)"
LAST_EURO: Final = "CCH, art. D823-16: rounded down to the euro, an aid a cent apart falls into another euro (and CRDS is rounded down to the cent)"
ESTIMATED: Final = "CCH, art. R822-20 of 2019 (R351-7): until 2020, the resources of who works and earned little two years before were estimated"


class Pair(NamedTuple):
    """One amount of a family in a month: here, there; then what causes look at, as it is here: near RSA, resources, ceiling of the rent reduction by year."""

    year: int
    month: int
    rank: int
    ours: float
    theirs: float
    is_near_rsa: bool
    resources: float
    ceiling: float


def causes(pair: Pair, family: dict[str, Any]) -> list[str]:
    """Return the articles by which an amount of a family may differ."""
    ages = [MONTHS * (pair.year - child["birth"][0]) + pair.month - child["birth"][1] for child in family["children"]]
    student_age = MONTHS * (pair.year - family["parents"][0]["birth"][0]) + pair.month - family["parents"][0]["birth"][1]
    is_social = family["tenure"] == "locataire_hlm"
    beyond = pair.resources % ROUNDED_TO
    touched = {
        TWO_EARNERS: len(family["parents"]) > 1 and all(sum(parent["incomes"].get("salaire", [0])) > 0 for parent in family["parents"]),
        ON_RSA: pair.is_near_rsa,
        WORKING_CHILD: any(child["incomes"] for child in family["children"]),
        BIRTHDAY: any(age in {0, MONTHS * LAST_AGE_OF_CHILDREN} for age in ages),
        STUDENT: family["studies"] and student_age // MONTHS == LAST_AGE_OF_STUDENTS,
        NOT_PAID: not is_social and pair.ours == 0 < pair.theirs < LEAST_PAID,
        HUNDRED: min(beyond, ROUNDED_TO - beyond) <= A_EURO,
        MINIMUM: has_little(family) and min(beyond, ROUNDED_TO - beyond) <= CHANGE_OF_MINIMUM,
        CEILING: is_social and abs(pair.resources - pair.ceiling) <= 2 * ROUNDED_TO,
        ROUNDING: is_social and 1 < pair.ours - pair.theirs <= ROUNDED_AFTER,
        LAST_EURO: 1 < abs(pair.ours - pair.theirs) <= A_EURO_AND_CRDS,
        ESTIMATED: pair.year < REAL_TIME and earned_little(family),
    }
    return [cause for cause, holds in touched.items() if holds]


def has_little(family: dict[str, Any]) -> bool:
    """Whether a parent has alimony, or an income so small that the minimum of the deduction is what is deducted from it."""
    years = (amounts[at : at + MONTHS] for parent in family["parents"] for amounts in parent["incomes"].values() for at in range(MONTHS, len(amounts), MONTHS))
    return family["alimony"] > 0 or any(sum(of_year) <= LITTLE for of_year in years)


def earned_little(family: dict[str, Any]) -> bool:
    """Whether somebody works and the parents' incomes of two years before were those of 1,015 hours of minimum wage at most, or little more."""
    works = any(sum(parent["incomes"].get("salaire", [0])) > 0 for parent in family["parents"])
    incomes = sum(sum(amounts[MONTHS : 2 * MONTHS]) for parent in family["parents"] for amounts in parent["incomes"].values())
    return works and incomes <= HOURS_ESTIMATED * HOURLY_WAGE
