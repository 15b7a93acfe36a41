"""The slope of a budget by every figure of the law at once, exact: derivatives along the graph, of a law whose figures move.

The population is taken part by part. In each, all figures move together along one direction drawn by lot, to both sides. Where a household's
results leave at the same rate to the right and to the left, and do not jump, it stands at no edge of any figure, and one pass from the
results down tells its slopes. Elsewhere two passes, one a side, tell which figures meet at its edge: these move alone, in copies of the
household. Figures of nothing (the first threshold of a scale) have a right side only; they move apart from the others, for many households
have an income of nothing and would stand at their edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.curve_causes import owners_of
from analysis.measures import periods_of
from analysis.some_households import SomeHouseholds
from engine.errors import CalculationError
from engine.figure_slopes import FigureDerivatives, MovingLaw, compared_figures
from engine.graph.nodes import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from analysis.outputs import Output
    from analysis.study import Study
    from engine.figure_slopes import Slopes
    from engine.graph.derivatives import Moved
    from engine.graph.moving_figures import Figure
    from engine.graph.nodes import Node
    from engine.simulation import Simulation
    from engine.traces import Key

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Rows = np.ndarray[Any, np.dtype[np.int64]]

MOST_CELLS: Final = 36_000_000
"""Values that a part of the population may hold at once: about a gigabyte and a half with the rates of both sides."""
FEWEST_ROWS, MOST_ROWS = 500, 12_500
"""Rows of the entity of which a part has most; copies of households at an edge, whose nodes are not kept, are run by the latter."""
RATE, JUMP = 1e-7, 1e-6
GAP: Final = 1e-6


@dataclass(frozen=True)
class ExactSlope:
    """What a result moves by per unit of a figure, towards less and towards more; `jump`: by how much at once, for those who stand at a step."""

    left: float | None
    right: float
    jump: float


@dataclass(frozen=True)
class ExactSlopes:
    """The slopes by figure; `unknown` ones have none along the graph. `at_edges`: how many households stand at an edge, observed and weighted.

    `compared_by`: the variables that compare a figure, by itself, with something else: where the law may have a step, and no slope.
    """

    by_figure: dict[Figure, ExactSlope]
    unknown: frozenset[Figure]
    at_edges: int
    at_edges_weighted: float
    compared_by: dict[Figure, tuple[str, ...]]


def exact_slopes(results: Output, figures: Mapping[Figure, float], watch: Callable[[int, int], None] | None = None) -> ExactSlopes:
    """Return the slopes of a budget by figures of the law, given with their values. Raises CalculationError where the graph does not tell them."""
    return _Run(results, figures).found(watch)


class _Run:
    """One law, one budget, and the figures that move."""

    def __init__(self, results: Output, figures: Mapping[Figure, float]) -> None:
        self.study: Study = results.study
        self.results = results
        self.figures = list(figures)
        self.moving = MovingLaw.of(results.base_law, figures)
        self.weights = _weights_of_rows(results)
        draw = np.random.default_rng(1)
        signs = {figure: draw.choice((-1.0, 1.0)) if value else 1.0 for figure, value in figures.items()}
        sizes = {figure: (abs(value) or 1e-3) * signs[figure] * draw.uniform(0.5, 1.5) for figure, value in figures.items()}
        self.direction = {figure: size for figure, size in sizes.items() if figures[figure]}
        self.from_nothing = {figure: size for figure, size in sizes.items() if not figures[figure]}
        self.whole = SomeHouseholds.all_of(self.study)
        counts = [np.bincount(own[own >= 0], minlength=len(self.whole.weights)) for own in self.whole.household.values()]
        self.rows = np.max(counts, axis=0)  # of each household, in the entity of which it has most
        self.total: dict[Figure, float] = dict.fromkeys(figures, 0.0)
        self.beside = {figure: np.zeros(3) for figure in figures}  # left, right and jump of those at an edge
        self.alone: list[tuple[Figure, Rows]] = []  # figures that households meet, and which households: they wait for their copies
        self.unknown: set[Figure] = set()
        self.at_edges: list[int] = []
        self.compared_by: dict[Figure, tuple[str, ...]] = {}

    def found(self, watch: Callable[[int, int], None] | None) -> ExactSlopes:
        parts = list(self._parts())
        for number, part in enumerate(parts):
            self._add(part)
            if number + 1 == len(parts) or sum(int(self.rows[some].sum()) for _, some in self.alone) >= MOST_ROWS:
                self._try_alone()
            if watch is not None:
                watch(number + 1, len(parts))
        unknown = frozenset(self.unknown | self.moving.lost)
        slopes = {}
        for figure in self.figures:
            left, right, jump = (self.beside[figure] + np.array([self.total[figure], self.total[figure], 0.0])).tolist()
            slopes[figure] = ExactSlope(None if figure in self.from_nothing else left, right, jump)
        rows = np.array(self.at_edges, dtype=np.int64)
        known = {figure: slope for figure, slope in slopes.items() if figure not in unknown}
        return ExactSlopes(known, unknown, len(rows), float(self.whole.weights[rows].sum()), self.compared_by)

    def _parts(self) -> Iterator[SomeHouseholds]:
        """Yield parts of the population that fit in memory, and what lies in no household."""
        count = len(self.whole.weights)
        few = self.whole.taken(np.arange(min(count, 100))).simulation(self.moving.law)
        targets = [node for _, node in self._targets(few)]
        nodes = len(in_order(targets))
        self.compared_by = self._compared(few, targets)
        size = int(np.clip(MOST_CELLS / max(1, nodes), FEWEST_ROWS, MOST_ROWS))
        for some in self._cut(np.arange(count), size):
            yield self.whole.taken(some)
        outside = self.whole.outside
        if outside is not None:
            yield outside

    def _cut(self, households: Rows, size: int) -> list[Rows]:
        """Cut households into parts of about so many rows: large families may stand one beside the other."""
        rows = np.cumsum(self.rows[households])
        return np.split(households, np.flatnonzero(np.diff((rows - 1) // size)) + 1) if len(households) else []

    def _compared(self, simulation: Simulation, targets: Sequence[Node]) -> dict[Figure, tuple[str, ...]]:
        """Return the variables in whose formula figures are compared, those that the formula itself reads."""
        owners = owners_of(simulation, self.weights)
        found: dict[Figure, dict[str, None]] = {}
        for number, figures in compared_figures(targets, self.moving).items():
            key = owners.get(number)
            if key is not None:
                read = [each.name.split("[", 1)[0] for each in simulation.traced_aside(*key).figures]
                for figure in figures:
                    if any(figure[0].startswith(name) for name in read):
                        found.setdefault(figure, {})[key[0]] = None
        return {figure: tuple(names) for figure, names in found.items()}

    def _targets(self, simulation: Simulation) -> list[tuple[Key, Node]]:
        return [(key, simulation.node(*key)) for key in self.weights]

    def _add(self, part: SomeHouseholds) -> None:
        """Add the slopes of a part of the population."""
        simulation = part.simulation(self.moving.law)
        targets = self._targets(simulation)
        nodes = [node for _, node in targets]
        derivatives = FigureDerivatives(simulation, self.moving)
        moved = derivatives.carry(nodes, lambda figure, _: self.direction.get(figure, 0.0), keep=True)
        edge, jumps = self._at_edge(part, targets, moved)
        self._pass_down(derivatives, moved, self._seeds(part, targets, ~edge), targets, self.direction)
        if edge.any():
            self.at_edges += part.rows[self.study.households.unit][edge].tolist()
            seeds = self._seeds(part, targets, edge)
            right, left = (derivatives.slopes(nodes, moved, seeds, left=side) for side in (False, True))
            meeting = derivatives.meeting(nodes, moved) if jumps.any() else right
            self._beside(part, right, left, (jumps, meeting))
        del moved
        if self.from_nothing:
            moved = derivatives.carry(nodes, lambda figure, _: self.from_nothing.get(figure, 0.0), keep=True)
            self._pass_down(derivatives, moved, self._seeds(part, targets, np.ones_like(edge)), targets, self.from_nothing)

    def _seeds(self, part: SomeHouseholds, targets: Sequence[tuple[Key, Node]], chosen: Any) -> dict[int, Floats]:
        """Return the weights of the results' rows, by node: those of some of the households, and of what lies in none."""
        seeds: dict[int, Floats] = {}
        for key, node in targets:
            own = part.household[self._entity(key)]
            weights = self._weights(part, key)
            if len(chosen):
                weights = np.where((own < 0) | chosen[own], weights, 0.0)
            seeds[node.number] = seeds[node.number] + weights if node.number in seeds else weights
        return seeds

    def _pass_down(
        self, derivatives: FigureDerivatives, moved: Moved, seeds: Mapping[int, Floats], targets: Sequence[tuple[Key, Node]], direction: Mapping[Figure, float]
    ) -> None:
        slopes = derivatives.slopes([node for _, node in targets], moved, seeds)
        self.unknown |= slopes.unknown
        own = {figure: slopes.total(figure) for figure in slopes.by_row if figure in direction}
        for figure, slope in own.items():
            self.total[figure] += slope
        reached = sum(float(_rate(moved, number, weights) @ weights) for number, weights in seeds.items())
        self._check({figure: direction[figure] * slope for figure, slope in own.items()}, reached)

    def _check(self, told: Mapping[Figure, float], reached: float) -> None:
        """Compare what the pass down tells with what the direction gave: both are the same derivative."""
        if not self.unknown and not self.moving.lost and abs(sum(told.values()) - reached) > GAP * max(1.0, sum(map(abs, told.values()))):
            raise CalculationError(f"The slopes of the law's figures do not add up along the graph: {sum(told.values()):.6g}, expected {reached:.6g}.")

    def _at_edge(self, part: SomeHouseholds, targets: Sequence[tuple[Key, Node]], moved: Moved) -> tuple[Any, Any]:
        """Return which households stand at an edge of some figure, and whose results jump there."""
        bends, jumps = (np.zeros(len(part.weights), dtype=bool) for _ in range(2))
        for key, node in targets:
            own = part.household[self._entity(key)]
            counts = (own >= 0) & (self._weights(part, key) != 0)
            left, right, jump = _leaving(moved, node.number)
            apart = ~(np.abs(np.subtract(right, left)) <= RATE * np.maximum(1.0, np.abs(right)))
            bends[own[np.flatnonzero(apart & counts)]] = True
            jumps[own[np.flatnonzero((np.abs(jump) > JUMP) & counts)]] = True
        return bends | jumps, jumps

    # Households at an edge

    def _beside(self, part: SomeHouseholds, right: Slopes, left: Slopes, jumping: tuple[Any, Slopes]) -> None:
        """Add the slopes of households at an edge: of figures that do not meet there as they are; the others wait for copies in which each moves alone."""
        households = part.rows[self.study.households.unit]
        for figure in self.direction:
            meets = jumping[0] & _households_with(part, jumping[1].by_row.get(figure, {}))
            known = (right.by_row.get(figure, {}), left.by_row.get(figure, {}))
            for entity in {*known[0], *known[1]}:
                one, other = (np.asarray(each.get(entity, 0.0), dtype=np.float64) for each in known)
                own = part.household.get(entity)
                differs = np.flatnonzero(~(np.abs(one - other) <= RATE * np.maximum(np.abs(one), np.abs(other))))
                if own is not None:
                    meets[own[differs][own[differs] >= 0]] = True
            for entity, rows in known[0].items():
                own = part.household.get(entity)
                self.total[figure] += float(rows.sum() if own is None else rows[(own < 0) | ~meets[own]].sum())
            if meets.any():
                self.alone.append((figure, households[meets]))

    def _try_alone(self) -> None:
        """Add the slopes of households in copies, each with the one figure that moves in it: those of many parts at once."""
        pairs, self.alone = self.alone, []
        if not pairs:
            return
        figures = np.concatenate([np.full(len(rows), number) for number, (_, rows) in enumerate(pairs)])
        households = np.concatenate([rows for _, rows in pairs])
        start = 0
        for each in self._cut(households, MOST_ROWS):
            some = slice(start, start + len(each))
            start += len(each)
            moving = list(dict.fromkeys(pairs[number][0] for number in figures[some]))
            place = {figure: number for number, figure in enumerate(moving)}
            which = np.array([place[pairs[number][0]] for number in figures[some]], dtype=np.int64)
            total = self._alone(self.whole.repeated(each), which, moving)
            for number, figure in enumerate(moving):
                self.beside[figure] += total[:, number]

    def _alone(self, copies: SomeHouseholds, which: Rows, figures: Sequence[Figure]) -> Floats:
        """Return left, right and jump (rows) of each figure (columns); `which` figure moves in each copy."""
        simulation = copies.simulation(self.moving.law)
        place = {figure: number for number, figure in enumerate(figures)}
        cells = {entity: np.where(own >= 0, which[own], -1) for entity, own in copies.household.items()}

        def rate(figure: Figure, entity: str) -> Any:
            return (cells[entity] == place[figure]).astype(np.float64) if figure in place and entity in cells else 0.0

        targets = self._targets(simulation)
        moved = FigureDerivatives(simulation, self.moving).carry([node for _, node in targets], rate)
        total = np.zeros((3, len(figures)))
        for key, node in targets:
            own, weights = cells[self._entity(key)], self._weights(copies, key)
            for row, values in enumerate(_leaving(moved, node.number)):
                total[row] += np.bincount(own[own >= 0], weights=np.broadcast_to(weights * values, own.shape)[own >= 0], minlength=len(figures))
        return total

    def _entity(self, key: Key) -> str:
        return self.results.base_law.variable(key[0]).entity.key

    def _weights(self, part: SomeHouseholds, key: Key) -> Floats:
        found: Floats = self.weights[key][part.rows[self._entity(key)]]
        return found


