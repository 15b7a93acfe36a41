"""`bareme curve`: results of a household over a range of income, with every jump and the rule that makes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from analysis.curve import Curve
    from analysis.curve_line import Line
    from engine.legislation import Legislation
    from engine.situation import Situation

SUFFIXES = (".svg", ".html", ".json", ".csv")
NET = "revenu_disponible"
MOST_LISTED = 10


@click.command("curve")
@click.argument("situation", type=click.Path(path_type=Path))
@click.option(
    "--vary",
    required=True,
    metavar="NAME[@ROW]",
    help="The input that varies, and whose: the id of a person (or other row) of the situation; by default the first.",
)
@click.option("--from", "start", type=float, default=0.0, show_default=True, help="The first amount.")
@click.option("--to", "stop", type=float, required=True, help="The last amount.")
@click.option("--variables", required=True, help="The results, separated by commas; added up over the period and over the rows of the situation.")
@click.option("--period", "at", required=True, help="The period of results, and of the amount that varies: a year's is shared by its months.")
@click.option(
    "--points", type=click.IntRange(min=2), default=401, show_default=True, help="How many points the grid has; thresholds between are found exactly."
)
@click.option(
    "--years-before", type=click.IntRange(min=0), default=0, show_default=True, help="In how many years before the income is the same: rights look at them."
)
@click.option("--net", help=f"The result that the household keeps, from which the marginal rate is drawn; by default `{NET}`, where it is among the results.")
@click.option("--smallest", type=click.FloatRange(min=0.01), default=1.0, show_default=True, help="Jumps from so many euros on are marked.")
@click.option("--title", default="", help="The title of the drawing.")
@click.option("--output", type=click.Path(path_type=Path), help="The file to write: .svg, .html, .json or .csv; without it, the jumps are listed.")
@legislation_options
def command(
    situation: Path,
    vary: str,
    start: float,
    stop: float,
    variables: str,
    at: str,
    points: int,
    years_before: int,
    net: str | None,
    smallest: float,
    title: str,
    output: Path | None,
    law: LawChoice,
) -> None:
    """Draw results of the household in SITUATION (JSON or YAML) as an income moves, and mark each jump with the rule and article that makes it.

    The curve is computed in one run; derivatives are exact, and thresholds between the points of the grid are found where the one-sided
    derivatives of neighbours do not agree.
    """
    from analysis.curve import curve
    from bareme.cli.output import check_output

    if output is not None:
        check_output(output, [situation], SUFFIXES)
    legislation = law.legislation()
    names = [name.strip() for name in variables.split(",") if name.strip()]
    if net is not None and net not in names:
        raise click.UsageError(f"--net {net}: expected one of --variables ({', '.join(names)}).")
    found = curve(_line(legislation, situation, vary, names, at, years_before), start, stop, points)
    if output is not None:
        _write(found, output, _Drawing(title or situation.stem, net or (NET if NET in names else None), smallest))
    _tell(found, smallest)


@dataclass(frozen=True)
class _Drawing:
    title: str
    net: str | None
    smallest: float


def _line(law: Legislation, file: Path, vary: str, names: list[str], at: str, years_before: int) -> Line:
    from analysis.curve_line import Line
    from engine.periods import period
    from population.situations import read_document

    when = period(at)
    situation = read_document(file, law, when).situation
    name, _, row = vary.partition("@")
    rule = law.variable(name)
    return Line(law, situation, name, _row(situation, rule.entity.key, row), when, tuple((each, when) for each in names), years_before)


def _row(situation: Situation, entity: str, id_: str) -> int:
    if id_:
        return situation.row(entity, id_)
    if not situation.population.counts[entity]:
        raise click.UsageError(f"The situation has no `{entity}`.")
    return 0


def _write(found: Curve, output: Path, drawing: _Drawing) -> None:
    from analysis import curve_tables
    from bareme.cli.output import write_text

    kind = output.suffix.lower()
    if kind == ".json":
        write_text(output, curve_tables.as_json(found))
    elif kind == ".csv":
        write_text(output, curve_tables.as_csv(found))
    else:
        from analysis.curve_drawing import as_svg

        svg = as_svg(found, drawing.title, drawing.net, drawing.smallest)
        write_text(output, svg if kind == ".svg" else curve_tables.as_html(found, svg, drawing.title))


def _tell(found: Curve, smallest: float) -> None:
    """List the largest jumps."""
    from analysis.curve_tables import amount_of, rule_of
    from analysis.roundings import lines_of

    cliffs = sorted((cliff for name in found.variables for cliff in found.cliffs(name, smallest)), key=lambda cliff: -abs(cliff.jump))
    bends = sum(1 for threshold in found.thresholds if not any(step.jump for step in threshold.steps))
    click.echo(f"Sauts d'au moins {amount_of(smallest)} € : {len(cliffs)} ; changements de pente sans saut : {bends}.")
    for cliff in cliffs[:MOST_LISTED]:
        why = " ; ".join(rule_of(cause) for cause in cliff.causes[:2]) or "règle non trouvée"
        click.echo(f"{amount_of(cliff.at):>14} €  {cliff.variable} {amount_of(cliff.jump, signed=True)} €  {why}")
    if found.roundings:
        click.echo("Marches d'arrondis :")
        for line in lines_of(list(found.roundings[:MOST_LISTED])):
            click.echo(f"  {line}")
