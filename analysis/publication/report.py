"""A report in one HTML file that needs nothing from outside: Vega's scripts, data and style are in it, and charts without scripts as SVG."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import vl_convert

from analysis.effect_tables import TOTAL
from analysis.html_tables import html_table
from analysis.impact import TOGETHER
from analysis.publication.charts import LOCALE, as_svg
from analysis.tables import EUROS
from analysis.wording import cell, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.impact import Impact
    from analysis.publication.charts import Chart

STYLE = """
body{font:16px/1.5 "DejaVu Sans","Liberation Sans",Arial,sans-serif;color:#1f2328;margin:0 auto;max-width:1080px;padding:2rem 1.5rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem}h2{font-size:1.25rem;margin:2.8rem 0 .6rem}
.sous{color:#5b6068;margin:0 0 1.2rem}.cles{display:flex;flex-wrap:wrap;gap:1rem;margin:1.5rem 0}
.cle{border:1px solid #d9dce1;border-radius:8px;padding:.8rem 1.1rem;min-width:170px;flex:1}
.cle b{display:block;font-size:1.15rem;white-space:nowrap}.cle span{color:#5b6068;font-size:.85rem}
.defile{overflow-x:auto}.alerte{border-left:4px solid #bf4d3c;padding:.4rem .9rem}
table{border-collapse:collapse;font-size:.82rem;width:100%}
th,td{padding:.35rem .6rem;border-bottom:1px solid #eceef1;text-align:left;vertical-align:top}
th{color:#5b6068;font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.t td{font-weight:700;border-top:2px solid #1f2328}
figure{margin:1rem 0;overflow-x:auto}.note{color:#5b6068;font-size:.82rem}svg{max-width:100%;height:auto}
@media print{body{max-width:none;padding:0}h2{break-after:avoid}figure,table{break-inside:avoid}}
"""
SCRIPT = (
    "const locale={locale};const actions={{export:true,source:false,compiled:false,editor:false}};"
    "for(const [id,spec] of {specs})vegaEmbed('#'+id,spec,{{renderer:'svg',actions,formatLocale:locale}});"
)


def report(found: Impact, charts: Sequence[Chart]) -> str:
    """Return the report of an impact."""
    return "\n".join(_lines(found, charts))


def _lines(found: Impact, charts: Sequence[Chart]) -> Iterator[str]:
    prices = f", en euros de {found.euros_of}" if found.euros_of else ""
    years = ", ".join(str(year) for year in found.years)
    yield '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(found.title)} : effets</title><style>{STYLE}</style></head><body>"
    yield f"<h1>{escape(found.title)}</h1>"
    layers = " → ".join(("Droit en vigueur", *found.layers))
    yield f'<p class="sous">{escape(layers)} · {escape(years)}{escape(prices)} · {escape(found.population)}</p>'
    if found.description:
        yield f"<p>{escape(found.description.strip())}</p>"
    yield from (f'<p class="alerte">{escape(caution)}</p>' for caution in found.cautions)
    yield from _key_figures(found)
    shown: set[str] = set()
    for name, table in found.tables.items():
        yield f'<h2 id="{escape(name)}">{escape(table.title)}</h2>'
        for chart in charts:
            if chart.name == name or chart.name.endswith(f"_{name}"):
                shown.add(chart.name)
                yield f'<figure><div id="g-{chart.name}" role="img" aria-label="{escape(chart.alternative)}"></div>'
                yield f"<noscript>{as_svg(chart)}</noscript></figure>"
        yield from html_table(table)
    yield '<h2>Méthode</h2><ul class="note">'
    yield from (f"<li>{escape(note)}</li>" for note in found.notes)
    yield "</ul>"
    specs = json.dumps([[f"g-{chart.name}", chart.spec] for chart in charts if chart.name in shown], ensure_ascii=False).replace("</", "<\\/")
    yield f"<script>{_bundle()}</script>"
    yield f"<script>{SCRIPT.format(locale=json.dumps(LOCALE, ensure_ascii=False), specs=specs)}</script></body></html>\n"


def _key_figures(found: Impact) -> Iterator[str]:
    """Give the figures that a reader looks for first, of the last year and of all layers together."""
    year = found.years[-1]

    def of(name: str) -> list[dict[str, object]]:
        rows = [row for row in (found.tables[name].rows() if name in found.tables else []) if row["annee"] == year]
        return [row for row in rows if row["comparaison"] == TOGETHER] or rows

    yield '<div class="cles">'
    for row in of("budget"):
        if row["mesure"] == TOTAL and row["effet_budget"] is not None:
            yield _key(
                told(float(str(row["effet_budget"])), EUROS, float(str(row["effet_budget_erreur"] or 0)), signed=True), f"pour le budget public en {year}"
            )
    columns = {column.name: column for column in found.tables["ensemble"].columns} if "ensemble" in found.tables else {}
    for row in of("ensemble"):
        for name, words in (
            ("part_gagnants", f"de ménages gagnants en {year}"),
            ("part_perdants", f"de ménages perdants en {year}"),
            ("effet_moyen", f"par ménage en {year}"),
        ):
            yield _key(cell(row, columns[name]), words)
    yield "</div>"


def _key(figure: str, words: str) -> str:
    return f'<div class="cle"><b>{escape(figure)}</b><span>{escape(words)}</span></div>'


@cache
def _bundle() -> str:
    """Return the scripts of Vega, Vega-Lite and their embedding, as one text that may stand in a page."""
    text: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its argument has a default
    return text.replace("</script", "<\\/script")
