"""The page in a browser: it opens at once, a figure is changed, undone, shared and reopened; in two languages, by keyboard alone, at 375 px, on paper."""

import pytest

RATE = "[data-path='impot_revenu.decote.taux'] input"
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
NARROW, WIDE = 375, 1800


def opened(page, address="/"):
    page.goto(address)
    page.wait_for_selector("html[data-started]", state="attached")
    return page


def amend(page, value):
    page.locator(RATE).first.fill(value)
    page.locator(RATE).first.press("Enter")


@pytest.fixture(name="desk")
def _desk(page):
    """The page, started."""
    return opened(page)


def test_the_page_opens_in_french_with_its_three_panels(desk):
    assert desk.locator("html").get_attribute("lang") == "fr"
    assert desk.get_by_role("heading", level=1).inner_text() == "Amender la loi"
    assert desk.locator("section.panel > h2").all_inner_texts() == ["La loi", "Ménages types", "Le pays"]
    assert desk.locator("section.panel > .problem:visible").count() == 0


def test_the_first_paint_comes_within_a_second(new_page, site):
    opened(new_page(site))  # the server has made its panels
    page = opened(new_page(site))
    assert page.evaluate(FIRST_PAINT) < 1000


def test_a_browser_keeps_static_files(page, site):
    opened(page)
    answer = page.request.get(page.locator("link[rel=stylesheet]").first.get_attribute("href"))
    assert "immutable" in answer.headers["cache-control"]
    again = page.request.get(site, headers={"Accept": "text/html", "If-None-Match": page.request.get(site, headers={"Accept": "text/html"}).headers["etag"]})
    assert again.status == 304


def test_undo_redo_and_reset_follow_the_amendment(desk):
    amend(desk, "50")
    assert desk.locator("#undo").is_enabled()
    desk.click("#undo")
    assert desk.locator(RATE).first.input_value() == "45,25"
    desk.click("#redo")
    assert desk.locator(RATE).first.input_value() == "50"
    desk.click("#reset-to-law")
    assert desk.locator(RATE).first.input_value() == "45,25"
    assert desk.locator("#told").inner_text() == "L’amendement est vide."


def test_the_bill_can_be_amended_and_come_back_to(desk):
    desk.select_option("#bill", "plf_2024")
    assert desk.locator("#reset-to-bill").is_disabled()
    amend(desk, "50")
    desk.click("#reset-to-bill")
    assert desk.locator("#bill").input_value() == "plf_2024"
    desk.click("#reset-to-law")
    assert desk.locator("#bill").input_value() == ""


def test_a_shared_address_reopens_the_amendment_and_nothing_of_it_is_sent(new_page, site):
    page = opened(new_page(site))
    amend(page, "50")
    page.click("#share")
    address = page.locator("#shared-address").input_value()
    assert address.startswith(f"{site}/#a=")
    other = new_page(site)
    asked = []
    other.on("request", lambda request: asked.append(request.url + str(request.headers)))
    opened(other, address)
    assert other.locator(RATE).first.input_value() == "50"
    secret = address.partition("#a=")[2]
    assert asked
    assert not [each for each in asked if secret in each]


@pytest.mark.parametrize("fragment", ["a=%%%", "a=bm90IGpzb24", "a=W10", "nothing", "a=eyJ5ZWFyIjoiYSIsImNoYW5nZXMiOltdfQ"])
def test_an_address_that_holds_no_state_opens_the_law_in_force(page, fragment):
    opened(page, f"/#{fragment}")
    assert page.locator(RATE).first.input_value() == "45,25"
    assert page.locator("#undo").is_disabled()


def test_another_address_in_the_same_tab_is_a_change_that_can_be_undone(desk):
    amend(desk, "50")
    changed = desk.evaluate("location.hash")
    desk.click("#undo")
    desk.evaluate("hash => { location.hash = hash; }", changed)
    desk.locator("#undo:enabled").wait_for()
    assert desk.locator(RATE).first.input_value() == "50"


def test_the_switch_of_language_keeps_the_amendment(desk):
    amend(desk, "50")
    desk.get_by_role("link", name="English").click()
    desk.wait_for_selector("html[lang=en][data-started]", state="attached")
    assert desk.get_by_role("heading", level=1).inner_text() == "Amend the law"
    assert desk.locator(RATE).first.input_value() == "50"
    desk.get_by_role("link", name="Français").click()
    desk.wait_for_selector("html[lang=fr][data-started]", state="attached")


def test_a_browser_that_prefers_english_is_answered_in_english(new_page, site):
    assert opened(new_page(site, locale="en-GB")).locator("html").get_attribute("lang") == "en"


def test_the_year_changes_the_law(desk):
    desk.select_option("#year", "2023")
    desk.wait_for_selector(".law[data-year='2023']")


def test_the_keyboard_alone_reaches_and_amends_the_law(desk):
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.className") == "skip"
    desk.keyboard.press("Enter")
    for _ in range(80):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.closest('[data-path]')?.dataset.path") == "impot_revenu.decote.taux":
            break
    desk.keyboard.press("Control+A")
    desk.keyboard.type("50")
    desk.keyboard.press("Enter")
    assert desk.locator("#undo").is_enabled()
    for _ in range(200):
        desk.keyboard.press("Shift+Tab")
        if desk.evaluate("document.activeElement.id") == "undo":
            break
    desk.keyboard.press("Space")
    assert desk.locator(RATE).first.input_value() == "45,25"
    assert desk.evaluate("document.activeElement.id") == "year"  # a disabled button keeps no focus


def test_the_focus_is_always_seen(desk):
    for _ in range(12):
        desk.keyboard.press("Tab")
        assert desk.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_at_375_px_nothing_is_cut_and_links_lead_to_the_panels(new_page, site):
    page = opened(new_page(site, width=NARROW))
    amend(page, "50")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    fragment = page.evaluate("location.hash")
    page.locator(".panels:visible a", has_text="Le pays").click()
    assert page.evaluate("document.activeElement.textContent") == "Le pays"
    assert page.evaluate("location.hash") == fragment


def test_three_panels_stand_side_by_side_on_a_wide_screen(new_page, site):
    page = opened(new_page(site, width=WIDE))
    tops = page.evaluate("[...document.querySelectorAll('section.panel')].map(panel => Math.round(panel.getBoundingClientRect().top))")
    assert len(set(tops)) == 1


def test_on_paper_there_are_no_buttons(desk):
    desk.emulate_media(media="print")
    assert not desk.locator("#tools, .places, .languages, .panels").locator("visible=true").count()
    assert desk.locator("#law h2").is_visible()
    assert len(desk.pdf()) > 10_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, 1280])
def test_no_violation_of_the_accessibility_rules(new_page, site, axe, width, scheme):
    page = opened(new_page(site, width=width, color_scheme=scheme))
    amend(page, "50")
    page.click("#share")
    axe(page)
