"""Variables asked of the wrong entity, and ways between entities that are not there."""

from engine.periods import MONTH, YEAR
from engine.variables import ADD, Variable
from fictional_country.entities import Household, Person, TaxHousehold


class of_the_wrong_rows(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        rent = person("rent", period)  # error: `rent` is a variable of `household`; it is asked of `person`. Ask it as `person.household(…)`.
        income = person.household("taxable_income", period.this_year)  # error: `taxable_income` is a variable of `tax_household`; it is asked of `household`.
        return rent + income


class of_groups(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR

    def formula(tax_household, period):
        salaries = tax_household("salary", period, options=[ADD])  # error: `salary` is a variable of `person`; it is asked of `tax_household`. Ask it as `tax_household.members
        rents = tax_household.members("rent", period, options=[ADD])  # error: `rent` is a variable of `household`; it is asked of `person`.
        return salaries + tax_household.sum(rents)


class ways(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH

    def formula(household, period):
        first = household.first_adlt("salary", period)  # error: `household` has no `first_adlt`. Did you mean `first_adult`
        taxes = household.tax_household("taxable_income", period.this_year)  # error: `household` has no `tax_household`.
        children = household.child("salary", period)  # error: `household` has no `child`.
        return first + taxes + children + household.nb_persons(Household.CHILDREN)  # error: `household` has no role `CHILDREN`.
