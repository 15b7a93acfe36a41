"""A calculation that takes longer than it may stops, and leaves nothing half done behind."""

import time

import numpy as np
import pytest

from engine import deadline
from engine.entities import Entity
from engine.errors import OutOfTimeError
from engine.legislation import Legislation
from engine.parameters import ParameterNode
from engine.periods import YEAR
from engine.population import Population
from engine.simulation import Simulation
from engine.variables import Variable

PERSON = Entity("person", "persons", is_person=True)


class given(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR


class slow(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR

    def formula(person, period, parameters):
        time.sleep(0.05)
        return person("below", period) + 1


class below(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR

    def formula(person, period, parameters):
        return person("given", period) * 2


class swallowing(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR

    def formula(person, period, parameters):
        try:
            return person("slow", period)
        except Exception:  # noqa: BLE001 - as some packages do
            return person("given", period) * 0


def simulation(law, rows=2, **options):
    found = Simulation(law, Population({"person": rows}), **options)
    found.set_input("given", "2024", np.arange(rows, dtype=float))
    return found


@pytest.fixture
def law():
    return Legislation.make([PERSON], [given, slow, below, swallowing], ParameterNode("", {}))


@pytest.mark.parametrize("name", ["slow", "swallowing"])
def test_tracing_stops_between_formulas_and_goes_on_as_if_nothing_had_been(law, name):
    with pytest.raises(OutOfTimeError, match=r"longer than 0\.01 seconds"), deadline.within(0.01):
        simulation(law).calculate(name, "2024")
    assert simulation(law).calculate(name, "2024").tolist() == [1.0, 3.0]


def test_evaluation_stops_in_every_way_of_it(law):
    for options in ({}, {"block_rows": 1}, {"block_rows": 1, "threads": 2}):
        first = simulation(law, **options)
        assert first.calculate("below", "2024").tolist() == [0.0, 2.0]
        second = simulation(law, **options)
        node = second.node("below", "2024")
        with pytest.raises(OutOfTimeError), deadline.within(-1.0):
            second.real_values(node, "person")
        assert second.calculate("below", "2024").tolist() == [0.0, 2.0]


def test_the_shorter_of_two_times_holds_and_none_holds_outside(law):
    with deadline.within(100), pytest.raises(OutOfTimeError), deadline.within(-1.0):
        deadline.check()
    with pytest.raises(OutOfTimeError), deadline.within(-1.0), deadline.within(100):
        deadline.check()
    deadline.check()


# Given up


def test_what_nobody_waits_for_any_more_stops_and_can_be_computed_again():
    asked = []

    def is_given_up():
        asked.append(True)
        return len(asked) > 1

    def compute():
        with deadline.unless(is_given_up):
            for _ in range(5):
                deadline.check()

    with pytest.raises(OutOfTimeError, match="nobody"):
        compute()
    assert len(asked) < 5
    deadline.check()


def test_nothing_that_catches_errors_takes_being_given_up_for_one():
    caught = []

    def compute():
        with deadline.unless(lambda: True):
            try:
                deadline.check()
            except Exception as error:  # noqa: BLE001 - what a formula might do
                caught.append(error)

    with pytest.raises(OutOfTimeError):
        compute()
    assert not caught


def test_giving_up_and_time_hold_together():
    def compute():
        with deadline.within(0.0), deadline.unless(lambda: False):
            time.sleep(0.002)
            deadline.check()

    with pytest.raises(OutOfTimeError, match="longer"):
        compute()
