"""Names of figures that do not exist."""

from engine.periods import YEAR
from engine.variables import Variable
from fictional_country.entities import Household, TaxHousehold


class chains(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR

    def formula_2010(tax_household, period, parameters):
        income = tax_household("taxable_income", period)
        tax = parameters(period).tax
        direct = parameters(period).taxes.rate  # error: There is no parameter `taxes`. Did you mean `tax`?
        split = tax.rates + tax["levies"]  # error: There is no parameter `tax.rates`. Did you mean `rate`  # error: There is no parameter `tax.levies`.
        deeper = tax.rate.of_the_state  # error: There is no parameter `tax.rate.of_the_state`: `tax.rate` is a figure, nothing stands below it.
        scale = tax.scales.calc(income)  # error: There is no parameter `tax.scales`. Did you mean `scale`
        return direct + split + deeper + scale


class loops(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR

    def formula_2010(household, period, parameters):
        zones = parameters(period).benefits.zones
        total = 0
        for number in range(1, 5):
            total += getattr(zones, f"zone_{number}").amount  # error: There is no parameter `benefits.zones.zone_4`.
        names = ["amount", "supplements"]
        total += sum(zones.zone_1[name] for name in names)  # error: There is no parameter `benefits.zones.zone_1.supplements`.
        return total + zones[household("zone", period)].amounts  # error: There is no parameter `benefits.zones[*].amounts`. Did you mean `amount`?


def helper(parameters, period):
    return parameters(period).tax


class in_a_helper(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR

    def formula_2010(tax_household, period, parameters):
        return helper(parameters, period).rat  # error: There is no parameter `tax.rat`. Did you mean `rate`?
