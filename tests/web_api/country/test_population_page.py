"""The page on the population: every line in both languages, figures as they are read, and what is kept equals what is measured."""

import json
from importlib.resources import files

import pytest

from population.france.lines import all_lines
from population.france.validation import validate
from web_api.app import create_app
from web_api.country.measuring import as_kept
from web_api.country.validation import compared, label, shown
from web_api.service import own_service
from web_api.settings import Settings

YEAR = 2022


@pytest.fixture(scope="module", name="client")
def _client():
    return create_app(own_service(Settings(requests_per_minute=0)), ("page", "country")).test_client()


@pytest.mark.parametrize("line", all_lines(), ids=lambda line: line.nom)
def test_every_line_has_words_in_english(line):
    assert label(line, "fr") == line.libelle
    assert label(line, "en")
    assert "€" not in label(line, "en") or "RFR" in label(line, "en")


def test_what_is_kept_is_what_is_measured():
    kept = json.loads((files("web_api.country") / "measured.json").read_text(encoding="utf-8"))
    assert kept.keys() == {line.nom for line in all_lines()}
    measured = json.loads(as_kept(validate(year=YEAR)))
    assert {name: kept[name] for name in measured} == pytest.approx(measured, rel=1e-5)


@pytest.mark.parametrize("language, sentence", [("fr", "126 sur 126 à moins de 1"), ("en", "126 of 126 within 1%")])
def test_the_page_tells_how_far_the_population_is(client, language, sentence):
    text = client.get(f"/population?lang={language}").get_data(as_text=True).replace("\u202f", " ")
    assert sentence in text
    assert text.count("<tr>") > len(all_lines())


def test_a_line_that_is_off_is_marked_with_a_word_too():
    rows = {row.label: row for table in shown(compared(""), "fr") for row in table.rows}
    assert rows["CSG sur le chômage"].is_far
    assert not rows["Foyers fiscaux"].is_far
