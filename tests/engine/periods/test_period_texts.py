"""How people write periods and instants, and what they are told when nobody can read it."""

from __future__ import annotations

import datetime
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PeriodError
from engine.periods import DAY, ETERNITY, MONTH, WEEK, WEEKDAY, YEAR, Instant, Period, instant, period


@pytest.mark.parametrize(
    "text, unit, start, size",
    [
        ("2018", YEAR, (2018, 1, 1), 1),
        ("0001", YEAR, (1, 1, 1), 1),
        ("2018-03", MONTH, (2018, 3, 1), 1),
        ("2018-03-31", DAY, (2018, 3, 31), 1),
        ("2018-W05", WEEK, (2018, 1, 29), 1),
        ("2019-W01", WEEK, (2018, 12, 31), 1),
        ("2020-W53", WEEK, (2020, 12, 28), 1),
        ("2018-W05-1", WEEKDAY, (2018, 1, 29), 1),
        ("2018-W05-7", WEEKDAY, (2018, 2, 4), 1),
        ("year:2018", YEAR, (2018, 1, 1), 1),
        ("year:2018:3", YEAR, (2018, 1, 1), 3),
        ("year:2018-03", YEAR, (2018, 3, 1), 1),
        ("year:2018-03:2", YEAR, (2018, 3, 1), 2),
        ("year:2018-03-15", YEAR, (2018, 3, 15), 1),
        ("year:2018-W05", YEAR, (2018, 1, 29), 1),
        ("month:2018-03:12", MONTH, (2018, 3, 1), 12),
        ("month:2018-03-15", MONTH, (2018, 3, 15), 1),
        ("day:2018-03-15:40", DAY, (2018, 3, 15), 40),
        ("week:2018-W05:3", WEEK, (2018, 1, 29), 3),
        ("week:2018-W05-3", WEEK, (2018, 1, 31), 1),
        ("weekday:2018-W05-3:2", WEEKDAY, (2018, 1, 31), 2),
        ("day:2018-W05-3", DAY, (2018, 1, 31), 1),
        ("eternity", ETERNITY, (-1, -1, -1), -1),
        ("Eternity", ETERNITY, (-1, -1, -1), -1),
    ],
)
def test_texts_of_periods(text, unit, start, size):
    assert period(text) == Period((unit, Instant(start), size))
    assert period(text) is period(text)
    assert period(np.str_(text)) == period(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 2018",
        "2018 ",
        "18",
        "20180101",
        "2018-1",
        "2018-1-1",
        "2018-13",
        "2018-00",
        "2018-02-30",
        "2018-W5",
        "2018-W54",
        "2018-W53",
        "2018-W00",
        "2018-W05-8",
        "2018-W05-0",
        "0000",
        "month:2018",
        "day:2018-01",
        "day:2018",
        "week:2018",
        "weekday:2018-W05",
        "eternity:2018",
        "moon:2018",
        "month:",
        "month:2018-01:",
        "month:2018-01:0",
        "month:2018-01:-1",
        "month:2018-01:1.5",
        "month:2018-01:1:1",
        "Month:2018-01",
        ":2018",
        "2018:",
        "٢٠١٨",
        "year:2018-13",
        "2018-01-01T00:00",
    ],
)
def test_malformed_texts_are_named_with_the_accepted_forms(text):
    with pytest.raises(PeriodError) as caught:
        period(text)
    assert f"`{text}`" in str(caught.value)
    assert "`2018-03`" in str(caught.value) or "has the weeks" in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_the_message_shows_the_forms():
    with pytest.raises(PeriodError, match=r"`2018-1` is not a period.*`2018-03`.*`unit:start:size`.*`eternity`"):
        period("2018-1")
    with pytest.raises(PeriodError, match=r"`month:2018`.*`2018` is a year, too coarse to start a period of months"):
        period("month:2018")
    with pytest.raises(PeriodError, match="2018 has the weeks 1 to 52"):
        period("2018-W53")


@pytest.mark.parametrize("value", [None, 2018.0, 2018.5, True, [2018], b"2018", {}, 0, -1, 10000])
def test_values_of_other_kinds_are_no_periods(value):
    with pytest.raises(PeriodError):
        period(value)


def test_periods_of_values():
    assert period(2018) == period("2018") == period(np.int64(2018))
    assert period(datetime.date(2018, 3, 31)) == period("2018-03-31") == period(Instant((2018, 3, 31)))
    assert period(datetime.datetime(2018, 3, 31, 12)) == period("2018-03-31")
    assert period(Instant.eternity()) == period("eternity")
    assert period(period("2018")) is period("2018")


def test_instants_of_values():
    assert instant("2018") == instant(2018) == instant((2018,)) == instant([2018, 1]) == instant(period("2018")) == Instant((2018, 1, 1))
    assert instant("2018-03-31") == instant(datetime.date(2018, 3, 31)) == instant((2018, 3, 31))
    assert instant("2018-W05") == instant("2018-W05-1") == Instant((2018, 1, 29))
    assert instant("eternity") == Instant.eternity() == instant(str(Instant.eternity()))
    assert instant(instant("2018")) is instant("2018")


@pytest.mark.parametrize("value", [None, 2018.0, (), (2018, 1, 1, 1), "2018-1", "month:2018-01", "2018-02-30", True, "x"])
def test_values_that_are_no_instants(value):
    with pytest.raises(PeriodError):
        instant(value)


@pytest.mark.parametrize(
    "fields, text",
    [
        (("year", (2018, 1, 1), 1), "2018"),
        (("month", (2018, 1, 1), 12), "month:2018-01:12"),
        (("year", (2018, 3, 1), 1), "year:2018-03"),
        (("year", (2018, 3, 15), 2), "year:2018-03-15:2"),
        (("year", (2018, 1, 1), 3), "year:2018:3"),
        (("month", (2018, 3, 1), 1), "2018-03"),
        (("month", (2018, 3, 2), 1), "month:2018-03-02"),
        (("week", (2018, 12, 31), 1), "2019-W01"),
        (("week", (2018, 1, 29), 3), "week:2018-W05:3"),
        (("week", (2018, 1, 31), 1), "week:2018-W05-3"),
        (("weekday", (2018, 1, 31), 1), "2018-W05-3"),
        (("weekday", (2018, 1, 31), 2), "weekday:2018-W05-3:2"),
        (("day", (2018, 1, 31), 1), "2018-01-31"),
        (("day", (1, 1, 31), 2), "day:0001-01-31:2"),
        (("eternity", (-1, -1, -1), -1), "ETERNITY"),
    ],
)
def test_texts_written(fields, text):
    assert str(Period(fields)) == text
    assert f"{Period(fields)}" == text


@given(st.sampled_from([YEAR, MONTH, WEEK, DAY, WEEKDAY]), st.dates(), st.integers(1, 9_999_999))
def test_what_is_written_reads_back(unit, start, size):
    one = Period((unit, instant(start), size))
    assert period(str(one)) == one


@given(st.text(alphabet="0123456789-:Wyearmonthdk ", max_size=18) | st.text(max_size=8))
def test_any_text_is_a_period_or_a_period_error(text):
    try:
        found = period(text)
    except PeriodError:
        return
    assert period(str(found)) == found


def test_periods_do_not_load_numpy():
    code = "import sys, engine.periods; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
