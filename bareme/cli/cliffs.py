"""`bareme cliffs`: the rules that make a household's result fall or rise at once within its next euros, over a population."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from analysis.cliffs import CliffOfRule
    from analysis.study import Study

SCHEMA = "bareme/cliffs/1"
FEW = 10
"""A rule met by fewer households of the sample is no estimate."""


@click.command("cliffs")
@click.option("--input", "income", default="salaire_brut", show_default=True, help="The income that rises: an input of persons or tax households.")
@click.option("--output", default="revenu_disponible", show_default=True, help="The result that is followed: a variable of households.")
@click.option("--year", type=int, help="The year of incomes and results; by default 2022.")
@click.option(
    "--population", type=click.Path(path_type=Path), help="A folder with a table for each entity, or one flat table; else the invented France that is shipped."
)
@click.option("--reach", type=click.FloatRange(min=1), default=1_000.0, show_default=True, help="By how many euros the income rises at most.")
@click.option("--smallest", type=click.FloatRange(min=0.01), default=50.0, show_default=True, help="Jumps from so many euros on are told.")
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    default=4_000,
    show_default=True,
    help="How many households stand for all; 0: all of them.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The seed of the sample.")
@click.option(
    "--years-before", type=click.IntRange(min=0), default=2, show_default=True, help="In how many years before the income rises too: rights look at them."
)
@click.option("--unit", help="The entity told of as household: menage or foyer_fiscal.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@legislation_options
def command(
    income: str,
    output: str,
    year: int | None,
    population: Path | None,
    reach: float,
    smallest: float,
    sample: int,
    seed: int,
    years_before: int,
    unit: str | None,
    form: str,
    law: LawChoice,
) -> None:
    """List the rules that make households' results jump within their next euros: how many meet each, weighted, and by how much.

    The largest earner of each household earns more, up to --reach; its largest jump on the way is found exactly. Rules that round coarsely,
    as an income rounded up to the next hundred euros, are told with the distance between two steps.
    """
    from analysis.calls import study
    from analysis.cliffs import largest_cliffs

    found = study(population, year, law=law.legislation(), unit=unit, replicates=0)
    drawn = sample if 0 < sample < found.households.count else None  # a sample as large as the population is the population
    cliffs = largest_cliffs(found, income, output, reach=reach, smallest=smallest, sample=drawn, seed=seed, years_before=years_before)
    asked = {"input": income, "output": output, "year": found.year, "reach": reach, "smallest": smallest, "sample": drawn, "seed": seed}
    if form == "json":
        click.echo(json.dumps({"schema": SCHEMA, **asked, "cliffs": [asdict(each) for each in cliffs]}, indent=2, ensure_ascii=False))
    else:
        _show(cliffs, found, asked)


def _show(cliffs: list[CliffOfRule], found: Study, asked: dict[str, Any]) -> None:
    from rich.table import Table

    from analysis.curve_tables import amount_of
    from analysis.figure_words import shortened
    from analysis.tables import EUROS
    from analysis.wording import told
    from bareme.cli.summaries import console

    out = console()
    title = f"{asked['output']}, {found.year} : ce que fait d'un coup le prochain euro de {asked['input']}, dans les {amount_of(asked['reach'])} € qui suivent"
    shown = Table(title=title, title_justify="left")
    for label in ("Règle", "Référence", "Ménages", "Saut moyen", "Le plus grand", "Ensemble", "Distance moyenne", "Observés"):
        shown.add_column(label, justify="left" if label in ("Règle", "Référence") else "right", overflow="fold")
    for each in cliffs:
        jumps = (f"{amount_of(value, signed=True, decimals=0)} €" for value in (each.mean_jump, each.largest_jump))
        often = f"tous les {amount_of(each.every, decimals=0)} €" if each.every is not None else f"{amount_of(each.mean_distance, decimals=0)} €"
        cells = (f"{each.rule}\n{each.label}", shortened(each.references), amount_of(each.households, decimals=0), *jumps)
        shown.add_row(*cells, told(each.total, EUROS, signed=True), often, f"{each.observed}{' °' if each.observed < FEW else ''}")
    out.print(shown)
    everybody = amount_of(found.households.count, decimals=0)
    counted = f"tous les ménages de la population ({everybody})"
    if asked["sample"] is not None:
        counted = f"{amount_of(asked['sample'], decimals=0)} ménages tirés au sort parmi {everybody} (graine {asked['seed']})"
    notes = [f"{len(cliffs)} règles ; sauts d'au moins {amount_of(asked['smallest'])} €, du plus gros gagneur de chaque ménage ; {counted}."]
    if any(each.every is not None for each in cliffs):
        notes.append("« tous les … » : un arrondi de la règle fait des marches de cette taille, à cette distance l'une de l'autre.")
    if any(each.observed < FEW for each in cliffs):
        notes.append(f"° : moins de {FEW} ménages observés, ce n'est pas une estimation.")
    for note in notes:
        out.print(note, markup=False, style="dim")
