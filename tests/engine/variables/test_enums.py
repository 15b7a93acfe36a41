"""Enumerations: members, positions in arrays, and what numpy may do with both."""

from __future__ import annotations

import copy
import enum
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EnumMemberNotFoundError, VariableValueError
from engine.variables import Enum, EnumArray


class Affectation(Enum):
    __order__ = "habitation dependance professionnel"
    habitation = "Habitation"
    dependance = "Dépendance"
    professionnel = "Local professionnel"


class Occupation(Enum):
    principale = "Résidence principale"
    secondaire = "Résidence secondaire"


def loaded_again():
    class Affectation(Enum):
        habitation = "Habitation"
        dependance = "Dépendance"
        professionnel = "Local professionnel"

    return Affectation


def other_of_the_same_name():
    class Affectation(Enum):
        professionnel = "Local professionnel"
        habitation = "Habitation"

    return Affectation


NAMES = ["habitation", "dependance", "professionnel"]
names = st.lists(st.sampled_from(NAMES), max_size=30)
members = st.sampled_from(list(Affectation))


# Classes and members


def test_an_enumeration_is_one_of_python():
    assert issubclass(Affectation, enum.Enum)
    assert [member.name for member in Affectation] == NAMES
    assert Affectation.dependance.value == "Dépendance"
    assert Affectation["dependance"] is Affectation("Dépendance") is Affectation.dependance
    assert Affectation.dependance in Affectation
    assert len(Affectation) == 3


def test_members_have_positions():
    assert [member.index for member in Affectation] == [0, 1, 2]
    assert Affectation.names.tolist() == NAMES
    assert Affectation.indices.tolist() == [0, 1, 2]
    assert Affectation.enums.tolist() == list(Affectation)
    with pytest.raises(ValueError, match="read-only"):
        Affectation.names[0] = "x"


def test_members_of_equal_labels_stay_apart():
    class Zone(Enum):
        a = "Zone tendue"
        b = "Autre zone"
        c = "Zone tendue"
        d = 1
        e = 1.0

    assert [member.name for member in Zone] == ["a", "b", "c", "d", "e"]
    assert Zone.c.value == "Zone tendue"
    assert type(Zone.c.value) is str
    assert Zone.a != Zone.c
    assert Zone("Zone tendue") is Zone.a
    assert Zone.encode(["c", "a"]).tolist() == [2, 0]
    assert Zone.e.value == 1.0


def test_members_are_made_by_a_program_too():
    made = Enum("Made", {"a": "A", "b": "B"})
    assert [made.a.index, made.b.index] == [0, 1]
    assert Enum("Made", "a b", module=__name__).names.tolist() == ["a", "b"]


def test_an_enumeration_may_have_methods():
    class Tranche(Enum):
        basse = "Basse"
        haute = "Haute"

        @property
        def is_high(self):
            return self is Tranche.haute

    assert [member.is_high for member in Tranche] == [False, True]
    assert Tranche.names.tolist() == ["basse", "haute"]


def test_a_class_loaded_again_is_the_same():
    again = loaded_again()
    assert again == Affectation
    assert hash(again) == hash(Affectation)
    assert again is not Affectation
    assert again.habitation == Affectation.habitation
    assert hash(again.habitation) == hash(Affectation.habitation)
    assert {Affectation.habitation: "found"}[again.habitation] == "found"
    assert again.habitation != Affectation.dependance


def test_a_class_of_other_members_is_another():
    assert other_of_the_same_name() != Affectation
    assert Occupation != Affectation
    assert Affectation != "Affectation"
    assert Occupation.principale != Affectation.habitation
    assert Affectation.habitation != "habitation"
    assert Affectation.habitation != 0


@pytest.mark.parametrize("count, dtype", [(1, np.int8), (127, np.int8), (128, np.int16), (300, np.int16), (32767, np.int16)])
def test_positions_take_the_least_room(count, dtype):
    big = Enum("Big", {f"m{index}": str(index) for index in range(count)})
    assert big.dtype == dtype
    encoded = big.encode([f"m{count - 1}", "m0"])
    assert encoded.dtype == dtype
    assert encoded.tolist() == [count - 1, 0]
    assert encoded.decode_to_str().tolist() == [f"m{count - 1}", "m0"]


def test_members_survive_copies_and_pickles():
    assert pickle.loads(pickle.dumps(Affectation.habitation)) is Affectation.habitation  # noqa: S301 - our own bytes
    assert copy.deepcopy(Affectation.habitation) is Affectation.habitation


# Encoding


@given(names)
def test_encoding_and_decoding_are_inverse(some):
    encoded = Affectation.encode(np.array(some, dtype=np.str_))
    assert isinstance(encoded, EnumArray)
    assert encoded.possible_values is Affectation
    assert encoded.dtype == np.int8
    assert encoded.decode_to_str().tolist() == some
    assert [member.name for member in encoded.decode()] == some
    assert Affectation.encode(encoded.decode()).tolist() == encoded.tolist()
    assert Affectation.encode(encoded.view(np.ndarray)).tolist() == encoded.tolist()
    assert Affectation.encode(encoded) is encoded


