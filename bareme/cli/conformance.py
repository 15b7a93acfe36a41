"""`bareme conformance`: our results against those of the administration's own programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from legislation.impot_revenu.conformite import Report as IncomeTaxReport
    from legislation.taxe_habitation.rapport import Report as HousingTaxReport

MODULES = ("kcac", "ksfc", "kvlc", "kdec", "ktac", "ktvc", "kcvc")
VARIANTS = ("default", "iliad")
HOUSING_TAX, INCOME_TAX = "taxe_habitation", "impot_revenu"


@click.command("conformance")
@click.argument("law", type=click.Choice([HOUSING_TAX, INCOME_TAX]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--module", type=click.Choice(MODULES), help="The part of the program that made the file; by default the one whose columns it has.")
@click.option("--variant", type=click.Choice(VARIANTS), help="The build of the program that made the file; `default` if not said.")
@click.option("--set", "subset", help="Of a file of households, only the rows of that set.")
@click.option("--year", type=click.IntRange(2017), help="The year of the incomes of a file of households; 2022 if not said.")
@click.option("--shown", type=click.IntRange(min=0), default=20, show_default=True, help="How many mismatches to show in full.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads to use; by default as many as there are cores.")
def command(law: str, file: Path, module: str | None, variant: str | None, subset: str | None, year: int | None, shown: int, threads: int | None) -> None:
    """Run FILE, a file of reference results (.csv.gz), and compare what the official program found in every row.

    The last line is `N of M rows equal`; the exit code is 0 only where all are.
    """
    if law == INCOME_TAX and (module or variant):
        raise click.UsageError("`--module` and `--variant` are for taxe_habitation.")
    if law == HOUSING_TAX and (subset or year):
        raise click.UsageError("`--set` and `--year` are for impot_revenu.")
    report = _income_tax(file, subset, year, shown, threads) if law == INCOME_TAX else _housing_tax(file, module, variant or VARIANTS[0], shown, threads)
    click.echo(report.text())
    if not report.is_equal:
        raise click.exceptions.Exit(1)


def _housing_tax(file: Path, module: str | None, variant: str, shown: int, threads: int | None) -> HousingTaxReport:
    from legislation import france
    from legislation.taxe_habitation.conformite import check
    from population.vectors import engine_calculator

    return check(file, module, engine_calculator(france(), threads=threads), variant=variant, shown=shown)


def _income_tax(file: Path, subset: str | None, year: int | None, shown: int, threads: int | None) -> IncomeTaxReport:
    from legislation import france
    from legislation.impot_revenu.conformite import DEFAULT_YEAR, check
    from population.households import engine_calculator

    return check(file, engine_calculator(france(), threads=threads), subset=subset, year=year or DEFAULT_YEAR, shown=shown)
