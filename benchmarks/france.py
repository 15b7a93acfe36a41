"""The disposable income of OpenFisca-France over an invented population, on OpenFisca-Core and on Barème, in turn.

    python benchmarks/france.py --households 20000 --openfisca /path/to/python

`--openfisca` is the interpreter of an environment with OpenFisca-Core and openfisca-france; this script's own has Barème and openfisca-france
(`pip install --no-deps openfisca-france`). Each run is a process of its own: Barème with nothing kept from before, Barème with the graph that the run before
kept on disk, OpenFisca-Core. Printed: seconds to load the law, of the first computation (of Barème, tracing and evaluation apart), of a second one after a
threshold of the income tax was changed, peak memory, and the ratios. Means and standard deviations must agree to 1e-4. Without `--openfisca`, Barème alone.

    python benchmarks/france.py --single

times one family after the other in one process: milliseconds to build the simulation, to compute its disposable income, and to explain it.
"""

# ruff: noqa: PLC0415, S603 - a worker imports what its engine needs, and is run by this script

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

YEAR = 2023
VARIABLE = "revenu_disponible"
ROLES = {
    "foyer_fiscal": ("declarant_principal", "conjoint", "personne_a_charge"),
    "famille": ("demandeur", "conjoint", "enfant"),
    "menage": ("personne_de_reference", "conjoint", "enfant"),
}
AGREEMENT = 1e-4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--openfisca", help="interpreter of an environment with OpenFisca-Core and openfisca-france")
    parser.add_argument("--no-reform", action="store_true", help="leave the second computation out")
    parser.add_argument("--single", action="store_true", help="one family after the other, on Barème")
    parser.add_argument("--worker", choices=("openfisca", "bareme"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(job(options)))
        return 0
    if options.single:
        return single()
    with tempfile.TemporaryDirectory() as kept:
        runs = [run_worker(name, python, kept) for name, python in workers(options.openfisca)]
    return told(runs)


def single(families: int = 6) -> int:
    """Time families of the same shape, one after the other: the first is traced, the others find the graph."""
    from engine import openfisca

    openfisca.activate()
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_france import FranceTaxBenefitSystem

    from engine.explanation import explain

    system = FranceTaxBenefitSystem()
    for number in range(families):
        start = time.perf_counter()
        simulation = SimulationBuilder().build_from_entities(system, family(30_000 + 1_000 * number))
        built = time.perf_counter()
        income = float(simulation.calculate(VARIABLE, str(YEAR))[0])
        computed = time.perf_counter()
        explanation = explain(simulation.run, VARIABLE, str(YEAR))
        explained = time.perf_counter()
        times = f"built in {1000 * (built - start):.1f} ms, computed in {1000 * (computed - built):.1f} ms, explained in {1000 * (explained - computed):.1f} ms"
        leaves = sorted({step.leaf for step in explanation.steps if step.leaf})
        print(f"family {number + 1}: {times}: {income:,.2f} euros, {len(explanation.steps)} steps down to {', '.join(leaves)}")
    return 0


def family(wage: float) -> dict[str, Any]:
    """Return a couple with a child, of which both earn, in a rented home."""
    people: dict[str, Any] = {name: {"date_naissance": {"ETERNITY": f"{born}-01-01"}} for name, born in (("a", 1980), ("b", 1982), ("c", 2012))}
    people["a"]["salaire_de_base"] = {str(YEAR): wage}
    people["b"]["salaire_de_base"] = {str(YEAR): wage / 2}
    return {
        "individus": people,
        "foyers_fiscaux": {"f": {"declarants": ["a", "b"], "personnes_a_charge": ["c"]}},
        "familles": {"f": {"parents": ["a", "b"], "enfants": ["c"]}},
        "menages": {"m": {"personne_de_reference": ["a"], "conjoint": ["b"], "enfants": ["c"], "loyer": {f"{YEAR}-01": 500}}},
    }


def workers(openfisca: str | None) -> list[tuple[str, str]]:
    """Return the runs, each with its interpreter."""
    ours = [("bareme", sys.executable), ("bareme, kept", sys.executable)]
    return [*ours, ("openfisca", openfisca)] if openfisca else ours


def run_worker(name: str, python: str, kept: str) -> dict[str, Any]:
    """Return what one run reports; both runs of Barème share a directory for what is kept."""
    environment = {**os.environ, "BAREME_CACHE_DIR": kept, "PYTHONPATH": str(Path(__file__).resolve().parents[1]) if name != "openfisca" else ""}
    command = [python, __file__, *sys.argv[1:], "--worker", name.partition(",")[0]]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return {"name": name, **json.loads(done.stdout.splitlines()[-1])}


def told(runs: list[dict[str, Any]]) -> int:
    """Print what the runs reported; returns 1 where the engines do not agree."""
    columns = ("load", "compute", "tracing", "evaluation", "reform", "peak_mb")
    print(f"{runs[0]['households']:,} households, {runs[0]['persons']:,} persons; seconds, megabytes")
    print(f"{'':<14}" + "".join(f"{column:>12}" for column in columns))
    for run in runs:
        print(f"{run['name']:<14}" + "".join(f"{run[column]:>12,.3f}" if run.get(column) is not None else f"{'':>12}" for column in columns))
    peer = runs[-1]
    if peer["name"] != "openfisca":
        return 0
    for run in runs[:-1]:
        shown = [
            f"{column} {peer['compute' if column == 'evaluation' else column] / run[column]:.1f}" for column in columns if ratio_is_known(peer, run, column)
        ]
        print(f"openfisca / {run['name']}: {', '.join(shown)}")
    checked = [column for column in ("mean", "spread", "gain") if peer.get(column) is not None]
    largest = max(abs(peer[column] - run[column]) / max(abs(peer[column]), 1.0) for run in runs[:-1] for column in checked)
    print(f"largest difference of mean, standard deviation and gain: {largest:.1e}")
    return 0 if largest <= AGREEMENT else 1


def ratio_is_known(peer: dict[str, Any], run: dict[str, Any], column: str) -> bool:
    """Whether both report a column; the peer does not trace, so its computation is what evaluation is compared with."""
    return bool(run.get(column)) and peer.get("compute" if column == "evaluation" else column) is not None


# In the worker: the same code for both engines, by OpenFisca's names


def job(options: argparse.Namespace) -> dict[str, Any]:
    """Run the job on one engine and report."""
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    if options.worker == "bareme":
        from engine import openfisca

        openfisca.activate()
    start = time.perf_counter()
    from openfisca_core.reforms import Reform
    from openfisca_france import FranceTaxBenefitSystem

    system = FranceTaxBenefitSystem()
    report: dict[str, Any] = {"households": options.households, "load": time.perf_counter() - start}
    people = population(options.households)
    simulation = build(system, people)
    start = time.perf_counter()
    if options.worker == "bareme":
        simulation.run.traced(VARIABLE, str(YEAR))
        report["tracing"] = time.perf_counter() - start
    result = np.asarray(simulation.calculate(VARIABLE, str(YEAR)))
    report["compute"] = time.perf_counter() - start
    report["evaluation"] = report["compute"] - report["tracing"] if "tracing" in report else None
    report.update(persons=len(people["household"]), mean=float(result.mean(dtype=float)), spread=float(result.std(dtype=float)))
    report["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if options.no_reform:
        return report

    def raise_first_threshold(parameters: Any) -> Any:
        scale = parameters.impot_revenu.bareme_ir_depuis_1945.bareme
        scale.brackets[1].threshold.update(start=f"{YEAR}-01-01", value=12_000)
        return parameters

    class HigherThreshold(Reform):  # type: ignore[misc]
        def apply(self) -> None:
            self.modify_parameters(raise_first_threshold)

    start = time.perf_counter()
    after = np.asarray(build(HigherThreshold(system), people).calculate(VARIABLE, str(YEAR)))
    report["reform"] = time.perf_counter() - start
    report["gain"] = float((after - result).mean(dtype=float))
    report["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return report


def population(households: int, seed: int = 20260101) -> dict[str, Any]:
    """Draw one adult or a couple, zero to three children, and their incomes, in euros a year."""
    random = np.random.default_rng(seed)
    adults = 1 + (random.random(households) < 0.55)
    children = np.where(random.random(households) < 0.45, 0, random.integers(0, 4, households))
    size = adults + children
    household = np.repeat(np.arange(households), size)
    position = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    is_adult = position < np.repeat(adults, size)
    head_birth = np.repeat(random.integers(1935, 2001, households), size)
    birth = np.where(is_adult, head_birth, np.minimum(head_birth + random.integers(20, 38, len(household)), YEAR - 1))
    retired = is_adult & (birth <= YEAR - 63)
    working = is_adult & ~retired & (random.random(len(household)) < 0.82)
    jobless = is_adult & ~retired & ~working & (random.random(len(household)) < 0.5)
    amount = random.lognormal(10.15, 0.62, len(household))
    tenant = random.random(households) < 0.42
    rent = np.where(tenant, random.lognormal(6.35, 0.35, households), 0.0)
    incomes = {
        "salaire_de_base": np.where(working, amount, 0.0),
        "retraite_brute": np.where(retired, amount * 0.6, 0.0),
        "chomage_brut": np.where(jobless, amount * 0.45, 0.0),
    }
    return {"household": household, "position": position, "is_adult": is_adult, "birth": birth, "rent": rent, "tenant": tenant, "incomes": incomes}


def build(system: Any, people: dict[str, Any]) -> Any:
    """Return a simulation of the population."""
    from openfisca_core.simulation_builder import SimulationBuilder

    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("individu", np.arange(len(people["household"])))
    count = int(people["household"][-1]) + 1
    for entity, (first, second, child) in ROLES.items():
        names = np.where(people["position"] == 0, first, np.where(people["is_adult"], second, child)).astype(object)
        builder.join_with_persons(builder.declare_entity(entity, np.arange(count)), people["household"], names)
    simulation = builder.build(system)
    for name, amounts in people["incomes"].items():
        simulation.set_input(name, str(YEAR), amounts)
    births = (people["birth"] - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    simulation.set_input("date_naissance", "ETERNITY", births)
    status = np.where(people["tenant"], "locataire_vide", "proprietaire")
    for month in range(1, 13):
        simulation.set_input("loyer", f"{YEAR}-{month:02d}", people["rent"])
        simulation.set_input("statut_occupation_logement", f"{YEAR}-{month:02d}", status)
    return simulation


if __name__ == "__main__":
    sys.exit(main())