@pytest.mark.parametrize(
    "values",
    [
        ["dependance", "habitation"],
        ("dependance", "habitation"),
        [Affectation.dependance, Affectation.habitation],
        [1, 0],
        ["dependance", 0],
        [Affectation.dependance, "habitation"],
        np.array([1, 0], dtype=np.uint8),
        np.array(["dependance", Affectation.habitation], dtype=object),
        np.array([np.int64(1), 0], dtype=object),
    ],
)
def test_names_members_and_positions_are_encoded(values):
    assert Affectation.encode(values).tolist() == [1, 0]


def test_shapes_are_kept():
    assert Affectation.encode([]).shape == (0,)
    assert Affectation.encode(np.array([], dtype=np.float64)).shape == (0,)
    assert Affectation.encode("dependance").shape == ()
    assert Affectation.encode(Affectation.dependance) == Affectation.dependance
    assert Affectation.encode(np.array([["habitation"], ["dependance"]])).shape == (2, 1)


def test_members_of_a_class_loaded_again_are_encoded_by_name():
    assert Affectation.encode([loaded_again().professionnel]).tolist() == [2]
    assert Affectation.encode([other_of_the_same_name().professionnel]).tolist() == [2]
    assert Affectation.encode(other_of_the_same_name().encode(["professionnel"])).tolist() == [2]
    assert Affectation.encode(loaded_again().encode(["dependance"])).possible_values is Affectation


def test_unknown_names_are_told_with_the_nearest():
    with pytest.raises(EnumMemberNotFoundError, match=r"`Affectation` has no member 'dependence'\. Did you mean `dependance`\? Expected one of habitation"):
        Affectation.encode(["habitation", "dependence"])
    with pytest.raises(EnumMemberNotFoundError, match="`Dépendance` is the label of `dependance`"):
        Affectation.encode(["Dépendance"])


@pytest.mark.parametrize("values", [[3], [-1], [None], [Occupation.principale], ["habitation", None], ["habitation", 7], ["habitation", -1]])
def test_what_is_no_member_is_refused(values):
    with pytest.raises(EnumMemberNotFoundError, match="`Affectation` has no member"):
        Affectation.encode(values)


@pytest.mark.parametrize("values", [[b"habitation"], [0.0], np.array([True])])
def test_values_of_other_kinds_are_refused(values):
    with pytest.raises(VariableValueError, match="names, members or positions"):
        Affectation.encode(values)


# Comparing rows


@given(names, members)
def test_rows_compare_with_a_member(some, member):
    rows = Affectation.encode(some)
    expected = [name == member.name for name in some]
    for equal in (rows == member, member == rows):
        assert type(equal) is np.ndarray
        assert equal.dtype == np.bool_
        assert equal.tolist() == expected
    for different in (rows != member, member != rows):
        assert different.tolist() == [not value for value in expected]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))))
def test_rows_compare_with_rows(pairs):
    left, right = Affectation.encode([pair[0] for pair in pairs]), Affectation.encode([pair[1] for pair in pairs])
    expected = [pair[0] == pair[1] for pair in pairs]
    assert (left == right).tolist() == expected == (~(left != right)).tolist()
    assert np.equal(left, right).tolist() == expected
    assert np.not_equal(left, right).tolist() == (left != right).tolist()
    assert (left == right.decode()).tolist() == expected
    assert (left == right.decode_to_str()).tolist() == expected
    assert (left == right.view(np.ndarray)).tolist() == expected


def test_rows_compare_with_classes_and_positions():
    rows = Affectation.encode(["habitation", "habitation", "professionnel"])
    assert (rows == Affectation).tolist() == [True, False, True]
    assert (rows == 0).tolist() == [True, True, False]
    assert (rows[0] == Affectation.habitation) is True
    assert (rows[0] != Affectation.habitation) is False
    assert (Affectation.dependance == rows[0]) is False


def test_rows_compare_by_name_with_a_class_loaded_again():
    rows = Affectation.encode(["habitation", "professionnel"])
    assert (rows == loaded_again().professionnel).tolist() == [False, True]
    assert (rows == other_of_the_same_name().professionnel).tolist() == [False, True]
    assert (rows == loaded_again().encode(["habitation", "habitation"])).tolist() == [True, False]


def test_plain_numpy_rows_compare_with_a_member():
    assert (np.array(NAMES) == Affectation.dependance).tolist() == [False, True, False]
    assert (np.array(NAMES, dtype=object) == Affectation.dependance).tolist() == [False, True, False]
    assert (np.array(list(Affectation), dtype=object) == Affectation.dependance).tolist() == [False, True, False]
    assert (np.array([0, 1]) == Affectation.dependance).tolist() == [False, True]
    assert (np.array([0, 1]) != Affectation.dependance).tolist() == [True, False]
    with pytest.raises(TypeError, match="names, members or positions"):
        assert np.array([0.5]) == Affectation.dependance


