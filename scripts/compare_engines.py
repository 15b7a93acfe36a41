"""Run cases of a country package on OpenFisca-Core and on Barème, and compare every variable that either computed on the way.

    python scripts/compare_engines.py --openfisca PYTHON openfisca_france tests [--number 3] [--margin 1e-4] [--brief]

`PYTHON` is the interpreter of an environment with OpenFisca-Core and the package; this script's own interpreter has Barème and the
package. Each engine runs in a process of its own, case after case. Differences above the margin (relative; absolute below 1) are
listed, then those variables that one engine alone computed are counted; the last lines sum up, by variable.

What OpenFisca-Core gives may depend on what was asked before (`get_known_periods`, spirals): with `--explain`, each variable that
differs in a case is asked of both engines once more, first and alone; only those that differ then are unexplained. `--saved FILE`
compares with what OpenFisca-Core gave before (`--worker openfisca > FILE`; .gz is read too). Returns 1 where there are (unexplained)
differences.
"""

# ruff: noqa: INP001, PLC0415, T201 - a script for a person at a terminal, which imports what its engine needs

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SHOWN = 40


def main() -> int:
    """Compare the cases asked for; returns how the process ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", help="country package, as openfisca_france")
    parser.add_argument("paths", nargs="+", help="files of cases in YAML, or folders")
    parser.add_argument("--openfisca", help="Python interpreter of the environment with OpenFisca-Core")
    parser.add_argument("--saved", help="what OpenFisca-Core gave before, in place of running it")
    parser.add_argument("--number", type=int, help="only the case of this number in each file, from 0")
    parser.add_argument("--extension", action="append", default=[], help="extension to load")
    parser.add_argument("--margin", type=float, default=1e-4, help="relative difference that is allowed")
    parser.add_argument("--brief", action="store_true", help="say nothing of cases that are the same")
    parser.add_argument("--explain", action="store_true", help="ask what differs once more, first and alone; needs --openfisca")
    parser.add_argument("--questions", help=argparse.SUPPRESS)
    parser.add_argument("--worker", choices=("openfisca", "bareme"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        for report in answered(options) if options.questions else computed(options):
            print(json.dumps(report), flush=True)
        return 0
    if not (options.openfisca or options.saved):
        parser.error("--openfisca is missing: the interpreter of an environment with OpenFisca-Core")
    theirs = saved(options.saved) if options.saved else run_worker(options.openfisca, "openfisca", sys.argv[1:])
    return summed_up(pairs(theirs, run_worker(sys.executable, "bareme", sys.argv[1:])), options)


def run_worker(python: str, engine: str, arguments: list[str]) -> Iterator[dict[str, Any]]:
    """Yield what one engine computes, case by case, as it comes."""
    command = [python, __file__, *arguments, "--worker", engine]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own script
        assert process.stdout is not None
        try:
            yield from (json.loads(line) for line in process.stdout if line.startswith('{"case"'))
        except GeneratorExit:  # nobody wants more
            process.terminate()
            raise
    if process.returncode:
        sys.exit(f"{engine} ended with {process.returncode}: what it said stands above.")


def saved(file: str) -> Iterator[dict[str, Any]]:
    """Yield what OpenFisca-Core computed before."""
    with gzip.open(file, "rt", encoding="utf-8") if file.endswith(".gz") else Path(file).open(encoding="utf-8") as lines:
        try:
            yield from (json.loads(line) for line in lines if line.startswith('{"case"'))
        except (EOFError, json.JSONDecodeError):
            print("What was saved ends in the midst of a case.", file=sys.stderr)


def pairs(theirs: Iterator[dict[str, Any]], ours: Iterator[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield what both engines computed of each case; both go through the same cases in the same order."""
    for one, other in zip(theirs, ours, strict=False):
        if one["case"] != other["case"]:
            sys.exit(f"The engines run different cases: {one['case']} and {other['case']}.")
        yield one, other


def summed_up(compared: Iterator[tuple[dict[str, Any], dict[str, Any]]], options: argparse.Namespace) -> int:
    """Write how each case differs, and what that comes to; return 1 where something differs."""
    cases, values, differing = 0, 0, 0
    variables: Counter[str] = Counter()
    questions: list[tuple[str, str]] = []
    for theirs, ours in compared:
        count, different = compare(theirs, ours, options)
        cases, values, differing = cases + 1, values + count, differing + bool(different)
        first = {key.partition("<")[0]: key for key in reversed(different)}
        variables.update(list(first))
        questions += [(ours["case"], key) for key in first.values()]
    print(f"{cases} cases, {values} values compared; {differing} cases differ.")
    for name, count in variables.most_common():
        print(f"  {name}: in {count} cases")
    if not (options.explain and questions):
        return 1 if differing else 0
    return explained(questions, options)


