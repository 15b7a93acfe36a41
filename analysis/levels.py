"""What a law gives by replicate, beside what a reform changes: budget, tax households that pay, inequality.

They are worked out once for each outcome and stay with it: the law in force, and a bill that is amended again and again, cost nothing the next time.
The budget of a law is that of the law in force and what changes, so that what does not change is the same to the last digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.inequality import indicators

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from analysis.study import Outcome, Study

    Floats = NDArray[np.float64]

HALF_A_EURO = 0.5
"""Amounts that change by less stay the same, as for households."""


def budget_of(study: Study, outcome: Outcome) -> Floats:
    """Return the weighted euros of each measure by replicate, and of levies less benefits (replicates + 1, measures + 1), of rows in households."""

    def computed() -> Floats:
        if outcome is study.base:
            amounts = [*(outcome.amounts[measure.name] for measure in study.measures), net_of(study, outcome)]
            return study.replicates.totals(np.stack(amounts, axis=1))
        return budget_of(study, study.base) + changes_of(study, study.base, outcome)[0]

    return _kept(study, outcome, "budget", computed)


def changes_of(study: Study, before: Outcome, after: Outcome) -> tuple[Floats, Floats]:
    """Return by how much a reform changes what `budget_of` gives, and how many households have another amount, in the same form."""
    pairs = [(before.amounts[measure.name], after.amounts[measure.name]) for measure in study.measures]
    differences = [None if first is then or np.array_equal(first, then) else then - first for first, then in pairs]
    if any(each is not None for each in differences):
        differences.append(net_of(study, after) - net_of(study, before))
    changed = [place for place, each in enumerate(differences) if each is not None]
    found = np.zeros((2, len(study.replicates.draws), len(study.measures) + 1))
    columns = [each for each in differences if each is not None]
    if columns:
        moved = [(np.abs(each) >= HALF_A_EURO).astype(np.float64) for each in columns]
        totals = study.replicates.totals(np.stack([*columns, *moved], axis=1))
        found[:, :, changed] = np.stack(np.split(totals, 2, axis=1))
    return found[0], found[1]


def net_of(study: Study, outcome: Outcome) -> Floats:
    """Return each household's levies less its benefits."""
    return _kept(study, outcome, "net", lambda: np.zeros(study.households.count) + outcome.net(study.measures))


def taxed_of(study: Study, outcome: Outcome) -> Floats | None:
    """Return how many tax households pay the income tax by replicate; None where the population has none, or they lie in no household."""
    rule = study.tax_rule
    if outcome.tax is None or rule is None:
        return None
    pays = study.households.added_up(outcome.tax > 0, rule.entity.key)
    return None if pays is None else _kept(study, outcome, "taxed", lambda: study.replicates.totals(pays[:, None])[:, 0])


def inequality_of(study: Study, outcome: Outcome) -> Floats:
    """Return the indicators of inequality by replicate, of an outcome with living standards."""
    standard = outcome.living_standard
    assert standard is not None
    households = study.composition
    return _kept(study, outcome, "inequality", lambda: indicators(study.replicates, standard, np.where(households.is_ordinary, households.persons, 0.0)))


def _kept(study: Study, outcome: Outcome, what: str, compute: Callable[[], Floats]) -> Floats:
    """Return what is known of an outcome; `compute` gives it the first time."""
    key = (what, 0 if what == "net" else study.replicates.count)
    if key not in outcome.told:
        outcome.told[key] = compute()
    return outcome.told[key]
