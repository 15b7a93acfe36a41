"""The distribution of the revenu fiscal de référence (RFR): official bands of 2015, aged to a later year, and a smooth curve through them.

Every third band is held out: the curve never sees its figures. Their place is taken by what the bands beside them say, and by the
totals: the largest of them gets what the total number of tax households, and the total income, leave over.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOLDER = "population.france.cibles"
ZERO_SHARE = 0.24  # of the lowest band: no taxable income at all
FLATTEST, STEEPEST = -60.0, 60.0
NEARLY_ZERO = 1e-9
NET_OF_TENTH = 0.9


@dataclass(frozen=True)
class Bands:
    """Bands of RFR: bounds (the last is open), tax households, their RFR, wages and pensions in euros, and which are held out."""

    low: Floats
    high: Floats
    foyers: Floats
    income: Floats
    wages: Floats
    pensions: Floats
    held_out: NDArray[np.bool_]

    def filled(self) -> Bands:
        """Return the bands with estimates in the place of what is held out: nothing official of those bands is left but the totals of all."""
        foyers, mean, _ = _fitted(self)
        income = foyers * mean
        held = np.flatnonzero(self.held_out)
        of_kinds = []
        for amounts in (self.wages, self.pensions):
            share = amounts / self.income
            share[held] = np.sqrt(share[held - 1] * share[held + 1])
            estimated = np.where(self.held_out, share * income, amounts)
            largest = held[np.argmax(foyers[held])]
            estimated[largest] += amounts.sum() - estimated.sum()
            of_kinds.append(estimated)
        return Bands(self.low, self.high, foyers, income, of_kinds[0], of_kinds[1], np.zeros_like(self.held_out))

    def aged(self, totals: Totals, others: Floats) -> Bands:
        """Return the bands with other totals: tax households grow alike everywhere, their incomes by what they are made of.

        Wages and pensions (less their tenth) grow as their totals do. `others`: what share of the rest are profits and property income in each band,
        by kind, which grow as `totals` says; capital income and gains grow as is left over: the top, which lives of them, grows most.
        Who is in which band does not change; a bound grows as the bands on its two sides do.
        """
        work, retirement = NET_OF_TENTH * self.wages, NET_OF_TENTH * self.pensions
        rest = self.income - work - retirement
        factors = totals.wages / self.wages.sum(), totals.pensions / self.pensions.sum()
        known = factors[0] * work + factors[1] * retirement + np.array(totals.growth_of_others) @ others * rest
        capital = (1 - others.sum(axis=0)) * rest
        grown = known + (totals.income - known.sum()) / capital.sum() * capital
        more = totals.foyers / self.foyers.sum()
        richer = grown / self.income / more
        bounds = np.sqrt(richer[1:] * richer[:-1])
        low, high = self.low * np.append(1.0, bounds), self.high * np.append(bounds, 1.0)
        return Bands(low, high, self.foyers * more, grown, self.wages * factors[0], self.pensions * factors[1], self.held_out)


@dataclass(frozen=True)
class Totals:
    """What bands are aged to: tax households, RFR, wages and pensions in euros, and by what profits and property income grow."""

    foyers: float
    income: float
    wages: float
    pensions: float
    growth_of_others: tuple[float, float]


def bands_2015() -> Bands:
    """Return the official bands for incomes of 2015; amounts that secrecy hides count as none."""
    with (files(FOLDER) / "tranches_rfr_2015.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))

    def column(name: str) -> Floats:
        return np.array([float(row[name] or 0) for row in rows])

    high = np.array([float(row["maximum"] or np.inf) for row in rows])
    held_out = np.array([row["usage"] == "controle" for row in rows])
    return Bands(column("minimum"), high, column("foyers"), column("revenu_fiscal_reference"), column("salaires"), column("pensions"), held_out)


@dataclass(frozen=True)
class Curve:
    """RFR by rank: in each band a power law whose mean is the band's; a Pareto tail above the last bound."""

    low: Floats
    high: Floats
    foyers: Floats
    powers: Floats
    bottom: float

    def incomes(self, above: Floats) -> Floats:
        """Return the RFR of tax households of whom a share `above` (0 to 1) is richer."""
        ends = np.append(np.cumsum(self.foyers[::-1])[::-1], 0.0) / self.foyers.sum()  # share above each lower bound
        band = np.clip(np.searchsorted(-ends, -above, side="right") - 1, 0, len(self.foyers) - 1)
        within = np.clip((ends[band] - above) / (ends[band] - ends[band + 1]), 0.0, 1.0)  # 0 at the lower bound
        found = np.empty(len(above))
        for place in range(len(self.foyers)):
            rows = band == place
            if place == 0:
                share = np.maximum(within[rows] - ZERO_SHARE, 0) / (1 - ZERO_SHARE)
                found[rows] = self.high[0] * share**self.bottom
            elif np.isinf(self.high[place]):
                # the richest is where half a household would stand above
                found[rows] = self.low[place] * np.maximum(1 - within[rows], 0.5 / self.foyers[place]) ** (-1 / self.powers[place])
            else:
                found[rows] = _quantiles(self.low[place], self.high[place], self.powers[place], within[rows])
        return found


