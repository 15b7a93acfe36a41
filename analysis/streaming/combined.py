"""All parts of a population put together: sums and counts, and what tables ask of two laws compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import disclosure as secrecy
from analysis import groups
from analysis.comparison import BudgetTotals, Taxed, budget_totals, outside_of, signs_of
from analysis.groups import Grouping
from analysis.impact import steps
from analysis.measures import catalogue
from analysis.streaming import exact
from analysis.streaming.buckets import sample_of
from analysis.streaming.exact import Sums
from analysis.streaming.ordered import Drawing, grid
from analysis.streaming.partial import BUDGET_CONTENTS, TAXED_CONTENTS, first_examples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.effects import Effects
    from analysis.measures import Measure
    from analysis.streaming.packing import Packed
    from analysis.streaming.task import Task

    Floats = NDArray[np.float64]

EVERYBODY = "tous"
INCOME = "income"
STANDARD = "standard"
CHANGE = "change"
_NOBODY = np.zeros(0, np.int64)


@dataclass
class Said:
    """What parts tell beside sums: names, counts, groups, examples."""

    measured: set[str] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    all_ordinary: bool = True
    without_effect: bool = True
    has_tax: bool = False
    households: int = 0
    groupings: dict[str, dict[str, Any]] = field(default_factory=dict)
    examples: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, part: Packed) -> None:
        """Add what a part tells."""
        told = part.told
        self.measured.update(told["measured"])
        for known, more in ((self.refused, told["refused"]), (self.left_out, told["left_out"])):
            for name, count in more.items():
                known[name] = known.get(name, 0) + count
        self.all_ordinary &= told["all_ordinary"]
        self.without_effect &= told["without_effect"]
        self.has_tax |= told["has_tax"]
        self.households += len(part["rows/key"])
        for grouping in told["groupings"]:
            labels = self.groupings.setdefault(grouping["name"], {**grouping, "labels": []})["labels"]
            labels += [label for label in grouping["labels"] if label not in labels]
        for position, found in enumerate(told["examples"]):
            self.examples[position] = first_examples([*self.examples.get(position, ()), *found])


class Combined:
    """What all parts say. `deciles` (where each begins, by grouping) and `inequality` (by law) are found by the first pass, `effects` by the second."""

    def __init__(self, task: Task, parts: Iterable[Packed]) -> None:
        assert task.facts is not None
        self.task, self.unit, self.told = task, task.facts.unit, Said()
        laws = task.laws()
        self.law = laws[0]
        self.catalogue = catalogue().of_law(self.law)
        self.steps = list(steps(len(laws) - 1))
        of, count, columns = len(self.steps), task.replicates + 1, BUDGET_CONTENTS * (len(self.catalogue) + 1)
        self._sums = {
            "weights": Sums.nothing(count, 1),
            "others": Sums.nothing(1, 1),
            "budget": Sums.nothing(of, count, columns),
            "taxed": Sums.nothing(of, count, TAXED_CONTENTS),
            "outside": Sums.nothing(len(laws), len(self.catalogue)),
        }
        self._people = Sums.nothing(1, 1)
        self._taxed_rows = np.zeros((of, TAXED_CONTENTS), np.int64)
        self._is_paid = np.zeros((of, len(self.catalogue) + 1), np.bool_)
        self._cells = {name: np.zeros((of, len(self.catalogue) + 1, 3)) for name in ("observations", "largest", "absolute")}
        self.samples: dict[str, Floats] = {}
        self.deciles: dict[str, Floats] = {}
        self.inequality: dict[int, Floats] = {}
        self.effects: Mapping[tuple[int, str], Effects] = {}
        for part in parts:
            self._add(part)

    def _add(self, part: Packed) -> None:
        self.told.add(part)
        for name, sums in self._sums.items():
            sums.add(part[f"sums/{name}"])
        self._people.add(exact.one(people_of(part)))
        self._taxed_rows += part["taxed_rows"]
        self._is_paid |= part["is_paid"]
        for name, cells in self._cells.items():
            self._cells[name] = np.maximum(cells, part[f"cells/{name}"]) if name == "largest" else cells + part[f"cells/{name}"]
        for name in part.names:
            kind = name.removeprefix("rows/").partition("/")[0]
            if kind in (INCOME, STANDARD):
                self._sample(name.removeprefix("rows/"), part[name])
            elif kind == CHANGE:
                self._sample(name.removeprefix("rows/"), part[name][part[name] != 0])

    def _sample(self, name: str, values: Floats) -> None:
        self.samples[name] = np.concatenate([self.samples.get(name, np.zeros(0)), sample_of(values)])

    # Weights

    @cached_property
    def factors(self) -> Floats:
        """What brings the weights of each replicate back to their total."""
        totals = self._sums["weights"].values[:, 0]
        return np.asarray(np.divide(totals[0], totals, out=np.ones(len(totals)), where=totals > 0))

    @property
    def drawing(self) -> Drawing:
        """Who is drawn in which replicate."""
        return Drawing(self.task.seed, self.task.replicates)

    @cached_property
    def unit_of_weights(self) -> float:
        """Of what weights are whole multiples where households are put in order."""
        return grid(max(float(self._people.values[0, 0]), float(self._sums["weights"].values[0, 0])))

    @property
    def others(self) -> float:
        """How much households weigh that are not ordinary ones."""
        return float(self._sums["others"].values[0, 0])

    # Groups

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that the population tells."""
        return tuple(measure for measure in self.catalogue if measure.name in self.told.measured)

    @cached_property
    def groupings(self) -> tuple[Grouping, ...]:
        """The groups by which effects are told; households' own groups are not held."""
        found = [groups.all_together(0)]
        found += [Grouping(name, title, groups.DECILES, _NOBODY) for name, title in (groups.BY_INCOME, groups.BY_STANDARD) if name in self.deciles]
        return (*found, *(Grouping(each["name"], each["title"], _ordered_labels(each), _NOBODY) for each in self.told.groupings.values()))

    @property
    def everybody(self) -> Grouping:
        """Ordinary households and others."""
        labels = ("Ménages ordinaires",) if self.told.all_ordinary else ("Ménages ordinaires", "Autres ménages")
        return Grouping(EVERYBODY, "Tous les ménages", labels, _NOBODY)

    # What tables ask

    def budget(self, position: int) -> BudgetTotals:
        """Return the budget of a comparison."""
        place = self._places
        there = np.concatenate([place + content * (len(self.catalogue) + 1) for content in range(BUDGET_CONTENTS)])
        totals = self._sums["budget"].values[position][:, there] * self.factors[:, None]
        _, before, after = self.steps[position]
        euros = self._sums["outside"].values
        outside = [outside_of({each.name: float(euros[law, row]) for row, each in enumerate(self.catalogue)}, self.measures) for law in (before, after)]
        return budget_totals(totals, outside, self._is_paid[position, place], signs_of(self.measures))

    def budget_cells(self, position: int) -> secrecy.Cells:
        """Return what statistical secrecy asks of the budget's cells."""
        return secrecy.Cells.of(*(self._cells[name][position, self._places] for name in ("observations", "largest", "absolute")))

    def taxed(self, position: int) -> Taxed | None:
        """Return who pays the income tax; None where the population has no tax households."""
        if not self.told.has_tax:
            return None
        return Taxed(self._sums["taxed"].values[position] * self.factors[:, None], self._taxed_rows[position])

    @property
    def _places(self) -> NDArray[np.int64]:
        """Where the measures told of stand among those of the law, and all together after them."""
        return np.array([*(row for row, each in enumerate(self.catalogue) if each.name in self.told.measured), len(self.catalogue)])


