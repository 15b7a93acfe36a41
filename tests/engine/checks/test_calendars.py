"""Sets of periods: they are what their members say one by one."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.checks.calendars import Calendar, bits_between, first, last, positions, runs, within
from engine.periods import DAY, ETERNITY, MONTH, WEEK, WEEKDAY, YEAR, Instant

MOST = 40
sets = st.integers(min_value=0, max_value=2**MOST - 1)
instants = st.builds(lambda year, month, day: Instant((year, month, day)), st.integers(1998, 2012), st.integers(1, 12), st.integers(1, 28))
maybe_instants = st.none() | instants


def members(chosen):
    return [position for position in range(MOST + 5) if chosen >> position & 1]


@given(sets)
def test_positions_first_and_last(chosen):
    assert list(positions(chosen)) == members(chosen)
    if chosen:
        assert (first(chosen), last(chosen)) == (members(chosen)[0], members(chosen)[-1])


@given(st.integers(0, MOST), st.integers(0, MOST))
def test_bits_between(low, high):
    assert members(bits_between(low, high)) == list(range(low, high))


@given(sets, sets)
def test_runs_hold_all_that_is_chosen_and_nothing_else(chosen, among):
    chosen &= among
    found = runs(chosen, among)
    inside = [position for position in members(among) if any(low <= position <= high for low, high in found)]
    assert inside == members(chosen)
    for (_, high), (low, _) in pairwise(found):
        assert any(high < position < low for position in members(among & ~chosen))


@given(st.sampled_from([YEAR, MONTH, WEEK, DAY, WEEKDAY]), maybe_instants, maybe_instants, maybe_instants)
def test_between_is_what_each_period_says(unit, start, before, end):
    calendar = Calendar.of(unit, 2000, 2010)
    expected = [
        position
        for position, period in enumerate(calendar.periods)
        if (start is None or period.start >= start) and (before is None or period.start < before) and (end is None or period.start <= end)
    ]
    assert list(positions(calendar.between(start, before, end))) == expected


@given(st.lists(instants, max_size=8), st.lists(st.tuples(instants, maybe_instants), max_size=4))
def test_within_is_what_each_date_says(days, spans):
    dates = sorted(str(day) for day in days)
    texts = [(str(start), None if before is None else str(before)) for start, before in spans]
    expected = [place for place, date in enumerate(dates) if any(start <= date and (before is None or date < before) for start, before in texts)]
    assert members(within(dates, texts)) == expected


def test_units_and_eternity():
    assert [str(period) for period in Calendar.of(YEAR, 2000, 2001).periods] == ["2000", "2001"]
    assert len(Calendar.of(MONTH, 2000, 2001).periods) == len(Calendar.of(DAY, 2000, 2001).periods) == 24
    assert Calendar.of(WEEK, 2000, 2000).periods[0].unit == WEEK
    eternal = Calendar.of(ETERNITY, 2000, 2001)
    assert eternal.between(Instant((2005, 1, 1)), None, None) == eternal.all == 1
