"""What households pay."""

from openfisca_core.model_api import MONTH, YEAR, Variable, apply_thresholds, max_
from openfisca_core.taxscales import MarginalRateTaxScale
from package_in_openfisca_form.entities import Household, Person


class tax(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    reference = "https://law.example/tax"

    def formula_2015(person, period, parameters):
        return parameters(period).taxes.scale.calc(person("yearly_salary", period))

    def formula_2020_07_01(person, period, parameters):
        return 1000


class household_tax(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        return household.sum(household.members("tax", period)) + 0 * household("children_count", period)


class contribution(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period, parameters):
        kinds = parameters(period).contributions.by_kind
        assert kinds._name == "made_in_memory"
        made = MarginalRateTaxScale(name="two rates")
        made.add_bracket(0, kinds.low)
        made.add_bracket(1000, kinds["renamed"])
        return made.calc(person("yearly_salary", period))


class class_of_salary(Variable):
    value_type = int
    entity = Person
    definition_period = YEAR

    def formula(person, period):
        return apply_thresholds(person("yearly_salary", period), [1000, 20000], [1, 2, 3])


class rounded_up(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        return max_(person("salary", period), 100)
