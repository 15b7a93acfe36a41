"""`bareme test`: YAML tests of the law."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("test")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-n", "--name-filter", help="Only the cases with this text in the name of their file or their own, or with this keyword.")
@click.option("-w", "--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that share the cases.")
def command(paths: tuple[Path, ...], name_filter: str | None, workers: int) -> None:
    """Run the YAML tests in PATHS, files or folders, and tell which fail; the exit code is 0 only where all pass."""
    from engine.errors import DataError
    from engine.yaml_tests import run_paths
    from legislation import france

    missing = [path for path in paths if not path.exists()]
    if missing:
        raise DataError("\n".join(f"{path}: there is no such file or folder." for path in missing))

    if run_paths(paths, france(), name_filter, workers, click.echo):
        raise click.exceptions.Exit(1)
