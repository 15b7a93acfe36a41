"""The documentation's site builds without a warning, leads nowhere that is not there, and asks no other server for anything."""

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

pytest.importorskip("material")
HOUSE = Path(__file__).parents[2]
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "srcset"), ("link", "href"), ("video", "src"), ("object", "data")}


class Addresses(HTMLParser):
    """What a page links to, what it loads, and the anchors that it has."""

    def __init__(self):
        super().__init__()
        self.links, self.loaded, self.anchors = [], [], set()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id" or (tag, name) == ("a", "name"):
                self.anchors.add(value)
            if (tag, name) == ("a", "href"):
                self.links.append(value)
            elif (tag, name) in LOADED:
                self.loaded.append(value)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": os.pathsep.join([str(HOUSE), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder), "--config-file", str(HOUSE / "mkdocs.yml")]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    return folder, done


@pytest.fixture(scope="module")
def pages(built):
    found = {}
    for file in built[0].rglob("*.html"):
        found[file] = Addresses()
        found[file].feed(file.read_text(encoding="utf-8"))
    return found


def test_it_builds_without_a_warning(built):
    _, done = built
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    assert "not included in the" not in done.stderr, "each page of docs/ has its place in the nav of mkdocs.yml"


def test_it_has_its_pages(built, pages):
    names = {file.relative_to(built[0]).as_posix() for file in pages}
    assert {"index.html", "impact_notebook.html", "loi/index.html", "loi/impot_revenu/chiffres.html", "loi/impot_revenu/parts.html"} <= names
    assert not [name for name in names if name.startswith("hooks/")]


def test_every_link_leads_somewhere(built, pages):
    wrong = []
    for file, page in pages.items():
        for link in page.links:
            address, anchor = urldefrag(link)
            if urlsplit(address).scheme or file.name == "404.html":
                continue
            target = (file.parent / unquote(address)).resolve() if address else file
            if not target.exists():
                wrong.append(f"{file.relative_to(built[0])}: {link}")
            elif anchor and target in pages and unquote(anchor) not in pages[target].anchors and anchor != "__skip":
                wrong.append(f"{file.relative_to(built[0])}: {link} (no such anchor)")
    assert not wrong


def test_nothing_is_fetched_from_elsewhere(built, pages):
    fetched = {address for page in pages.values() for address in page.loaded if urlsplit(address).scheme in ("http", "https") or address.startswith("//")}
    assert not fetched
    styles = "".join(file.read_text(encoding="utf-8") for file in built[0].rglob("*.css"))
    assert "url(http" not in styles
    assert "@import" not in styles


def test_the_notebook_is_shown_with_its_results(built):
    shown = (built[0] / "impact_notebook.html").read_text(encoding="utf-8")
    assert "notebook-output" in shown
    assert "secret" in shown


def test_the_law_is_shown(built):
    figures = (built[0] / "loi" / "impot_revenu" / "chiffres.html").read_text(encoding="utf-8")
    assert "833\N{NO-BREAK SPACE}€" in figures
    assert "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000046860759" in figures
    variables = (built[0] / "loi" / "impot_revenu" / "impot_net.html").read_text(encoding="utf-8")
    assert 'id="impot_a_payer"' in variables
    assert "CGI, art. 1657, 1 bis" in variables
    assert "../sources/legislation.impot_revenu.impot_net.html#L-149" in variables
