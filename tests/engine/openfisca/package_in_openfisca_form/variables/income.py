"""What persons have."""

import datetime

from openfisca_core.model_api import *  # noqa: F403 - packages do
from openfisca_core.model_api import ADD, ETERNITY, MONTH, YEAR, Enum, Variable, calculate_output_add, set_input_divide_by_period, where
from openfisca_core.periods import Period
from package_in_openfisca_form.entities import Household, Person


class Status(Enum):
    worker = "Works"
    pensioner = "Is retired"


class salary(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    set_input = set_input_divide_by_period
    calculate_output = calculate_output_add
    label = "Salary"


class birth(Variable):
    value_type = datetime.date
    entity = Person
    definition_period = ETERNITY
    default_value = datetime.date(1980, 1, 1)


class town(Variable):
    value_type = str
    max_length = 5
    entity = Household
    definition_period = YEAR
    default_value = "00000"


class children_count(Variable):
    value_type = int
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        return household.nb_persons(Household.CHILD)


class status(Variable):
    value_type = Enum
    possible_values = Status
    default_value = Status.worker
    entity = Person
    definition_period = YEAR


class age(Variable):
    value_type = int
    entity = Person
    definition_period = YEAR
    default_value = -1

    def formula(person, period):
        holder = person.get_holder("birth")
        if not holder.get_known_periods():
            return holder.population.filled_array(-2)
        return period.start.year - (person("birth", None).astype("datetime64[Y]").astype(int) + 1970)


class in_island(Variable):
    value_type = bool
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        from numpy import char

        town = household("town", period)
        return char.startswith(town.astype(str), "97") + (town == b"20000")


class in_large_town(Variable):
    value_type = bool
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        from numpy import isin

        return isin(household("town", period), [b"97411", b"75056"])


class town_number(Variable):
    value_type = int
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        from numpy import fromiter

        return fromiter((int(cell.decode()) for cell in household("town", period)), dtype=int)


class yearly_salary(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period):
        return person("salary", Period(("year", period.start, 1)), options=[ADD])


class rank(Variable):
    value_type = int
    entity = Person
    definition_period = YEAR

    def formula(person, period):
        return person.get_rank(person.household, -person("yearly_salary", period), condition=person.has_role(Household.ADULT))


class partner_salary(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period):
        return person.value_from_partner(person("yearly_salary", period), person.household, Household.ADULT)


class first_birth(Variable):
    value_type = datetime.date
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        from numpy import datetime64, minimum

        return household.reduce(household.members("birth", None), minimum, datetime64("2100-01-01"))


class second_adult_age(Variable):
    value_type = int
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        return household.second_adult("age", period)


class says_nothing(Variable):
    value_type = float
    default_value = 7
    entity = Person
    definition_period = YEAR

    def formula(person, period):
        pass


class forgets(Variable):
    value_type = bool
    entity = Person
    definition_period = YEAR

    def formula(person, period):
        return where(person("forgets", period.last_year), False, True)
