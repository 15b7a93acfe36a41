"""Columns of few values: their rows are those that were given, bit for bit, and sums over members those of plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.graph import distinct_run
from engine.graph.distinct import MOST_CODES, Encodings, Few
from engine.graph.relations import Link

FLOATS = st.sampled_from([0.0, -0.0, 1.0, 2.5, np.nan, np.inf, -3.0])
COLUMNS = st.one_of(
    arrays.arrays(np.float64, st.integers(0, 40), elements=FLOATS),
    arrays.arrays(np.int64, st.integers(0, 40), elements=st.integers(-3, 3)),
    arrays.arrays(np.int8, st.integers(0, 40), elements=st.integers(-3, 3)),
    arrays.arrays(np.bool_, st.integers(0, 40)),
)


def rows_of(column, count):
    return column.rows() if isinstance(column, Few) else np.broadcast_to(column, count) if len(column) == 1 else column


@given(COLUMNS)
def test_a_given_column_keeps_its_bits(values):
    found = rows_of(Encodings().of_leaf(values), len(values))
    assert found.dtype == values.dtype
    assert found.tobytes() == values.tobytes()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("distinct", [1, 2, 200, MOST_CODES, MOST_CODES + 1])
def test_columns_of_any_share_of_one_value(share, distinct):
    random = np.random.default_rng(1)
    values = np.where(random.random(20_000) < share, 0.0, random.integers(0, distinct, 20_000) * 0.5)
    values[:distinct] = np.arange(distinct) * 0.5
    column = Encodings().of_leaf(values)
    assert isinstance(column, Few) or distinct != 2
    assert rows_of(column, len(values)).tobytes() == values.tobytes()


@given(st.data(), st.sampled_from([1, 2**31]))
def test_sums_over_members_side_by_side_and_not(data, most):
    """Running sums give what adding up one by one gives; with `most` small, members are added up one by one."""
    groups = data.draw(st.integers(1, 6))
    index = np.array(data.draw(st.lists(st.integers(-1, groups - 1), max_size=20)), np.int64)
    index = np.sort(index) if data.draw(st.booleans()) else index
    codes = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(index), max_size=len(index))), np.uint8)
    values = data.draw(st.sampled_from([np.array([False, True, True]), np.array([-4, 0, 7])]))
    column = Few(Encodings().new(codes, 3), values)
    expected = np.zeros(groups, np.int64)
    for group, code in zip(index, codes, strict=True):
        expected[group] += int(values[code]) if group >= 0 else 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distinct_run, "MOST_RUNNING", most)
        assert np.array_equal(distinct_run._totals(Link("member", "group", index, groups), column), expected)
