"""What one engine computes in the cases of a country package: the code that OpenFisca-Core and Barème both run, by OpenFisca's names.

    python scripts/engine_cases.py openfisca_france tests > FILE

writes a line of JSON for each case, with every value computed on the way to what it expects, by `variable<period>`, or the error that ended
it. `scripts/compare_engines.py` runs it with OpenFisca-Core, and compares Barème with what it says.
"""

# ruff: noqa: INP001, PLC0415, T201 - a script for a person at a terminal, which imports what its engine needs

from __future__ import annotations

import argparse
import functools
import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SYSTEMS = 4


def main() -> int:
    """Write what the engine at hand computes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--only", help="file of the names of the cases to run, a list in JSON")
    parser.add_argument("--questions", help="file of questions, a list of case and `variable<period>` in JSON: each is answered by itself")
    options = parser.parse_args()
    for report in answered(options) if options.questions else computed(options):
        print(json.dumps(report), flush=True)
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what names cases."""
    parser.add_argument("package", help="country package, as openfisca_france")
    parser.add_argument("paths", nargs="+", help="files of cases in YAML, or folders")
    parser.add_argument("--number", type=int, help="only the case of this number in each file, from 0")
    parser.add_argument("--extension", action="append", default=[], help="extension to load")


def computed(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield, for each case, every value computed, by `variable<period>`."""
    system = Systems(options)
    wanted = set(json.loads(Path(options.only).read_text(encoding="utf-8"))) if options.only else None
    for name, case in cases_of(options):
        if wanted is None or name in wanted:
            yield {"case": name, **values_of(case, system)}


def values_of(case: dict[str, Any], system: Systems) -> dict[str, Any]:
    """Return what a case computes, or the error that ends it."""
    try:
        simulation = simulation_of(case, system)
        simulation.trace = True
        for name, period in expected(case, system):
            simulation.calculate(name, period)
    except Exception as error:  # noqa: BLE001 - an engine that fails in a case fails in no other
        return {"error": f"{type(error).__name__}: {error}"}
    return {"values": {key: plain(each["value"]) for key, each in simulation.tracer.get_flat_trace().items()}}


def answered(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield the answer to each question."""
    system = Systems(options)
    for case, asked in json.loads(Path(options.questions).read_text(encoding="utf-8")):
        yield {"case": case, "asked": asked, "theirs": alone(case, asked, system)}


class Systems:
    """The package's system with its extensions, under the reforms that a case names."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.system = importlib.import_module(options.package).CountryTaxBenefitSystem()
        for extension in options.extension:
            self.system.load_extension(extension)
        self._reformed: dict[tuple[str, ...], Any] = {}

    def of(self, case: dict[str, Any]) -> Any:
        """Return the system of a case."""
        reforms = case.get("reforms") or ()
        reforms = (reforms,) if isinstance(reforms, str) else tuple(reforms)
        if reforms and reforms not in self._reformed:
            if len(self._reformed) >= MOST_SYSTEMS:
                self._reformed.clear()
            self._reformed[reforms] = functools.reduce(lambda system, reform: system.apply_reform(reform), reforms, self.system)
        return self._reformed[reforms] if reforms else self.system


def cases_of(options: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each case with its name: file, number in it, and what it calls itself."""
    for path in map(Path, options.paths):
        files = [file for file in sorted(path.rglob("*")) if file.suffix in {".yaml", ".yml"}] if path.is_dir() else [path]
        for file in files:
            for number, case in enumerate(yaml_of(str(file))):
                if options.number in (None, number):
                    yield f"{file} [{number}] {case.get('name', '')}", case


@functools.lru_cache(maxsize=8)
def yaml_of(file: str) -> list[dict[str, Any]]:
    """Return the cases of a file."""
    import yaml

    cases = yaml.load(Path(file).read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    return cases if isinstance(cases, list) else [cases]


def case_named(name: str) -> dict[str, Any]:
    """Return a case by its name."""
    file, _, rest = name.partition(" [")
    return yaml_of(file)[int(rest.partition("]")[0])]


def simulation_of(case: dict[str, Any], systems: Systems) -> Any:
    """Return the simulation of a case."""
    from openfisca_core.simulation_builder import SimulationBuilder

    builder = SimulationBuilder()
    builder.set_default_period(case.get("period"))
    simulation = builder.build_from_dict(systems.of(case), case.get("input") or {})
    simulation.max_spiral_loops = case.get("max_spiral_loops", 1)
    return simulation


def alone(case: str, asked: str, system: Systems) -> dict[str, Any]:
    """Return what an engine says of a variable at a period where nothing was asked before."""
    try:
        return {"answer": plain(simulation_of(case_named(case), system).calculate(*key_of(asked)))}
    except Exception as error:  # noqa: BLE001 - an engine that fails in a question fails in no other
        return {"error": f"{type(error).__name__}: {error}"}


def expected(case: dict[str, Any], systems: Systems) -> Iterator[tuple[str, str | None]]:
    """Yield the variables and periods that a case's output names."""
    system, period = systems.of(case), case.get("period") and str(case["period"])
    groups, singles = {entity.plural for entity in system.entities}, {entity.key for entity in system.entities}
    pending = list(case["output"].items())
    while pending:
        name, value = pending.pop(0)
        if name in groups:
            pending = [each for row in value.values() for each in row.items()] + pending
        elif name in singles and name not in system.variables:
            pending = [*value.items(), *pending]
        else:
            yield from ((name, at or period) for at in periods_in(value))


def periods_in(value: Any) -> Iterator[str | None]:
    """Yield the periods under which values stand, None where none is said."""
    if not isinstance(value, dict):
        yield None
        return
    for at, each in value.items():
        yield from periods_in(each) if isinstance(each, dict) else (str(at),)


def key_of(text: str) -> tuple[str, str]:
    """Return variable and period of `variable<period>`."""
    name, _, period = text[:-1].partition("<")
    return name, period


def plain(values: Any) -> list[Any]:
    """Return values in a form that JSON can hold."""
    return [plain_value(value) for value in values]


def plain_value(value: Any) -> Any:
    """Return one value in a form that JSON can hold."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool | int | float):
        return float(value)
    return value.decode() if isinstance(value, bytes) else getattr(value, "name", None) or str(value)


if __name__ == "__main__":
    sys.exit(main())
