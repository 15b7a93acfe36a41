"""Derivatives along the graph equal finite differences away from thresholds, and are one-sided limits at them."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.errors import CalculationError
from engine.marginal import marginal
from engine.periods import MONTH
from engine.population import Population
from engine.variables import set_input_divide_by_period
from graph_law import COUNTRY, PERSON, ROW, TAX, law, rows, simulate, variable
from programs import PURE, Program, law_of, programs, run_by_numpy

ROUNDINGS = ("np.floor", "np.ceil", "np.rint", "np.trunc", "np.round", "np.around", ".round(", "//", "{I}")
SMOOTH = [each for each in PURE if not any(word in each[0] for word in (*ROUNDINGS, "{F}", "float32", "astype(int)", ".fill", "int64", "int8"))]
AMOUNTS = """{n1} + {n2}; {n1} - {n2}; {n1} * 0.3; {n1} / 4; np.minimum({n1}, {n2}); np.maximum({n1}, 2.5); np.abs({n1}); np.floor({n1}); np.rint({n1})
np.ceil({n1}); np.trunc({n1}); np.round({n1}); np.round({n1}, 2); {n1}.round(1); np.floor({n1} + 0.5) * 0.1; np.where({b1}, {n1}, {n2})"""
ROUNDED = [(template.strip(), False) for line in AMOUNTS.splitlines() for template in line.split(";")]
IDENTITY = {
    "np.floor(": "np.positive(",
    "np.rint(": "np.positive(",
    "np.ceil(": "np.positive(",
    "np.trunc(": "np.positive(",
    ".round(1)": "",
    ", 2)": ")",
    "np.round(": "np.positive(",
}


def values_at(program, moved):
    """Return the program's results with `f` moved by an amount."""
    found = run_by_numpy(Program(program.lines, program.names, {**program.inputs, "f": program.inputs["f"] + moved}, program.count))
    return {name: found[name] for name in program.names}


def compare(program, reference):
    """Compare the derivatives of a program with differences of a reference, where these agree from both sides and at two distances."""
    legislation, _ = law_of(program)
    simulation = simulate(legislation, rows(program.count), {name: values.copy() for name, values in program.inputs.items()})
    steps = [-2e-4, -1e-4, 0.0, 1e-4, 2e-4]
    try:
        near = {step: values_at(reference, step) for step in steps}
    except FloatingPointError:
        assume(False)
    for name in program.names:
        arrays = [np.asarray(near[step][name]) for step in steps]
        if arrays[0].dtype.kind not in "fi" or arrays[0].dtype == np.float32:
            continue
        with np.errstate(all="ignore"):
            low2, low, here, high, high2 = (array.astype(np.float64) for array in arrays)
            sides = [(high - here) / 1e-4, (here - low) / 1e-4, (high2 - here) / 2e-4, (here - low2) / 2e-4]
            wanted = (high - low) / 2e-4
            agree = np.all([np.abs(side - wanted) <= 2e-7 * np.maximum(1, np.abs(wanted)) for side in sides], axis=0)
            agree &= np.abs(here) < 1e5
        found = marginal(simulation, f"result_{name}", 2020, "f")
        if found.estimated:
            continue  # of an operation without a rule: a difference over a thousandth, and said to be one
        if program is reference:
            agree &= ~found.rounded  # `i[b] = f[b]` cuts decimals off: numpy's result stands still between whole numbers
        for side in (found.right, found.left):
            missed = np.abs(side[agree] - wanted[agree]) > 1e-6 * np.maximum(1, np.abs(wanted[agree]))
            assert not missed.any(), f"{name}: {side}, not {wanted}, of {program}"


@settings(max_examples=150, deadline=None)
@given(programs(SMOOTH))
def test_derivatives_are_finite_differences_away_from_thresholds(program):
    compare(program, program)


@settings(max_examples=100, deadline=None)
@given(programs(ROUNDED))
def test_derivatives_are_those_of_the_law_whose_roundings_do_nothing(program):
    lines = []
    for line in program.lines:
        for rounding, identity in IDENTITY.items():
            line = line.replace(rounding, identity)  # noqa: PLW2901 - one after the other
        lines.append(line)
    compare(program, Program(lines, program.names, program.inputs, program.count))


def found(formula, income, **options):
    """Return the marginal rates of one formula of `income`."""
    legislation = law(variable("income", ROW), variable("result", ROW, formula))
    simulation = simulate(legislation, rows(len(income)), {"income": np.array(income, dtype=float)})
    return marginal(simulation, "result", 2020, "income", **options)


def test_both_sides_of_a_kink():
    result = found(lambda row, period: np.maximum(row("income", period) - 100, 0) * 0.1, [99, 100, 101])
    assert result.right.tolist() == [0, 0.1, 0.1]
    assert result.left.tolist() == [0, 0, 0.1]
    assert result.jump.tolist() == [0, 0, 0]
    assert not result.rounded.any()


