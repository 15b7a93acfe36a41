"""Periods: construction, order, shortcuts, sub-periods and the laws that tie them together."""

from __future__ import annotations

import copy
import datetime
import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PeriodError
from engine.periods import (
    DAY,
    ETERNITY,
    MONTH,
    WEEK,
    WEEKDAY,
    YEAR,
    DateUnit,
    Instant,
    Period,
    calendar_month,
    date_unit,
    instant,
    period,
    period_between,
    shortest_first,
    unit_weight,
)

units = st.sampled_from([YEAR, MONTH, WEEK, DAY, WEEKDAY])
dates = st.dates(datetime.date(1000, 1, 1), datetime.date(3000, 12, 31))
instants = dates.map(instant)
periods = st.builds(lambda unit, start, size: Period((unit, start, size)), units, instants, st.integers(1, 40)) | st.just(period("eternity"))
dated = periods.filter(lambda one: not one.is_eternal)


@st.composite
def aligned(draw):
    """Periods that start where a unit of the calendar starts."""
    unit = draw(units)
    return Period((unit, draw(instants).first_of(unit), draw(st.integers(1, 15))))


def days_of(one):
    return set(range(one.start.ordinal, one.stop.ordinal + 1))


# Units


def test_units_are_texts():
    assert MONTH == "month"
    assert {MONTH: 1}["month"] == 1
    assert f"{YEAR}" == "year"
    assert DateUnit.isoformat == (DAY, MONTH, YEAR)
    assert DateUnit.isocalendar == (WEEKDAY, WEEK, YEAR)
    assert [unit_weight(unit) for unit in ("weekday", "day", "week", "month", "year", "eternity")] == [100, 100, 200, 200, 300, 400]


def test_an_unknown_unit_is_named_with_its_nearest():
    with pytest.raises(PeriodError, match=r"`mont` is not a unit of time.*Did you mean `month`"):
        date_unit("mont")


# Construction


def test_a_period_is_a_tuple_of_unit_start_and_size():
    one = Period(("month", Instant((2018, 1, 1)), 3))
    assert one == ("month", (2018, 1, 1), 3)
    assert (one.unit, one.start, one.size) == (MONTH, Instant((2018, 1, 1)), 3)
    assert one.unit is MONTH
    assert {one: "found"}[Period((DateUnit.MONTH, (2018, 1, 1), np.int64(3)))] == "found"
    assert Period(one) is one


@pytest.mark.parametrize(
    "fields",
    [
        ("moon", (2018, 1, 1), 1),
        (["month"], (2018, 1, 1), 1),
        ("month", (2018, 1, 1), 0),
        ("month", (2018, 1, 1), -1),
        ("month", (2018, 1, 1), 1.5),
        ("month", (2018, 1, 1), True),
        ("month", (2018, 2, 30), 1),
        ("month", (-1, -1, -1), 1),
        ("month", (2018, 1), 1),
        ("month", (2018, 1, 1)),
    ],
)
def test_what_is_no_period_is_refused(fields):
    with pytest.raises(PeriodError):
        Period(fields)


def test_periods_and_instants_are_immutable():
    with pytest.raises(AttributeError):
        period("2018").size = 2
    with pytest.raises(AttributeError):
        instant("2018").year = 2
    with pytest.raises(AttributeError):
        period("2018").note = "x"


@given(periods)
def test_periods_survive_copies_and_pickles(one):
    for again in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301 - our own bytes
        assert again == one
        assert type(again) is Period
        assert type(again.start) is Instant
    assert eval(repr(one), {"Period": Period, "Instant": Instant}) == one  # noqa: S307 - our own text


def test_eternity_is_one():
    assert Period(("eternity", Instant.eternity(), -1)) == Period(("eternity", Instant((2018, 1, 1)), 1)) == period("ETERNITY")
    assert period("eternity").stop == Instant.eternity()
    assert str(Instant.eternity()) == "ETERNITY"


# Order


def test_order_is_by_time():
    assert period("2018") < period("2019-01")
    assert not period("2019-01") < period("2018")
    assert period("2018-01") < period("2018")
    assert period("month:2018-01:3") < period("month:2018-01:12")
    assert sorted([period("2018"), period("2018-02"), period("2018-01"), period("2018-01-01"), period("eternity")]) == [
        period("eternity"),
        period("2018-01-01"),
        period("2018-01"),
        period("2018"),
        period("2018-02"),
    ]


