"""Results held against each other."""

import json

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, feather, parquet

from bareme.bundles.comparing import differences

WRITERS = {".parquet": parquet.write_table, ".csv": csv.write_csv, ".arrow": feather.write_feather}


@pytest.fixture
def compared(tmp_path):
    """Write two tables and compare them."""

    def compare(before, after, ending=".parquet"):
        files = [tmp_path / f"{name}{ending}" for name in ("before", "after")]
        for file, columns in zip(files, (before, after), strict=True):
            WRITERS[ending](pa.table(columns), file)
        return differences(*files)

    return compare


@pytest.mark.parametrize("ending", WRITERS)
def test_the_same_values_are_equal_in_any_format(compared, ending):
    columns = {"a": [1, None, 3], "b": [0.1, 0.2, None], "c": ["x", None, "z"], "d": [True, None, False]}
    assert compared(columns, columns, ending) == []
    assert compared(columns, {**columns, "b": [0.1, 0.25, None]}, ending) == [
        "column `b`: 1 of 3 rows differ, largest difference 0.05, first in row 2: 0.2 then, 0.25 now"
    ]


def test_bits_are_compared(compared):
    assert compared({"a": [np.nan, 1.0]}, {"a": [np.nan, 1.0]}) == []
    assert compared({"a": [0.1 + 0.2]}, {"a": [0.3]}) == [
        "column `a`: 1 of 1 rows differ, largest difference 5.55111512e-17, first in row 1: 0.30000000000000004 then, 0.3 now"
    ]
    assert "first in row 1: 0.0 then, -0.0 now" in compared({"a": [0.0]}, {"a": [-0.0]})[0]
    assert "1 of 1 rows differ" in compared({"a": [2**60]}, {"a": [2**60 + 1]})[0]


def test_what_is_empty_differs_from_what_is_not(compared):
    assert compared({"a": [1.0, None, 0.0]}, {"a": [1.0, 0.0, 0.0]}) == [
        "column `a`: 1 of 3 rows differ, largest difference 0, first in row 2: nothing then, 0.0 now"
    ]


def test_texts_and_dictionaries_are_compared_by_what_they_say(compared):
    words = pa.array(["a", "b", None]).dictionary_encode()
    others = pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int16()), pa.array(["b", "a"]))
    assert compared({"a": words}, {"a": others}) == []
    assert compared({"a": words}, {"a": ["a", "c", None]}) == ["column `a`: 1 of 3 rows differ, first in row 2: 'b' then, 'c' now"]


def test_columns_and_rows_that_come_and_go_are_told(compared):
    assert compared({"a": [1], "b": [1]}, {"a": [1], "c": [1]}) == ["column `b` is missing", "column `c` is new"]
    assert compared({"a": [1]}, {"a": [1, 2]}) == ["1 rows then, 2 now"]
    assert compared({"a": [1], "b": [1]}, {"b": [1], "a": [1]}) == ["columns stand in another order"]
    assert compared({"a": [1]}, {"a": [1.0]}) == ["column `a`: int64 then, double now"]
    assert compared({"a": [1]}, {"a": ["1"]}) == ["column `a`: int64 then, string now"]
    assert compared({"a": pa.array([], pa.float64())}, {"a": pa.array([], pa.float64())}) == []


def test_documents_are_compared_by_path(tmp_path):
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(json.dumps({"a": [1, 2.0, {"b": "x"}], "c": 1, "n": float("nan")}), encoding="utf-8")
    after.write_text(json.dumps({"n": float("nan"), "a": [1, 2.5, {"b": "y"}], "d": 1}), encoding="utf-8")
    assert differences(before, after) == [
        "`a/1`: 2.0 then, 2.5 now, difference 0.5",
        "`a/2/b`: 'x' then, 'y' now",
        "`c` is missing",
        "`d` is new",
    ]
    before.write_text(json.dumps(list(range(100))), encoding="utf-8")
    after.write_text(json.dumps(list(range(1, 101))), encoding="utf-8")
    assert differences(before, after)[-1] == "and 80 values more"


def test_what_cannot_be_read_is_told(tmp_path, compared):
    compared({"a": [1]}, {"a": [1]})
    (tmp_path / "before.parquet").write_bytes(b"nothing of the kind")
    (line,) = differences(tmp_path / "before.parquet", tmp_path / "after.parquet")
    assert line.startswith("cannot be read")
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("b")
    assert differences(tmp_path / "a.txt", tmp_path / "b.txt") == ["other bytes"]
