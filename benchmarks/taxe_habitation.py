"""The taxe d'habitation's bill over a large table in memory, against the administration's own program and the memory's speed.

    python benchmarks/taxe_habitation.py [--rows 1000000] [--threads 1] [--profile]

The rows are the valid rows of the official vectors (tests/data/taxe_habitation), repeated with other rental values and
incomes until there are as many different ones as asked for. Every control of the official program runs. The peer is that
program (the DGFiP's C code, compiled with gcc -O2, inputs in memory), which does 200,000 such rows a second a core.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.graph.compiled import Compiled
from engine.population import Population
from engine.simulation import Simulation
from legislation import france
from legislation.taxe_habitation.colonnes_cote import MODULES
from legislation.taxe_habitation.vecteurs import RETURN_CODE, read_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

PEER_ROWS_PER_SECOND = 200_000
VECTORS = Path(__file__).parents[1] / "tests" / "data" / "taxe_habitation" / "vectors_dev.csv.gz"
YEAR = "2017"
KCAC = MODULES["kcac"]
MEGA = 2**20


def bill(rows: int, threads: int | None) -> Simulation:
    """Return a simulation of so many different bills, all of which the law accepts."""
    table = read_vectors(VECTORS)
    valid = np.flatnonzero(np.array(table.columns[RETURN_CODE].texts)[table.columns[RETURN_CODE].codes] == "0")
    chosen, turn = valid[np.arange(rows) % len(valid)], np.arange(rows) // len(valid)
    law = france()
    simulation = Simulation(law, Population.aligned(rows, list(law.entities), law.links), threads=threads)
    for name, column in KCAC.entrees.items():
        texts = table.columns[name]
        for variable, values in column.lire(np.array(texts.texts)).items():
            given = values[texts.codes][chosen]
            if name in {"e2.vlbpc", "e2.vlbsc"}:
                given += np.where(given > 0, turn, 0)
            elif name in {"e2.revim", "e2.revff"}:
                given += turn
            simulation.set_input(variable, YEAR, given, copy=False)
    return simulation


def copy_speed() -> float:
    """Return how many bytes a second this machine reads and writes, copying an array far larger than its caches."""
    source, target = np.ones(32 * MEGA), np.zeros(32 * MEGA)
    return max(2 * source.nbytes / seconds(lambda: np.copyto(target, source)) for _ in range(5))


def seconds(function: object) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    function()  # type: ignore[operator]
    return time.perf_counter() - start


def memory(key: str) -> int:
    """Return a figure of this process's memory in bytes, as Linux tells it."""
    found = re.search(rf"{key}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) * 1024 if found else 0


@contextmanager
def profiled(spent: dict[tuple[str, str], float]) -> Iterator[None]:
    """Add up, per kind of operation, the least time that each step takes for one block."""
    compile_step = Compiled._compile  # noqa: SLF001 - a profile looks inside

    def timed(self: object, node: object, buffer: object, kept: object) -> object:
        step = compile_step(self, node, buffer, kept)  # type: ignore[arg-type]
        kind = (str(node.operation), "/".join(str(operand.dtype) for operand in node.operands[:3]) + (" -> result" if kept is not None else ""))  # type: ignore[attr-defined]
        least = [float("inf")]

        def run(values: object, outs: object, block: object) -> None:
            start = time.perf_counter()
            step(values, outs, block)  # type: ignore[arg-type]
            took = time.perf_counter() - start
            if took < least[0]:
                spent[kind] += took - (least[0] if least[0] != float("inf") else 0.0)
                least[0] = took

        return run

    Compiled._compile = timed  # type: ignore[method-assign,assignment] # noqa: SLF001
    try:
        yield
    finally:
        Compiled._compile = compile_step  # type: ignore[method-assign] # noqa: SLF001


def measure(simulation: Simulation, names: list[str], repeat: int) -> tuple[float, int, int]:
    """Return the best time of so many calculations, the bytes of the results, and the peak memory above what stood before."""
    wanted = [(name, YEAR) for name in names]
    best, results_bytes, peak = float("inf"), 0, 0
    for _ in range(repeat):
        fresh = simulation.clone()
        for name, year in wanted:
            fresh.traced(name, year)
        before = memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        start = time.perf_counter()
        results = fresh.calculate_all(wanted)
        best = min(best, time.perf_counter() - start)
        peak = max(peak, memory("VmHWM") - before)
        results_bytes = sum(values.nbytes for values in results.values())
        del results, fresh
    return best, results_bytes, peak


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    simulation = bill(options.rows, options.threads)
    inputs = sum(getattr(values, "codes", values).nbytes for values in simulation.inputs.values())
    speed = copy_speed()
    every = [KCAC.code_retour, *sorted({variable for column in KCAC.sorties.values() for variable in column.variables})]
    net = [KCAC.code_retour, *(variable for name in ("s2.netth", "s2.netap") for variable in KCAC.sorties[name].variables)]
    print(f"{options.rows:,} different rows, {options.threads} thread(s), {inputs / options.rows:.0f} bytes of inputs a row")
    print(f"memory copies {speed / 1e9:.1f} GB/s")
    for title, names in (("the bill: netth, netap and the return code", net), ("all 198 outputs and the return code", every)):
        best, results, peak = measure(simulation, names, options.repeat)
        both = inputs + results
        rate, limit = options.rows / best, options.rows / (both / speed)
        print(f"\n{title}\n  {rate:,.0f} rows/s: {rate / PEER_ROWS_PER_SECOND / options.threads:.1f} times the official program, a core")
        print(f"  {rate / limit:.0%} of what memory allows ({limit:,.0f} rows/s for {both / options.rows:.0f} bytes a row)")
        print(f"  peak memory {(inputs + peak) / MEGA:,.0f} MB = {(inputs + peak) / both:.2f} times inputs and results ({both / MEGA:,.0f} MB)")
        if options.profile:
            spent: dict[tuple[str, str], float] = defaultdict(float)
            with profiled(spent):
                simulation.clone().calculate_all([(name, YEAR) for name in names])
            total = sum(spent.values())
            for (operation, types), took in sorted(spent.items(), key=lambda item: -item[1])[:12]:
                print(f"    {took / total:6.1%}  {operation} {types}")


if __name__ == "__main__":
    main()
