"""The page of a server that asks for keys: a key typed once opens it, and all that it asks for afterwards, a run over the country with its events."""

from base64 import urlsafe_b64encode
from json import dumps

import pytest

AMENDED = (
    urlsafe_b64encode(dumps({"year": 2022, "bill": None, "changes": {"impot_revenu.decote.taux": 0.51}, "households": None}).encode()).decode().rstrip("=")
)
UNAUTHORIZED = "401 (UNAUTHORIZED)"


@pytest.fixture(name="page")
def _page(new_page, server_with_keys):
    return new_page(server_with_keys.url, ignoring=[UNAUTHORIZED])


def typed(page, key):
    page.fill("#key", key)
    page.keyboard.press("Enter")
    return page


def test_a_key_is_asked_for_and_a_wrong_one_is_told(page, axe):
    page.goto("/")
    assert page.locator("h1").inner_text() == "Clé d’accès"
    axe(page)
    typed(page, "clé-2")
    page.locator("#key-told", has_text="pas une clé").wait_for()
    assert page.evaluate("document.activeElement.id") == "key"


def test_with_the_key_the_amendment_of_the_address_is_there_and_the_country_answers(page):
    page.goto(f"/#a={AMENDED}")
    typed(page, "clé-1")
    page.wait_for_selector("html[data-started]", state="attached")
    page.wait_for_selector("#country-run:enabled")
    page.click("#country-run")
    page.wait_for_selector("#country-results:not([hidden]):not(.stale)", timeout=90_000)
    assert page.locator("#country-headline").inner_text().startswith("Effet sur le budget public")
    page.goto("/explore")  # other pages too
    assert page.locator("#key").count() == 0
    assert "clé" not in page.evaluate("document.cookie")
