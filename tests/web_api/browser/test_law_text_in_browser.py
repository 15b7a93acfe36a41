"""The law is amended in place in a real browser: figures, brackets, the bill, undo, another year, and by the keyboard alone."""

import pytest

FIGURE = '.figure[data-path="impot_revenu.decote.personne_seule"]'
SCALE = '.scale[data-path="impot_revenu.bareme"]'


def changes(page):
    return page.evaluate(
        """() => { const a = new URLSearchParams(location.hash.slice(1)).get("a"); if (!a) return {};
        return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(a.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)))).changes; }"""
    )


@pytest.fixture(name="law")
def _law(page):
    page.goto("/page?lang=fr")
    if page.locator("#law").count() == 0:
        pytest.skip("the page has no panel of the law")
    page.wait_for_selector("html[data-started]")
    return page


def typed(page, selector, text):
    field = page.locator(f"{selector} input")
    field.fill(text)
    field.press("Enter")
    return field


def test_a_figure_is_amended_and_taken_back(law):
    field = typed(law, FIGURE, "1 000,5")
    assert changes(law) == {"impot_revenu.decote.personne_seule": 1000.5}
    assert field.input_value() == "1\u00a0000,50"
    assert law.locator(f"{FIGURE} del").inner_text().endswith("833\u00a0€")
    article = law.locator('[data-article="cgi_197"]')
    assert article.locator('[data-badge="amended"]').is_visible()
    law.locator(f"{FIGURE} .reset").click()
    assert changes(law) == {}
    assert field.input_value() == "833"
    assert not article.locator('[data-badge="amended"]').is_visible()


def test_what_is_no_number_is_told_and_kept(law):
    field = typed(law, FIGURE, "neuf cents")
    assert field.get_attribute("aria-invalid") == "true"
    assert "nombre" in law.locator(f"{FIGURE} .message").inner_text()
    assert field.input_value() == "neuf cents"
    assert changes(law) == {}
    field.press("Escape")
    assert field.input_value() == "833"
    assert field.get_attribute("aria-invalid") is None


def test_a_rate_is_exact_and_what_follows_follows(law):
    typed(law, '.figure[data-path="impot_revenu.decote.taux"]', "11,3")
    assert changes(law) == {"impot_revenu.decote.taux": 0.113}
    assert law.locator('.derived[data-terms*="decote.taux"] [data-now]').first.inner_text() == "11,3\u00a0%"


def test_what_follows_from_a_figure_that_has_no_field_is_told_too(law):
    assert law.evaluate("[...document.querySelectorAll('.law .derived [data-now]')].filter(each => each.textContent === '—').length") == 0


def test_brackets_put_in_and_taken_out_are_paired_with_the_fewest_changes(law):
    scale = law.locator(SCALE)
    scale.locator("[data-add]").click()
    scale.locator("tr[data-position='1'] [data-remove]").click()
    assert scale.locator("tr.is-added").count() == 1
    assert "10\u00a0777" in scale.locator("tr.gone").inner_text()
    assert scale.locator("tr[data-position='2'] .is-amended").count() == 0


def test_a_bill_that_does_not_touch_the_year_says_so_as_long_as_it_is_chosen(law):
    law.select_option("#year", "2023")
    law.select_option("#bill", "plf_2024")
    law.wait_for_selector("[data-notes]:not([hidden])")
    assert "revenus de 2022" in law.locator("[data-notes]").inner_text()
    law.select_option("#year", "2022")
    law.wait_for_selector("[data-notes][hidden]", state="attached")


