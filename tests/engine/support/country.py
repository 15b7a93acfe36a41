"""A fictional country whose laws use every operation between entities, and the same laws in plain Python loops.

Amounts are quarters, so that sums are exact in any order.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from engine.population import Population
from engine.variables import Enum
from graph_law import CHILD, COUNTRY, DECLARANT, DEPENDANT, FIRST, HEAD, HOUSE, PARTNER, PERSON, SECOND, TAX, TOWN, Kind, law, same, variable

ROLES = {"house": [HEAD, PARTNER, CHILD], "tax": [FIRST, SECOND, DEPENDANT]}
INPUTS = {
    "amount": (PERSON, float),
    "age": (PERSON, int),
    "works": (PERSON, bool),
    "name": (PERSON, str),
    "status": (PERSON, Enum),
    "rent": (HOUSE, float),
    "credit": (TAX, float),
    "rate": (TOWN, float),
    "zone": (TOWN, str),
}


def members_of(values, index, count, member_roles=None, roles=None):
    """Return, group by group, the values of its members in their order, of those with one of the roles."""
    members = [[] for _ in range(count)]
    for row, group in enumerate(index.tolist()):
        if group >= 0 and (roles is None or member_roles[row] in roles):
            members[group].append(values[row])
    return members


def reduced(how, values, index, count, member_roles=None, roles=None):
    """Return, group by group in a loop, the sum, truth or extreme of the members' values."""
    function = {"sum": sum, "any": any, "all": all, "min": lambda found: min(found, default=np.inf), "max": lambda found: max(found, default=-np.inf)}[how]
    kind = bool if how in {"any", "all"} else int if how == "sum" and np.asarray(values).dtype.kind in "bi" else float
    return np.array([function(members) for members in members_of(values, index, count, member_roles, roles)], dtype=kind)


def nth(values, index, count, place, default, member_roles=None, roles=None):
    """Return, group by group, the value of the member at a place, the default where there is none."""
    found = members_of(values, index, count, member_roles, roles)
    return np.array([members[place] if len(members) > place else default for members in found], dtype=np.asarray(values).dtype)


def places_in(index):
    """Return each member's place among those of its group, -1 for members of none."""
    seen, places = {}, []
    for group in index.tolist():
        places.append(seen.get(group, 0) if group >= 0 else -1)
        seen[group] = seen.get(group, 0) + 1
    return np.array(places, dtype=int)


def project(values, index, default=0):
    return np.array([values[group] if group >= 0 else default for group in index], dtype=np.asarray(values).dtype)


RULES = {}  # name: (entity, type, formula, the same in plain Python over a World)


def rule(entity, value_type=float):
    """Register a pair: a formula, and a function of a World that gives what it should."""

    def register(pair):
        formula, plain = pair()
        RULES[pair.__name__] = (entity, value_type, formula, plain)
        return pair

    return register


class World:
    """A population in plain arrays."""

    def __init__(self, counts, house, house_roles, tax, tax_roles, town, values):
        self.counts, self.house, self.house_roles, self.tax, self.tax_roles, self.town, self.values = counts, house, house_roles, tax, tax_roles, town, values

    def __repr__(self):
        houses = f"house={list(self.house)}, house_roles={list(self.house_roles)}"
        taxes = f"tax={list(self.tax)}, tax_roles={list(self.tax_roles)}"
        return f"World({self.counts}, {houses}, {taxes}, town={list(self.town)}, {self.values})"

    def __getitem__(self, name):
        return self.values[name]

    @property
    def population(self):
        links = {("person", "house"): (self.house, self.house_roles), ("person", "tax"): (self.tax, self.tax_roles), ("house", "town"): self.town}
        return Population(self.counts, links)

    def reordered(self, orders):
        """Return the same world with the rows of each entity in another order, or without some of them."""
        place = {entity: {int(old): new for new, old in enumerate(order)} for entity, order in orders.items()}

        def moved(index, member, group):
            return np.array([place[group].get(int(index[row]), -1) for row in orders[member]], dtype=np.int64)

        values = {name: values[orders[INPUTS[name][0].key]] for name, values in self.values.items()}
        counts = {entity: len(order) for entity, order in orders.items()}
        people = orders["person"]
        return World(
            counts,
            moved(self.house, "person", "house"),
            self.house_roles[people],
            moved(self.tax, "person", "tax"),
            self.tax_roles[people],
            moved(self.town, "house", "town"),
            values,
        )

    def component(self, person):
        """Return the rows, by entity, that are connected with a person, whoever else that brings in."""
        found = {"person": {person}, "house": set(), "tax": set(), "town": set()}
        links = [("person", "house", self.house), ("person", "tax", self.tax), ("house", "town", self.town)]
        size = 0
        while size != sum(map(len, found.values())):
            size = sum(map(len, found.values()))
            for member, group, index in links:
                found[group] |= {int(index[row]) for row in found[member] if index[row] >= 0}
                found[member] |= {row for row in range(len(index)) if int(index[row]) in found[group]}
        return {entity: np.array(sorted(rows), dtype=np.int64) for entity, rows in found.items()}


