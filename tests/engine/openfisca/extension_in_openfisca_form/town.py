"""What the town gives."""

from openfisca_core.model_api import YEAR, Variable
from package_in_openfisca_form.entities import Household


class town_bonus(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "Bonus of the town"

    def formula(household, period, parameters):
        return household("children_count", period) * parameters(period).town.bonus
