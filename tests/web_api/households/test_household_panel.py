"""The panel that the server renders, its words, its modules, and the search of communes."""

import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from web_api.households import panel
from web_api.households.places import search
from web_api.households.typical import typical_households
from web_api.words import words

FOLDER = Path(str(files("web_api.households")))
MODULES = sorted((FOLDER / "static").glob("*.js"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_panel_shows_every_default_household_with_its_results(french_app, language):
    with french_app.test_request_context("/"):
        html = panel(french_app.extensions["bareme"], 2022, language)
    for each in typical_households(language):
        assert each.name.replace("'", "&#39;") in html
    assert html.count('data-row="disposable"') == len(typical_households(language))
    assert html.count("<dialog") == 3
    assert not re.search(r"<script(?! type=\"application/json\")", html)
    assert " style=" not in html


def test_every_field_of_the_editor_has_a_label(french_app):
    with french_app.test_request_context("/"):
        html = panel(french_app.extensions["bareme"], 2022, "fr")
    without = re.sub(r"<label.*?</label>", "", html, flags=re.DOTALL)
    assert not re.findall(r"<(?:input|select)\b", without)


def test_every_word_that_a_module_asks_for_is_there():
    known = words("fr")
    for module in MODULES:
        for key in re.findall(r'(?<![\w.])t\(\s*"([a-z_.]+)"', module.read_text(encoding="utf-8")):
            assert key in known, f"{module.name}: {key}"
        for start in re.findall(r"(?<![\w.])t\(`(households\.[a-z_]*)\$\{", module.read_text(encoding="utf-8")):
            assert any(key.startswith(start) for key in known), f"{module.name}: {start}"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.parametrize("module", MODULES, ids=lambda each: each.name)
def test_modules_are_whole(module):
    done = subprocess.run(["node", "--check", str(module)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_communes_are_found_without_accents_the_largest_first(client):
    found = client.get("/v1/communes", query_string={"q": "SAINT-ETIENNE"}).json["communes"]
    assert found[0]["code"] == "42218"
    assert found[0]["name"] == "Saint-Étienne"
    assert client.get("/v1/communes", query_string={"q": "st étienne"}).json["communes"][0]["code"] == "42218"
    assert client.get("/v1/communes", query_string={"q": "75056"}).json["communes"][0]["name"] == "Paris"
    assert client.get("/v1/communes").json == {"communes": []}
    assert client.get("/v1/communes", query_string={"q": "\N{SNOWMAN}" * 50}).json == {"communes": []}
    assert client.get("/v1/communes", query_string={"q": "x" * 200}).status_code == 400


def test_a_commune_whose_name_is_what_is_wanted_comes_before_larger_ones():
    assert next(each.name for each in search("Sens")) == "Sens"
    assert len(search("saint")) == 12
