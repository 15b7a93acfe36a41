"""Prices: what a euro of one year is worth in another."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def price_levels() -> dict[int, float]:
    """Return the level of consumer prices by year, 1 in the first one known (`prix.csv`: yearly changes in percent)."""
    lines = (line for line in (files("analysis") / "prix.csv").read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    levels: dict[int, float] = {}
    level = 1.0
    for row in csv.DictReader(lines):
        year, change = int(row["annee"]), float(row["variation_en_pourcent"])
        level *= 1 + change / 100 if levels else 1
        levels[year] = level
    return levels


def constant_euros(of: int) -> Callable[[int], float]:
    """Return a function that gives, for a year, how many euros of the year `of` one of its euros is worth.

    Raises DataError for years whose prices are not known.
    """
    levels = price_levels()

    def known(year: int) -> float:
        if year not in levels:
            raise DataError(f"The prices of {year} are not known: expected a year from {min(levels)} to {max(levels)}.")
        return levels[year]

    base = known(of)
    return lambda year: base / known(year)
