"""`bareme test`: YAML tests of the law."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("test")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-n", "--name-filter", help="Only the tests whose name, file or keywords hold this text.")
@click.option("-o", "--only-variables", help="Compare only these outputs, separated by commas.")
@click.option("-i", "--ignore-variables", help="Do not compare these outputs, separated by commas.")
def command(paths: tuple[Path, ...], name_filter: str | None, only_variables: str | None, ignore_variables: str | None) -> None:
    """Run the YAML tests in PATHS (files or folders) and tell which fail."""