def test_order_is_with_periods_only():
    with pytest.raises(TypeError):
        assert period("2018") < 2018
    with pytest.raises(TypeError):
        assert period("2018") >= "2018"


@given(periods, periods, periods)
def test_order_is_total(one, two, three):
    assert (one < two) + (one == two) + (one > two) == 1
    assert (one <= two) == (not two < one)
    assert (one >= two) == (two <= one)
    if one <= two <= three:
        assert one <= three


@given(dated, dated)
def test_order_follows_the_days(one, two):
    assert one.start >= two.start or one < two
    assert one.start != two.start or one.stop >= two.stop or one < two


@given(st.lists(periods))
def test_shortest_first_puts_eternity_last(several):
    lengths = [float("inf") if one.is_eternal else one.days for one in sorted(several, key=shortest_first)]
    assert lengths == sorted(lengths)


# Bounds and lengths


@pytest.mark.parametrize(
    "text, stop",
    [
        ("2018", "2018-12-31"),
        ("2020-02", "2020-02-29"),
        ("year:2018-03", "2019-02-28"),
        ("year:2019-03:2", "2021-02-28"),
        ("month:2018-01-31", "2018-02-27"),
        ("month:2018-03-15", "2018-04-14"),
        ("month:2018-11:3", "2019-01-31"),
        ("2018-W05", "2018-02-04"),
        ("week:2018-W05:3", "2018-02-18"),
        ("day:2018-12-31:2", "2019-01-01"),
        ("2018-W05-3", "2018-01-31"),
        ("9999", "9999-12-31"),
        ("9999-12", "9999-12-31"),
    ],
)
def test_the_last_day(text, stop):
    assert period(text).stop == instant(stop)


@given(dated)
def test_days_are_those_from_start_to_stop(one):
    assert one.days == one.size_in_days == one.size_in_weekdays == len(days_of(one))


def test_sizes():
    assert period("2018").size_in_years == 1
    assert period("year:2018:3").size_in_months == 36
    assert period("2019").size_in_weeks == 52
    assert period("2020").size_in_weeks == 53
    assert period("2020").size_in_days == 366
    assert period("2018-02").size_in_days == 28
    assert period("week:2018-W05:3").size_in_weekdays == 21
    assert period("week:2018-W05:3").size_in(WEEK) == 3
    assert period("2018-03-01").size_in("weekday") == 1


@pytest.mark.parametrize("text, unit", [("2018-01", "year"), ("2018-W05", "month"), ("2018-01-01", "week"), ("eternity", "day"), ("2018-W05", "year")])
def test_a_period_does_not_divide_into_coarser_units(text, unit):
    with pytest.raises(PeriodError, match="does not divide into"):
        period(text).size_in(unit)
    with pytest.raises(PeriodError, match="does not divide into"):
        period(text).get_subperiods(unit)


def test_the_properties_of_sizes_refuse_too():
    with pytest.raises(PeriodError):
        _ = period("2018-01").size_in_years
    with pytest.raises(ValueError, match="ETERNITY"):
        _ = period("eternity").size_in_months


def test_date_is_for_periods_of_size_one():
    assert period("2018-03").date == datetime.date(2018, 3, 1)
    with pytest.raises(PeriodError, match="one unit"):
        _ = period("month:2018-03:2").date
    with pytest.raises(PeriodError, match="Eternity"):
        _ = period("eternity").date
    with pytest.raises(PeriodError, match="Eternity"):
        _ = period("eternity").days
    with pytest.raises(PeriodError, match="Eternity"):
        _ = period("eternity").this_year
    with pytest.raises(PeriodError, match="Eternity"):
        _ = period("eternity").last_3_months


# Offsets


def test_offsets_clamp_to_the_end_of_the_month():
    assert instant("2018-01-31").offset(1, MONTH) == instant("2018-02-28")
    assert instant("2020-02-29").offset(1, YEAR) == instant("2021-02-28")
    assert period("2018-01-31").offset(1, MONTH) == period("2018-02-28")


