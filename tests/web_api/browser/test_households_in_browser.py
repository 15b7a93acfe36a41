"""Typical households in a real browser: cards that follow the amendment, the editor by keyboard, the chain of rules, the curve."""

import re

import pytest

SETTLED = "() => document.documentElement.dataset.started !== undefined"
AMEND = """async (changes) => {
  const { update } = await import(document.querySelector('[data-module*="households.js"]').dataset.module.replace("households/households.js", "page/state.js"));
  update({ changes });
}"""
CARD = "#household-cards > li"


@pytest.fixture(name="opened")
def _opened(page):
    page.goto("/page?lang=fr")
    page.wait_for_function(SETTLED)
    return page


def amend(page, changes):
    page.evaluate(AMEND, changes)
    page.wait_for_selector("#household-cards:not([aria-busy])")


def test_cards_follow_the_amendment_in_words_and_sign(opened):
    from playwright.sync_api import expect

    smic = opened.locator(CARD, has_text="Salarié seul au Smic")
    expect(smic.locator('tr[data-row="income_tax"] td[data-law="in_force"]')).to_have_text(re.compile("0"))
    amend(opened, {"impot_revenu.bareme": [{"threshold": 0, "rate": 0}, {"threshold": 5000, "rate": 0.2}]})
    changes = smic.locator("[data-changes]")
    expect(changes).to_contain_text("Perd")
    expect(changes).to_contain_text(re.compile(r"\+.*€ d’impôt"))
    expect(changes).to_contain_text(re.compile(r"−.*€ de revenu disponible"))
    expect(opened.locator("#households-summary")).to_contain_text("perdants")


def test_a_household_is_described_by_keyboard_and_can_be_undone(opened):
    from playwright.sync_api import expect

    count = opened.locator(CARD).count()
    opened.locator('#households [data-do="add"]').focus()
    opened.keyboard.press("Enter")
    editor = opened.locator("#household-editor")
    expect(editor).to_be_visible()
    editor.get_by_label("Nom", exact=True).fill("Essai")
    editor.get_by_label("Un adulte de plus").press("Enter")
    editor.get_by_label("Un enfant de plus").press("Enter")
    editor.get_by_label("Salaire brut (€)").first.fill("3000")
    editor.get_by_label("Commune (nom ou code)").fill("Paris (75056)")
    editor.get_by_role("button", name="Enregistrer").press("Enter")
    expect(editor).to_be_hidden()
    expect(opened.locator(CARD)).to_have_count(count + 1)
    card = opened.locator(CARD, has_text="Essai")
    expect(card.get_by_role("button", name="Modifier")).to_be_focused()
    assert len(opened.url) < 1000, "households that are suggested stand in the address by their number"
    expect(card.locator("[data-who]")).to_have_text("2 adultes, 1 enfant · Paris")
    card.get_by_role("button", name="Retirer : Essai").press("Enter")
    expect(opened.locator(CARD)).to_have_count(count)
    opened.locator("#undo").click()
    expect(opened.locator(CARD, has_text="Essai")).to_have_count(1)


def test_why_and_curve_open_and_close(opened, axe):
    from playwright.sync_api import expect

    card = opened.locator(CARD, has_text="Couple, deux enfants")
    card.locator("summary").first.press("Enter")
    card.get_by_role("button", name=re.compile("^Pourquoi ce montant . Impôt sur le revenu")).press("Enter")
    why = opened.locator("#household-why")
    expect(why.locator("[data-explanation]")).to_contain_text("CGI, art.")
    axe(opened, "#household-why")
    opened.keyboard.press("Escape")
    expect(why).to_be_hidden()
    card.get_by_role("button", name=re.compile("^Courbe")).press("Enter")
    curve = opened.locator("#household-curve")
    expect(curve.locator("svg")).to_be_visible(timeout=120_000)
    curve.locator("summary").first.press("Enter")
    expect(curve.locator('[data-of="thresholds"] tbody tr').first).to_be_visible()
    axe(opened, "#household-curve")


@pytest.mark.parametrize("width", [375, 1280])
def test_the_panel_fits_and_has_no_violation(new_page, site, axe, width):
    page = new_page(site, width=width)
    page.goto("/page?lang=fr")
    page.wait_for_function(SETTLED)
    axe(page, "#households")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator('#households [data-do="edit"]').first.click()
    axe(page, "#household-editor")
    assert page.evaluate("document.querySelector('#household-editor').scrollWidth") <= width
