"""Inputs and results: what may be given, what comes out, and that nothing set in one place is seen in another (law 9)."""

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from country import RULES, World, check, country, worlds
from engine.equal_columns import FEWEST_ROWS_SHARED
from engine.errors import (
    EnumMemberNotFoundError,
    FormulaError,
    InputConflictError,
    PeriodMismatchError,
    VariableNotFoundError,
    VariableValueError,
)
from engine.periods import ETERNITY, MONTH, period
from engine.population import Population
from engine.simulation import Simulation
from engine.variables import ADD, Enum, EnumArray, calculate_output_add, calculate_output_divide, set_input_dispatch_by_period, set_input_divide_by_period
from graph_law import ROW, Kind, figures, law, rows, same, simulate, variable

INPUTS = [
    variable("x", ROW),
    variable("whole", ROW, value_type=int),
    variable("true", ROW, value_type=bool),
    variable("text", ROW, value_type=str),
    variable("born", ROW, value_type=datetime.date),
    variable("kind", ROW, value_type=Enum),
    variable("always", ROW, value_type=int, definition_period=ETERNITY),
    variable("monthly", ROW, definition_period=MONTH, set_input=set_input_divide_by_period, calculate_output=calculate_output_add),
    variable("counted", ROW, value_type=int, definition_period=MONTH, set_input=set_input_divide_by_period),
    variable("status", ROW, value_type=str, definition_period=MONTH, set_input=set_input_dispatch_by_period),
    variable("plain", ROW, definition_period=MONTH),
    variable("yearly", ROW, calculate_output=calculate_output_divide),
    variable("ended", ROW, end="2018-12-31"),
]
RULES_OF_LAW = [
    variable("double", ROW, lambda row, at: row("x", at) * 2),
    variable("age", ROW, lambda row, at: at.start.year - (row("born", at).astype("datetime64[Y]").astype(int) + 1970), int),
    variable("adult", ROW, lambda row, at: row("born", at) <= np.datetime64("2002-01-01"), bool),
    variable("birthday", ROW, lambda row, at: np.where(row("true", at), row("born", at), np.datetime64("2000-01-01")), datetime.date),
    variable("greeting", ROW, lambda row, at: np.where(row("text", at) == "", "nobody", row("text", at) + "!"), str),
    variable("other_kind", ROW, lambda row, at: np.where(row("kind", at) == Kind.owner, Kind.guest, row("kind", at)), Enum),
    variable("named_kind", ROW, lambda row, at: np.where(row("x", at) > 1, "guest", "owner"), Enum),
    variable("truncated", ROW, lambda row, at: row("x", at), int),
    variable("year_of_months", ROW, lambda row, at: row("monthly", at, options=[ADD])),
]
LAW = law(*INPUTS, *RULES_OF_LAW)


def simulated(inputs, count=3, **options):
    return simulate(LAW, rows(count), inputs, **options)


# Results


def test_results_are_read_only():
    simulation = simulated({"x": [1.0, 2.0, 3.0], "kind": [0, 1, 2], "text": ["a", "b", "c"]})
    for name in ("x", "double", "kind", "other_kind", "text", "greeting", "whole", "truncated", "born"):
        result = simulation.calculate(name, "2020")
        with pytest.raises(ValueError, match=r"read-only|assignment destination"):
            result[0] = result[1]
    assert same(simulation.calculate("double", "2020"), np.array([2.0, 4.0, 6.0]))


def test_results_have_the_type_of_their_variable():
    simulation = simulated({"x": [1.9, -1.9, 0.0]})
    types = {"x": np.float64, "double": np.float64, "whole": np.int64, "true": np.bool_, "text": object, "born": "datetime64[D]", "truncated": np.int64}
    for name, kind in types.items():
        assert simulation.calculate(name, "2020").dtype == np.dtype(kind)
    assert same(simulation.calculate("truncated", "2020"), np.array([1, -1, 0]))


