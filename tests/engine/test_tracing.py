"""Laws 2, 7, 8: what is noted of each variable, what formulas may do that cannot be recorded, how errors, cycles and depth are met."""

import inspect
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import CycleError, FormulaError, SpiralError
from engine.graph.opaque import Opaque
from engine.periods import DAY, MONTH, period
from engine.variables import ADD
from graph_law import ROW, Counter, figures, law, rows, same, simulate, variable

X = variable("x", ROW)
Y = variable("y", ROW)
COUNT = variable("number", ROW, value_type=int)


def calculated(formula, x=(1.0, 2.0, 3.0), parameters=None, value_type=float, **options):
    simulation = traced_simulation(formula, x, parameters, value_type, **options)
    return simulation.calculate("result", "2020")


def traced_simulation(formula, x=(1.0, 2.0, 3.0), parameters=None, value_type=float, **options):
    legislation = law(X, Y, COUNT, variable("result", ROW, formula, value_type), parameters=parameters or figures(rate=0.5, nothing=0), **options)
    return simulate(legislation, rows(len(x)), {"x": np.array(x)})


# What is noted


def test_what_a_formula_reads_is_noted():
    def formula(row, at, parameters):
        if parameters(at).rate > 0.4:
            return row("x", at) * parameters(at).rate + row("y", at)
        return row("number", at)

    traced = traced_simulation(formula).traced("result", "2020")
    assert set(traced.reads) == {("x", period("2020")), ("y", period("2020"))}
    assert {(read.name, read.instant, read.value) for read in traced.figures} == {("rate", "2020-01-01", 0.5)}
    assert traced.formula is not None
    assert traced.formula.function is formula
    assert not traced.is_input


def test_inputs_and_defaults_are_told_apart():
    simulation = traced_simulation(lambda row, at: row("x", at) + row("y", at))
    assert simulation.traced("x", "2020").is_input
    assert not simulation.traced("y", "2020").is_input
    assert simulation.traced("y", "2020").node.is_constant


def test_what_is_added_up_is_read_month_by_month():
    monthly = variable("monthly", ROW, definition_period=MONTH)
    legislation = law(monthly, variable("result", ROW, lambda row, at: row("monthly", at, options=[ADD])))
    simulation = simulate(legislation, rows(1), {("monthly", "2020-03"): [5.0]})
    assert same(simulation.calculate("result", "2020"), np.array([5.0]))
    assert len(simulation.traced("result", "2020").reads) == 12


# What cannot be recorded


def walk(row, at):
    return np.array([value * 2 for value in row("x", at)])


def test_a_formula_that_walks_through_an_array_is_one_opaque_node():
    simulation = traced_simulation(walk)
    assert same(simulation.calculate("result", "2020"), np.array([2.0, 4.0, 6.0]))
    traced = simulation.traced("result", "2020")
    assert isinstance(traced.node.operation, Opaque)
    assert traced.reads == (("x", period("2020")),)


WALKS = {
    "walk": walk,
    "float": lambda row, at: np.array([float(value) for value in row("x", at)]) * 2,
    "array": lambda row, at: np.array(row("x", at)) * 2,
    "sum": lambda row, at: row("x", at) * 2 + row("x", at).sum() * 0,
    "length": lambda row, at: row("x", at) + np.arange(len(row("x", at))) * 0 + row("x", at),
    "shape": lambda row, at: np.full(row("x", at).shape, 2.0) * row("x", at),
    "zeros": lambda row, at: add_in_place(np.zeros(row.count), row("x", at) * 2),
    "index": lambda row, at: row("x", at) * 2 + row("x", at)[0] * 0,
    "sort": lambda row, at: np.sort(np.sort(row("x", at))[::-1]) * 2,
    "vectorize": lambda row, at: np.vectorize(lambda value: value * 2)(row("x", at)),
    "method": lambda row, at: row("x", at).cumsum() * 0 + row("x", at) * 2,
    "list": lambda row, at: [2 * value for value in row("x", at).tolist()],
    "two variables": lambda row, at: np.array([a + b for a, b in zip(row("x", at), row("x", at) + row("y", at), strict=True)]),
}


def add_in_place(total, values):
    total += values
    return total