def explained(questions: list[tuple[str, str]], options: argparse.Namespace) -> int:
    """Ask each question of both engines, first and alone, and tell which answers still differ; returns 1 where some do."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(questions, file)
        file.flush()
        arguments = [*sys.argv[1:], "--questions", file.name]
        theirs, ours = (list(run_worker(python, engine, arguments)) for python, engine in ((options.openfisca, "openfisca"), (sys.executable, "bareme")))
    left = [
        (one, other)
        for one, other in zip(theirs, ours, strict=True)
        if "error" in one or "error" in other or not are_near(one["answer"], other["answer"], options.margin)
    ]
    print(f"Asked first and alone, {len(questions) - len(left)} of {len(questions)} are the same; {len(left)} are unexplained.")
    for one, other in left:
        print(f"  {one['case']}: {one['asked']}: OpenFisca {one.get('answer', one.get('error'))}, Barème {other.get('answer', other.get('error'))}")
    return 1 if left else 0


# In the worker: the same code for both engines, by OpenFisca's names


def system_of(options: argparse.Namespace) -> Any:
    """Return the package's system on the worker's engine."""
    if options.worker == "bareme":
        from engine import openfisca

        openfisca.activate()
    system = importlib.import_module(options.package).CountryTaxBenefitSystem()
    for extension in options.extension:
        system.load_extension(extension)
    return system


def yaml_of(file: str) -> list[dict[str, Any]]:
    """Return the cases of a file."""
    import yaml

    cases = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    return cases if isinstance(cases, list) else [cases]


def computed(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield, for each case, every value computed, by `variable<period>`."""
    system = system_of(options)
    for file in files_of(options.paths):
        for number, case in enumerate(yaml_of(file)):
            if options.number in (None, number):
                yield {"case": f"{file} [{number}] {case.get('name', '')}", **values_of(case, system)}


def answered(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield the answer to each question, each in a simulation of its own."""
    system = system_of(options)
    for case, asked_for in json.loads(Path(options.questions).read_text(encoding="utf-8")):
        file, _, rest = case.partition(" [")
        cases = yaml_of(file)
        number = int(rest.partition("]")[0])
        name, _, period = asked_for.rstrip(">").partition("<")
        try:
            value = simulation_of(cases[number], system).calculate(name, period)
            yield {"case": case, "asked": asked_for, "answer": [plain(each) for each in value]}
        except Exception as error:  # noqa: BLE001 - an engine that fails in a question fails in no other
            yield {"case": case, "asked": asked_for, "error": f"{type(error).__name__}: {error}"}


def files_of(paths: list[str]) -> Iterator[str]:
    """Yield the files of cases, those in folders by name."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from (str(file) for file in sorted(path.rglob("*")) if file.suffix in {".yaml", ".yml"})
        else:
            yield str(path)


def simulation_of(case: dict[str, Any], system: Any) -> Any:
    """Return the simulation of a case."""
    from openfisca_core.simulation_builder import SimulationBuilder

    for reform in [case["reforms"]] if isinstance(case.get("reforms"), str) else case.get("reforms") or []:
        system = system.apply_reform(reform)
    builder = SimulationBuilder()
    builder.set_default_period(case.get("period"))
    simulation = builder.build_from_dict(system, case.get("input") or {})
    simulation.max_spiral_loops = case.get("max_spiral_loops", 1)
    return simulation


def values_of(case: dict[str, Any], system: Any) -> dict[str, Any]:
    """Return what a case computes, or the error that ends it."""
    try:
        simulation = simulation_of(case, system)
        simulation.trace = True
        for name, period in asked(case["output"], case.get("period"), system):
            simulation.calculate(name, period)
    except Exception as error:  # noqa: BLE001 - an engine that fails in a case fails in no other
        return {"error": f"{type(error).__name__}: {error}"}
    return {"values": {key: [plain(value) for value in each["value"]] for key, each in simulation.tracer.get_flat_trace().items()}}


def asked(output: dict[str, Any], period: Any, system: Any) -> Iterator[tuple[str, str | None]]:
    """Yield the variables and periods that a case's output names."""
    for name, value in output.items():
        if name not in system.variables:
            deeper = value if any(key in system.variables for key in value) else {key: each for instance in value.values() for key, each in instance.items()}
            yield from asked(deeper, period, system)
        elif isinstance(value, dict):
            yield from ((name, str(at)) for at in value)
        else:
            yield name, period and str(period)


def plain(value: Any) -> Any:
    """Return one value in a form that JSON can hold."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool | int | float):
        return float(value)
    return value.decode() if isinstance(value, bytes) else getattr(value, "name", None) or str(value)


# Comparing


def compare(theirs: dict[str, Any], ours: dict[str, Any], options: argparse.Namespace) -> tuple[int, list[str]]:
    """Write how a case differs; returns how many values were compared, and those that differ."""
    if "error" in theirs or "error" in ours:
        same = "error" in theirs and "error" in ours
        print(f"{'both fail' if same else 'ONE FAILS'}: {ours['case']}\n  OpenFisca: {theirs.get('error', 'runs')}\n  Barème:    {ours.get('error', 'runs')}")
        return 0, [] if same else ["the case itself"]
    common = theirs["values"].keys() & ours["values"].keys()
    different = [key for key in sorted(common) if not are_near(theirs["values"][key], ours["values"][key], options.margin)]
    if different or not options.brief:
        alone = f"{len(theirs['values'].keys() - common)} computed by OpenFisca alone, {len(ours['values'].keys() - common)} by Barème alone"
        print(f"{'DIFFERS' if different else 'same'}: {ours['case']}: {len(common)} values compared, {len(different)} differ, {alone}")
    for key in different[:MOST_SHOWN]:
        print(f"  {key}: OpenFisca {theirs['values'][key]}, Barème {ours['values'][key]}")
    return len(common), different


def are_near(theirs: list[Any], ours: list[Any], margin: float) -> bool:
    """Whether two columns are the same within the margin."""
    return len(theirs) == len(ours) and all(is_near(one, two, margin) for one, two in zip(theirs, ours, strict=True))


def is_near(one: Any, two: Any, margin: float) -> bool:
    """Whether two values are the same within the margin."""
    if isinstance(one, float) and isinstance(two, float):
        both_nan = one != one and two != two  # noqa: PLR0124
        return both_nan or one == two or abs(one - two) <= margin * max(abs(one), abs(two), 1.0)
    return one == two


if __name__ == "__main__":
    sys.exit(main())
