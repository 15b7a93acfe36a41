"""Laws 1 and 3: what folds, what never does, and that a fold changes neither values nor types."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.entities import Entity
from engine.population import Population
from engine.variables import Enum
from graph_law import HOUSE, PERSON, ROW, TOWN, Kind, figures, law, rows, same, simulate, variable

X, Y = variable("x", ROW), variable("y", ROW)
WHOLE, TRUE = variable("whole", ROW, value_type=int), variable("true", ROW, value_type=bool)
TEXT, KIND = variable("text", ROW, value_type=str), variable("kind", ROW, value_type=Enum)
ZERO, ONE, ALWAYS = variable("zero", ROW), variable("one", ROW, default_value=1.0), variable("always", ROW, value_type=bool, default_value=True)
INPUTS = (X, Y, WHOLE, TRUE, TEXT, KIND, ZERO, ONE, ALWAYS)


def node_of(formula, inputs, value_type=float, parameters=None):
    """Return the node and the values of a formula."""
    legislation = law(*INPUTS, variable("result", ROW, formula, value_type), parameters=parameters or figures(rate=0.5, nothing=0))
    count = len(next(iter(inputs.values()), [0]))
    simulation = simulate(legislation, rows(count), inputs)
    values = simulation.calculate("result", "2020")
    return simulation.traced("result", "2020").node, np.asarray(values)


# Law 1: a given input is never folded


@given(st.sampled_from([0.0, 1.0, 5.0]), st.integers(1, 5))
def test_a_given_input_is_never_folded_even_where_it_is_the_same_for_all(value, count):
    node, values = node_of(lambda row, period: row("x", period) + 1, {"x": np.full(count, value)})
    assert not node.is_constant
    assert same(values, np.full(count, value + 1))


@pytest.mark.parametrize(
    "formula",
    [
        lambda row, period: row("x", period) * row("y", period),
        lambda row, period: row("x", period) + row("y", period),
        lambda row, period: np.where(row("true", period), row("x", period), row("y", period)),
        lambda row, period: np.where(row("x", period) > 0, 1.0, 2.0),
        lambda row, period: row("true", period) & (row("x", period) > 0),
        lambda row, period: row("text", period) == "A",
        lambda row, period: row("kind", period) == Kind.owner,
    ],
)
def test_one_graph_serves_households_whose_given_values_are_all_alike_and_others(formula):
    legislation = law(*INPUTS, variable("result", ROW, formula))
    alike = {"x": np.zeros(3), "y": np.ones(3), "true": np.zeros(3, bool), "text": ["A"] * 3, "kind": [0] * 3}
    other = {"x": np.array([1.0, 2.0, -3.0]), "y": np.array([5.0, 0.0, 7.0]), "true": np.array([True, False, True]), "text": ["A", "B", ""], "kind": [2, 1, 0]}
    first = simulate(legislation, rows(3), alike)
    first.calculate("result", "2020")
    second = simulate(legislation, rows(3), other)
    found = second.calculate("result", "2020")
    assert second.traced("result", "2020").node is first.traced("result", "2020").node
    fresh = simulate(law(*INPUTS, variable("result", ROW, formula)), rows(3), other).calculate("result", "2020")
    assert same(found, fresh)


def test_what_nobody_gave_and_the_figures_of_the_law_fold():
    node, values = node_of(lambda row, period, parameters: row("zero", period) * 3 + row("one", period) * parameters(period).rate, {"x": [1.0, 2.0]})
    assert node.is_constant
    assert same(values, np.array([0.5, 0.5]))


@pytest.mark.parametrize(
    "formula",
    [
        lambda row, period: row("x", period) + row("zero", period),
        lambda row, period: row("zero", period) + row("x", period),
        lambda row, period: row("x", period) - 0,
        lambda row, period: row("x", period) * row("one", period),
        lambda row, period: 1 * row("x", period),
        lambda row, period: row("x", period) / 1,
        lambda row, period: np.where(row("always", period), row("x", period), row("y", period)),
        lambda row, period: np.where(row("true", period), row("x", period), row("x", period)),
        lambda row, period: np.maximum(row("x", period), row("x", period)),
        lambda row, period: np.select([row("always", period)], [row("x", period)], row("y", period)),
    ],
)
def test_an_operation_that_changes_nothing_makes_no_node(formula):
    given_values = {"x": np.array([1.5, np.nan, np.inf]), "y": np.zeros(3), "true": np.array([True, False, True])}
    legislation = law(*INPUTS, variable("result", ROW, formula))
    simulation = simulate(legislation, rows(3), given_values)
    assert same(simulation.calculate("result", "2020"), given_values["x"])
    assert simulation.traced("result", "2020").node is simulation.traced("x", "2020").node


def test_equal_operations_on_equal_operands_are_one_node():
    twelve = [variable(f"rule_{month}", ROW, lambda row, period: np.minimum(row("x", period) * 2, row("y", period)) + 1) for month in range(12)]
    simulation = simulate(law(*INPUTS, *twelve), rows(2), {"x": [1.0, 2.0], "y": [3.0, 3.0]})
    nodes = {simulation.traced(f"rule_{month}", "2020").node.number for month in range(12)}
    assert len(nodes) == 1


def test_a_sum_is_one_node_whatever_the_order_of_its_terms():
    first = variable("first", ROW, lambda row, period: row("x", period) + row("y", period))
    second = variable("second", ROW, lambda row, period: row("y", period) + row("x", period))
    simulation = simulate(law(*INPUTS, first, second), rows(1), {"x": [1.0], "y": [2.0]})
    assert simulation.traced("first", "2020").node is simulation.traced("second", "2020").node


# Law 3: × 0 folds only where the other side is known to be finite


def test_times_zero_folds_where_the_given_values_are_finite():
    node, values = node_of(lambda row, period: row("x", period) * row("zero", period), {"x": [1.0, -2.0]})
    assert node.is_constant
    assert same(values, np.zeros(2))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_times_zero_does_not_fold_where_a_given_value_is_not_finite(value):
    node, values = node_of(lambda row, period: row("x", period) * row("zero", period), {"x": [1.0, value]})
    assert not node.is_constant
    assert np.isnan(values[1])


def test_a_graph_traced_on_finite_values_does_not_serve_others():
    legislation = law(*INPUTS, variable("result", ROW, lambda row, period: row("x", period) * 0))
    assert same(simulate(legislation, rows(2), {"x": [1.0, 2.0]}).calculate("result", "2020"), np.zeros(2))
    assert same(simulate(legislation, rows(2), {"x": [1.0, np.inf]}).calculate("result", "2020"), np.array([0.0, np.nan]))
    assert same(simulate(legislation, rows(2), {"x": [1.0, 2.0]}).calculate("result", "2020"), np.zeros(2))


NOT_FINITE = {
    "a quotient": lambda x, y: (x / y) * 0,
    "a logarithm": lambda x, y: np.log(y) * 0,
    "a power": lambda x, y: (x**1000) * 0,
    "an exponential": lambda x, y: np.exp(x) * 0,
    "a remainder": lambda x, y: (x % y) * 0,
    "a narrow float": lambda x, y: (x * 1e30).astype(np.float32).astype(np.float32) * np.float32(1e20) * 0,
    "a product of narrow floats": lambda x, y: (x.astype(np.float32) * np.float32(1e30)) * np.float32(1e30) * 0,
    "a cast to a narrow float": lambda x, y: (x * 1e100).astype(np.float32) * 0,
    "a product of products": lambda x, y: ((x * 1e200) * (x * 1e200)) * 0,
    "an infinite figure": lambda x, y: np.where(y > 0, x, np.inf) * 0,
    "a root": lambda x, y: np.sqrt(-x) * 0,
}


@pytest.mark.parametrize("name", NOT_FINITE)
def test_times_zero_of_what_may_not_be_finite_is_numpys_result(name):
    formula, x, y = NOT_FINITE[name], np.array([5.0, 1000.0, 2.0]), np.array([0.0, 0.0, 1.0])
    with np.errstate(all="ignore"):
        wanted = formula(x.copy(), y.copy())
    _, values = node_of(lambda row, period: formula(row("x", period), row("y", period)), {"x": x, "y": y})
    assert same(values, wanted.astype(float))


@settings(max_examples=50)
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 6))
def test_times_zero_of_repeated_products_is_numpys_result(value, times):
    def formula(x):
        for _ in range(times):
            x = x * x
        return x * 0

    x = np.array([value, 1.0])
    with np.errstate(all="ignore"):
        wanted = formula(x)
    _, values = node_of(lambda row, period: formula(row("x", period)), {"x": x})
    assert same(values, wanted)


def test_min_and_max_of_nobody_are_infinite_so_that_times_zero_does_not_fold():
    amount = variable("amount", PERSON)
    result = variable("result", HOUSE, lambda house, period: house.max(house.members("amount", period)) * 0)
    population = Population({"person": 2, "house": 2, "tax": 1, "town": 1}, {("person", "house"): np.array([0, 0])} | links_to_nobody())
    simulation = simulate(law(amount, result, entities=(PERSON, HOUSE, Entity("tax", "taxes"), TOWN)), population, {"amount": [1.0, 2.0]})
    assert same(simulation.calculate("result", "2020"), np.array([0.0, np.nan]))


def links_to_nobody():
    return {("person", "tax"): np.array([-1, -1]), ("house", "town"): np.array([0, 0])}


# Folds keep numpy's types

FOLDS = {
    "whole + 0.0": lambda row, period: row("whole", period) + row("zero", period),
    "whole * 1.0": lambda row, period: row("whole", period) * row("one", period),
    "whole * 0.0": lambda row, period: row("whole", period) * row("zero", period),
    "true * 0": lambda row, period: row("true", period) * 0,
    "true + 0": lambda row, period: row("true", period) + 0,
    "whole / 1": lambda row, period: row("whole", period) / 1,
    "narrow * 1": lambda row, period: row("x", period).astype(np.float32) * 1,
    "narrow * 1.0 of an array": lambda row, period: row("x", period).astype(np.float32) * row("one", period),
    "narrow + 0.0": lambda row, period: row("x", period).astype(np.float32) + row("zero", period),
    "int8 + 0": lambda row, period: row("whole", period).astype(np.int8) + 0,
    "int8 + int64 0": lambda row, period: row("whole", period).astype(np.int8) + np.int64(0),
    "where always": lambda row, period: np.where(row("always", period), row("whole", period), row("x", period)),
    "where never": lambda row, period: np.where(~row("always", period), row("x", period), row("whole", period)),
    "where the same": lambda row, period: np.where(row("true", period), row("whole", period), row("whole", period)),
    "select never": lambda row, period: np.select([~row("always", period), row("true", period)], [row("x", period), row("whole", period)], 0),
    "select always": lambda row, period: np.select([row("always", period), row("true", period)], [row("whole", period), row("x", period)], 0),
    "select nothing": lambda row, period: np.select([~row("always", period)], [row("x", period)], 0),
    "and": lambda row, period: np.logical_and(row("whole", period), row("always", period)),
    "or": lambda row, period: np.logical_or(row("whole", period), ~row("always", period)),
    "max with itself": lambda row, period: np.maximum(row("whole", period), row("whole", period)),
}


@pytest.mark.parametrize("name", FOLDS)
def test_a_fold_keeps_numpys_type(name):
    inputs = {"x": np.array([1.5, -2.0]), "whole": np.array([3, -4]), "true": np.array([True, False])}
    real = {**inputs, "zero": np.zeros(2), "one": np.ones(2), "always": np.ones(2, bool)}
    wanted = FOLDS[name](lambda key, period: real[key].copy(), None)
    seen = {}

    def formula(row, period):
        seen["result"] = FOLDS[name](row, period)
        return seen["result"]

    _, values = node_of(formula, inputs)
    assert seen["result"].dtype == wanted.dtype
    assert same(values, wanted.astype(float))