def test_offsets_move_by_any_unit_and_keep_unit_and_size():
    one = period("month:2018-03:2")
    assert one.offset(1) == period("month:2018-04:2")
    assert one.offset(-1, YEAR) == period("month:2017-03:2")
    assert one.offset(1, DAY) == period("month:2018-03-02:2")
    assert one.offset(1, WEEK) == period("month:2018-03-08:2")
    assert one.offset(1, WEEKDAY) == one.offset(1, DAY)
    assert one.offset(np.int64(1)) == one.offset(1)
    assert one.offset("first-of", YEAR) == period("month:2018-01:2")
    assert period("2018-02-10").offset("last-of", MONTH) == period("2018-02-28")
    assert period("2018-02-10").offset("last-of", YEAR) == period("2018-12-31")
    assert period("2018-02-10").offset("first-of", WEEK) == period("2018-02-05")
    assert period("2018-02-10").offset("last-of", WEEK) == period("2018-02-11")
    assert period("2018-02-10").offset("first-of") == period("2018-02-10") == period("2018-02-10").offset("last-of", WEEKDAY)


@pytest.mark.parametrize(
    "text, offset, unit",
    [
        ("9999", 1, None),
        ("0001", -1, None),
        ("9999-12-31", 1, None),
        ("0001-01-01", -1, "week"),
        ("2018", 1, "eternity"),
        ("2018", "first-of", "eternity"),
        ("2018", "last-of", "eternity"),
        ("2018", "second-of", None),
        ("2018", 1.5, None),
        ("2018", 1, "moon"),
        ("eternity", 1, None),
        ("eternity", "first-of", "month"),
    ],
)
def test_offsets_that_lead_nowhere_are_refused(text, offset, unit):
    with pytest.raises(PeriodError):
        period(text).offset(offset, unit)


@given(instants, st.sampled_from([WEEK, DAY, WEEKDAY]), st.integers(-500, 500))
def test_offsets_by_days_go_there_and_back(one, unit, count):
    assert one.offset(count, unit).offset(-count, unit) == one


@given(instants.filter(lambda one: one.day <= 28), st.sampled_from([YEAR, MONTH]), st.integers(-500, 500))
def test_offsets_by_months_go_there_and_back_where_none_clamps(one, unit, count):
    assert one.offset(count, unit).offset(-count, unit) == one


@given(dated, st.integers(-50, 50))
def test_an_offset_period_keeps_unit_and_size(one, count):
    moved = one.offset(count)
    assert (moved.unit, moved.size) == (one.unit, one.size)
    assert (moved > one) == (count > 0)


@given(instants, units)
def test_first_and_last_day_enclose_the_instant(one, unit):
    first, last = one.first_of(unit), one.last_of(unit)
    assert first <= one <= last
    assert last.offset(1, DAY).first_of(unit) == last.offset(1, DAY)
    assert first.first_of(unit) == first
    assert first.last_of(unit) == last


@given(instants)
def test_an_instant_is_a_day(one):
    assert one == instant(one.date)
    assert Instant.from_ordinal(one.ordinal) == one
    assert Instant(list(one)) == one
    assert str(one) == one.date.isoformat()
    assert eval(repr(one), {"Instant": Instant}) == one  # noqa: S307 - our own text


def test_instants_of_no_day_are_refused():
    for fields in [(2018, 2, 29), (2018, 13, 1), (2018, 0, 1), (0, 1, 1), (10000, 1, 1), (2018, 1, 0), (2018, 4, 31), (1900, 2, 29), (2018, 1, 1.5)]:
        with pytest.raises(PeriodError):
            Instant(fields)
    assert Instant((2000, 2, 29)).date == datetime.date(2000, 2, 29)
    with pytest.raises(PeriodError):
        Instant.from_ordinal(0)
    with pytest.raises(PeriodError):
        calendar_month(2018, 13)


# Shortcuts


@pytest.mark.parametrize(
    "name, expected",
    [
        ("this_year", "2018"),
        ("last_year", "2017"),
        ("n_2", "2016"),
        ("first_month", "2018-02"),
        ("last_month", "2018-01"),
        ("last_3_months", "month:2017-11:3"),
        ("first_day", "2018-02-14"),
        ("first_weekday", "2018-W07-3"),
        ("first_week", "2018-W07"),
        ("last_week", "2018-W06"),
        ("last_fortnight", "week:2018-W05:2"),
        ("last_2_weeks", "week:2018-W05:2"),
        ("last_26_weeks", "week:2017-W33:26"),
        ("last_52_weeks", "week:2017-W07:52"),
    ],
)
def test_shortcuts_start_from_the_first_day(name, expected):
    for text in ("2018-02-14", "month:2018-02-14:2", "year:2018-02-14"):
        assert getattr(period(text), name) == period(expected)


def test_calendar_periods_are_made_once():
    assert period("2018-03").this_year is period("2018") is period(2018)
    assert period("2018").first_month is period("2018-01")


# Sub-periods