# The laws, each with what it should give


@rule(HOUSE)
def sum_of_amounts():
    return lambda house, period: house.sum(house.members("amount", period)), lambda w: reduced("sum", w["amount"], w.house, w.counts["house"])


@rule(HOUSE)
def sum_of_members_by_name():
    return (
        lambda house, period: house.sum(house.person("amount", period)) + house.sum(house.persons("amount", period)),
        lambda w: 2 * reduced("sum", w["amount"], w.house, w.counts["house"]),
    )


@rule(HOUSE, int)
def sum_of_ages():
    return lambda house, period: house.sum(house.members("age", period)), lambda w: reduced("sum", w["age"], w.house, w.counts["house"])


@rule(HOUSE, int)
def workers():
    return lambda house, period: house.sum(house.members("works", period)), lambda w: reduced("sum", w["works"], w.house, w.counts["house"])


@rule(HOUSE)
def sum_of_childrens_amounts():
    return (
        lambda house, period: house.sum(house.members("amount", period), role=CHILD),
        lambda w: reduced("sum", w["amount"], w.house, w.counts["house"], w.house_roles, [2]),
    )


@rule(HOUSE)
def sum_of_heads_amounts():
    return (
        lambda house, period: house.sum(house.members("amount", period) * 2, role=HEAD),
        lambda w: reduced("sum", w["amount"] * 2, w.house, w.counts["house"], w.house_roles, [0]),
    )


@rule(TAX)
def sum_of_declarants_amounts():
    return (
        lambda tax, period: tax.sum(tax.members("amount", period), role=DECLARANT),
        lambda w: reduced("sum", w["amount"], w.tax, w.counts["tax"], w.tax_roles, [0, 1]),
    )


@rule(HOUSE, bool)
def any_works():
    return lambda house, period: house.any(house.members("works", period)), lambda w: reduced("any", w["works"], w.house, w.counts["house"])


@rule(HOUSE, bool)
def all_work():
    return lambda house, period: house.all(house.members("works", period)), lambda w: reduced("all", w["works"], w.house, w.counts["house"])


@rule(HOUSE, bool)
def any_child_works():
    return (
        lambda house, period: house.any(house.members("works", period), role=CHILD),
        lambda w: reduced("any", w["works"], w.house, w.counts["house"], w.house_roles, [2]),
    )


@rule(HOUSE, bool)
def all_children_adult():
    return (
        lambda house, period: house.all(house.members("age", period) >= 18, role=CHILD),
        lambda w: reduced("all", w["age"] >= 18, w.house, w.counts["house"], w.house_roles, [2]),
    )


@rule(HOUSE)
def least_amount():
    return lambda house, period: house.min(house.members("amount", period)), lambda w: reduced("min", w["amount"], w.house, w.counts["house"])


@rule(HOUSE)
def greatest_age():
    return lambda house, period: house.max(house.members("age", period)), lambda w: reduced("max", w["age"], w.house, w.counts["house"])


@rule(HOUSE)
def greatest_amount_of_children():
    return (
        lambda house, period: house.max(house.members("amount", period), role=CHILD),
        lambda w: reduced("max", w["amount"], w.house, w.counts["house"], w.house_roles, [2]),
    )


@rule(HOUSE, int)
def size():
    return lambda house, period: house.nb_persons(), lambda w: reduced("sum", np.ones(w.counts["person"], int), w.house, w.counts["house"])


@rule(HOUSE, int)
def number_of_children():
    return (
        lambda house, period: house.nb_persons(CHILD),
        lambda w: reduced("sum", np.ones(w.counts["person"], int), w.house, w.counts["house"], w.house_roles, [2]),
    )


@rule(TAX, int)
def number_of_declarants():
    return (
        lambda tax, period: tax.nb_persons(DECLARANT),
        lambda w: reduced("sum", np.ones(w.counts["person"], int), w.tax, w.counts["tax"], w.tax_roles, [0, 1]),
    )


@rule(TOWN, int)
def houses_of_town():
    return lambda town, period: town.nb_persons(), lambda w: reduced("sum", np.ones(w.counts["house"], int), w.town, w.counts["town"])


@rule(HOUSE)
def heads_amount():
    return lambda house, period: house.head("amount", period), lambda w: nth(w["amount"], w.house, w.counts["house"], 0, 0, w.house_roles, [0])


