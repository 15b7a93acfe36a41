"""Slopes by figures of the law equal finite differences away from thresholds, whatever way the law reads its figures."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.figure_slopes import FigureDerivatives, MovingLaw, compared_figures
from engine.parameters import parameters_from_data
from engine.population import Population
from engine.variables import Enum
from graph_law import COUNTRY, PERSON, ROW, TAX, Kind, law, rows, simulate, variable

SINCE = "2000-01-01"


def dated(value):
    return {"values": {SINCE: {"value": value}}}


def tree(rates=(0.1, 0.3), thresholds=(10.0, 50.0), allowance=5.0, cap=0.8, amounts=(1.0, 2.0, 4.0)):
    brackets = [{"threshold": {SINCE: low}, "rate": {SINCE: rate}} for low, rate in zip((0.0, *thresholds), (0.0, *rates), strict=True)]
    return parameters_from_data(
        {
            "scale": {"brackets": brackets, "metadata": {"type": "marginal_rate"}},
            "allowance": dated(allowance),
            "cap": dated(cap),
            "by_kind": {kind.name: dated(amount) for kind, amount in zip(Kind, amounts, strict=True)},
        }
    )


def tax(row, period, parameters):
    figures = parameters(period)
    income = row("income", period)
    base = np.maximum(income - figures.allowance * 2 / (1 + figures.cap), 0)
    due = figures.scale.calc(base, factor=1 + figures.allowance / 100)
    due = np.where(income > figures.cap * 100, due * figures.cap, due) + figures.by_kind[row("kind", period)] * income / 10
    return np.minimum(due, income * figures.cap) - round(figures.allowance) ** 2 + np.sqrt(figures.cap + income**2)


VARIABLES = (variable("income", ROW), variable("kind", ROW, value_type=Enum), variable("tax", ROW, tax))
NAMES = [
    "allowance",
    "cap",
    "scale[0].rate",
    "scale[1].rate",
    "scale[1].threshold",
    "scale[2].rate",
    "scale[2].threshold",
    *(f"by_kind.{kind.name}" for kind in Kind),
]


def slopes(legislation, inputs, names, weights, left=False):
    """Return the slopes of the weighted sum of taxes, the rates along a direction, and the law whose figures move."""
    moving = MovingLaw.of(legislation, [(name, SINCE) for name in names])
    simulation = simulate(moving.law, rows(len(weights)), inputs)
    node = simulation.node("tax", "2020")
    derivatives = FigureDerivatives(simulation, moving)
    moved = derivatives.carry([node], lambda figure, _: 1.0 + NAMES.index(figure[0]) / 7 if figure[0] in NAMES else 1.0, keep=True)
    found = derivatives.slopes([node], moved, {node.number: np.asarray(weights, dtype=float)}, left=left)
    return found, moved.motion(node.number), moving


def total(legislation, inputs, weights):
    return float(simulate(legislation, rows(len(weights)), inputs).calculate("tax", "2020") @ np.asarray(weights))


def changed(figures, name, by):
    found = figures.child(name)
    return figures.replaced(name, found.updated(start=SINCE, value=found.values[0] + by))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0.5, 300), st.integers(0, 2), st.floats(0.1, 9)), min_size=1, max_size=8))
def test_slopes_are_finite_differences_away_from_thresholds(people):
    incomes, kinds, weights = (np.array(values) for values in zip(*people, strict=True))
    inputs = {"income": incomes, "kind": kinds.astype(Kind.dtype)}
    legislation = law(*VARIABLES, parameters=tree())
    found, _, moving = slopes(legislation, inputs, NAMES, weights)
    assert not found.unknown
    assert not moving.lost
    base, step = total(legislation, inputs, weights), 1e-5
    for name in NAMES:
        if name in {"scale[0].rate", "allowance"}:
            continue  # no figure is below nothing there; the allowance is rounded by the formula itself
        above, below = (total(legislation.with_parameters(changed(legislation.parameters, name, sign * step)), inputs, weights) for sign in (1, -1))
        right, left = (above - base) / step, (base - below) / step
        assume(abs(right - left) < 1e-3 * max(1, abs(right)))  # somebody stands at a threshold
        assert found.total((name, SINCE)) == pytest.approx((right + left) / 2, rel=1e-4, abs=1e-3) if (name, SINCE) in found.by_row else abs(right) < 1e-3


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 10.0, 50.0, 80.0]) | st.floats(0, 300), st.integers(0, 2)), min_size=1, max_size=8))
def test_both_passes_add_up_to_the_direction(people):
    """What the pass down tells, times the direction, is what the direction gave, at thresholds too, to either side."""
    incomes, kinds = (np.array(values) for values in zip(*people, strict=True))
    inputs = {"income": incomes, "kind": kinds.astype(Kind.dtype)}
    for left in (False, True):
        found, motion, _ = slopes(law(*VARIABLES, parameters=tree()), inputs, NAMES, np.ones(len(incomes)), left=left)
        rate = (motion.left if left else motion.right).smooth.rate.sum() * (-1 if left else 1)
        told = sum((1.0 + NAMES.index(name) / 7) * found.total((name, since)) for name, since in found.by_row)
        assert told == pytest.approx(rate, rel=1e-9, abs=1e-9)


def test_a_rate_of_nothing_has_a_slope():
    found, _, _ = slopes(law(*VARIABLES, parameters=tree()), {"income": np.array([8.0]), "kind": np.zeros(1, Kind.dtype)}, ["scale[0].rate"], [1.0])
    assert found.total(("scale[0].rate", SINCE)) == pytest.approx(8 - 5 * 2 / 1.8)


def test_roundings_are_passed_unchanged():
    def rounded(row, period, parameters):
        return np.floor(row("income", period) * parameters(period).cap + 0.5)

    legislation = law(variable("income", ROW), variable("tax", ROW, rounded), parameters=tree())
    found, _, _ = slopes(legislation, {"income": np.array([100.3, 41.0])}, ["cap"], [1.0, 2.0])
    assert found.total(("cap", SINCE)) == pytest.approx(100.3 + 82)


def test_what_has_no_derivative_is_told():
    def by_count(row, period, parameters):
        return row("income", period) * sum(1 for _ in range(int(parameters(period).allowance))) + parameters(period).cap

    legislation = law(variable("income", ROW), variable("tax", ROW, by_count), parameters=tree())
    found, _, moving = slopes(legislation, {"income": np.array([3.0])}, ["allowance", "cap"], [1.0])
    assert moving.lost == {("allowance", SINCE)}
    assert found.total(("cap", SINCE)) == 1


def test_figures_compared_are_found():
    found, _, moving = slopes(law(*VARIABLES, parameters=tree()), {"income": np.array([3.0]), "kind": np.zeros(1, Kind.dtype)}, NAMES, [1.0])
    del found
    simulation = simulate(moving.law, rows(1), {"income": np.array([3.0]), "kind": np.zeros(1, Kind.dtype)})
    assert set().union(*compared_figures([simulation.node("tax", "2020")], moving).values()) == {("cap", SINCE)}


def test_figures_chosen_by_one_key_for_all_have_their_slope():
    """Where nobody gives a kind all have the default, and the key is a constant: the figure that it chooses moves all the same."""

    def by_kind(row, period, parameters):
        return row("income", period) * parameters(period).by_kind[row("kind", period)]

    legislation = law(variable("income", ROW), variable("kind", ROW, value_type=Enum), variable("tax", ROW, by_kind), parameters=tree())
    found, _, moving = slopes(legislation, {"income": np.array([3.0, 4.0])}, NAMES, [1.0, 2.0])
    assert not moving.lost
    chosen = [(name, SINCE) for name in NAMES if (name, SINCE) in found.by_row and found.total((name, SINCE))]
    assert [found.total(figure) for figure in chosen] == [11.0]


def test_differences_come_down_to_the_slope_as_the_step_goes_to_zero():
    """Who crosses the least amount that is collected within a step is all that stands between the two; none does within a small one."""

    def collected(row, period, parameters):
        due = row("income", period) * parameters(period).cap
        return np.where(due >= 61, due, 0.0)

    legislation = law(variable("income", ROW), variable("tax", ROW, collected), parameters=tree())
    incomes = np.random.default_rng(5).uniform(0, 1_000, 4_000)
    inputs, weights = {"income": incomes}, np.ones(len(incomes))
    slope = slopes(legislation, inputs, ["cap"], weights)[0].total(("cap", SINCE))
    base = total(legislation, inputs, weights)
    for step, is_far in ((1e-2, True), (-1e-2, True), (1e-6, False), (-1e-6, False)):
        difference = (total(legislation.with_parameters(changed(legislation.parameters, "cap", step)), inputs, weights) - base) / step
        crossing = np.count_nonzero((incomes * 0.8 >= 61) != (incomes * (0.8 + step) >= 61))
        assert (crossing > 0) == is_far
        assert (abs(difference / slope - 1) > 1e-3) == is_far


def test_members_and_groups():
    def household(group, period, parameters):
        figure = parameters(period).cap
        incomes = group.members("income", period) * figure
        return group.sum(incomes) + 3 * group.max(np.minimum(incomes, 4.0)) + group.first("income", period) * figure

    law_of_groups = law(variable("income", PERSON), variable("tax", TAX, household), entities=COUNTRY, parameters=tree())
    population = Population(
        {"person": 4, "house": 0, "tax": 2, "town": 0},
        {("person", "tax"): (np.array([0, 0, 1, -1]), np.array([0, 2, 0, 0])), ("person", "house"): (np.full(4, -1), np.zeros(4, int)), ("house", "town"): []},
    )
    moving = MovingLaw.of(law_of_groups, [("cap", SINCE)])
    simulation = simulate(moving.law, population, {"income": np.array([2.0, 3, 7, 9])})
    node = simulation.node("tax", "2020")
    derivatives = FigureDerivatives(simulation, moving)
    moved = derivatives.carry([node], lambda *_: 1.0, keep=True)
    assert derivatives.slopes([node], moved, {node.number: np.array([1.0, 1.0])}).total(("cap", SINCE)) == pytest.approx(5 + 3 * 3 + 2 + 7 + 7)