@pytest.mark.parametrize("name", WALKS)
def test_such_formulas_are_called_again_for_each_population(name):
    legislation = law(X, Y, variable("result", ROW, WALKS[name]), variable("next", ROW, lambda row, at: row("result", at) + 1))
    for x in ([1.0, 2.0, 3.0], [5.0, 7.0], [], [1.0, 2.0, 3.0]):
        if name in {"index", "vectorize"} and not x:
            continue
        simulation = simulate(legislation, rows(len(x)), {"x": np.array(x, dtype=float)})
        assert same(simulation.calculate("next", "2020"), np.array(x, dtype=float) * 2 + 1)
        simulation.set_input("x", "2020", np.array(x, dtype=float) + 1)
        assert same(simulation.calculate("result", "2020"), np.array(x, dtype=float) * 2 + 2)


def test_an_opaque_formula_may_read_other_variables_for_another_population():
    def formula(row, at):
        return row("x", at) if row("x", at).sum() > 5 else row("number", at) + row("y", at)

    legislation = law(X, Y, COUNT, variable("result", ROW, formula))
    given_values = {"y": [10.0, 20.0], "number": [1, 2]}
    for _ in range(2):
        assert same(simulate(legislation, rows(2), {"x": [3.0, 4.0], **given_values}).calculate("result", "2020"), np.array([3.0, 4.0]))
        assert same(simulate(legislation, rows(2), {"x": [1.0, 1.0], **given_values}).calculate("result", "2020"), np.array([11.0, 22.0]))


def test_an_opaque_formula_may_read_computed_variables_for_another_population():
    def formula(row, at):
        return row("x", at) if row("x", at).max() > 2 else row("computed", at)

    computed = variable("computed", ROW, lambda row, at: np.where(row("y", at).any(), row("y", at) * 100, 7))
    legislation = law(X, Y, computed, variable("result", ROW, formula))
    assert same(simulate(legislation, rows(2), {"x": [3.0, 4.0], "y": [1.0, 2.0]}).calculate("result", "2020"), np.array([3.0, 4.0]))
    assert same(simulate(legislation, rows(2), {"x": [1.0, 2.0], "y": [1.0, 2.0]}).calculate("result", "2020"), np.array([100.0, 200.0]))
    assert same(simulate(legislation, rows(2), {"x": [1.0, 2.0], "y": [0.0, 0.0]}).calculate("result", "2020"), np.array([7.0, 7.0]))


def test_what_reads_an_opaque_result_is_recorded_as_ever():
    counter = Counter()
    after = variable("after", ROW, counter.counted("after", lambda row, at, _: row("result", at) + 1))
    legislation = law(X, variable("result", ROW, walk), after)
    for x in ([1.0], [2.0, 3.0]):
        assert same(simulate(legislation, rows(len(x)), {"x": x}).calculate("after", "2020"), np.array(x) * 2 + 1)
    assert counter.take() == {"after": 1}


def test_an_array_that_a_formula_made_does_not_stay_in_the_graph():
    legislation = law(X, variable("result", ROW, lambda row, at: np.arange(row.count) * row("x", at) + np.arange(row.count)))
    simulate(legislation, rows(3), {"x": [1.0, 2.0, 3.0]}).calculate("result", "2020")
    (family,) = legislation.kept_graphs.families
    assert not any(node.is_passing for node in family.graph._nodes.values())


# Guards

CASES = st.lists(st.integers(-2, 2).map(float), min_size=1, max_size=4)


def guarded(x):
    """Return, in plain numpy, what the law of the next test gives."""
    result = x + 1 if (x > 1).any() else x - 1
    result = np.where(result > 0, result, 0) if not (x < 0).all() else result * 2
    return result if ~(x == 0).any() else -result


@settings(max_examples=60)
@given(st.lists(CASES, min_size=1, max_size=6))
def test_a_truth_about_the_population_is_a_guard_that_others_may_answer_otherwise(populations):
    first = variable("first", ROW, lambda row, at: row("x", at) + 1 if (row("x", at) > 1).any() else row("x", at) - 1)

    def second(row, at):
        if not np.all(row("x", at) < 0):
            return np.where(row("first", at) > 0, row("first", at), 0)
        return row("first", at) * 2

    third = variable("third", ROW, lambda row, at: row("second", at) if ~np.any(row("x", at) == 0) else -row("second", at))
    legislation = law(X, first, variable("second", ROW, second), third)
    for x in populations:
        simulation = simulate(legislation, rows(len(x)), {"x": x})
        assert same(simulation.calculate("third", "2020"), guarded(np.array(x)))
        assert same(simulation.calculate("first", "2020"), np.array(x) + (1 if max(x) > 1 else -1))


