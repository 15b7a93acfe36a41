"""Formulas that are never in force."""

from engine.periods import ETERNITY, YEAR
from engine.variables import Variable
from fictional_country.entities import Person


class within_a_year(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula_2015(person, period):
        return 1

    def formula_2016_02(person, period):  # warning: The formula of 2016-02-01 of `within_a_year` is never in force: the next begins on 2017-01-01, no year begins in between.
        return person("not_asked", period)

    def formula_2017(person, period):
        return 2


class after_its_end(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    end = "2015-12-31"

    def formula_2015_07(person, period):  # warning: The formula of 2015-07-01 of `after_its_end` is never in force: the variable ends on 2015-12-31, no year begins in between.
        return 1


class of_eternity(Variable):
    value_type = float
    entity = Person
    definition_period = ETERNITY

    def formula_2015(person, period):  # warning: is never in force: the next begins on 2016-01-01, eternity has the latest.
        return 1

    def formula_2016(person, period):
        return 2
