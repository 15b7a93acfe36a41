"""Files of a population: written, read fast and by the readers of users' tables, aged, described and checked."""

import json
import time

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

import bareme
from bareme.cli import main
from engine.errors import DataError, TableError
from engine.periods import period
from legislation import france
from population.france.files import embedded, load, write
from population.france.schema import check, columns_of_files, read_population, schemas
from population.partitions.parts import Part
from population.partitions.reading import read_part
from population.results import calculate
from population.tables import read_tables


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    place = tmp_path_factory.mktemp("population")
    write(made.tables, place, {"year": 2022})
    return place


def test_the_loader_and_the_readers_of_tables_agree(folder):
    fast = load(folder, before=0)
    slow = read_tables({path.stem: path for path in folder.glob("*.parquet")}, france(), 2022)
    assert fast.counts == slow.counts
    assert fast.inputs.keys() == slow.inputs.keys()
    for key, values in fast.inputs.items():
        assert np.array_equal(np.asarray(values), np.asarray(slow.inputs[key])), key
    for key, (rows, roles) in fast.links.items():
        np.testing.assert_array_equal(rows, slow.links[key][0])
        if roles is not None:
            np.testing.assert_array_equal(roles, slow.links[key][1])


def test_another_year_has_other_amounts_and_the_same_persons(folder):
    now, later = load(folder, before=0), load(folder, 2023, before=0)
    at, then = period(2022), period(2023)
    np.testing.assert_array_equal(later.inputs["annee_naissance", then], now.inputs["annee_naissance", at] + 1)
    grown = later.inputs["salaire_brut", period("2023-05")].sum() / now.inputs["salaire_brut", period("2022-05")].sum()
    assert 1.02 < grown < 1.08
    assert later.weights["menage"].sum() > now.weights["menage"].sum()


def test_incomes_of_years_before_are_given_too(folder):
    assert {when for name, when in load(folder, before=2).inputs if name == "dividendes"} == {period(2020), period(2021), period(2022)}


def test_years_out_of_reach_are_refused(folder):
    with pytest.raises(DataError, match="cannot be taken to 1990: expected a year from 2015"):
        load(folder, 1990)


def test_the_communes_figures_are_those_of_the_year(folder):
    columns = load(folder, 2018, with_communes=True)
    rates = columns.inputs["taux_commune", period(2018)]
    assert len(rates) == columns.counts["commune"]
    assert (rates > 0).mean() > 0.95


def test_the_shipped_population_is_whole_and_loads_at_once():
    france()
    start = time.perf_counter()
    columns = embedded()
    assert time.perf_counter() - start < 3  # half a second on a quiet machine
    assert columns.counts["menage"] == 100_000
    assert columns.weights["foyer_fiscal"].sum() == pytest.approx(40_748_793, rel=0.001)


def test_a_schema_describes_every_column(folder):
    described = schemas(france(), columns_of_files(folder))
    assert [resource["name"] for resource in described["resources"]] == ["individu", "foyer_fiscal", "famille", "menage", "cote", "local", "commune"]
    persons = described["resources"][0]["schema"]
    fields = {one["name"]: one for one in persons["fields"]}
    assert fields["annee_naissance"]["constraints"] == {"required": True, "minimum": 1900}
    assert fields["sexe"]["constraints"]["enum"] == ["homme", "femme"]
    assert {"fields": ["menage_id"], "reference": {"resource": "menage", "fields": ["menage_id"]}} in persons["foreignKeys"]


def test_a_good_folder_passes(folder):
    assert check(folder, france()).counts["menage"] == 4_000


def changed(folder, tmp_path, entity, change):
    for path in folder.glob("*.parquet"):
        table = parquet.read_table(path)
        parquet.write_table(change(table) if path.stem == entity else table, tmp_path / path.name)
    return tmp_path


def with_column(name, make):
    def change(table):
        return table.set_column(table.column_names.index(name), name, make(table[name]))

    return change


