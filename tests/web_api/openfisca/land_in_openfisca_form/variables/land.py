"""A variable of each kind."""

from datetime import date

from openfisca_core.model_api import ETERNITY, MONTH, YEAR, Enum, Variable, set_input_divide_by_period

from land_in_openfisca_form.entities import Household, Person


class Status(Enum):
    owner = "Owner"
    tenant = "Tenant"


class salary(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    set_input = set_input_divide_by_period
    label = "Salary"
    reference = "https://law.example/salary"


class birth(Variable):
    value_type = date
    entity = Person
    definition_period = ETERNITY
    label = "Date of birth"


class age(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Age"

    def formula(person, period):
        return period.start.year - person("birth", period).astype("datetime64[Y]").astype(int) - 1970


class name_of_town(Variable):
    value_type = str
    max_length = 5
    entity = Household
    definition_period = MONTH
    label = "Town"


class is_rich(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        return person("salary", period) > 5000


class status(Variable):
    value_type = Enum
    possible_values = Status
    default_value = Status.tenant
    entity = Household
    definition_period = MONTH
    label = "Status"


class rent(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH


class tax(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Tax on salaries"
    end = "2025-12-31"

    def formula_2010(person, period, parameters):
        """Return the tax.

        It is a share of the salary.
        """
        return person("salary", period) * parameters(period).taxes.rate

    def formula_2020(person, period, parameters):
        return person("salary", period) * parameters(period).taxes.rate / 2


class income(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH

    def formula(household, period, parameters):
        return household.sum(household.members("salary", period) - household.members("tax", period)) - household("rent", period)


class tax_of_rich(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH

    def formula(household, period):
        if household.members("is_rich", period).any():
            return household("income", period) / 2
        return household("income", period) * 0


class share_of_rent(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH

    def formula(household, period):
        return household("rent", period) / household("income", period)


class bonus(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        return household("rent", period.first_month) * 2


class failing(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        raise ValueError("a secret of the server")


class circular(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        return person("circular", period) + 1
