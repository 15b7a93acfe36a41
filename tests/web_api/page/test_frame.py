"""The frame of pages as the server answers it: language, static files, the bundle for charts."""

import gzip
import re

import pytest

from web_api.app import create_app
from web_api.page import frame
from web_api.page.bundle import charts_bundle
from web_api.service import own_service
from web_api.settings import Settings
from web_api.words import LANGUAGES, words


@pytest.fixture(scope="module", name="client")
def _client():
    return create_app(own_service(Settings(requests_per_minute=0))).test_client()


def page(client, address="/page", **headers):
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    "address, accepted, expected",
    [
        ("/page", "", "fr"),
        ("/page", "de, en;q=0.5", "en"),
        ("/page", "de", "fr"),
        ("/page", "en, fr;q=0.9", "en"),
        ("/page", "en-GB, fr;q=0.5", "en"),
        ("/page", "fr-CH, en;q=0.5", "fr"),
        ("/page", "en;q=0, *;q=0.5", "fr"),
        ("/page?lang=en", "fr", "en"),
        ("/page?lang=fr", "en", "fr"),
        ("/page?lang=xx", "en", "en"),
    ],
)
def test_the_language_is_asked_for_or_preferred_or_french(client, address, accepted, expected):
    answer = page(client, address, Accept_Language=accepted)
    assert answer.headers["Content-Language"] == expected
    assert f'<html lang="{expected}"' in answer.get_data(as_text=True)
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_page_runs_no_code_but_files_of_the_server(client):
    answer = page(client)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    text = answer.get_data(as_text=True)
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?://(?!www\.legifrance)", text.split("</head>")[0])
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", text) == []


def test_a_page_that_did_not_change_is_not_sent_again(client):
    answer = page(client)
    assert page(client, If_None_Match=answer.headers["ETag"]).status_code == 304


def test_a_page_is_compressed_for_who_takes_that(client):
    answer = page(client, Accept_Encoding="gzip")
    assert gzip.decompress(answer.data) == page(client).data


def test_static_files_may_be_kept_for_ever_under_their_digest(client):
    text = page(client).get_data(as_text=True)
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
    assert len(addresses) > 4
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == frame.FOREVER
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_files_of_another_version_are_not_kept(client):
    answer = client.get(f"/static/{'0' * frame.VERSIONED}/page/style.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == frame.SHORTLY


@pytest.mark.parametrize(
    "name", ["page/../../__init__.py", "page/nothing.js", "nothing/style.css", "page/%2e%2e/__init__.py", "page/", "page/%00", f"page/{'a' * 3000}"]
)
def test_nothing_but_static_files_is_served(client, name):
    assert client.get(f"/static/{'0' * frame.VERSIONED}/{name}").status_code == 404


def test_the_charts_bundle_is_one_module(client):
    answer = client.get("/static/page/vega.js")
    assert answer.mimetype == "text/javascript"
    assert answer.data == charts_bundle()
    assert re.search(rb"export\s*{[^}]*vegaEmbed};?\s*$", answer.data)


def test_the_words_of_both_languages_have_the_same_keys_and_values():
    french, english = (words(language) for language in LANGUAGES)
    assert french.keys() == english.keys()
    ours = [key for key in french if key.startswith(("page.", "country.")) and not key.startswith("country.note_")]
    assert [key for key in ours if not key.startswith("country.caution_") and values(french[key]) != values(english[key])] == []


def values(said):
    return set(re.findall(r"{(\w+)}", said))
