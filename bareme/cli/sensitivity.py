"""`bareme sensitivity`: the figures of the law ranked by how much each moves a result of a population."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from analysis.sensitivity import Ranking, Sensitivity

SCHEMA = "bareme/sensitivity/2"
FEW = 4


@click.command("sensitivity")
@click.argument("reform", required=False)
@click.option("--output", default="budget", show_default=True, metavar="RESULT", help='The result, as "budget.impot_revenu" or "gini": what `solve` knows.')
@click.option("--year", type=int, help="The year of incomes and taxes; by default 2022.")
@click.option(
    "--population", type=click.Path(path_type=Path), help="A folder with a table for each entity, or one flat table; else the invented France that is shipped."
)
@click.option("--below", default="", metavar="BRANCH", help="Figures of that branch of the law alone, as impot_revenu.")
@click.option(
    "--by",
    type=click.Choice(["derivatives", "differences", "both"]),
    default="derivatives",
    show_default=True,
    help="Exact derivatives of a budget, all at once; differences, one figure after the other; or both.",
)
@click.option("--most", type=click.IntRange(min=1), default=30, show_default=True, help="How many figures to show as text.")
@click.option("--unit", help="The entity told of as household: menage or foyer_fiscal.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@legislation_options
def command(
    reform: str | None,
    output: str,
    year: int | None,
    population: Path | None,
    below: str,
    by: str,
    most: int,
    unit: str | None,
    form: str,
    law: LawChoice,
) -> None:
    """Rank the figures of the law, that of REFORM or the one in force, by what 1 % of each moves a result by.

    Both slopes are told, per unit of the figure. Of a budget they are exact: derivatives along the graph, roundings passed unchanged. By differences,
    and where the result is no budget, each figure is moved up and down: the steps are stated, and ± is the error that rounding may leave at most.
    """
    from analysis.calls import reform_of
    from analysis.sensitivity import sensitivity
    from bareme.cli.progress import progress_bar

    asked, legislation = None if reform is None else reform_of(reform), law.legislation()
    with progress_bar("Slopes of figures") as progress:
        found = sensitivity(asked, output, population, year, below=below, by=by, law=legislation, unit=unit, watch=progress)
    if form == "json":
        click.echo(json.dumps(as_json(found), indent=2, ensure_ascii=False))
    else:
        _show(found, most)


def as_json(found: Ranking) -> dict[str, Any]:
    """Return a ranking as JSON knows it."""
    figures = [_figure(each) for each in (*found.figures, *found.unmoved)]
    return {
        "schema": SCHEMA,
        "output": found.output,
        "label": found.label,
        "year": found.year,
        "by": found.by,
        "households_at_edges": found.at_edges if found.by != "differences" else None,
        "seconds": round(found.seconds, 1),
        "figures": figures,
        "left_out": list(found.left_out),
    }


def _figure(each: Sensitivity) -> dict[str, Any]:
    return {
        "name": each.name,
        "label": each.label,
        "since": each.since,
        "value": each.value,
        "unit": each.unit,
        "reference": list(each.reference),
        "step": each.step,
        "left": each.left,
        "right": each.right,
        "rounding": each.rounding,
        "per_percent": each.per_percent if each.left is not None or each.right is not None else None,
        "is_kinked": each.is_kinked,
        "passes_a_jump": each.passes_a_jump,
        "exact": each.exact,
        "jump": each.jump,
        "compared_by": list(each.compared_by),
        "difference": each.difference,
        "has_a_step": each.has_a_step,
    }


def _show(found: Ranking, most: int) -> None:
    from rich.table import Table

    from analysis.figure_words import shortened
    from bareme.cli.summaries import console

    out = console()
    in_euros = found.output.partition(".")[0] == "budget"
    title = f"{found.label}, {found.year} : ce que change 1 % de chaque chiffre de la loi{', en euros par an' if in_euros else ''}"
    shown = Table(title=title, title_justify="left")
    labels = ("Chiffre", "Libellé", "Valeur", "Unité", *_columns(found), "Pour 1 %", "Référence")
    for label in labels:
        shown.add_column(label, justify="left" if label in ("Chiffre", "Libellé", "Unité", "Référence") else "right", overflow="fold")
    for each in found.figures[:most]:
        cells = (each.name, each.label, f"{each.value:.10g}", each.unit, *_cells(found, each))
        shown.add_row(*cells, f"{_amount(each.per_percent, signed=True)}{_marks(each)}", shortened(each.reference))
    out.print(shown)
    for note in _notes(found, most):
        out.print(note, markup=False, style="dim")


def _columns(found: Ranking) -> tuple[str, ...]:
    """Return the headings of the slopes: one where both sides are the same everywhere."""
    step = ("Pas",) if found.by != "derivatives" else ()
    difference = ("Différence, par unité",) if found.by == "both" else ()
    return (*step, "À gauche, par unité", "À droite, par unité", *difference)


def _cells(found: Ranking, each: Sensitivity) -> tuple[str, ...]:
    step = (f"{each.step:.4g}",) if found.by != "derivatives" else ()
    rounding = None if found.by == "both" else each.rounding
    difference = (_slope(each.difference, each.rounding),) if found.by == "both" else ()
    return (*step, _slope(each.left, rounding), _slope(each.right, rounding), *difference)


def _marks(each: Sensitivity) -> str:
    marks = (" ⌐", each.is_kinked), (" *", each.passes_a_jump), (" ≠", each.has_a_step), (" ≥", bool(each.compared_by) and not each.has_a_step)
    return "".join(mark for mark, holds in marks if holds)


def _notes(found: Ranking, most: int) -> list[str]:
    shown = found.figures[:most]
    notes = [f"{len(found.figures)} chiffres changent le résultat, {len(found.unmoved)} autres sont lus et ne le changent pas ; {found.seconds:.0f} s."]
    if len(found.figures) > most:
        notes.append(f"Les {most} premiers sont montrés (--most).")
    if found.by == "differences":
        notes.append("Pentes à gauche et à droite de la valeur, au pas indiqué ; ± : erreur type de l'arrondi des montants, pris pour indépendant.")
    else:
        at_edges = f"{found.at_edges:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        notes.append(f"Dérivées exactes : les arrondis de la loi les laissent passer inchangées ; {at_edges} ménages sont à un seuil, où les côtés diffèrent.")
    if any(not each.exact for each in shown) and found.by != "differences":
        notes.append("± : la loi tire de ce chiffre ce qui n'a pas de dérivée ; c'est une différence, au pas de la documentation.")
    if any(each.is_kinked for each in shown):
        notes.append("⌐ : les deux pentes diffèrent (un seuil, un minimum ou un maximum est atteint).")
    if any(each.passes_a_jump for each in shown):
        notes.append("* : le premier pas franchit un saut (montants arrondis au demi-euro, seuil atteint) ; les pentes sont celles d'au-delà.")
    if any(each.has_a_step for each in shown):
        notes.append(
            "≠ : une marche de la loi (condition d'âge, minimum de perception) change le résultat d'un coup : la pente ne la dit pas, une différence oui."
        )
    compared = {each.name: each.compared_by for each in shown if each.compared_by and not each.has_a_step}
    if compared:
        told = " ; ".join(f"{name} par {', '.join(by[:2])}" for name, by in list(compared.items())[:FEW])
        notes.append(f"≥ : une règle compare ce chiffre ({told}{' …' if len(compared) > FEW else ''}) : qui passe d'un côté à l'autre n'y est pas (--by both).")
    if found.left_out:
        notes.append(f"Non mesurées, tables de trop de codes : {', '.join(found.left_out)}.")
    return notes


def _slope(value: float | None, rounding: float | None) -> str:
    return "–" if value is None else f"{_amount(value)}{f' ± {_amount(rounding)}' if rounding else ''}"


def _amount(value: float, *, signed: bool = False) -> str:
    from analysis.amounts import number
    from analysis.tables import EUROS
    from analysis.wording import told

    if abs(value) < 10:  # noqa: PLR2004 - an indicator, or an amount of nothing
        return number(value, 6 if abs(value) < 1e-2 else 3)  # noqa: PLR2004 - small ones need their digits
    return told(value, EUROS, signed=signed)
