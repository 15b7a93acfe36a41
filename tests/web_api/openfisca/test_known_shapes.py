"""Known shapes: the same results as read and traced anew, and no formula runs."""

import copy
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.situation import Shapes, read_situation, simulation_from
from engine.tracing import Tracing

MONTH = "2017-01"


@pytest.fixture
def law(land):
    return land.legislation


@pytest.fixture
def shapes(law):
    return Shapes(law)


def filled(document, slots, answers):
    """Return a document with the answers in the place of its nulls."""
    for (place, name), (key, row) in zip(slots.nulls, answers.requested, strict=True):
        place[name] = answers.values[key][row].item() if hasattr(answers.values[key][row], "item") else str(answers.values[key][row])
    return document


def learnt(law, shapes, document):
    slots = shapes.apart.slots(document)
    situation = read_situation(law, document)
    simulation = simulation_from(law, situation)
    values = simulation.calculate_all((each.variable, each.period) for each in situation.requested)
    shapes.learn(document, slots, situation, simulation)
    return [values[each.variable, each.period][each.row] for each in situation.requested]


def known(shapes, document):
    """Return the values by the shape, None where it goes the ordinary way."""
    found = shapes.answers(shapes.apart.slots(document))
    return None if found is None else [found.values[key][row] for key, row in found.requested]


def family(salaries, rent=100, asked=("income", "tax_of_rich"), period=MONTH):
    persons = {name: {"salary": {period: salary}, "tax": {MONTH: None}, "birth": {"ETERNITY": "1980-01-01"}} for name, salary in salaries.items()}
    nulls = {name: {MONTH: None} for name in asked}
    return {"persons": persons, "households": {"h": {"adults": list(salaries), "rent": {MONTH: rent}, **nulls}}}


amounts = st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), st.sampled_from(["10*3", "7000"]))
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(st.lists(amounts, min_size=2, max_size=2), st.lists(amounts, min_size=2, max_size=2), amounts, amounts, st.sampled_from([MONTH, "2017"]))
def test_a_known_shape_gives_what_the_ordinary_way_gives(law, shapes, first, second, rent, other_rent, period):
    learnt(law, shapes, family({"a": first[0], "b": first[1]}, rent, period=period))
    document = family({"x": second[0], "y": second[1]}, other_rent, period=period)
    found = known(shapes, copy.deepcopy(document))
    expected = learnt(law, Shapes(law), document)
    assert found is None or [str(each) for each in found] == [str(each) for each in expected]


def test_a_second_household_runs_no_formula(law, shapes, monkeypatch):
    learnt(law, shapes, family({"a": 1000, "b": 2000}))
    monkeypatch.setattr(Tracing, "read", lambda *_: pytest.fail("a formula was looked for"))
    assert known(shapes, family({"c": 3000, "d": 500}, 50))[:2] == [600, 100]


def test_a_truth_that_is_otherwise_goes_the_ordinary_way(law, shapes):
    learnt(law, shapes, family({"a": 1000, "b": 2000}))
    assert known(shapes, family({"a": 1000, "b": 3000})) is not None
    assert known(shapes, family({"a": 1000, "b": 9000})) is None


@pytest.mark.parametrize("salary", ["x", 1e300, 10**25, True, None, {"a": 1}, [1, 2]])
def test_a_value_of_another_kind_is_looked_at_more_closely(law, shapes, salary):
    learnt(law, shapes, family({"a": 1000, "b": 2000}))
    found = known(shapes, family({"a": salary, "b": 2000}))
    if salary is True:
        assert found[0] == 0.2
    else:
        assert found is None


def test_what_differs_in_shape_is_another(shapes):
    def key(document):
        return shapes.apart.slots(document).key

    one = family({"a": 1000, "b": 2000})
    assert key(one) == key(json.loads(json.dumps(one).replace('"a"', '"zz"').replace("1000", "7")))
    exchanged = copy.deepcopy(one)
    exchanged["households"]["h"]["adults"] = ["b", "a"]
    child = copy.deepcopy(one)
    child["households"]["h"].update(adults=["a"], children=["b"])
    other_period = copy.deepcopy(one)
    other_period["persons"]["a"]["salary"] = {"2017-02": 1}
    more_asked = copy.deepcopy(one)
    more_asked["persons"]["a"]["salary"]["2017-02"] = None
    assert len({key(each) for each in (one, exchanged, child, other_period, more_asked)}) == 5


def test_nothing_of_a_document_is_in_its_key(shapes):
    key = str(shapes.apart.slots(family({"Anastasia": 12345.5, "Boris": 1}, 77777)).key)
    assert not any(word in key for word in ("Anastasia", "Boris", "12345", "77777"))


@pytest.mark.parametrize(
    "document",
    [
        {"persons": []},
        {"towns": {}},
        {"persons": {"a": None}},
        {"persons": {"a": {"salary": 3}}},
        {"axes": []},
        {"persons": {"a": {}}, "households": {"h": {"adults": ["b"]}}},
    ],
)
def test_what_is_not_written_in_full_has_no_shape(shapes, document):
    assert shapes.apart.slots(document) is None


def test_a_person_left_out_has_a_household_of_its_own(law, shapes):
    document = family({"a": 1000, "b": 2000})
    document["households"]["h"]["adults"] = ["a"]
    expected = learnt(law, shapes, document)
    found = known(shapes, document)
    assert found is None or found == expected


def test_shapes_leave_when_there_are_too_many(law, shapes, monkeypatch):
    monkeypatch.setattr("engine.situation.shapes.MOST_SHAPES", 3)
    for month in range(2, 7):
        learnt(law, shapes, family({"a": 1}, period=f"2017-{month:02}"))
    assert len(shapes) == 3
    assert known(shapes, family({"a": 1})) is None


def test_a_family_of_graphs_that_left_is_not_used(law, shapes):
    document = family({"a": 1000, "b": 2000})
    learnt(law, shapes, document)
    law.kept_graphs._families.clear()
    assert known(shapes, document) is None
    assert learnt(law, shapes, document)
    assert known(shapes, document) is not None


def test_a_known_shape_is_quick(law, shapes):
    document = family({"a": 1000, "b": 2000})
    learnt(law, shapes, document)
    start = time.perf_counter()
    for _ in range(100):
        assert known(shapes, document)
    assert time.perf_counter() - start < 2  # a tenth of a millisecond each, on a quiet machine
