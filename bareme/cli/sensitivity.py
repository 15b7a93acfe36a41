"""`bareme sensitivity`: the figures of the law ranked by how much each moves a result of a population."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from analysis.sensitivity import Ranking, Sensitivity

SCHEMA = "bareme/sensitivity/1"


@click.command("sensitivity")
@click.argument("reform", required=False)
@click.option("--output", default="budget", show_default=True, metavar="RESULT", help='The result, as "budget.impot_revenu" or "gini": what `solve` knows.')
@click.option("--year", type=int, help="The year of incomes and taxes; by default 2022.")
@click.option(
    "--population", type=click.Path(path_type=Path), help="A folder with a table for each entity, or one flat table; else the invented France that is shipped."
)
@click.option("--below", default="", metavar="BRANCH", help="Figures of that branch of the law alone, as impot_revenu.")
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
    most: int,
    unit: str | None,
    form: str,
    law: LawChoice,
) -> None:
    """Rank the figures of the law, that of REFORM or the one in force, by what 1 % of each moves a result by.

    Each figure that the result reads is moved up and down; both slopes are told, per unit of the figure. Results are rounded amounts:
    the steps are stated, and ± is the error that rounding may leave at most.
    """
    from analysis.calls import reform_of
    from analysis.sensitivity import sensitivity
    from bareme.cli.progress import progress_bar

    asked, legislation = None if reform is None else reform_of(reform), law.legislation()
    with progress_bar("Moving figures") as progress:
        found = sensitivity(asked, output, population, year, below=below, law=legislation, unit=unit, watch=progress)
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
    }


def _show(found: Ranking, most: int) -> None:
    from rich.table import Table

    from analysis.figure_words import shortened
    from bareme.cli.summaries import console

    out = console()
    in_euros = found.output.partition(".")[0] == "budget"
    title = f"{found.label}, {found.year} : ce que change 1 % de chaque chiffre de la loi{', en euros par an' if in_euros else ''}"
    shown = Table(title=title, title_justify="left")
    for label in ("Chiffre", "Libellé", "Valeur", "Unité", "Pas", "À gauche, par unité", "À droite, par unité", "Pour 1 %", "Référence"):
        shown.add_column(
            label, justify="right" if label in ("Valeur", "Pas", "À gauche, par unité", "À droite, par unité", "Pour 1 %") else "left", overflow="fold"
        )
    for each in found.figures[:most]:
        marks = f"{' ⌐' if each.is_kinked else ''}{' *' if each.passes_a_jump else ''}"
        reference = shortened(each.reference)
        slopes = (_slope(each.left, each.rounding), _slope(each.right, each.rounding))
        shown.add_row(
            each.name, each.label, f"{each.value:.10g}", each.unit, f"{each.step:.4g}", *slopes, f"{_amount(each.per_percent, signed=True)}{marks}", reference
        )
    out.print(shown)
    for note in _notes(found, most):
        out.print(note, markup=False, style="dim")


def _notes(found: Ranking, most: int) -> list[str]:
    notes = [f"{len(found.figures)} chiffres changent le résultat, {len(found.unmoved)} autres sont lus et ne le changent pas ; {found.seconds:.0f} s."]
    if len(found.figures) > most:
        notes.append(f"Les {most} premiers sont montrés (--most).")
    notes.append("Pentes à gauche et à droite de la valeur, au pas indiqué ; ± : erreur type de l'arrondi des montants, pris pour indépendant.")
    if any(each.is_kinked for each in found.figures[:most]):
        notes.append("⌐ : les deux pentes diffèrent (un seuil, un minimum ou un maximum est atteint).")
    if any(each.passes_a_jump for each in found.figures[:most]):
        notes.append("* : le premier pas franchit un saut (montants arrondis au demi-euro, seuil atteint) ; les pentes sont celles d'au-delà.")
    if found.left_out:
        notes.append(f"Non mesurées, tables de trop de codes : {', '.join(found.left_out)}.")
    return notes


def _slope(value: float | None, rounding: float | None) -> str:
    return "–" if value is None else f"{_amount(value)}{f' ± {_amount(rounding)}' if rounding else ''}"


def _amount(value: float, *, signed: bool = False) -> str:
    from analysis.tables import EUROS
    from analysis.wording import number, told

    if abs(value) < 10:  # noqa: PLR2004 - an indicator, or an amount of nothing
        return number(value, 6 if abs(value) < 1e-2 else 3)  # noqa: PLR2004 - small ones need their digits
    return told(value, EUROS, signed=signed)
