"""Deciles, medians and inequality found range by range are those of all rows at once; sums are the same in any order."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.effects import deciles
from analysis.inequality import INDICATORS, indicators
from analysis.replicates import Replicates, keys_of
from analysis.streaming import buckets as module
from analysis.streaming import exact
from analysis.streaming.buckets import Buckets, cuts_of, sample_of
from analysis.streaming.ordered import Drawing, decile_cuts, grid, inequality, medians

REPLICATES, SEED = 5, 3
VALUES = st.lists(st.one_of(st.integers(-3, 12).map(float), st.floats(0, 1e5).map(lambda value: round(value, 2))), min_size=3, max_size=200)


def filled(folder, name, values, weights, keys, more=(), **fields):
    sample = np.concatenate([sample_of(part) for part in np.array_split(values, 3)])
    found = Buckets(folder, name, [("key", "u8"), ("weight", "f8"), *more], cuts_of(sample, len(values)))
    for rows in np.array_split(np.arange(len(values)), 4):
        found.add({"value": values[rows], "key": keys[rows], "weight": weights[rows], **{field: of[rows] for field, of in fields.items()}})
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=VALUES, seed=st.integers(0, 1000), rows=st.sampled_from([3, 17, 1000]))
def test_in_order(values, seed, rows, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(module, "ROWS", rows)
    random = np.random.default_rng(seed)
    values = random.permutation(np.array(values))
    count = len(values)
    ids = np.array([f"m{row}" for row in range(count)], dtype=object)
    weights = np.round(random.uniform(0.5, 3, count), 2)
    replicates = Replicates.of(weights, count=REPLICATES, seed=SEED, ids=ids)
    unit = grid(float(weights.sum()))
    counted = np.rint(weights / unit)
    folder = tmp_path_factory.mktemp("rows")
    cell = random.integers(-1, 3, count)
    ordered = filled(folder, "values", values, counted, keys_of(ids, count), [("cell", "i4")], cell=cell)

    cuts = decile_cuts(ordered, float(counted.sum()))
    np.testing.assert_array_equal(np.searchsorted(cuts, values, side="right"), deciles(values, counted))

    people = replicates.draws @ counted
    found = inequality(ordered, Drawing(SEED, REPLICATES), people, unit)
    expected = indicators(replicates, values, np.ones(count))
    exact_weights = Replicates(counted, replicates.draws, np.ones(REPLICATES + 1))
    np.testing.assert_allclose(found, indicators(exact_weights, values, np.ones(count)), rtol=1e-9, atol=1e-9)
    known = np.isfinite(expected) & np.isfinite(found)
    gini = INDICATORS.index("gini")
    np.testing.assert_allclose(found[:, gini][known[:, gini]], expected[:, gini][known[:, gini]], atol=1e-6)

    totals = np.stack([(replicates.draws * counted * (cell == each)).sum(1) for each in range(3)], axis=1)
    of_cells = medians(ordered, Drawing(SEED, REPLICATES), "cell", totals)
    for each in range(3):
        inside = np.flatnonzero(cell == each)
        inside = inside[np.argsort(values[inside], kind="stable")]
        for replicate in range(REPLICATES + 1):
            cumulated = np.cumsum(replicates.draws[replicate, inside] * counted[inside])
            if len(inside) and cumulated[-1] > 0:
                assert of_cells[replicate, each] == values[inside][np.searchsorted(cumulated, cumulated[-1] / 2)]
            else:
                assert np.isnan(of_cells[replicate, each])
    ordered.remove()
    assert not list(folder.iterdir())


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=60), st.randoms())
def test_sums_do_not_depend_on_order_or_cuts(values, draw):
    shuffled = list(values)
    draw.shuffle(shuffled)
    cut = draw.randrange(len(values) + 1)
    sums = exact.Sums.nothing(1, 1)
    for rows in (shuffled[:cut], shuffled[cut:]):
        if rows:
            sums.add(exact.one(rows))
    assert (sums.levels == exact.one(values)).all()
    assert sums.values[0, 0] == pytest.approx(float(np.sum(values)), rel=1e-12, abs=1e-3)


def test_amounts_that_are_no_numbers_are_told():
    from engine.errors import CalculationError

    with pytest.raises(CalculationError, match="no number, or too large"):
        exact.one([1.0, np.nan])
