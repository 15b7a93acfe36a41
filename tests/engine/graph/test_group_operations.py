"""Laws 4 and 9: operations between entities give what plain loops give, whatever the blocks, the threads and the other rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from country import ENTITY_OF, ORDERED, RULES, UNIQUE, World, check, country, worlds
from engine.entities import Entity
from engine.population import Population
from graph_law import law, same, simulate, variable

LAW = country()
BLOCKS = st.sampled_from([None, 1, 2, 3, 5, 1000])  # None: computed at once, as small populations are
THREADS = st.sampled_from([1, 3])


def results_of(world, names, **options):
    simulation = simulate(LAW, world.population, world.values, **options)
    results = simulation.calculate_all([(name, "2020") for name in names])
    return {name: np.asarray(values) for (name, _), values in results.items()}


@settings(max_examples=150)
@given(worlds(), BLOCKS, THREADS)
def test_they_give_what_plain_loops_give(world, block_rows, threads):
    check(world, simulate(LAW, world.population, world.values, block_rows=block_rows, threads=threads))


@settings(max_examples=40)
@given(worlds(), st.permutations(sorted(RULES)))
def test_the_order_of_calls_changes_nothing(world, names):
    simulation = simulate(country(), world.population, world.values, block_rows=3)
    for name in names:
        check(world, simulation, [name])


@settings(max_examples=60)
@given(worlds(alone_in_role=True), st.data())
def test_rows_in_another_order_give_the_same_results_in_that_order(world, data):
    orders = {entity: np.array(data.draw(st.permutations(range(count))), dtype=np.int64) for entity, count in world.counts.items()}
    names = [name for name in RULES if name not in ORDERED]
    before, after = results_of(world, names), results_of(world.reordered(orders), names, block_rows=data.draw(BLOCKS))
    for name in names:
        assert same(after[name], before[name][orders[ENTITY_OF[name]]]), name


@settings(max_examples=60)
@given(worlds(), st.data())
def test_groups_in_another_order_change_nothing_even_where_the_order_of_members_matters(world, data):
    orders = {
        entity: np.arange(count) if entity == "person" else np.array(data.draw(st.permutations(range(count))), dtype=np.int64)
        for entity, count in world.counts.items()
    }
    before, after = results_of(world, RULES), results_of(world.reordered(orders), RULES, block_rows=data.draw(BLOCKS))
    for name in RULES:
        assert same(after[name], before[name][orders[ENTITY_OF[name]]]), name


@settings(max_examples=60)
@given(worlds(), st.data())
def test_a_household_alone_is_as_among_others(world, data):
    if not world.counts["person"]:
        return
    alone = world.component(data.draw(st.integers(0, world.counts["person"] - 1)))
    among, apart = results_of(world, RULES, block_rows=data.draw(BLOCKS)), results_of(world.reordered(alone), RULES)
    for name in RULES:
        assert same(apart[name], among[name][alone[ENTITY_OF[name]]]), name


@settings(max_examples=40)
@given(worlds(), st.integers(1, 4), BLOCKS)
def test_others_who_join_change_nothing(world, times, block_rows):
    """The same world several times over, row by row interleaved, is several times the same results."""
    orders = {entity: np.tile(np.arange(count), times) for entity, count in world.counts.items()}
    many = joined([world] * times)
    one, all_of_them = results_of(world, RULES), results_of(many, RULES, block_rows=block_rows, threads=3)
    for name in RULES:
        assert same(all_of_them[name], one[name][orders[ENTITY_OF[name]]]), name


def joined(worlds_):
    """Return several worlds side by side."""

    def link(name, group):
        starts = np.cumsum([0, *(world.counts[group] for world in worlds_)])
        return np.concatenate([np.where(getattr(w, name) >= 0, getattr(w, name) + start, -1) for w, start in zip(worlds_, starts[:-1], strict=True)])

    return World(
        {entity: sum(world.counts[entity] for world in worlds_) for entity in worlds_[0].counts},
        link("house", "house"),
        np.concatenate([world.house_roles for world in worlds_]),
        link("tax", "tax"),
        np.concatenate([world.tax_roles for world in worlds_]),
        link("town", "town"),
        {name: np.concatenate([world.values[name] for world in worlds_]) for name in worlds_[0].values},
    )


@pytest.mark.parametrize("block_rows", [None, 7, 100, 100_000])
@pytest.mark.parametrize("order", ["sorted", "shuffled"])
def test_many_rows_in_many_blocks(block_rows, order):
    world = big_world(3000, order)
    check(world, simulate(LAW, world.population, world.values, block_rows=block_rows, threads=4))


def big_world(count, order):
    random = np.random.default_rng(5)
    houses, taxes, towns = count // 3, count // 2, 4

    def link(size, groups):
        rows = random.integers(-1, groups, size)
        return np.sort(rows) if order == "sorted" else rows

    house, tax, town = link(count, houses), link(count, taxes), link(houses, towns)
    values = {
        "amount": random.integers(0, 4000, count) / 4,
        "age": random.integers(0, 100, count),
        "works": random.random(count) < 0.5,
        "name": np.array(["", "A", "B", "Ç"], dtype=object)[random.integers(0, 4, count)],
        "status": random.integers(0, 3, count).astype(np.int8),
        "rent": random.integers(0, 4000, houses) / 4,
        "credit": random.integers(0, 4000, taxes) / 4,
        "rate": random.integers(0, 8, towns) / 8,
        "zone": np.array(["A", "B", "", "A"], dtype=object),
    }
    roles = [np.where(index >= 0, random.integers(0, 3, count), -1) for index in (house, tax)]
    return World({"person": count, "house": houses, "tax": taxes, "town": towns}, house, roles[0], tax, roles[1], town, values)


WHOLE = st.integers(-(2**62), 2**62) | st.sampled_from([2**53 + 1, -(2**53) - 1, -(2**63), 2**40 + 1])


@given(st.lists(st.tuples(st.integers(-1, 2), WHOLE), max_size=8), BLOCKS)
def test_sums_of_large_whole_numbers_are_exact(rows, block_rows):
    """Up to what numpy's own whole numbers hold, beyond which they wrap."""
    index, numbers = np.array([group for group, _ in rows], dtype=int), np.array([number for _, number in rows], dtype=np.int64)
    house = Entity("house", "houses")
    person = Entity("person", "persons", is_person=True, belongs_to=("house",))
    total = variable("total", house, lambda h, period: h.sum(h.members("number", period)), int)
    population = Population({"person": len(rows), "house": 3}, {("person", "house"): index})
    simulation = simulate(
        law(variable("number", person, value_type=int), total, entities=(person, house)), population, {"number": numbers}, block_rows=block_rows
    )
    with np.errstate(over="ignore"):
        wanted = [numbers[index == group].sum() for group in range(3)]
    assert same(simulation.calculate("total", "2020"), np.array(wanted, dtype=np.int64))


def test_the_names_of_ordered_and_unique_results_are_rules():
    assert set(RULES) >= ORDERED | UNIQUE
