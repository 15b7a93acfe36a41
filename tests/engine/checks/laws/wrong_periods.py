"""Periods that do not fit."""

from engine.periods import ETERNITY, MONTH, YEAR
from engine.variables import ADD, DIVIDE, Variable
from fictional_country.entities import Person


class in_a_month(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        yearly = person("in_a_year", period)  # error: `in_a_year` is defined by year; it is asked for a month. Ask for one of its own periods, as `period.this_year`, or give options=[DIVIDE].
        whole_year = person("salary", period.this_year)  # error: `salary` is defined by month; it is asked for a year. Give options=[ADD], or one of its own periods.
        three = person("salary", period.last_3_months)  # error: `salary` is defined by month; it is asked for 3 months.
        added = person("in_a_year", period, options=[ADD])  # error: `in_a_year` is defined by year; it cannot be added up over a month, which is shorter.
        return yearly + whole_year + three + added


class in_a_year(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period):
        month = person("salary", period)  # error: `salary` is defined by month; it is asked for a year.
        born = person("birth", period, options=[ADD])  # error: `birth` has one value for all time: it cannot be added up.
        both = person("salary", period, options=[ADD, DIVIDE])  # error: `salary` is asked both to add and to divide: choose one.
        divided = person("salary", period, options=[DIVIDE])  # error: `salary` is defined by month; it cannot be divided to a year.
        day = person("salary", period.start)  # error: `salary` is defined by month; it is asked for a day.
        fixed = person("salary", "2015") + person("salary", 2015)  # error: `salary` is defined by month; it is asked for a year.
        no_period = person("salary", "2015-13")  # error: `salary` is asked for '2015-13', which is no period.
        without = person("salary")  # error: `salary` is defined by month; it is asked for all time. Name one of its own periods.
        option = person("salary", period, options=["ad"])  # error: `ad` is no option: expected ADD or DIVIDE. Did you mean `add`?  # error: `salary` is defined by month; it is asked for a year.
        return month + born + both + divided + day + fixed + no_period + without + option


class for_ever(Variable):
    value_type = float
    entity = Person
    definition_period = ETERNITY

    def formula(person, period):
        return person("salary", period)  # error: `salary` is defined by month; it is asked for all time.
