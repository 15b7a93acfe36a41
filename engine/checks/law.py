"""Checking a whole law without running it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.checks.findings import Report
from engine.checks.formulas import Formulas, years_of
from engine.checks.notes import counted
from engine.checks.reading import Shared
from engine.checks.scales import scale_findings
from engine.checks.sources import plain_function, root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.checks.findings import Finding
    from engine.checks.links import Links
    from engine.legislation import Legislation

_PARAMETERS = "parameters"


def check_law(legislation: Legislation, parameter_folders: Iterable[str | Path] = ()) -> Report:
    """Read all formulas and figures of a law, and report what would fail or mislead when it is run.

    Files of figures are named from the folder that they were read from: `parameter_folders` are looked in first, then the folder
    `parameters` in and beside the packages that the variables stand in.
    """
    formulas = _read(legislation)
    notes = formulas.shared.notes
    for finding in scale_findings(legislation.parameters.descendants(), _file_finder(formulas.shared.roots, parameter_folders)):
        notes.add(finding)
    findings = sorted(map(resolved, notes.findings.values()), key=lambda finding: finding.order)
    counts = formulas.counts
    return Report(tuple(findings), counts.read, counts.without_source, counts.cut_short, counted(notes.variables), counted(notes.parameters))


def links_of(legislation: Legislation) -> Links:
    """Return which variables and figures the formulas of each variable read, from their source."""
    return _read(legislation).shared.notes.links


def _read(legislation: Legislation) -> Formulas:
    formulas = Formulas(Shared(legislation, frozenset(root_of(file) for file in _files(legislation))), years_of(legislation))
    formulas.read(legislation.variables.values())
    return formulas


def _files(legislation: Legislation) -> set[str]:
    files = {rule.file for rule in legislation.variables.values() if rule.file}
    functions = (plain_function(formula.function) for rule in legislation.variables.values() for formula in rule.formulas)
    return files or {function.__code__.co_filename for function in functions if function is not None}


def _file_finder(roots: Iterable[str], folders: Iterable[str | Path]) -> Callable[[Any], str]:
    """Return what says in which file an item of the parameter tree stands, as a path that can be opened."""
    beside = [folder for root in sorted(roots) for folder in (Path(root) / _PARAMETERS, Path(root).parent / _PARAMETERS)]
    places = [*map(Path, folders), *beside]

    def file_of(item: Any) -> str:
        file = item.file or ""
        return next((str(place / file) for place in places if file and (place / file).is_file()), file or item.name)

    return file_of


def resolved(finding: Finding) -> Finding:
    """Return a finding with its file relative to the working folder where it lies there."""
    path, here = Path(finding.file), Path.cwd()
    return replace(finding, file=str(path.relative_to(here))) if path.is_absolute() and path.is_relative_to(here) else finding
