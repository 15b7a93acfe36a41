"""Inputs for longer periods: shared or copied among a variable's own periods, beside what is known of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.entities import build_entity
from engine.errors import InputConflictError, PeriodMismatchError, VariableValueError
from engine.periods import DAY, ETERNITY, MONTH, WEEK, YEAR, period
from engine.variables import Enum, Variable, define, set_input_dispatch_by_period, set_input_divide_by_period

Individu = build_entity("individu", "individus", "", is_person=True)
MONTHS = [period(f"2018-{month:02d}") for month in range(1, 13)]

amounts = st.integers(-(10**9), 10**9)


class Statut(Enum):
    proprietaire = "Propriétaire"
    locataire = "Locataire"


def rule(value_type=float, definition_period=MONTH, **attributes):
    return define(type("salaire", (Variable,), {"value_type": value_type, "entity": Individu, "definition_period": definition_period, **attributes}))


def test_a_year_is_shared_among_its_months():
    found = set_input_divide_by_period(rule(), period("2018"), np.array([12000, 6]), {})
    assert list(found) == MONTHS
    assert all(column.tolist() == [1000.0, 0.5] for column in found.values())
    assert all(column.dtype == np.float64 for column in found.values())


def test_what_is_known_is_taken_off_first():
    known = {period("2018-01"): np.array([2000.0]), period("2018-02"): np.array([3000.0]), period("2019-01"): np.array([9.0])}
    found = set_input_divide_by_period(rule(), period("2018"), np.array([12000]), known)
    assert list(found) == MONTHS[2:]
    assert all(column.tolist() == [700.0] for column in found.values())


def test_nothing_is_left_where_all_is_known():
    known = set_input_divide_by_period(rule(), period("2018"), np.array([0.1, 1000.0]), {})
    assert set_input_divide_by_period(rule(), period("2018"), np.array([0.1, 1000.0]), known) == {}


def test_contradictory_inputs_are_told():
    known = set_input_divide_by_period(rule(), period("2018"), np.array([1200.0, 1200.0]), {})
    with pytest.raises(InputConflictError, match=r"`salaire` is given 1300\.0 for `2018` in row 1, but the values given for its months sum to 1200\.0"):
        set_input_divide_by_period(rule(), period("2018"), np.array([1200.0, 1300.0]), known)


@given(st.lists(amounts, min_size=1, max_size=4), st.sets(st.integers(0, 11), max_size=11), st.data())
def test_whole_parts_sum_to_the_whole(amount, known_months, data):
    known = {MONTHS[month]: np.array(data.draw(st.lists(amounts, min_size=len(amount), max_size=len(amount)))) for month in known_months}
    found = set_input_divide_by_period(rule(int), period("2018"), np.array(amount), known)
    assert all(column.dtype == np.int64 for column in found.values())
    assert found.keys() == set(MONTHS) - known.keys()
    assert sum([*known.values(), *found.values()]).tolist() == amount
    spread = np.array(list(found.values()))
    assert (spread.max(axis=0) - spread.min(axis=0) <= 1).all()


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=4), st.sets(st.integers(0, 11), max_size=11))
def test_parts_sum_to_the_amount(amount, known_months):
    known = {MONTHS[month]: np.full(len(amount), float(month)) for month in known_months}
    found = set_input_divide_by_period(rule(), period("2018"), np.array(amount), known)
    assert sum([*known.values(), *found.values()]) == pytest.approx(np.array(amount), abs=1e-6)
    again = set_input_divide_by_period(rule(), period("2018"), np.array(amount), known | found)
    assert again == {}


@pytest.mark.parametrize(
    "own, text, count",
    [
        (MONTH, "2018", 12),
        (MONTH, "year:2018-03:2", 24),
        (MONTH, "2018-05", 1),
        (DAY, "2018-02", 28),
        (DAY, "2020", 366),
        (YEAR, "year:2018:3", 3),
        (WEEK, "2020", 53),
    ],
)
def test_any_longer_period_is_divided(own, text, count):
    found = set_input_divide_by_period(rule(definition_period=own), period(text), np.array([1.0]), {})
    assert len(found) == count
    assert {part.unit for part in found} == {own}
    copied = set_input_dispatch_by_period(rule(definition_period=own), period(text), np.array([1.0]), {})
    assert copied.keys() == found.keys()


@pytest.mark.parametrize("set_input", [set_input_divide_by_period, set_input_dispatch_by_period])
@pytest.mark.parametrize("own, text", [(ETERNITY, "2018"), (MONTH, "eternity"), (YEAR, "2018-01"), (MONTH, "2018-01-01"), (MONTH, "2018-W01")])
def test_periods_that_do_not_divide_are_refused(set_input, own, text):
    with pytest.raises(PeriodMismatchError, match="`salaire` is defined by"):
        set_input(rule(definition_period=own), period(text), np.array([1.0]), {})


def test_only_numbers_are_divided():
    status = rule(Enum, possible_values=Statut, default_value=Statut.locataire)
    for variable in (status, rule(bool), rule(str)):
        with pytest.raises(VariableValueError, match="`salaire` is no number"):
            set_input_divide_by_period(variable, period("2018"), np.array([0]), {})


def test_values_are_copied_to_each_period():
    status = rule(Enum, possible_values=Statut, default_value=Statut.locataire)
    found = set_input_dispatch_by_period(status, period("2018"), np.array(["locataire", "proprietaire"]), {})
    assert list(found) == MONTHS
    assert all((column == Statut.locataire).tolist() == [True, False] for column in found.values())


def test_known_values_stay_and_do_not_spread():
    known = {period("2018-01"): np.array([7.0]), period("2018-03"): np.array([9.0])}
    found = set_input_dispatch_by_period(rule(), period("2018"), np.array([500]), known)
    assert list(found) == [MONTHS[1], *MONTHS[3:]]
    assert all(column.tolist() == [500.0] for column in found.values())
    assert known.keys() == {period("2018-01"), period("2018-03")}
