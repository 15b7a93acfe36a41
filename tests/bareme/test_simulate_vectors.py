"""`bareme simulate` over the official vectors, written as a table of the law's own variables: the bills are the official ones."""

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from bareme.cli import main
from engine.graph.operations import TextArray
from legislation import france
from legislation.taxe_habitation.conformite import MODULES, read_columns
from legislation.taxe_habitation.vecteurs import RETURN_CODE, read_vectors

CODE = "code_retour_cote"
RESULTS = {CODE: RETURN_CODE, "taxe_habitation_nette": "s2.netth", "net_a_payer": "s2.netap"}


@pytest.fixture(scope="module")
def vectors(request):
    return read_vectors(request.config.rootpath / "tests" / "data" / "taxe_habitation" / "vectors_dev.csv.gz")


def column(rule, values):
    if isinstance(values, TextArray):
        return pa.array(values.decoded())
    return pa.array(rule.possible_values.names[np.asarray(values)] if rule.possible_values is not None else values)


@pytest.fixture(scope="module")
def table(vectors):
    law = france()
    inputs = {name: values for of_entity in read_columns(vectors, MODULES["kcac"]).values() for name, values in of_entity.items()}
    return pa.table(
        {"cote_id": [vectors.columns["id"].text(row) for row in range(vectors.rows)]} | {name: column(law.variable(name), of) for name, of in inputs.items()}
    )


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_bills_and_return_codes_are_the_official_ones(vectors, table, tmp_path, suffix):
    year = vectors.columns[MODULES["kcac"].colonne_annee]
    rows = [row for row in range(vectors.rows) if year.text(row) == "2017"]  # the others, all refused, are checked for their own year
    official = {name: [vectors.columns[column].text(row) for row in rows] for name, column in RESULTS.items()}
    path, output = tmp_path / f"cotes.{suffix}", tmp_path / "results.parquet"
    taken = table.take(rows)
    pyarrow.csv.write_csv(taken, path) if suffix == "csv" else pyarrow.parquet.write_table(taken, path)
    wanted = ",".join(name for name in RESULTS if name != CODE)
    result = CliRunner().invoke(main, ["simulate", str(path), "--period", "2017", "--variables", wanted, "--output", str(output)])
    assert result.exit_code == 0, result.output
    assert f"{sum(code != '0' for code in official[CODE])} rows refused by the law, by {CODE}:\n" in result.output
    found = pyarrow.parquet.read_table(output)
    assert {name: ["" if value is None else str(value) for value in found[name].to_pylist()] for name in RESULTS} == official
