"""Values given to variables: what each type takes, what it refuses, one by one and by the column."""

from __future__ import annotations

import datetime
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.entities import build_entity
from engine.errors import EnumMemberNotFoundError, VariableValueError
from engine.periods import YEAR
from engine.variables import Enum, EnumArray, Variable, define

Individu = build_entity("individu", "individus", "", is_person=True)


class Statut(Enum):
    proprietaire = "Propriétaire"
    locataire = "Locataire"


def rule(value_type, **attributes):
    if value_type is Enum:
        attributes = {"possible_values": Statut, "default_value": Statut.proprietaire} | attributes
    return define(type("essai", (Variable,), {"value_type": value_type, "entity": Individu, "definition_period": YEAR, **attributes}))


DAY = datetime.date(2018, 1, 31)

TAKEN = [
    (float, 1, 1.0),
    (float, 1.5, 1.5),
    (float, True, 1.0),
    (float, np.float32(0.5), 0.5),
    (float, np.int16(3), 3.0),
    (float, "1000*2+1", 2001.0),
    (float, "round(0.0045 * 0.2388, 5)", 0.00107),
    (float, "floor(295 - 300 * 0.005) * 12 ** 1", 3516.0),
    (float, "2**17 + 1", 131073.0),
    (float, " 7/2 ", 3.5),
    (float, "-(1.5e3 - .5)", -1499.5),
    (float, "007", 7.0),
    (float, float("inf"), float("inf")),
    (int, 1, 1),
    (int, 2.0, 2),
    (int, True, 1),
    (int, "1000*2+1", 2001),
    (int, "+4/2", 2),
    (int, "100000*100000", 10_000_000_000),
    (int, 2**63 - 1, 2**63 - 1),
    (int, "9223372036854775807", 2**63 - 1),
    (int, np.array(5), 5),
    (bool, True, True),
    (bool, 0, False),
    (bool, 1.0, True),
    (bool, np.True_, True),
    (str, "75056", "75056"),
    (str, 75056, "75056"),
    (str, b"2A004", "2A004"),
    (str, np.str_("x"), "x"),
    (datetime.date, DAY, DAY),
    (datetime.date, datetime.datetime(2018, 1, 31, 12), DAY),
    (datetime.date, "2018-01-31", DAY),
    (datetime.date, "2018-01", datetime.date(2018, 1, 1)),
    (datetime.date, np.datetime64("2018-01-31"), DAY),
    (datetime.date, np.datetime64("2018-01-31T12:00:00.000000000"), DAY),
    (Enum, Statut.locataire, Statut.locataire),
    (Enum, "locataire", Statut.locataire),
    (Enum, 1, Statut.locataire),
    (Enum, np.int8(1), Statut.locataire),
]


@pytest.mark.parametrize("value_type, value, expected", TAKEN)
def test_values_taken(value_type, value, expected):
    found = rule(value_type).check_value(value)
    assert found == expected
    assert type(found) is type(expected)


def test_rows_of_one_are_a_value():
    assert rule(Enum).check_value(Statut.encode(["locataire"])) is Statut.locataire


REFUSED = [
    (float, "abc"),
    (float, ""),
    (float, "1+"),
    (float, "1/0"),
    (float, "e"),
    (float, "2**99"),
    (float, "((((((9**64)**64)**64)**64)**64)**64)**64"),
    (float, "7//2"),
    (float, "()"),
    (float, "(1,2)"),
    (float, "(" * 150 + "1" + ")" * 150),
    (float, "1e400"),
    (float, "1e308*10"),
    (float, "1" * 250),
    (float, "__import__('os')"),
    (float, "1 if 1 else 2"),
    (float, None),
    (float, [1]),
    (float, 10**400),
    (float, 1j),
    (float, DAY),
    (int, 1.5),
    (int, "7/2"),
    (int, float("nan")),
    (int, float("inf")),
    (int, 2**63),
    (int, -(2**63) - 1),
    (int, "abc"),
    (bool, 2),
    (bool, "true"),
    (bool, None),
    (str, None),
    (str, 1.5),
    (str, True),
    (datetime.date, 2018),
    (datetime.date, "31/01/2018"),
    (datetime.date, "2018-02-30"),
    (datetime.date, np.datetime64("NaT")),
    (datetime.date, "eternity"),
    (Enum, "x"),
    (Enum, None),
    (Enum, 2),
    (Enum, True),
    (Enum, 1.0),
    (Enum, ["locataire"]),
]