@pytest.mark.parametrize(
    "entity, change, message",
    [
        ("menage", lambda table: table.drop_columns(["weight"]), "menage.parquet: expected a column `weight`"),
        ("individu", lambda table: table.drop_columns(["annee_naissance"]), "individu.parquet: expected a column `annee_naissance`"),
        (
            "foyer_fiscal",
            lambda table: table.rename_columns({"dividendes": "dividende"}),
            "column `dividende`: is no variable of `foyer_fiscal`. Did you mean `dividendes`",
        ),
        (
            "foyer_fiscal",
            with_column("interets", lambda column: pa.array([-5, *column.to_pylist()[1:]])),
            "foyer_fiscal.parquet, row 1, column `interets`: -5: expected 0 or more",
        ),
        ("individu", with_column("sexe", lambda column: pa.array(["femelle", *column.to_pylist()[1:]])), "individu.parquet, row 1, column `sexe`"),
        (
            "menage",
            with_column("local_id", lambda column: pa.array([999_999, *column.to_pylist()[1:]])),
            "row 1, column `local_id`: there is no local `999999`",
        ),
    ],
)
def test_a_bad_file_is_told_by_column_and_row(folder, tmp_path, entity, change, message):
    with pytest.raises(TableError) as error:
        check(changed(folder, tmp_path, entity, change), france())
    assert message in str(error.value)


def test_a_folder_without_files_is_refused(tmp_path):
    result = CliRunner().invoke(main, ["population", "validate", "--population", str(tmp_path)])
    assert result.exit_code == 2
    assert "individu.parquet: there is no such file" in result.output


def test_the_command_prints_schemas():
    result = CliRunner().invoke(main, ["population", "schema"])
    assert result.exit_code == 0, result.output
    assert len(json.loads(result.output)["resources"]) == 7


def test_the_command_makes_a_population(tmp_path):
    result = CliRunner().invoke(main, ["population", "make", "--households", "2500", "--seed", "3", "--output", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "new" / "datapackage.json").read_text(encoding="utf-8"))["resources"][0]["name"] == "individu"
    assert check(tmp_path / "new", france()).counts["menage"] == 2_500


@pytest.mark.parametrize("year", [2018, 2022])
def test_the_law_refuses_hardly_any_bill(year):
    """The open files give abatements that the administration's controls would refuse, in communes of a quarter of the country."""
    columns = embedded(year, with_communes=True)
    (bills,) = calculate(columns, france(), ["net_a_payer"], period(year))
    assert (bills.refusals[0].values != 0).mean() < 0.001


def test_no_amounts_are_given_for_years_without_figures():
    columns = embedded(2018)
    assert {when.start.year for name, when in columns.inputs if name == "salaire_brut"} == {2017, 2018}


def test_a_population_that_bareme_made_is_taken_to_the_year_by_every_reader(folder, tmp_path):
    law = france()
    files = {path.stem: path for path in folder.glob("*.parquet")}
    for found in (read_population(files, law, 2019), bareme.study(folder, 2019).columns, read_part(Part("part", tuple(files.items())), law, 2019)):
        assert {when.start.year for name, when in found.inputs if name == "dividendes"} == {2017, 2018, 2019}
        assert ("taux_commune", period(2019)) in found.inputs
    bills = bareme.study(folder, 2019, replicates=2).base
    assert bills.refused.get("net_a_payer", 0) < 0.01 * len(bills.amounts["taxe_habitation"])
    assert bills.amounts["taxe_habitation"].sum() > 0
    for entity, path in files.items():  # tables of a user are taken as they are
        parquet.write_table(parquet.read_table(path).replace_schema_metadata(None), tmp_path / f"{entity}.parquet")
    own = read_population({path.stem: path for path in tmp_path.glob("*.parquet")}, law, 2019)
    assert {when.start.year for name, when in own.inputs if name == "dividendes"} == {2019}
    assert ("taux_commune", period(2019)) not in own.inputs
