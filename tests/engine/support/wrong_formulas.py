"""Formulas as a coder gets them wrong: each one's docstring is what its error says, and `# here` marks the line that it names."""
# ruff: noqa: F821 - wrong on purpose

import math

import numpy as np

from graph_law import HOUSE, Kind


def if_statement(house, period, parameters):
    """`rent > 5` is an array, with a value for each row, and `if` asks for one answer. A formula runs once for all rows: write `np.where(rent > 5, …, …)`"""
    rent = house("rent", period)
    if rent > 5:  # here
        return rent
    return 0


def if_expression(house, period, parameters):
    """write `np.where(house('rent', period) > 5, 1, 0)`"""
    return 1 if house("rent", period) > 5 else 0  # here


def both(house, period, parameters):
    """`rent > 5` is an array, with a value for each row, and `and` asks for one answer. A formula runs once for all rows: write `(rent > 5) & (rent < 9)`"""
    rent = house("rent", period)
    return (
        rent > 5 and rent < 9  # here
    )


def either(house, period, parameters):
    """write `(rent > 5) | (rent < 9)`"""
    rent = house("rent", period)
    return rent > 5 or rent < 9  # here


def contrary(house, period, parameters):
    """`rent > 5` is an array, with a value for each row, and `not` asks for one answer. A formula runs once for all rows: write `~(rent > 5)`."""
    rent = house("rent", period)
    return not rent > 5  # here


def chained(house, period, parameters):
    """write `(5 < rent) & (rent < 9)`"""
    rent = house("rent", period)
    return 5 < rent < 9  # here


def while_statement(house, period, parameters):
    """`rent > 5` is an array, with a value for each row, and `while` asks for one answer"""
    rent = house("rent", period)
    while rent > 5:  # here
        rent = rent - 1
    return rent


def membership(house, period, parameters):
    """`rent` is an array, with a value for each row, and `in` asks for one answer. A formula runs once for all rows: write `~np.isin(rent, [5, 9])`."""
    rent = house("rent", period)
    return rent not in [5, 9]  # here


def larger(house, period, parameters):
    """write `np.maximum(rent, 5)`"""
    rent = house("rent", period)
    return max(rent, 5)  # here


def any_of(house, period, parameters):
    """write `(rent > 5) | (rent < 2)`"""
    rent = house("rent", period)
    return any([rent > 5, rent < 2])  # here


def to_float(house, period, parameters):
    """write `rent.astype(float)`"""
    rent = house("rent", period)
    return float(rent)  # here


def floor(house, period, parameters):
    """write `np.floor(rent)`"""
    rent = house("rent", period)
    return math.floor(rent)  # here


def rounded(house, period, parameters):
    """write `np.round(rent, 2)`"""
    rent = house("rent", period)
    return round(rent, 2)  # here


def in_a_comprehension(house, period, parameters):
    """with each comparison in brackets"""
    rent = house("rent", period)
    return sum(each for each in [rent, rent] if each > 5)  # here


def unknown_role(house, period, parameters):
    """`house` has no role `CHILDREN`. Did you mean `CHILD`?"""
    return house.nb_persons(HOUSE.CHILDREN)  # here


def role_unlike_any(house, period, parameters):
    """`house` has no role `TENANT_IN_CHIEF`. Expected one of `HEAD`, `PARTNER`, `CHILD`."""
    return house.nb_persons(role=HOUSE.TENANT_IN_CHIEF)  # here


def role_as_text(house, period, parameters):
    """A role is expected; got 'child'. Write it as an attribute of its entity, without quotes: `.CHILD`."""
    return house.sum(house.members("amount", period), role="child")  # here


def role_as_wrong_text(house, period, parameters):
    """A role is expected; got 'childs'. Did you mean `CHILD`?"""
    return house.value_from_person(house.members("amount", period), "childs")  # here


def misspelt_role(house, period, parameters):
    """`house` has no `heda`. Did you mean `head`?"""
    return house.heda("amount", period)  # here


def role_of_several(house, period, parameters):
    """`house` has no `child`. Several members may be `child`, so that there is not one value: sum them, as `house.sum(house.members(…), role=…)`"""
    return house.child("amount", period)  # here


def member_as_text(house, period, parameters):
    """members of `Kind` are compared with the text 'tenant': expected a member, write `Kind.tenant`."""
    return house.sum(house.members("kind", period) == "tenant")  # here


