"""What a department's communes ask of a household: averages over its inhabitants, and where it is dearest and cheapest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import yaml

if TYPE_CHECKING:
    import pyarrow as pa

AMOUNT = "somme_cotisations"


@dataclass(frozen=True)
class Place:
    """A department: its official code, its name, and its tile (column, row) on a map where every department has the same surface."""

    code: str
    name: str
    tile: tuple[int, int]


@dataclass(frozen=True)
class Department:
    """A department and its average amounts in euros, by typical dwelling: means over its communes weighted by their inhabitants.

    `doubtful` is the share of its inhabitants whose commune's published abatements fail a control.
    """

    place: Place
    communes: int
    amounts: dict[str, float]
    doubtful: float

    @property
    def is_doubtful(self) -> bool:
        """Whether that is so for most inhabitants."""
        return self.doubtful > 1 / 2


@cache
def places() -> dict[str, Place]:
    """Return the departments by code, in the order of their codes."""
    content = yaml.load((files("analysis") / "departements.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {code: Place(code, figures["nom"], (figures["case"][0], figures["case"][1])) for code, figures in content.items()}


def by_department(table: pa.Table) -> tuple[Department, ...]:
    """Return the departments' averages from a table of `population.typical_dwellings.calculate_everywhere`, in the order of codes.

    Communes whose population is unknown (they were merged before the list of names was made) do not count.
    """
    departments, department = np.unique(table["departement"].to_numpy().astype(str), return_inverse=True)
    dwellings, dwelling = np.unique(table["logement"].to_numpy().astype(str), return_inverse=True)
    weights = table["population_municipale"].fill_null(0).to_numpy().astype(np.float64)
    amounts = table[AMOUNT].to_numpy().astype(np.float64)
    cell = department * len(dwellings) + dwelling
    shape = (len(departments), len(dwellings))
    total = np.bincount(cell, weights * amounts, shape[0] * shape[1]).reshape(shape)
    people = np.bincount(cell, weights, shape[0] * shape[1]).reshape(shape)
    counts = np.bincount(cell, weights > 0, shape[0] * shape[1]).reshape(shape)
    failing = np.bincount(department, weights * (table["controle"].to_numpy() != 0)) / np.bincount(department, weights)
    known = places()
    return tuple(
        Department(known[code], int(counts[row].max()), dict(zip(dwellings.tolist(), (total[row] / people[row]).tolist(), strict=True)), float(failing[row]))
        for row, code in enumerate(departments.tolist())
        if people[row].all()
    )


def ranked(departments: tuple[Department, ...], dwelling: str) -> list[Department]:
    """Return the departments from the dearest to the cheapest for a dwelling."""
    return sorted(departments, key=lambda department: -department.amounts[dwelling])
