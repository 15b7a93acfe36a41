"""`bareme solve`: the value of a figure of the law with which a reform reaches a target."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bareme.cli.bundle_option import BundleChoice, bundle_options
from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from analysis.solving import Solution, Step


def _bounds(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[float, float] | None:
    if value is None:
        return None
    try:
        low, high = (float(part) for part in value.split(","))
    except ValueError as error:
        raise click.BadParameter(f"`{value}` is no pair of numbers: expected LOW,HIGH, as 0.3,0.5.") from error
    return low, high


@click.command("solve")
@click.argument("reform", required=False)
@click.option("--parameter", required=True, metavar="PATH", help="The figure of the law to be found, as impot_revenu.bareme.brackets[4].rate.")
@click.option("--target", required=True, metavar='"RESULT = NUMBER"', help='The result wanted, as "budget = 0", "budget.impot_revenu = 1e9" or "gini = 0.29".')
@click.option("--year", type=int, help="The year of incomes and taxes; by default 2022.")
@click.option(
    "--population", type=click.Path(path_type=Path), help="A folder with a table for each entity, or one flat table; else the invented France that is shipped."
)
@click.option("--date", help="From when on the figure holds; by default the first of January of the year.")
@click.option("--between", metavar="LOW,HIGH", callback=_bounds, help="Where to search; by default ever wider around the reform's own value.")
@click.option("--tolerance", type=float, help="How far the result may be from the target, in its own unit; by default a millionth of its span.")
@click.option("--unit", help="The entity told of as household: menage or foyer_fiscal.")
@bundle_options
@legislation_options
def command(
    reform: str | None,
    parameter: str,
    target: str,
    year: int | None,
    population: Path | None,
    date: str | None,
    between: tuple[float, float] | None,
    tolerance: float | None,
    unit: str | None,
    law: LawChoice,
    bundle: BundleChoice,
) -> None:
    """Find the value of a figure with which REFORM (a YAML file or a dotted name) reaches a target, by bisection and interpolation.

    Without REFORM, that figure alone is changed in the law in force.
    Results are steps: taxes are rounded to euros. Where the result jumps over the target, the nearest is given and it is said so.
    """
    from analysis.calls import reform_of, study
    from analysis.solving import solve

    asked, legislation = reform_of({} if reform is None else reform), law.legislation()
    reformed = asked(legislation)
    with bundle.of(legislation) as record:
        found = study(population, year, law=legislation, unit=unit, replicates=0)
        solved = solve(asked, found, parameter, target, date=date, between=between, tolerance=tolerance, watch=lambda step: _show_step(step, target))
        _show(solved)
        if record is not None:
            record.add_reform(asked.words, reformed)
            record.add("solution.json", json.dumps({**asdict(solved), "is_reached": solved.is_reached}, indent=2, ensure_ascii=False).encode())


def _number(name: str, value: float) -> str:
    """Return a result in the digits that it has: euros and counts whole, shares and ratios with six decimals."""
    is_ratio = name in ("gini", "taux_pauvrete", "s80_s20")
    return f"{value:,.6f}" if is_ratio else f"{value:z,.0f}" if abs(value) >= 1 or value == 0 else f"{value:.2g}"


def _show_step(step: Step, target: str) -> None:
    click.echo(f"  {step.value:>16.9g}  ->  {_number(target.partition('=')[0].strip(), step.result)}")


def _show(found: Solution) -> None:
    name = found.target.name
    click.echo(f"{found.parameter} = {found.value:.9g} from {found.date} on (it was {found.before:g})")
    click.echo(f"{name} = {_number(name, found.result)}, wanted {_number(name, found.target.goal)}, tolerance {found.tolerance:,.6g}")
    if not found.is_reached:
        click.echo(f"`{name}` jumps over the target there (amounts are rounded, households are counted): this is the nearest.")
