"""Figures looked up by arrays of keys: names, numbers, dates, members of enumerations, and symbols."""

from __future__ import annotations

import enum
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import LookUpError, ParameterError, ParameterNotFoundError
from engine.parameters import LookUpTable, VectorialParameters, parameters_from_data


def at(value):
    return {"2015-01-01": value}


DATA = {
    "zones": {
        "z1": {"loyer": at(100), "nom": at("un"), "par_enfant": {"0": at(1.5), "1": at(2)}},
        "z2": {"loyer": at(200), "nom": at("deux"), "par_enfant": {"0": at(3), "1": at(4), "2": at(5)}},
        "z3": {"loyer": at(300.5), "nom": at("trois"), "prime": at(True)},
    },
    "taux": {"z1": at(0.1), "z2": {"2015-01-01": 0.2, "2017-01-01": 0.25}, "z3": {"2015-01-01": 0.3, "2018-01-01": None}},
    "rangs": {"1": at(10), "2": at(20), "-5": at(-50), "01": at(99)},
    "grands": {"1": at(1), "1000000000": at(2)},
    "oui": {"true": at("oui"), "False": at("non")},
    "dates": {"before_1950_07_01": at(60), "after_1951": at(61), "after_1950_07_01": at(60.5)},
    "communes": {"table": {"2015-01-01": {"01001": 1, "2A004": 2}, "2016-01-01": {"01001": 3}}},
    "mixte": {"a": at(1), "b": at("x")},
    "melange": {"a": at(1), "b": {"c": at(1)}},
    "baremes": {"a": {"brackets": []}},
    "vide": {"a": {"2020-01-01": 1}},
}


class Zone(enum.Enum):
    """An enumeration whose last member has no figure."""

    z1 = "Zone un"
    z2 = "Zone deux"
    z4 = "Zone quatre"


class EnumArray(np.ndarray):
    """An array of indices that knows its enumeration."""

    possible_values = Zone


def encoded(*members):
    names = [member.name for member in Zone]
    return np.array([names.index(member.name) for member in members], dtype=np.int8).view(EnumArray)


class Symbol:
    """An array that is not there yet."""

    def __init__(self, evaluate=lambda given: given, enumeration=None):
        self.evaluate = evaluate
        self.possible_values = enumeration

    def look_up(self, table):
        hash(table)
        table = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own bytes
        if self.possible_values is not None:
            table = table.for_enum(tuple(member.name for member in self.possible_values))
        return Symbol(lambda given: table(self.evaluate(given)))

    def __mul__(self, other):
        return Symbol(lambda given: self.evaluate(given) * other)

    def __add__(self, other):
        return Symbol(lambda given: self.evaluate(given) + other.evaluate(given))


@pytest.fixture(name="law")
def _law():
    return parameters_from_data(DATA).at("2016-06-01")


KINDS_OF_TEXT = [
    np.array(["z2", "z1", "z2"]),
    np.array(["z2", "z1", "z2"], dtype=object),
    np.array([Zone.z2, Zone.z1, Zone.z2]),
    ["z2", "z1", "z2"],
    encoded(Zone.z2, Zone.z1, Zone.z2),
]


@pytest.mark.parametrize("keys", KINDS_OF_TEXT)
def test_keys_of_any_kind_give_the_figure_of_each_row(law, keys):
    assert law.taux[keys].tolist() == [0.2, 0.1, 0.2]
    assert law.zones[keys].loyer.tolist() == [200, 100, 200]
    assert law.zones[keys]["nom"].tolist() == ["deux", "un", "deux"]
    assert isinstance(law.zones[keys], VectorialParameters)
    assert type(law.taux[keys]) is np.ndarray


def test_results_are_of_the_figures_own_type(law):
    keys = np.array(["z1", "z2"])
    assert law.taux[keys].dtype == np.float64
    assert law.zones[keys].loyer.dtype == np.float64
    assert law.rangs[np.array([1])].dtype == np.int64
    assert law.zones[np.array(["z3"])].prime.dtype == bool
    assert law.zones[keys].nom.dtype == object
    assert law.taux[np.array([["z1", "z2"], ["z3", "z1"]])].shape == (2, 2)
    assert law.taux[np.array([], dtype="U3")].shape == (0,)
    assert law.taux[np.array("z2")].item() == 0.2


