"""Reforms of the miniature."""

from openfisca_core.model_api import YEAR, Variable
from openfisca_core.reforms import Reform

from package_in_openfisca_form.entities import Person


class tax(Variable):
    def formula_2018(person, period):
        return person("yearly_salary", period) * 0.5


class half(Reform):
    def apply(self):
        self.update_variable(tax)


class new_tax(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period, parameters):
        return person("tax", period) * parameters(period).taxes.rates.low


class higher_threshold(Reform):
    def apply(self):
        self.add_variable(new_tax)
        self.modify_parameters(self.raised)

    @staticmethod
    def raised(parameters):
        parameters.taxes.scale.brackets[1].threshold.update(start="2016-01-01", value=20000)
        for value in parameters.taxes.rates.low.values_list:
            value.value *= 2
        return parameters
