"""Law 4: blocks are unions of rows that are connected; a link whose groups are too large for a block is wide."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from country import worlds
from engine.graph.blocks import lay_out
from engine.population import Population
from graph_law import same


def rows_of(block, entity):
    rows = block.rows[entity]
    return np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows


def check_layout(population, block_rows):
    layout = lay_out(population.counts, population.links, block_rows)
    for domain in layout.domains:
        for entity in domain.entities:
            found = np.concatenate([rows_of(block, entity) for block in domain.blocks])
            assert same(np.sort(found), np.arange(population.counts[entity])), "each row is in one block"
            places = domain.places[entity]
            assert same(found, np.arange(len(found)) if places is None else np.argsort(places)), "places are the blocks' order"
            for block in domain.blocks:
                assert block.counts[entity] == len(rows_of(block, entity))
                first = rows_of(block, entity)[:1]
                assert not len(first) or block.starts[entity] == (first[0] if places is None else places[first[0]])
    for names in layout.local_links:
        check_local(layout, layout.links[names])
    return layout


def check_local(layout, link):
    """Every member of a local link is in the block of its group."""
    domain = layout.domains[layout.domain_of[link.member]]
    assert layout.domain_of[link.group] == layout.domain_of[link.member]
    for block in domain.blocks:
        groups = set(rows_of(block, link.group).tolist())
        assert all(group < 0 or group in groups for group in link.index[rows_of(block, link.member)].tolist())


@settings(max_examples=80)
@given(worlds(), st.integers(1, 12))
def test_rows_that_are_linked_within_blocks_are_in_one_block(world, block_rows):
    check_layout(world.population, block_rows)


@settings(max_examples=40)
@given(worlds(), st.integers(1, 12))
def test_groups_larger_than_a_block_make_their_link_wide(world, block_rows):
    layout = lay_out(world.population.counts, world.population.links, block_rows)
    for names, link in world.population.links.items():
        largest = np.bincount(link.index[link.index >= 0], minlength=1).max()
        if largest > block_rows:
            assert names not in layout.local_links


def test_small_groups_are_cut_into_blocks_of_about_the_size_asked_for():
    population = Population({"person": 9000, "house": 3000}, {("person", "house"): np.repeat(np.arange(3000), 3)})
    layout = check_layout(population, 1000)
    (domain,) = layout.domains
    assert len(domain.blocks) in range(9, 11)
    assert max(block.counts["person"] for block in domain.blocks) <= 1000
    assert all(isinstance(block.rows["person"], slice) for block in domain.blocks)


def test_rows_in_any_order_are_cut_too():
    index = np.random.default_rng(1).permutation(np.repeat(np.arange(3000), 3))
    layout = check_layout(Population({"person": 9000, "house": 3000}, {("person", "house"): index}), 1000)
    assert len(layout.domains[0].blocks) in range(9, 12)


def test_entities_linked_one_to_one_are_cut_alike():
    layout = check_layout(Population.aligned(10, ["bill", "dwelling", "town"], [("bill", "dwelling"), ("dwelling", "town")]), 4)
    assert len(layout.domains) == 1
    assert [block.counts["bill"] for block in layout.domains[0].blocks] == [4, 4, 2]


def test_dwellings_of_a_large_town_are_a_domain_of_their_own():
    population = Population({"bill": 1000, "dwelling": 1000, "town": 2}, {("bill", "dwelling"): np.arange(1000), ("dwelling", "town"): np.arange(1000) % 2})
    layout = check_layout(population, 100)
    assert layout.local_links == {("bill", "dwelling")}
    assert len(layout.domains) == 2


def test_entities_without_rows():
    layout = check_layout(Population({"person": 0, "house": 0}, {("person", "house"): np.zeros(0, int)}), 10)
    assert sum(block.counts["person"] for block in layout.domains[0].blocks) == 0


def test_a_chain_of_crossing_households_is_laid_out_at_once():
    """Persons who are linked into one long chain by two kinds of household: the number of passes must not be its length."""
    count = 60_000
    person = np.arange(count)
    order = np.random.default_rng(2).permutation(count)
    population = Population(
        {"person": count, "house": count // 2, "tax": count // 2 + 1},
        {("person", "house"): (person // 2)[order], ("person", "tax"): ((person + 1) // 2)[order]},
    )
    layout = lay_out(population.counts, population.links, 1000)
    assert len(layout.local_links) == 1
