"""The income tax against the official program's results, and what is said of files that do not fit."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from engine.errors import TableError
from legislation import france
from legislation.impot_revenu.colonnes import JUGEES, RESULTATS
from legislation.impot_revenu.conformite import check
from population.households import engine_calculator

HOUSEHOLDS = Path(__file__).parents[2] / "data" / "impot_revenu" / "households_2022.csv.gz"
KNOWN = ["case_id", "set", "in_0AC", "in_0DA", "in_1AJ", "out_NBPT", "out_RNI"]


@pytest.fixture(scope="module")
def calculate():
    return engine_calculator(france())


@pytest.fixture
def write(tmp_path):
    def write(header, *rows):
        path = tmp_path / "foyers.csv.gz"
        with gzip.open(path, "wt", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
        return path

    return write


def official(column, name):
    with gzip.open(HOUSEHOLDS, "rt") as stream:
        return [row[column] for row in csv.DictReader(stream) if row["set"] == name]


@pytest.mark.parametrize("name", ["core", "wide"])
def test_every_household_is_equal_in_every_column(calculate, name):
    report = check(HOUSEHOLDS, calculate, subset=name)
    assert report.text().splitlines()[-1] == "2000 of 2000 rows equal", report.text()
    assert dict(report.columns) == dict.fromkeys(RESULTATS, 2000)
    assert report.absent == ()


@pytest.mark.parametrize("column", JUGEES)
def test_every_judged_column_has_values_to_compare(column):
    assert len(set(official(f"out_{column}", "wide"))) > 2


def test_the_file_is_read_whole_without_a_set(calculate):
    assert check(HOUSEHOLDS, calculate).equal == 4000


def test_a_row_that_differs_is_named(calculate, write):
    report = check(write(KNOWN, ["a_1", "x", 1, 1980, 30000, 1, 27000], ["a_2", "x", 1, 1980, 30000, 1, 26999]), calculate)
    assert (report.columns["RNI"], report.columns["NBPT"]) == (1, 2)
    assert [str(found) for found in report.first] == ["id a_2, RNI: expected 26999, got 27000"]


def test_judged_columns_that_a_file_lacks_are_named(calculate, write):
    report = check(write(KNOWN, ["a_1", "x", 1, 1980, 30000, 1, 27000]), calculate)
    assert "IRNET" in report.absent
    assert "  IRNET: the file has no column `out_IRNET`" in report.text()
    assert report.text().splitlines()[-1] == "1 of 1 rows equal"


def test_the_region_decides_the_relief(calculate, write):
    header = ["case_id", "set", "in_REGCO", "in_0AC", "in_0DA", "in_1AJ", "out_IDOM11", "out_ID11"]
    rows = [["a", "x", 1, 1, 1980, 30000, 1785, 1785], ["b", "x", 5, 1, 1980, 30000, 1249, 1785], ["c", "x", 6, 1, 1980, 30000, 1071, 1785]]
    assert dict(check(write(header, *rows), calculate).columns) == {"IDOM11": 3, "ID11": 3}


@pytest.mark.parametrize(
    "header, row, words",
    [
        (["case_id", "set", "in_1AI", "out_NBPT"], ["a", "x", 1, 1], "`in_1AI` is no box of the declaration. Did you mean `1AZ`"),
        (["case_id", "set", "in_1AJ", "out_NBPT"], ["a_b", "x", "dix", 1], "case a_b, column in_1AJ: `dix` is no number"),
        (["case_id", "set", "in_REGCO", "out_NBPT"], ["a", "x", 7, 1], "there is no region 7: expected one of 0, 1, 5, 6"),
        (["case_id", "sett", "in_1AJ", "out_NBPT"], ["a", "x", 1, 1], "column `set` is missing. Did you mean `sett`"),
        (["case_id", "set", "in_1AJ"], ["a", "x", 1], "no column of results"),
        (["case_id", "set", "in_1AJ", "out_NBPT"], ["a", "y", 1, 1], "there is no set `x`: expected one of y"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(calculate, write, header, row, words):
    with pytest.raises(TableError) as found:
        check(write(header, row), calculate, subset="x")
    assert words in str(found.value)


@pytest.mark.parametrize("year", range(2017, 2026))
def test_every_year_of_the_figures_computes(calculate, year):
    report = check(HOUSEHOLDS, calculate, subset="wide", year=year, shown=0)
    # veterans born in 1943 to 1948 are too young for their half share in the years before
    assert report.columns["NBPT"] == 2000 if year >= 2022 else 1990 <= report.columns["NBPT"] <= 2000
    assert (report.columns["ID11"] == 2000) == (year == 2022)


def test_blocks_and_threads_do_not_change_a_result():
    one = check(HOUSEHOLDS, engine_calculator(france(), threads=1), shown=0)
    assert np.array_equal(list(one.columns.values()), [4000] * len(RESULTATS))
