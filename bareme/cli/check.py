"""`bareme check`: what is wrong in a law, without running it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from engine.checks import Report


@click.command("check")
@click.argument("package", required=False)
@click.option("-e", "--extensions", "--extension", "extensions", multiple=True, metavar="PACKAGE", help="A package that adds to the law; once for each.")
@click.option("-r", "--reforms", "--reform", "reforms", multiple=True, metavar="REFORM", help="A reform of the law, to be read as reformed; once for each.")
@click.option("--strict", is_flag=True, help="Warnings make the exit code 1 too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Lines for readers and editors, or JSON.")
def command(package: str | None, extensions: tuple[str, ...], reforms: tuple[str, ...], strict: bool, form: str) -> None:
    """Read a law without running it and tell what would fail or mislead: names of variables and figures that do not exist, figures without a
    value when a formula asks for them, periods that do not fit, members of enumerations, scales and dates.

    PACKAGE is an installed OpenFisca country package, as openfisca_france; without it, Barème's own law is read. The exit code is 1 where
    there are errors.
    """  # noqa: D205 - click shows the whole paragraph
    from engine.checks import Severity

    report = _report(package, extensions, reforms)
    if form == "json":
        click.echo(json.dumps(report.as_data(), ensure_ascii=False, indent=2))
    else:
        for finding in report.findings:
            click.echo(str(finding))
        click.echo(report.summary)
    if report.count(Severity.ERROR) or (strict and report.findings):
        raise click.exceptions.Exit(1)


def _report(package: str | None, extensions: tuple[str, ...], reforms: tuple[str, ...]) -> Report:
    from bareme.cli.legislation_option import LawChoice
    from engine.checks import check_law, loading_report
    from engine.errors import LawError, ReformError

    folders = _folders((package or "parameters", *extensions))
    try:
        law = LawChoice(package, extensions, reforms).legislation()
    except ReformError:
        raise  # what the user named is not there
    except LawError as error:
        return loading_report(error, folders)
    return check_law(law, folders)


def _folders(packages: tuple[str, ...]) -> list[Path]:
    """Return the folders in which files of figures of some packages may be; none for a package that is not there."""
    from importlib.util import find_spec
    from pathlib import Path

    found: list[Path] = []
    for package in packages:
        try:
            places = getattr(find_spec(package), "submodule_search_locations", None) or ()
        except (ImportError, ValueError):
            places = ()
        found += [folder for place in places for folder in (Path(place), Path(place) / "parameters")]
    return found