@dataclass(frozen=True)
class Compares:
    """Two laws compared over all parts, by the number of the comparison: what `analysis.comparison.Compared` asks."""

    combined: Combined
    position: int
    name: str

    @property
    def disclosure(self) -> bool:
        """Whether cells under statistical secrecy are refused."""
        return self.combined.task.disclosure

    @property
    def who(self) -> dict[str, Any]:
        """What tells the rows of this comparison from others."""
        return {"annee": self.combined.task.year, "comparaison": self.name}

    @property
    def measures(self) -> Sequence[Measure]:
        """The taxes and benefits compared."""
        return self.combined.measures

    @cached_property
    def budget(self) -> BudgetTotals:
        """What is paid and received, before and after."""
        return self.combined.budget(self.position)

    @property
    def budget_cells(self) -> secrecy.Cells:
        """What statistical secrecy asks of the budget's cells."""
        return self.combined.budget_cells(self.position)

    @property
    def taxed(self) -> Taxed | None:
        """Who pays the income tax; None where the population has no tax households."""
        return self.combined.taxed(self.position)

    @property
    def inequality(self) -> tuple[Floats, Floats] | None:
        """The indicators of inequality before and after, by replicate; None without living standards."""
        _, before, after = self.combined.steps[self.position]
        found = self.combined.inequality
        return (found[before], found[after]) if before in found and after in found else None

    @property
    def is_secret(self) -> bool:
        """Whether too few households are there, or move, to publish anything of all together."""
        return self.disclosure and bool(secrecy.secrets_of(self.effects(self.combined.everybody)).groups[0])

    def effects(self, grouping: Grouping) -> Effects:
        """Return the effects on groups."""
        return self.combined.effects[self.position, grouping.name]

    def examples(self) -> Iterator[dict[str, Any]]:
        """Give the households that change most."""
        if not self.disclosure:
            yield from ({**self.who, **each} for each in self.combined.told.examples[self.position])


def people_of(part: Packed) -> Floats:
    """Return how many persons each household of a part stands for; none where it is no ordinary one."""
    return np.asarray(part["rows/weight"] * part["rows/persons"] * part["rows/ordinary"])


def _ordered_labels(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the labels of all parts in the order in which one table would have them."""
    known = told["labels"]
    return tuple(label for label in told["members"] if label in known) if told["members"] else tuple(sorted(known))
