"""The largest cliffs of a population: by rule, weighted, found within the next euros of each household's largest earner."""

import numpy as np
import pytest

from analysis.cliffs import largest_cliffs
from analysis.study import Study
from engine.entities import Entity, Role
from engine.errors import DataError
from engine.legislation import Legislation
from engine.parameters import parameters_from_data
from engine.periods import YEAR, period
from engine.variables import Variable
from population.columns import Columns

PERSON = Entity("person", "persons", is_person=True, belongs_to=("household",))
HOUSEHOLD = Entity("household", "households", roles=(Role("member", "members"),))


class wage(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR


class aid(Variable):
    value_type = float
    entity = HOUSEHOLD
    definition_period = YEAR
    label = "Aid"
    reference = "Code, art. 3"

    def formula(household, period, parameters):
        return np.where(household.sum(household.members("wage", period)) < 10_000, 500.0, 0.0)


class bonus(Variable):
    value_type = float
    entity = HOUSEHOLD
    definition_period = YEAR
    reference = "Code, art. 4"

    def formula(household, period, parameters):
        return np.where(household.sum(household.members("wage", period)) > 20_000, 90.0, 0.0)


class housing(Variable):
    value_type = float
    entity = HOUSEHOLD
    definition_period = YEAR
    label = "Housing aid"
    reference = "Code, art. 5"

    def formula(household, period, parameters):
        rounded = np.ceil(household.sum(household.members("wage", period)) / 400) * 400
        return np.maximum(3_000 - rounded * 0.2, 0)


class with_housing(Variable):
    value_type = float
    entity = HOUSEHOLD
    definition_period = YEAR

    def formula(household, period):
        return household("income", period) + household("housing", period)


class income(Variable):
    value_type = float
    entity = HOUSEHOLD
    definition_period = YEAR

    def formula(household, period):
        return household.sum(household.members("wage", period)) * 0.8 + household("aid", period) + household("bonus", period)


@pytest.fixture
def study():
    law = Legislation.make(
        (PERSON, HOUSEHOLD), (wage, aid, bonus, housing, income, with_housing), parameters_from_data({"none": {"values": {"2000-01-01": {"value": 0}}}})
    )
    wages = [9_500, 0, 6_000, 3_200, 9_999, 30_000, 19_900, 0]
    columns = Columns(
        counts={"person": 8, "household": 6},
        links={("person", "household"): (np.array([0, 0, 1, 1, 2, 3, 4, 5]), np.zeros(8, np.int16))},
        inputs={("wage", period(2022)): np.array(wages, dtype=float)},
        weights={"household": np.array([10.0, 20, 30, 40, 50, 60])},
    )
    return Study(columns, 2022, law=law, unit="household")


def test_rules_are_told_with_the_households_that_meet_them(study):
    lost, gained = largest_cliffs(study, "wage", "income")
    assert (lost.rule, lost.references, lost.mean_jump, lost.observed) == ("aid", ("Code, art. 3",), pytest.approx(-500), 3)
    assert lost.households == 60  # weights 10, 20 and 30
    assert lost.total == pytest.approx(-30_000)
    assert lost.mean_distance == pytest.approx((10 * 500 + 20 * 800 + 30 * 1) / 60, abs=0.01)
    assert (gained.rule, gained.households, gained.mean_jump) == ("bonus", 50, pytest.approx(90))


def test_steps_of_a_coarse_rounding_are_told(study):
    found = {each.rule: each for each in largest_cliffs(study, "wage", "with_housing")}
    rounding = found["housing"]
    assert (rounding.references, rounding.every, rounding.mean_jump) == (("Code, art. 5",), pytest.approx(400), pytest.approx(-80))
    assert rounding.households == 10 + 20 + 30  # wages of 9,500, 9,200 and 9,999: beyond 15,000 there is no aid, and without a wage nobody moves
    assert set(found) == {"aid", "bonus", "housing"}
    assert "housing" not in {each.rule for each in largest_cliffs(study, "wage", "with_housing", smallest=85)}


def test_nearer_and_larger_cliffs_only(study):
    assert [(each.rule, each.households) for each in largest_cliffs(study, "wage", "income", reach=600, smallest=100)] == [("aid", 40)]


def test_a_sample_stands_for_all(study):
    found = largest_cliffs(study, "wage", "income", sample=5, seed=3)
    assert sum(each.households for each in found) <= 210


def test_what_cannot_move(study):
    with pytest.raises(DataError, match="`wage` is no variable of `household`"):
        largest_cliffs(study, "wage", "wage")
    with pytest.raises(DataError, match="`bonus` is not given"):
        largest_cliffs(study, "bonus", "income")
