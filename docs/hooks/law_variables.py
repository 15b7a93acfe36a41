"""The law's variables as pages: one for each file of formulas, with label, entity, period, articles, what a formula names, and where it stands."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from posixpath import dirname, relpath
from typing import TYPE_CHECKING, Any

from law_figures import UNITS, with_links
from law_page import LawPage
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.legislation import Legislation
    from engine.variables import Rule

NAMED = re.compile(r'"([a-z][a-zA-Z0-9_]*)"')
PERIODS = {"year": "année", "month": "mois", "day": "jour", "week": "semaine", "weekday": "jour de semaine", "eternity": "toujours"}
TYPES = {"float": "nombre", "int": "nombre entier", "bool": "vrai ou faux", "str": "texte", "date": "date"}
MOST_MEMBERS = 40


@dataclass
class Variables:
    """The pages of all variables of a law: `page_of` says where each variable stands."""

    law: Legislation
    root: Path
    page_of: dict[str, str] = field(default_factory=dict)

    def pages(self) -> Iterator[tuple[str, LawPage]]:
        """Yield each page of variables with the name of its tax, in the order of the law's files."""
        by_module: dict[str, list[Rule]] = {}
        for rule in self.law.variables.values():
            by_module.setdefault(rule.module, []).append(rule)
        for module, rules in by_module.items():
            tax, _, name = module.partition(".")[2].rpartition(".")
            self.page_of.update({rule.name: f"loi/{tax}/{name}.md" for rule in rules})
        for module, rules in by_module.items():
            tax, _, name = module.partition(".")[2].rpartition(".")
            yield tax, self._page(LawPage(f"loi/{tax}/{name}.md", _title(rules[0].file)), rules)

    def sources(self) -> Iterator[LawPage]:
        """Yield a page with the text of each file of formulas, a line an anchor."""
        files = {formula.file for rule in self.law.variables.values() for formula in rule.formulas}
        looks = HtmlFormatter(linenos="inline", lineanchors="L", anchorlinenos=True, cssclass="highlight", wrapcode=True)
        for file in sorted(files):
            page = LawPage(_source_uri(self.root, file), Path(file).relative_to(self.root).as_posix(), is_searched=False)
            page.html(highlight(Path(file).read_text(encoding="utf-8"), PythonLexer(), looks))
            yield page

    def _page(self, page: LawPage, rules: list[Rule]) -> LawPage:
        for rule in rules:
            page.heading(2, rule.label or rule.name, rule.name)
            page.html("".join(self._described(rule, page.uri)))
        return page

    def _described(self, rule: Rule, uri: str) -> Iterator[str]:
        yield f"<p><code>{rule.name}</code> · {_type(rule)} · {PERIODS.get(str(rule.definition_period), str(rule.definition_period))} · "
        yield f"{escape(rule.entity.label)}{f' · {escape(UNITS.get(rule.unit, rule.unit))}' if rule.unit else ''}</p>"
        if rule.documentation:
            yield f"<p>{escape(rule.documentation)}</p>"
        if rule.reference:
            yield f"<p>{'<br>'.join(map(with_links, rule.reference))}</p>"
        if rule.possible_values is not None:
            members = list(rule.possible_values)
            told = "".join(f"<li><code>{escape(member.name)}</code> : {escape(str(member.value))}</li>" for member in members[:MOST_MEMBERS])
            yield f"<ul>{told}{'<li>…</li>' if len(members) > MOST_MEMBERS else ''}</ul>"
        if rule.end is not None:
            yield f"<p>Jusqu'au {rule.end}.</p>"
        if rule.is_input:
            yield "<p>Donnée : elle n'a pas de formule.</p>"
        for formula in rule.formulas:
            yield from self._formula(formula, uri, rule.name)

    def _formula(self, formula: Any, uri: str, itself: str) -> Iterator[str]:
        since = "" if formula.start.year == 1 else f" à partir du {formula.start}"
        place = _between(uri, _source_uri(self.root, formula.file), f"L-{formula.line}")
        yield f'<p><a href="{place}">Formule{since}</a>'
        documentation = inspect.cleandoc(formula.documentation)
        if documentation:
            yield f" : {escape(documentation)}"
        named = [name for name in dict.fromkeys(NAMED.findall(_text(formula.function))) if name in self.page_of and name != itself]
        if named:
            links = (f'<a href="{_between(uri, self.page_of[name], name)}"><code>{name}</code></a>' for name in named)
            yield f"<br>Elle nomme {', '.join(links)}."
        yield "</p>"


def index_page(law: Legislation, titles: Mapping[str, str], pages: Mapping[str, list[LawPage]], figures: Mapping[str, LawPage]) -> LawPage:
    """Return the first page of the reference: the taxes and benefits, and what each has."""
    page = LawPage("loi/index.md", "La loi : variables et chiffres")
    inputs = sum(rule.is_input for rule in law.variables.values())
    page.paragraph(
        f"{len(law.variables)} variables, dont {inputs} données d'entrée, et les chiffres de la loi avec leurs dates et leurs références. "
        "Ces pages sont tirées du code à la construction du site."
    )
    page.paragraph("<em>The law's reference is in French, as the law is: generated from the variables and figures at each build of the site.</em>")
    for tax, title in titles.items():
        page.heading(2, title, tax)
        places = ([figures[tax]] if tax in figures else []) + pages.get(tax, [])
        items = "".join(f'<li><a href="{_between(page.uri, each.uri)}">{escape(each.title)}</a></li>' for each in places)
        page.html(f"<ul>{items}</ul>")
    page.heading(2, "Les entités", "entites")
    entities = "".join(f"<li><code>{entity.key}</code> : {escape(entity.label)}</li>" for entity in law.entities.values())
    page.html(f"<ul>{entities}</ul>")
    return page


def _between(uri: str, to: str, anchor: str = "") -> str:
    """Return the address of one page as it is written in another."""
    path = relpath(to.removesuffix(".md") + ".html", dirname(uri))
    return f"{path}#{anchor}" if anchor else path


def _source_uri(root: Path, file: str) -> str:
    return f"loi/sources/{Path(file).relative_to(root).with_suffix('').as_posix().replace('/', '.')}.md"


def _text(function: Any) -> str:
    """Return a formula's text; empty where Python does not find it."""
    try:
        return inspect.getsource(function)
    except OSError:
        return ""


def _title(file: str) -> str:
    """Return the first sentence of what a file of the law says of itself."""
    said = re.match(r'\s*"""(.*?)(?:\n\n|""")', Path(file).read_text(encoding="utf-8"), re.DOTALL)
    words = " ".join(said[1].split()) if said else Path(file).stem
    return re.split(r"(?<=[a-zé)])\. | \(|\.$| : ", words)[0].rstrip(" .:")


def _type(rule: Rule) -> str:
    return "énumération" if rule.possible_values is not None else TYPES.get(rule.value_type.__name__, rule.value_type.__name__)