def _households_with(part: SomeHouseholds, by_entity: Mapping[str, Floats]) -> Any:
    """Return the households that have a row which is not nothing; all, where it is a row that households share."""
    found = np.zeros(len(part.weights), dtype=bool)
    for entity, values in by_entity.items():
        own = part.household.get(entity)
        rows = np.flatnonzero(values)
        if own is None:
            found |= len(rows) > 0
        else:
            found[own[rows][own[rows] >= 0]] = True
    return found


def _leaving(moved: Moved, number: int) -> tuple[Any, Any, Any]:
    """Return a node's rate to the left, that to the right, and its jump."""
    motion = moved.motion(number)
    right, left = motion.right.smooth, motion.left.smooth
    rates = [np.asarray(0.0 if side.rate is None else side.rate, dtype=np.float64) for side in (left, right)]
    return -rates[0], rates[1], np.subtract(right.limit, left.limit, dtype=np.float64)


def _rate(moved: Moved, number: int, weights: Floats) -> Floats:
    """Return the rate to the right where it counts."""
    return np.where(weights != 0, _leaving(moved, number)[1], 0.0)


def _weights_of_rows(results: Output) -> dict[Key, Floats]:
    """Return, for each variable and period of the budget, the weight of each row: how much a euro there counts; refused rows count nothing."""
    study, law = results.study, results.base_law
    found: dict[Key, Floats] = {}
    for measure in results.measures:
        for name in measure.variables:
            rule = law.variable(name)
            own = study.households.household_of(rule.entity.key)
            if own is None:
                continue
            weights = np.where(own >= 0, study.weights[own], study.weights_outside(rule.entity.key))
            weights = weights * (1.0 if measure.is_levy else -1.0) * (-1.0 if name in measure.minus else 1.0)
            code = law.refusal_of(rule)
            if code is not None:
                refused = [results.base_simulation.calculate(code, at) != 0 for at in periods_of(law.variable(code), study.period)]
                weights = np.where(np.any(refused, axis=0), 0.0, weights)
            for at in periods_of(rule, study.period):
                found[name, at] = found[name, at] + weights if (name, at) in found else weights
    return found
