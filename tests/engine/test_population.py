import pytest

from engine.errors import EntityError
from engine.population import Population


def test_counts_and_links_are_what_was_given():
    population = Population({"person": 3, "house": 2}, {("person", "house"): ([0, 0, 1], [0, 1, 0])}, {"person": ["a", "b", "c"]})
    link = population.links["person", "house"]
    assert population.counts["house"] == 2
    assert link.index.tolist() == [0, 0, 1]
    assert link.member_roles.tolist() == [0, 1, 0]
    assert population.ids["person"] == ["a", "b", "c"]


def test_it_cannot_be_changed():
    population = Population({"person": 1})
    with pytest.raises(TypeError):
        population.counts["person"] = 2
    with pytest.raises(TypeError):
        population.links["person", "house"] = None


@pytest.mark.parametrize(
    "links, message",
    [
        ({("person", "hause"): [0, 0]}, "`hause`.*Did you mean `house`"),
        ({("persn", "house"): [0, 0]}, "`persn`.*Did you mean `person`"),
        ({("person", "house"): [0]}, "1 rows; `person` has 2"),
        ({("person", "house"): [0, 3]}, "outside 0..2"),
        ({("person", "house"): [0, -2]}, "outside 0..2"),
        ({("person", "house"): ([0, 1], [0])}, "1 roles"),
    ],
)
def test_a_link_that_does_not_fit_is_refused(links, message):
    with pytest.raises(EntityError, match=message):
        Population({"person": 2, "house": 3}, links)


def test_a_link_knows_whether_everybody_belongs_and_whether_it_is_one_to_one():
    def link(index, groups):
        return Population({"person": len(index), "house": groups}, {("person", "house"): index}).links["person", "house"]

    assert link([0, 1, 2], 3).is_identity
    assert link([0, 1, 2], 3).is_total
    assert not link([1, 0, 2], 3).is_identity
    assert not link([0, 1], 3).is_identity
    assert link([0, 0], 1).is_total
    assert not link([0, -1], 1).is_total
    assert link([], 0).is_total


def test_positions_and_holders_follow_the_order_of_appearance():
    link = Population({"person": 6, "house": 3}, {("person", "house"): ([2, 0, 2, -1, 0, 2], [0, 0, 1, -1, 1, 1])}).links["person", "house"]
    assert link.positions[[0, 1, 2, 4, 5]].tolist() == [0, 0, 1, 1, 2]
    assert link.holders(None).tolist() == [1, -1, 0]
    assert link.holders(None, 1).tolist() == [4, -1, 2]
    assert link.holders((1,)).tolist() == [4, -1, 2]
    assert link.holders((1,), 1).tolist() == [-1, -1, 5]


def test_roles_that_were_not_given_cannot_be_asked():
    link = Population({"person": 1, "house": 1}, {("person", "house"): [0]}).links["person", "house"]
    with pytest.raises(EntityError, match="`person` has in its `house`"):
        _ = link.member_roles


def test_rows_that_are_their_own_cases():
    population = Population.aligned(4, ["bill", "dwelling", "town"], [("bill", "dwelling"), ("dwelling", "town")])
    assert population.counts == {"bill": 4, "dwelling": 4, "town": 4}
    assert all(link.is_identity for link in population.links.values())


def test_a_layout_is_made_once_for_each_size():
    population = Population({"person": 5})
    assert population.layout(2) is population.layout(2)
    assert population.layout(2) is not population.layout(3)
