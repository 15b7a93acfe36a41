"""What one part says of a reform: sums by replicate, and a few columns of each household for what needs all households in order.

`partial_of` is the one function that workers run. It is pure: the same part and task give the same bytes, which `combine` (analysis/streaming/combining.py)
puts together with those of the other parts, in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.cautions import is_without_effect
from analysis.comparison import Comparison
from analysis.effects import THRESHOLD
from analysis.examples import LOSER, SHOWN, WINNER, rows_of
from analysis.impact import steps
from analysis.measures import catalogue
from analysis.replicates import draws_of
from analysis.streaming import exact
from analysis.streaming.exact import Sums
from analysis.streaming.packing import packed
from analysis.study import Study
from engine.errors import DataError
from population.partitions.beyond import check_rows
from population.partitions.cutting import pieces
from population.partitions.memory import apart, give_back
from population.partitions.reading import named, read_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from analysis.streaming.task import Task
    from analysis.study import Outcome
    from engine.legislation import Legislation
    from population.columns import Columns
    from population.partitions.parts import Part

    Floats = NDArray[np.float64]

BUDGET_CONTENTS: Final = 4  # before, after, effect, moved
TAXED_CONTENTS: Final = 4  # before, enter, leave, after


def partial_of(part: Part, task: Task) -> bytes:
    """Return what a part says of a task's reform, for `combine`.

    Raises TableError for files that cannot be read, CalculationError that names the variable for a law that looks beyond the part.
    """
    laws = task.laws()
    columns = read_part(part, laws[0], task.year)
    if task.facts is None:
        raise DataError("The task lacks what is known of the whole population: expected one of `analysis.streaming.facts.prepared`.")
    if not task.facts.names_are_unique:
        columns = named(columns, part.name, always=True)
    shared = [entity for entity, _ in part.shared]
    saying = Saying(part.name, task, laws)
    with apart(), threadpool_limits(limits=1, user_api="blas"):  # its threads would wait for those of the law, or for other processes
        for piece in pieces(columns, laws[0], shared, task.facts.unit, task.rows):
            saying.add(piece, shared)
            give_back()
    return saying.packed()


class Saying:
    """Collects what the pieces of a part say."""

    def __init__(self, part: str, task: Task, laws: Sequence[Legislation]) -> None:
        assert task.facts is not None
        self._task, self._laws, self._facts = task, laws, task.facts
        self._measures = catalogue().of_law(laws[0])
        self._steps = list(steps(len(laws) - 1))
        of, count = len(self._steps), task.replicates + 1
        columns = BUDGET_CONTENTS * (len(self._measures) + 1)
        self._weights, self._others = Sums.nothing(count, 1), Sums.nothing(1, 1)
        self._budget, self._taxed = Sums.nothing(of, count, columns), Sums.nothing(of, count, TAXED_CONTENTS)
        self._outside = Sums.nothing(len(laws), len(self._measures))
        self._taxed_rows = np.zeros((of, TAXED_CONTENTS), np.int64)
        self._cells = {name: np.zeros((of, len(self._measures) + 1, 3)) for name in ("observations", "largest", "absolute")}
        self._is_paid = np.zeros((of, len(self._measures) + 1), np.bool_)
        self._rows: list[dict[str, NDArray[Any]]] = []
        self._texts = _Texts()
        self._told: dict[str, Any] = {
            "part": part,
            "task": task.words,
            "measured": [],
            "refused": {},
            "left_out": {},
            "all_ordinary": True,
            "without_effect": True,
            "has_tax": False,
            "groupings": [],
            "examples": [[] for _ in self._steps],
        }

    def add(self, columns: Columns, shared: Sequence[str]) -> None:
        """Add what a piece says."""
        task, facts = self._task, self._facts
        if not columns.counts.get(facts.unit):
            raise DataError(f"{self._told['part']}: there is no row of `{facts.unit}` that the others belong to: expected a household at least.")
        study = Study(columns, task.year, law=self._laws[0], unit=facts.unit, replicates=0, seed=task.seed, name=task.name, threads=task.threads)
        study.as_part(facts.roles, facts.varying)
        outcomes = [study.base, *(study.outcome(law) for law in self._laws[1:])]
        for law in self._laws:
            check_rows(study.under(law), study.asked, shared)
        comparisons = [Comparison(study, name, outcomes[before], outcomes[after]) for name, before, after in self._steps]
        draws = draws_of(study.keys, task.seed, range(task.replicates + 1))
        weights = study.weights[:, None]
        self._weights.add(exact.totals(draws, weights))
        self._others.add(exact.one(study.weights[~study.composition.is_ordinary]))
        for position, comparison in enumerate(comparisons):
            self._add_comparison(position, comparison, draws)
        for position, outcome in enumerate(outcomes):
            for place, measure in enumerate(self._measures):
                self._outside.levels[:, position, place] += exact.one(outcome.outside.get(measure.name, 0.0))[:, 0, 0]
        self._tell(study, outcomes)
        self._rows.append(self._texts.added(study, _columns(study, outcomes, comparisons)))

    def _add_comparison(self, position: int, comparison: Comparison, draws: NDArray[np.uint8]) -> None:
        study, told = comparison.study, self._told
        place = [*(self._measures.index(measure) for measure in study.measures), len(self._measures)]
        there = np.concatenate([np.array(place) + content * (len(self._measures) + 1) for content in range(BUDGET_CONTENTS)])
        weights = study.weights[:, None]
        self._budget.levels[:, position][:, :, there] += exact.totals(draws, comparison.contents * weights)
        self._is_paid[position, place] |= np.asarray(np.concatenate(comparison.amounts).any(axis=0))
        cells = comparison.budget_cells
        self._cells["observations"][position, place] += cells.observations
        self._cells["absolute"][position, place] += cells.absolute
        self._cells["largest"][position, place] = np.maximum(self._cells["largest"][position, place], cells.largest)
        by_household, each = comparison.taxed_by_household, comparison.each_taxed
        if by_household is not None and each is not None:
            told["has_tax"] = True
            self._taxed.levels[:, position] += exact.totals(draws, by_household * weights)
            self._taxed_rows[position] += each.sum(0)
        told["examples"][position] = first_examples([*told["examples"][position], *_examples(comparison)])

    def _tell(self, study: Study, outcomes: Sequence[Outcome]) -> None:
        told = self._told
        told["measured"] = [each.name for each in self._measures if each.name in told["measured"] or each in study.measures]
        told["all_ordinary"] &= bool(study.composition.is_ordinary.all())
        told["without_effect"] &= is_without_effect(outcomes[0], outcomes[-1], study)
        for name, count in outcomes[0].refused.items():
            told["refused"][name] = told["refused"].get(name, 0) + count
        for entity in {study.law.variable(measure.plus[0]).entity.key for measure in study.measures}:
            told["left_out"][entity] = told["left_out"].get(entity, 0) + study.households.left_out(entity)

    def packed(self) -> bytes:
        """Return what all pieces said."""
        arrays: dict[str, NDArray[Any]] = {f"sums/{name}": exact.carried(sums.levels) for name, sums in self._sums()}
        arrays |= {f"cells/{name}": array for name, array in self._cells.items()}
        arrays |= {"taxed_rows": self._taxed_rows, "is_paid": self._is_paid}
        names = dict.fromkeys(name for rows in self._rows for name in rows)
        arrays |= {f"rows/{name}": np.concatenate([rows[name] for rows in self._rows]) for name in names}
        return packed({**self._told, "groupings": self._texts.told}, arrays)

    def _sums(self) -> Iterator[tuple[str, Sums]]:
        yield from {"weights": self._weights, "others": self._others, "budget": self._budget, "taxed": self._taxed, "outside": self._outside}.items()


class _Texts:
    """Groups by name over several pieces: each piece numbers those that it has."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def added(self, study: Study, rows: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Return the columns with the group of each household, as numbered in what is told."""
        for grouping in study.composition.groupings_by_row:
            known = next((each for each in self.told if each["name"] == grouping.name), None)
            if known is None:
                known = {"name": grouping.name, "title": grouping.title, "labels": [], "members": list(grouping.members)}
                self.told.append(known)
            known["labels"] += [label for label in grouping.labels if label not in known["labels"]]
            places = np.array([*(known["labels"].index(label) for label in grouping.labels), -1], np.int16)
            rows[f"group/{grouping.name}"] = places[grouping.codes]
        return rows


