"""Run a case of a country package on OpenFisca-Core and on Barème, and compare every variable that either computed on the way.

    python scripts/compare_engines.py --openfisca PYTHON openfisca_france tests/formulas/rsa.yaml [--number 3] [--margin 1e-4]

`PYTHON` is the interpreter of an environment with OpenFisca-Core and the package; this script's own interpreter has Barème and the
package. Each engine runs in a process of its own. Differences above the margin (relative; absolute below 1) are listed, then those
variables that one engine alone computed are counted. Returns 1 where there are differences.
"""

# ruff: noqa: INP001, PLC0415, T201 - a script for a person at a terminal, which imports what its engine needs

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SHOWN = 40


def main() -> int:
    """Compare the cases asked for; returns how the process ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", help="country package, as openfisca_france")
    parser.add_argument("files", nargs="+", help="files of cases in YAML")
    parser.add_argument("--openfisca", help="Python interpreter of the environment with OpenFisca-Core")
    parser.add_argument("--number", type=int, help="only the case of this number in each file, from 0")
    parser.add_argument("--extension", action="append", default=[], help="extension to load")
    parser.add_argument("--margin", type=float, default=1e-4, help="relative difference that is allowed")
    parser.add_argument("--worker", choices=("openfisca", "bareme"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        for report in computed(options):
            print(json.dumps(report), flush=True)
        return 0
    if not options.openfisca:
        parser.error("--openfisca is missing: the interpreter of an environment with OpenFisca-Core")
    theirs, ours = (run_worker(python, engine) for python, engine in ((options.openfisca, "openfisca"), (sys.executable, "bareme")))
    return max([compare(*pair, options.margin) for pair in zip(theirs, ours, strict=True)], default=0)


def run_worker(python: str, engine: str) -> list[dict[str, Any]]:
    """Return what one engine computed, case by case."""
    found = subprocess.run([python, __file__, *sys.argv[1:], "--worker", engine], stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own script
    return [json.loads(line) for line in found.stdout.splitlines() if line.startswith('{"case"')]


# In the worker: the same code for both engines, by OpenFisca's names


def computed(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield, for each case, every value computed, by `variable<period>`."""
    if options.worker == "bareme":
        from engine import openfisca

        openfisca.activate()
    import yaml

    system = importlib.import_module(options.package).CountryTaxBenefitSystem()
    for extension in options.extension:
        system.load_extension(extension)
    for file in options.files:
        cases = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
        for number, case in enumerate(cases if isinstance(cases, list) else [cases]):
            if options.number in (None, number):
                yield {"case": f"{file} [{number}] {case.get('name', '')}", **values_of(case, system)}


def values_of(case: dict[str, Any], system: Any) -> dict[str, Any]:
    """Return what a case computes, or the error that ends it."""
    from openfisca_core.simulation_builder import SimulationBuilder

    for reform in [case["reforms"]] if isinstance(case.get("reforms"), str) else case.get("reforms") or []:
        system = system.apply_reform(reform)
    builder = SimulationBuilder()
    builder.set_default_period(case.get("period"))
    try:
        simulation = builder.build_from_dict(system, case.get("input") or {})
        simulation.max_spiral_loops = case.get("max_spiral_loops", 1)
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


def compare(theirs: dict[str, Any], ours: dict[str, Any], margin: float) -> int:
    """Write how a case differs; returns 1 where it does."""
    if "error" in theirs or "error" in ours:
        same = "error" in theirs and "error" in ours
        print(f"{'both fail' if same else 'ONE FAILS'}: {ours['case']}\n  OpenFisca: {theirs.get('error', 'runs')}\n  Barème:    {ours.get('error', 'runs')}")
        return 0 if same else 1
    common = theirs["values"].keys() & ours["values"].keys()
    different = [key for key in sorted(common) if not are_near(theirs["values"][key], ours["values"][key], margin)]
    alone = f"{len(theirs['values'].keys() - common)} computed by OpenFisca alone, {len(ours['values'].keys() - common)} by Barème alone"
    print(f"{'DIFFERS' if different else 'same'}: {ours['case']}: {len(common)} values compared, {len(different)} differ, {alone}")
    for key in different[:MOST_SHOWN]:
        print(f"  {key}: OpenFisca {theirs['values'][key]}, Barème {ours['values'][key]}")
    return 1 if different else 0


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
