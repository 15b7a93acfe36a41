"""Variables of the persons of Ostrea, and of their tax households."""

from datetime import date

import numpy as np

from engine.periods import DAY, ETERNITY, MONTH, WEEK, YEAR
from engine.variables import (
    ADD,
    DIVIDE,
    Enum,
    Variable,
    calculate_output_add,
    calculate_output_divide,
    set_input_dispatch_by_period,
    set_input_divide_by_period,
)
from fictional_country.entities import Person, TaxHousehold


class Occupation(Enum):
    fisher = "Fisher"
    weaver = "Weaver"
    keeper = "Lighthouse keeper"
    none = "Without occupation"


class birth_date(Variable):
    value_type = date
    default_value = date(1990, 1, 1)
    entity = Person
    definition_period = ETERNITY
    label = "Date of birth"


class nickname(Variable):
    value_type = str
    max_length = 12
    entity = Person
    definition_period = ETERNITY
    label = "The name that neighbours use"


class age(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Age in whole years, on the first day of the month"

    def formula(person, period):
        birth = person("birth_date", period).astype("datetime64[M]").astype(np.int64)
        month = 12 * (period.start.year - 1970) + period.start.month - 1
        return (month - birth) // 12


class salary(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Salary"
    unit = "currency"
    set_input = set_input_divide_by_period
    calculate_output = calculate_output_add


class occupation(Variable):
    value_type = Enum
    possible_values = Occupation
    default_value = Occupation.none
    entity = Person
    definition_period = MONTH
    label = "Occupation"
    set_input = set_input_dispatch_by_period


class overtime_hours(Variable):
    value_type = float
    entity = Person
    definition_period = WEEK
    label = "Hours worked beyond forty"
    set_input = set_input_divide_by_period


class overtime_pay(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Pay for the hours beyond forty"
    unit = "currency"

    def formula(person, period, parameters):
        return person("overtime_hours", period, options=[ADD]) * parameters(period).income.overtime_pay


class is_ill(Variable):
    value_type = bool
    entity = Person
    definition_period = DAY
    label = "Whether the person is ill that day"
    set_input = set_input_dispatch_by_period


class sick_days(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Days of illness in the month"

    def formula(person, period):
        return person("is_ill", period, options=[ADD])


class nets_owned(Variable):
    value_type = int
    entity = Person
    definition_period = YEAR
    label = "Fishing nets owned"
    set_input = set_input_divide_by_period


class sea_dues(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Dues of fishers"
    unit = "currency"
    reference = ["Code of the Sea, art. 3", "Code of the Sea, art. 4"]
    end = "2021-12-31"

    def formula(person, period, parameters):
        is_fisher = person("occupation", period.first_month) == Occupation.fisher
        return is_fisher * parameters(period).income.sea_dues.by_head

    def formula_2019(person, period, parameters):
        is_fisher = person("occupation", period.first_month) == Occupation.fisher
        return np.where(is_fisher, person("nets_owned", period) * parameters(period).income.sea_dues.by_net, 0)


class trade_allowance(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Allowance of the person's trade"
    unit = "currency"

    def formula(person, period, parameters):
        return parameters(period).income.trade_allowance[person("occupation", period)]


class pension_contribution(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Contribution to pensions, at a rate that rises with the salary"
    unit = "currency"
    set_input = set_input_divide_by_period

    def formula_2018(person, period, parameters):
        return np.round(person("salary", period) * parameters(period).income.pension.flat_rate, 2)

    def formula_2020_07(person, period, parameters):
        return np.round(parameters(period).income.pension.rising.calc(person("salary", period)), 2)


class income(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Income of the year"
    unit = "currency"

    def formula(person, period):
        paid = person("salary", period, options=[ADD]) + person("overtime_pay", period)
        return paid + person("trade_allowance", period, options=[ADD])


class income_tax(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Income tax"
    unit = "currency"
    reference = "Code of Income, art. 1"
    calculate_output = calculate_output_divide

    def formula(person, period, parameters):
        law = parameters(period).income.tax
        tax = law.scale.calc(person("income", period))
        tax[tax < law.not_collected_below] = 0
        return tax


class monthly_income_tax(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Income tax, the month's twelfth"
    unit = "currency"

    def formula(person, period):
        return person("income_tax", period, options=[DIVIDE])


class is_declarant(Variable):
    value_type = bool
    entity = Person
    definition_period = YEAR
    label = "Whether the person signs the declaration"

    def formula(person, period):
        return person.has_role(TaxHousehold.DECLARANT)


class taxable_income(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR
    label = "Income of the tax household"
    unit = "currency"

    def formula(tax_household, period, parameters):
        incomes = tax_household.members("income", period)
        dependants = tax_household.nb_persons(TaxHousehold.DEPENDANT)
        deduction = dependants * parameters(period).income.tax.dependant_deduction
        return np.maximum(tax_household.sum(incomes, role=TaxHousehold.DECLARANT) - deduction, 0)


class solidarity_levy(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR
    label = "Levy whose amount depends on the bracket of income"
    unit = "currency"

    def formula(tax_household, period, parameters):
        return parameters(period).income.solidarity_levy.calc(tax_household("taxable_income", period))


class stamp_duty(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR
    label = "Duty whose steps add up"
    unit = "currency"

    def formula(tax_household, period, parameters):
        return parameters(period).income.stamp_duty.calc(tax_household("taxable_income", period))


VARIABLES = (
    birth_date,
    nickname,
    age,
    salary,
    occupation,
    overtime_hours,
    overtime_pay,
    is_ill,
    sick_days,
    nets_owned,
    sea_dues,
    trade_allowance,
    pension_contribution,
    income,
    income_tax,
    monthly_income_tax,
    is_declarant,
    taxable_income,
    solidarity_levy,
    stamp_duty,
)
