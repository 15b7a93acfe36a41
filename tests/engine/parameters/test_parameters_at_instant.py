"""What formulas see: `parameters(period).a.b.c`, and what a run learns from it."""

from __future__ import annotations

import enum
import pickle
import threading

import numpy as np
import pytest

from engine.errors import ParameterError, ParameterNotFoundError, PeriodError
from engine.parameters import LookUpTable, parameters_from_data
from engine.periods import instant, period

DATA = {
    "taxes": {
        "taux": {"values": {"2015-01-01": 0.1, "2017-01-01": 0.2, "2019-01-01": None}},
        "plafond": {"values": {"2018-01-01": 1000}},
        "liste": {"values": {"2015-01-01": ["a", "b"]}},
        "bareme": {"brackets": [{"threshold": {"2015-01-01": 0}, "rate": {"2015-01-01": 0.5, "2018-01-01": 0.6}}]},
    },
    "parts": {"1": {"2015-01-01": 10}, "2": {"2015-01-01": 20}, "true": {"2015-01-01": 1}},
    "table": {"table": {"2015-01-01": {"01": 1, "2A": 2.5}, "2016-01-01": {"01": 3}}},
}


@pytest.fixture(name="tree")
def _tree():
    return parameters_from_data(DATA)


def test_children_are_attributes_and_items(tree):
    law = tree.at("2017-06-01")
    assert law.taxes.taux == law["taxes"]["taux"] == law.taxes[np.str_("taux")] == 0.2
    assert law.taxes.liste == ("a", "b")
    assert law.parts[1] == law.parts["1"] == law.parts[np.int8(1)] == law.parts[1.0] == 10
    assert law.parts[True] == 1
    assert law.taxes.bareme.calc(10.0) == 5
    assert repr(law.taxes) == "<taxes at 2017-06-01>"
    assert repr(law) == "<The law at 2017-06-01>"


def test_a_member_of_an_enumeration_stands_for_its_name(tree):
    member = enum.Enum("Parts", {"taux": "le taux"}).taux
    assert tree.at("2016").taxes[member] == 0.1
    assert tree.at("2015").table[enum.Enum("Codes", {"2A": "Corse-du-Sud"})["2A"]] == 2.5


def test_an_instant_may_be_written_in_any_way(tree):
    for moment in (instant("2017-03-01"), period("2017-03"), period("2017"), "2017-03-01", "2017-03", 2017):
        assert tree.at(moment).taxes.taux == 0.2
        assert tree(moment).taxes.taux == 0.2
    assert tree.at("2017-01-01") is tree.at(period("2017"))
    with pytest.raises(PeriodError):
        tree.at("eternity")


def test_what_has_no_value_at_the_date_is_not_there(tree):
    assert list(tree.at(2015).taxes) == ["taux", "liste", "bareme"]
    assert list(tree.at(2020).taxes) == ["plafond", "liste", "bareme"]
    assert "plafond" not in tree.at(2015).taxes
    assert len(tree.at(2015).taxes) == 3
    assert not hasattr(tree.at(2015).taxes, "plafond")
    assert getattr(tree.at(2015).taxes, "plafond", None) is None
    assert hasattr(tree.at(2018).taxes, "plafond")
    assert tree.at(1900).taxes
    assert tree.at(1900).taxes.bareme.calc(np.array([5.0])).tolist() == [0.0]
    assert list(tree.at(2015).taxes._children) == ["taux", "liste", "bareme"]


@pytest.mark.parametrize(
    "read, told",
    [
        (lambda law: law.taxes.tau, "Parameter `taxes` has no `tau` (read at 2020-01-01). Did you mean `taux`?"),
        (lambda law: law.taxe, "The law has no `taxe` (read at 2020-01-01). Did you mean `taxes` or `table`?"),
        (lambda law: law["taxes"]["taux"], "Parameter `taxes.taux` has no value at 2020-01-01: it has values from 2015-01-01 until before 2019-01-01."),
        (lambda law: law.table["1"], "Parameter `table` has no value for `1` at 2020-01-01. Did you mean `01`?"),
    ],
)
def test_what_is_absent_is_told_with_path_date_and_nearest_name(tree, read, told):
    with pytest.raises(ParameterNotFoundError) as caught:
        read(tree.at(2020))
    assert str(caught.value) == told
    assert isinstance(caught.value, AttributeError)
    assert isinstance(caught.value, KeyError)


def test_a_figure_without_any_value_says_so():
    tree = parameters_from_data(
        {"a": {"values": {"2015-01-01": None}}, "b": {"values": {"2015-01-01": 1, "2016-01-01": 2, "2017-01-01": None, "2018-01-01": 3}}}
    )
    with pytest.raises(ParameterNotFoundError, match="it never has one"):
        _ = tree.at(2015).a
    with pytest.raises(ParameterNotFoundError, match="it has values from 2015-01-01 until before 2017-01-01 and from 2018-01-01 on"):
        _ = tree.at(2014).b


def test_the_law_cannot_be_set(tree):
    with pytest.raises(ParameterError, match=r"`taxes.taux` cannot be set"):
        tree.at(2015).taxes.taux = 3


