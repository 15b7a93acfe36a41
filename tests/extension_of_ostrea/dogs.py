"""The tax on dogs."""

from engine.periods import YEAR
from engine.variables import Variable
from fictional_country.entities import Household


class dogs(Variable):
    value_type = int
    entity = Household
    definition_period = YEAR
    label = "Dogs kept"


class dog_tax(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "Tax on dogs"

    def formula(household, period, parameters):
        return household("dogs", period) * parameters(period).dogs.tax_of_a_dog
