"""What formulas see: entities that answer for their variables, and the errors they give. Numbers: graph/test_group_operations.py."""

import datetime

import numpy as np
import pytest

from engine.entities import Entity, Role
from engine.errors import BaremeError, EntityError, FormulaError
from engine.periods import DAY, ETERNITY, MONTH
from engine.population import Population
from engine.variables import ADD, DIVIDE, Enum
from graph_law import CHILD, COUNTRY, DECLARANT, FIRST, HEAD, HOUSE, PARTNER, PERSON, TAX, TOWN, Kind, law, same, simulate, variable

POPULATION = Population(
    {"person": 4, "house": 2, "tax": 2, "town": 1},
    {("person", "house"): ([0, 0, 0, -1], [0, 1, 2, -1]), ("person", "tax"): ([0, 1, 0, 1], [0, 0, 2, 1]), ("house", "town"): [0, -1]},
)
INPUTS = [
    variable("amount", PERSON, default_value=3.0),
    variable("kind", PERSON, value_type=Enum, default_value=Kind.tenant),
    variable("born", PERSON, value_type=datetime.date, default_value=datetime.date(2000, 1, 1)),
    variable("name", PERSON, value_type=str, default_value="nobody"),
    variable("rent", HOUSE, default_value=5.0),
    variable("rate", TOWN, default_value=7.0),
    variable("zone", TOWN, value_type=str, default_value="Z"),
    variable("always", PERSON, value_type=int, definition_period=ETERNITY),
    variable("monthly", PERSON, definition_period=MONTH),
    variable("holds", PERSON, value_type=bool, definition_period=MONTH),
    variable("daily", PERSON, definition_period=DAY),
]
AMOUNT = np.array([1.0, 2.0, 3.0, 4.0])


def calculated(entity, formula, inputs=None, value_type=float, at="2020", **attributes):
    legislation = law(*INPUTS, variable("result", entity, formula, value_type, **attributes), entities=COUNTRY)
    return simulate(legislation, POPULATION, inputs if inputs is not None else {"amount": AMOUNT}).calculate("result", at)


def test_where_nobody_is_found_the_variables_default_stands():
    assert same(calculated(HOUSE, lambda house, period: house.head("amount", period)), np.array([1.0, 3.0]))
    assert same(calculated(HOUSE, lambda house, period: house.partner("amount", period)), np.array([2.0, 3.0]))
    assert same(calculated(PERSON, lambda person, period: person.house("rent", period), {"rent": [10.0, 20.0]}), np.array([10.0, 10.0, 10.0, 5.0]))
    assert same(calculated(HOUSE, lambda house, period: house.head("name", period), {"name": ["a", "b", "c", "d"]}, str), np.array(["a", "nobody"], object))
    assert calculated(HOUSE, lambda house, period: house.head("kind", period), {"kind": [2, 0, 0, 0]}, Enum).decode_to_str().tolist() == ["guest", "tenant"]
    born = calculated(HOUSE, lambda house, period: house.head("born", period), {"born": np.array(["1980-05-05"] * 4, "datetime64[D]")}, datetime.date)
    assert same(born, np.array(["1980-05-05", "2000-01-01"], "datetime64[D]"))


def test_a_default_that_nobody_gave_stands_for_everybody():
    for formula in (lambda house, period: house.head("amount", period), lambda house, period: house.partner("amount", period)):
        assert same(calculated(HOUSE, formula, {}), np.array([3.0, 3.0]))
    assert same(calculated(PERSON, lambda person, period: person.house.town("rate", period), {}), np.full(4, 7.0))
    assert same(calculated(PERSON, lambda person, period: person.town("zone", period), {}, str), np.array(["Z"] * 4, object))


def test_a_value_from_a_person_may_have_a_default_of_its_own():
    assert same(calculated(HOUSE, lambda house, period: house.value_from_person(house.members("amount", period), HEAD, default=-9)), np.array([1.0, -9.0]))
    assert same(calculated(HOUSE, lambda house, period: house.value_nth_person(2, house.members("amount", period), default=-9)), np.array([3.0, -9.0]))
    found = calculated(HOUSE, lambda house, period: house.value_from_person(house.members("kind", period), HEAD, default=Kind.guest), {"kind": [1] * 4}, Enum)
    assert found.decode_to_str().tolist() == ["tenant", "guest"]