@pytest.mark.parametrize(
    "compare_income, value",
    [
        (lambda x: x > 100, 0.0),
        (lambda x: x >= 100, 50.0),
        (lambda x: ~(x < 100), 50.0),
        (lambda x: (x > 100) & (x < 200), 0.0),
        (lambda x: x - 100 >= 0, 50.0),
    ],
)
def test_a_jump_is_the_difference_of_one_sided_limits(compare_income, value):
    result = found(lambda row, period: np.where(compare_income(row("income", period)), 50.0, 0.0), [100])
    assert result.value.tolist() == [value]
    assert (result.below.tolist(), result.above.tolist(), result.jump.tolist()) == ([0], [50], [50])


def test_a_point_alone_is_seen_from_neither_side():
    result = found(lambda row, period: np.where(row("income", period) == 100, 7.0, row("income", period)), [100])
    assert (result.value[0], result.below[0], result.above[0], result.right[0], result.left[0]) == (7, 100, 100, 1, 1)


def test_a_rounding_is_passed_unchanged_and_told():
    result = found(lambda row, period: np.floor(row("income", period) * 0.14 + 0.5), [100, 1000, 50 / 0.14])
    assert result.right == pytest.approx([0.14] * 3)
    assert result.left == pytest.approx([0.14] * 3)
    assert result.rounded.all()
    assert result.jump == pytest.approx([0, 0, 0])  # the steps of a rounding are no jumps


def test_conditions_go_by_the_rounded_amount():
    income = np.array([60.4, 60.5, 60.6, 61.4])
    result = found(lambda row, period: np.where(np.floor(row("income", period) + 0.5) >= 61, 100.0, 0.0), income)
    assert result.jump.tolist() == [0, 100, 0, 0]


def test_nought_by_nought_is_the_quotient_of_the_rates():
    result = found(lambda row, period: np.where(row("income", period) > 0, row("income", period) * 0.2 / row("income", period), 0), [0])
    assert (result.above[0], result.below[0]) == (0.2, 0)


def test_members_and_groups():
    def household(tax, period):
        return tax.max(tax.members("income", period)) + tax.sum(tax.members("income", period)) * 2

    inputs = [variable("income", PERSON), variable("result", TAX, household), variable("back", PERSON, lambda person, period: person.tax("result", period))]
    population = Population(
        {"person": 4, "house": 0, "tax": 2, "town": 0},
        {("person", "tax"): (np.array([0, 0, 1, -1]), np.array([0, 1, 0, 0])), ("person", "house"): (np.full(4, -1), np.zeros(4, int)), ("house", "town"): []},
    )
    simulation = simulate(law(*inputs, entities=COUNTRY), population, {"income": np.array([5.0, 5, 3, 9])})
    first = marginal(simulation, "result", 2020, "income", rows=[0])
    assert (first.right.tolist(), first.left.tolist()) == ([3, 0], [2, 0])  # of two equal members, the one that rises is the largest
    everybody = marginal(simulation, "back", 2020, "income")
    assert everybody.right.tolist() == [5, 5, 3, 0]


def test_months_move_together_or_apart():
    inputs = [
        variable("wage", ROW, definition_period=MONTH, set_input=set_input_divide_by_period),
        variable("result", ROW, lambda row, period: sum(np.maximum(row("wage", month) - 100, 0) for month in period.get_subperiods(MONTH))),
    ]
    simulation = simulate(law(*inputs), rows(40), {"wage": np.full(40, 2400.0)})
    assert marginal(simulation, "result", 2020, "wage").right == pytest.approx(np.ones(40))
    january = [key for key in simulation.inputs if key[1].start.month == 1]
    assert marginal(simulation, "result", 2020, january).right.tolist() == [1] * 40
    assert marginal(simulation, "result", 2020, dict.fromkeys(january, 0.25)).left.tolist() == [0.25] * 40


def test_a_formula_that_walks_is_a_difference_and_told():
    result = found(lambda row, period: np.array([max(x - 100, 0) * 0.5 for x in row("income", period)]), [50, 150])
    assert result.estimated
    assert result.right == pytest.approx([0, 0.5])


def test_what_is_not_given_cannot_move():
    legislation = law(variable("income", ROW), variable("other", ROW), variable("result", ROW, lambda row, period: row("income", period)))
    simulation = simulate(legislation, rows(1), {"other": np.ones(1)})
    with pytest.raises(CalculationError, match="`income` is not given for 2020"):
        marginal(simulation, "result", 2020, "income")


@given(st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=5), st.integers(0, 3))
def test_thresholds_of_a_scale_are_seen_from_both_sides(others, which):
    thresholds, taxes = [0.0, 10_225, 26_070, 74_545], [0.0, 0.11, 0.3, 0.41]

    def scale(row, period):
        income = row("income", period)
        return sum((np.maximum(income - low, 0) * (rate - before) for low, rate, before in zip(thresholds, taxes, [0.0, *taxes], strict=False)), 0.0)

    result = found(scale, [thresholds[which], *others])
    assert result.right[0] == pytest.approx(taxes[which])
    assert result.left[0] == pytest.approx([0.0, *taxes][which])
