"""The frame of every page in a browser."""


def test_the_page_opens_in_french(page):
    page.goto("/page")
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.get_by_role("heading", level=1).inner_text() == "Amender la loi"


def test_the_switch_of_language_keeps_the_fragment(page):
    page.goto("/page#a=eyJ5ZWFyIjoyMDIzfQ")
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("html[lang=en]", state="attached")
    assert page.url.endswith("?lang=en#a=eyJ5ZWFyIjoyMDIzfQ")


def test_no_violation_of_the_accessibility_rules(page, axe):
    page.goto("/page")
    axe(page)
