"""Variables of the households of Ostrea."""

import numpy as np

from engine.periods import MONTH, YEAR
from engine.variables import ADD, Enum, Variable, set_input_dispatch_by_period, set_input_divide_by_period
from fictional_country.entities import Household


class Heating(Enum):
    peat = "Peat"
    wood = "Wood"
    sun = "Sun"


class rent(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "Rent"
    unit = "currency"
    set_input = set_input_divide_by_period


class heating(Variable):
    value_type = Enum
    possible_values = Heating
    default_value = Heating.peat
    entity = Household
    definition_period = YEAR
    label = "How the household heats"
    set_input = set_input_dispatch_by_period


class household_income(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "Income of all members"
    unit = "currency"

    def formula(household, period):
        return household.sum(household.members("income", period))


class adults_income_gap(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "What the first adult earns more than the second"
    unit = "currency"

    def formula(household, period):
        return household.first_adult("income", period) - household.second_adult("income", period)


class eldest_two_salaries(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "Salaries of the first two members in order of appearance"
    unit = "currency"

    def formula(household, period):
        salaries = household.members("salary", period)
        return household.value_nth_person(0, salaries) + household.value_nth_person(1, salaries)


class greatest_age(Variable):
    value_type = int
    entity = Household
    definition_period = MONTH
    label = "Age of the eldest member"

    def formula(household, period):
        return household.max(household.members("age", period))


class all_children_are_minors(Variable):
    value_type = bool
    entity = Household
    definition_period = MONTH
    label = "Whether every child is a minor"

    def formula(household, period, parameters):
        majority = parameters(period).family.majority
        return household.all(household.members("age", period) < majority, role=Household.CHILD)


class child_allowance(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "Allowance for minor children, more for the third and further ones"
    unit = "currency"
    reference = "Code of Families, art. 12"

    def formula(household, period, parameters):
        law = parameters(period).family
        minors = household.sum(household.members("age", period) < law.majority, role=Household.CHILD)
        return np.minimum(minors, 2) * law.child_allowance + np.maximum(minors - 2, 0) * law.third_child_allowance


class heating_aid(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "Aid to the households that heat with peat or wood, only where any needs it"
    unit = "currency"

    def formula(household, period, parameters):
        law = parameters(period).family.heating_aid
        is_poor = household("household_income", period) < law.ceiling
        if not is_poor.any():
            return household.empty_array()
        return is_poor * law.amount[household("heating", period)]


class lucky_number(Variable):
    value_type = int
    entity = Household
    definition_period = YEAR
    label = "A number that can only be found row by row: the sum of the digits of the yearly rent"

    def formula(household, period):
        rents = household("rent", period, options=[ADD])
        return np.array([sum(int(digit) for digit in str(int(each))) for each in rents])


class disposable_income(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "What remains of the household's income after taxes and with benefits"
    unit = "currency"

    def formula(household, period):
        taxes = household.sum(household.members("income_tax", period) + household.members("sea_dues", period))
        benefits = household("child_allowance", period, options=[ADD]) + household("heating_aid", period)
        return household("household_income", period) - taxes + benefits


VARIABLES = (
    rent,
    heating,
    household_income,
    adults_income_gap,
    eldest_two_salaries,
    greatest_age,
    all_children_are_minors,
    child_allowance,
    heating_aid,
    lucky_number,
    disposable_income,
)