def test_enumerations_come_out_as_rows_of_the_enumeration():
    simulation = simulated({"kind": ["owner", "tenant", "guest"], "x": [1.0, 2.0, 3.0]})
    for name, wanted in (("kind", ["owner", "tenant", "guest"]), ("other_kind", ["guest", "tenant", "guest"]), ("named_kind", ["owner", "guest", "guest"])):
        result = simulation.calculate(name, "2020")
        assert isinstance(result, EnumArray)
        assert result.possible_values is Kind
        assert result.decode_to_str().tolist() == wanted
    assert isinstance(simulated({}).calculate("kind", "2020"), EnumArray)


@pytest.mark.parametrize("values", [["owner", "guest", "tenant"], [Kind.owner, Kind.guest, Kind.tenant], [0, 2, 1], Kind.encode(["owner", "guest", "tenant"])])
def test_members_are_given_by_name_position_or_themselves(values):
    assert simulated({"kind": values}).calculate("kind", "2020").decode_to_str().tolist() == ["owner", "guest", "tenant"]


def test_dates():
    born = np.array(["1990-06-15", "2001-12-31", "2010-01-01"], dtype="datetime64[D]")
    for values in (born, ["1990-06-15", "2001-12-31", "2010-01-01"], [datetime.date(1990, 6, 15), datetime.date(2001, 12, 31), datetime.date(2010, 1, 1)]):
        simulation = simulated({"born": values, "true": [True, False, True]})
        assert same(simulation.calculate("born", "2020"), born)
        assert same(simulation.calculate("age", "2020"), np.array([30, 19, 10]))
        assert same(simulation.calculate("adult", "2020"), np.array([True, True, False]))
        assert same(simulation.calculate("birthday", "2020"), np.array(["1990-06-15", "2000-01-01", "2010-01-01"], dtype="datetime64[D]"))
    assert same(simulated({}).calculate("age", "2020"), np.array([50, 50, 50]))


def test_texts():
    for values in (["", "x", "été"], np.array(["", "x", "été"]), np.array(["", "x", "été"], dtype=object)):
        simulation = simulated({"text": values})
        assert same(simulation.calculate("text", "2020"), np.array(["", "x", "été"], dtype=object))
        assert same(simulation.calculate("greeting", "2020"), np.array(["nobody", "x!", "été!"], dtype=object))
        assert all(type(value) is str for value in simulation.calculate("greeting", "2020"))
    assert same(simulated({}).calculate("greeting", "2020"), np.array(["nobody"] * 3, dtype=object))


def test_one_value_given_for_all():
    assert same(simulated({"x": 5}).calculate("double", "2020"), np.full(3, 10.0))


def test_no_rows_at_all():
    simulation = simulated({"x": np.zeros(0), "kind": np.zeros(0, int), "text": np.zeros(0, object)}, count=0)
    for name in ("double", "age", "greeting", "other_kind", "named_kind", "truncated"):
        assert len(simulation.calculate(name, "2020")) == 0


# What may be asked


def test_eternity_is_asked_with_any_period_or_none():
    simulation = simulated({("always", "eternity"): [1, 2, 3]})
    for at in (None, "eternity", "2020", "2020-01"):
        assert same(simulation.calculate("always", at), np.array([1, 2, 3]))
    assert simulation.traced("always", "2020").is_input


@pytest.mark.parametrize(
    "name, at, message",
    [
        ("x", "2020-01", "`x` is defined for a year; it was asked for 2020-01"),
        ("monthly", "2020", "`monthly` is defined for a month"),
        ("x", "year:2020:2", "`x` is defined for a year"),
        ("x", None, "`x` is defined for a year"),
        ("x", "eternity", "`x` is defined for a year"),
    ],
)
def test_a_period_that_the_variable_does_not_have(name, at, message):
    with pytest.raises(PeriodMismatchError, match=message):
        simulated({}).calculate(name, at)