def test_a_chain_of_entities_is_found():
    inputs = {"rate": [0.5]}
    assert same(calculated(PERSON, lambda person, period: person.house.town("rate", period), inputs), np.array([0.5, 0.5, 0.5, 7.0]))
    assert same(calculated(PERSON, lambda person, period: person.town("rate", period), inputs), np.array([0.5, 0.5, 0.5, 7.0]))


def test_members_go_by_the_name_of_their_entity_too():
    for formula in (
        lambda house, period: house.sum(house.members("amount", period)),
        lambda house, period: house.sum(house.person("amount", period)),
        lambda house, period: house.sum(house.persons("amount", period)),
    ):
        assert same(calculated(HOUSE, formula), np.array([6.0, 0.0]))


def test_a_formula_of_a_member_may_ask_its_group_for_sums():
    found = calculated(PERSON, lambda person, period: person.house.sum(person.house.members("amount", period)))
    assert same(found, np.array([6.0, 6.0, 6.0, 0.0]))
    assert same(calculated(PERSON, lambda person, period: person.house.nb_persons() * 1.0), np.array([3.0, 3.0, 3.0, 0.0]))


def test_a_role_with_subroles_stands_for_them():
    assert same(calculated(TAX, lambda tax, period: tax.sum(tax.members("amount", period), role=DECLARANT)), np.array([1.0, 6.0]))
    assert same(calculated(PERSON, lambda person, period: person.has_role(DECLARANT), value_type=bool), np.array([True, True, False, True]))


def test_who_belongs_to_nobody_has_no_role_and_is_counted_nowhere():
    assert same(calculated(PERSON, lambda person, period: person.has_role(CHILD), value_type=bool), np.array([False, False, True, False]))
    assert same(calculated(HOUSE, lambda house, period: house.nb_persons(), value_type=int), np.array([3, 0]))


def test_eternity_needs_no_period_and_takes_any():
    for period_of in (lambda period: None, lambda period: period, lambda period: "eternity"):
        found = calculated(PERSON, lambda person, period, of=period_of: person("always", of(period)), {("always", "eternity"): [1, 2, 3, 4]}, int)
        assert same(found, np.array([1, 2, 3, 4]))


def test_shorter_periods_are_added_and_longer_ones_divided():
    monthly = {("monthly", f"2020-{month:02}"): AMOUNT * month for month in range(1, 13)}
    assert same(calculated(PERSON, lambda person, period: person("monthly", period, options=[ADD]), monthly), AMOUNT * 78)
    assert same(calculated(PERSON, lambda person, period: person("monthly", period, options=["add"]), monthly), AMOUNT * 78)
    found = calculated(PERSON, lambda person, period: person("amount", period, [DIVIDE]), {"amount": AMOUNT * 12}, at="2020-05", definition_period=MONTH)
    assert same(found, AMOUNT)


def test_months_that_hold_are_counted():
    holds = {("holds", f"2020-{month:02}"): np.array([True, False, month > 6, month == 2]) for month in range(1, 13)}
    assert same(calculated(PERSON, lambda person, period: person("holds", period, options=[ADD]), holds, int), np.array([12, 0, 6, 1]))


def test_arrays_that_are_the_same_for_everybody():
    assert same(calculated(PERSON, lambda person, period: person.filled_array(2) + person.empty_array()), np.full(4, 2.0))
    assert calculated(PERSON, lambda person, period: person.filled_array(Kind.guest), value_type=Enum).decode_to_str().tolist() == ["guest"] * 4
    assert same(calculated(PERSON, lambda person, period: person.filled_array("x"), value_type=str), np.array(["x"] * 4, object))
    assert same(calculated(PERSON, lambda person, period: person.count + person.empty_array()), np.full(4, 4.0))


