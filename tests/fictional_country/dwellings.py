"""Variables of the dwellings and towns of Ostrea, and what their inhabitants read of them."""

from datetime import date

import numpy as np

from engine.periods import ETERNITY, MONTH, YEAR
from engine.variables import Variable
from fictional_country.entities import Dwelling, Household, Person, Town


class floor_area(Variable):
    value_type = float
    entity = Dwelling
    definition_period = ETERNITY
    label = "Floor area"
    unit = "m2"


class built_on(Variable):
    value_type = date
    default_value = date(1900, 1, 1)
    entity = Dwelling
    definition_period = ETERNITY
    label = "Day on which the dwelling was finished"


class town_code(Variable):
    value_type = str
    entity = Town
    definition_period = ETERNITY
    label = "Code of the town"
    default_value = "A1"


class has_harbour(Variable):
    value_type = bool
    entity = Town
    definition_period = YEAR
    label = "Whether the town has a harbour"


class hearth_tax_rate(Variable):
    value_type = float
    entity = Town
    definition_period = YEAR
    label = "Rate of the hearth tax, by square metre"
    unit = "currency/m2"

    def formula(town, period, parameters):
        return parameters(period).housing.hearth_tax_rate[town("town_code", period)]


class hearth_tax(Variable):
    value_type = int
    entity = Dwelling
    definition_period = YEAR
    label = "Hearth tax, in whole shells"
    unit = "currency"

    def formula(dwelling, period, parameters):
        law = parameters(period).housing
        is_new = dwelling("built_on", period) > np.datetime64(law.new_dwellings.built_after)
        gross = dwelling("floor_area", period) * dwelling.town("hearth_tax_rate", period)
        exempt = is_new & ~dwelling.town("has_harbour", period)
        return np.floor(np.where(exempt, 0, gross) + 0.5)


class hearth_tax_receipts(Variable):
    value_type = float
    entity = Town
    definition_period = YEAR
    label = "What the hearth tax brings to the town"
    unit = "currency"

    def formula(town, period):
        return town.sum(town.members("hearth_tax", period))


class share_of_receipts(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "The part of the town's receipts that the household pays"

    def formula(household, period):
        receipts = household.dwelling.town("hearth_tax_receipts", period)
        return np.where(receipts > 0, household.dwelling("hearth_tax", period) / np.where(receipts > 0, receipts, 1), 0)


class lives_by_the_sea(Variable):
    value_type = bool
    entity = Person
    definition_period = YEAR
    label = "Whether the person's town has a harbour"

    def formula(person, period):
        return person.household.dwelling.town("has_harbour", period)


class occupants_rent(Variable):
    value_type = float
    entity = Dwelling
    definition_period = MONTH
    label = "Rent that the household in the dwelling pays"
    unit = "currency"

    def formula(dwelling, period):
        return dwelling.occupant("rent", period)


VARIABLES = (
    floor_area,
    built_on,
    town_code,
    has_harbour,
    hearth_tax_rate,
    hearth_tax,
    hearth_tax_receipts,
    share_of_receipts,
    lives_by_the_sea,
    occupants_rent,
)
