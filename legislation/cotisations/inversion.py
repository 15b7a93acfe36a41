"""Retrouver le salaire, l'allocation ou la pension bruts d'une année, d'après le montant imposable qui en a été déclaré.

Beaucoup de populations ne connaissent que les montants imposables. L'imposable est une fonction affine par morceaux du brut de
l'année (en douzièmes égaux). `schedule_of` la relève sur le droit lui-même : il fait calculer l'imposable d'une grille de bruts et
resserre par dichotomie chaque intervalle où il n'est pas affine. Aucune formule n'est écrite deux fois, et une réforme des
cotisations est suivie sans rien changer ici. L'inverse est exact à un cent-millionième d'euro près. Là où l'imposable baisse d'un
coup (quand le salaire passe le plafond, depuis 2019), plusieurs bruts ont le même imposable : le plus petit est retenu.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.errors import DataError
from engine.periods import period as as_period
from engine.population import Population
from engine.simulation import Simulation
from legislation import france
from legislation.cotisations.individu_saisie import CategorieSalarie
from legislation.cotisations.taux_remplacement import TauxCsgRemplacement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from engine.legislation import Legislation

    Array = NDArray[np.float64]

CELLS: Final = 2000
HIGHEST: Final = 600_000 * np.sqrt(2)
"""Bruts relevés, en euros par an : plus de huit plafonds ; au-delà, la dernière droite continue. Aucun point rond n'est sur la grille."""
NARROW: Final = 1e-6
ROUNDING: Final = 1e-8


@dataclass(frozen=True, eq=False)
class Schedule:
    """A piecewise affine function: its values at ascending gross amounts; the last piece goes on beyond."""

    gross: Array
    taxable: Array

    def __call__(self, gross: Any) -> Array:
        """Return the taxable amounts of gross amounts."""
        amounts = np.asarray(gross, dtype=np.float64)
        piece = self._piece(np.searchsorted(self.gross, amounts, side="right"))
        return self._on_piece(amounts, piece, self.gross, self.taxable)

    def inverse(self, taxable: Any) -> Array:
        """Return the lowest gross amounts that leave these taxable amounts. Raises DataError for an amount below the first of the schedule."""
        amounts = np.asarray(taxable, dtype=np.float64)
        unreached = ~(amounts >= self.taxable[0])
        if unreached.any():
            raise DataError(f"No gross amount leaves a taxable one of {amounts[unreached].flat[0]:g}: expected {self.taxable[0]:g} or more.")
        piece = self._piece(np.searchsorted(np.maximum.accumulate(self.taxable), amounts, side="left"))
        return self._on_piece(amounts, piece, self.taxable, self.gross)

    def _piece(self, end: Any) -> Any:
        return np.clip(end - 1, 0, len(self.gross) - 2)

    @staticmethod
    def _on_piece(amounts: Array, piece: Any, starts: Array, values: Array) -> Array:
        slope: Array = (values[piece + 1] - values[piece]) / (starts[piece + 1] - starts[piece])
        found: Array = values[piece] + slope * (amounts - starts[piece])
        return found


def schedule_of(calculate: Callable[[Array], Array], highest: float = HIGHEST, cells: int = CELLS) -> Schedule:
    """Return the schedule of a piecewise affine function from 0 on.

    The function is evaluated on a grid up to `highest`; a cell in the middle of which it is not affine is halved, until it is
    affine or too narrow to matter.
    """
    gross = np.linspace(0.0, highest, cells + 1)
    taxable = calculate(gross)
    all_gross, all_taxable = [gross], [taxable]
    low, high, at_low, at_high = gross[:-1], gross[1:], taxable[:-1], taxable[1:]
    while low.size:
        middle = (low + high) / 2
        at_middle = calculate(middle)
        halved = (np.abs(at_middle - (at_low + at_high) / 2) > ROUNDING) & (high - low > NARROW)
        low, middle, high = low[halved], middle[halved], high[halved]
        at_low, at_middle, at_high = at_low[halved], at_middle[halved], at_high[halved]
        all_gross.append(middle)
        all_taxable.append(at_middle)
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        at_low, at_high = np.concatenate([at_low, at_middle]), np.concatenate([at_middle, at_high])
    gross, taxable = np.concatenate(all_gross), np.concatenate(all_taxable)
    order = np.argsort(gross)
    return Schedule(gross[order], taxable[order])


# --- Les trois revenus ----------------------------------------------------------------------------------------------


