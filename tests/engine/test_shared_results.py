"""What is found for one population, law or set of inputs must not serve another where a formula would have given something else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BaremeError, CalculationError
from engine.kept_graphs import KeptGraphs
from engine.periods import MONTH
from engine.population import Population
from engine.reform import reform_from_data
from engine.simulation import Simulation
from engine.variables import ADD, set_input_divide_by_period
from graph_law import COUNTRY, HOUSE, PERSON, ROW, figures, law, rows, same, simulate, variable

X = variable("x", ROW)
Y = variable("y", ROW)


def asked(legislation, x, name, **inputs):
    return simulate(legislation, rows(len(x)), {"x": np.array(x), **inputs}).calculate(name, "2020")


def test_a_variable_not_traced_yet_does_not_come_by_another_populations_way():
    guarded = variable("m", ROW, lambda row, at: row("x", at) * 2 if (row("x", at) > 10).any() else row("x", at) * 3)
    legislation = law(X, guarded, variable("p", ROW, lambda row, at: row("m", at) + 1))
    assert same(asked(legislation, [1.0], "m"), np.array([3.0]))
    assert same(asked(legislation, [100.0], "p"), np.array([201.0]))
    assert same(asked(legislation, [2.0], "p"), np.array([7.0]))


def test_the_ways_within_a_spiral_are_those_of_the_population():
    guarded = variable("g", ROW, lambda row, at: row("x", at) * 2 if (row("x", at) > 10).any() else row("x", at) * 3)
    spiral = variable("s", ROW, lambda row, at: row("s", at.last_year) + row("g", at))
    legislation = law(X, guarded, spiral, variable("k", ROW, lambda row, at: row("s", at) + 1), max_spiral_loops=1)
    for _ in range(3):
        assert same(asked(legislation, [1.0], "k"), np.array([4.0]))
        assert same(asked(legislation, [100.0], "k"), np.array([201.0]))
    (family,) = legislation.kept_graphs.families
    assert all(len(trace.guards_of_forgotten) <= 1 for trace in family.traces)


def test_an_opaque_formula_of_a_reform_reads_what_the_reform_says():
    def walk(row, at):
        return np.array(list(row("b", at) if (row("b", at) <= 10).all() else row("a", at)))

    base = law(X, variable("a", ROW, lambda row, at: row("x", at) + 0), variable("b", ROW, lambda row, at: row("x", at) * 1), variable("o", ROW, walk))
    reform = base.replacing(variable("a", ROW, lambda row, at: row("x", at) * 2))
    assert same(asked(base, [3.0], "o"), np.array([3.0]))
    assert same(asked(reform, [3.0], "o"), np.array([3.0]))
    assert same(asked(reform, [100.0], "o"), np.array([200.0]))


def test_another_default_is_another_variable_for_whoever_has_none():
    base = law(variable("rent", HOUSE), variable("own", PERSON, lambda person, at: person.house("rent", at)), entities=COUNTRY)
    links = {("person", "house"): np.array([0, -1]), ("person", "tax"): np.zeros(2, int), ("house", "town"): np.zeros(1, int)}
    people = Population({"person": 2, "house": 1, "tax": 1, "town": 1}, links)
    assert same(simulate(base, people, {"rent": [7.0]}).calculate("own", "2020"), np.array([7.0, 0.0]))
    reform = base.updating(variable("rent", HOUSE, default_value=5.0))
    assert same(simulate(reform, people, {"rent": [7.0]}).calculate("own", "2020"), np.array([7.0, 5.0]))


def test_another_kind_of_period_is_another_variable():
    def year(row, at):
        return row("pay", at, options=[ADD])

    base = law(variable("pay", ROW, definition_period=MONTH, set_input=set_input_divide_by_period, default_value=1.0), variable("total", ROW, year))
    assert same(simulate(base, rows(1), {}).calculate("total", "2020"), np.array([12.0]))
    reform = base.replacing(variable("pay", ROW, default_value=1.0))
    assert same(simulate(reform, rows(1), {}).calculate("total", "2020"), np.array([1.0]))


def test_a_variable_that_a_reform_adds_is_found_by_a_formula_that_looked_for_it():
    def looks(row, at):
        try:
            return row("new", at) + 1
        except BaremeError:
            return row("x", at)

    base = law(X, variable("result", ROW, looks))
    assert same(asked(base, [3.0], "result"), np.array([3.0]))
    reform = base.with_variable(variable("new", ROW, default_value=50.0))
    assert same(asked(reform, [3.0], "result"), np.array([51.0]))


def test_a_branch_that_a_reform_takes_away_is_missed_by_a_formula_that_looked_for_it():
    def looks(row, at, parameters):
        return row("x", at) + (1.0 if hasattr(parameters(at), "branch") else 0.0)

    base = law(X, variable("result", ROW, looks), parameters=figures(rate=1, branch={"rate": 2}))
    assert same(asked(base, [3.0], "result"), np.array([4.0]))
    assert same(asked(base.with_parameters(figures(rate=1)), [3.0], "result"), np.array([3.0]))


def test_a_formula_that_caught_an_error_runs_again_for_other_inputs():
    def fails(row, at):
        raise ValueError("no")

    def catches(row, at):
        try:
            return row("broken", at)
        except BaremeError:
            return row("x", at)

    legislation = law(X, Y, variable("broken", ROW, fails), variable("result", ROW, catches))
    assert same(asked(legislation, [3.0], "result"), np.array([3.0]))
    assert same(asked(legislation, [3.0], "result", y=[1.0]), np.array([3.0]))


def test_texts_looked_up_by_the_plan_serve_what_is_computed_directly():
    zone = variable("zone", ROW, value_type=str)
    legislation = law(
        X, zone, variable("copy", ROW, lambda row, at: row("zone", at), value_type=str), variable("is_a", ROW, lambda r, a: (r("copy", a) == "a") * 1.0)
    )
    simulation = simulate(legislation, rows(3), {"zone": ["a", "b", "a"], "x": [1.0, 2.0, 3.0]})
    simulation.calculate_all([("copy", "2020")], progress=lambda done, total: None)
    assert same(simulation.calculate("is_a", "2020"), np.array([1.0, 0.0, 1.0]))


def test_the_empty_text_is_not_the_text_of_two_quotes():
    zone = variable("zone", ROW, value_type=str)
    result = variable("result", ROW, lambda row, at: (row("zone", at) == "") * 1.0 + (row("zone", at) == "''") * 10.0)
    found = simulate(law(zone, result), rows(3), {"zone": ["", "''", "b"]}).calculate("result", "2020")
    assert same(found, np.array([1.0, 10.0, 0.0]))


def test_months_of_zero_and_of_minus_zero_are_not_one():
    pay = variable("pay", ROW, definition_period=MONTH)
    legislation = law(pay, variable("inverse", ROW, lambda row, at: 1 / row("pay", at), definition_period=MONTH))
    inputs = {("pay", "2020-01"): np.zeros(64), ("pay", "2020-02"): -np.zeros(64)}
    simulation = simulate(legislation, rows(64), inputs)
    assert simulation.calculate("inverse", "2020-01")[0] == np.inf
    assert simulation.calculate("inverse", "2020-02")[0] == -np.inf


@pytest.mark.parametrize("count", [3, 10, 200])
def test_a_walk_that_counts_in_its_own_way_or_draws_by_lot_gets_all_rows(count):
    random = np.random.default_rng(1)

    def counts(row, at):
        return row("x", at) + (1.0 if len(list(row("y", at))) > 5 else 0.0)

    def draws(row, at):
        return np.array([value + (random.random() < 0.5) for value in row("y", at)]) + row("x", at)

    legislation = law(X, Y, variable("counted", ROW, counts), variable("drawn", ROW, draws))
    simulation = simulate(legislation, rows(count), {"x": np.zeros(count)})
    assert same(simulation.calculate("counted", "2020"), np.full(count, float(count > 5)))
    assert count < 200 or 0 < simulation.calculate("drawn", "2020").mean() < 1


def test_programs_keep_no_array_of_a_population():
    legislation = law(X, variable("made", ROW, lambda row, at: np.array([value + 1 for value in row("x", at)]) * 2 + row("x", at)), kept_graphs=KeptGraphs())
    assert same(asked(legislation, [1.0, 2.0], "made"), np.array([5.0, 8.0]))
    (family,) = legislation.kept_graphs.families
    assert not any(node.is_passing for program in family.programs._programs.values() for _, node in program.leaves)


def test_a_reform_of_a_simulation_takes_over_what_it_leaves_and_nothing_else():
    """Also where only an opaque formula reads the figure that changes, and where inputs are set afterwards."""
    base = law(
        X,
        variable("kept", ROW, lambda row, at: row("x", at) + 1),
        variable("due", ROW, lambda row, at, parameters: row("x", at) * parameters(at).rate),
        variable("walked", ROW, lambda row, at, parameters: np.array([each * parameters(at).rate for each in row("x", at)])),
        variable("after", ROW, lambda row, at: row("walked", at) + row("kept", at)),
        parameters=figures(rate=2.0),
    )
    reform = reform_from_data({"parameters": {"rate": {"2000-01-01": 3.0}}})(base)
    names = ("kept", "due", "walked", "after")
    simulation = simulate(base, rows(2), {"x": np.array([5.0, 7.0])})
    before = {name: simulation.calculate(name, "2020") for name in names}
    assert same(before["after"], np.array([16.0, 22.0]))
    other = simulation.under(reform)
    assert same(other.calculate("kept", "2020"), before["kept"])
    assert other.calculate("kept", "2020").base is before["kept"].base
    assert [same(other.calculate(name, "2020"), expected) for name, expected in (("due", np.array([15.0, 21.0])), ("walked", np.array([15.0, 21.0])))] == [
        True,
        True,
    ]
    assert same(other.calculate("after", "2020"), np.array([21.0, 29.0]))
    changed = simulation.under(reform)
    changed.set_input("x", "2020", np.array([1.0, 1.0]))
    assert same(changed.calculate("kept", "2020"), np.array([2.0, 2.0]))


def spiralling():
    """A law whose rules need one another at earlier years: where a spiral ends depends on what was asked before."""
    return law(
        variable("a", ROW, lambda row, at: row("b", at) + 10),
        variable("b", ROW, lambda row, at: row("a", at.last_year) + 1),
        variable("c", ROW, lambda row, at: row("b", at)),
        variable("y", ROW, lambda row, at: row("a", at) + row("c", at)),
        max_spiral_loops=1,
    )


def values_of(legislation, names):
    simulation = Simulation(legislation, rows(1))
    return [simulation.calculate(name, "2020").item() for name in names]


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from("abcy"), min_size=1, max_size=4), min_size=2, max_size=6))
def test_under_the_spiral_rule_a_simulation_does_not_depend_on_those_before(sequences):
    shared = spiralling()
    for names in sequences:
        assert values_of(shared, names) == values_of(spiralling(), names)


def test_the_same_questions_in_the_same_order_find_the_trace():
    legislation = spiralling()
    for _ in range(3):
        values_of(legislation, "cy")
    (family,) = legislation.kept_graphs.families
    assert len(family.traces) == 1
    values_of(legislation, "y")
    assert len(family.traces) == 2


def test_a_question_aside_is_none():
    """What is looked at aside is not noted as asked: it changes neither what comes after nor which trace serves others."""
    legislation = spiralling()
    simulation = Simulation(legislation, rows(1))
    simulation.calculate("y", "2020")
    (family,) = legislation.kept_graphs.families
    (trace,) = family.traces
    assert [name for name, _ in trace.requests] == ["y"]
    aside = simulation.traced_aside("c", "2019")
    assert aside.rule.name == "c"
    assert [name for name, _ in aside.reads] == ["b"]
    with pytest.raises(CalculationError, match="within a spiral"):
        simulation.traced_aside("a", "2019")
    assert [name for name, _ in trace.requests] == ["y"]
    assert family.traces == [trace]
    simulation.traced("c", "2018")  # asked in earnest, it counts
    assert [name for name, _ in trace.requests] == ["y", "c"]
    assert values_of(legislation, "y") == values_of(spiralling(), "y")