def test_an_unknown_variable():
    for ask in (lambda s: s.calculate("duoble", "2020"), lambda s: s.set_input("duoble", "2020", [1]), lambda s: s.calculate_add("duoble", "2020")):
        with pytest.raises(VariableNotFoundError, match=r"`duoble`.*`double`"):
            ask(simulated({}))


def test_months_are_added_and_years_divided():
    simulation = simulated({("monthly", f"2020-{month:02}"): np.array([1.0, 0.0, 0.5]) * month for month in range(1, 13)} | {("x", "2020"): [12.0, 24.0, 0.0]})
    assert same(simulation.calculate_add("monthly", "2020"), np.array([78.0, 0.0, 39.0]))
    assert same(simulation.calculate_add("monthly", "month:2020-03:2"), np.array([7.0, 0.0, 3.5]))
    assert same(simulation.calculate_output("monthly", "2020"), np.array([78.0, 0.0, 39.0]))
    assert same(simulation.calculate("year_of_months", "2020"), simulation.calculate_add("monthly", "2020"))
    assert same(simulation.calculate_divide("x", "2020-05"), np.array([1.0, 2.0, 0.0]))
    assert same(simulation.calculate_output("yearly", "2020-05"), np.zeros(3))
    assert same(simulation.calculate_output("x", "2020"), np.array([12.0, 24.0, 0.0]))
    with pytest.raises(PeriodMismatchError):
        simulation.calculate_add("always", "2020")
    with pytest.raises(PeriodMismatchError):
        simulation.calculate_divide("always", "2020")


@settings(max_examples=40)
@given(st.lists(st.floats(-1e6, 1e6), min_size=12, max_size=12), st.integers(2, 5))
def test_a_sum_over_months_is_the_same_for_one_row_as_among_others(amounts, count):
    def total(size, ask):
        return ask(simulate(LAW, rows(size), {("monthly", f"2020-{month + 1:02}"): np.full(size, amount) for month, amount in enumerate(amounts)}))[0]

    for ask in (lambda simulation: simulation.calculate_add("monthly", "2020"), lambda simulation: simulation.calculate("year_of_months", "2020")):
        assert total(1, ask) == total(count, ask)
    assert total(1, lambda simulation: simulation.calculate_add("monthly", "2020")) == total(
        1, lambda simulation: simulation.calculate("year_of_months", "2020")
    )


def test_several_results_are_computed_in_one_pass():
    simulation = simulated({"x": [1.0, 2.0, 3.0]}, block_rows=1, threads=1)
    told = []
    results = simulation.calculate_all([("double", "2020"), ("truncated", "2020"), ("x", "2020")], progress=lambda done, total: told.append((done, total)))
    assert set(results) == {(name, period("2020")) for name in ("double", "truncated", "x")}
    assert told == [(1, 3), (2, 3), (3, 3)]


# What is given


def test_a_year_is_shared_among_its_months():
    simulation = simulated({("monthly", "2020"): [12.0, 24.0, 0.0], ("counted", "2020"): [14, 24, 0], ("status", "2020"): ["a", "b", "c"]})
    assert same(simulation.calculate("monthly", "2020-07"), np.array([1.0, 2.0, 0.0]))
    assert same(simulation.calculate_add("counted", "2020"), np.array([14, 24, 0]))
    assert same(simulation.calculate("status", "2020-07"), np.array(["a", "b", "c"], dtype=object))
    assert simulation.known_periods("monthly")[0] == period("2020-01")
    assert len(simulation.known_periods("status")) == 12


def test_months_known_before_are_respected():
    simulation = simulated({("monthly", "2020-01"): [10.0, 0.0, 0.0]})
    simulation.set_input("monthly", "2020", [21.0, 11.0, 0.0])
    assert same(simulation.calculate("monthly", "2020-01"), np.array([10.0, 0.0, 0.0]))
    assert same(simulation.calculate("monthly", "2020-02"), np.array([1.0, 1.0, 0.0]))
    with pytest.raises(InputConflictError):
        simulation.set_input("monthly", "2020", [22.0, 11.0, 0.0])


