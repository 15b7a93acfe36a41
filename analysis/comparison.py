"""Two laws over the households of a study: the arrays that the tables of a reform's effects are made of.

`Compared` says what a table asks for; `Comparison` gives it of a population that is in memory as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from analysis import disclosure as secrecy
from analysis import levels
from analysis.effects import Effects, effects, moving_rows
from analysis.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from analysis.groups import Grouping
    from analysis.measures import Measure
    from analysis.study import Outcome, Study

    Floats = NDArray[np.float64]


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
    known_effects: dict[str, Effects] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def change(self) -> Floats:
        """By how many euros a year each household's income changes."""
        return levels.net_of(self.study, self.before) - levels.net_of(self.study, self.after)

    @cached_property
    def moving(self) -> NDArray[np.int64]:
        """The households whose income changes at all, by their change."""
        return moving_rows(self.change)

    def as_before(self, known: Comparison | None) -> Comparison:
        """Return this comparison, or that of the same outcomes, replicates and secrecy that was made before, under the name of this one."""
        is_same = known is not None and (known.study.replicates.count, known.disclosure) == (self.study.replicates.count, self.disclosure)
        return replace(known, name=self.name) if known is not None and is_same else self

    @property
    def who(self) -> dict[str, Any]:
        """What tells the rows of this comparison from others."""
        return {"annee": self.study.year, "comparaison": self.name}

    @property
    def measures(self) -> Sequence[Measure]:
        """The taxes and benefits compared."""
        return self.study.measures

    def effects(self, grouping: Grouping) -> Effects:
        """Return the effects on groups; they are kept by the grouping's name."""
        if grouping.name not in self.known_effects:
            everybody = self.study.households_of(grouping)
            found = effects(self.study.replicates, self.change, grouping.codes, len(grouping.labels), moving=self.moving, everybody=everybody)
            self.known_effects[grouping.name] = found
        return self.known_effects[grouping.name]

    def examples(self) -> Iterator[dict[str, Any]]:
        """Give the households that change most."""
        return examples(self)

    @cached_property
    def is_secret(self) -> bool:
        """Whether too few households are there, or move, to publish anything of all together."""
        return self.disclosure and bool(secrecy.secrets_of(self.effects(self.study.composition.everybody)).groups[0])

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
        return np.concatenate([before, after, difference * self.signs, (np.abs(difference) >= levels.HALF_A_EURO).astype(np.float64)], axis=1)

    @cached_property
    def budget(self) -> BudgetTotals:
        """What is paid and received, before and after."""
        study, outcomes = self.study, (self.before, self.after)
        outside = [outside_of(outcome.outside, study.measures) for outcome in outcomes]
        before, after = (levels.budget_of(study, outcome) for outcome in outcomes)
        change, moved = levels.changes_of(study, *outcomes)
        paid = [any(bool(outcome.amounts[measure.name].any()) for outcome in outcomes) for measure in study.measures]
        totals = np.concatenate([before, after, change * self.signs, moved], axis=1)
        return budget_totals(totals, outside, np.array([*paid, True]), self.signs)

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
        paid = levels.taxed_of(self.study, self.before)
        assert paid is not None
        entering, leaving = self.study.replicates.totals(self.taxed_by_household[:, 1:3]).T
        return Taxed(np.stack([paid, entering, leaving, paid + entering - leaving], axis=1), self.each_taxed.sum(0))

    @property
    def inequality(self) -> tuple[Floats, Floats] | None:
        """The indicators of inequality before and after, by replicate; None without living standards."""
        if self.before.living_standard is None or self.after.living_standard is None:
            return None
        return levels.inequality_of(self.study, self.before), levels.inequality_of(self.study, self.after)


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
