"""What goes wrong is told in the page's language, whatever the browser's: by the API, by the page where there is no answer, by another program between."""

import json
from base64 import urlsafe_b64encode

import pytest

FAILED = "Failed to load resource"
DECOTE = "impot_revenu.decote.personne_seule"


def address(changes, language="fr", households=None):
    state = json.dumps({"year": 2022, "bill": None, "changes": changes, "households": households})
    return f"/?lang={language}#a={urlsafe_b64encode(state.encode()).decode().rstrip('=')}"


@pytest.fixture(name="opened")
def _opened(new_page, site):
    """Open the page on an amendment, in a browser that prefers the other language."""

    def opened(changes, language="fr", households=None, before=None):
        page = new_page(site, ignoring=(FAILED,), locale="en-GB" if language == "fr" else "fr-FR")
        if before:
            before(page)
        page.goto(address(changes, language, households))
        page.wait_for_selector("html[data-started]", state="attached")
        return page

    return opened


@pytest.mark.parametrize(
    "language, expected",
    [("fr", "Vouliez-vous dire `impot_revenu.decote.taux`"), ("en", "Did you mean `impot_revenu.decote.taux`")],
)
def test_an_unknown_figure_is_told_by_households_country_and_draft(opened, language, expected):
    page = opened({"impot_revenu.decote.tau": 0.5}, language)
    page.locator("#households-problem", has_text=expected).wait_for()
    page.click("#country-run")
    page.locator("#country-status", has_text=expected).wait_for()
    page.click("details.draft summary")
    page.locator("[data-draft]", has_text=expected).wait_for()


@pytest.mark.parametrize("language, expected", [("fr", "les seuils doivent croître"), ("en", "is not above")])
def test_thresholds_of_an_address_that_do_not_rise_are_told(opened, language, expected):
    page = opened({"impot_revenu.bareme": [{"threshold": 10, "rate": 0}, {"threshold": 5, "rate": 0.1}]}, language)
    page.locator("#households-problem", has_text=expected).wait_for()


@pytest.mark.parametrize("language, expected", [("fr", "il en faut 100 au plus"), ("en", "at most 100 items")])
def test_too_many_households_are_told(opened, language, expected):
    page = opened({}, language, households=[{"name": str(number)} for number in range(101)])
    page.locator("#households-problem", has_text=expected).wait_for()


@pytest.mark.parametrize(
    "status, language, expected",
    [
        (502, "fr", "Le serveur ne répond pas"),
        (504, "fr", "n’a pas répondu à temps"),
        (429, "en", "Too many requests in a short time"),
        (418, "fr", "Le serveur répond par une erreur (418)."),
    ],
)
def test_another_program_that_answers_in_the_place_of_the_server_is_told(opened, status, language, expected):
    def proxy(page):
        page.route("**/v1/households", lambda route: route.fulfill(status=status, content_type="text/html", body="<h1>Bad Gateway</h1>"))

    page = opened({DECOTE: 900}, language, before=proxy)
    page.locator("#households-problem", has_text=expected).wait_for()
    assert "Bad Gateway" not in page.locator("#households-problem").inner_text()


@pytest.mark.parametrize("language, expected", [("fr", "rien n’est perdu"), ("en", "nothing is lost")])
def test_a_server_that_cannot_be_reached_is_told_and_the_amendment_stays(opened, language, expected):
    page = opened({DECOTE: 900}, language)
    page.locator("#households-summary", has_text="1").wait_for()
    page.route("**/v1/**", lambda route: route.abort())
    field = page.locator(f"[data-path='{DECOTE}'] input")
    field.fill("950")
    field.press("Enter")
    page.locator("#households-problem", has_text=expected).wait_for()
    assert field.input_value() == "950"
    page.unroute("**/v1/**")
    page.click("#undo")
    page.locator("#households-problem").wait_for(state="hidden")


@pytest.mark.parametrize("language, expected", [("fr", "il lui manque peut-être de la mémoire"), ("en", "it may lack memory")])
def test_a_run_that_fails_says_why(opened, language, expected):
    """The run's events tell that it failed; the server no longer knows why."""
    told = {"id": "0" * 32, "state": "failed", "words": {"fr": "Le calcul a échoué", "en": "The run failed"}}

    def failing(page):
        page.route("**/v1/impacts", lambda route: route.fulfill(status=202, json={"id": told["id"], "state": "running"}))
        page.route("**/v1/impacts/*/events", lambda route: route.fulfill(content_type="text/event-stream", body=f"event: failed\ndata: {json.dumps(told)}\n\n"))

    page = opened({DECOTE: 911}, language, before=failing)
    page.click("#country-run")
    page.locator("#country-status", has_text=expected).wait_for()
    assert page.locator("#country-run").is_enabled()