@pytest.mark.parametrize(
    "name, at, values, error, message",
    [
        ("x", "2020", [1.0, 2.0], VariableValueError, "`x` was given 2 values; there are 3 rows of `row`"),
        ("x", "2020", ["one", "two", "three"], VariableValueError, "`x`"),
        ("x", "2020", np.ones((3, 1)), VariableValueError, r"`x`.*\(3, 1\)"),
        ("whole", "2020", [1.5, 2.0, 3.0], VariableValueError, "`whole`.*1.5.*row 0"),
        ("true", "2020", [0, 1, 2], VariableValueError, "`true`"),
        ("kind", "2020", ["owner", "tenent", "guest"], EnumMemberNotFoundError, "`kind`.*tenent.*tenant"),
        ("born", "2020", ["2020-01-32", "2020-01-01", "2020-01-01"], VariableValueError, "`born`"),
        ("plain", "2020", [1.0, 2.0, 3.0], PeriodMismatchError, "`plain` is defined for a month.*set_input"),
        ("x", "2020-01", [1.0, 2.0, 3.0], PeriodMismatchError, "`x`"),
        ("x", "year:2020:2", [1.0, 2.0, 3.0], PeriodMismatchError, "`x`"),
    ],
)
def test_an_input_that_does_not_fit_is_refused_and_changes_nothing(name, at, values, error, message):
    simulation = simulated({"x": [1.0, 2.0, 3.0]})
    before = simulation.calculate("double", "2020")
    with pytest.raises(error, match=message):
        simulation.set_input(name, at, values)
    assert same(simulation.calculate("double", "2020"), before)
    assert set(simulation.inputs) == {("x", period("2020"))}


def test_an_input_of_a_variable_that_exists_no_more_is_left_out():
    simulation = simulated({("ended", "2018"): [1.0, 2.0, 3.0], ("ended", "2019"): [4.0, 5.0, 6.0]})
    assert same(simulation.calculate("ended", "2018"), np.array([1.0, 2.0, 3.0]))
    assert same(simulation.calculate("ended", "2019"), np.zeros(3))


def test_an_input_after_a_result_is_seen():
    simulation = simulated({"x": [1.0, 2.0, 3.0]})
    first = simulation.calculate("double", "2020")
    simulation.set_input("x", "2020", [10.0, 20.0, 30.0])
    assert same(simulation.calculate("double", "2020"), np.array([20.0, 40.0, 60.0]))
    assert same(first, np.array([2.0, 4.0, 6.0])), "a result that was given out does not change"
    simulation.set_input("double", "2020", [0.0, 0.0, 1.0])
    assert same(simulation.calculate("double", "2020"), np.array([0.0, 0.0, 1.0]))


def test_the_last_of_two_inputs_stands():
    simulation = simulated({"x": [1.0, 2.0, 3.0]})
    simulation.set_input("x", "2020", [7.0, 8.0, 9.0])
    assert same(simulation.calculate("x", "2020"), np.array([7.0, 8.0, 9.0]))
    assert len(simulation.inputs) == 1


def test_an_array_given_is_not_shared_with_the_giver():
    values, texts = np.array([1.0, 2.0, 3.0]), np.array(["a", "b", "c"], dtype=object)
    simulation = simulated({"x": values, "text": texts})
    values[:], texts[:] = 99, "z"
    assert same(simulation.calculate("double", "2020"), np.array([2.0, 4.0, 6.0]))
    assert same(simulation.calculate("text", "2020"), np.array(["a", "b", "c"], dtype=object))


def test_an_array_may_be_taken_over_without_a_copy():
    values = np.array([1.0, 2.0, 3.0])
    simulation = simulated({})
    simulation.set_input("x", "2020", values, copy=False)
    assert np.shares_memory(simulation.calculate("x", "2020"), values)
    assert not simulation.calculate("x", "2020").flags.writeable


# Clones


