"""The households that a reform changes most, told so that a reader sees them: who they are, what they pay, what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.amounts import euros
from analysis.effects import THRESHOLD
from analysis.tables import COUNT, EUROS, EUROS_PER_UNIT, HOUSEHOLDS, WHO, Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.comparison import Comparison

SHOWN = 5
LOSER, WINNER = "perdant", "gagnant"
EXAMPLES = (
    *WHO,
    Column("sens", "Sens"),
    Column("rang", "Rang", COUNT),
    Column("menage", "Ménage"),
    Column("revenu_fiscal", "Revenu fiscal de référence", EUROS),
    Column("niveau_de_vie", "Niveau de vie avant", EUROS_PER_UNIT),
    Column("effet", "Effet sur le revenu annuel", EUROS),
    Column("detail", "Ce qui change"),
    Column("represente", "Ménages représentés", HOUSEHOLDS),
)
DESCRIBING = ("types_de_famille", "statuts_occupation", "departements")


def examples(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Give the largest losers and winners; none where statistical secrecy is asked for, for each is one observation."""
    if comparison.disclosure:
        return
    change = np.where(comparison.study.weights > 0, comparison.change, 0.0)
    order = np.lexsort((comparison.study.keys, change))  # of equal changes, whatever the order of rows
    yield from rows_of(comparison, LOSER, [row for row in order[:SHOWN].tolist() if change[row] <= -THRESHOLD])
    yield from rows_of(comparison, WINNER, [row for row in order[::-1][:SHOWN].tolist() if change[row] >= THRESHOLD])


def rows_of(comparison: Comparison, sense: str, rows: list[int]) -> Iterator[dict[str, Any]]:
    """Give what is told of some households, the first of them first."""
    study = comparison.study
    for rank, row in enumerate(rows, 1):
        income, standard = study.composition.reference_income, comparison.before.living_standard
        yield {
            **comparison.who,
            "sens": sense,
            "rang": rank,
            "menage": _told(comparison, row),
            "revenu_fiscal": None if income is None else float(income[row]),
            "niveau_de_vie": None if standard is None else float(standard[row]),
            "effet": float(comparison.change[row]),
            "detail": " ; ".join(_details(comparison, row)),
            "represente": float(study.weights[row]),
        }


def _told(comparison: Comparison, row: int) -> str:
    study = comparison.study
    known = {grouping.name: grouping for grouping in study.composition.groupings_by_row}
    said = [known[name].labels[known[name].codes[row]] for name in DESCRIBING if name in known and known[name].codes[row] >= 0]
    age = study.composition.age_of_reference
    if age is not None and age[row] > 0:
        said.insert(1, f"{age[row]} ans")
    return ", ".join(said)


def _details(comparison: Comparison, row: int) -> Iterator[str]:
    for measure in comparison.study.measures:
        before, after = (float(outcome.amounts[measure.name][row]) for outcome in (comparison.before, comparison.after))
        if abs(after - before) >= THRESHOLD:
            yield f"{measure.label} : {euros(before)} → {euros(after)}"
