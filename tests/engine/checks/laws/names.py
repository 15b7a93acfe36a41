"""Names of variables, and other names, that do not exist."""

import numpy as np

from engine.periods import MONTH, YEAR
from engine.variables import ADD, Variable
from fictional_country.entities import Household, Person

KINDS = {"bonus": (2014, 2016)}


class misspelt(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        return person("salery", period)  # error: There is no variable `salery`. Did you mean `salary`


class of_members(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        rents = household.sum(household.members("rents", period, options=[ADD]))  # error: There is no variable `rents`. Did you mean `rent`
        return rents + household.first_adult("wages", period)  # error: There is no variable `wages`.


class composed(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        total = 0
        for kind, years in KINDS.items():
            for year in years:
                total += person(f"{kind}_{year}", period)  # error: There is no variable `bonus_2016`.
        holder = person.get_holder("bonus")  # error: There is no variable `bonus`.
        return total + holder.get_array(period)


def helper(person, period, name):
    return person(f"bonus_{name}", period)  # error: There is no variable `bonus_last`.


class in_a_helper(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        return helper(person, period, 2014) + helper(person, period, name="last")


class by_period(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula_2014(person, period):
        if period.start.year < 2017:
            return person(f"bonus_{period.start.year}", period)  # error: There is no variable `bonus_2016`.
        return 0


class other_names(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        salary = person("salary", period)
        return np.minimun(salary, salry)  # error: The module `numpy` has no attribute `minimun`.  # error: The name `salry` means nothing here.


class not_to_be_known(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        names = open("names.txt").read().split()
        return sum(person(name, period) for name in names)
