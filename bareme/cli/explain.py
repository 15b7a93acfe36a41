"""`bareme explain`: why a result is what it is, rule by rule, and what to ask next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.legislation_option import LawChoice, legislation_options
from bareme.cli.simulate import SITUATIONS, table_option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.explanation import Datum, Explanation, Missing
    from engine.legislation import Legislation

FORMATS = {"text": ".txt", "json": ".json", "html": ".html"}


@click.command("explain")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--table", "tables", multiple=True, metavar="ENTITY=FILE", callback=table_option, help="The table of one entity, instead of FILE.")
@click.option("--variable", required=True, help="The result to explain.")
@click.option("--period", "at", required=True, help="The period of the result, as 2017 or 2017-01.")
@click.option("--row", type=click.IntRange(min=0), help="The row of the variable's entity, counted from 0; by default the first.")
@click.option("--id", "id_", help="The row's identifier, instead of its number.")
@legislation_options
@click.option("--depth", type=click.IntRange(min=1), help="Levels of rules to tell; by default all.")
@click.option("--all", "everything", is_flag=True, help="Fold nothing: defaults, zeros and what has no effect are told too.")
@click.option("--missing", "is_missing", is_flag=True, help="Tell the inputs that nobody gave instead, those that could move the result most first.")
@click.option("--why-changed", "reform", metavar="REFORM", help="Tell instead which figure that a reform changes moves the result, and by how much.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="By default text, or what the name of --output says.")
@click.option("--output", type=click.Path(path_type=Path), help="The file to write: .txt, .json or .html. By default the screen.")
@click.option(
    "--language", "language_asked", type=click.Choice(["fr", "en"]), help="The language of text and page; by default French for French laws, else English."
)
@click.option("--source", help="Where the data came from; by default the name of the file.")
@click.option("--contribution", default="", help="The part that the program had in the decision, in words; by default a general statement.")
def command(
    file: Path | None,
    tables: dict[str, Path],
    variable: str,
    at: str,
    row: int | None,
    id_: str | None,
    law: LawChoice,
    depth: int | None,
    everything: bool,
    is_missing: bool,
    reform: str | None,
    form: str | None,
    output: Path | None,
    language_asked: str | None,
    source: str | None,
    contribution: str,
) -> None:
    """Explain one result of FILE, a situation in JSON or YAML or a flat table, or of one --table per entity.

    Told are the value, the formula in force and its article, the figures of the law with their date and reference, and the variables
    read, down to what was given; then the four statements that an individual decision must carry (CRPA, art. R. 311-3-1-2).
    """
    if (file is None) == (not tables):
        raise click.UsageError("Give either FILE or --table ENTITY=FILE, once per entity.")
    if row is not None and id_ is not None:
        raise click.UsageError("Give either --row or --id.")
    form = form or next((name for name, suffix in FORMATS.items() if output is not None and output.suffix.lower() == suffix), "text")
    if output is not None:
        from bareme.cli.output import check_output

        check_output(output, [file] if file is not None else list(tables.values()), (FORMATS[form],))
    from analysis.explaining import language_of

    asked = _Asked(law.legislation(), file, tables, variable, at, row, id_)
    language = language_asked or language_of(asked.law)
    if is_missing:
        from analysis.explaining import missing

        if form == "html":
            raise click.UsageError("--missing is told as text or json.")
        found = missing(asked.case(), variable, at, asked.row_number(), law=asked.law)
        _write(_missing_as(found, form, language, asked.law), output)
        return
    if reform is not None:
        if form == "html":
            raise click.UsageError("--why-changed is told as text or json.")
        _tell_change(asked, reform, form, output)
        return
    from analysis.explaining import explain

    explanation = explain(
        asked.case(),
        variable,
        at,
        asked.row_number(),
        law=asked.law,
        depth=depth,
        everything=everything,
        source=source if source is not None else asked.source(),
    )
    explanation = replace(explanation, contribution=contribution)
    if form == "text" and output is None:
        _show(explanation, language)
    else:
        _write(_as(explanation, form, language), output)


def _tell_change(asked: _Asked, reform: str, form: str, output: Path | None) -> None:
    """Tell which part of a reform moves the result by how much, as `bareme why-changed` does."""
    from analysis.calls import reform_of
    from analysis.explaining import simulation_of
    from analysis.why_changed import why_changed
    from bareme.cli.why_changed import as_json, show

    wanted = reform_of(reform)
    simulation = simulation_of(asked.case(), asked.at, asked.law)
    found = why_changed(simulation, wanted, asked.variable, asked.at, asked.row_number(), law=asked.law)
    if form == "json" or output is not None:
        _write(json.dumps(as_json(found), indent=2, ensure_ascii=False), output)
    else:
        show(found)


@dataclass
class _Asked:
    """The case that a user names, read once."""

    law: Legislation
    file: Path | None
    tables: Mapping[str, Path]
    variable: str
    at: str
    row: int | None
    id: str | None
    _case: Any = None

    def case(self) -> Any:
        """Return the situation or the tables."""
        if self._case is None:
            self._case = self._read()
        return self._case

    def _read(self) -> Any:
        if self.file is None:
            from population.tables import read_tables

            return read_tables(self.tables, self.law, self.at)
        if self.file.suffix.lower() in SITUATIONS:
            from population.situations import read_document

            return read_document(self.file, self.law, self.at).situation
        from population.tables import read_flat_table

        return read_flat_table(self.file, self.law, self.at)

    def row_number(self) -> int:
        """Return the row asked for. Raises DataError where no row has the identifier."""
        if self.id is None:
            return self.row or 0
        from engine.errors import DataError, nearest

        key = self.law.variable(self.variable).entity.key
        ids = [str(each) for each in self.case().ids.get(key, ())]
        if self.id not in ids:
            raise DataError(f"There is no {key} `{self.id}`.{nearest(self.id, ids)}")
        return ids.index(self.id)

    def source(self) -> Callable[[Datum], str]:
        """Return where each datum came from: the name of its file."""
        if self.file is not None:
            name = self.file.name
            return lambda _: name
        names = {entity: path.name for entity, path in self.tables.items()}
        return lambda datum: names.get(datum.entity, ", ".join(names.values()))


def _as(explanation: Explanation, form: str, language: str) -> str:
    if form == "json":
        return f"{json.dumps(explanation.to_json(), indent=2, ensure_ascii=False)}\n"
    return explanation.to_html(language) if form == "html" else explanation.to_text(language)


def _show(explanation: Explanation, language: str) -> None:
    """Print the text, in colours where it is a terminal."""
    from rich.console import Console

    from engine.explanation.text import lines_of

    console = Console(soft_wrap=True, highlight=False, emoji=False)
    for line in lines_of(explanation, language):
        console.print(line)


def _missing_as(found: Sequence[Missing], form: str, language: str, law: Legislation) -> str:
    if form == "json":
        return f"{json.dumps([{**asdict(each), 'moves_by': each.moves_by} for each in found], indent=2, ensure_ascii=False)}\n"
    from analysis.explaining import currency_of
    from engine.explanation.missing_text import missing_text

    return missing_text(found, language, currency_of(law))


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    from bareme.cli.output import write_text

    write_text(output, text)