@pytest.mark.parametrize(
    "misuse",
    [
        lambda rows: rows + 1,
        lambda rows: rows < Affectation.dependance,
        lambda rows: rows >= rows[:1],
        lambda rows: rows * rows,
        lambda rows: -rows,
        lambda rows: rows & rows,
        np.sqrt,
        lambda rows: rows.sum(),
        lambda rows: rows.max(),
        np.sum,
        np.max,
        np.mean,
        lambda rows: np.maximum(rows, 1),
        lambda rows: rows == Occupation.principale,
        lambda rows: rows != Occupation.principale,
        lambda rows: Occupation.principale == rows,
        lambda rows: rows == Occupation.encode(["principale"]),
        lambda rows: rows == Occupation,
        lambda rows: rows == "habitation",
        lambda rows: rows == None,  # noqa: E711 - what a coder may write
        lambda rows: np.where(rows == Affectation.habitation, rows, Occupation.principale),
    ],
)
def test_all_else_is_refused(misuse):
    with pytest.raises(TypeError, match="Affectation"):
        misuse(Affectation.encode(["habitation"]))


class Symbol:
    """Stands for an array of another library: it records what is done to it."""

    __array_ufunc__ = None

    def __eq__(self, other):
        return ("==", other)

    def __ne__(self, other):
        return ("!=", other)

    __hash__ = None

    def __array_function__(self, function, types, args, kwargs):
        return (function.__name__, args)


def test_other_arrays_answer_for_themselves():
    symbol = Symbol()
    rows = Affectation.encode(["habitation"])
    assert (symbol == Affectation.habitation) == ("==", Affectation.habitation)
    assert (Affectation.habitation == symbol) == ("==", Affectation.habitation)
    assert (Affectation.habitation != symbol) == ("!=", Affectation.habitation)
    assert (rows == symbol)[0] == "=="
    assert (rows != symbol)[0] == "!="
    assert np.where(symbol, Affectation.habitation, Affectation.dependance)[0] == "where"
    assert np.where(True, Affectation.habitation, symbol)[0] == "where"
    assert np.where(rows == Affectation.habitation, rows, symbol)[0] == "where"
    assert np.select([symbol], [Affectation.habitation])[0] == "select"


# numpy's functions


def test_where_and_select_choose_members():
    condition = np.array([True, False])
    chosen = np.where(condition, Affectation.professionnel, Affectation.dependance)
    assert isinstance(chosen, EnumArray)
    assert chosen.dtype == np.int8
    assert chosen.decode_to_str().tolist() == ["professionnel", "dependance"]
    kept = np.where(condition, chosen, Affectation.habitation)
    assert kept.decode_to_str().tolist() == ["professionnel", "habitation"]
    selected = np.select([condition, ~condition], [Affectation.professionnel, chosen], Affectation.habitation)
    assert selected.decode_to_str().tolist() == ["professionnel", "dependance"]
    default = np.select([condition], [Affectation.professionnel], default=Affectation.dependance)
    assert default.decode_to_str().tolist() == ["professionnel", "dependance"]
    with pytest.raises(EnumMemberNotFoundError, match="position 9"):
        np.where(condition, Affectation.dependance, 9)


def test_rows_keep_their_enumeration():
    rows = Affectation.encode(["habitation", "professionnel", "habitation"])
    for kept in (rows[1:], rows[[2, 1]], rows[rows == Affectation.habitation], rows.copy(), np.repeat(rows, 2), np.concatenate([rows, rows]), np.tile(rows, 2)):
        assert isinstance(kept, EnumArray)
        assert kept.possible_values is Affectation
    assert np.unique(rows).decode_to_str().tolist() == ["habitation", "professionnel"]
    assert np.take(rows, [1]).decode_to_str().tolist() == ["professionnel"]
    assert np.isin(rows, [Affectation.professionnel, Affectation.dependance]).tolist() == [False, True, False]
    assert np.bincount(rows).tolist() == [2, 0, 1]
    assert np.array_equal(rows, rows)
    assert np.zeros_like(rows, dtype=np.float64).dtype == np.float64
    assert np.shape(rows) == (3,)


def test_rows_survive_copies_and_pickles():
    rows = Affectation.encode(["habitation", "professionnel"])
    for again in (copy.copy(rows), copy.deepcopy(rows), pickle.loads(pickle.dumps(rows))):  # noqa: S301 - our own bytes
        assert again.possible_values is Affectation
        assert again.tolist() == [0, 2]


def test_rows_are_set_to_members():
    rows = Affectation.encode(["habitation"] * 4)
    rows[1] = Affectation.professionnel
    rows[[False, False, True, True]] = ["dependance", Affectation.professionnel]
    assert rows.tolist() == [0, 2, 1, 2]
    rows[2:] = Affectation.encode(["habitation", "habitation"])
    rows[0] = "dependance"
    assert rows.tolist() == [1, 2, 0, 0]
    with pytest.raises(EnumMemberNotFoundError):
        rows[0] = 9


def test_rows_show_their_names():
    rows = Affectation.encode(["habitation", "professionnel"])
    assert repr(rows) == "EnumArray(Affectation: ['habitation', 'professionnel'])"
    assert str(rows) == "['habitation' 'professionnel']"
