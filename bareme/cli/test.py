"""`bareme test`: YAML tests of the law, and the Python tests of a country package."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.law_as_written import law_as_written
from bareme.cli.legislation_option import LawChoice, legislation_options
from bareme.cli.several_values import SeveralValuesCommand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.yaml_tests import Options


@click.command("test", cls=SeveralValuesCommand)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@legislation_options
@click.option("-n", "--name-filter", "--name_filter", help="Only the cases with this text in the name of their file or their own, or with this keyword.")
@click.option("-o", "--only-variables", multiple=True, metavar="NAME", help="Compare only what is expected of these variables.")
@click.option("-i", "--ignore-variables", multiple=True, metavar="NAME", help="Compare nothing of what is expected of these variables.")
@click.option("-p", "--pdb", is_flag=True, help="Open the debugger at each failure.")
@click.option("-v", "--verbose", is_flag=True, help="Show all that was computed on the way, each variable above what it read.")
@click.option("-a", "--aggregate", is_flag=True, help="With --verbose: mean, largest and smallest value in the place of the values.")
@click.option("-d", "--max-depth", type=click.IntRange(min=1), help="With --verbose: so many levels only.")
@click.option("--ignore-default", is_flag=True, help="With --verbose: leave out what is at its default.")
@click.option("--performance-graph", "--performance", is_flag=True, help="Write a page that shows how long formulas take: performance_graph.html.")
@click.option("--performance-tables", is_flag=True, help="Write the same as tables: performance_table.csv, aggregated_performance_table.csv.")
@click.option("--in-parallel", is_flag=True, help="Let several processes share the cases, as many as there are cores.")
@click.option("-w", "--num-workers", "--workers", "workers", type=click.IntRange(min=1), help="Let so many processes share the cases.")
@click.option("--watch", "is_watched", is_flag=True, help="Run again whenever a test, a variable or a figure is saved, the changed tests first, until Ctrl-C.")
def command(paths: tuple[Path, ...], law: LawChoice, name_filter: str | None, in_parallel: bool, workers: int | None, is_watched: bool, **watched: Any) -> None:
    """Run the YAML tests in PATHS, files or folders, and tell which fail; the exit code is 0 only where all pass.

    With --country-package, Python tests in PATHS (test_*.py, *_test.py) run too, by pytest. Options that name several things take
    them one after the other, `-e PACKAGE PACKAGE`, up to the next option.
    """
    from engine.errors import DataError
    from engine.yaml_tests import Options

    options = Options(**watched)
    if options.needs_one_process and (in_parallel or (workers or 1) > 1):
        raise click.UsageError("--pdb and the performance options run in one process: leave out --in-parallel.")
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise DataError("\n".join(f"{path}: there is no such file or folder." for path in missing))
    if is_watched:
        from bareme.cli.watching import Watch

        if options.pdb:
            raise click.UsageError("--pdb waits at a failure, --watch goes on: choose one. `bareme debug` stops in one formula.")
        raise click.exceptions.Exit(Watch(paths, law, tuple(_other_options(click.get_current_context()))).run())
    python_tests = list(_python_tests(paths)) if law.country_package is not None else []
    cases = [path for path in paths if path not in python_tests]
    failed = False
    if cases:
        chosen = {"name_filter": name_filter, "workers": workers or (os.cpu_count() if in_parallel else None) or 1, "options": options}
        failed = bool(_run_cases(cases, law, may_be_none=bool(python_tests), **chosen))
    if python_tests:
        failed = not _run_python_tests(python_tests, options) or failed
    if failed:
        raise click.exceptions.Exit(1)


def _other_options(ctx: click.Context) -> Iterator[str]:
    """Yield the options that were given, but for --watch, as words of a command line."""
    for option in ctx.command.params:
        value = ctx.params.get(str(option.name))
        if not isinstance(option, click.Option) or option.name == "is_watched" or value in (None, False, ()):
            continue
        name = next(each for each in option.opts if each.startswith("--"))
        if option.is_flag:
            yield name
        else:
            for each in value if option.multiple else (value,):
                yield from (name, str(each))


def _run_cases(paths: Sequence[Path], law: LawChoice, **how: Any) -> int:
    """Run the YAML tests; return how many failed."""
    from engine.yaml_tests import run_paths

    if law.country_package is None:
        with law_as_written():
            legislation = law.legislation()
        return run_paths(paths, legislation, write=click.echo, **how)
    from engine.openfisca.cases import Laws

    with law_as_written():
        system = law.system()
        laws = Laws(system, law.reforms_of_law())
    return run_paths(paths, system.legislation, write=click.echo, law_of=laws, **how)


def _run_python_tests(files: Sequence[Path], options: Options) -> bool:
    """Run Python tests by pytest in a process of their own, where `openfisca_core` is Barème's; return whether all passed."""
    import subprocess
    import sys
    from importlib.util import find_spec

    import engine

    if find_spec("pytest") is None:
        click.echo(f"{len(files)} files of Python tests are not run, {files[0]} the first: they need pytest (pip install pytest).")
        return False
    chosen = [*(["-v"] if options.verbose else []), *(["--pdb"] if options.pdb else [])]
    # -P: a folder named `engine` where the user stands is not ours
    command = [sys.executable, "-P", "-m", "engine.openfisca", "-m", "pytest", *chosen, *map(str, files)]
    ours = str(Path(engine.__path__[0]).parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), ours]))}
    return subprocess.run(command, env=environment, check=False).returncode == 0  # noqa: S603 - our own command, over files that the user names


def _python_tests(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files that pytest runs: those named, and those in folders by pytest's own habit."""
    for path in paths:
        if path.is_dir():
            yield from sorted({*path.rglob("test_*.py"), *path.rglob("*_test.py")})
        elif path.suffix == ".py":
            yield path
