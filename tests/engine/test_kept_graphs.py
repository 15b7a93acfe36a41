"""Laws 1, 4 and 8: a graph is traced once for a set of given inputs and serves every population that has them."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from country import INPUTS, RULES, check, country, worlds
from engine.graph.nodes import Graph
from engine.kept_graphs import BYTES_PER_NODE, KeptGraphs
from engine.simulation import Simulation
from graph_law import COUNTRY, ROW, Counter, figures, law, rows, same, simulate, variable

X, Y, Z = variable("x", ROW), variable("y", ROW), variable("z", ROW)


def counted_law(counter, **options):
    counted = counter.counted
    return law(
        X,
        Y,
        Z,
        variable("double", ROW, counted("double", lambda row, at, _: row("x", at) * 2)),
        variable("sum", ROW, counted("sum", lambda row, at, parameters: row("double", at) + row("y", at) * parameters(at).rate)),
        variable("branch", ROW, counted("branch", lambda row, at, _: row("sum", at) if (row("x", at) > 10).any() else -row("sum", at))),
        variable("walk", ROW, counted("walk", lambda row, at, _: np.array([value + 1 for value in row("sum", at)]))),
        parameters=figures(rate=0.5),
        **options,
    )


def expected(x, y, name):
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    total = x * 2 + y * 0.5
    return {"double": x * 2, "sum": total, "branch": total if (x > 10).any() else -total, "walk": total + 1}[name]


def asked(legislation, x, y, name="sum", **options):
    return simulate(legislation, rows(len(x)), {"x": x, "y": y}, **options).calculate(name, "2020")


NUMBERS = st.integers(-100, 100).map(lambda number: number / 4)


@settings(max_examples=40)
@given(st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=0, max_size=5), min_size=2, max_size=4))
def test_a_second_population_with_the_same_inputs_runs_no_formula(populations):
    counter = Counter()
    legislation = counted_law(counter)
    for number, population in enumerate(populations):
        x, y = [pair[0] for pair in population], [pair[1] for pair in population]
        for name in ("sum", "double"):
            assert same(asked(legislation, x, y, name), expected(x, y, name))
        assert counter.take() == ({"double": 1, "sum": 1} if number == 0 else {})


@settings(max_examples=40)
@given(st.lists(worlds(most=6), min_size=2, max_size=3))
def test_results_are_those_of_a_law_made_anew(several):
    kept = country()
    for world in several:
        found = simulate(kept, world.population, world.values)
        check(world, found)
        anew = simulate(country(), world.population, world.values)
        for name in RULES:
            assert same(np.asarray(found.calculate(name, "2020")), np.asarray(anew.calculate(name, "2020")))


@settings(max_examples=25)
@given(worlds(most=6), st.lists(st.lists(st.sampled_from(sorted(INPUTS)), unique=True), min_size=1, max_size=4))
def test_other_inputs_given_are_another_graph(world, selections):
    """Which inputs are given decides what folds: graphs of one selection never serve another."""
    kept = country()
    for given_names in selections:
        inputs = {name: world.values[name] for name in given_names}
        found, anew = simulate(kept, world.population, inputs), simulate(country(), world.population, inputs)
        for name in RULES:
            assert same(np.asarray(found.calculate(name, "2020")), np.asarray(anew.calculate(name, "2020"))), name
    assert len(kept.kept_graphs) == len({frozenset(names) for names in selections})


def test_other_inputs_given_run_again_the_formulas_that_they_reach():
    counter = Counter()
    legislation = counted_law(counter)
    asked(legislation, [1.0], [2.0])
    counter.take()
    assert same(simulate(legislation, rows(1), {"x": [1.0]}).calculate("sum", "2020"), np.array([2.0]))
    assert counter.take() == {"sum": 1}
    assert same(simulate(legislation, rows(1), {"x": [1.0], "y": [2.0], "z": [9.0]}).calculate("sum", "2020"), np.array([3.0]))
    assert counter.take() == {}
    assert same(asked(legislation, [5.0], [2.0]), np.array([11.0]))
    assert counter.take() == {}


def test_inputs_of_other_periods_are_other_inputs():
    legislation = counted_law(Counter())
    first = simulate(legislation, rows(1), {("x", "2020"): [1.0]})
    second = simulate(legislation, rows(1), {("x", "2021"): [1.0]})
    assert same(first.calculate("double", "2020"), np.array([2.0]))
    assert same(second.calculate("double", "2020"), np.array([0.0]))
    assert same(second.calculate("double", "2021"), np.array([2.0]))


def test_guards_answered_otherwise_are_traced_anew_and_kept_too():
    counter = Counter()
    legislation = counted_law(counter)
    for x, calls in (([1.0, 2.0], 1), ([50.0], 1), ([3.0], 0), ([20.0, 0.0], 0)):
        assert same(asked(legislation, x, [4.0] * len(x), "branch"), expected(x, [4.0] * len(x), "branch"))
        assert counter.take().get("branch", 0) == calls


def test_one_simulation_may_move_from_graph_to_graph():
    legislation = counted_law(Counter())
    for x in ([1.0, 2.0], [50.0, 1.0]):
        asked(legislation, x, [4.0, 4.0], "branch")
    simulation = simulate(legislation, rows(2), {"x": [1.0, 2.0], "y": [4.0, 8.0]})
    assert same(simulation.calculate("double", "2020"), np.array([2.0, 4.0]))
    for x in ([50.0, 1.0], [1.0, 2.0], [60.0, 3.0]):
        simulation.set_input("x", "2020", x)
        for name in ("branch", "sum", "walk", "double", "branch"):
            assert same(simulation.calculate(name, "2020"), expected(x, [4.0, 8.0], name))


def test_opaque_formulas_are_called_again():
    counter = Counter()
    legislation = counted_law(counter)
    for x in ([1.0, 2.0], [5.0], [7.0, 8.0, 9.0]):
        assert same(asked(legislation, x, [4.0] * len(x), "walk"), expected(x, [4.0] * len(x), "walk"))
        assert counter.take()["walk"] == 1


def test_whether_everybody_belongs_is_part_of_what_a_graph_is_for():
    rent = variable("rent", COUNTRY[1])
    legislation = law(rent, variable("own", COUNTRY[0], lambda person, at: person.house("rent", at) + 1), entities=COUNTRY)
    from engine.population import Population

    def asked_with(house):
        links = {("person", "house"): np.array(house), ("person", "tax"): np.zeros(2, int), ("house", "town"): np.zeros(1, int)}
        return simulate(legislation, Population({"person": 2, "house": 1, "tax": 1, "town": 1}, links), {}).calculate("own", "2020")

    for house in ([0, 0], [0, -1], [-1, -1], [0, 0]):
        assert same(asked_with(house), np.ones(2))


# The bound in bytes


def test_graphs_used_least_recently_leave_and_come_back_right():
    counter = Counter()
    legislation = counted_law(counter, kept_graphs=KeptGraphs(most_bytes=20 * BYTES_PER_NODE))
    given_inputs = [{"x": [1.0]}, {"y": [2.0]}, {"x": [1.0], "y": [2.0]}, {"x": [1.0], "z": [0.0]}, {"z": [0.0]}]
    for _ in range(3):
        for inputs in given_inputs:
            found = simulate(legislation, rows(1), inputs).calculate("walk", "2020")
            assert same(found, expected(inputs.get("x", [0.0]), inputs.get("y", [0.0]), "walk"))
    assert len(legislation.kept_graphs) < len(given_inputs)


def test_the_bound_holds():
    legislation = counted_law(Counter(), kept_graphs=KeptGraphs(most_bytes=30 * BYTES_PER_NODE))
    for year in range(2000, 2030):
        simulate(legislation, rows(1), {("x", str(year)): [1.0], ("y", str(year)): [1.0]}).calculate("sum", str(year))
        asked(legislation, [1.0], [1.0])
        sizes = [len(family.graph) for family in legislation.kept_graphs.families]
        assert sum(sizes[:-1]) <= 30  # all but the one used last


def test_the_bound_holds_where_reforms_of_one_set_of_inputs_fill_the_graph():
    """A solver tries thousands of reforms on the same inputs: each leaves some nodes."""
    legislation = counted_law(Counter(), kept_graphs=KeptGraphs(most_bytes=60 * BYTES_PER_NODE))
    for number in range(100):
        reform = legislation.with_parameters(figures(rate=number / 128))
        found = simulate(reform, rows(1), {"x": [1.0], "y": [4.0]}).calculate("sum", "2020")
        assert same(found, np.array([2 + 4 * number / 128]))
        assert sum(len(family.graph) for family in legislation.kept_graphs.families) < 80
    assert same(asked(legislation, [1.0], [4.0]), np.array([4.0]))


def test_a_simulation_goes_on_with_a_graph_that_left():
    legislation = counted_law(Counter(), kept_graphs=KeptGraphs(most_bytes=0))
    first = simulate(legislation, rows(2), {"x": [1.0, 2.0], "y": [4.0, 8.0]})
    second = simulate(legislation, rows(2), {"x": [50.0, 2.0], "z": [4.0, 8.0]})
    for name in ("double", "sum", "branch", "walk", "sum", "branch"):
        assert same(first.calculate(name, "2020"), expected([1.0, 2.0], [4.0, 8.0], name))
        assert same(second.calculate(name, "2020"), expected([50.0, 2.0], [0.0, 0.0], name))
        assert len(legislation.kept_graphs) == 1


def test_simulations_with_other_answers_whose_graph_left():
    """Guards answered otherwise after the graph was given up: numbers of nodes of two graphs must not be mixed."""
    legislation = counted_law(Counter(), kept_graphs=KeptGraphs(most_bytes=0))
    first = simulate(legislation, rows(2), {"x": [1.0, 2.0], "y": [4.0, 8.0]})
    other = simulate(legislation, rows(2), {"x": [50.0, 2.0], "y": [4.0, 8.0]})
    assert same(first.calculate("double", "2020"), np.array([2.0, 4.0]))
    assert same(other.calculate("double", "2020"), np.array([100.0, 4.0]))
    assert same(other.calculate("branch", "2020"), expected([50.0, 2.0], [4.0, 8.0], "branch"))
    simulate(legislation, rows(1), {"z": [1.0]}).calculate("sum", "2020")
    for name in ("branch", "sum", "double", "walk"):
        assert same(first.calculate(name, "2020"), expected([1.0, 2.0], [4.0, 8.0], name))
        assert same(other.calculate(name, "2020"), expected([50.0, 2.0], [4.0, 8.0], name))


def test_populations_leave_nothing_behind():
    legislation = counted_law(Counter())
    for size in range(1, 30):
        asked(legislation, np.arange(size) * 1.0, np.ones(size), "walk")
        asked(legislation, np.arange(size) * 1.0, np.ones(size), "branch")
    (family,) = legislation.kept_graphs.families
    assert len(family.graph) < 30
    assert len(family.traces) <= 2


# Threads


def run_at_once(works):
    """Run functions at the same time, each in a thread of its own; return or raise what they give."""
    start, results, errors = threading.Barrier(len(works)), [None] * len(works), []

    def run(place, work):
        start.wait()
        try:
            results[place] = work()
        except BaseException as error:  # noqa: BLE001 - carried over to the test
            errors.append(error)

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


@pytest.mark.parametrize("most_bytes", [0, 10 * BYTES_PER_NODE, 2**30])
def test_simulations_of_one_law_at_once(most_bytes):
    legislation = counted_law(Counter(), kept_graphs=KeptGraphs(most_bytes))
    reform = legislation.with_parameters(figures(rate=0.5, other=1))
    random = np.random.default_rng(3)

    def work(seed):
        x, y = np.round(random.normal(8, 4, 50), 2), np.round(random.normal(0, 4, 50), 2)

        def run():
            for number in range(12):
                current = reform if (seed + number) % 3 == 0 else legislation
                shown = x + number % 2 * 10
                inputs = {"x": shown, "y": y} | ({"z": x} if number % 4 == seed % 4 else {})
                simulation = simulate(current, rows(50), inputs, block_rows=16, threads=2)
                for name in ("branch", "walk", "sum", "double"):
                    assert same(simulation.calculate(name, "2020"), expected(shown, y, name))

        return run

    run_at_once([work(seed) for seed in range(4)])


@settings(max_examples=8)
@given(worlds(most=8), worlds(most=8))
def test_two_populations_of_one_country_at_once(first, second):
    legislation = country()

    def work(world, names):
        simulation = Simulation(legislation, world.population, block_rows=3, threads=2)

        def run():
            for name, values in world.values.items():
                simulation.set_input(name, "2020", values)
            for name in names:
                check(world, simulation, [name])

        return run

    run_at_once([work(first, list(RULES)), work(second, list(reversed(RULES))), work(first, list(RULES))])


def test_one_node_has_one_number_whoever_makes_it():
    graph = Graph()
    nodes = run_at_once([lambda: [graph.constant(np.float64(number)).number for number in range(500)]])[0]
    assert len(set(nodes)) == 500
    assert graph.constant(np.float64(7.0)) is graph.constant(np.float64(7.0))
    assert graph.constant(7.0) is not graph.constant(np.float64(7.0))
    assert graph.constant(1) is not graph.constant(True)
    assert graph.constant(np.float32(1)) is not graph.constant(np.float64(1))