def test_subperiods():
    assert period("2018").get_subperiods(MONTH) == [period(f"2018-{month:02d}") for month in range(1, 13)]
    assert period("year:2018-03").get_subperiods("month")[-1] == period("2019-02")
    assert period("year:2018:2").get_subperiods(YEAR) == [period(2018), period(2019)]
    assert len(period("2020-02").get_subperiods(DAY)) == 29
    assert period("2018-W05").get_subperiods(WEEKDAY)[2] == period("2018-W05-3")
    assert period("2018-W05").get_subperiods(DAY)[2] == period("2018-01-31")


def test_subperiods_are_those_of_the_calendar_even_from_the_midst():
    assert period("year:2018-03").get_subperiods(YEAR) == [period("2018")]
    assert period("month:2018-03-15:2").get_subperiods(MONTH) == [period("2018-03"), period("2018-04")]
    assert period("week:2018-W05-3").get_subperiods(WEEK) == [period("2018-W05")]


@pytest.mark.parametrize("year", range(1990, 2040))
def test_a_year_has_its_iso_weeks(year):
    weeks = period(year).get_subperiods(WEEK)
    assert [str(week) for week in weeks] == [f"{year}-W{number:02d}" for number in range(1, len(weeks) + 1)]
    assert len(weeks) == datetime.date(year, 12, 28).isocalendar().week == period(year).size_in_weeks
    assert [week for month in period(year).get_subperiods(MONTH) for week in month.get_subperiods(WEEK)] == weeks


@given(aligned(), units)
def test_subperiods_tile_their_period(one, unit):
    divisible = unit in {YEAR: (YEAR, MONTH, DAY, WEEKDAY), MONTH: (MONTH, DAY, WEEKDAY), WEEK: (WEEK, DAY, WEEKDAY)}.get(one.unit, (DAY, WEEKDAY))
    if not divisible:
        return
    parts = one.get_subperiods(unit)
    assert len(parts) == one.size_in(unit)
    assert all(part.unit == unit and part.size == 1 for part in parts)
    assert parts[0].start == one.start
    assert parts[-1].stop == one.stop
    assert all(later.start.ordinal == earlier.stop.ordinal + 1 for earlier, later in itertools.pairwise(parts))


# Contains and intersection


@given(dated, dated)
def test_contains_is_about_days(one, two):
    assert one.contains(two) == (days_of(two) <= days_of(one))


@given(periods, periods, periods)
def test_contains_is_an_order(one, two, three):
    assert one.contains(one)
    if one.contains(two) and two.contains(three):
        assert one.contains(three)


def test_only_eternity_contains_eternity():
    eternity = period("eternity")
    assert eternity.contains(period(2018))
    assert eternity.contains(eternity)
    assert not period("year:0001:9999").contains(eternity)


@given(dated, instants, instants)
def test_an_intersection_holds_the_common_days(one, start, stop):
    common = {day for day in days_of(one) if start.ordinal <= day <= stop.ordinal}
    found = one.intersection(start, stop)
    assert (set() if found is None else days_of(found)) == common
    if start <= stop and found is not None:
        assert one.contains(found)


@given(dated, instants)
def test_an_open_intersection_reaches_to_the_own_bound(one, bound):
    assert one.intersection(None, None) is one
    assert one.intersection(bound, None) == one.intersection(bound, one.stop)
    assert one.intersection(None, bound) == one.intersection(one.start, bound)


def test_intersections_come_in_years_or_months_where_they_can():
    ten_years = period("year:2010:10")
    assert ten_years.intersection(instant(2012), instant("2013-12-31")) == period("year:2012:2")
    assert ten_years.intersection(instant(2012), instant("2013-11-30")) == period("month:2012-01:23")
    assert ten_years.intersection(instant(2012), instant("2012-02-10")) == period("day:2012-01-01:41")
    assert ten_years.intersection(instant(2000), instant(2030)) is ten_years
    assert ten_years.intersection(instant(2025), None) is None
    assert period("eternity").intersection(instant(2018), instant("2018-12-31")) == period(2018)
    assert period("eternity").intersection(instant(2019), instant(2018)) is None
    with pytest.raises(PeriodError, match="both bounds"):
        period("eternity").intersection(instant(2018), None)
    with pytest.raises(PeriodError, match="stop before it starts"):
        period_between(instant(2019), instant(2018))


def test_date_unit_of_eternity():
    assert period("eternity").unit is ETERNITY
    assert period("eternity").is_eternal