def curve(bands: Bands) -> Curve:
    """Return the curve through bands, none of which is held out."""
    mean = bands.income / bands.foyers
    in_first = mean[0] / bands.high[0] / (1 - ZERO_SHARE)
    return Curve(bands.low, bands.high, bands.foyers, _powers(bands, mean), 1 / in_first - 1)


def _powers(bands: Bands, mean: Floats) -> Floats:
    """Return for each band that is not held out the power law that has its mean; the first has none."""
    last = len(mean) - 1
    powers = np.zeros(len(mean))
    for place in np.flatnonzero(~bands.held_out)[1:-1]:
        powers[place] = _power(bands.low[place], bands.high[place], mean[place])
    powers[last] = mean[last] / (mean[last] - bands.low[last])
    return powers


def _fitted(bands: Bands) -> tuple[Floats, Floats, Floats]:
    """Return tax households, mean RFR and power of every band, those held out from the bands beside them and from the totals."""
    foyers, mean = bands.foyers.copy(), bands.income / bands.foyers
    held, last = np.flatnonzero(bands.held_out), len(foyers) - 1
    powers = _powers(bands, mean)
    middles = np.sqrt(np.maximum(bands.low, 1) * np.minimum(bands.high, bands.low[last] * 2))
    for place in held.tolist():  # half way between a curve continuous with both bands beside, and a straight line between their middles
        low, high = bands.low[place], bands.high[place]
        before = _density(bands, powers, foyers, place - 1, low)
        after = foyers[last] * powers[last] / high if place + 1 == last else _density(bands, powers, foyers, place + 1, high)
        powers[place] = np.log(before / after) / np.log(high / low)
        mean[place] = _mean(low, high, powers[place])
        continuous = before * low * _integral(high / low, powers[place])
        beside = [place - 1, place + 1]
        straight = np.interp(np.log(middles[place]), np.log(middles[beside]), np.log(foyers[beside] / np.minimum(bands.high - bands.low, bands.low)[beside]))
        foyers[place] = np.sqrt(continuous * np.exp(straight) * (high - low))
    largest = held[np.argmax(foyers[held])]
    foyers[largest] += bands.foyers.sum() - foyers.sum()
    mean[largest] += (bands.income.sum() - (foyers * mean).sum()) / foyers[largest]
    powers[largest] = _power(bands.low[largest], bands.high[largest], mean[largest])
    return foyers, mean, powers


def _density(bands: Bands, powers: Floats, foyers: Floats, place: int, at: float) -> float:
    """Return the tax households per euro at one end of a band whose number and power are known."""
    low, high, power = bands.low[place], bands.high[place], powers[place]
    return float(foyers[place] / (low * _integral(high / low, power)) * (at / low) ** -power)


def _integral(ratio: float, power: float) -> float:
    """Return the integral of x^-power from 1 to `ratio`."""
    exponent = 1 - power
    return float(np.log(ratio) if abs(exponent) < NEARLY_ZERO else np.expm1(exponent * np.log(ratio)) / exponent)


def _mean(low: float, high: float, power: float) -> float:
    """Return the mean of a density x^-power between two bounds."""
    x = np.linspace(0, 1, 2001)
    return float(np.mean(_quantiles(low, high, power, (x[1:] + x[:-1]) / 2)))


def _power(low: float, high: float, mean: float) -> float:
    """Return the power whose mean between two bounds is `mean`."""
    return float(brentq(lambda power: _mean(low, high, power) - mean, FLATTEST, STEEPEST))


def _quantiles(low: float, high: float, power: float, share: Floats) -> Floats:
    exponent = 1 - power
    ratio = np.log(high / low)
    if abs(exponent) < NEARLY_ZERO:  # the density 1/x
        return np.asarray(low * np.exp(share * ratio))
    return np.asarray(low * np.exp(np.log1p(share * np.expm1(exponent * ratio)) / exponent))
