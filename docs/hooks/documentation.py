"""What the site has beside the pages of this folder: the law's reference, the notebook with its results, files of the repository that pages link to."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, InclusionLevel

if TYPE_CHECKING:
    from law_page import LawPage
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
TITLES = {
    "impot_revenu": "Impôt sur le revenu",
    "cotisations": "Cotisations, CSG, CRDS",
    "prestations": "Prestations",
    "menages": "Revenu disponible et niveau de vie",
    "taxe_habitation": "Taxe d'habitation",
    "descriptions": "Descriptions de la population",
}
NOTEBOOK = "impact_notebook.md"
OUTSIDE = re.compile(r"\]\(\.\./([^)#]+)(#[^)]*)?\)")  # a link of a page to a file of the repository

_pages: dict[str, LawPage] = {}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Make the law's pages and give them their place in the navigation."""
    sys.path[:0] = [folder for folder in (str(ROOT), str(ROOT / "docs" / "hooks")) if folder not in sys.path]  # the site is that of the code beside it
    from law_figures import figures_page  # noqa: PLC0415 - the path above comes first
    from law_variables import Variables, index_page  # noqa: PLC0415

    from legislation import france  # noqa: PLC0415

    law = france()
    variables = Variables(law, ROOT)
    by_tax: dict[str, list[LawPage]] = {tax: [] for tax in TITLES}
    for tax, page in variables.pages():
        by_tax.setdefault(tax, []).append(page)
    titles = {tax: TITLES.get(tax, tax) for tax in by_tax}
    figures = {tax: figures_page(law.parameters.child(tax), title, f"loi/{tax}/chiffres.md") for tax, title in titles.items() if law.parameters.get(tax)}
    index = index_page(law, titles, by_tax, figures)
    made = [index, *figures.values(), *(page for pages in by_tax.values() for page in pages), *variables.sources()]
    _pages.clear()
    _pages.update({page.uri: page for page in made})
    taxes: list[Any] = [{title: [page.uri for page in ([figures[tax]] if tax in figures else []) + by_tax[tax]]} for tax, title in titles.items()]
    for section in config.nav or []:
        if section.get("La loi") is not None:
            section["La loi"] = [index.uri, *taxes]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made and the files that are linked to."""
    from notebook import rendered  # noqa: PLC0415 - the path above comes first

    for page in _pages.values():
        level = InclusionLevel.INCLUDED if page.is_searched else InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, page.uri, content=page.markdown, inclusion=level))
    docs = Path(config.docs_dir)
    files.append(File.generated(config, NOTEBOOK, content=rendered(docs / "impact.ipynb")))
    linked = {match[1] for page in docs.rglob("*.md") for match in OUTSIDE.finditer(page.read_text(encoding="utf-8"))}
    for path in sorted(linked):
        if (ROOT / path).is_file():
            files.append(File.generated(config, f"files/{path}", abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Lead links to files of the repository to their copies; pages of `docs/` itself link with `../` only to leave it."""
    if page.file.src_uri == NOTEBOOK:
        title, _, rest = markdown.partition("\n")
        return f"{title}\n\n[The notebook as a file](impact.ipynb)\n{rest}"
    if "/" in page.file.src_uri:
        return markdown
    markdown = markdown.replace("](impact.ipynb)", f"]({NOTEBOOK})")
    return OUTSIDE.sub(lambda match: f"](files/{match[1]}{match[2] or ''})", markdown)


def on_page_content(html: str, page: Page, **_: Any) -> str:
    """Put in what Markdown did not see."""
    made = _pages.get(page.file.src_uri)
    return made.filled(html) if made else html
