"""Figures without a value when a formula in force asks for them."""

import datetime

from engine.errors import ParameterNotFoundError
from engine.periods import MONTH, YEAR, Instant, Period
from engine.variables import Variable
from fictional_country.entities import Household, Person, TaxHousehold


class begins_too_early(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR

    def formula_2008(tax_household, period, parameters):
        return tax_household("taxable_income", period) * parameters(period).tax.rate  # warning: The formula of 2008-01-01 of `begins_too_early` reads `tax.rate`, which has no value for 2008 to 2009: it has values from 2010-01-01 on.


class ends_too_late(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR

    def formula(tax_household, period, parameters):
        return parameters(period).tax.surtax  # warning: reads `tax.surtax`, which has no value for 2016 and later: it has values from 2012-01-01 until before 2016-01-01.


class ends_in_time(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR
    end = "2015-12-31"

    def formula(tax_household, period, parameters):
        return parameters(period).tax.surtax


class followed_in_time(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR

    def formula_2012(tax_household, period, parameters):
        return parameters(period).tax.surtax

    def formula_2016(tax_household, period, parameters):
        return parameters(period).tax.surtax  # error: The formula of 2016-01-01 of `followed_in_time` reads `tax.surtax`, which has no value at any date that it asks for


class hole(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula_2011(person, period, parameters):
        levy = parameters(period).tax.levy  # warning: reads `tax.levy`, which has no value for 2014-01 to 2015-12: it has values from 2010-01-01 until before 2014-01-01 and from 2015-01-01 on.
        before = parameters(period.offset(-1, "year")).tax.levy
        return levy + before


class read_at_other_dates(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula_2016(person, period, parameters):
        two_years_before = parameters(period.n_2).tax.surtax  # warning: reads `tax.surtax`, which has no value for 2018 and later (read at 2016-01-01 for 2018)
        fixed = parameters("2014-06-30").tax.levy  # error: reads `tax.levy`, which has no value at any date that it asks for
        december = parameters(period.start.offset(11, "month")).tax.late  # warning: reads `tax.late`, which has no value for 2016 to 2018 (read at 2016-12-01 for 2016)
        return two_years_before + fixed + december


class begins_in_the_midst_of_a_year(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula_2019(person, period, parameters):
        return parameters(period).tax.late  # warning: reads `tax.late`, which has no value for 2019: it has values from 2019-04-01 on.


class on_one_way_only(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula_2010(person, period, parameters):
        tax = parameters(period).tax
        if period.start.date < datetime.date(2013, 7, 1):
            return tax.surtax  # warning: reads `tax.surtax`, which has no value for 2010-01 to 2011-12
        if not tax.is_in_force:
            return tax.late  # error: reads `tax.late`, which has no value at any date that it asks for
        return 0


class of_one_member(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR

    def formula_2010(household, period, parameters):
        by_status = parameters(period).benefits.by_status
        return by_status.idle + household.sum(by_status[household.members("status", period.first_month)])  # warning: reads `benefits.by_status.idle`, which has no value for 2010 to 2014


class in_the_place_of_another(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula_2010(person, period, parameters):
        tax = parameters(period).tax
        try:
            amount = tax.surtax
        except ParameterNotFoundError:
            amount = tax.levy + tax.late  # warning: reads `tax.late`, which has no value for 2010 to 2019
        return amount


class composed_dates(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula_2018(person, period, parameters):
        july = parameters(Instant((period.start.year, 7, 1))).tax
        may = parameters(f"{period.start.year}-05-01").tax.is_in_force
        months = sum(parameters(month).tax.levy for month in Period(("month", period.start, 3)).get_subperiods("month"))
        before = parameters(datetime.date(period.start.year - 4, 12, 31)).tax.surtax  # warning: reads `tax.surtax`, which has no value for 2020 and later (read at 2016-12-31 for 2020)
        return july.late + may + months + before  # warning: reads `tax.late`, which has no value for 2018 (read at 2018-07-01)
