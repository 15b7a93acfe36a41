"""`bareme impact`: what a reform does to the budget, to households and to inequality."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.bundle_option import BundleChoice, bundle_options
from bareme.cli.legislation_option import LawChoice, legislation_options
from bareme.cli.parts_option import PartsChoice, parts_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.impact import Impact
    from bareme.bundles.writing import Record
    from engine.legislation import Legislation
    from engine.reform import Reform


@click.command("impact")
@click.argument("reform")
@click.option("--year", "years", type=int, multiple=True, help="The year of incomes and taxes; several times for several years. By default 2022.")
@click.option(
    "--population", type=click.Path(path_type=Path), help="A folder with a table for each entity, or one flat table; else the invented France that is shipped."
)
@click.option("--against", metavar="BILL", help="The draft bill that REFORM amends: the effect is told in three layers.")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="A folder for the data package, the workbook, the report and its charts.")
@click.option("--details", is_flag=True, help="Print every table whole: departments, taxes and benefits that do not change, means of each group.")
@click.option("--disclosure", is_flag=True, help="Refuse cells of less than 11 observations, or of which one makes over 85 %.")
@click.option("--constant-euros", type=int, metavar="YEAR", help="Amounts in the prices of that year.")
@click.option("--unit", help="The entity told of as household: menage or foyer_fiscal.")
@click.option("--replicates", type=click.IntRange(min=2), default=100, show_default=True, help="Bootstrap replicates behind the sampling errors.")
@click.option("--seed", type=int, default=20221122, show_default=True, help="What the replicates are drawn from.")
@parts_options
@bundle_options
@legislation_options
def command(
    reform: str,
    years: Sequence[int],
    population: Path | None,
    against: str | None,
    output: Path | None,
    details: bool,
    disclosure: bool,
    constant_euros: int | None,
    unit: str | None,
    replicates: int,
    seed: int,
    law: LawChoice,
    bundle: BundleChoice,
    parts: PartsChoice,
) -> None:
    """Tell what REFORM, a YAML file or a dotted name, does to a population.

    The budget by tax and benefit, households gaining and losing by decile, family, age, tenure and department, who enters and leaves the
    income tax, inequality before and after; each figure with its sampling error after ±. A reform that has a `base`, or is held --against
    a bill, is told in three layers: law in force, bill, amendment.

    The terminal shows what changes, in 120 columns; --details prints every table whole, --output writes them all to files.

    A --bundle keeps the data package of the results beside all that is needed to compute them again; tables, and parts, by their hashes.

    A --population cut into parts (`bareme population make --parts`, `split`) is computed part by part, within --memory; what is finished is kept
    in --work, and a run that was cut off goes on from there.
    """
    from analysis.calls import impact, reform_of

    if output is not None:
        from bareme.cli.output import check_folder

        check_folder(output)
    asked = reform_of(reform)  # what is wrong with a reform is told before a population is read
    bill = None if against is None else reform_of(against)
    legislation = law.legislation()
    asked_of_law = asked if bill is None else _chained(bill, asked)
    asked_of_law(legislation)
    in_parts = parts.applies(population)
    options: dict[str, Any] = {"unit": unit, "replicates": replicates, "seed": seed, "disclosure": disclosure}
    with bundle.of(legislation) as record:
        if in_parts:
            assert population is not None
            run = replace(parts, is_for_bundle=record is not None)
            found = run.impact(asked if bill is None else asked_of_law, population, years, law, constant_euros, options)
        else:
            found = impact(asked, population, years or None, against=bill, constant_euros=constant_euros, law=legislation, **options)
        _tell(found, output, details=details)
        if record is not None:
            _keep(record, found, asked_of_law, legislation)


def _tell(found: Impact, output: Path | None, *, details: bool) -> None:
    """Show an impact, and write its files."""
    from bareme.cli.impact_tables import show

    show(found, details=details)
    if output is not None:
        from analysis.publication import publish

        for path in publish(found, output):
            click.echo(f"{path}")


def _keep(record: Record, found: Impact, reform: Reform, law: Legislation) -> None:
    """Put the data package of an impact, and the reforms that it tells of, into a bundle."""
    from analysis.publication.data_package import data_package
    from engine.reform import layers

    for layer in layers(reform):
        law = layer(law)
        record.add_reform(layer.words, law)
    for name, content in data_package(found).items():
        record.add(name, content)


def _chained(bill: Any, amendment: Any) -> Any:
    from engine.reform import amended

    return amended(bill, amendment)