@pytest.mark.parametrize("value_type, value", REFUSED)
def test_values_refused(value_type, value):
    with pytest.raises((VariableValueError, EnumMemberNotFoundError), match="`essai`"):
        rule(value_type).check_value(value)


def test_the_message_names_variable_type_and_value():
    with pytest.raises(VariableValueError, match=r"^Variable `essai` expects a whole number; got 1\.5\.$"):
        rule(int).check_value(1.5)
    with pytest.raises(VariableValueError, match=r"expects a date, as `2018-01-31`; got '2018-02-30' \("):
        rule(datetime.date).check_value("2018-02-30")
    with pytest.raises(EnumMemberNotFoundError, match=r"Variable `essai`: `Statut` has no member 'locatair'\. Did you mean `locataire`"):
        rule(Enum).check_value("locatair")


def test_texts_have_a_greatest_length():
    short = rule(str, max_length=5)
    assert short.check_value("75056") == "75056"
    with pytest.raises(VariableValueError, match="which has 6 characters and not at most 5"):
        short.check_value("750561")
    with pytest.raises(VariableValueError, match="row 1"):
        short.cast_array(np.array(["1", "750561"]))


def test_decimals_are_cut_only_on_request():
    assert rule(int).check_value(2.9, lenient=True) == 2
    assert rule(int).check_value("-2.9", lenient=True) == -2
    assert rule(int).cast_array([2.9, -2.9], lenient=True).tolist() == [2, -2]
    with pytest.raises(VariableValueError):
        rule(int).check_value(float("nan"), lenient=True)
    with pytest.raises(VariableValueError):
        rule(int).cast_array([float("nan")], lenient=True)


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.integers(1, 1000))
def test_sums_are_reckoned_as_python_does(one, two, three):
    assert rule(float).check_value(f"({one} + {two}) * 2 - {one} / {three}") == (one + two) * 2 - one / three
    assert rule(int).check_value(f"{one}*{two}") == one * two


@given(st.text(alphabet="0123456789+-*/(). eE", max_size=12))
def test_any_text_is_a_number_or_an_error(text):
    try:
        value = rule(float).check_value(text)
    except VariableValueError:
        return
    assert np.isfinite(value)


# Columns


@pytest.mark.parametrize("value_type, value, expected", TAKEN)
def test_columns_take_what_values_take(value_type, value, expected):
    read = rule(value_type)
    single = value if not isinstance(value, np.ndarray) else value.item()
    for column in (read.cast_array([single, single]), read.cast_array(np.array([single, single])), read.cast_array(np.array([single, single], dtype=object))):
        assert column.dtype == read.dtype
        assert column.shape == (2,)
        assert (column == (np.datetime64(expected) if isinstance(expected, datetime.date) else expected)).all()


@pytest.mark.parametrize("value_type, value", [pair for pair in REFUSED if not isinstance(pair[1], list)])
def test_columns_refuse_what_values_refuse(value_type, value):
    if isinstance(value, np.datetime64):
        return  # a column of dates may lack some
    with pytest.raises((VariableValueError, EnumMemberNotFoundError), match="`essai`"):
        rule(value_type).cast_array([value, value])