def test_tables_are_read_by_code(tree):
    table = tree.at("2015-06-01").table
    assert table["2A"] == 2.5
    assert table["01"] == 1
    assert type(table["01"]) is int
    assert list(table) == ["01", "2A"]
    assert len(table) == 2
    assert "2A" in table
    assert bool(tree.at(1900).table)
    assert table.get("75") is None
    assert table.get("75", 9) == 9
    assert list(tree.at("2016").table) == ["01"]
    assert repr(table) == "<table at 2015-06-01>"


def test_reading_again_gives_the_same_objects(tree):
    law = tree.at(2017)
    assert law.taxes is law.taxes
    assert law.taxes.bareme is law.taxes.bareme
    assert "taux" not in law.taxes.__dict__
    _ = law.taxes.taux
    assert law.taxes.__dict__["taux"] == 0.2


def test_a_reform_shares_what_was_worked_out(tree):
    taxes = tree.at(2017).taxes
    reform = tree.updated("parts.1", start="2015-01-01", value=11)
    assert reform.at(2017).taxes is taxes
    assert reform.at(2017).parts["1"] == 11
    assert tree.at(2017).parts["1"] == 10


def test_few_dates_are_kept(tree):
    for year in range(1, 9999, 10):
        tree.at(f"{year:04d}-01-01")
    assert len(tree._at) <= 256


def test_a_recorder_is_told_all_that_is_read(tree):
    told = []
    parameters = tree.recording(lambda *what: told.append(what))
    law = parameters(period("2017-03"))
    assert parameters(instant("2017-03-01")) is parameters("2017-03-01") is law
    assert law.taxes.taux == law.taxes.taux == 0.2
    assert not hasattr(law.taxes, "plafond")
    assert not hasattr(law.taxes, "nothing")
    _ = law.taxes.bareme
    _ = law.table["01"]
    _ = law.table.get("99")
    _ = law.table.get(np.array(["01", "99"]), 0)
    _ = law.table[np.array(["01"])]
    _ = [*iter(law.taxes)], "taux" in law.taxes, len(law.table)
    _ = law.parts[np.array([2, 1])]
    names = [(name, date) for name, date, _ in told]
    assert names == [
        (name, "2017-03-01")
        for name in (
            *["taxes.taux"] * 2,
            "taxes.plafond",
            "taxes.nothing",
            "taxes.bareme",
            "table.01",
            "table.99",
            "table[*]",
            "table[*]",
            *["taxes"] * 2,
            "table",
            "parts[*]",
        )
    ]
    assert [value for name, _, value in told if name == "taxes.taux"] == [0.2, 0.2]
    assert isinstance(told[-1][2], LookUpTable)


def test_what_the_recorder_is_told_is_what_the_tree_says_and_a_reform_says_otherwise(tree):
    told = []
    law = tree.recording(lambda *what: told.append(what))("2017")
    _ = (
        law.taxes.taux,
        law.taxes.bareme,
        law.taxes.liste,
        [*iter(law.taxes)],
        hasattr(law.taxes, "plafond"),
        law.table["01"],
        law.table[["01"]],
        law.parts[[1]],
        [*iter(law.table)],
    )
    assert len(told) == 9
    assert all(tree.read(name, date) == value for name, date, value in told)
    assert all(type(tree.read(name, date)) is type(value) for name, date, value in told)
    reform = tree.updated("taxes.taux", start="2016-01-01", value=0.3)
    assert [name for name, date, value in told if reform.read(name, date) != value] == ["taxes.taux"]
    reform = tree.updated("taxes.plafond", start="2016-01-01", value=1)
    assert [name for name, date, value in told if reform.read(name, date) != value] == ["taxes", "taxes.plafond"]
    reform = tree.updated("parts.2", start="2016-01-01", value=1)
    assert [name for name, date, value in told if reform.read(name, date) != value] == ["parts[*]"]
    reform = tree.updated("taxes.bareme[0].rate", start="2017-01-01", value=1)
    assert [name for name, date, value in told if reform.read(name, date) != value] == ["taxes.bareme"]
    reform = tree.updated("table.01", start="2017-01-01", value=1)
    assert [name for name, date, value in told if reform.read(name, date) != value] == ["table.01", "table[*]"]
    gone = tree.without_child("taxes").without_child("table")
    assert {gone.read(name, date) for name, date, _ in told if name != "parts[*]"} == {None}


def test_names_that_lead_nowhere_read_as_nothing(tree):
    for name in ("taxes.taux.x", "taxes.bareme.x", "table.01.x", "table[*].x", "table[*][*]", "parts[*].x", "x", "x[*]", "taxes.taux[*]"):
        assert tree.read(name, 2017) is None
    assert tree.read("", 2017) == ("taxes", "parts", "table")


def test_facades_are_pickled_without_their_recorder(tree):
    law = tree.recording(lambda *_: None)(2017)
    for facade in (law, tree.at(2017)):
        copied = pickle.loads(pickle.dumps(facade))  # noqa: S301 - our own bytes
        assert copied.taxes.taux == 0.2
        assert pickle.loads(pickle.dumps(facade.table))["01"] == 3  # noqa: S301 - our own bytes


def test_several_threads_read_one_tree(tree):
    found = []

    def read():
        for year in range(2000, 2030):
            law = tree.at(year)
            found.append((year, getattr(law.taxes, "taux", None), law.taxes.bareme.thresholds, tuple(law.taxes)))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 120
    assert len(set(found)) == 30
