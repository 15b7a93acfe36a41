"""`bareme cliffs`: the rules that make results jump within the next euros, as text and JSON."""

import json

import pytest
from click.testing import CliRunner

from bareme.cli import main
from invented_population import invented

ASKED = ["cliffs", "--sample", "0", "--reach", "2000", "--smallest", "20"]


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory):
    import pyarrow.parquet

    folder = tmp_path_factory.mktemp("population")
    for name, table in invented(300).items():
        names = ["salaire_brut" if column == "salaires" else column for column in table.column_names]
        pyarrow.parquet.write_table(table.rename_columns(names), folder / f"{name}.parquet")
    return str(folder)


def test_as_json(folder):
    result = CliRunner().invoke(main, [*ASKED, "--population", folder, "--format", "json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["schema"] == "bareme/cliffs/1"
    assert (found["input"], found["output"], found["sample"]) == ("salaire_brut", "revenu_disponible", None)
    assert found["cliffs"]
    assert {"rule", "references", "households", "mean_jump", "total", "observed", "every"} <= set(found["cliffs"][0])
    assert [each["total"] for each in found["cliffs"]] == sorted(each["total"] for each in found["cliffs"])


def test_as_text(folder):
    result = CliRunner().invoke(main, [*ASKED, "--population", folder])
    assert result.exit_code == 0, result.output
    assert "tous les ménages de la population (300)" in " ".join(result.output.split())
    assert "Saut moyen" in result.output


def test_it_says_what_was_drawn(folder):
    everybody = ["cliffs", "--reach", "500", "--population", folder]  # 4,000, if not said
    assert json.loads(CliRunner().invoke(main, [*everybody, "--format", "json"]).stdout)["sample"] is None
    assert "tirés au sort" not in CliRunner().invoke(main, everybody).output
    some = CliRunner().invoke(main, [*everybody, "--sample", "30", "--seed", "4"])
    assert "30 ménages tirés au sort parmi 300 (graine 4)" in " ".join(some.output.split())


def test_what_is_no_result_of_households(folder):
    result = CliRunner().invoke(main, [*ASKED, "--population", folder, "--output", "salaire_brut"])
    assert result.exit_code == 2
    assert "expected a result of households" in result.output