@pytest.mark.parametrize(
    "value_type, values, message",
    [
        (int, [1.0, 2.5], r"expects a whole number; got 2\.5 in row 1"),
        (int, [1.0, float("nan")], "got nan in row 1"),
        (int, [1.0, 2.0**63], "in row 1"),
        (int, np.array([1, 2**63], dtype=np.uint64), "got 9223372036854775808 in row 1"),
        (bool, [1, 2], "expects true or false; got 2 in row 1"),
        (bool, [0.0, 0.5], "got 0.5 in row 1"),
        (int, [1, "x"], r"got 'x'\. \(row 1\)"),
        (float, [1.0, None], r"got None\. \(row 1\)"),
        (datetime.date, ["2018-01-01", "x"], r"\(row 1\)"),
        (str, ["a", 1.5], r"got 1.5\. \(row 1\)"),
    ],
)
def test_columns_name_the_row(value_type, values, message):
    with pytest.raises(VariableValueError, match=message):
        rule(value_type).cast_array(values)


def test_columns_of_the_type_are_not_copied():
    for value_type, column in [
        (float, np.array([1.5])),
        (int, np.array([1])),
        (bool, np.array([True])),
        (datetime.date, np.array(["2018-01-31"], dtype="datetime64[D]")),
        (Enum, Statut.encode(["locataire"])),
    ]:
        assert rule(value_type).cast_array(column) is column


def test_columns_of_other_widths_are_converted():
    assert rule(float).cast_array(np.array([1, 2], dtype=np.int8)).tolist() == [1.0, 2.0]
    assert rule(float).cast_array(np.array([0.5], dtype=np.float32)).dtype == np.float64
    assert rule(int).cast_array(np.array([1, 2], dtype=np.int16)).dtype == np.int64
    assert rule(int).cast_array(np.array([1, 2], dtype=np.uint64)).tolist() == [1, 2]
    assert rule(datetime.date).cast_array(np.array(["2018-01-31T10:00"], dtype="datetime64[s]")).dtype == "datetime64[D]"
    assert rule(float).cast_array([]).tolist() == []
    assert rule(Enum).cast_array([]).tolist() == []
    assert rule(str).cast_array([]).dtype == object
    assert rule(float).cast_array(np.array([[1], [2]])).shape == (2, 1)
    assert rule(float).cast_array(np.array([["1+1"], ["2"]])).tolist() == [[2.0], [2.0]]


def test_mixed_columns_are_read_one_by_one():
    assert rule(float).cast_array([1, "2+3", True]).tolist() == [1.0, 5.0, 1.0]
    assert rule(str).cast_array(["01001", 75056]).tolist() == ["01001", "75056"]
    assert rule(Enum).cast_array(["locataire", Statut.proprietaire, 1]).tolist() == [1, 0, 1]
    assert rule(datetime.date).cast_array(["2018-01-31", DAY]).tolist() == [DAY, DAY]


def test_texts_are_python_texts():
    column = rule(str).cast_array(np.array(["a", "b"]))
    assert column.dtype == object
    assert [type(text) for text in column] == [str, str]


def test_rows_of_an_enumeration_are_no_numbers():
    with pytest.raises(VariableValueError):
        rule(int).cast_array(Statut.encode(["locataire"]))
    with pytest.raises(VariableValueError, match="`essai`"):
        rule(Enum).cast_array(np.array([0.5]))
    with pytest.raises(EnumMemberNotFoundError, match="Variable `essai`"):
        rule(Enum).cast_array(["x"])


@given(st.lists(st.floats(allow_nan=False) | st.integers(-(2**53), 2**53), max_size=20))
def test_columns_and_values_agree(values):
    read = rule(float)
    assert read.cast_array(values).tolist() == [read.check_value(value) for value in values]


@given(st.lists(st.sampled_from(["proprietaire", "locataire"]), max_size=20))
def test_columns_of_names_are_encoded(values):
    column = rule(Enum).cast_array(values)
    assert isinstance(column, EnumArray)
    assert column.decode_to_str().tolist() == values


def test_variables_do_not_load_numexpr():
    code = "import sys, engine.variables; sys.exit(any(name in sys.modules for name in ('numexpr', 'inspect_source', 'pandas', 'yaml')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
