"""`bareme conformance`: reference vectors against the engine, with an exit code."""

import gzip
from pathlib import Path

import pytest
from click.testing import CliRunner

from bareme.cli import main

VECTORS = Path(__file__).parents[1] / "data" / "taxe_habitation"


def run(*arguments):
    return CliRunner().invoke(main, ["conformance", "taxe_habitation", *map(str, arguments)])


@pytest.mark.parametrize(
    "name, options, last",
    [
        ("vectors_dev_ktvc", [], "2000 of 2000 rows equal"),
        ("vectors_dev_ksfc", ["--module", "ksfc", "--threads", "1"], "2000 of 2000 rows equal"),
        ("vectors_dev_iliad_EH", ["--variant", "iliad"], "229 of 229 rows equal"),
    ],
)
def test_equal_rows_end_with_success(name, options, last):
    result = run(VECTORS / f"{name}.csv.gz", *options)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == last


def test_the_wrong_variant_is_seen():
    result = run(VECTORS / "vectors_dev_iliad_EH.csv.gz", "--shown", 1)
    assert result.exit_code == 1
    assert result.output.splitlines()[-1].endswith("of 229 rows equal")
    assert result.output.count("  id ") == 1


def test_a_row_that_differs_is_named(tmp_path):
    with gzip.open(VECTORS / "vectors_dev_kcvc.csv.gz", "rt") as stream:
        lines = stream.read().splitlines()[:5]
    header, row = lines[0].split(","), lines[2].split(",")
    row[header.index("s7.totlv")] = "123456789"
    lines[2] = ",".join(row)
    path = tmp_path / "vectors.csv.gz"
    with gzip.open(path, "wt") as stream:
        stream.write("\n".join(lines) + "\n")
    result = run(path)
    assert result.exit_code == 1
    assert f"id {row[0]}, s7.totlv: expected 123456789, got" in result.output
    assert result.output.splitlines()[-1] == "3 of 4 rows equal"


def test_files_of_no_module_and_files_that_are_none_end_with_code_2(tmp_path):
    path = tmp_path / "autre.csv.gz"
    with gzip.open(path, "wt") as stream:
        stream.write("id,a,rc\n1,2,0\n")
    assert run(path).exit_code == 2
    result = run(tmp_path / "rien.csv.gz")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


HOUSEHOLDS = Path(__file__).parents[1] / "data" / "impot_revenu" / "households_2022.csv.gz"


def run_income_tax(*arguments):
    return CliRunner().invoke(main, ["conformance", "impot_revenu", *map(str, arguments)])


def test_the_income_tax_is_compared_column_by_column():
    result = run_income_tax(HOUSEHOLDS, "--set", "core")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert "  NBPT: 2000 of 2000" in lines
    assert lines[-1] == "2000 of 2000 rows equal"


def test_the_same_households_under_the_law_of_another_year_differ():
    result = run_income_tax(HOUSEHOLDS, "--set", "core", "--year", "2021", "--shown", 1)
    assert result.exit_code == 1
    assert "  NBPT: 1999 of 2000" in result.output.splitlines()  # a veteran of 74 was 73


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["impot_revenu", HOUSEHOLDS, "--module", "ktvc"], "`--module` and `--variant` are for taxe_habitation"),
        (["taxe_habitation", VECTORS / "vectors_dev_ktvc.csv.gz", "--set", "core"], "`--set` and `--year` are for impot_revenu"),
        (["taxe_habitation", VECTORS / "vectors_dev_ktvc.csv.gz", "--year", "2022"], "`--set` and `--year` are for impot_revenu"),
        (["impot_revenu", HOUSEHOLDS, "--set", "coeur"], "there is no set `coeur`"),
    ],
)
def test_options_that_do_not_fit_the_law_are_refused(arguments, words):
    result = CliRunner().invoke(main, ["conformance", *map(str, arguments)])
    assert result.exit_code == 2
    assert words in result.output
