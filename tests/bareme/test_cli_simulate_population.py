"""`bareme simulate --population`: the shipped France, or files of the same form, checked against their Table Schema."""

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from bareme.cli import main
from population.france.files import write
from population.france.make import make
from tables_law import small_law


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("france")
    write(make(3_000, 5).tables, place, {"year": 2022})
    return place


def simulate(*arguments):
    return CliRunner().invoke(main, ["simulate", *map(str, arguments)])


def test_the_shipped_population_is_the_default(tmp_path):
    output = tmp_path / "foyers.parquet"
    result = simulate("--population", "--period", 2022, "--variables", "nombre_parts", "--output", output)
    assert result.exit_code == 0, result.output
    assert "foyer_fiscal (weighted)" in result.output
    table = parquet.read_table(output)
    assert table.column_names[0] == "foyer_fiscal_id"
    assert table.num_rows > 100_000


def test_a_folder_is_taken_to_the_year_of_the_run(folder, tmp_path):
    output = tmp_path / "{entity}.parquet"
    for year in (2019, 2022):
        result = simulate("--population", folder, "--period", year, "--variables", f"salaires,net_a_payer,rsa@{year}-06", "--output", output)
        assert result.exit_code == 0, result.output
        assert parquet.read_table(tmp_path / "individu.parquet")["salaires"].to_numpy().sum() > 0
    assert {path.stem for path in tmp_path.iterdir()} == {"individu", "cote", "famille"}


def renamed(folder, place):
    """The same population with identifiers of another kind, and roles as plain texts."""
    for path in folder.glob("*.parquet"):
        table = parquet.read_table(path)
        for name in table.column_names:
            column = table[name]
            if name.endswith("_id"):
                column = pa.array([f"{name[0]}-{value * 7}" for value in column.to_pylist()])
            elif pa.types.is_dictionary(column.type):
                column = column.cast(pa.string())
            table = table.set_column(table.column_names.index(name), name, column)
        parquet.write_table(table.take(pa.array(range(table.num_rows - 1, -1, -1))), place / path.name)
    return place


def test_rows_may_have_any_names_and_any_order(folder, tmp_path):
    (tmp_path / "other").mkdir()
    other = renamed(folder, tmp_path / "other")
    for place, name in ((folder, "a"), (other, "b")):
        result = simulate("--population", place, "--period", 2022, "--variables", "niveau_de_vie,categorie_menage", "--output", tmp_path / f"{name}.parquet")
        assert result.exit_code == 0, result.output
    first, second = (parquet.read_table(tmp_path / f"{name}.parquet") for name in "ab")
    assert second["menage_id"][0].as_py() == f"m-{7 * (len(second) - 1)}"
    assert second["niveau_de_vie"].to_pylist()[::-1] == pytest.approx(first["niveau_de_vie"].to_pylist())
    assert second["categorie_menage"].to_pylist()[::-1] == first["categorie_menage"].to_pylist()


@pytest.mark.parametrize(
    "entity, column, cell, words",
    [
        ("foyer_fiscal", "interets", -5, "foyer_fiscal.parquet, row 3, column `interets`: -5: expected 0 or more"),
        ("individu", "salaire_brut@2022-03", -1, "individu.parquet, row 3, column `salaire_brut`: -1: expected 0 or more"),
        ("individu", "sexe", "femelle", "individu.parquet, row 3, column `sexe`"),
        ("individu", "menage_id", 999_999, "individu.parquet, row 3, column `menage_id`: there is no menage `999999`"),
        ("menage", "menage_id", 0, "menage.parquet, row 3, column `menage_id`: `0` names row 1 already"),
        ("menage", "weight", 0.0, "menage.parquet, row 3, column `weight`: 0: expected more than 0"),
        ("menage", "statut_occupation", "locataire", "menage.parquet, row 3, column `statut_occupation`"),
    ],
)
def test_what_does_not_fit_the_schema_is_named_and_nothing_is_written(folder, tmp_path, entity, column, cell, words):
    for path in folder.glob("*.parquet"):
        table = parquet.read_table(path)
        if path.stem == entity:
            cells = [*table[column].to_pylist()]
            cells[2] = cell
            table = table.set_column(table.column_names.index(column), column, pa.array(cells))
        parquet.write_table(table, tmp_path / path.name)
    output = tmp_path / "out.csv"
    result = simulate("--population", tmp_path, "--period", 2022, "--variables", "nombre_parts", "--output", output)
    assert result.exit_code == 2, result.output
    assert words in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert not output.exists()


def test_a_missing_file_or_column_is_named(folder, tmp_path):
    result = simulate("--population", tmp_path, "--period", 2022, "--variables", "nombre_parts", "--output", tmp_path / "o.csv")
    assert result.exit_code == 2
    assert "individu.parquet: there is no such file" in result.output
    for path in folder.glob("*.parquet"):
        table = parquet.read_table(path)
        parquet.write_table(table.drop_columns(["local_id"]) if path.stem == "local" else table, tmp_path / path.name)
    result = simulate("--population", tmp_path, "--period", 2022, "--variables", "nombre_parts", "--output", tmp_path / "o.csv")
    assert result.exit_code == 2
    assert "local.parquet: expected a column `local_id`" in result.output


def test_a_population_is_given_alone_and_only_to_the_french_law(run_law, tmp_path):
    arguments = ["--period", "2022", "--variables", "impot", "--output", str(tmp_path / "o.csv")]
    assert "Give either FILE" in simulate("cas.csv", *arguments, "--population").output
    result = run_law(small_law(), "simulate", "--population", *arguments)
    assert result.exit_code == 2
    assert "this law has no" in result.output


def test_years_out_of_reach_are_told(tmp_path):
    result = simulate("--population", "--period", 1990, "--variables", "nombre_parts", "--output", tmp_path / "o.csv")
    assert result.exit_code == 2
    assert "cannot be taken to 1990" in result.output
