"""The country's panel in a browser: a run with its progress, what comes out, what is stale, what is known, and servers that are killed meanwhile."""

import os
import signal
from base64 import urlsafe_b64encode
from json import dumps
from pathlib import Path

import pytest

RESULTS = "#country-results:not([hidden]):not(.stale)"
PATIENCE = 90_000


def address(changes, bill=None, year=2022):
    state = {"year": year, "bill": bill, "changes": changes, "households": None}
    return f"/#a={urlsafe_b64encode(dumps(state).encode()).decode().rstrip('=')}"


def rate(value):
    return {"impot_revenu.decote.taux": value}


def opened(page, changes, **others):
    page.goto(address(changes, **others))
    page.wait_for_selector("html[data-started]", state="attached")
    return page


def calculated(page):
    page.click("#country-run")
    page.wait_for_selector(RESULTS, timeout=PATIENCE)
    return page


def amend(page, value):
    page.locator("[data-path='impot_revenu.decote.taux'] input").first.fill(value)
    page.locator("[data-path='impot_revenu.decote.taux'] input").first.press("Enter")


def test_without_a_change_there_is_nothing_to_calculate(page):
    opened(page, {})
    assert page.locator("#country-run").is_disabled()
    assert "rien à calculer" in page.locator("#country-status").inner_text()


def test_a_run_tells_the_budget_winners_and_losers_and_who_pays(page):
    calculated(opened(page, rate(0.51)))
    assert page.locator("#country-headline").inner_text().startswith("Effet sur le budget public\xa0: +")
    assert "±" in page.locator("#country-budget").inner_text()
    assert page.locator("#country-everybody tbody tr").count() == 1
    assert page.locator("#country-groups tbody tr").count() == 10
    assert page.locator("#country-taxed tbody th").all_inner_texts() == ["Imposés avant", "Qui entrent dans l’impôt", "Qui en sortent", "Imposés après"]
    assert page.locator("#country-inequality tbody tr").count() == 5
    assert page.locator("#country-notes li").count() >= 1
    page.locator("#country-budget-chart svg").wait_for()
    page.locator("#country-effects-chart svg").wait_for()
    assert page.locator("#country-progress").is_hidden()


@pytest.mark.parametrize("name, count", [("deciles_revenu_fiscal", 10), ("types_de_famille", 6), ("ages", 6)])
def test_households_are_told_by_decile_family_and_age(page, name, count):
    calculated(opened(page, rate(0.51)))
    page.select_option("#country-grouping", name)
    assert page.locator("#country-groups tbody tr").count() == count
    page.locator("#country-shares-chart svg").wait_for()


def test_results_are_stale_once_the_amendment_is_another_and_fresh_again_when_it_comes_back(page):
    calculated(opened(page, rate(0.52)))
    amend(page, "53")
    page.wait_for_selector("#country-results.stale")
    assert "grisés" in page.locator("#country-status").inner_text()
    page.click("#undo")
    page.wait_for_selector(RESULTS)
    assert page.locator("#country-headline").is_visible()


def test_a_result_that_is_known_comes_at_once(new_page, site):
    calculated(opened(new_page(site), rate(0.54)))
    other = opened(new_page(site), rate(0.54))
    other.wait_for_selector(RESULTS, timeout=20_000)  # nobody pressed the button


def test_each_change_is_calculated_where_one_wants_that(page):
    opened(page, rate(0.55))
    page.check("#country-auto")
    page.wait_for_selector(RESULTS, timeout=PATIENCE)
    first = page.locator("#country-headline").inner_text()
    amend(page, "65")
    page.wait_for_selector("#country-results.stale")
    page.wait_for_selector(RESULTS, timeout=PATIENCE)
    assert page.locator("#country-headline").inner_text() != first


def test_with_a_bill_three_comparisons_are_told(page):
    calculated(opened(page, rate(0.5), bill="plf_2024"))
    choices = page.get_by_role("radio")
    assert choices.count() == 3
    own = page.locator("#country-headline").inner_text()
    page.get_by_label("le projet de loi au droit en vigueur").check()
    assert page.locator("#country-headline").inner_text() != own


