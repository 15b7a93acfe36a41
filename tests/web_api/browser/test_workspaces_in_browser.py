"""Keeping and handing on, as someone at the page does it: save an amendment, find it again, compare two, export a note."""

import io
import re
import zipfile

import pytest

DECOTE = "impot_revenu.decote.personne_seule"
AMENDED = "import('{module}').then((state) => state.amend('{path}', {value}))"


def _open(page, query=""):
    page.goto(f"/page{query}")
    page.wait_for_selector("html[data-started]")


def _amend(page, value, path=DECOTE):
    """Change a figure as the law's panel does."""
    module = page.evaluate("[...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.href).find((each) => each.endsWith('page/state.js'))")
    page.evaluate(AMENDED.format(module=module, path=path, value=value))


def _save(page, name, workspace=None):
    page.click("#save")
    page.fill("dialog.save input >> nth=0", name)
    if workspace is not None:
        page.select_option("dialog.save select", "")
        page.fill("dialog.save input >> nth=1", workspace)
    page.click("dialog.save button[type=submit]")
    page.wait_for_selector("dialog.save [role=status] a")
    assert page.inner_text("dialog.save [data-out]") == "Fermer"  # what is saved cannot be called off
    address = page.get_attribute("dialog.save [role=status] a", "href")
    page.keyboard.press("Escape")
    return address


@pytest.fixture(name="workspace")
def _workspace(page):
    """A workspace of two amendments, and its page."""
    _open(page)
    _amend(page, 900)
    address = _save(page, "Décote à 900", "Séance du 12")
    _amend(page, 1000)
    assert _save(page, "Décote à 1 000") == address
    page.goto(address)
    page.wait_for_selector("#workspace table.sides")
    return page


def test_what_is_saved_is_found_again_and_reopened(workspace):
    page = workspace
    assert page.input_value("#name") == "Séance du 12"
    assert re.search(r"833[^→]*→ 900", page.inner_text("table.sides"))
    page.reload()
    page.click("table.sides a >> nth=1")
    page.wait_for_selector("html[data-started]")
    assert page.evaluate("location.hash").startswith("#a=")
    page.goto("/workspaces")
    assert page.inner_text("#known a") == "Séance du 12"


def test_amendments_are_compared_over_the_country(workspace):
    page = workspace
    page.click("#compare")
    page.wait_for_selector("#compare[disabled]")
    page.wait_for_selector("#compare:not([disabled])", timeout=90_000)
    budget = page.locator("#effects tr >> nth=1").locator("td").all_inner_texts()
    assert len(budget) == 2
    assert all("€" in text for text in budget), budget
    assert budget[0] != budget[1]


def test_a_workspace_is_renamed_shortened_and_deleted(workspace):
    page = workspace
    page.fill("#name", "Commission")
    page.click("#rename button")
    page.wait_for_selector("#said:has-text('renommé')")
    page.on("dialog", lambda asked: asked.accept())
    page.click("[data-remove='0']")
    page.wait_for_selector("[data-remove='1']", state="detached")
    page.reload()
    assert page.input_value("#name") == "Commission"
    page.click("#delete")
    page.wait_for_url("**/workspaces")
    assert page.is_visible("#none")


def test_someone_who_saves_second_is_told(workspace, new_page, site):
    address = workspace.url
    other = new_page(site, ignoring=("409",))
    other.goto(address)
    workspace.fill("#name", "Le premier")
    workspace.click("#rename button")
    workspace.wait_for_selector("#said:has-text('renommé')")
    other.fill("#name", "Le second")
    other.click("#rename button")
    other.wait_for_selector("#problem:has-text('entre-temps')")


def test_a_dialog_can_be_called_off_until_it_is_done(page):
    _open(page, "?lang=en")
    for button in ("#save", "#note"):
        page.click(button)
        assert page.inner_text("dialog.save [data-out]") == "Cancel"
        page.click("dialog.save [data-out]")
        page.locator("dialog.save").wait_for(state="detached")
    page.click("#note")
    with page.expect_download():
        page.click("dialog.save button[type=submit]")
    page.locator("dialog.save [data-out]", has_text="Close").click()


def test_a_note_holds_the_households_that_are_chosen_for_it(page):
    _open(page)
    _amend(page, 900)
    page.locator("#households [data-do=remove]").first.click()  # nine of ten on the page
    page.click("#note")
    page.click("dialog.save summary")
    assert page.inner_text("dialog.save summary") == "Ménages types\u00a0: 9 sur 9"
    for box in page.locator("dialog.save [type=checkbox]").all()[2:]:
        box.uncheck()
    assert page.inner_text("dialog.save summary") == "Ménages types\u00a0: 2 sur 9"
    page.select_option("dialog.save select[name=format]", "csv")
    with page.expect_download() as waiting:
        page.click("dialog.save button[type=submit]")
    names = zipfile.ZipFile(waiting.value.path()).namelist()
    assert [each for each in names if each.startswith("household_")] == ["household_1.csv", "household_2.csv"]


def test_an_edited_scale_that_was_taken_to_a_bill_is_kept_and_found_again_so(page):
    _open(page)
    scale = ".scale[data-path='impot_revenu.bareme'] tr[data-position='{}'] [data-bracket='threshold'] input"
    for position, text in ((0, "12000"), (2, "80000")):
        page.fill(scale.format(position), text)
        page.press(scale.format(position), "Enter")
    page.select_option("#bill", "plf_2024")
    page.wait_for_selector("#kept:not([hidden])")
    page.goto(_save(page, "Sur le projet", "Barème"))
    page.click("table.sides a")
    page.wait_for_selector(".law ins.bill:visible")
    assert [page.input_value(scale.format(position)).replace("\u00a0", " ") for position in range(4)] == ["12 000", "28 797", "80 000", "177 106"]
    page.select_option("#bill", "")
    page.wait_for_selector(".law ins.bill:visible", state="detached")
    assert [page.input_value(scale.format(position)).replace("\u00a0", " ") for position in range(4)] == ["12 000", "27 478", "80 000", "168 994"]


@pytest.mark.parametrize("form, start", [("pdf", b"%PDF"), ("ods", b"PK"), ("csv", b"PK")])
def test_a_note_is_exported(page, form, start):
    _open(page)
    _amend(page, 900)
    page.click("#note")
    page.fill("dialog.save input[name=title]", "Relever la décote")
    page.select_option("dialog.save select[name=format]", form)
    with page.expect_download() as waiting:
        page.click("dialog.save button[type=submit]")
    content = waiting.value.path().read_bytes()
    assert content.startswith(start)
    if form == "csv":
        said = zipfile.ZipFile(io.BytesIO(content)).read("note.txt").decode()
        assert "Relever la décote" in said
        assert "900" in said


@pytest.mark.parametrize("width", [1280, 375])
def test_pages_and_dialogs_are_for_everybody(workspace, new_page, site, axe, width):
    page = new_page(site, width=width)
    page.goto(workspace.url)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto("/workspaces?lang=en")
    axe(page)
    _open(page, "?lang=en")
    for button in ("#save", "#note"):
        page.click(button)
        axe(page, "dialog.save")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == button[1:]  # who came by keyboard goes on where they were
