"""What was computed on the way to results, as a tree and line by line."""

import pytest

from engine.computation import log_lines, steps_of
from engine.periods import period
from engine.situation import simulation_from
from fictional_country import country, country_with_loops

LAW = country()
HOUSEHOLD = {"persons": {"ana": {"salary": {"2020": 24000}, "occupation": {"2020-01": "weaver"}}, "bo": {}}, "households": {"h": {"adults": ["ana", "bo"]}}}


def lines_of(simulation, *names, max_depth=None, **options):
    keys = [(name, period(at)) for name, at in names]
    return list(log_lines(steps_of(simulation, keys, max_depth), simulation.legislation, **options))


@pytest.fixture
def simulation():
    return simulation_from(LAW, HOUSEHOLD)


def test_each_variable_stands_above_what_it_read(simulation):
    lines = lines_of(simulation, ("age", "2020-01"), ("salary", "2020-01"), ("occupation", "2020-01"))
    assert lines == [
        "age<2020-01> >> [30 30]",
        "  birth_date<ETERNITY> >> ['1990-01-01' '1990-01-01']",
        "salary<2020-01> >> [2000.    0.]",
        "occupation<2020-01> >> ['weaver' 'none']",
    ]


def test_what_was_read_is_told_once(simulation):
    lines = lines_of(simulation, ("age", "2020-01"), ("age", "2020-01"))
    assert [line.partition("<")[0] for line in lines] == ["age", "  birth_date", "age"]


def test_depth_and_defaults_may_be_left_out(simulation):
    assert [line.partition("<")[0] for line in lines_of(simulation, ("income_tax", "2020"), max_depth=1)] == ["income_tax"]
    assert len(lines_of(simulation, ("income_tax", "2020"), max_depth=2)) > 1
    assert lines_of(simulation, ("age", "2020-01"), ignore_default=True) == ["age<2020-01> >> [30 30]"]


def test_aggregates_are_numbers_or_counts(simulation):
    assert lines_of(simulation, ("age", "2020-01"), ("occupation", "2020-01"), aggregate=True) == [
        "age<2020-01> >> {'avg': 30.0, 'max': 30, 'min': 30}",
        "  birth_date<ETERNITY> >> {'1990-01-01': 2}",
        "occupation<2020-01> >> {'weaver': 1, 'none': 1}",
    ]


def test_what_fails_is_told_with_its_error():
    simulation = simulation_from(country_with_loops(), HOUSEHOLD)
    hen, age, _ = lines_of(simulation, ("hen", "2020-01"), ("age", "2020-01"))
    assert hen.startswith("hen<2020-01> >> error: `hen` at 2020-01 needs itself")
    assert age == "age<2020-01> >> [30 30]"
    assert lines_of(simulation, ("hen", "2020-01"), aggregate=True)[0] == hen


def test_a_spiral_ends():
    simulation = simulation_from(country_with_loops(max_spiral_loops=1), HOUSEHOLD)
    assert lines_of(simulation, ("savings", "2020"))[0] == "savings<2020> >> [100. 100.]"


def test_a_computation_deeper_than_pythons_stack_is_told():
    simulation = simulation_from(country_with_loops(), HOUSEHOLD)
    assert len(lines_of(simulation, ("service_years", "2020"))) == 22
