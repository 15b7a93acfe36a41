"""The law's figures as pages: each figure, scale and table of a tax with its values, their dates and references."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from law_page import LawPage

from analysis.amounts import MINUS, NO_BREAK, number
from analysis.figure_words import references
from engine.parameters.dated_values import Sort

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = re.compile(r"https?://\S+")
PERCENT, EUROS = "/1", "currency"
UNITS = {EUROS: "€", "percent": "%", "month": "mois", "year": "ans", "hour": "heures", "person": "personnes", "PSS": "plafond de la sécurité sociale"}
MOST_ROWS = 30  # of a table by code; the rest is in the file


def figures_page(tree: Any, title: str, uri: str) -> LawPage:
    """Return the page of all figures below a branch of the law."""
    page = LawPage(uri, f"{title} : les chiffres")
    if tree.documentation:
        page.paragraph(escape(tree.documentation))
    for item in tree.children.values():
        page.heading(2, item.description or item.name, item.name)
        page.html("".join(_item(item, str(item.unit or ""))))
    return page


def with_links(text: str) -> str:
    """Return a reference with its address on the web as a link."""
    addresses = ADDRESS.findall(text)
    words = escape(ADDRESS.sub("", text).strip())
    return " ".join(f'<a href="{escape(address)}">{words or escape(address)}</a>' for address in addresses[:1]) or words


def _item(item: Any, unit: str) -> Iterator[str]:
    """Yield the HTML of an item and of all that stands below it."""
    unit = str(item.unit or unit)
    if item.sort is Sort.FIGURE:
        yield from _history(item, unit)
    elif item.sort is Sort.SCALE:
        yield from _scale(item)
    elif item.sort is Sort.TABLE:
        yield from _table(item, unit)
    else:
        for child in item.children.values():
            yield f'<h4 id="{escape(child.name)}">{escape(child.description or child.name.rpartition(".")[2])} <code>{escape(child.name)}</code></h4>'
            yield from _item(child, unit)


def _history(figure: Any, unit: str) -> Iterator[str]:
    shared = references(figure.reference)
    yield _listed(shared)
    rows = []
    for dated in reversed(figure.dated_values):
        own = references(dated.reference)
        value = _written(dated.value, str(dated.unit or unit))
        rows.append(f"<tr><td>{dated.start}</td><td class=figure>{value}</td><td>{'<br>'.join(map(with_links, own)) if own != shared else ''}</td></tr>")
    yield f"<table><thead><tr><th>à partir du</th><th>valeur</th><th>référence</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _scale(scale: Any) -> Iterator[str]:
    yield _listed(references(scale.reference))
    threshold_unit = str(scale.metadata.get("threshold_unit") or EUROS)
    value_unit = str(scale.metadata.get("rate_unit") or scale.metadata.get("amount_unit") or ("" if "amount" in str(scale.kind) else PERCENT))
    for date in reversed(scale.change_dates):
        at = scale.at(date)
        rows = "".join(
            f"<tr><td class=figure>{_written(threshold, threshold_unit)}</td><td class=figure>{_written(value, value_unit)}</td></tr>"
            for threshold, value in zip(at.thresholds, at.values, strict=True)
        )
        yield f"<table><caption>à partir du {date}</caption><thead><tr><th>seuil</th><th>taux ou montant</th></tr></thead><tbody>{rows}</tbody></table>"


def _table(table: Any, unit: str) -> Iterator[str]:
    yield _listed(references(table.reference))
    for start, codes, values in reversed(list(zip(table.starts, table.codes, table.values, strict=True))):
        pairs = list(zip(codes, values, strict=True))
        rows = "".join(f"<tr><td>{escape(code)}</td><td class=figure>{_written(value, unit)}</td></tr>" for code, value in pairs[:MOST_ROWS])
        more = f"<p>… {len(pairs)} codes en tout.</p>" if len(pairs) > MOST_ROWS else ""
        yield f"<table><caption>à partir du {start}</caption><thead><tr><th>code</th><th>valeur</th></tr></thead><tbody>{rows}</tbody></table>{more}"


def _listed(texts: tuple[str, ...]) -> str:
    return f"<p>{'<br>'.join(map(with_links, texts))}</p>" if texts else ""


def _written(value: Any, unit: str) -> str:
    """Return a value as French readers write it, with its unit."""
    if value is None:
        return "n'est plus en vigueur"
    if isinstance(value, tuple):
        return ", ".join(_written(each, unit) for each in value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return escape({True: "oui", False: "non"}.get(value, str(value)) if isinstance(value, bool) else str(value))
    if value in (float("inf"), float("-inf")):
        return f"{MINUS if value < 0 else ''}∞"
    if unit == PERCENT:
        return f"{_number(value * 100)}{NO_BREAK}%"
    return f"{_number(value)}{NO_BREAK}{escape(UNITS.get(unit, unit))}".rstrip(NO_BREAK)


def _number(value: float) -> str:
    """Return all decimals that a figure has, up to eight."""
    decimals = len(f"{value:.8f}".rstrip("0").partition(".")[2])
    return number(value, decimals)