def test_brackets_are_changed_added_and_removed(law):
    row = law.locator(f"{SCALE} tr[data-position='0']")
    row.locator("[data-bracket='threshold'] input").fill("12000")
    row.locator("[data-bracket='threshold'] input").press("Enter")
    assert changes(law)["impot_revenu.bareme"][1] == {"threshold": 12000, "rate": 0.11}
    assert law.locator(f"{SCALE} tr[data-position='1'] [data-lower]").inner_text() == "12\u00a0000\u00a0€"
    assert "12\u00a0000\u00a0€" in law.locator('[data-article="cgi_197"] .derived').first.inner_text()
    law.locator(f"{SCALE} [data-add]").click()
    assert changes(law)["impot_revenu.bareme"][-1] == {"threshold": 250000, "rate": 0.45}
    assert law.locator(f"{SCALE} tr.is-added").count() >= 1
    last = law.locator(f"{SCALE} tr[data-position='5'] [data-bracket='value'] input")
    last.fill("50")
    last.press("Enter")
    law.locator(f"{SCALE} tr[data-position='5'] [data-remove]").click()
    law.locator(f"{SCALE} [data-reset-scale]").click()
    assert changes(law) == {}


def test_thresholds_out_of_order_are_refused(law):
    field = law.locator(f"{SCALE} tr[data-position='1'] [data-bracket='threshold'] input")
    field.fill("5000")
    field.press("Enter")
    assert "entre 10\u00a0777\u00a0€ et 78\u00a0570\u00a0€" in law.locator(f"{SCALE} tr[data-position='1'] .message").first.inner_text()
    assert changes(law) == {}


def test_a_bill_is_shown_and_amended(law):
    law.select_option("#bill", "plf_2024")
    law.wait_for_selector(f"{FIGURE} ins.bill:visible")
    assert law.locator(f"{FIGURE} ins.bill").inner_text().endswith("873\u00a0€")
    assert law.locator(f"{FIGURE} input").input_value() == "873"
    assert law.locator('[data-article="cgi_197"] [data-badge="bill"]').is_visible()
    law.locator(f"{SCALE} [data-add]").click()
    assert law.locator(f"{SCALE} tr[data-position='1'] [data-bracket='threshold'] del").inner_text().endswith("27\u00a0478\u00a0€")
    assert law.locator(f"{SCALE} tr[data-position='1'] [data-bracket='value'] ins.bill:visible").count() == 0
    typed(law, FIGURE, "900")
    law.click("#undo")
    assert law.locator(f"{FIGURE} input").input_value() == "873"


def test_the_text_is_drafted(law):
    typed(law, FIGURE, "900")
    law.locator("details.draft summary").click()
    law.wait_for_function("() => document.querySelector('[data-draft]').innerText.includes('«\u00a0900')")
    assert "substituer au montant : « 833 € » le montant : « 900 € »" in law.locator("[data-draft]").inner_text().replace("\u00a0", " ")


def test_another_year_is_shown_and_keeps_the_amendment(law):
    typed(law, FIGURE, "900")
    law.select_option("#year", "2019")
    law.wait_for_selector('.law[data-year="2019"]')
    assert law.locator(f"{FIGURE} del").inner_text().endswith("1\u00a0208\u00a0€")
    assert law.locator(f"{FIGURE} input").input_value() == "900"
    assert law.locator('.figure[data-path="impot_revenu.reduction_sous_condition.taux"]').count() == 1


def test_an_address_opens_an_amended_law(law, new_page, site):
    typed(law, FIGURE, "900")
    law.select_option("#year", "2021")
    law.wait_for_selector('.law[data-year="2021"]')
    other = new_page(site)
    other.goto(law.url)
    other.wait_for_selector('.law[data-year="2021"]')
    other.wait_for_selector(f"{FIGURE}.is-amended")
    assert other.locator(f"{FIGURE} input").input_value() == "900"


def test_by_the_keyboard_alone(law):
    law.locator(f"{SCALE} [data-add]").focus()
    law.keyboard.press("Enter")
    assert len(changes(law)["impot_revenu.bareme"]) == 6
    assert law.evaluate("document.activeElement.getAttribute('aria-label')") == "Tranche 5\u00a0: jusqu’à"
    law.keyboard.press("Control+A")
    law.keyboard.type("300000")
    law.keyboard.press("Tab")
    assert changes(law)["impot_revenu.bareme"][5]["threshold"] == 300000
    assert law.evaluate("document.activeElement.tagName") == "INPUT"


def test_the_panel_is_accessible(law, axe):
    typed(law, FIGURE, "900")
    law.select_option("#bill", "plf_2024")
    law.wait_for_selector(f"{FIGURE} ins.bill:visible")
    axe(law, "#law")


