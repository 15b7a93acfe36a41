"""Variables that need themselves: a spiral through earlier years, and a cycle. They are no part of the plain law."""

from engine.periods import MONTH, YEAR
from engine.variables import Variable
from fictional_country.entities import Person


class savings(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Savings, which grow on those of the year before without end"

    def formula(person, period):
        return person("savings", period.last_year) + 100


class service_years(Variable):
    value_type = int
    entity = Person
    definition_period = YEAR
    label = "Years of service, counted since 2000"

    def formula_2000(person, period):
        return person("service_years", period.last_year) + 1


class hen(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        return person("egg", period) + 1


class egg(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        return person("hen", period) + 1


VARIABLES = (savings, service_years, hen, egg)
