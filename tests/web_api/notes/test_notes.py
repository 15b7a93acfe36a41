"""Notes over HTTP: text, figures, households, and the country once it is known."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from odfdo import Document

from web_api.app import create_app
from web_api.notes import composing
from web_api.service import own_service
from web_api.settings import Settings

ASKED = {"year": 2022, "bill": None, "changes": {"impot_revenu.decote.personne_seule": 900}}
RESULT = {
    "population": {"name": "France inventée"},
    "cautions": ["À lire d’abord."],
    "notes": [],
    "tables": [
        {
            "name": "budget",
            "rows": [
                {
                    "comparaison": "reforme",
                    "mesure": "impot_revenu",
                    "libelle": "Impôt sur le revenu",
                    "avant": 9e10,
                    "apres": 8.9e10,
                    "effet_budget": -1e9,
                    "effet_budget_erreur": 2e7,
                },
                {
                    "comparaison": "reforme",
                    "mesure": "total",
                    "libelle": "Total",
                    "avant": None,
                    "apres": None,
                    "effet_budget": -1e9,
                    "effet_budget_erreur": 2e7,
                },
            ],
        },
        {
            "name": "ensemble",
            "rows": [
                {
                    "comparaison": "reforme",
                    "groupe": "Ensemble",
                    "menages": 3e7,
                    "effet_moyen": 33.3,
                    "effet_moyen_erreur": 0.7,
                    "part_gagnants": 0.25,
                    "part_perdants": 0.0,
                }
            ],
        },
    ],
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notes")
    return create_app(own_service(Settings(database=f"sqlite:///{folder / 'w.sqlite'}", cache=False, requests_per_minute=0))).test_client()


def _csv(client, **asked):
    answer = client.post("/v1/notes", json={**ASKED, "format": "csv", **asked})
    assert answer.status_code == 200, answer.text
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    tables = {name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in archive.namelist() if name.endswith(".csv")}
    return archive.read("note.txt").decode(), tables


@pytest.mark.parametrize("form, start", [("pdf", b"%PDF-"), ("ods", b"PK"), ("csv", b"PK")])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_file_is_of_its_kind(client, form, start, language):
    answer = client.post("/v1/notes", json={**ASKED, "format": form, "language": language, "title": "Décote = 900"})
    assert answer.status_code == 200
    assert answer.data.startswith(start)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_note_says_the_text_the_figures_and_the_households(client):
    said, tables = _csv(client)
    assert "900" in said
    assert "n’a pas été calculé" in said
    assert tables["figures.csv"][1][1:] == ["impot_revenu.decote.personne_seule", "€", "833.0", "900.0"] or tables["figures.csv"][1][3:] == ["833.0", "900.0"]
    households = {name: rows for name, rows in tables.items() if name.startswith("household_")}
    assert len(households) >= 8
    with_decote = client.post("/v1/households", json={**ASKED, "households": [{"name": "seul", "adults": [{"wages": 2000}]}]}).get_json()["households"][0]
    _, own = _csv(client, households=[{"name": "seul", "adults": [{"wages": 2000}]}])
    rows = {row[0]: row[1:] for row in own["household_1.csv"]}
    assert [float(value) for value in rows["Revenu disponible"][:2]] == [with_decote["disposable_income"][law] for law in ("in_force", "amended")]
    assert float(rows["Revenu disponible"][2]) > 0


def test_the_country_stands_in_the_note_once_it_is_known(client, monkeypatch):
    monkeypatch.setattr(composing, "known_result", lambda asked: ("id", json.dumps(RESULT).encode()))
    said, tables = _csv(client)
    assert "À lire d’abord." in said
    assert tables["budget_reforme.csv"][1][1:] == ["90000000000.0", "89000000000.0", "-1000000000.0", "20000000.0"]
    assert tables["ensemble_reforme.csv"][1][1:] == ["30000000.0", "33.3", "0.7", "0.25", "0.0"]


def test_what_does_not_fit_the_law_is_told_by_path(client):
    answer = client.post("/v1/notes", json={**ASKED, "changes": {"impot_revenu.decot.personne_seule": 1}})
    assert answer.status_code in (400, 404)
    assert "decote" in answer.text
    answer = client.post("/v1/notes", json={**ASKED, "format": "doc"})
    assert [each["path"] for each in answer.get_json()["error"]["problems"]] == ["/format"]


@pytest.mark.parametrize("form", ["pdf", "ods", "csv"])
@pytest.mark.parametrize(
    "words", ["\x00", "a\x0bb\x1f", "\ufeffa\ufffe\U0001ffff", "Loyer/mois [a:b]*?\\\\", "'non'", "ligne\nautre", "👩‍👧 \ue000 مرحبا", "=1+1", ""]
)
def test_whatever_somebody_types_is_written(client, form, words):
    asked = {"title": words, "format": form, "households": [{"name": words * 2}, {"name": words * 2}]}
    assert client.post("/v1/notes", json=asked).status_code == 200


def test_households_of_the_same_name_have_sheets_of_their_own(client):
    long = "Un couple avec deux enfants et une maison"
    asked = [{"name": each} for each in (long, long, long + " neuve", "A/B", "a-b")]
    answer = client.post("/v1/notes", json={"format": "ods", "households": asked})
    names = [sheet.name for sheet in Document(io.BytesIO(answer.data)).body.tables]
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= 31
    assert names[1:] == ["Un couple avec deux enfants et", "Un couple avec deux enfant (2)", "Un couple avec deux enfant (3)", "A-B", "a-b (2)"]