def test_a_clone_is_a_simulation_of_its_own():
    simulation = simulated({"x": [1.0, 2.0, 3.0], ("monthly", "2020-01"): [1.0, 1.0, 1.0]})
    simulation.calculate("double", "2020")
    clone = simulation.clone()
    clone.set_input("x", "2020", [5.0, 5.0, 5.0])
    clone.set_input("monthly", "2020-02", [2.0, 2.0, 2.0])
    simulation.set_input("monthly", "2020-03", [3.0, 3.0, 3.0])
    assert same(simulation.calculate("double", "2020"), np.array([2.0, 4.0, 6.0]))
    assert same(clone.calculate("double", "2020"), np.full(3, 10.0))
    assert len(simulation.known_periods("monthly")) == len(clone.known_periods("monthly")) == 2
    assert same(simulation.calculate("monthly", "2020-02"), np.zeros(3))
    assert same(clone.calculate("monthly", "2020-03"), np.zeros(3))


# Nothing depends on the way (law 9)

COUNTRY_LAW = country()


@settings(max_examples=25)
@given(worlds(), st.data())
def test_inputs_given_one_after_the_other_with_results_in_between(world, data):
    """The last state counts, whatever was set and asked before."""
    simulation = Simulation(COUNTRY_LAW, world.population, block_rows=data.draw(st.sampled_from([2, 1000])))
    for name in data.draw(st.permutations(sorted(world.values))):
        simulation.set_input(name, "2020", world[name])
        if data.draw(st.booleans()):
            simulation.calculate(data.draw(st.sampled_from(sorted(RULES))), "2020")
    check(world, simulation)


@settings(max_examples=15)
@given(worlds(), st.permutations(sorted(RULES)))
def test_one_pass_or_many_give_the_same(world, names):
    check(world, simulate(COUNTRY_LAW, world.population, world.values, threads=2, block_rows=4), names)
    alone = simulate(COUNTRY_LAW, world.population, world.values)
    for name in names[:8]:
        check(world, alone, [name])


@settings(max_examples=20)
@given(worlds(), st.lists(st.sampled_from(["amount", "works", "zone", "status", "rent", "credit"]), unique=True))
def test_an_input_that_is_missing_is_its_default(world, missing):
    simulation = simulate(COUNTRY_LAW, world.population, {name: values for name, values in world.values.items() if name not in missing})
    values = {name: np.zeros_like(values) if values.dtype != object else np.full_like(values, "") for name, values in world.values.items() if name in missing}
    check(World(world.counts, world.house, world.house_roles, world.tax, world.tax_roles, world.town, {**world.values, **values}), simulation)


def test_a_formula_that_writes_into_what_it_reads_changes_it_for_nobody():
    def writes(row, at):
        x = row("x", at)
        x[x > 1] = 0
        x += 100
        return x

    legislation = law(*INPUTS, variable("first", ROW, writes), variable("second", ROW, lambda row, at: row("first", at) + row("x", at)))
    simulation = simulate(legislation, rows(3), {"x": [1.0, 2.0, 3.0]})
    assert same(simulation.calculate("second", "2020"), np.array([102.0, 102.0, 103.0]))
    assert same(simulation.calculate("x", "2020"), np.array([1.0, 2.0, 3.0]))


def test_figures_of_the_law_are_those_of_the_period():
    from engine.parameters import parameters_from_data

    parameters = parameters_from_data({"rate": {"values": {"2000-01-01": {"value": 1}, "2021-01-01": {"value": 2}}}})
    legislation = law(*INPUTS, variable("due", ROW, lambda row, at, figures_: row("x", at) * figures_(at).rate), parameters=parameters)
    simulation = simulate(legislation, rows(1), {("x", "2020"): [5.0], ("x", "2021"): [5.0], ("x", "1999"): [5.0]})
    assert same(simulation.calculate("due", "2020"), np.array([5.0]))
    assert same(simulation.calculate("due", "2021"), np.array([10.0]))
    with pytest.raises(FormulaError, match="`rate` has no value"):
        simulation.calculate("due", "1999")


