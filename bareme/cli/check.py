"""`bareme check`: what is wrong in a law, without running it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from pathlib import Path

    from engine.checks import Report


@click.command("check")
@click.argument("package", required=False)
@click.option("--strict", is_flag=True, help="Warnings make the exit code 1 too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Lines for readers and editors, or JSON.")
@legislation_options
def command(package: str | None, law: LawChoice, strict: bool, form: str) -> None:
    """Tell what would fail or mislead in a law, without running it.

    Names of variables, figures and members that do not exist, variables asked of the wrong entity or for a period that does not fit, figures
    without a value when a formula asks for them, scales and vintages that do not fit together. PACKAGE is an installed OpenFisca country
    package, as openfisca_france; without it, Barème's own law is read. The exit code is 1 where there are errors.
    """
    from engine.checks import Severity

    if package is not None and law.country_package not in (None, package):
        raise click.UsageError(f"Two packages are named, {package} and {law.country_package}: name one.")
    report = _report(replace(law, country_package=package or law.country_package))
    if form == "json":
        click.echo(json.dumps(report.as_data(), ensure_ascii=False, indent=2))
    else:
        for finding in report.findings:
            click.echo(str(finding))
        click.echo(report.summary)
    if report.count(Severity.ERROR) or (strict and report.findings):
        raise click.exceptions.Exit(1)


def _report(choice: LawChoice) -> Report:
    from engine.checks import check_law, loading_report
    from engine.errors import LawError, ReformError

    folders = _folders((choice.country_package or "parameters", *choice.extensions))
    try:
        law = choice.legislation()
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
