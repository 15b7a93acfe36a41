"""The year of who works: how many months are worked and how many are paid by unemployment insurance, and whether work is part-time.

A small yearly wage is a short time at work, or part-time work, far more often than a low wage all year round. Each worker is given a
full-time wage from the official distribution (net, full-time equivalent, private sector), and works for as long as the yearly wage pays for.
The year is a circle: months worked follow one another from any month, months of benefits come after them, and every year is like this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from population.france.lines import YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from population.france.tables import Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Generator = np.random.Generator

MONTHS = 12
# Insee, net monthly wages in full-time equivalent, private sector, 2022: ninth decile and so on; below, the minimum wage
SHARES = (0.0, 0.1, 0.5, 0.9, 0.99, 1.0)
NET_WAGES = (1_320.0, 1_436.0, 2_091.0, 4_162.0, 9_973.0, 20_000.0)
TAXABLE_OF_NET = 1.037  # with the CSG and CRDS that are taxable: 2.9 % of 98.25 % of the gross, which is 1.28 times the net
LEAST_FULL_TIME = NET_WAGES[0] * TAXABLE_OF_NET
# share of those with such a wage over twelve months who earn it full-time and all year round; nobody below the minimum wage
ALL_YEAR = ((LEAST_FULL_TIME, 1_500.0, 1_800.0, 2_500.0, 4_000.0), (0.5, 0.75, 0.87, 0.94, 0.98))
PART_TIME = 0.5  # of the others
SHORTEST = 0.2
# Unédic: benefits of a month that is paid whole, a little above 1,000 euros net on average in 2022
BENEFIT, SPREAD_OF_BENEFITS = 1_080.0, 0.32


@dataclass(frozen=True)
class WorkingYear:
    """For each person: months with a wage, months with benefits, the first of them (0 to 11), and the share of full time."""

    worked: Ints
    paid: Ints
    first: Ints
    part: Floats

    def works_in(self, month: int) -> NDArray[np.bool_]:
        """Whether each has a wage in a month (0 to 11)."""
        return (month - self.first) % MONTHS < self.worked

    def is_paid_in(self, month: int) -> NDArray[np.bool_]:
        """Whether each has unemployment benefits in a month (0 to 11)."""
        return (month - self.first - self.worked) % MONTHS < self.paid


def working_years(wages: Floats, unemployment: Floats, rng: Generator) -> WorkingYear:
    """Return the year of each person, from taxable yearly amounts."""
    count = len(wages)
    monthly = wages / MONTHS
    jobless = unemployment > 0
    chances = rng.random((3, count))
    all_year = (monthly >= LEAST_FULL_TIME) & (chances[0] < np.interp(monthly, *ALL_YEAR)) & ~jobless
    # full-time wages above what is earned: those who work little are mostly in the lower half
    least = np.interp(np.log(np.maximum(monthly, 1.0)), np.log(TAXABLE_OF_NET * np.array(NET_WAGES)), SHARES)
    full_time = TAXABLE_OF_NET * np.exp(np.interp(least + (1 - least) * chances[1] ** 4, SHARES, np.log(NET_WAGES)))
    share = np.minimum(monthly / np.maximum(full_time, monthly), 1.0)
    part_time = ~all_year & ~jobless & (chances[2] < PART_TIME) & (share > SHORTEST)
    short = ~all_year & ~part_time
    worked = np.where(short, np.clip(np.round(MONTHS * share), 1, MONTHS - 1), MONTHS).astype(np.int64)
    benefit = BENEFIT * np.exp(rng.normal(-(SPREAD_OF_BENEFITS**2) / 2, SPREAD_OF_BENEFITS, count))
    paid = np.clip(np.round(unemployment / benefit), 1, MONTHS).astype(np.int64) * jobless
    worked *= wages > 0
    too_long = worked + paid > MONTHS
    kept = np.clip(np.round(MONTHS * worked / np.maximum(worked + paid, 1)), 1, MONTHS - 1).astype(np.int64)
    worked = np.where(too_long & (worked > 0), kept, worked)
    paid = np.minimum(paid, MONTHS - worked)
    return WorkingYear(worked, paid, rng.integers(0, MONTHS, count), np.where(part_time, np.maximum(np.round(share, 2), SHORTEST), 1.0))


def by_month(name: str, amounts: Floats, of_month: list[NDArray[np.bool_]]) -> Table:
    """Return a column for each month of the year: a yearly amount shared among the months where it is paid."""
    times = np.maximum(np.sum(of_month, axis=0), 1)
    return {f"{name}@{YEAR}-{month + 1:02}": np.round(np.where(there, amounts / times, 0.0)) for month, there in enumerate(of_month)}
