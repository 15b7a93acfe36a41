"""A good law, in the ways in which laws are written: nothing is to be told of it, and every place that reads is understood."""

import datetime
from dataclasses import dataclass
from datetime import date

import numpy as np

from checked_law import Status
from engine.errors import ParameterNotFoundError
from engine.periods import MONTH, YEAR, Instant, Period, instant
from engine.periods import period as as_period
from engine.variables import ADD, DIVIDE, Enum, Variable
from fictional_country.entities import Household, Person, TaxHousehold

BONUSES = ["bonus_2014", "bonus_2015"]


class Kind(Enum):
    single = "Lives alone"
    couple = "Lives with somebody"


def all_bonuses(person, period):
    return sum(person(name, period, options=[ADD]) for name in BONUSES)


def rate_of(parameters, period, name="rate"):
    return parameters(period).tax[name]


@dataclass(frozen=True)
class Part:
    name: str

    @property
    def bonus(self):
        return f"bonus_{self.name}"


class Reader:
    def __init__(self, person, period):
        self._person = person
        self._period = period

    def bonus(self, part):
        return self._person(part.bonus, self._period, options=[ADD])


class yearly_salary(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period, parameters):
        salary = person("salary", period, options=[ADD])
        december = person("salary", period.first_month.offset(11, "month"))
        before = person("salary", period.last_year, options=[ADD]) + person("salary", period.n_2, options=[ADD])
        months = sum(person("salary", month) for month in period.get_subperiods(MONTH))
        fixed = person("salary", "2014-03") + person("salary", Period(("month", period.start, 3)), options=[ADD])
        shifted = person("salary", period.offset(-1).first_month) + person("salary", period.first_month.offset(unit="month", offset=-1))
        return salary + december + before + months + fixed + shifted + all_bonuses(person, period)


class monthly_share(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        share = person("yearly_salary", period, options=[DIVIDE])
        days = sum(person("presence", day) for day in period.get_subperiods("day"))
        return share * days + person("yearly_salary", period.this_year) + person("salary", period.last_3_months, options=[ADD])


class names(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        total = 0
        for year in (2014, 2015):
            total += person(f"bonus_{year}", period) + person("bonus_{}".format(year), period) + person("bonus_" + str(year), period)
        if period.start.year in (2014, 2015):
            total += person(f"bonus_{period.start.year}", period)
        by_label = {"first": "bonus_2014", "second": "bonus_2015"}
        for label, name in by_label.items():
            total += person(name, period) + person(by_label[label], period)
        for place, name in enumerate(BONUSES[::-1]):
            total += person(name, period) * place
        chosen = [name for name in BONUSES if name.endswith("2014")]
        found = []
        for part in (Part("2014"), Part("2015")):
            found.append(part.bonus)
            total += Reader(person, period).bonus(part)

        def more(name, factor=2):
            return person(name, period) * factor

        known = [year for year in range(2010, period.start.year + 1) if year in (2014, 2015)]
        return total + sum(more(name) for name in chosen + found) + sum(map(more, BONUSES)) + sum(more(f"bonus_{year}") for year in known)


class entities_of_all_kinds(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        rents = household("rent", period, options=[ADD])
        salaries = household.sum(household.members("salary", period.first_month), role=Household.ADULT)
        incomes = household.sum(household.members.tax_household("taxable_income", period))
        first = household.first_adult("salary", period.first_month) + household.first_adult.tax_household("taxable_income", period)
        known = household.members.get_holder("salary").get_known_periods()
        town = household.dwelling.town("local_rate", period) + household.town("local_rate", period)
        alone = household.nb_persons(Household.ADULT) == 1
        return np.where(alone, rents + salaries, incomes + first) * town + len(known)


class conditions(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula_2011(person, period, parameters):
        tax = parameters(period).tax
        if period.start.year < 2012 or period.start >= Instant((2016, 1, 1)):
            return person("salary", period) * tax.rate
        return person("salary", period) * (tax.rate + tax.surtax)

    def formula_2017_07(person, period, parameters):
        tax = parameters(period).tax
        amount = tax.late if period.start.date >= datetime.date(2019, 4, 1) else 0
        if date(2019, 4, 1) <= period.start.date < date(2030, 1, 1):
            amount += tax.late
        if tax.is_in_force:
            return person("salary", period) * tax.rate + amount
        return parameters("2015").tax.surtax + parameters(instant("2015-06-01")).tax.surtax


class presence_of_figures(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula_2010(person, period, parameters):
        tax = parameters(period).tax
        surtax = tax.surtax if hasattr(tax, "surtax") else 0
        late = getattr(tax, "late", 0) + getattr(tax, "never_there", 0)
        if "levy" in tax._children:
            late += tax.levy
        try:
            late += tax.levy
        except AttributeError:
            late = 0
        try:
            levy = parameters(period).tax.levy
        except ParameterNotFoundError:
            levy = tax.rate if period.start.year == 2014 else tax.surtax
        return levy + surtax + late + sum(figure for figure in (tax[name] for name in ("rate",))) + rate_of(parameters, period)

    def formula_2016(person, period, parameters):
        years = [person(f"bonus_{year + 3}", as_period(f"{year}-01")) for year in parameters(period).tax.years if year + 3 in (2014, 2015)]
        return sum(years) + person.get_rank(person.household, person("birth"), condition=person.has_role(Household.CHILD))


class look_ups(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR

    def formula_2015(household, period, parameters):
        zones = parameters(period).benefits.zones
        zone = household("zone", period)
        of_zone = zones[zone].amount
        one_by_one = sum((zone.decode_to_str() == name) * zones[name].amount for name in zones)
        status = household.members("status", period.first_month)
        Statuses = status.possible_values
        workers = household.sum(status == Statuses.worker) + household.any(status == Status.pensioner) + household.sum(status == Status["idle"])
        return of_zone + one_by_one + workers + household.sum(parameters(period).benefits.by_status[status])


class scale(Variable):
    value_type = float
    entity = TaxHousehold
    definition_period = YEAR

    def formula_2010(tax_household, period, parameters):
        scale = parameters(period).tax.scale
        calculate = lambda base: scale.calc(base)  # noqa: E731 - to be read
        return calculate(tax_household("taxable_income", period)) + len(scale.thresholds) + scale.rates[0]


class kind(Variable):
    value_type = Enum
    possible_values = Kind
    default_value = Kind.single
    entity = Household
    definition_period = YEAR

    def formula(household, period):
        return np.where(household.nb_persons() > 1, Kind.couple, Kind["single"])