@rule(HOUSE, str)
def heads_name():
    return lambda house, period: house.head("name", period), lambda w: nth(w["name"], w.house, w.counts["house"], 0, "", w.house_roles, [0])


@rule(HOUSE, Enum)
def heads_status():
    return lambda house, period: house.head("status", period), lambda w: nth(w["status"], w.house, w.counts["house"], 0, 0, w.house_roles, [0])


@rule(HOUSE)
def partners_amount():
    return (
        lambda house, period: house.value_from_person(house.members("amount", period), PARTNER, default=-1),
        lambda w: nth(w["amount"], w.house, w.counts["house"], 0, -1, w.house_roles, [1]),
    )


@rule(TAX, int)
def seconds_age():
    return lambda tax, period: tax.second("age", period), lambda w: nth(w["age"], w.tax, w.counts["tax"], 0, 0, w.tax_roles, [1])


@rule(HOUSE)
def amount_of_second_member():
    return (
        lambda house, period: house.value_nth_person(1, house.members("amount", period), default=-7),
        lambda w: nth(w["amount"], w.house, w.counts["house"], 1, -7),
    )


@rule(HOUSE)
def amount_of_first_member():
    return lambda house, period: house.value_from_first_person(house.members("amount", period)), lambda w: nth(w["amount"], w.house, w.counts["house"], 0, 0)


@rule(PERSON)
def own_rent():
    return lambda person, period: person.house("rent", period), lambda w: project(w["rent"], w.house)


@rule(PERSON)
def own_rate():
    return lambda person, period: person.town("rate", period), lambda w: project(project(w["rate"], w.town), w.house)


@rule(PERSON, str)
def own_zone():
    return lambda person, period: person.house.town("zone", period), lambda w: project(project(w["zone"], w.town, ""), w.house, "")


@rule(PERSON)
def own_credit():
    return (
        lambda person, period: person.tax("credit", period) + person.house("rent", period),
        lambda w: project(w["credit"], w.tax) + project(w["rent"], w.house),
    )


@rule(TOWN)
def sum_over_two_links():
    return (
        lambda town, period: town.sum(town.members("sum_of_amounts", period)) + town.sum(town.members.members("amount", period)),
        lambda w: 2 * reduced("sum", reduced("sum", w["amount"], w.house, w.counts["house"]), w.town, w.counts["town"]),
    )


@rule(TOWN)
def rents_of_town():
    return lambda town, period: town.sum(town.members("rent", period)), lambda w: reduced("sum", w["rent"], w.town, w.counts["town"])


@rule(PERSON)
def share_of_town():
    return (
        lambda person, period: person("amount", period) - person.town("rents_of_town", period),
        lambda w: w["amount"] - project(project(reduced("sum", w["rent"], w.town, w.counts["town"]), w.town), w.house),
    )


@rule(PERSON)
def crossing_sums():
    """The tax household of a person's total, among those of the house: from persons to taxes to persons to houses and back."""
    return (
        lambda person, period: person.house("crossing_total", period),
        lambda w: project(crossing_total_of(w), w.house),
    )


def crossing_total_of(w):
    by_tax = reduced("sum", w["amount"], w.tax, w.counts["tax"]) + w["credit"]
    return reduced("sum", project(by_tax, w.tax), w.house, w.counts["house"])


@rule(HOUSE)
def crossing_total():
    return lambda house, period: house.sum(house.members.tax("tax_total", period)), crossing_total_of


@rule(TAX)
def tax_total():
    return (
        lambda tax, period: tax.sum(tax.members("amount", period)) + tax("credit", period),
        lambda w: reduced("sum", w["amount"], w.tax, w.counts["tax"]) + w["credit"],
    )


@rule(HOUSE)
def children_who_declare():
    return (
        lambda house, period: house.sum(house.members("amount", period) * house.members.has_role(FIRST), role=CHILD),
        lambda w: reduced("sum", w["amount"] * (w.tax_roles == 0), w.house, w.counts["house"], w.house_roles, [2]),
    )


@rule(PERSON, int)
def roles_in_numbers():
    return (
        lambda person, period: person.has_role(CHILD) * 1 + person.has_role(DECLARANT) * 10 + person.has_role(SECOND) * 100,
        lambda w: (w.house_roles == 2) * 1 + np.isin(w.tax_roles, [0, 1]) * 10 + (w.tax_roles == 1) * 100,
    )


@rule(PERSON)
def heads_amount_seen_from_below():
    return (
        lambda person, period: person.house.head("amount", period),
        lambda w: project(nth(w["amount"], w.house, w.counts["house"], 0, 0, w.house_roles, [0]), w.house),
    )


@rule(PERSON)
def rent_of_children():
    return (
        lambda person, period: person.house.project(3.0, role=CHILD),
        lambda w: np.where((w.house_roles == 2) & (w.house >= 0), 3.0, 0.0),
    )