@pytest.mark.parametrize(
    "entity, formula, message",
    [
        (PERSON, lambda person, period: person("amonut", period), "no variable `amonut`.*`amount`"),
        (PERSON, lambda person, period: person("rent", period), "`rent` is a variable of `house`, not of `person`"),
        (PERSON, lambda person, period: person.hous("rent", period), "`person` has no `hous`.*`house`"),
        (TOWN, lambda town, period: town.tax("credit", period), "`town` has no `tax`"),
        (HOUSE, lambda house, period: house.sum(house("rent", period)), "`house`"),
        (TAX, lambda tax, period: tax.sum(tax.house("rent", period)), "`house`"),
        (PERSON, lambda person, period: person("amount", period) + person.house.members.household, "no `household`"),
        (PERSON, lambda person, period: person.members("amount", period), "Nothing belongs to a `person`"),
        (HOUSE, lambda house, period: house.value_from_person(house.members("amount", period), CHILD), "`child`.*not unique"),
        (PERSON, lambda person, period: person("monthly", period), "`monthly` is defined for a month; it was asked for 2020"),
        (PERSON, lambda person, period: person("amount", period.first_month), "`amount` is defined for a year"),
        (PERSON, lambda person, period: person("amount", period, options=[ADD, DIVIDE]), "choose one"),
        (PERSON, lambda person, period: person("always", period, options=[ADD]), "one value for all time"),
        (HOUSE, lambda house, period: house.has_role(FIRST), "`house`.*`tax`"),
        (PERSON, lambda person, period: person.has_role(Role("stranger")), "`stranger` is not a role of any entity"),
    ],
)
def test_mistakes_name_place_and_what_there_is(entity, formula, message):
    with pytest.raises(BaremeError, match=message):
        calculated(entity, formula)


def test_values_of_two_entities_do_not_mix():
    for inputs in ({}, {"amount": AMOUNT}, {"amount": AMOUNT, "rent": [1.0, 2.0]}):
        with pytest.raises(FormulaError, match=r"`person`.*`house`|`house`.*`person`"):
            calculated(PERSON, lambda person, period: person("amount", period) + house_rent_of(person, period), inputs)


def house_rent_of(person, period):
    """Return the rents row by row of houses, not of persons."""
    from engine.graph.array import SymbolicArray

    node, _ = person.law.variable("rent", period, (), HOUSE)
    return SymbolicArray(person.law, node, "house")


def test_an_entity_that_nothing_says_who_belongs_to_is_one_of_persons():
    person, family = Entity("person", "persons", is_person=True), Entity("family", "families")
    legislation = law(variable("amount", person), variable("total", family, lambda f, period: f.sum(f.members("amount", period))), entities=(person, family))
    population = Population({"person": 3, "family": 2}, {("person", "family"): [0, 1, 1]})
    assert same(simulate(legislation, population, {"amount": [1.0, 2.0, 3.0]}).calculate("total", "2020"), np.array([1.0, 5.0]))


def test_a_unique_role_that_several_play_is_the_first_of_them():
    population = Population(
        {"person": 3, "house": 1, "tax": 1, "town": 1},
        {("person", "house"): ([0, 0, 0], [1, 0, 0]), ("person", "tax"): ([0, 0, 0], [0, 0, 0]), ("house", "town"): [0]},
    )
    legislation = law(*INPUTS, variable("result", HOUSE, lambda house, period: house.head("amount", period)), entities=COUNTRY)
    assert same(simulate(legislation, population, {"amount": [1.0, 2.0, 3.0]}).calculate("result", "2020"), np.array([2.0]))


def test_the_partner_is_another_role():
    assert same(
        calculated(HOUSE, lambda house, period: house.any(house.members("amount", period) == 2, role=PARTNER), value_type=bool), np.array([True, False])
    )


def test_a_population_without_an_entity_of_the_law_has_no_rows_of_it():
    legislation = law(*INPUTS, entities=COUNTRY)
    homeless = Population({"person": 2, "tax": 1}, {("person", "tax"): [0, 0]})
    simulation = simulate(legislation, homeless, {})
    assert simulation.calculate("rent", "2020").tolist() == []
    assert simulation.population.links["person", "house"].index.tolist() == [-1, -1]


def test_rows_that_no_link_places_are_refused():
    legislation = law(*INPUTS, entities=COUNTRY)
    with pytest.raises(EntityError, match="`house` to `town`"):
        simulate(legislation, Population({"person": 1, "house": 1, "tax": 1, "town": 1}, {("person", "house"): [0], ("person", "tax"): [0]}), {})