def test_the_panel_fits_a_narrow_screen(new_page, site):
    page = new_page(site, width=375, height=800)
    page.goto("/page?lang=en")
    page.wait_for_selector("html[data-started]")
    typed(page, FIGURE, "1,000.5")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.locator(f"{FIGURE} input").input_value() == "1,000.50"


def shown(law, what="threshold"):
    return [each.input_value().replace("\u00a0", " ") for each in law.locator(f"{SCALE} [data-bracket='{what}']:not([hidden]) input").all()]


def edit(law, position, text):
    field = law.locator(f"{SCALE} tr[data-position='{position}'] [data-bracket='threshold'] input")
    field.fill(text)
    field.press("Enter")


def thresholds(law):
    return [each["threshold"] for each in changes(law)["impot_revenu.bareme"]]


def test_rows_that_nobody_edited_follow_the_bill_that_is_chosen_and_edited_ones_stay(law):
    edit(law, 0, "12000")
    edit(law, 2, "80000")
    law.select_option("#bill", "plf_2024")
    law.wait_for_selector(f"{FIGURE} ins.bill:visible")
    assert thresholds(law) == [0, 12000, 28797, 80000, 177106]
    assert shown(law) == ["12 000", "28 797", "80 000", "177 106"]
    kept = law.locator("#kept li").all_inner_texts()
    assert len(kept) == 2
    assert "12\u00a0000\u00a0€" in kept[0]
    assert "11\u00a0294\u00a0€" in kept[0]
    law.click("#undo")  # one step back: the bill and the rows together
    assert law.locator("#bill").input_value() == ""
    assert thresholds(law) == [0, 12000, 27478, 80000, 168994]
    assert law.locator("#kept").is_hidden()
    law.click("#redo")
    assert thresholds(law) == [0, 12000, 28797, 80000, 177106]
    assert law.locator("#kept").is_visible()


def test_who_goes_to_a_bill_and_back_finds_their_own_again(law):
    edit(law, 0, "11294")  # as the bill says
    edit(law, 1, "28000")
    law.select_option("#bill", "plf_2024")
    law.wait_for_selector("#kept:not([hidden])")
    assert thresholds(law) == [0, 11294, 28000, 82341, 177106]
    law.select_option("#bill", "")
    law.wait_for_selector("#kept", state="hidden")
    assert thresholds(law) == [0, 11294, 28000, 78570, 168994]


def test_an_address_with_an_edited_scale_follows_a_bill_too(law, new_page, site):
    edit(law, 3, "200000")
    other = new_page(site)
    other.goto(law.url)
    other.wait_for_selector("html[data-started]")
    other.select_option("#bill", "plf_2024")
    other.wait_for_selector(f"{FIGURE} ins.bill:visible")
    assert thresholds(other) == [0, 11294, 28797, 82341, 200000]
    again = new_page(site)
    again.goto(other.url)
    again.wait_for_selector(f"{FIGURE} ins.bill:visible")
    assert shown(again) == ["11 294", "28 797", "82 341", "200 000"]
    again.select_option("#bill", "")
    again.wait_for_selector(f"{FIGURE} ins.bill", state="hidden")
    assert thresholds(again) == [0, 10777, 27478, 78570, 200000]


def test_rows_follow_another_year_too(law):
    edit(law, 3, "200000")
    law.select_option("#year", "2023")
    law.wait_for_selector('.law[data-year="2023"]')
    assert thresholds(law) == [0, 11294, 28797, 82341, 200000]


def test_without_an_answer_the_text_to_start_from_stays(new_page, site):
    page = new_page(site, ignoring=("Failed to load resource",))
    page.goto("/page?lang=fr")
    page.wait_for_selector("html[data-started]")
    edit(page, 0, "12000")
    page.route("**/v1/amendments/rebase", lambda route: route.abort())
    page.select_option("#bill", "plf_2024")
    page.locator("#told", has_text="n’est pas changé").wait_for()
    assert page.locator("#bill").input_value() == ""
    assert thresholds(page) == [0, 12000, 27478, 78570, 168994]