def _columns(study: Study, outcomes: Sequence[Outcome], comparisons: Sequence[Comparison]) -> dict[str, NDArray[Any]]:
    """Return of each household what needs all of them in order."""
    found: dict[str, NDArray[Any]] = {
        "key": study.keys,
        "weight": study.weights,
        "persons": np.asarray(study.composition.persons, np.float64),
        "ordinary": study.composition.is_ordinary,
    }
    if study.composition.reference_income is not None:
        found["income"] = study.composition.reference_income
    for position, outcome in enumerate(outcomes):
        if outcome.living_standard is not None:
            found[f"standard/{position}"] = np.asarray(outcome.living_standard, np.float64)
    for position, comparison in enumerate(comparisons):
        found[f"change/{position}"] = comparison.change
    return found


def _examples(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Give the households of a piece that change most, with what orders them among those of all parts."""
    study = comparison.study
    change = np.where(study.weights > 0, comparison.change, 0.0)
    order = np.lexsort((study.keys, change))
    for sense, chosen in ((LOSER, order[:SHOWN]), (WINNER, order[::-1][:SHOWN])):
        rows = [row for row in chosen.tolist() if (change[row] <= -THRESHOLD if sense == LOSER else change[row] >= THRESHOLD)]
        for row, said in zip(rows, rows_of(comparison, sense, rows), strict=True):
            yield {"order": [float(change[row]), int(study.keys[row])], **said}


def first_examples(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first losers and winners of several parts, each with its rank."""
    losers = sorted((each for each in found if each["sens"] == LOSER), key=lambda each: each["order"])[:SHOWN]
    winners = sorted((each for each in found if each["sens"] == WINNER), key=lambda each: each["order"], reverse=True)[:SHOWN]
    return [{**each, "rang": rank} for of_sense in (losers, winners) for rank, each in enumerate(of_sense, 1)]