def test_a_formula_with_a_guard_is_run_once_for_each_answer():
    counter = Counter()
    formula = counter.counted("result", lambda row, at, _: row("x", at) if (row("x", at) > 1).any() else -row("x", at))
    legislation = law(X, variable("result", ROW, formula))
    for x, calls in (([2.0], 1), ([3.0, 0.0], 0), ([0.0], 1), ([1.0, 1.0], 0), ([5.0], 0)):
        simulate(legislation, rows(len(x)), {"x": x}).calculate("result", "2020")
        assert counter.take().get("result", 0) == calls


def test_the_answer_is_numpys_truth():
    assert same(calculated(lambda row, at: ~(row("x", at) > 5).any() + row("y", at)), np.ones(3))
    assert same(calculated(lambda row, at: row("x", at) if ~np.all(row("x", at) > 0) else row("y", at)), np.zeros(3))


def test_a_guard_is_asked_only_where_the_truths_below_it_hold():
    """The upper question supposes the lower answer: a look-up that only the other way needs must not fail."""
    zone = variable("zone", ROW, value_type=str)
    lower = variable("lower", ROW, lambda row, at: row("x", at) > 0 if (row("x", at) > 0).any() else row("x", at) > 99, bool)

    def upper(row, at, parameters):
        if (row("x", at) > 0).any():
            return row("x", at) * 0 if (parameters(at).zones[row("zone", at)] > 1).any() else row("x", at)
        return row("x", at) + row("lower", at)

    legislation = law(X, zone, lower, variable("upper", ROW, upper), parameters=figures(zones={"A": 1.0, "B": 2.0}))
    assert same(simulate(legislation, rows(1), {"x": [1.0], "zone": ["B"]}).calculate("upper", "2020"), np.zeros(1))
    assert same(simulate(legislation, rows(1), {"x": [-1.0], "zone": ["?"]}).calculate("upper", "2020"), np.array([-1.0]))
    assert same(simulate(legislation, rows(1), {"x": [2.0], "zone": ["A"]}).calculate("upper", "2020"), np.array([2.0]))


# Errors (law 7)


def test_an_error_names_variable_period_file_line_and_callers():
    def broken(row, at):
        return row("x", at).no_such_method()

    line = inspect.getsourcelines(broken)[1] + 1
    legislation = law(
        X,
        variable("broken", ROW, broken),
        variable("middle", ROW, lambda row, at: row("broken", at.last_year)),
        variable("result", ROW, lambda row, at: row("middle", at)),
    )
    with pytest.raises(FormulaError, match="`broken` at 2019") as caught:
        simulate(legislation, rows(1), {"x": [1.0]}).calculate("result", "2020")
    assert f"{__file__}:{line}" in str(caught.value)
    assert "Asked by middle at 2020 <- result at 2020." in str(caught.value)
    assert isinstance(caught.value.__cause__, AttributeError)


def endless(row, at):
    return endless(row, at)


