"""How households are put into groups: deciles, family type, age, tenure, department. Groups are those before the reform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.departments import places
from analysis.effects import deciles
from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.households import Households

    Rows = NDArray[np.int64]

FAMILIES = ("Personne seule", "Famille monoparentale", "Couple sans enfant", "Couple, 1 enfant", "Couple, 2 enfants", "Couple, 3 enfants ou plus")
AGES = ((0, "Moins de 30 ans"), (30, "30 à 39 ans"), (40, "40 à 49 ans"), (50, "50 à 59 ans"), (60, "60 à 69 ans"), (70, "70 ans ou plus"))
NOBODY_OLDER_THAN = 130
DECILES = tuple(f"D{number}" for number in range(1, 11))
BY_INCOME = ("deciles_revenu_fiscal", "Décile de revenu fiscal de référence")
BY_STANDARD = ("deciles_niveau_de_vie", "Décile de niveau de vie par unité de consommation")


@dataclass(frozen=True)
class Grouping:
    """Groups of households: their labels, and the group of each household (-1: in none). `name` is that of the table."""

    name: str
    title: str
    labels: tuple[str, ...]
    codes: Rows
    members: tuple[str, ...] = ()
    """All labels that there may be, in their order, whether or not a household has them; none where they are texts, in the order of the alphabet."""


def all_together(count: int) -> Grouping:
    """Return the grouping that has one group."""
    return Grouping("ensemble", "Ensemble des ménages", ("Ensemble",), np.zeros(count, np.int64))


def by_decile(name: str, title: str, values: NDArray[np.float64], weights: NDArray[np.float64]) -> Grouping:
    """Return deciles by weighted rank."""
    codes = deciles(values, weights)
    return Grouping(name, title, DECILES, codes)


def by_family(adults_as_couple: NDArray[np.bool_], children: NDArray[Any]) -> Grouping:
    """Return groups by family type, from whether there is a couple and how many children."""
    count = np.minimum(children, 3).astype(np.int64)
    codes = np.where(adults_as_couple, 2 + count, np.minimum(count, 1))
    return Grouping("types_de_famille", "Type de famille", FAMILIES, codes, FAMILIES)


def by_age(ages: NDArray[Any]) -> Grouping:
    """Return groups by the age of the person of reference; ages that cannot be are in none."""
    bounds = np.array([low for low, _ in AGES])
    known = (ages > 0) & (ages < NOBODY_OLDER_THAN)
    codes = np.where(known, np.searchsorted(bounds, ages, side="right") - 1, -1)
    labels = tuple(label for _, label in AGES)
    return Grouping("ages", "Âge de la personne de référence", labels, codes, labels)


def by_text(name: str, title: str, values: NDArray[Any], known: NDArray[np.bool_], labels: dict[str, str] | None = None) -> Grouping:
    """Return a group for each distinct text; the members of an enumeration are shown by their labels. An empty text is in none."""
    if isinstance(values, EnumArray):
        members = values.possible_values
        texts, names = np.asarray(values.view(np.ndarray), np.int64), [str(member.value) for member in members]  # type: ignore[var-annotated]
        present = np.unique(texts[known])
        places_of = np.full(len(names) + 1, -1)
        places_of[present] = np.arange(len(present))
        return Grouping(name, title, tuple(names[position] for position in present), np.where(known, places_of[texts], -1), tuple(names))
    distinct, codes = np.unique(values.astype(str), return_inverse=True)
    kept = np.array([text not in ("", "nan", "None") for text in distinct], bool)
    renumbered = np.where(kept, np.cumsum(kept) - 1, -1)
    shown = tuple(f"{text} {(labels or {}).get(text, '')}".strip() for text, keep in zip(distinct.tolist(), kept.tolist(), strict=True) if keep)
    return Grouping(name, title, shown, np.where(known, renumbered[codes], -1))


def department_names() -> dict[str, str]:
    """Return the departments' names by code."""
    return {code: place.name for code, place in places().items()}


def first_of(households: Households, roles: Sequence[int], values: NDArray[Any], entity: str) -> tuple[NDArray[Any], NDArray[np.bool_]] | None:
    """Return each household's value of its first member in one of some roles, and where it has one; None where members are not known."""
    link = households.population.links.get((entity, households.unit))
    if link is None or not len(link.index):
        return None
    of_role = (link.index >= 0) & (np.isin(link.roles, roles) if link.roles is not None else True)
    rows = np.flatnonzero(of_role)[::-1]
    found = np.full(households.count, -1, np.int64)
    found[link.index[rows]] = rows
    return values[found], found >= 0


def members(households: Households, roles: Sequence[int], entity: str) -> Rows:
    """Return how many members of these roles each household has; none where members are not known."""
    link = households.population.links.get((entity, households.unit))
    if link is None or not len(link.index):
        return np.zeros(households.count, np.int64)
    of_role = (link.index >= 0) & (np.isin(link.roles, roles) if link.roles is not None else True)
    return np.bincount(link.index[of_role], minlength=households.count)