def test_a_figure_that_does_not_fit_the_law_is_told(new_page, site):
    page = opened(new_page(site, ignoring=["Failed to load resource"]), {"impot_revenu.decote.tauxx": 0.5})
    page.click("#country-run")
    page.locator("#country-status", has_text="tauxx").wait_for()
    assert page.locator("#country-run").is_enabled()


def test_a_run_can_be_stopped(page):
    opened(page, rate(0.56), year=2020)  # of a year that is not loaded yet
    page.click("#country-run")
    page.locator("#country-cancel").wait_for()
    page.click("#country-cancel")
    page.locator("#country-status", has_text="arrêté").wait_for()
    assert page.locator("#country-progress").is_hidden()
    assert page.locator("#country-run").is_enabled()
    assert page.evaluate("document.activeElement.id") == "country-run"


def test_the_keyboard_alone_runs_it(page):
    opened(page, rate(0.51))
    page.locator("#country-run").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(RESULTS, timeout=PATIENCE)


def test_it_speaks_english(page):
    page.goto(address(rate(0.51)).replace("/#", "/?lang=en#"))
    page.wait_for_selector("html[data-started]", state="attached")
    calculated(page)
    assert page.locator("#country-headline").inner_text().startswith("Effect on the public budget: +")
    page.select_option("#country-grouping", "types_de_famille")
    assert "Lone-parent family" in page.locator("#country-groups").inner_text()
    french = page.locator("#country-results [lang=fr]").all_inner_texts()
    assert french == []


@pytest.mark.parametrize("width, scheme", [(375, "light"), (1280, "light"), (1280, "dark")])
def test_no_violation_of_the_accessibility_rules_with_results(new_page, site, axe, width, scheme):
    page = calculated(opened(new_page(site, width=width, color_scheme=scheme), rate(0.51)))
    page.locator("#country-shares-chart svg").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)


def test_results_are_on_paper_too(page):
    calculated(opened(page, rate(0.51)))
    page.emulate_media(media="print")
    assert page.locator("#country-headline").is_visible()
    assert page.locator("#country-run").is_hidden()


# --- Servers that are killed

NETWORK = ["Failed to load resource", "net::ERR"]


def runners_of(server):
    """The processes that compute for a server, told by the folder of its cache."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            is_runner = b"country_runs.runner" in (each / "cmdline").read_bytes()
            if is_runner and str(server.folder / "cache").encode() in (each / "environ").read_bytes():
                found.append(int(each.name))
        except OSError:
            continue
    return found


def test_a_run_goes_on_when_the_servers_workers_are_killed(new_page, own_server):
    page = opened(new_page(own_server.url, ignoring=NETWORK), rate(0.57))
    page.click("#country-run")
    page.locator("#country-progress").wait_for()
    for worker in own_server.children():
        os.kill(worker, signal.SIGKILL)
    page.wait_for_selector(RESULTS, timeout=PATIENCE)
    assert page.locator("#country-headline").inner_text().startswith("Effet sur le budget public\xa0: +")


def test_a_run_starts_again_when_what_computes_it_is_killed(new_page, own_server):
    page = opened(new_page(own_server.url, ignoring=NETWORK), rate(0.58))
    page.click("#country-run")
    page.locator("#country-step", has_text="%").wait_for()
    for runner in runners_of(own_server):
        os.kill(runner, signal.SIGKILL)
    page.wait_for_selector(RESULTS, timeout=PATIENCE)


def test_a_run_goes_on_when_the_whole_server_is_started_again(new_page, own_server):
    page = opened(new_page(own_server.url, ignoring=NETWORK), rate(0.59))
    page.click("#country-run")
    page.locator("#country-progress").wait_for()
    own_server.kill()
    page.locator("#country-status", has_text="ne répond plus").wait_for()
    own_server.start()
    page.wait_for_selector(RESULTS, timeout=PATIENCE)


# --- The page on the population


def test_the_validation_of_the_population_is_one_click_away(page, axe):
    opened(page, {})
    page.locator("#country a", has_text="méthode").first.click()
    page.wait_for_url("**/population?lang=fr")
    page.get_by_role("heading", level=1, name="La population et la méthode").wait_for()
    page.locator("table").first.wait_for(timeout=PATIENCE)  # a population of the server's own is measured first
    axe(page)
