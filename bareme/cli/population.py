"""`bareme population`: make an invented France, judge one against the official figures, and say what its files hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from population.france.validation import Compared

FOLDER = click.Path(path_type=Path, file_okay=False)
GIVEN = click.Path(path_type=Path, file_okay=False, exists=True)
SMALL = 1000
SHIPPED_SEED, LARGEST_BASE = 2022, 100_000


@click.group("population")
def command() -> None:
    """Make an invented French population, and judge it against official figures."""


@command.command("make")
@click.option("--households", type=int, default=100_000, show_default=True, help="How many households, at least 2,000.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed gives the same population.")
@click.option("--year", type=int, default=2022, show_default=True, help="The year of the files; amounts and weights are taken there from 2022 by inflators.")
@click.option("--parts", type=click.IntRange(min=1), help="Write so many parts, whatever the number of households: copies of one calibrated population.")
@click.option("--base", type=GIVEN, help="With --parts: the population to copy, instead of one made of at most 100,000 households.")
@click.option("--output", type=FOLDER, required=True, help="The folder for the files, one Parquet for each entity; with --parts a folder for each.")
def make_command(households: int, seed: int, year: int, parts: int | None, base: Path | None, output: Path) -> None:
    """Make an invented France: households whose totals are the official ones.

    Writes one Parquet for each entity, in the form that `bareme simulate --table ENTITY=FILE` reads, and datapackage.json, which describes them.

    With --parts the tables are cut, for populations larger than memory: menage/part-00000.parquet and so on, communes in one file, and
    manifest.json. Beyond 100,000 households these are copies of one calibrated population, with weights shared out among the copies and
    incomes a few percent higher in one copy and lower in the next. Seed 2022 copies the population that is shipped.
    """
    from bareme.cli.output import check_folder
    from population.france.ageing import growth_of_weights
    from population.france.files import YEAR

    if base is not None and parts is None:
        raise click.UsageError("--base is what the parts are copied from: expected --parts with it.")
    check_folder(output)
    growth_of_weights(YEAR, year)  # a year out of reach is told before minutes of work
    if parts is None:
        _make_whole(households, seed, year, output)
    else:
        _make_parts(households, seed, year, parts, base, output)


def _make_whole(households: int, seed: int, year: int, output: Path) -> None:
    import json

    from bareme.cli.output import make_folder, write_text
    from legislation import france
    from population.france.files import YEAR, write
    from population.france.make import make
    from population.france.schema import columns_of_files, schemas
    from population.france.tables import taken_to

    made = make(households, seed, say=lambda step: click.echo(step, err=True))
    tables = taken_to(made.tables, YEAR, year)
    make_folder(output)
    paths = write(tables, output, {"year": year, "seed": seed, "households": households})
    write_text(output / "datapackage.json", json.dumps(schemas(france(), columns_of_files(output)), indent=2, ensure_ascii=False) + "\n")
    ratios = made.calibration.ratios
    click.echo(f"Calibrated in {made.calibration.iterations} steps; weights changed by factors of {ratios.min():.2f} to {ratios.max():.2f}.")
    for path in [*paths.values(), output / "datapackage.json"]:
        click.echo(f"{path} ({path.stat().st_size / 1e3:,.0f} kB)")


def _make_parts(households: int, seed: int, year: int, parts: int, base: Path | None, output: Path) -> None:
    from bareme.cli.output import make_folder
    from legislation import france
    from population.france.files import YEAR, read, shipped
    from population.france.make import make
    from population.france.tables import taken_to
    from population.partitions.making import make_parts

    def say(step: str) -> None:
        click.echo(step, err=True)

    law, made_for = france(), YEAR
    if base is not None:
        tables, about = read(base, law)
        made_for = int(about.get("year", YEAR))
    elif seed == SHIPPED_SEED and households >= LARGEST_BASE:
        tables, _ = shipped()
    else:
        tables = make(min(households, LARGEST_BASE), seed, say=say).tables
    make_folder(output)
    found = make_parts(taken_to(tables, made_for, year), output, law, households, parts, {"year": year, "seed": seed}, say)
    size = sum(file.stat().st_size for file in output.rglob("*.parquet"))
    click.echo(f"{output}: {households:,} households in {len(found.parts)} parts, {size / 1e6:,.0f} MB")


@command.command("split")
@click.argument("folder", type=GIVEN)
@click.option("--parts", type=click.IntRange(min=1), required=True, help="How many parts.")
@click.option("--year", type=int, default=2022, show_default=True, help="The year that columns without `@` are of.")
@click.option("--output", type=FOLDER, required=True, help="The folder for the parts: a folder for each entity.")
@legislation_options
def split_command(folder: Path, parts: int, year: int, output: Path, law: LawChoice) -> None:
    """Cut the tables of FOLDER, one Parquet for each entity, into parts that are computed one after the other.

    Households and all that is linked to them stay in one part; what all need (communes) is shared. Tables are read whole to be cut.
    """
    from bareme.cli.output import check_folder, make_folder
    from population.partitions.splitting import split

    check_folder(output)
    make_folder(output)
    found = split(folder, output, law.legislation(), parts, year=year, say=lambda step: click.echo(step, err=True))
    click.echo(f"{output}: {len(found.parts)} parts of {', '.join(found.entities)}; shared by all: {', '.join(found.shared) or 'nothing'}")


@command.command("validate")
@click.option("--population", "folder", type=GIVEN, help="The folder of a population; by default the one that Barème ships.")
@click.option("--year", type=int, help="Only the lines measured in this year; by default all.")
@click.option("--sources", is_flag=True, help="Show the source of each official figure.")
def validate_command(folder: Path | None, year: int | None, sources: bool) -> None:
    """Show a population beside the official figures, line by line, with the error of each.

    Lines marked `target` were used to calibrate the weights, lines marked `held out` never were.
    """
    from legislation import france
    from population.france.schema import check
    from population.france.validation import WORDS, summaries, validate

    if folder is not None:
        check(folder, france())
    compared = validate(folder, year)
    if not compared:
        raise click.UsageError(f"No line is measured in {year}.")
    _show(compared, WORDS, sources=sources)
    click.echo()
    for summary in summaries(compared):
        if summary.of:
            click.echo(f"{summary.use}: {summary.within} of {summary.of} within {summary.bound:.0%}")


@command.command("schema")
@click.option("--population", "folder", type=GIVEN, help="The folder of a population; by default the one that Barème ships.")
def schema_command(folder: Path | None) -> None:
    """Print the Table Schemas (Frictionless) of a population's files."""
    import json
    from importlib.resources import as_file, files

    from legislation import france
    from population.france.schema import columns_of_files, schemas

    if folder is not None:
        names = columns_of_files(folder)
    else:
        with as_file(files("population.france") / "donnees") as shipped:
            names = columns_of_files(shipped)
    click.echo(json.dumps(schemas(france(), names), indent=2, ensure_ascii=False))


def _show(compared: Sequence[Compared], words: dict[str, str], *, sources: bool) -> None:
    from rich.table import Table

    from bareme.cli.summaries import console

    table = Table(title="The population and the official figures", title_justify="left")
    table.add_column("", max_width=42)
    for name in ("simulated", "official", "error"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("use", no_wrap=True)
    table.add_column("year", justify="right", no_wrap=True)
    if sources:
        table.add_column("source")
    for one in compared:
        error = one.error
        cells = [one.line.libelle, _number(one.simulated), _number(one.line.valeur), "not computed" if error is None else f"{error:+.2%}"]
        table.add_row(*cells, words[one.line.usage], str(one.line.en), *([one.line.source] if sources else []))
    console().print(table)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= SMALL else f"{value:,.3f}"