def test_vintages_of_a_formula_are_those_of_the_period():
    formulas = {"formula": lambda row, at: row("x", at), "formula_2018": lambda row, at: row("x", at) * 2, "formula_2020_07": lambda row, at: row("x", at) * 3}
    legislation = law(*INPUTS, variable("due", ROW, formulas, end="2021-12-31"))
    simulation = simulate(legislation, rows(1), {("x", str(year)): [1.0] for year in range(2016, 2024)})
    assert [float(simulation.calculate("due", str(year))[0]) for year in range(2016, 2024)] == [1, 1, 2, 2, 2, 3, 0, 0]


def test_a_population_of_one_row_asks_truths_as_numpy_does():
    formula = variable("branch", ROW, lambda row, at: row("x", at) * 2 if row("x", at) > 1 else row("x", at))
    legislation = law(*INPUTS, formula, parameters=figures(nothing=0))
    assert same(simulate(legislation, rows(1), {"x": [2.0]}).calculate("branch", "2020"), np.array([4.0]))
    assert same(simulate(legislation, rows(1), {"x": [1.0]}).calculate("branch", "2020"), np.array([1.0]))
    with pytest.raises(FormulaError, match="`if` asks for one answer"):
        simulate(legislation, rows(2), {"x": [1.0, 2.0]}).calculate("branch", "2020")


def test_populations_are_shared_by_simulations():
    population = Population({"row": 2})
    first, second = Simulation(LAW, population), Simulation(LAW, population)
    first.set_input("x", "2020", [1.0, 2.0])
    assert same(second.calculate("double", "2020"), np.zeros(2))


# Months that are given alike are one leaf of the graph


def monthly_law():
    pay = variable("pay", ROW, definition_period=MONTH, set_input=set_input_divide_by_period)
    tax = variable("tax", ROW, lambda row, month: row("pay", month) * 0.25, definition_period=MONTH)
    return law(pay, tax, variable("year_tax", ROW, lambda row, year: row("tax", year, options=[ADD])))


def months():
    return period("2020").get_subperiods("month")


def test_the_months_of_an_amount_of_a_year_are_one_leaf():
    simulation = simulate(monthly_law(), rows(1), {("pay", "2020"): [1200.0]})
    assert len({simulation.traced("tax", month).node.number for month in months()}) == 1
    assert same(simulation.calculate("year_tax", "2020"), np.array([300.0]))


@pytest.mark.parametrize("count, leaves", [(1, 12), (FEWEST_ROWS_SHARED, 1)])
def test_months_that_are_equal_in_many_rows_are_one_leaf_and_in_a_few_by_chance_are_not(count, leaves):
    inputs = {("pay", str(month)): np.arange(count) * 10.0 for month in months()}
    simulation = simulate(monthly_law(), rows(count), inputs)
    assert len({simulation.traced("tax", month).node.number for month in months()}) == leaves
    assert same(simulation.calculate("year_tax", "2020"), np.arange(count) * 30.0)


@given(st.lists(st.sampled_from([0, 1, 2]), min_size=12, max_size=12), st.lists(st.tuples(st.integers(0, 11), st.sampled_from([0, 1, 3])), max_size=4))
def test_months_given_alike_or_not_and_changed_later(pays, changes):
    """Which months are equal changes the graph, never the result."""
    legislation, columns = monthly_law(), [np.arange(FEWEST_ROWS_SHARED) * 100.0 + pay for pay in range(4)]
    simulation = simulate(legislation, rows(FEWEST_ROWS_SHARED), {("pay", str(month)): columns[pay] for month, pay in zip(months(), pays, strict=True)})
    for place, pay in [(0, pays[0]), *changes]:
        pays = [*pays[:place], pay, *pays[place + 1 :]]
        simulation.set_input("pay", months()[place], columns[pay])
        assert same(simulation.calculate("year_tax", "2020"), sum(columns[pay] for pay in pays) * 0.25)
        for month, each in zip(months(), pays, strict=True):
            assert same(simulation.calculate("tax", month), columns[each] * 0.25)