def test_whole_numbers_are_known_by_their_text(law):
    for dtype in (np.int8, np.int64, np.float32, np.float64):
        assert law.rangs[np.array([2, 1, -5], dtype=dtype)].tolist() == [20, 10, -50]
    assert law.rangs[np.array([2, 1], dtype=np.uint16)].tolist() == [20, 10]
    assert law.rangs[np.array([2, "01"], dtype=object)].tolist() == [20, 99]
    assert law.grands[np.array([1000000000, 1])].tolist() == [2, 1]
    for keys in ([3], [1.5], [np.nan], [np.inf], [-6], [10**15]):
        with pytest.raises(LookUpError):
            law.rangs[np.array(keys)]
    with pytest.raises(LookUpError):
        law.grands[np.array([2])]
    with pytest.raises(LookUpError):
        law.taux[np.array([1])]


def test_truth_values_are_known_as_files_write_them(law):
    assert law.oui[np.array([True, False])].tolist() == ["oui", "non"]
    assert law.oui[np.array([True, False], dtype=object)].tolist() == ["oui", "non"]
    assert law.oui[True] == "oui"
    assert law.oui[np.False_] == "non"


def test_dates_fall_before_the_first_or_after_the_last_day_named(law):
    keys = np.array(["1900-01-01", "1950-06-30", "1950-07-01", "1950-12-31", "1951-01-01", "2000-01-01"], dtype="datetime64[D]")
    assert law.dates[keys].tolist() == [60, 60, 60.5, 60.5, 61, 61]
    assert law.dates[keys[0].item()].item() == 60
    with pytest.raises(LookUpError, match="no value for key `NaT`"):
        law.dates[np.array(["NaT"], dtype="datetime64[D]")]
    with pytest.raises(ParameterError, match="has a key `z1`: expected `before_2015_01_31`"):
        law.taux[keys]
    twice = parameters_from_data({"d": {"before_1950": at(1), "before_1960": at(2)}}).at(2016)
    with pytest.raises(ParameterError, match="several keys `before_"):
        twice.d[keys]


def test_tables_are_looked_up_by_arrays_of_codes(law):
    keys = np.array(["01001", "01001"])
    assert law.communes[keys].tolist() == [3, 3]
    assert law.communes.get(np.array(["2A004", "01001"]), -1).tolist() == [-1, 3]
    assert law.communes.get(np.array(["2A004", "01001"]), 0.5).tolist() == [0.5, 3]
    assert law.communes.get(encoded(Zone.z1), 7).tolist() == [7]
    with pytest.raises(LookUpError):
        law.communes.get(np.array(["2A004"]))
    with pytest.raises(ParameterError, match="cannot be looked up by an array: its values are numbers, texts"):
        law.communes.get(keys, "x")
    with pytest.raises(LookUpError, match=r"from 2016-01-01 on has no value for key `2A004`, which row 0 asks for. Its keys are: 01001\."):
        law.communes[np.array(["2A004"])]
    before = parameters_from_data(DATA).at(2000)
    with pytest.raises(LookUpError, match=r"Parameter `communes\[\*\]` has no value for key `01001`, which row 0 \(and 1 more\) asks for. Its keys are: none."):
        before.communes[keys]


def test_several_keys_choose_the_figure_of_each_pair(law):
    zones, children = np.array(["z1", "z2", "z2", "z1"]), np.array([1, 2, 0, 0])
    assert law.zones[zones].par_enfant[children].tolist() == [2, 5, 3, 1.5]
    assert law.zones[encoded(Zone.z1, Zone.z2)].par_enfant[["0", "2"]].tolist() == [1.5, 5]
    with pytest.raises(LookUpError, match=r"Parameter `zones\[\*\].par_enfant\[\*\]` from 2015-01-01 on has no value for key `z1.2`, which row 1 asks for"):
        law.zones[["z1", "z1"]].par_enfant[[0, 2]]
    with pytest.raises(LookUpError, match="has no value for key `3`"):
        law.zones[["z1"]].par_enfant[[3]]


def test_three_keys():
    tree = parameters_from_data({"n": {a: {b: {c: at(100 * int(a) + 10 * int(b) + int(c)) for c in "12"} for b in "123"} for a in "12"}})
    rows = [(a, b, c) for a in (1, 2) for b in (1, 2, 3) for c in (1, 2)]
    first, second, third = (np.array(keys) for keys in zip(*rows, strict=True))
    told = []
    law = tree.recording(lambda *what: told.append(what))(2016)
    assert law.n[first][second][third].tolist() == [100 * a + 10 * b + c for a, b, c in rows]
    assert [name for name, _, _ in told] == ["n[*][*][*]"]
    assert tree.read("n[*][*][*]", 2016) == told[0][2]
    assert tree.updated("n.1.2.1", start="2015-01-01", value=0).read("n[*][*][*]", 2016) != told[0][2]


