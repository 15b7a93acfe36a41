"""Why ASPA or AAH, or RSA and prime d'activité with them, may differ from OpenFisca-France's: articles read differently, and the families they touch.

As in benefit_causes.py, a cause is a condition on the family alone, never on the amounts.
"""

# ruff: noqa: INP001 - for the script beside it

from __future__ import annotations

from typing import Any, Final

import benefit_causes
from benefit_causes import MONTHS, YEARS_OF_INCOME

LEAST_RATE: Final = 0.5
FULL_RATE: Final = 0.8
UNFIT_AGE: Final = 62
WINDOW: Final = 8  # months that a benefit which looks at AAH of three months back looks at

AAH_FIRST: Final = "CSS, art. L821-1 and R815-22: who is old enough for ASPA has AAH first, and the resources of ASPA count it"
TWELVE_MONTHS: Final = "CSS, art. R815-29: above the ceiling with three months, the resources of twelve decide"
ONE_DEDUCTION: Final = "CSS, art. R815-29: one deduction of one and a half minimum wages for the wages of a couple"
UNFIT: Final = "CSS, art. R815-1, L821-2 and L351-8: the age of unfitness for work is 62"
WAGES: Final = "CSS, art. R821-4-1, R532-3 and D821-9: wages of three months are taxable ones, less 10 %; the minimum wage is that of the quarter's last day"
CEASED: Final = "CSS, art. R821-4-4 and R532-5: earnings of the year before last do not count for who has stopped, or for 70 % with an income in their place"
PENSION: Final = "CSS, art. L821-1: AAH completes the pension paid in the month"
BOTH: Final = "CSS, art. D821-8-1: the deduction is not for the income of a spouse who has AAH too"
INCREASE: Final = "CSS, art. L821-1-2: no income from work in the three months; AAH that is full or completes a pension, whatever the spouse has"
MONTHS_LOOKED_AT: Final = "CASF, art. R262-7 and CSS, art. R843-1: ASPA and AAH are those of the months looked at"
BIRTHDAYS: Final = "CSS, art. R815-33 and R552-3: a right opens the month after a birthday, or ends with its month"


def causes(benefit: str, family: dict[str, Any], year: int, month: int) -> list[str]:
    """Return the articles by which a benefit of a family may differ in a month; RSA and prime d'activité count ASPA and AAH."""
    parents = family["parents"]
    disabled = [parent for parent in parents if parent["incapacity"] >= LEAST_RATE]
    ages = [MONTHS * (year - parent["birth"][0]) + month - parent["birth"][1] for parent in parents]
    restricted = [parent["unfit"] or LEAST_RATE <= parent["incapacity"] < FULL_RATE for parent in parents]
    wages = [parent for parent in parents if recent(parent, "salaire", month)]
    touched = {
        AAH_FIRST: any(parent in disabled and age >= MONTHS * UNFIT_AGE for parent, age in zip(parents, ages, strict=True)),
        TWELVE_MONTHS: any(rises(parent, month) for parent in parents),
        ONE_DEDUCTION: len(parents) > 1 and bool(wages),
        UNFIT: any(marked and age >= MONTHS * UNFIT_AGE for marked, age in zip(restricted, ages, strict=True)),
        WAGES: bool(disabled and wages),
        CEASED: bool(disabled) and any(stopped(parent, month) for parent in parents),
        PENSION: any("retraite" in parent["incomes"] for parent in disabled),
        BOTH: len(disabled) > 1,
        INCREASE: bool(disabled) and any(stopped(parent, month) or parent["incomes"] for parent in parents),
        MONTHS_LOOKED_AT: any(opens(age) for age in ages) or amounts_change(year, month),
        BIRTHDAYS: any(opens(age) for age in ages),
    }
    of_aspa, of_aah, of_both = ("aspa", "rsa", "ppa"), ("aah", "caah", "rsa", "ppa"), ("aspa", "aah", "caah", "rsa", "ppa")
    concerned = {
        AAH_FIRST: of_both,
        TWELVE_MONTHS: of_aspa,
        ONE_DEDUCTION: of_aspa,
        UNFIT: of_both,
        WAGES: of_aah,
        CEASED: of_aah,
        PENSION: of_aah,
        BOTH: of_aah,
        INCREASE: ("caah", "rsa"),
        MONTHS_LOOKED_AT: ("rsa", "ppa"),
        BIRTHDAYS: of_both,
    }
    own = [cause for cause, holds in touched.items() if holds and benefit in concerned[cause]]
    return own + benefit_causes.causes(benefit, family, year, month)


def amounts_change(year: int, month: int) -> bool:
    """Whether the amounts of ASPA or AAH changed within the months that RSA and prime d'activité look at."""
    from legislation import france  # noqa: PLC0415 - OpenFisca's side has no such package

    months = [MONTHS * year + month - 1 - back for back in range(4)]
    benefits = [france().parameters.at(f"{each // MONTHS}-{each % MONTHS + 1:02d}-01").prestations for each in months]
    return len({(float(each.aah.montant), float(each.aspa.plafond.couple)) for each in benefits}) > 1


def opens(age: int) -> bool:
    """Whether an age in months is one at which a right opens or ends, in that month or one that is looked at."""
    return any(0 <= age - MONTHS * years <= WINDOW for years in (16, 20, 62, 64, 65))


def recent(parent: dict[str, Any], kind: str, month: int) -> bool:
    """Whether a parent has had such an income in the last months."""
    last = MONTHS * (YEARS_OF_INCOME - 1) + month - 1
    return any(parent["incomes"].get(kind, [0.0] * MONTHS * YEARS_OF_INCOME)[last - WINDOW : last + 1])


def stopped(parent: dict[str, Any], month: int) -> bool:
    """Whether a parent has worked in the years looked at and no longer does, or is unemployed."""
    wages = parent["incomes"].get("salaire", [])
    return "chomage" in parent["incomes"] or (any(wages) and not wages[MONTHS * (YEARS_OF_INCOME - 1) + month - 1])


def rises(parent: dict[str, Any], month: int) -> bool:
    """Whether the incomes of a parent rose within the twelve months looked at, or a few months before."""
    last = MONTHS * (YEARS_OF_INCOME - 1) + month - 1
    return any(amounts[last - 1] > min(amounts[last - MONTHS - WINDOW : last]) for amounts in parent["incomes"].values())
