"""The charts of a report, as Vega-Lite: budget by measure, effect by decile, gainers and losers, effect by group, map of departments.

They use no data but the tables: what is refused there is missing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import vl_convert

from analysis.departments import places
from analysis.effect_tables import TOTAL
from analysis.impact import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.impact import Impact
    from analysis.tables import Table

GAIN, LOSS, SAME, INK, SOFT = "#2a6f97", "#bf4d3c", "#d9dce1", "#1f2328", "#5b6068"
FONT: Final = "DejaVu Sans, Liberation Sans, Arial, sans-serif"
LOCALE: Final = {
    "decimal": ",",
    "thousands": "\N{NARROW NO-BREAK SPACE}",
    "grouping": [3],
    "currency": ["", "\N{NO-BREAK SPACE}€"],
    "percent": "\N{NO-BREAK SPACE}%",
    "minus": "\N{MINUS SIGN}",
}
SPREAD: Final = "Traits : plus ou moins deux erreurs d'échantillonnage"
WIDTH = 620
FEWEST_ON_A_MAP = 20


@dataclass(frozen=True)
class Chart:
    """A chart: its file's name, its title, what a reader who does not see it is told, and its Vega-Lite specification."""

    name: str
    title: str
    alternative: str
    spec: dict[str, Any]


def charts_of(found: Impact) -> list[Chart]:
    """Return the charts that the tables of an impact allow; of several years the last, of several layers all together."""
    where = [str(found.years[-1])] if len(found.years) > 1 else []
    where += [f"euros de {found.euros_of}"] if found.euros_of else []
    made = [chart for chart in _charts(found) if chart is not None]
    for chart in made:
        title = chart.spec["title"]
        title["subtitle"] = " · ".join((title["subtitle"], *where))
    return made


def _charts(found: Impact) -> Iterator[Chart | None]:
    yield _budget(found)
    for name in ("deciles_niveau_de_vie", "deciles_revenu_fiscal"):
        if name in found.tables:
            yield _means(found, name, sort=None)
            yield _shares(found, name)
    for name in ("types_de_famille", "ages", "statuts_occupation"):
        if name in found.tables:
            yield _means(found, name, sort=None)
    if "departements" in found.tables:
        yield _departments(found)


def rows_of(found: Impact, table: Table) -> list[dict[str, Any]]:
    """Return the rows that charts show: of the last year, and of all layers together."""
    rows = [row for row in table.rows() if row["annee"] == found.years[-1]]
    together = [row for row in rows if row["comparaison"] == TOGETHER]
    return together or rows


def _made(name: str, title: str, alternative: str, chart: Any, subtitle: str = SPREAD) -> Chart:
    shown = (
        chart.properties(
            title=alt.TitleParams(title, subtitle=subtitle, anchor="start", fontSize=15, color=INK, subtitleColor=SOFT, subtitleFontSize=11, offset=12)
        )
        .configure(font=FONT, background="white")
        .configure_axis(
            labelColor=INK,
            titleColor=SOFT,
            gridColor="#eceef1",
            domain=False,
            ticks=False,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=340,
            tickCount=6,
        )
        .configure_view(stroke=None)
        .configure_legend(labelFontSize=12, titleFontSize=12, orient="top", title=None)
    )
    return Chart(name, title, alternative, shown.to_dict())


def _values(rows: list[dict[str, Any]], *names: str) -> Any:
    return alt.InlineData(values=[{name: row[name] for name in names} for row in rows])


def _budget(found: Impact) -> Chart | None:
    rows = [
        {
            "libelle": row["libelle"].split(" :")[0],
            "effet": row["effet_budget"] / 1e6,
            "bas": (row["effet_budget"] - 2 * (row["effet_budget_erreur"] or 0)) / 1e6,
            "haut": (row["effet_budget"] + 2 * (row["effet_budget_erreur"] or 0)) / 1e6,
        }
        for row in rows_of(found, found.tables["budget"])
        if row["effet_budget"] is not None and (row["effet_budget"] or row["mesure"] == TOTAL)
    ]
    if not rows:
        return None
    y = alt.Y("libelle:N", title=None, sort=[row["libelle"] for row in rows])
    base = alt.Chart(_values(rows, "libelle", "effet", "bas", "haut")).properties(width=WIDTH, height=alt.Step(34))
    bars = base.mark_bar(height=20).encode(
        y=y,
        x=alt.X("effet:Q", title="Effet sur le budget public, en millions d'euros", axis=alt.Axis(format=",.0f")),
        color=alt.condition("datum.effet >= 0", alt.value(GAIN), alt.value(LOSS)),
        tooltip=[alt.Tooltip("libelle:N", title="Mesure"), alt.Tooltip("effet:Q", title="M€", format=",.1f")],
    )
    errors = base.mark_rule(color=INK, strokeWidth=1.5).encode(y=y, x="bas:Q", x2="haut:Q")
    told = " ; ".join(f"{row['libelle']} : {row['effet']:,.0f} M€" for row in rows)
    return _made("budget", "Effet sur le budget, par prélèvement et prestation", told, bars + errors)


