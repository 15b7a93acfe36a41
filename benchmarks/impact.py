"""How long `bareme impact` takes: from a cold start, for another figure in a warm process, for another population, and for `bareme solve`.

    python benchmarks/impact.py --population FOLDER      # without it, the invented France that is shipped

Each cold run is a process of its own, with the traces that an earlier one kept on disk or, with an empty XDG_CACHE_HOME, without.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bareme

ROOT = Path(__file__).parents[1]
PARAMETER = "impot_revenu.bareme.brackets[1].rate"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--population", type=Path)
    arguments.add_argument("--year", type=int, default=2022)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        reform = Path(folder) / "reforme.yaml"
        reform.write_text(f"title: Essai\nparameters: {{'{PARAMETER}': {{{chosen.year}-01-01: 0.09}}}}\n", encoding="utf-8")
        command = [sys.executable, "-m", "bareme", "impact", str(reform), "--year", str(chosen.year)]
        command += ["--population", str(chosen.population)] if chosen.population else []
        for words, cache in (("cold, nothing kept on disk", folder), ("cold, traces kept on disk", folder)):
            seconds, processor, megabytes = run(command, cache)
            print(f"{words:<44} {seconds:6.2f} s ({processor:.2f} s of processor)  {megabytes:7.0f} MB")
    warm(chosen.population, chosen.year)


def run(command: list[str], cache: str) -> tuple[float, float, float]:
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - the command of the repository itself
        command, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "XDG_CACHE_HOME": cache}
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def warm(population: Path | None, year: int) -> None:
    study = bareme.study(population, year)
    print(f"{study.households.count:,} rows of {study.households.unit}, {study.replicates.count} replicates")
    for rate in (0.09, 0.1, 0.12):
        start, processor = time.perf_counter(), time.process_time()
        found = bareme.impact({"title": f"{rate:.0%}", "parameters": {PARAMETER: {f"{year}-01-01": rate}}}, study)
        print(f"{f'another figure ({found})':<70} {time.perf_counter() - start:6.2f} s ({time.process_time() - processor:.2f} s of processor)")
    start = time.perf_counter()
    solved = bareme.solve({}, PARAMETER, "budget = -1e9", study)
    print(f"solve: {solved.value:.6f} in {len(solved.steps)} steps {time.perf_counter() - start:6.2f} s")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
