"""Law 6: a key that a table lacks is an error of the rows that choose it, raised only where a live row does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.entities import Entity
from engine.errors import LookUpError
from engine.population import Population
from engine.variables import Enum
from graph_law import ROW, TOWN, Kind, figures, law, rows, same, simulate, variable

RATES = {"A": 1.0, "B": 2.0, "C": 3.0}
PERSON = Entity("person", "persons", is_person=True, belongs_to=("town",))
PARAMETERS = figures(
    zones=RATES,
    kinds={"owner": 10.0, "tenant": 20.0},
    numbers={"1": 0.5, "2": 0.25},
    regions={"north": {"low": 1.0, "high": 2.0}, "south": {"low": 3.0, "high": 4.0}},
    texts={"A": "alpha", "B": "beta"},
)

INPUTS = [
    variable("zone", PERSON, value_type=str),
    variable("lives", PERSON, value_type=bool),
    variable("kind", PERSON, value_type=Enum),
    variable("number", PERSON, value_type=int),
    variable("town_zone", TOWN, value_type=str),
]
RULES = {
    "rate": lambda person, period, parameters: parameters(period).zones[person("zone", period)],
    "chosen": lambda person, period: np.where(person("lives", period), person("rate", period), -1),
    "selected": lambda person, period: np.select(
        [~person("lives", period), person("number", period) == 1], [0, person("rate", period) * 2], person("rate", period)
    ),
    "written": lambda person, period: written(person, period),  # noqa: PLW0108 - defined below
    "by_kind": lambda person, period, parameters: np.where(person("lives", period), parameters(period).kinds[person("kind", period)], 0),
    "by_number": lambda person, period, parameters: np.where(person("lives", period), parameters(period).numbers[person("number", period)], 0),
    "of_town": lambda person, period: np.where(person("lives", period), person.town("town_rate", period), 0),
    "chosen_again": lambda person, period: np.where(person("number", period) > 0, person("chosen", period) + 1, 0),
    "condition": lambda person, period: np.where(person("lives", period), np.where(person("rate", period) > 1, 1.0, 2.0), 0),
    "conditions": lambda person, period: np.select([~person("lives", period), person("rate", period) == 1], [0, 1], 2),
    "text": lambda person, period, parameters: np.where(person("lives", period), parameters(period).texts[person("zone", period)] + "!", ""),
}
ALL = [
    *INPUTS,
    *(variable(name, PERSON, formula, value_type=str if name == "text" else float) for name, formula in RULES.items()),
    variable("town_rate", TOWN, lambda town, period, parameters: parameters(period).zones[town("town_zone", period)]),
    variable("town_sum", TOWN, lambda town, period: town.sum(town.members("chosen", period))),
]
LAW = law(*ALL, entities=(PERSON, TOWN), parameters=PARAMETERS)


def written(person, period):
    result = person("rate", period) * 0 + 5
    result[person("lives", period)] = person("rate", period)
    return np.where(person("lives", period), result, 7)


@st.composite
def cases(draw):
    count, towns = draw(st.integers(1, 9)), draw(st.integers(1, 4))
    zones = st.sampled_from(["A", "B", "C", "C", "X", "Y", ""])

    def column(values, size, dtype):
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=dtype)

    values = {
        "zone": column(zones, count, object),
        "lives": column(st.booleans(), count, bool),
        "kind": column(st.integers(0, 2), count, np.int8),
        "number": column(st.integers(0, 3), count, np.int64),
        "town_zone": column(zones, towns, object),
    }
    return values, column(st.integers(0, towns - 1), count, np.int64)


def rate(key):
    return RATES.get(key)


def needed(values, town):
    """Return, name by name, the key that each row needs (None: none) and the result where it has a figure."""
    zone, lives, kind, number, town_zone = (values[name] for name in ("zone", "lives", "kind", "number", "town_zone"))
    everyone = range(len(zone))
    kinds, numbers = {0: 10.0, 1: 20.0}, {1: 0.5, 2: 0.25}
    return {
        "rate": [(zone[i], rate(zone[i])) for i in everyone],
        "chosen": [(zone[i], rate(zone[i])) if lives[i] else (None, -1.0) for i in everyone],
        "selected": [((zone[i], rate(zone[i]) and rate(zone[i]) * (2 if number[i] == 1 else 1)) if lives[i] else (None, 0.0)) for i in everyone],
        "written": [(zone[i], rate(zone[i])) if lives[i] else (None, 7.0) for i in everyone],
        "by_kind": [(Kind.enums[kind[i]].name, kinds.get(kind[i])) if lives[i] else (None, 0.0) for i in everyone],
        "by_number": [(str(number[i]), numbers.get(number[i])) if lives[i] else (None, 0.0) for i in everyone],
        "of_town": [(town_zone[town[i]], rate(town_zone[town[i]])) if lives[i] else (None, 0.0) for i in everyone],
        "chosen_again": [((zone[i], rate(zone[i]) and rate(zone[i]) + 1) if lives[i] else (None, 0.0)) if number[i] > 0 else (None, 0.0) for i in everyone],
        "condition": [((zone[i], rate(zone[i]) and (1.0 if rate(zone[i]) > 1 else 2.0)) if lives[i] else (None, 0.0)) for i in everyone],
        "conditions": [((zone[i], rate(zone[i]) and (1.0 if rate(zone[i]) == 1 else 2.0)) if lives[i] else (None, 0.0)) for i in everyone],
        "text": [(zone[i], {"A": "alpha!", "B": "beta!"}.get(zone[i])) if lives[i] else (None, "") for i in everyone],
    }


def simulated(case, legislation=LAW, **options):
    values, town = case
    population = Population({"person": len(town), "town": len(values["town_zone"])}, {("person", "town"): town})
    return simulate(legislation, population, values, **options)


BLOCKS, THREADS = st.sampled_from([None, 1, 2, 3, 100]), st.sampled_from([1, 3])


@settings(max_examples=150)
@given(cases(), BLOCKS, THREADS, st.sampled_from(sorted(RULES)))
def test_it_is_raised_where_a_live_row_needs_the_key_and_nowhere_else(case, block_rows, threads, name):
    wanted = needed(*case)[name]
    simulation = simulated(case, block_rows=block_rows, threads=threads)
    wrong = [key for key, figure in wanted if key is not None and figure is None]
    if not wrong:
        kind = object if name == "text" else float
        assert same(simulation.calculate(name, "2020"), np.array([figure for _, figure in wanted], dtype=kind))
        return
    with pytest.raises(LookUpError) as caught:
        simulation.calculate(name, "2020")
    assert any(f"`{key}`" in str(caught.value) for key in wrong)


@settings(max_examples=60)
@given(cases(), BLOCKS, THREADS)
def test_a_sum_needs_what_its_members_need(case, block_rows, threads):
    values, town = case
    wanted = needed(*case)["chosen"]
    simulation = simulated(case, block_rows=block_rows, threads=threads)
    if any(key is not None and figure is None for key, figure in wanted):
        with pytest.raises(LookUpError):
            simulation.calculate("town_sum", "2020")
        return
    expected = [sum(figure for (_, figure), place in zip(wanted, town, strict=True) if place == group) for group in range(len(values["town_zone"]))]
    assert same(simulation.calculate("town_sum", "2020"), np.array(expected, dtype=float))


@settings(max_examples=60)
@given(cases(), st.sampled_from(sorted(RULES)))
def test_the_message_is_the_same_whatever_the_blocks_and_threads(case, name):
    messages = set()
    for block_rows, threads in ((None, 1), (1, 1), (2, 3), (100, 1)):
        try:
            simulated(case, block_rows=block_rows, threads=threads).calculate(name, "2020")
        except LookUpError as error:
            messages.add(str(error))
        else:
            messages.add("")
    assert len(messages) == 1


def test_the_message_names_variable_parameter_key_and_row():
    case = ({"zone": ["A", "X", "Y"], "lives": [True, False, True], "kind": [0, 0, 0], "number": [0, 0, 0], "town_zone": ["A"]}, np.zeros(3, int))
    with pytest.raises(LookUpError, match=r"(?=.*`chosen`|.*`rate`)(?=.*`zones)(?=.*`Y`)(?=.*row 2)(?!.*`X`)"):
        simulated(case).calculate("chosen", "2020")


def test_an_error_in_one_result_leaves_the_others():
    case = ({"zone": ["A", "X"], "lives": [True, False], "kind": [0, 1], "number": [0, 0], "town_zone": ["A"]}, np.zeros(2, int))
    simulation = simulated(case)
    with pytest.raises(LookUpError):
        simulation.calculate("rate", "2020")
    assert same(simulation.calculate("chosen", "2020"), np.array([1.0, -1.0]))
    with pytest.raises(LookUpError):
        simulation.calculate("rate", "2020")


def test_a_reform_that_gives_the_key_a_figure_helps():
    case = ({"zone": ["A", "X"], "lives": [True, True], "kind": [0, 1], "number": [0, 0], "town_zone": ["A"]}, np.zeros(2, int))
    simulation = simulated(case)
    with pytest.raises(LookUpError):
        simulation.calculate("chosen", "2020")
    reform = LAW.with_parameters(figures(zones={**RATES, "X": 9.0}))
    assert same(simulation.under(reform).calculate("chosen", "2020"), np.array([1.0, 9.0]))
    with pytest.raises(LookUpError):
        simulation.calculate("chosen", "2020")


def test_keys_after_keys():
    inputs = [variable("region", ROW, value_type=str), variable("level", ROW, value_type=str)]
    result = variable("result", ROW, lambda row, period, parameters: parameters(period).regions[row("region", period)][row("level", period)])
    fixed = variable("fixed", ROW, lambda row, period, parameters: parameters(period).regions[row("region", period)].high)
    simulation = simulate(law(*inputs, result, fixed, parameters=PARAMETERS), rows(3), {"region": ["north", "south", "south"], "level": ["low", "low", "high"]})
    assert same(simulation.calculate("result", "2020"), np.array([1.0, 3.0, 4.0]))
    assert same(simulation.calculate("fixed", "2020"), np.array([2.0, 4.0, 4.0]))


def test_a_key_that_nobody_gave():
    """The default of a variable folds: so does its look-up."""
    inputs = [variable("zone", ROW, value_type=str, default_value="B"), variable("kind", ROW, value_type=Enum)]
    result = variable(
        "result", ROW, lambda row, period, parameters: parameters(period).zones[row("zone", period)] + parameters(period).kinds[row("kind", period)]
    )
    simulation = simulate(law(*inputs, result, parameters=PARAMETERS), rows(2), {})
    assert same(simulation.calculate("result", "2020"), np.array([12.0, 12.0]))
    assert simulation.traced("result", "2020").node.is_constant


def test_a_default_key_that_the_table_lacks_is_an_error_only_where_a_row_chooses_it():
    inputs = [variable("zone", ROW, value_type=str, default_value="X"), variable("lives", ROW, value_type=bool)]
    result = variable("result", ROW, lambda row, period, parameters: np.where(row("lives", period), parameters(period).zones[row("zone", period)], 0))
    legislation = law(*inputs, result, parameters=PARAMETERS)
    assert same(simulate(legislation, rows(2), {"lives": [False, False]}).calculate("result", "2020"), np.zeros(2))
    with pytest.raises(LookUpError):
        simulate(legislation, rows(2), {"lives": [False, True]}).calculate("result", "2020")


def test_no_rows_need_no_key():
    case = ({"zone": np.zeros(0, object), "lives": [], "kind": np.zeros(0, int), "number": np.zeros(0, int), "town_zone": ["A"]}, np.zeros(0, int))
    assert len(simulated(case).calculate("chosen", "2020")) == 0
    assert len(simulated(case).calculate("text", "2020")) == 0
