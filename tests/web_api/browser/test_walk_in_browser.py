"""What a reader walks through, at a desk and at a telephone, in both languages: nothing is cut off, and the focus is never hidden."""

import json
from base64 import urlsafe_b64encode

import pytest

SCALE = ".scale[data-path='impot_revenu.bareme']"
BRACKETS = [{"threshold": 0, "rate": 0}, {"threshold": 12000, "rate": 0.11}, {"threshold": 28797, "rate": 0.3}, {"threshold": 177106, "rate": 0.45}]
STATE = {"year": 2022, "bill": "plf_2024", "changes": {"impot_revenu.bareme": BRACKETS}, "households": None}
FRAGMENT = urlsafe_b64encode(json.dumps(STATE).encode()).decode().rstrip("=")
HIDDEN = """() => {
  const focus = document.activeElement, box = focus.getBoundingClientRect();
  const [x, y] = [Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), box.top + Math.min(box.height / 2, 20)];
  const there = document.elementFromPoint(x, y);
  const isSeen = focus === document.body || (there !== null && (focus.contains(there) || there.contains(focus)));
  return isSeen ? null : `${focus.tagName} ${focus.id || focus.textContent.trim().slice(0, 40)}`;
}"""
CUT = """(selector) => [...document.querySelectorAll(selector)]
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 80))"""


@pytest.fixture(name="amended")
def _amended(new_page, site):
    """Open the page on an amendment to a bill."""

    def amended(language, width):
        page = new_page(site, width=width)
        page.goto(f"/?lang={language}#a={FRAGMENT}")
        page.wait_for_selector("html[data-started]", state="attached")
        page.wait_for_selector(f"{SCALE} .told-laws ins:visible")
        page.wait_for_selector("#households td[data-law=amended]:visible")
        return page

    return amended


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_table_of_three_laws_is_cut_off(amended, language, width):
    page = amended(language, width)
    assert page.evaluate(CUT, f"{SCALE} .wide, .household .wide, .household [data-table]") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_the_bar_never_hides_what_has_the_focus(amended, key):
    page = amended("fr", 1280)
    page.evaluate("document.activeElement.blur()")
    if key == "Shift+Tab":
        page.evaluate("document.querySelector('.bottom a').focus()")
    hidden = []
    for _ in range(90):
        page.keyboard.press(key)
        hidden.append(page.evaluate(HIDDEN))
    assert [each for each in hidden if each] == []


def test_the_links_to_households_and_country_stay_in_view(amended):
    page = amended("fr", 1280)
    page.evaluate("scrollTo({top: 1500, behavior: 'instant'})")
    page.wait_for_timeout(200)
    bar, links = (page.locator(each).bounding_box() for each in ("#tools", ".panels.of-effects"))
    assert links["y"] >= bar["y"] + bar["height"]


def test_the_page_of_the_api_is_one_to_read(new_page, site):
    page = new_page(site, ignoring=("404",))  # it names no icon, so that the browser looks for one
    page.goto("/?lang=fr")
    page.get_by_role("link", name="API").click()
    page.wait_for_url("**/v1/docs?language=fr")
    assert page.locator("h1").count() == 1
