"""The options of a population that is computed part by part: how much memory it may take, and where what is finished of it is kept."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from distributed import Client

    from analysis.impact import Impact
    from bareme.cli.legislation_option import LawChoice
    from engine.legislation import Legislation
    from engine.periods import PeriodLike
    from engine.reform import Reform
    from population.columns import Columns
    from population.partitions.memory import Memory
    from population.partitions.parts import Part
    from population.partitions.simulating import Total

Command = TypeVar("Command", bound="Callable[..., Any]")
DEFAULT_MEMORY = "2GB"
SCHEDULER = "A population in parts: compute them on the Dask cluster of this scheduler, as tcp://10.0.0.1:8786 (docs/cluster.md)."
PROCESSES = "A population in parts: how many are computed at once. By default one for each core, as far as --memory allows each 1.5 GB."
MOST_SHARES = 3


@dataclass(frozen=True)
class PartsChoice:
    """What a user says of a run over parts."""

    memory: str | None = None
    work: Path | None = None
    scheduler: str | None = None
    processes: int | None = None
    is_for_bundle: bool = False
    """A bundle says which versions made its results: what others finished is computed again."""

    def applies(self, population: Path | None) -> bool:
        """Whether a population is one in parts. Raises DataError where an option was given for one that is not."""
        from population.partitions.parts import is_partitioned

        if population is not None and is_partitioned(population):
            return True
        if any(given is not None for given in (self.memory, self.work, self.scheduler, self.processes)):
            raise DataError(
                "--memory, --processes, --work and --scheduler are of populations in parts, as `bareme population split` makes: this one is read whole."
            )
        return False

    def bound(self) -> Memory:
        """Return the bound on memory. Raises BadParameter for a text that says none."""
        from population.partitions.memory import Memory

        try:
            return Memory.parsed(self.memory or DEFAULT_MEMORY)
        except DataError as error:
            raise click.BadParameter(str(error), param_hint="--memory") from error

    def share(self) -> tuple[Memory, int]:
        """Return how much memory each process may take, and how many there are: by default those to which the bound leaves enough to be fast."""
        memory = self.bound()
        if self.scheduler is not None:
            if self.processes is not None:
                raise click.UsageError("--processes is of this machine: with --scheduler, as many parts are computed at once as there are workers.")
            return memory, 1
        count = self.processes or memory.processes
        try:
            return memory.shared(count), count
        except DataError as error:
            raise click.BadParameter(str(error), param_hint="--processes") from error

    def impact(self, reform: Reform, population: Path, years: Sequence[int], law: LawChoice, constant_euros: int | None, options: Mapping[str, Any]) -> Impact:
        """Return the impact of a reform on a population in parts."""
        from analysis.calls import DEFAULT_YEAR
        from analysis.impact import over_years
        from analysis.scheduling.impact import in_processes, on_cluster
        from analysis.streaming.running import impact_of_parts
        from analysis.streaming.task import Task
        from population.partitions.parts import partitioned

        (memory, count), legislation = self.share(), law.legislation()
        found = partitioned(population, legislation.entities)
        of_law = self.identity(legislation) + self.identity(reform(legislation))
        name, impacts = f"Population « {population.name} »", []
        for year in sorted(set(years)) or [DEFAULT_YEAR]:
            task = Task(reform, year, law.legislation, name=name, of_law=of_law, **options)
            with shown() as (say, watch), self.connected() as client:
                compute = on_cluster(client, say) if client is not None else in_processes(count) if count > 1 else None
                impacts.append(impact_of_parts(task, found, self.folder(population) / str(year), memory=memory, say=say, watch=watch, compute=compute))
        tell_memory(memory, count)
        together = over_years(impacts)
        return together if constant_euros is None else together.in_constant_euros(constant_euros)

    @contextmanager
    def connected(self) -> Iterator[Client | None]:
        """Give a client of --scheduler; None without one."""
        if self.scheduler is None:
            yield None
            return
        from analysis.scheduling.connection import connected

        with connected(self.scheduler) as client:
            yield client

    def simulate(self, law: LawChoice, given: Path | dict[str, Path], output: Path, options: Mapping[str, Any]) -> list[Path]:
        """Write the results of a population in parts (a folder, or tables by entity), show what they come to, and return the files."""
        from analysis.scheduling.simulate import in_processes, on_cluster
        from population.partitions.parts import of_tables, partitioned
        from population.partitions.reading import read_part
        from population.partitions.simulating import Asked, simulate_parts
        from population.partitions.work import Work

        if self.work is not None:
            raise click.UsageError("--work is of `bareme impact`: here what is finished stays in --output.")
        if output.suffix and not output.is_dir():
            raise click.UsageError(f"--output {output}: a population in parts has a file of results for each: expected a folder.")
        legislation = law.legislation()
        (memory, count), asked = self.share(), Asked(legislation, of_law=self.identity(legislation), **options)
        read = read_france if isinstance(given, Path) else read_part
        found = partitioned(given, legislation.entities) if isinstance(given, Path) else of_tables(given, legislation.entities, output)
        with shown() as (say, watch), self.connected() as client:
            several = in_processes(count, law.legislation, read) if count > 1 else None
            compute = several if client is None else on_cluster(client, law.legislation, read, say)
            totals = simulate_parts(found, asked, lambda part: read(part, legislation, asked.at), output, memory=memory, say=say, watch=watch, compute=compute)
        show_totals(totals, legislation)
        tell_memory(memory, count)
        kept = Work.of(output, asked.words)
        return [file for part in found.parts for file in kept.files(part.name)]

    def identity(self, law: Legislation) -> str:
        """Return what tells a law from all others, figures too; for a bundle, with the versions of all that computes."""
        from bareme.bundles import digests
        from bareme.bundles.law import identity
        from bareme.bundles.versions import versions

        return digests.of_json([identity(law), versions()] if self.is_for_bundle else identity(law))

    def folder(self, population: Path) -> Path:
        """Return the folder for what is finished: the one named, else one beside the population."""
        return self.work if self.work is not None else population.with_name(f"{population.name}.work")


def read_france(part: Part, law: Legislation, at: PeriodLike) -> Columns:
    """Return the columns of a part of a population of France."""
    from engine.periods import period
    from population.france.schema import population_of

    return population_of(part.files, law, period(at).start.year)


@contextmanager
def shown() -> Iterator[tuple[Callable[[str], None], Callable[[str, int, int], None]]]:
    """Give what says a line, and what shows how far a step is: bars on a terminal, a line for each tenth of it elsewhere."""

    def say(words: str) -> None:
        click.echo(words, err=True)

    if not sys.stderr.isatty():
        yield say, lambda step, done, total: say(f"{step}: {done} of {total}") if done * 10 // total > (done - 1) * 10 // total else None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        steps: dict[str, Any] = {}

        def watch(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = bars.add_task(step, total=total)
            bars.update(steps[step], completed=done)

        yield bars.console.print, watch


def tell_memory(memory: Memory, processes: int) -> None:
    """Say how much memory was taken by this process, or by each of several; where it is more than its share of the bound, what to do."""
    from population.partitions.memory import peak, told

    taken = peak()
    each = "" if processes == 1 else f" in each of {processes} processes"
    click.echo(f"Memory: {told(taken)} at most, of {told(memory.bytes)}{each}.", err=True)
    if taken > memory.bytes:
        click.echo("That is more than --memory: cut the population into smaller parts, or name a smaller bound.", err=True)


def show_totals(totals: Sequence[Total], law: Legislation) -> None:
    """Show what the results of all parts come to."""
    from rich.table import Table

    from bareme.cli.summaries import console

    table = Table(title="All parts (weighted where there are weights)", title_justify="left")
    for word in ("variable", "entity", "unit", "count", "mean", "total", "min", "max"):
        table.add_column(word, justify="left" if word in {"variable", "entity", "unit"} else "right", no_wrap=True)
    for each in totals:
        if each.mean is not None:
            figures = [f"{value:,.2f}" if value is not None else "" for value in (each.mean, each.total, each.smallest, each.largest)]
            table.add_row(each.name, each.entity, each.unit, f"{each.rows:,}", *figures)
    if table.row_count:
        console().print(table)
    for each in totals:
        if each.refused is not None:
            codes = ", ".join(f"{code} ({law.refusal_labels.get(int(code), '')}): {count:,}" for code, count in each.refused.items())
            click.echo(f"{each.rows:,} rows refused by the law, by {each.name}: {codes}")
        elif each.mean is None:
            shares = ", ".join(f"{name or '(blank)'} {share:.1%}" for name, share in list((each.shares or {}).items())[:MOST_SHARES])
            click.echo(f"{each.name}: {each.rows:,} rows: {shares}")


def parts_options(command: Command) -> Command:
    """Give a command the options of populations in parts; it gets them as one argument, `parts`."""

    @wraps(command)
    def with_parts(*, memory: str | None, work: Path | None, scheduler: str | None, processes: int | None, **others: Any) -> Any:
        return command(parts=PartsChoice(memory, work, scheduler, processes), **others)

    wrapped: Any = with_parts
    for option in (
        click.option("--scheduler", metavar="ADDRESS", help=SCHEDULER),
        click.option("--work", type=click.Path(path_type=Path, file_okay=False), help="A population in parts: the folder for what is finished of it."),
        click.option("--processes", type=click.IntRange(1), metavar="N", help=PROCESSES),
        click.option("--memory", metavar="SIZE", help=f"A population in parts: how much memory may be taken, as 2GB. By default {DEFAULT_MEMORY}."),
    ):
        wrapped = option(wrapped)
    found: Command = wrapped
    return found
