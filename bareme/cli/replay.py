"""`bareme replay`: a bundle's command run again, and what differs."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command("replay")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--with",
    "elsewhere",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Where the inputs are that are not copied into the bundle; by default where they were, from the current folder.",
)
def command(folder: Path, elsewhere: Path | None) -> None:
    """Run the command of the bundle DIR again with its inputs and options, and say what differs.

    Exit code 0: every value of the results is the same, bit for bit, under the same law. 1: something differs (the law: which variables and
    figures; results: which columns, how many rows, the largest difference). 2: it cannot be run again: an input is missing or was changed,
    the manifest is corrupted, the command fails. Other versions of Python, numpy and so on are told, and are no reason to refuse.
    """
    from bareme.bundles.replaying import replay

    found = replay(folder, _run, elsewhere)
    for warning in found.warnings:
        click.echo(f"warning: {warning}")
    for difference in found.differences:
        click.echo(f"differs: {difference}")
    if not found.is_equal:
        raise click.exceptions.Exit(1)
    click.echo(f"equal: {found.results} result{'' if found.results == 1 else 's'}, bit for bit, under the same law")


def _run(name: str, options: Mapping[str, Any]) -> None:
    """Call a command in this process, silently. Raises the tree's own errors; click's as DataError."""
    from bareme.cli import main
    from bareme.cli.bundle_option import as_arguments
    from engine.errors import DataError

    with redirect_stdout(io.StringIO()):
        try:
            again = main.get_command(click.Context(main), name)
            assert again is not None
            main.main([name, *as_arguments(again, options)], prog_name="bareme", standalone_mode=False)
        except click.ClickException as error:
            raise DataError(error.format_message()) from error