def _means(found: Impact, name: str, sort: Any) -> Chart | None:
    table = found.tables[name]
    rows = [
        {**row, "bas": row["effet_moyen"] - 2 * (row["effet_moyen_erreur"] or 0), "haut": row["effet_moyen"] + 2 * (row["effet_moyen_erreur"] or 0)}
        for row in rows_of(found, table)
        if row["effet_moyen"] is not None
    ]
    if not rows:
        return None
    is_decile = name.startswith("deciles")
    named = [row["groupe"] for row in rows_of(found, table)]
    group: dict[str, Any] = {"title": table.title if is_decile else None, "sort": sort or named, "scale": alt.Scale(domain=named)}
    value: dict[str, Any] = {"title": "Effet moyen, en euros par ménage et par an", "axis": alt.Axis(format=",.0f")}
    base = alt.Chart(_values(rows, "groupe", "effet_moyen", "bas", "haut"))
    refused = alt.Chart(alt.InlineData(values=[{"groupe": each, "zero": 0} for each in named if each not in {row["groupe"] for row in rows}]))
    secret = refused.mark_text(
        color=SOFT, fontStyle="italic", fontSize=11, align="center" if is_decile else "left", dx=0 if is_decile else 6, dy=-6 * is_decile
    )
    colour = alt.condition("datum.effet_moyen >= 0", alt.value(GAIN), alt.value(LOSS))
    tooltip = [alt.Tooltip("groupe:N", title="Groupe"), alt.Tooltip("effet_moyen:Q", title="€", format=",.0f")]
    if is_decile:
        x = alt.X("groupe:N", axis=alt.Axis(labelAngle=0), **group)
        bars = base.mark_bar(width={"band": 0.7}).encode(x=x, y=alt.Y("effet_moyen:Q", **value), color=colour, tooltip=tooltip)
        errors = base.mark_rule(color=INK, strokeWidth=1.5).encode(x=x, y="bas:Q", y2="haut:Q")
        chart = (bars + errors + secret.encode(x=x, y="zero:Q", text=alt.value("secret"))).properties(width=WIDTH, height=260)
    else:
        y = alt.Y("groupe:N", **group)
        bars = base.mark_bar(height=20).encode(y=y, x=alt.X("effet_moyen:Q", **value), color=colour, tooltip=tooltip)
        errors = base.mark_rule(color=INK, strokeWidth=1.5).encode(y=y, x="bas:Q", x2="haut:Q")
        chart = (bars + errors + secret.encode(y=y, x="zero:Q", text=alt.value("secret"))).properties(width=WIDTH, height=alt.Step(34))
    told = " ; ".join(f"{row['groupe']} : {row['effet_moyen']:+,.0f} €" for row in rows)
    return _made(f"effet_{name}", f"Effet moyen : {table.title[0].lower()}{table.title[1:]}", told, chart)


