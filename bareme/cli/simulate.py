"""`bareme simulate`: the law over a user's tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from population.results import EntityResults

PER_ENTITY = "{entity}"
WHERE = (
    "Keep only the rows for which this holds, in file and summary: an expression over the results and return codes, each comparison in parentheses, "
    "as \"(a > 1000) & (b == 'member')\". Rows whose results used here are refused by the law are left out."
)


def _table_option(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> dict[str, Path]:
    tables: dict[str, Path] = {}
    for value in values:
        entity, equals, file = value.partition("=")
        if not equals or not entity or not file:
            raise click.BadParameter(f"`{value}` is not ENTITY=FILE.")
        if entity in tables:
            raise click.BadParameter(f"`{entity}` has two tables, {tables[entity]} and {file}: expected one.")
        tables[entity] = Path(file)
    return tables


def _names(_context: click.Context, _parameter: click.Parameter, value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


@click.command("simulate")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--table", "tables", multiple=True, metavar="ENTITY=FILE", callback=_table_option, help="The table of one entity; once per entity, instead of FILE."
)
@click.option("--period", "at", required=True, help="The period of the run, as 2017 or 2017-01.")
@click.option("--variables", required=True, callback=_names, help="The results wanted, separated by commas: `name`, or `name@period`.")
@click.option("--output", required=True, help="The file to write: .parquet, .csv or .arrow. For results of several entities, a name with {entity} in it.")
@click.option(
    "--reform", "reforms", multiple=True, metavar="FILE", help="A reform of the law, as YAML or the dotted name of one in Python; one after the other."
)
@click.option("--where", "expression", help=WHERE)
@click.option("--threads", type=click.IntRange(min=1), help="Threads to use; by default as many as there are cores.")
@click.option("--block-rows", type=click.IntRange(min=1), help="Rows evaluated at once; changes the speed, never the result.")
def command(
    file: Path | None,
    tables: dict[str, Path],
    at: str,
    variables: list[str],
    output: str,
    reforms: tuple[str, ...],
    expression: str | None,
    threads: int | None,
    block_rows: int | None,
) -> None:
    """Run the law over FILE, one flat table whose rows are cases of their own, or over one --table per entity.

    Columns are variables of the law (`name`, or `name@2017-01` where the period must be said), `weight`, and in tables of several
    entities `<entity>_id` and `<entity>_role`. Tables are CSV, Parquet or Arrow. Rows that the law refuses keep their place with
    their return code and empty results.
    """
    if (file is None) == (not tables):
        raise click.UsageError("Give either FILE or --table ENTITY=FILE, once per entity.")
    if not variables:
        raise click.UsageError("--variables names none: expected at least one.")
    from bareme.cli.output import check_output, write_tables
    from bareme.cli.progress import progress_bar
    from bareme.cli.summaries import show
    from engine.periods import period
    from engine.reform import chained, read_reform
    from legislation import france
    from population.results import calculate, to_table
    from population.selection import select_rows
    from population.tables import read_flat_table, read_tables

    law, when = chained(*map(read_reform, reforms))(france()), period(at)
    inputs = list(tables.values()) if file is None else [file]
    names = [name.partition("@")[0] for name in variables]
    for entity in dict.fromkeys(law.variable(name).entity.key for name in names if name in law.variables) or [""]:
        check_output(output.replace(PER_ENTITY, entity), inputs)
    columns = read_tables(tables, law, when) if file is None else read_flat_table(file, law, when)
    with progress_bar("Calculating") as progress:
        groups = calculate(columns, law, variables, when, threads=threads, block_rows=block_rows, progress=progress)
    if expression is not None:
        groups = select_rows(groups, expression)
    if file is None or PER_ENTITY in output:
        write_tables({path: to_table([group]) for path, group in _paths(output, groups).items()})
    else:
        write_tables({Path(output): to_table(groups)})
    show(groups, law.refusal_labels)


def _paths(output: str, groups: Sequence[EntityResults]) -> dict[Path, EntityResults]:
    if len(groups) > 1 and PER_ENTITY not in output:
        names = ", ".join(group.entity for group in groups)
        raise DataError(f"The variables asked for are of several entities ({names}): give an --output with {PER_ENTITY} in its name, one file for each.")
    return {Path(output.replace(PER_ENTITY, group.entity)): group for group in groups}
