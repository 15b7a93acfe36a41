"""Two laws over the households of a study: the arrays that the tables of a reform's effects are made of.

`Compared` says what a table asks for; `Comparison` gives it of a population that is in memory as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from analysis import disclosure as secrecy
from analysis.effects import Effects, effects
from analysis.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from analysis.groups import Grouping
    from analysis.measures import Measure
    from analysis.study import Outcome, Study

    Floats = NDArray[np.float64]

LEAST_MOVE = 0.5
"""A measure of a household changes where it does by half a euro or more, as for households."""


@dataclass(frozen=True)
class BudgetTotals:
    """Euros by replicate and measure, the last column being levies less benefits; `moved` are households, `is_paid` whether anybody pays or receives it."""

    before: Floats
    after: Floats
    effect: Floats
    moved: Floats
    is_paid: Sequence[bool]


@dataclass(frozen=True)
class Taxed:
    """Tax households by replicate that pay before, enter, leave, pay after; and how many rows of the sample these are."""

    households: Floats
    observations: NDArray[np.int64]


class Compared(Protocol):
    """What tables ask of two laws that are compared."""

    @property
    def disclosure(self) -> bool:
        """Whether cells under statistical secrecy are refused."""

    @property
    def who(self) -> dict[str, Any]:
        """What tells the rows of this comparison from others."""

    @property
    def measures(self) -> Sequence[Measure]:
        """The taxes and benefits compared."""

    @property
    def budget(self) -> BudgetTotals:
        """What is paid and received, before and after."""

    @property
    def budget_cells(self) -> secrecy.Cells:
        """What statistical secrecy asks of the budget's cells."""

    @property
    def taxed(self) -> Taxed | None:
        """Who pays the income tax; None where the population has no tax households."""

    @property
    def inequality(self) -> tuple[Floats, Floats] | None:
        """The indicators of inequality before and after, by replicate; None without living standards."""

    @property
    def is_secret(self) -> bool:
        """Whether too few households are there, or move, to publish anything of all together."""

    def effects(self, grouping: Grouping) -> Effects:
        """Return the effects on groups."""

    def examples(self) -> Iterator[dict[str, Any]]:
        """Give the households that change most."""