def _shares(found: Impact, name: str) -> Chart | None:
    table = found.tables[name]
    rows = [
        {"groupe": row["groupe"], "sens": sense, "part": sign * row[column]}
        for row in rows_of(found, table)
        for sense, column, sign in (("Gagnants", "part_gagnants", 1), ("Perdants", "part_perdants", -1))
        if row[column] is not None
    ]
    if not rows:
        return None
    named = [row["groupe"] for row in rows_of(found, table)]
    refused = alt.Chart(alt.InlineData(values=[{"groupe": each, "zero": 0} for each in named if each not in {row["groupe"] for row in rows}]))
    secret = refused.mark_text(color=SOFT, fontStyle="italic", fontSize=11)
    y = alt.Y("groupe:N", title=None, sort=named, scale=alt.Scale(domain=named))
    bars = (
        alt.Chart(_values(rows, "groupe", "sens", "part"))
        .mark_bar(height={"band": 0.7})
        .encode(
            y=y,
            x=alt.X(
                "part:Q",
                title="Part des ménages du décile : perdants à gauche, gagnants à droite",
                scale=alt.Scale(domain=[-1, 1]),
                axis=alt.Axis(format=".0%", values=[-1, -0.5, 0, 0.5, 1], labelExpr="replace(datum.label, /^[-−]/, '')"),
            ),
            color=alt.Color("sens:N", scale=alt.Scale(domain=["Perdants", "Gagnants"], range=[LOSS, GAIN]), legend=alt.Legend(orient="top", title=None)),
            tooltip=["groupe:N", "sens:N", alt.Tooltip("part:Q", format=".1%")],
        )
    )
    chart = (bars + secret.encode(y=y, x="zero:Q", text=alt.value("secret"))).properties(width=WIDTH, height=alt.Step(26))
    told = " ; ".join(f"{row['groupe']}, {row['sens'].lower()} : {abs(row['part']):.0%}" for row in rows)
    return _made(
        f"gagnants_{name}",
        f"Gagnants et perdants : {table.title[0].lower()}{table.title[1:]}",
        told,
        chart,
        "Part des ménages dont le revenu change d'au moins 0,50 € par an",
    )


def _departments(found: Impact) -> Chart | None:
    table, known = found.tables["departements"], places()
    rows = [
        {"code": code, "nom": known[code].name, "colonne": known[code].tile[0], "rangee": known[code].tile[1], "effet_moyen": row["effet_moyen"]}
        for row in rows_of(found, table)
        if row["effet_moyen"] is not None and (code := row["groupe"].split(" ")[0]) in known
    ]
    if len(rows) < FEWEST_ON_A_MAP:
        return _means(found, "departements", sort=None)
    largest = max(abs(row["effet_moyen"]) for row in rows) or 1.0
    missing = [{"code": code, "colonne": each.tile[0], "rangee": each.tile[1]} for code, each in known.items() if code not in {row["code"] for row in rows}]
    place: Any = {"x": alt.X("colonne:O", axis=None), "y": alt.Y("rangee:O", axis=None)}
    base = alt.Chart(_values(rows, "code", "nom", "colonne", "rangee", "effet_moyen")).encode(**place)
    others = alt.Chart(_values(missing, "code", "colonne", "rangee")).encode(**place)
    empty = others.mark_rect(cornerRadius=4, stroke=SAME, strokeWidth=1, fill="white")
    names = others.mark_text(fontSize=10, color=SOFT).encode(text="code:N")
    tiles = base.mark_rect(cornerRadius=4, stroke="white", strokeWidth=2).encode(
        color=alt.Color(
            "effet_moyen:Q",
            scale=alt.Scale(domain=[-largest, 0, largest], range=[LOSS, "#f6f4ef", GAIN]),
            legend=alt.Legend(title="Effet moyen, en euros par ménage et par an", format=",.0f", orient="top", gradientLength=300, titleLimit=400),
        ),
        tooltip=["code:N", "nom:N", alt.Tooltip("effet_moyen:Q", title="€", format=",.0f")],
    )
    dark = alt.condition(f"abs(datum.effet_moyen) > {0.6 * largest}", alt.value("white"), alt.value(INK))
    codes = base.mark_text(fontSize=10, dy=-8).encode(text="code:N", color=dark)
    amounts = base.mark_text(fontSize=11, dy=7, fontWeight="bold").encode(text=alt.Text("effet_moyen:Q", format="+,.0f"), color=dark)
    chart = (empty + names + tiles + codes + amounts).properties(width=alt.Step(48), height=alt.Step(44))
    ordered = sorted(rows, key=lambda row: row["effet_moyen"])
    least, most = ordered[0], ordered[-1]
    told = f"Du plus faible, {least['nom']} ({least['effet_moyen']:+,.0f} €), au plus élevé, {most['nom']} ({most['effet_moyen']:+,.0f} €)."
    subtitle = "Une case par département, de même surface, l'outre-mer à gauche ; sans couleur : sans observation, ou secret"
    return _made("effet_departements", "Effet moyen par département", told, chart, subtitle)


def as_svg(chart: Chart) -> str:
    """Return a chart as SVG."""
    svg: str = vl_convert.vegalite_to_svg(chart.spec, format_locale=LOCALE)
    return svg


def as_png(chart: Chart) -> bytes:
    """Return a chart as PNG, at twice the size of the screen."""
    png: bytes = vl_convert.vegalite_to_png(chart.spec, scale=2, format_locale=LOCALE)
    return png