def salaire_brut_annuel(
    imposable: Any,
    year: int,
    *,
    categorie: Any = CategorieSalarie.prive_non_cadre,
    alsace_moselle: Any = False,
    quotite: Any = 1.0,
    part_primes: float = 0.0,
    law: Legislation | None = None,
) -> Array:
    """Return yearly gross wages, of which `imposable` are the taxable ones (box 1AJ), in euros.

    `categorie` (members, names or codes of CategorieSalarie), `alsace_moselle` and `quotite` are one value or one a row;
    `part_primes` is the share of bonuses in the wages of civil servants. Raises DataError for amounts below 0.
    """
    wages = np.asarray(imposable, dtype=np.float64)
    amounts, categories, local, shares = np.broadcast_arrays(wages, _codes(CategorieSalarie, categorie), alsace_moselle, quotite)
    result = np.zeros(amounts.shape)
    for code in np.unique(categories):
        of_category = list(CategorieSalarie)[int(code)]
        bonuses = part_primes if of_category is CategorieSalarie.fonctionnaire else 0.0
        for is_local in np.unique(local[categories == code]):
            given = {"categorie_salarie": of_category, "alsace_moselle": bool(is_local)}
            calculate = _calculation(law or france(), year, ("salaire_brut", "salaires"), given, {"primes_fonction_publique": bonuses})
            rows = (categories == code) & (local == is_local)
            # les seuils sont tous des multiples du plafond, que la durée du travail réduit
            result[rows] = schedule_of(calculate).inverse(amounts[rows] / shares[rows]) * shares[rows]
    return result


def retraite_brute_annuelle(imposable: Any, year: int, *, taux: Any, part_complementaire: float = 0.0, law: Legislation | None = None) -> Array:
    """Return yearly gross pensions, of which `imposable` are the taxable ones (box 1AS), in euros.

    `taux` (members, names or codes of TauxCsgRemplacement) is one value or one a row; `part_complementaire` is the share of
    supplementary pensions. Raises DataError for amounts below 0.
    """
    return _by_rate(imposable, year, taux, ("retraite_brute", "pensions_retraite"), {"retraite_complementaire_brute": part_complementaire}, law)


def chomage_brut_annuel(imposable: Any, year: int, *, taux: Any, law: Legislation | None = None) -> Array:
    """Return yearly gross unemployment benefits, of which `imposable` are the taxable ones (box 1AP), in euros, paid all year round.

    `taux` is as for pensions. Raises DataError for amounts below 0.
    """
    return _by_rate(imposable, year, taux, ("chomage_brut", "allocations_chomage"), {}, law)


def _by_rate(imposable: Any, year: int, taux: Any, names: tuple[str, str], shares: Mapping[str, float], law: Legislation | None) -> Array:
    amounts, rates = np.broadcast_arrays(np.asarray(imposable, dtype=np.float64), _codes(TauxCsgRemplacement, taux))
    result = np.zeros(amounts.shape)
    for code in np.unique(rates):
        given = {"taux_csg_remplacement": list(TauxCsgRemplacement)[int(code)]}
        schedule = schedule_of(_calculation(law or france(), year, names, given, shares))
        result[rates == code] = schedule.inverse(amounts[rates == code])
    return result


def _codes(kind: Any, values: Any) -> Any:
    """Return the positions of members of an enumeration, given as members, names or positions."""
    given = np.asarray(values)
    return given if given.dtype.kind in "iu" else np.asarray(kind.encode(given.reshape(-1))).reshape(given.shape)


def _calculation(law: Legislation, year: int, names: tuple[str, str], given: Mapping[str, Any], shares: Mapping[str, float]) -> Callable[[Array], Array]:
    """Return what calculates the taxable amounts of a year of gross ones; `shares` are inputs in proportion to these."""
    brut, imposable = names

    def calculate(gross: Array) -> Array:
        count = len(gross)
        simulation = Simulation(law, Population({"individu": count}, {}).completed(list(law.entities), law.links), threads=1)
        simulation.set_input(brut, as_period(year), gross)
        for name, share in shares.items():
            simulation.set_input(name, as_period(year), share * gross)
        for name, value in given.items():
            rule = law.variables[name]
            column = np.full(count, value.index if rule.possible_values is not None else value)
            simulation.set_input(name, as_period(year), column)
        return np.asarray(simulation.calculate(imposable, as_period(year)), dtype=np.float64)

    return calculate