WRONG = {
    "a formula that calls itself": (endless, "RecursionError"),
    "nothing": (lambda row, at: None, "return"),
    "too few": (lambda row, at: np.array([1.0, 2.0]), r"\(2,\).*\(3,\)"),
    "a mask's rows": (lambda row, at: row("x", at)[row("x", at) > 1], "mask"),
    "a text": (lambda row, at: "twelve", "twelve|text"),
    "an unknown variable": (lambda row, at: row("z", at), "no variable `z`"),
    "an unknown figure": (lambda row, at, parameters: parameters(at).rat, "`rat`.*`rate`"),
    "a truth of an array": (lambda row, at: 1 if row("x", at) > 1 else 2, r"np\.where\(row\('x', at\) > 1, 1, 2\)"),
    "arithmetic of truths": (lambda row, at: (row("x", at) > 1) - (row("x", at) > 2), "boolean subtract"),
    "a division of whole numbers": (lambda row, at: 1 // 0, "ZeroDivisionError"),
    "an array of arrays": (lambda row, at: np.ones((3, 2)), r"\(3, 2\)"),
    "two masks": (lambda row, at: row("x", at)[row("x", at) > 1] + row("x", at)[row("x", at) > 2], "mask"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_formula_does_wrong_is_told_with_its_place(name):
    formula, message = WRONG[name]
    with pytest.raises(FormulaError, match=message) as caught:
        calculated(formula)
    assert "`result` at 2020" in str(caught.value)
    assert f"{__file__}:" in str(caught.value)


def test_a_simulation_goes_on_after_an_error():
    legislation = law(X, variable("wrong", ROW, lambda row, at: 1 // 0), variable("right", ROW, lambda row, at: row("x", at) + 1))
    simulation = simulate(legislation, rows(1), {"x": [1.0]})
    for _ in range(2):
        with pytest.raises(FormulaError):
            simulation.calculate("wrong", "2020")
        assert same(simulation.calculate("right", "2020"), np.array([2.0]))


def test_floating_point_warnings_are_silent():
    formulas = [
        lambda row, at: np.where(row("x", at) > 0, np.log(row("x", at)), 0),
        lambda row, at: 1 / row("y", at) + row("x", at) * 0,
        lambda row, at: np.log(np.asarray(row("x", at))),
        lambda row, at: np.array([np.float64(1) / value for value in row("x", at)]),
        lambda row, at: row("x", at).astype(np.float32) * 1e38 * 1e38,
        lambda row, at: (row("x", at) / 0).astype(int) * 0,
        lambda row, at: row("y", at) / 0 + row("x", at),
        lambda row, at: np.log(row("x", at)) if (np.log(row("x", at)) > 0).any() else row("x", at),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for formula in formulas:
            legislation = law(X, Y, variable("result", ROW, formula), variable("next", ROW, lambda row, at: row("result", at)))
            for x in ([0.0, -1.0, 5.0], [np.nan, 1e308]):
                simulate(legislation, rows(len(x)), {"x": x, "y": np.zeros(len(x))}, threads=2, block_rows=1).calculate("next", "2020")


# Cycles and spirals


def test_a_cycle_is_explained():
    legislation = law(
        X,
        variable("a", ROW, lambda row, at: row("b", at)),
        variable("b", ROW, lambda row, at: row("c", at) + row("x", at)),
        variable("c", ROW, lambda row, at: row("a", at)),
        variable("d", ROW, lambda row, at: row("a", at)),
    )
    simulation = simulate(legislation, rows(1), {"x": [1.0]})
    for _ in range(2):
        with pytest.raises(CycleError, match="a at 2020 -> b at 2020 -> c at 2020 -> a at 2020"):
            simulation.calculate("d", "2020")
    assert same(simulation.calculate("x", "2020"), np.array([1.0]))


def test_a_cycle_ends_where_a_value_is_given():
    legislation = law(variable("a", ROW, lambda row, at: row("b", at) + 1), variable("b", ROW, lambda row, at: row("a", at) + 1))
    assert same(simulate(legislation, rows(1), {"a": [1.0]}).calculate("b", "2020"), np.array([2.0]))
    assert same(simulate(legislation, rows(1), {"b": [1.0]}).calculate("a", "2020"), np.array([2.0]))


def grow(row, at):
    return row("grown", at.offset(-1)) + 1


def test_a_variable_that_needs_itself_at_ever_other_periods_is_an_error():
    legislation = law(X, variable("grown", ROW, grow, definition_period=DAY))
    simulation = simulate(legislation, rows(1), {"x": [1.0]})
    with pytest.raises(SpiralError, match="`grown` needs itself at ever other periods"):
        simulation.calculate("grown", "2020-01-01")
    assert same(simulation.calculate("x", "2020"), np.array([1.0]))


def test_the_spiral_rule_ends_a_spiral_with_the_default():
    legislation = law(variable("grown", ROW, grow, definition_period=MONTH, default_value=100.0), max_spiral_loops=3)
    simulation = simulate(legislation, rows(1), {})
    assert same(simulation.calculate("grown", "2020-06"), np.array([103.0]))
    assert same(simulation.calculate("grown", "2020-05"), np.array([103.0]))
    assert same(simulation.calculate("grown", "2020-06"), np.array([103.0]))


def test_the_spiral_rule_leaves_what_ends_by_itself():
    legislation = law(variable("grown", ROW, grow, definition_period=MONTH), max_spiral_loops=20)
    simulation = simulate(legislation, rows(1), {("grown", "2019-12"): [1.0]})
    assert same(simulation.calculate("grown", "2020-12"), np.array([13.0]))


# Depth (law 8)


def test_five_thousand_levels_of_variables():
    count = 5_000
    chain = [variable("v0", ROW), *(variable(f"v{n}", ROW, lambda row, at, n=n: row(f"v{n - 1}", at) + 1) for n in range(1, count))]
    simulation = simulate(law(*chain), rows(2), {"v0": [1.0, 2.0]})
    assert same(simulation.calculate(f"v{count - 1}", "2020"), np.array([count, count + 1.0]))


def test_five_thousand_levels_of_periods():
    simulation = simulate(law(variable("grown", ROW, grow, definition_period=DAY)), rows(1), {("grown", "2006-04-23"): [1.0]})
    assert same(simulation.calculate("grown", "2020-01-01"), np.array([5002.0]))


def test_depth_with_helpers_of_the_law_and_little_stack_left():
    def helped(row, at, levels=10):
        return helped(row, at, levels - 1) if levels else grow(row, at)

    def deep(levels, simulation):
        return deep(levels - 1, simulation) if levels else simulation.calculate("grown", "2020-01-01")

    simulation = simulate(law(variable("grown", ROW, helped, definition_period=DAY)), rows(1), {("grown", "2019-06-01"): [1.0]})
    assert same(deep(sys.getrecursionlimit() // 5, simulation), np.array([215.0]))


def test_a_reform_of_deep_law():
    count = 2_000
    chain = [variable("v0", ROW), *(variable(f"v{n}", ROW, lambda row, at, n=n: row(f"v{n - 1}", at) + 1) for n in range(1, count))]
    legislation = law(*chain)
    simulation = simulate(legislation, rows(1), {"v0": [1.0]})
    simulation.calculate(f"v{count - 1}", "2020")
    reform = legislation.replacing(variable("v1", ROW, lambda row, at: row("v0", at) + 101))
    assert same(simulation.under(reform).calculate(f"v{count - 1}", "2020"), np.array([count + 100.0]))


def test_an_error_deep_in_the_law_comes_out():
    chain = [variable("v0", ROW, lambda row, at: 1 // 0), *(variable(f"v{n}", ROW, lambda row, at, n=n: row(f"v{n - 1}", at) + 1) for n in range(1, 500))]
    with pytest.raises(FormulaError, match="`v0` at 2020"):
        simulate(law(*chain), rows(1), {}).calculate("v499", "2020")


# Formulas that walk through what is the same for everybody

WALKS_THROUGH_DEFAULTS = {
    "by_row": lambda row, at: np.fromiter((value * 2 for value in row("y", at)), dtype=float) + row("x", at),
    "sorted": lambda row, at: np.sort(row("y", at)) * row("x", at),
    "looked_up": lambda row, at: np.array([{2.5: 7.0}.get(value, 0.0) for value in row("y", at)]),
    "running": lambda row, at: np.cumsum(row("y", at)) + row("x", at),
    "counted": lambda row, at: np.arange(len(row("y", at))) + row("y", at),
    "total": lambda row, at: row("x", at) + sum(row("y", at)),
    "last": lambda row, at: row("x", at) + row("y", at)[-1],
    "fifth_if_there": lambda row, at: row("x", at) + (list(row("y", at)) + [0.0] * 5)[4],
    "both": lambda row, at: np.array([one + other for one, other in zip(row("y", at), row("x", at), strict=True)]),
    "even": lambda row, at: row("x", at) + sum(1 for _ in row("y", at)) % 2,
}
BY_ROW = {"by_row", "sorted", "looked_up", "last"}


class PlainRows:
    def __init__(self, x):
        self.columns = {"x": np.array(x), "y": np.full(len(x), 2.5)}

    def __call__(self, name, at):
        return self.columns[name]


@pytest.mark.parametrize("name", sorted(WALKS_THROUGH_DEFAULTS))
@pytest.mark.parametrize("counts", [(1, 7, 2), (7, 1, 4), (4, 2)])
def test_a_walk_through_a_default_gives_what_it_gives_on_all_rows(name, counts):
    y = variable("y", ROW, default_value=2.5)
    legislation = law(X, y, variable("result", ROW, WALKS_THROUGH_DEFAULTS[name]))
    for count in counts:
        x = np.arange(count) * 1.5
        simulation = simulate(legislation, rows(count), {"x": x})
        assert same(simulation.calculate("result", "2020"), np.asarray(WALKS_THROUGH_DEFAULTS[name](PlainRows(x), None), dtype=float))
        assert isinstance(simulation.traced("result", "2020").node.operation, Opaque) is (name not in BY_ROW)


def test_an_error_of_a_walk_is_that_of_all_rows():
    legislation = law(X, variable("y", ROW), variable("result", ROW, lambda row, at: row("x", at) + list(row("y", at))[5]))
    assert same(simulate(legislation, rows(6), {"x": np.ones(6)}).calculate("result", "2020"), np.ones(6))
    with pytest.raises(FormulaError, match="list index out of range"):
        simulate(legislation, rows(2), {"x": np.ones(2)}).calculate("result", "2020")
