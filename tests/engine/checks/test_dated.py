"""Expressions of the period: worked out period by period, and only where that is harmless."""

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.checks.calendars import Calendar
from engine.checks.conditions import truth_of
from engine.checks.dated import FAILED, Times, attribute, is_plain, method, values_of
from engine.checks.values import ARRAY, UNKNOWN, OneOf, Rows, join
from engine.periods import YEAR


@pytest.fixture
def times():
    return Times(Calendar.of(YEAR, 2000, 2009))


def year_of(times):
    return times.dated(attribute, times.dated(attribute, times.period, "start"), "year")


def test_equal_expressions_are_one(times):
    assert year_of(times) is year_of(times)
    assert times.dated(operator.add, year_of(times), 1) is not times.dated(operator.add, year_of(times), True)


def test_an_expression_is_worked_out_by_period(times):
    before = times.dated(operator.sub, year_of(times), 1)
    assert [before.at(position) for position in range(3)] == [1999, 2000, 2001]
    assert values_of(times.dated(operator.ge, year_of(times), 2004), times.calendar.all, 2) == [(False, 0b1111), (True, 0b1111110000)]


def test_what_fails_is_known_to_fail(times):
    broken = times.dated(operator.truediv, 1, times.dated(operator.sub, year_of(times), 2003))
    assert broken.at(3) is FAILED
    assert times.dated(operator.add, broken, 1).at(3) is FAILED
    assert values_of(broken, times.calendar.all, 20) is None
    assert truth_of(broken, 0b1111) == (0b1111, 0b1000)


def test_nothing_is_changed_and_nothing_private_is_looked_at():
    with pytest.raises(AttributeError):
        method([1], "append", (), 2)
    with pytest.raises(AttributeError):
        attribute("text", "__class__")
    with pytest.raises(AttributeError):
        attribute(object(), "anything")


def test_too_deep_an_expression_is_given_up(times):
    value = times.period
    for _ in range(200):
        value = times.dated(operator.add, value, 1) if value is not None else None
    assert value is None


def test_what_is_plain():
    assert is_plain(["a", {"b": (1, 2.0, None)}])
    assert not is_plain(["a", ARRAY])
    assert not is_plain(UNKNOWN)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", 1, None]), st.integers(0, 15)), max_size=6))
def test_joined_alternatives_keep_each_value_with_all_its_periods(alternatives):
    joined = join(alternatives)
    windows = {}
    for value, window in alternatives:
        if window:
            windows[value] = windows.get(value, 0) | window
    if isinstance(joined, OneOf):
        assert dict(joined.alternatives) == windows
        assert len(windows) > 1
    else:
        assert windows == {} or list(windows) == [joined]


def test_truths():
    assert truth_of(ARRAY, 3) == truth_of(UNKNOWN, 3) == (3, 3)
    assert truth_of(0, 3) == truth_of([], 3) == (0, 3)
    assert truth_of("a", 3) == truth_of(Rows("person"), 3) == (3, 0)
    assert truth_of(OneOf(((True, 1), (False, 2))), 3) == (1, 2)