def member_as_label(house, period, parameters):
    """members of `Kind` are compared with the text 'Tenant': expected a member, write `Kind.tenant`."""
    return house.sum(house.members("kind", period) != "Tenant")  # here


def member_as_wrong_text(house, period, parameters):
    """members of `Kind` are compared with the text 'tennant': expected a member. Did you mean `tenant`?"""
    return house.sum("tennant" == house.members("kind", period))  # here  # noqa: SIM300


def member_among_texts(house, period, parameters):
    """members of `Kind` are compared with the text 'lodger': expected a member, as `Kind.owner`."""
    return house.sum(np.isin(house.members("kind", period), ["lodger", Kind.owner]))  # here


def member_beside_an_array_of_texts(house, period, parameters):
    """members of `Kind` are compared with texts: expected members, as `Kind.owner`"""
    return house.sum(house.members("kind", period) == np.array(["owner"] * 4))  # here


def unknown_member(house, period, parameters):
    """`Kind` has no member `tennant`. Did you mean `tenant`?"""
    return house.sum(house.members("kind", period) == Kind.tennant)  # here


def variable_of_the_members(house, period, parameters):
    """`amount` is a variable of `person`, not of `house`. Ask it as `house.members("amount", period)`, one value for each member, or their sum"""
    return house("amount", period)  # here


def variable_of_the_group(house, period, parameters):
    """`rent` is a variable of `house`, not of `person`. Ask it as `person.house("rent", period)`."""
    return house.sum(house.members("rent", period))  # here


def variable_of_another_group(house, period, parameters):
    """`credit` is a variable of `tax`, not of `house`. Neither belongs to the other: each member has it, `house.members.tax("credit", period)`."""
    return house("credit", period)  # here


def another_group(house, period, parameters):
    """`house` has no `tax`. Neither belongs to the other: each member has it, `house.members.tax(…)`."""
    return house.tax("credit", period)  # here


def misspelt_figure(house, period, parameters):
    """Parameter `aid` has no `ceilling` (read at 2020-01-01). Did you mean `ceiling`?"""
    return parameters(period).aid.ceilling  # here


def unlike_any_figure(house, period, parameters):
    """Parameter `aid` has no `seuil` (read at 2020-01-01). Expected one of `ceiling`, `amount`."""
    return parameters(period).aid.seuil  # here


def figures_without_a_period(house, period, parameters):
    """the figures of the law are those of a day: expected `parameters(period).aid`, not `parameters.aid`."""
    return parameters.aid.ceiling  # here


def branch_as_figure(house, period, parameters):
    """`aid` is a branch of the law's figures, not a figure: name one below it. Expected one of `ceiling`, `amount`."""
    return house("rent", period) * parameters(period).aid  # here


def branch_in_arithmetic(house, period, parameters):
    """`aid` is a branch of the law's figures, not a figure"""
    return 12 * parameters(period).aid  # here


def months_of_a_year(house, period, parameters):
    """`monthly` is defined for a month; it was asked for 2020 (1 year). Give options=[ADD] for the sum of its months"""
    return house.sum(house.members("monthly", period))  # here


def year_of_a_month(house, period, parameters):
    """`rent` is defined for a year; it was asked for 2020-01 (1 month). Ask for the whole year, as `period.this_year`, or give options=[DIVIDE]"""
    return house("rent", period.first_month)  # here


def no_period(house, period, parameters):
    """`rent` is defined for a year; it was asked without a period. Say for which year, as `period`."""
    return house("rent")  # here


def no_option(house, period, parameters):
    """`ad` is no option for reading `rent`: expected ADD or DIVIDE, of `engine.variables`. Did you mean `ADD`?"""
    return house("rent", period, options=["ad"])  # here


def misspelt_period(house, period, parameters):
    """'Period' object has no attribute 'last_yaer'. Did you mean `last_year`"""
    return house("rent", period.last_yaer)  # here


def misspelt_name(house, period, parameters):
    """NameError: name 'rnet' is not defined. Did you mean `rent`"""
    rent = house("rent", period)
    return rnet + rent  # here


def misspelt_function(house, period, parameters):
    """module 'numpy' has no attribute 'wher'. Did you mean `where`"""
    return np.wher(house("rent", period) > 5, 1, 0)  # here
