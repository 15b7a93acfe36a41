"""The tree is a value: changing it makes another that shares the rest."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ParameterError, ParameterNotFoundError, ScaleError
from engine.parameters import Bracket, MarginalRateScale, Parameter, ParameterNode, Scale, Sort, parameters_from_data


def figure(**dated):
    return {"values": {f"{year.removeprefix('y')}-01-01": value for year, value in dated.items()}}


DATA = {
    "a": {"b": {"c": figure(y2015=1, y2018=2), "d": figure(y2015=3)}, "e": figure(y2016=4)},
    "bareme": {
        "brackets": [
            {"threshold": figure(y2015=0), "rate": figure(y2015=0.1)},
            {"threshold": figure(y2015=100), "rate": figure(y2015=0.2, y2018=None)},
        ]
    },
    "t": {"table": {"2015-01-01": {"01": 1, "2A": 2}, "2017-01-01": {"01": 5}}},
}


@pytest.fixture(name="tree")
def _tree():
    return parameters_from_data(DATA)


def test_an_update_shares_everything_but_the_path(tree):
    updated = tree.updated("a.b.c", start="2016-01-01", stop="2016-12-31", value=9)
    assert [updated.child("a.b.c").at(year) for year in (2015, 2016, 2017, 2018)] == [1, 9, 1, 2]
    assert tree.child("a.b.c").at(2016) == 1
    for path in ("a.b.d", "a.e", "bareme", "t"):
        assert updated.child(path) is tree.child(path)
    assert updated.child("a.b") is not tree.child("a.b")


paths = st.sampled_from(["a.b.c", "a.b.d", "a.e", "bareme[0].rate", "bareme.brackets[1].threshold", "t.01", "t.2A"])


@given(st.lists(st.tuples(paths, st.integers(2014, 2019), st.integers(0, 9)), max_size=5))
def test_updates_of_different_figures_do_not_disturb_each_other(made):
    tree = parameters_from_data(DATA)
    expected = {name: {year: tree.child(name).at(year) for year in range(2013, 2021)} for name in ("a.b.c", "a.b.d", "a.e", "bareme[0].rate", "t.01", "t.2A")}
    for path, start, value in made:
        tree = tree.updated(path, start=str(start), value=value)
        for year in range(start, 2021):
            expected.setdefault(path, {})[year] = value
    for path, by_year in expected.items():
        assert {year: tree.child(path).at(year) for year in by_year} == by_year


def test_a_scale_is_updated_bracket_by_bracket(tree):
    for path in ("bareme.brackets[1].rate", "bareme[1].rate"):
        updated = tree.updated(path, start="2017-01-01", value=0.5)
        assert updated.at(2017).bareme == MarginalRateScale("", (0, 100), (0.1, 0.5))
        assert tree.at(2017).bareme == MarginalRateScale("", (0, 100), (0.1, 0.2))
        assert updated.child("bareme[0]") is tree.child("bareme[0]")


def test_a_scale_keeps_one_object_between_changes(tree):
    assert tree.at("2015-01-01").bareme is tree.at("2017-06-01").bareme
    assert tree.at("2018-01-01").bareme.thresholds == (0,)
    assert tree.at("2014-01-01").bareme.thresholds == ()


def test_a_bracket_can_be_added(tree):
    bracket = Bracket(
        "", figures={"threshold": Parameter("", starts=("2015-01-01",), values=(300,)), "rate": Parameter("", starts=("2015-01-01",), values=(0.4,))}
    )
    scale = tree.child("bareme").with_bracket(bracket)
    assert tree.replaced("bareme", scale).at(2016).bareme.brackets == ((0, 0.1), (100, 0.2), (300, 0.4))
    assert scale.brackets[2].figures["rate"].name == "bareme[2].rate"
    with pytest.raises(ScaleError, match="brackets of `threshold` and `rate`; the new one has threshold, amount"):
        tree.child("bareme").with_bracket(Bracket("", figures={"threshold": Parameter(), "amount": Parameter()}))


def test_a_table_is_updated_code_by_code(tree):
    updated = tree.updated("t.2A", start="2016-01-01", stop="2016-06-30", value=7).updated("t.01", start="2018-01-01", value=None)
    assert [updated.child("t.2A").at(day) for day in ("2015-06-01", "2016-02-01", "2016-07-01", "2017-01-01")] == [2, 7, 2, None]
    assert list(updated.at("2018-01-01").t) == []
    assert list(tree.at("2018-01-01").t) == ["01"]


@pytest.mark.parametrize(
    "path, told",
    [
        ("a.bb.c", "Parameter `a` has no `bb`. Did you mean `b`?"),
        ("aa", "The law has no `aa`. Did you mean `a`?"),
        ("a.b.c.x", "Parameter `a.b.c` has no `x`."),
        ("bareme[7].rate", r"Parameter `bareme` has no `[7]`. Did you mean `[1]` or `[0]`?"),
        ("t.1", "Parameter `t` has no `1`. Did you mean `01`?"),
        ("a.b", "`a.b` is not a figure: expected one of those below it: c, d."),
        ("", "`` names no parameter: expected a path as `a.b.c` or `a.bareme.brackets[1].rate`."),
    ],
)
def test_a_path_that_leads_nowhere_is_told_with_the_nearest_names(tree, path, told):
    with pytest.raises(ParameterNotFoundError) as caught:
        tree.updated(path, start="2015-01-01", value=1)
    assert str(caught.value) == told


def test_children_are_added_replaced_and_taken_away(tree):
    new = Parameter("whatever", starts=("2015-01-01",), values=(1,))
    added = tree.with_child("a.b.f", new)
    assert added.child("a.b.f").name == "a.b.f"
    assert added.child("a.e") is tree.child("a.e")
    assert added.without_child("a.b.f") == tree
    assert tree.replaced("a.b", new).child("a.b").name == "a.b"
    assert tree.with_child("x", tree.child("a")).child("x.b.c").name == "x.b.c"
    assert list(tree.without_child("a").children) == ["bareme", "t"]
    with pytest.raises(ParameterError, match="exists already"):
        tree.with_child("a.e", new)
    with pytest.raises(ParameterError, match="is not a branch"):
        tree.with_child("a.e.f", new)
    with pytest.raises(ParameterError, match="None from a date on"):
        tree.without_child("t.01")
    for call in (tree.without_child, lambda path: tree.replaced(path, new)):
        with pytest.raises(ParameterNotFoundError, match="Did you mean `e`"):
            call("a.ee")


def test_trees_are_merged_branch_by_branch(tree):
    other = parameters_from_data({"a": {"b": {"z": figure(y2015=9)}}, "n": figure(y2015=1)})
    merged = tree.merged(other)
    assert list(merged.child("a.b").children) == ["c", "d", "z"]
    assert merged.child("n").at(2015) == 1
    assert merged.child("bareme") is tree.child("bareme")
    with pytest.raises(ParameterError) as caught:
        merged.merged(other)
    assert str(caught.value) == "Two trees cannot be merged: both have\n`a.b.z` (data) and (data)\n`n` (data) and (data)"


def test_the_tree_can_be_walked_compared_copied_and_pickled(tree):
    assert [item.name for item in tree.descendants()] == ["a", "a.b", "a.b.c", "a.b.d", "a.e", "bareme", "t"]
    assert [item.sort for item in (tree, tree.child("bareme"), tree.child("t"), tree.child("a.e"), tree.child("bareme[0]"))] == [
        Sort.BRANCH,
        Sort.SCALE,
        Sort.TABLE,
        Sort.FIGURE,
        Sort.BRACKET,
    ]
    used = tree.at(2016)
    assert used.a.b.c == 1
    assert used.bareme.calc(10) == 1
    assert used.t["01"] == 1
    for other in (copy.deepcopy(tree), pickle.loads(pickle.dumps(tree)), parameters_from_data(DATA)):  # noqa: S301 - our own bytes
        assert other == tree
    assert tree != tree.updated("a.e", start="2015-01-01", value=1)


def test_a_tree_can_be_made_by_hand():
    scale = Scale("s", brackets=(), kind="single_amount")
    tree = ParameterNode(children={"s": scale})
    assert tree.at(2015).s.calc([1.0, 2.0]).tolist() == [0.0, 0.0]


def test_a_branch_shows_its_name_and_the_first_of_its_children():
    figures = {name: {"values": {"2015-01-01": 1}} for name in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")}
    tree = parameters_from_data({"taxes": figures, "one": {"rate": figures["alpha"]}, "none": {}})
    assert repr(tree.child("taxes")) == "<ParameterNode taxes: 6 children (alpha, beta, gamma, delta, epsilon, …)>"
    assert repr(tree.child("one")) == "<ParameterNode one: 1 child (rate)>"
    assert repr(tree.child("none")) == "<ParameterNode none: 0 children>"
    assert repr(tree) == "<ParameterNode of the whole law: 3 children (taxes, one, none)>"


def test_a_table_shows_its_name_and_the_first_of_its_codes():
    table = parameters_from_data({"table": {"2015-01-01": {f"{code:02}": code for code in range(1, 96)}}}, "rates")
    assert repr(table) == "<Table rates: 95 codes (01, 02, 03, 04, 05, …)>"