@dataclass(frozen=True)
class Comparison:
    """Two laws over the households of a study: what changes from one to the other. `name` is that of the column `comparaison`."""

    study: Study
    name: str
    before: Outcome
    after: Outcome
    disclosure: bool = False

    @cached_property
    def change(self) -> Floats:
        """By how many euros a year each household's income changes."""
        change = self.before.net(self.study.measures) - self.after.net(self.study.measures)
        return np.zeros(self.study.households.count) + change

    @property
    def who(self) -> dict[str, Any]:
        """What tells the rows of this comparison from others."""
        return {"annee": self.study.year, "comparaison": self.name}

    @property
    def measures(self) -> Sequence[Measure]:
        """The taxes and benefits compared."""
        return self.study.measures

    def effects(self, grouping: Grouping) -> Effects:
        """Return the effects on groups."""
        return effects(self.study.replicates, self.change, grouping.codes, len(grouping.labels))

    def examples(self) -> Iterator[dict[str, Any]]:
        """Give the households that change most."""
        return examples(self)

    @cached_property
    def is_secret(self) -> bool:
        """Whether too few households are there, or move, to publish anything of all together."""
        return self.disclosure and bool(secrecy.secrets_of(self.effects(self.study.everybody)).groups[0])

    # Budget

    @property
    def amounts(self) -> tuple[Floats, Floats]:
        """Each household's amounts before and after: a column for each measure, and one for levies less benefits."""
        measures, count = self.study.measures, self.study.households.count
        columns = [[*(outcome.amounts[measure.name] for measure in measures), np.zeros(count) + outcome.net(measures)] for outcome in (self.before, self.after)]
        return np.stack(columns[0], axis=1), np.stack(columns[1], axis=1)

    @property
    def signs(self) -> Floats:
        """1 for levies and for all together, -1 for benefits."""
        return signs_of(self.study.measures)

    @property
    def contents(self) -> Floats:
        """By household what is added up in the budget, the columns side by side: before, after, effect, whether it moved."""
        before, after = self.amounts
        difference = after - before
        return np.concatenate([before, after, difference * self.signs, (np.abs(difference) >= LEAST_MOVE).astype(np.float64)], axis=1)

    @cached_property
    def budget(self) -> BudgetTotals:
        """What is paid and received, before and after."""
        return budget_totals(
            self.study.replicates.totals(self.contents),
            [outside_of(outcome.outside, self.study.measures) for outcome in (self.before, self.after)],
            np.asarray(np.concatenate(self.amounts).any(axis=0)),
            self.signs,
        )

    @property
    def budget_cells(self) -> secrecy.Cells:
        """What statistical secrecy asks of the budget's cells."""
        before, after = self.amounts
        weights = self.study.weights[:, None]
        contents = [np.abs(content) * weights for content in (before, after, after - before)]
        return secrecy.Cells.of(
            np.stack([(content > 0).sum(0) for content in contents], -1),
            np.stack([content.max(0, initial=0.0) for content in contents], -1),
            np.stack([content.sum(0) for content in contents], -1),
        )

    # Tax households and living standards

    @cached_property
    def each_taxed(self) -> NDArray[np.bool_] | None:
        """Whether each tax household pays before, enters, leaves, pays after; None where the population has none."""
        before, after = self.before.tax, self.after.tax
        if before is None or after is None:
            return None
        paid, pays = before > 0, after > 0
        return np.stack([paid, ~paid & pays, paid & ~pays, pays], axis=1)

    @cached_property
    def taxed_by_household(self) -> Floats | None:
        """How many tax households of each household pay before, enter, leave, pay after."""
        each, rule = self.each_taxed, self.study.tax_rule
        if each is None or rule is None:
            return None
        found = [self.study.households.added_up(column, rule.entity.key) for column in each.T]
        known = [column for column in found if column is not None]
        return np.stack(known, axis=1) if len(known) == len(found) else None

    @cached_property
    def taxed(self) -> Taxed | None:
        """Who pays the income tax; None where the population has no tax households."""
        if self.each_taxed is None or self.taxed_by_household is None:
            return None
        return Taxed(self.study.replicates.totals(self.taxed_by_household), self.each_taxed.sum(0))

    @property
    def inequality(self) -> tuple[Floats, Floats] | None:
        """The indicators of inequality before and after, by replicate; None without living standards."""
        if self.before.living_standard is None or self.after.living_standard is None:
            return None
        return self.study.inequality_of(self.before), self.study.inequality_of(self.after)


def signs_of(measures: Sequence[Measure]) -> Floats:
    """Return 1 for each levy, -1 for each benefit, and 1 for all together."""
    return np.array([*(1.0 if measure.is_levy else -1.0 for measure in measures), 1.0])


def outside_of(outside: dict[str, float], measures: Sequence[Measure]) -> Floats:
    """Return the euros of rows in no household: of each measure, and of levies less benefits."""
    amounts = np.array([outside.get(measure.name, 0.0) for measure in measures])
    return np.append(amounts, amounts @ signs_of(measures)[:-1])


def budget_totals(totals: Floats, outside: Sequence[Floats], is_paid: NDArray[np.bool_], signs: Floats) -> BudgetTotals:
    """Return the budget from sums by replicate of `Comparison.contents`, and from what rows in no household pay before and after."""
    before, after, effect, moved = np.split(totals, 4, axis=1)
    paid = is_paid | np.any([amounts != 0 for amounts in outside], axis=0)
    return BudgetTotals(before + outside[0], after + outside[1], effect + (outside[1] - outside[0]) * signs, moved, paid.tolist())
