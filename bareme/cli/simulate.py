"""`bareme simulate`: the law over a user's tables, over a population of France, or over a situation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.bundle_option import BundleChoice, bundle_options
from bareme.cli.legislation_option import LawChoice, legislation_options
from bareme.cli.parts_option import PartsChoice, parts_options
from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bareme.bundles.writing import Record
    from engine.legislation import Legislation
    from population.columns import Columns
    from population.results import EntityResults

PER_ENTITY = "{entity}"
SHIPPED = "shipped"
DOCUMENT = "situation.json"
SITUATIONS = (".json", ".yaml", ".yml")
WHERE = (
    "Keep only the rows for which this holds, in file and summary: an expression over the results and return codes, each comparison in parentheses, "
    "as \"(a > 1000) & (b == 'member')\". Rows whose results used here are refused by the law are left out."
)


def table_option(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> dict[str, Path]:
    """Return the tables that options name, by entity. Raises BadParameter."""
    return tables_of(values)


def tables_of(values: Sequence[str]) -> dict[str, Path]:
    """Return tables by entity, given as ENTITY=FILE. Raises BadParameter."""
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
    "--table", "tables", multiple=True, metavar="ENTITY=FILE", callback=table_option, help="The table of one entity; once per entity, instead of FILE."
)
@click.option(
    "--population",
    "population",
    is_flag=False,
    flag_value=SHIPPED,
    metavar="[FOLDER]",
    help="Instead of FILE: the invented France that is shipped, or a population of the same form in FOLDER, checked against its Table Schema.",
)
@click.option("--period", "at", help="The period of the run, as 2017 or 2017-01. A situation that says every period needs none.")
@click.option("--variables", default="", callback=_names, help="The results wanted, separated by commas: `name`, or `name@period`.")
@click.option("--output", help="The file to write: .parquet, .csv or .arrow. For results of several entities, a name with {entity} in it.")
@legislation_options
@click.option("--where", "expression", help=WHERE)
@parts_options
@bundle_options
@click.option("--threads", type=click.IntRange(min=1), help="Threads to use; by default as many as there are cores.")
@click.option("--block-rows", type=click.IntRange(min=1), help="Rows evaluated at once; changes the speed, never the result.")
def command(
    file: Path | None,
    tables: dict[str, Path],
    population: str | None,
    at: str | None,
    variables: list[str],
    output: str | None,
    law: LawChoice,
    expression: str | None,
    threads: int | None,
    block_rows: int | None,
    bundle: BundleChoice,
    parts: PartsChoice,
) -> None:
    """Run the law over FILE, one flat table whose rows are cases of their own, over one --table per entity, over a --population, or over a situation.

    Columns are variables of the law (`name`, or `name@2017-01` where the period must be said), `weight`, and in tables of several
    entities `<entity>_id` and `<entity>_role`. Tables are CSV, Parquet or Arrow. Rows that the law refuses keep their place with
    their return code and empty results.

    A --population is France of the year of --period: its incomes and weights are taken there by official series, with the rates that communes voted.
    `bareme population schema` describes the files of one.

    A FILE in JSON or YAML is one situation, in the form of OpenFisca's web API: values that are null there, and --variables, are
    computed, and the document is given back with them, to a .json --output or to the screen. Any other --output gets tables.

    A --bundle keeps the results beside all that is needed to compute them again; no --output is needed with it.

    A --population cut into parts (`bareme population make --parts`, `split`), or --table ENTITY=FOLDER for each entity, is computed part by part within
    --memory: --output is a folder, with ENTITY/part-00000.parquet for each part. What is finished stays, and a run that was cut off goes on from there.
    """
    if (file is not None) + bool(tables) + (population is not None) != 1:
        raise click.UsageError("Give either FILE or --table ENTITY=FILE, once per entity, or --population.")
    is_situation = file is not None and file.suffix.lower() in SITUATIONS
    if not is_situation:
        missing = [option for option, value in (("--period", at), ("--variables", variables), ("--output", output or bundle.folder)) if not value]
        if missing:
            raise click.UsageError(f"Missing {', '.join(missing)}: expected a period, at least one variable, and a file to write.")
    legislation = law.legislation()
    in_parts = {entity: path for entity, path in tables.items() if path.is_dir()}
    if in_parts or (population not in (None, SHIPPED) and parts.applies(Path(str(population)))):
        asked = {"variables": tuple(variables), "at": str(at), "where": expression, "threads": threads, "block_rows": block_rows}
        with bundle.of(legislation) as record:
            _in_parts(parts, law, tables if in_parts else Path(str(population)), output, asked, record)
        return
    parts.applies(None)
    with bundle.of(legislation) as record:
        run = Run(legislation, at, variables, output, expression, {"threads": threads, "block_rows": block_rows}, record)
        if file is not None and is_situation:
            run.on_situation(file)
        elif population is not None:
            run.on_population(None if population == SHIPPED else Path(population))
        else:
            run.on_tables(file, tables)


def _in_parts(parts: PartsChoice, law: LawChoice, given: Path | dict[str, Path], output: str | None, asked: Mapping[str, Any], record: Record | None) -> None:
    """Compute a population in parts, and write a file of results for each part; without an --output they are in the bundle alone."""
    from population.partitions.work import FILE

    if record is None:
        parts.simulate(law, given, Path(str(output)), asked)
        return
    folder = record.results if output is None else Path(output)
    files = replace(parts, is_for_bundle=True).simulate(law, given, folder, asked)
    if output is None:
        (folder / FILE).unlink()  # there is no going on from it
        return
    for file in files:
        record.add_file(file, file.relative_to(folder).as_posix())


@dataclass(frozen=True)
class Run:
    """What a user asks of a law."""

    law: Legislation
    at: str | None
    variables: list[str]
    output: str | None
    expression: str | None
    speed: Mapping[str, Any]
    record: Record | None = None

    def on_tables(self, file: Path | None, tables: dict[str, Path]) -> None:
        """Compute tables, and write tables."""
        from engine.periods import period
        from population.tables import read_flat_table, read_tables

        when = period(str(self.at))
        if self.output is not None:
            self.check_output(list(tables.values()) if file is None else [file])
        columns = read_tables(tables, self.law, when) if file is None else read_flat_table(file, self.law, when)
        self.write(self.calculated(columns), together=file is not None)

    def on_population(self, folder: Path | None) -> None:
        """Compute the shipped population, or that of a folder, and write tables."""
        from engine.periods import period
        from population.france.schema import population_of

        year = period(str(self.at)).start.year
        if self.output is not None:
            self.check_output([] if folder is None else sorted(folder.glob("*.parquet")))
        self.write(self.calculated(population_of(folder, self.law, year)), together=False)

    def calculated(self, columns: Columns) -> Sequence[EntityResults]:
        """Return the variables wanted, while a bar shows how far it is."""
        from bareme.cli.progress import progress_bar
        from engine.periods import period
        from population.results import calculate

        with progress_bar("Calculating") as progress:
            return calculate(columns, self.law, self.variables, period(str(self.at)), progress=progress, **self.speed)

    def on_situation(self, file: Path) -> None:
        """Compute a situation; write tables, or the document with what was asked for."""
        import json

        from bareme.cli.output import check_output, write_text
        from population.situations import read_document

        is_document = self.output is None or self.output.lower().endswith(".json")
        if is_document and self.expression is not None:
            raise click.UsageError("--where chooses rows of tables: expected an --output that ends in .csv, .parquet or .arrow.")
        if self.output is not None:
            if is_document:
                check_output(self.output, [file], (".json",))
            else:
                self.check_output([file])
        document = read_document(file, self.law, self.at)
        groups = document.calculate(self.variables, **self.speed)
        if not is_document:
            self.write(groups, together=False)
            return
        text = json.dumps(document.filled(groups), indent=2, ensure_ascii=False)
        if self.output is None:
            click.echo(text)
        else:
            write_text(Path(self.output), f"{text}\n")
        if self.record is not None:
            self.record.add(Path(self.output or DOCUMENT).name, f"{text}\n".encode())

    def check_output(self, inputs: Sequence[Path]) -> None:
        """Raise DataError where a table of results could not be written."""
        from bareme.cli.output import check_output

        names = [name.partition("@")[0] for name in self.variables]
        entities = dict.fromkeys(self.law.variable(name).entity.key for name in names if name in self.law.variables)
        for entity in entities or [""]:
            check_output(str(self.output).replace(PER_ENTITY, entity), inputs)

    def write(self, groups: Sequence[EntityResults], *, together: bool) -> None:
        """Write tables, `together` in one where no name for each entity is given, and show a summary."""
        from bareme.cli.output import write_tables
        from bareme.cli.summaries import show
        from population.results import to_table
        from population.selection import select_rows

        if self.expression is not None:
            groups = select_rows(groups, self.expression)
        output = self._output(together=together)
        if together and PER_ENTITY not in output:
            paths = {Path(output): to_table(groups)}
        else:
            paths = {path: to_table([group]) for path, group in _paths(output, groups).items()}
        write_tables(paths)
        if self.record is not None and self.output is not None:
            for path in paths:
                self.record.add_file(path)
        show(groups, self.law.refusal_labels)

    def _output(self, *, together: bool) -> str:
        """Return the file to write: the bundle's own where no other is named."""
        if self.output is not None:
            return self.output
        assert self.record is not None
        return str(self.record.results / ("results.parquet" if together else f"{PER_ENTITY}.parquet"))


def _paths(output: str, groups: Sequence[EntityResults]) -> dict[Path, EntityResults]:
    if len(groups) > 1 and PER_ENTITY not in output:
        names = ", ".join(group.entity for group in groups)
        raise DataError(f"The variables asked for are of several entities ({names}): give an --output with {PER_ENTITY} in its name, one file for each.")
    return {Path(output.replace(PER_ENTITY, group.entity)): group for group in groups}
