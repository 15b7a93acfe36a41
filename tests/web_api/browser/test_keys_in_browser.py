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


FIGURE = "[data-path='impot_revenu.decote.taux'] input"


def without_session(page):
    page.wait_for_selector("html[data-started]", state="attached")
    page.context.clear_cookies()


def amend(page, value):
    page.locator(FIGURE).first.fill(value)
    page.locator(FIGURE).first.press("Enter")


def test_a_session_that_ends_while_the_page_is_open_is_opened_again_on_it(page, axe):
    page.goto(f"/#a={AMENDED}")
    typed(page, "clé-1")
    without_session(page)
    amend(page, "52")
    dialog = page.locator("dialog.session[open]")
    dialog.wait_for()
    assert "Votre session a expiré" in dialog.inner_text()
    assert "l’amendement est dans l’adresse" in dialog.inner_text()
    axe(page, "dialog.session")
    address = page.url
    page.keyboard.type("clé-2")  # the focus is in the field
    page.keyboard.press("Enter")
    dialog.get_by_text("pas une clé").wait_for()
    page.keyboard.type("clé-1")  # what was wrong is selected
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    page.locator("#households-summary", has_text="gagnants").wait_for()
    page.locator("#households-problem").wait_for(state="hidden")
    assert page.url == address
    assert page.locator(FIGURE).first.input_value() == "52"
    page.click("#undo")
    assert page.locator(FIGURE).first.input_value() == "51"


def test_who_does_not_enter_the_key_again_is_told_in_the_page_s_language_and_keeps_the_amendment(page):
    page.goto(f"/?lang=en#a={AMENDED}")
    typed(page, "clé-1")
    without_session(page)
    amend(page, "52")
    page.locator("dialog.session [data-later]").click()
    told = page.locator("#households-problem")
    told.wait_for()
    assert "Your session has ended" in told.inner_text()
    amend(page, "53")
    page.click("#country-run")
    page.locator("#country-status", has_text="Your session has ended").wait_for()
    assert page.locator("dialog.session").count() == 0  # asked once
    page.reload()
    typed(page, "clé-1")
    page.wait_for_selector("html[data-started]", state="attached")
    assert page.locator(FIGURE).first.input_value() == "53"


@pytest.mark.parametrize("button", ["#save", "#note"])
def test_a_dialog_in_which_one_was_stays_open_below(page, button):
    page.goto("/")
    typed(page, "clé-1")
    without_session(page)
    page.click(button)
    page.click("dialog.save button[type=submit]")
    page.locator("dialog.session[open]").wait_for()
    page.keyboard.type("clé-1")
    page.keyboard.press("Enter")
    page.locator("dialog.session").wait_for(state="detached")
    assert "session a expiré" in page.locator("dialog.save [role=alert]").inner_text()
    page.click("dialog.save button[type=submit]")
    page.locator("dialog.save [role=status]", has_text="nregistré").wait_for()
