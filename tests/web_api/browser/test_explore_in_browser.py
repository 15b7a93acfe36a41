"""Exploring the law in a browser: with the keyboard, without JavaScript, on a narrow screen."""

import pytest

PAGES = [
    "/explore?lang=fr",
    "/explore?lang=en&q=csg",
    "/explore/variables/decote?lang=fr",
    "/explore/parameters/impot_revenu.bareme?lang=fr",
    "/explore/parameters/impot_revenu?lang=en",
]


def test_from_the_search_to_a_variable_and_its_figure_and_back(page):
    page.goto("/explore?lang=fr")
    page.get_by_label("Mots cherchés").fill("decote")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=decote**")
    assert page.get_by_label("Mots cherchés").input_value() == "decote"
    page.locator("ol.found a").first.click()
    page.get_by_role("heading", name="Décote").wait_for()
    page.locator("pre.source a.parameter").last.click()
    page.wait_for_url("**/explore/parameters/impot_revenu.decote**")
    page.get_by_role("link", name="decote", exact=True).click()
    page.wait_for_url("**/explore/variables/decote**")


def test_the_history_is_drawn(page):
    page.goto("/explore/parameters/impot_revenu.decote.couple?lang=fr")
    page.locator(".chart svg").wait_for()
    assert page.locator(".chart").get_attribute("role") == "img"
    assert page.locator(".chart").get_attribute("aria-label")


def test_the_switch_of_language_keeps_what_is_searched(page):
    page.goto("/explore?lang=fr&q=csg&kind=variable")
    page.get_by_role("link", name="English").click()
    page.wait_for_function("document.documentElement.lang === 'en'")
    assert page.get_by_label("Words to look for").input_value() == "csg"
    assert page.get_by_label("Search among").input_value() == "variable"


def test_it_works_without_javascript(new_page, site):
    page = new_page(site, java_script_enabled=False)
    page.goto("/explore?lang=fr")
    page.get_by_label("Mots cherchés").fill("plafonnement quotient familial")
    page.get_by_role("button", name="Chercher").click()
    page.locator("ol.found a").first.click()
    assert page.locator("h1").inner_text()


@pytest.mark.parametrize("address", PAGES)
def test_no_violation_of_the_accessibility_rules(page, axe, address):
    page.goto(address)
    if page.locator("[data-chart]").count():
        page.locator(".chart svg").wait_for()
    axe(page)


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_cut_off_on_a_narrow_screen(new_page, site, address):
    page = new_page(site, width=375)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