@rule(PERSON, int)
def place_in_house():
    return (
        lambda person, period: np.where(person.house("present", period), person.position_in("house"), -1),
        lambda w: places_in(w.house),
    )


@rule(HOUSE, bool)
def present():
    return lambda house, period: house.filled_array(True), lambda w: np.ones(w.counts["house"], bool)


@rule(HOUSE)
def mixed():
    return (
        lambda house, period: (
            np.where(house.nb_persons() > 2, house("rent", period), house.sum(house.members("amount", period), role=HEAD)) * house.town("rate", period)
        ),
        lambda w: (
            np.where(
                reduced("sum", np.ones(w.counts["person"], int), w.house, w.counts["house"]) > 2,
                w["rent"],
                reduced("sum", w["amount"], w.house, w.counts["house"], w.house_roles, [0]),
            )
            * project(w["rate"], w.town)
        ),
    )


@rule(HOUSE, int)
def zones_alike():
    return (
        lambda house, period: (house.town("zone", period) == "A") + 2 * np.isin(house.town("zone", period), ["B", ""]),
        lambda w: np.array([(zone == "A") + 2 * (zone in ("B", "")) for zone in project(w["zone"], w.town, "")], dtype=int),
    )


@rule(PERSON, Enum)
def heads_status_for_all():
    return (
        lambda person, period: np.where(person.house.head("status", period) == Kind.guest, person("status", period), Kind.tenant),
        lambda w: np.where(project(nth(w["status"], w.house, w.counts["house"], 0, 0, w.house_roles, [0]), w.house) == 2, w["status"], 1).astype(Kind.dtype),
    )


# results that depend on the order of members, or on a second member in a unique role
ORDERED = {"amount_of_second_member", "amount_of_first_member", "place_in_house"}
UNIQUE = {"heads_amount", "heads_name", "heads_status", "partners_amount", "seconds_age", "heads_amount_seen_from_below", "heads_status_for_all"}
ENTITY_OF = {name: entity.key for name, (entity, _, _, _) in RULES.items()}


def country(**options):
    """Return the law of the country, freshly made: no graph is kept from before."""
    inputs = [variable(name, entity, value_type=kind) for name, (entity, kind) in INPUTS.items()]
    rules = [variable(name, entity, formula, kind) for name, (entity, kind, formula, _) in RULES.items()]
    return law(*inputs, *rules, entities=COUNTRY, **options)


def check(world, simulation, names=tuple(RULES)):
    """Compare results with the plain loops."""
    results = simulation.calculate_all([(name, "2020") for name in names])
    for name in names:
        wanted, found = RULES[name][3](world), np.asarray(results[name, simulation_period()])
        wanted = wanted.astype(found.dtype) if found.dtype.kind in "fi" else wanted
        assert same(found, wanted), f"{name} is {found!r}, not {wanted!r}"


def simulation_period():
    from engine.periods import period

    return period("2020")


QUARTERS = st.integers(-400, 4000).map(lambda number: number / 4)
VALUES = {float: QUARTERS, int: st.integers(0, 100), bool: st.booleans(), str: st.sampled_from(["", "A", "B", "Ç"]), Enum: st.integers(0, 2)}
DTYPES = {float: np.float64, int: np.int64, bool: bool, str: object, Enum: Kind.dtype}


@st.composite
def worlds(draw, most=10, everybody_belongs=None, alone_in_role=False):
    counts = {
        "person": draw(st.integers(0, most)),
        "house": draw(st.integers(1, most // 2)),
        "tax": draw(st.integers(1, most // 2)),
        "town": draw(st.integers(1, 3)),
    }
    everybody = draw(st.booleans()) if everybody_belongs is None else everybody_belongs

    def link(member, group):
        rows = draw(st.lists(st.integers(0 if everybody else -1, counts[group] - 1), min_size=counts[member], max_size=counts[member]))
        return np.array(sorted(rows) if draw(st.booleans()) else rows, dtype=np.int64)

    def roles(index):
        found = np.array(draw(st.lists(st.integers(0, 2), min_size=len(index), max_size=len(index))), dtype=np.int64)
        found[index < 0] = -1
        if alone_in_role:
            for role in (0, 1):
                seen = set()
                for row in np.flatnonzero(found == role):
                    found[row] = 2 if index[row] in seen else role
                    seen.add(index[row])
        return found

    house, tax, town = link("person", "house"), link("person", "tax"), link("house", "town")
    values = {
        name: np.array(draw(st.lists(VALUES[kind], min_size=counts[entity.key], max_size=counts[entity.key])), dtype=DTYPES[kind])
        for name, (entity, kind) in INPUTS.items()
    }
    return World(counts, house, roles(house), tax, roles(tax), town, values)
