"""An impact as files: whole, equal to the tables, and readable by others."""

import csv
import hashlib
import json
import re
import time
import zipfile

import pyarrow as pa
import pytest
from pyarrow import parquet

import bareme
from analysis.publication import publish, rendered
from engine.errors import DataError

REFORM = {
    "title": "Taux à 9 % <et> 50 %",
    "description": "Deux taux.",
    "parameters": {"impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0.09}, "impot_revenu.bareme.brackets[3].rate": {"2022-01-01": 0.5}},
}


@pytest.fixture(scope="module", name="found")
def _found(study):
    return bareme.impact(REFORM, study, disclosure=True)


@pytest.fixture(scope="module", name="folder")
def _folder(found, tmp_path_factory):
    folder = tmp_path_factory.mktemp("publication") / "out"
    written = found.save(folder)
    assert sorted(written) == sorted(path for path in folder.rglob("*") if path.is_file())
    return folder


def test_the_data_package_says_what_is_in_it(found, folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["name"] == "impact-taux-a-9-et-50"
    assert package["licenses"][0]["name"] == "etalab-2.0"
    assert all(source["title"] for source in package["sources"])
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names) == 2 * len(found.tables)
    assert all(re.fullmatch(r"[-a-z0-9._/]+", name) for name in names)
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        if resource["format"] == "csv":
            assert resource["bytes"] == len(content)
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_csv_and_parquet_are_the_tables_and_fit_their_schema(found, folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        fields, path = resource["schema"]["fields"], folder / resource["path"]
        table = found.tables[path.stem].to_arrow()
        assert [field["name"] for field in fields] == table.column_names
        if path.suffix == ".parquet":
            assert parquet.read_table(path).equals(table)
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        kinds = {"integer": int, "number": float, "string": str}
        for field in fields:
            read = [kinds[field["type"]](row[field["name"]]) if row[field["name"]] or field["type"] == "string" else None for row in rows]
            assert read == [value if value is not None or field["type"] != "string" else "" for value in table[field["name"]].to_pylist()]
        keys = [tuple(row[key] for key in resource["schema"]["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)


def test_the_report_needs_nothing_from_outside(folder):
    text = (folder / "rapport.html").read_text(encoding="utf-8")
    assert "Taux à 9 % &lt;et&gt; 50 %" in text
    page, *scripts = text.split("<script>")
    assert len(scripts) == 2
    assert not re.search(r"<(?:script|link|img|iframe)\b", page)
    assert not re.search(r"(?:src|href)\s*=", page.replace("xmlns:xlink", ""))
    assert '"url"' not in scripts[1]
    assert "secret" in text
    assert text.rstrip().endswith("</html>")


def test_the_workbook_is_an_open_document(found, folder):
    with zipfile.ZipFile(folder / "impact.ods") as archive:
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        content = archive.read("content.xml").decode()
    from odfdo import Document

    sheets = Document(str(folder / "impact.ods")).body.tables
    assert sheets[0].name == "Présentation"
    assert len(sheets) == len(found.tables) + 1
    budget = next(sheet for sheet in sheets if sheet.name.startswith("Effet sur le budget"))
    assert float(budget.get_values()[1][4]) == pytest.approx(found["budget"].rows()[0]["avant"])
    assert "Deux taux." in content


def test_charts_are_pictures(folder):
    charts = {path.name for path in (folder / "graphiques").iterdir()}
    assert {"budget.svg", "budget.png", "effet_deciles_niveau_de_vie.svg", "effet_departements.png"} <= charts
    for path in (folder / "graphiques").iterdir():
        start = path.read_bytes()[:8]
        assert start == b"\x89PNG\r\n\x1a\n" if path.suffix == ".png" else start.startswith(b"<svg")


def test_nothing_refused_is_in_any_file(study, folder):
    open_tables = bareme.impact(REFORM, study)
    secret = {
        f"{known['effet_moyen_perdants']!r}"
        for name in ("departements", "types_de_famille", "deciles_niveau_de_vie")
        for known, row in zip(open_tables[name].rows(), pa.table(parquet.read_table(folder / "data" / f"{name}.parquet")).to_pylist(), strict=True)
        if row["secret"] and known["effet_moyen_perdants"] is not None
    }
    assert secret
    for path in folder.rglob("*.*"):
        if path.suffix in (".csv", ".html", ".svg", ".json"):
            text = path.read_text(encoding="utf-8")
            assert not [figure for figure in secret if figure in text], path


def test_a_folder_that_cannot_be_written(found, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        publish(found, tmp_path / "file")


def test_tables_in_a_notebook(found):
    shown = found["deciles_revenu_fiscal"]._repr_html_()
    assert shown.startswith("<h4>Décile de revenu fiscal")
    assert "D10" in shown


def test_every_file_has_the_same_bytes_whenever_it_is_written(found, folder, monkeypatch):
    after = time.time() + 100_000
    monkeypatch.setattr(time, "time", lambda: after)
    for name, content in rendered(found).items():
        assert content == (folder / name).read_bytes(), name
