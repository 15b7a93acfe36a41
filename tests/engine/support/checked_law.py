"""A law to be checked: a few variables of Ostrea's entities, to which the files in tests/engine/checks/laws add theirs."""

import datetime
from pathlib import Path

from engine.legislation import Legislation
from engine.parameters import load_parameters
from engine.periods import DAY, ETERNITY, MONTH, YEAR
from engine.variables import Enum, Variable, from_file
from fictional_country.entities import ENTITIES, Household, Person, TaxHousehold, Town

LAWS = Path(__file__).parents[1] / "checks" / "laws"


class Status(Enum):
    worker = "Works"
    pensioner = "Is retired"
    idle = "Neither"


class Zone(Enum):
    zone_1 = "First zone"
    zone_2 = "Second zone"
    zone_3 = "Third zone"


class salary(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH


class bonus_2014(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH


class bonus_2015(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH


class birth(Variable):
    value_type = datetime.date
    entity = Person
    definition_period = ETERNITY


class status(Variable):
    value_type = Enum
    possible_values = Status
    default_value = Status.idle
    entity = Person
    definition_period = MONTH


class presence(Variable):
    value_type = bool
    entity = Person
    definition_period = DAY


class rent(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH


class zone(Variable):
    value_type = Enum
    possible_values = Zone
    default_value = Zone.zone_1
    entity = Household
    definition_period = YEAR


class taxable_income(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR


class local_rate(Variable):
    value_type = float
    entity = Town
    definition_period = YEAR


VARIABLES = (salary, bonus_2014, bonus_2015, birth, status, presence, rent, zone, taxable_income, local_rate)


def law_of(name, parameters="parameters"):
    """Return the law with the variables of one file, and the figures of one folder, of tests/engine/checks/laws."""
    return Legislation.make(ENTITIES, (*VARIABLES, *from_file(LAWS / f"{name}.py")), load_parameters(LAWS / parameters, cache=False), name=name)