@pytest.mark.parametrize(
    "read, error, told",
    [
        (
            lambda law: law.taux[np.array(["z1", "z4", "z5", "z4"])],
            LookUpError,
            "Parameter `taux[*]` from 2015-01-01 on has no value for key `z4`, which row 1 (and 2 more) asks for. Its keys are: z1, z2, z3.",
        ),
        (
            lambda law: law.taux[encoded(Zone.z1, Zone.z4)],
            LookUpError,
            "Parameter `taux[*]` from 2015-01-01 on has no value for key `z4`, which row 1 asks for. Its keys are: z1, z2.",
        ),
        (
            lambda law: law.zones[np.array(["z1", "z2"])].prime,
            LookUpError,
            "Parameter `zones[*].prime` from 2015-01-01 on has no value for key `z1`, which row 0 (and 1 more) asks for. Its keys are: z3.",
        ),
        (lambda law: law.zones[np.array(["z1"])].loyers, ParameterNotFoundError, "Parameter `zones[*]` has no `loyers` at 2016-06-01. Did you mean `loyer`?"),
        (
            lambda law: law.mixte[np.array(["a"])],
            ParameterError,
            "Parameter `mixte[*]` cannot be looked up by an array: its values are numbers, texts. Expected one kind of number or text.",
        ),
        (
            lambda law: law.melange[np.array(["a"])],
            ParameterError,
            (
                "Parameter `melange[*]` cannot be looked up by an array: `a` is a figure, `b` is a branch. "
                "Expected figures, or branches that all have the same figures."
            ),
        ),
        (
            lambda law: law.baremes[np.array(["a"])],
            ParameterError,
            "Parameter `baremes[*]` cannot be looked up by an array: `a` is a scale. Expected figures, or branches that all have the same figures.",
        ),
        (
            lambda law: list(law.zones[np.array(["z1"])]),
            ParameterError,
            "Parameter `zones[*]` is chosen row by row and cannot be gone through: read one of its figures, `.name`.",
        ),
    ],
)
def test_what_cannot_be_looked_up_is_told(law, read, error, told):
    with pytest.raises(error) as caught:
        read(law)
    assert str(caught.value) == told


def test_a_branch_without_figures_at_the_date_has_no_keys(law):
    with pytest.raises(LookUpError, match="Its keys are: none"):
        law.vide[np.array(["a"])]
    assert law.vide[np.array([], dtype=str)].tolist() == []


def test_figures_that_end_are_no_keys_any_more():
    tree = parameters_from_data(DATA)
    keys = np.array(["z2", "z3"])
    assert tree.at("2017-06-01").taux[keys].tolist() == [0.25, 0.3]
    with pytest.raises(LookUpError, match="from 2018-01-01 on has no value for key `z3`"):
        tree.at("2018-06-01").taux[keys]


def test_one_table_serves_all_dates_between_two_changes():
    tree = parameters_from_data(DATA)
    assert tree.read("taux[*]", "2017-01-01") is tree.read("taux[*]", "2017-12-01")
    assert tree.read("communes[*]", "2016-01-01") is tree.read("communes[*]", "2020-12-01")
    assert tree.read("taux[*]", "2016-12-31") != tree.read("taux[*]", "2017-01-01")


@pytest.mark.parametrize(
    "read, given",
    [
        (lambda law, keys: law.taux[keys], np.array(["z1", "z3"])),
        (lambda law, keys: law.rangs[keys], np.array([1, 2])),
        (lambda law, keys: law.zones[keys].nom, np.array(["z1", "z3"])),
        (lambda law, keys: law.communes[keys], np.array(["01001"])),
        (lambda law, keys: law.communes.get(keys, 4), np.array(["01001", "0"])),
        (lambda law, keys: law.dates[keys], np.array(["2000-01-01"], dtype="datetime64[D]")),
        (lambda law, keys: law.zones[keys].par_enfant[keys2(keys)], np.array(["z1", "z2"])),
    ],
)
def test_a_symbol_gives_what_its_values_give(law, read, given):
    assert read(law, Symbol()).evaluate(given).tolist() == read(law, given).tolist()


def keys2(keys):
    """Return as many keys 1, real or symbolic."""
    return Symbol(lambda given: np.ones(len(given), dtype=int)) if isinstance(keys, Symbol) else np.ones(len(keys), dtype=int)


def test_a_symbol_of_an_enumeration_is_looked_up_by_index(law):
    given = np.array([1, 0, 1], dtype=np.int8)
    assert law.taux[Symbol(enumeration=Zone)].evaluate(given).tolist() == [0.2, 0.1, 0.2]
    assert law.zones[Symbol(enumeration=Zone)].loyer.evaluate(given).tolist() == [200, 100, 200]
    with pytest.raises(LookUpError, match="no value for key `z4`, which row 0 asks"):
        law.taux[Symbol(enumeration=Zone)].evaluate(np.array([2], dtype=np.int8))


