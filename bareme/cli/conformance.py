"""`bareme conformance`: our results against those of the administration's own program."""

from __future__ import annotations

from pathlib import Path

import click

MODULES = ("kcac", "ksfc", "kvlc", "kdec", "ktac", "ktvc", "kcvc")
VARIANTS = ("default", "iliad")


@click.command("conformance")
@click.argument("law", type=click.Choice(["taxe_habitation"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--module", type=click.Choice(MODULES), help="The part of the program that made the file; by default the one whose columns it has.")
@click.option("--variant", type=click.Choice(VARIANTS), default="default", show_default=True, help="The build of the program that made the file.")
@click.option("--shown", type=click.IntRange(min=0), default=20, show_default=True, help="How many mismatches to show in full.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads to use; by default as many as there are cores.")
def command(law: str, file: Path, module: str | None, variant: str, shown: int, threads: int | None) -> None:
    """Run FILE, a file of reference vectors (.csv.gz), and compare every output and return code of every row.

    The last line is `N of M rows equal`; the exit code is 0 only where all are.
    """
    from legislation import france
    from legislation.taxe_habitation.conformite import check
    from population.vectors import engine_calculator

    del law  # there is one so far
    report = check(file, module, engine_calculator(france(), threads=threads), variant=variant, shown=shown)
    click.echo(report.text())
    if not report.is_equal:
        raise click.exceptions.Exit(1)