# --- The table itself ------------------------------------------------------------------------------------------------


@given(
    st.dictionaries(st.text("ab1-", min_size=1, max_size=3), st.integers(-5, 5), max_size=6),
    st.lists(st.text("ab1-", min_size=1, max_size=3), max_size=10),
    st.one_of(st.none(), st.integers(-5, 5)),
)
def test_a_table_gives_what_a_dictionary_gives(figures, keys, default):
    table = LookUpTable.of("p[*]", "2015-01-01", figures, list(figures.values()))
    expected = [figures.get(key, default) for key in keys]
    if default is not None:
        assert table.with_default(default)(np.array(keys, dtype=object)).tolist() == expected
        assert table.with_default(default).for_enum(tuple(keys))(np.arange(len(keys))).tolist() == expected
        return
    for form in (np.array(keys, dtype=object), np.array(keys, dtype="U3"), np.array(keys, dtype=np.dtypes.StringDType())):
        values, missing = table.values_and_missing(form)
        assert (np.zeros(len(keys), bool) if missing is None else missing).tolist() == [key not in figures for key in keys]
        assert values.tolist() == [figures.get(key, 0) for key in keys]
    by_index, missing = table.for_enum(tuple(keys)).values_and_missing(np.arange(len(keys)))
    assert by_index.tolist() == values.tolist()
    assert ([] if missing is None else np.flatnonzero(missing).tolist()) == [row for row, key in enumerate(keys) if key not in figures]


@given(st.sets(st.integers(-(2**40), 2**40), max_size=6), st.booleans(), st.lists(st.integers(-20, 20), max_size=10))
def test_numbers_are_found_however_far_apart(numbers, near, keys):
    found = sorted({number % 30 - 15 for number in numbers} if near else numbers)
    table = LookUpTable.of("p[*]", "2015-01-01", map(str, found), [number / 2 for number in found])
    asked = np.array([*keys, *found], dtype=np.int64)
    values, missing = table.values_and_missing(asked)
    assert values.tolist() == [key / 2 if key in found else 0 for key in asked.tolist()]
    assert (missing is None) == all(key in found for key in asked.tolist())


def test_tables_are_known_by_their_content():
    table = LookUpTable.of("p[*]", "2015-01-01", ("a", "b"), (1, 2))
    same = LookUpTable.of("p[*]", "2016-01-01", ["a", "b"], [1, 2])
    texts = LookUpTable.of("p[*]", "2015-01-01", ("a", "b"), ("x", "y"))
    assert table == same
    assert hash(table) == hash(same)
    assert str(table) == "p[*]"
    assert table.dtype == np.int64
    for other in (
        LookUpTable.of("q[*]", "2015-01-01", ("a", "b"), (1, 2)),
        LookUpTable.of("p[*]", "2015-01-01", ("a", "c"), (1, 2)),
        LookUpTable.of("p[*]", "2015-01-01", ("a", "b"), (1, 3)),
        LookUpTable.of("p[*]", "2015-01-01", ("a", "b"), (1.0, 2.0)),
        texts,
        table.with_default(0),
        table.for_enum(("a", "b")),
        "p[*]",
    ):
        assert table != other
    for each in (table, texts, table.for_enum(("b", "c")), table.with_default(3)):
        copied = pickle.loads(pickle.dumps(each))  # noqa: S301 - our own bytes
        assert copied == each
        assert hash(copied) == hash(each)
        with pytest.raises(ValueError, match="read-only"):
            copied.values[0] = 0
    assert table.for_enum(("a", "b")) is table.for_enum(("a", "b"))
    with pytest.raises(ParameterError, match="has a default already"):
        table.with_default(3).with_default(4)


def test_an_index_outside_the_enumeration_is_a_missing_key():
    table = LookUpTable.of("p[*]", "", ("a",), (1,)).for_enum(("a", "b"))
    for index in (-1, 2, 1):
        with pytest.raises(LookUpError, match=r"Parameter `p\[\*\]` has no value for key `(number -1|number 2|b)`, which row 1"):
            table(np.array([0, index]))
    assert LookUpTable.of("p[*]", "", ("a",), (1,)).for_enum(())(np.array([], dtype=int)).tolist() == []
    with pytest.raises(LookUpError):
        LookUpTable.of("p[*]", "", ("a",), (1,)).for_enum(())(np.array([0]))
