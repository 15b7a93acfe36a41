"""What a population in parts costs by its size: rows a second, processor time, the most memory taken; one process each, so that figures are of that size alone.

    python benchmarks/scale.py --base FOLDER --work FOLDER --sizes 10000,100000,1000000,10000000

makes populations of these sizes (`bareme population make --parts`), runs `bareme impact` and `bareme simulate` on each, and prints a line for each run. On a
machine with other work the clock says little: processor time is the figure to compare.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

REFORM = {"title": "Décote", "parameters": {"impot_revenu.decote.taux": {"2022-01-01": 0.5}}}
VARIABLES = "impot_net,niveau_de_vie,net_a_payer"
HOUSEHOLDS_OF_A_PART = 25_000
LEAST_BASE = 2_000


def measured(command: list[str]) -> dict[str, float]:
    """Run a command and return its seconds, processor seconds and most memory (MB)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603 - the repository's own command
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{said}")
    return {"seconds": time.perf_counter() - start, "processor": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss * 1024 / 1e6}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="a folder with room: 0.1 GB for a million households, and as much while they are computed")
    parser.add_argument("--base", type=Path, help="the population that is copied; else the one that is shipped (from 100,000 households on)")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--keep", action="store_true", help="keep the populations for the next time")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    reform = given.work / "reform.yaml"
    reform.write_text(json.dumps(REFORM), encoding="utf-8")
    bareme = [sys.executable, "-m", "bareme"]
    print(f"{'households':>12} {'job':<9} {'seconds':>8} {'processor s':>12} {'rows/s':>10} {'rows/processor s':>17} {'MB':>7}", flush=True)
    for size in (int(text) for text in given.sizes.split(",")):
        folder = given.work / f"population-{size}"
        parts = max(1, -(-size // HOUSEHOLDS_OF_A_PART))
        base = ["--base", str(given.base)] if given.base is not None else []
        jobs = {
            "impact": ["impact", str(reform), "--population", str(folder), "--memory", given.memory, "--work", str(given.work / "impact")],
            "simulate": ["simulate", "--population", str(folder), "--period", "2022", "--variables", VARIABLES, "--memory", given.memory],
        }
        jobs["simulate"] += ["--output", str(given.work / "results")]
        if not folder.exists():
            jobs = {"make": ["population", "make", "--households", str(size), "--parts", str(parts), "--seed", "2022", *base, "--output", str(folder)], **jobs}
        for job, arguments in jobs.items():
            found = measured([*bareme, *arguments])
            speed = size / found["seconds"], size / found["processor"]
            print(
                f"{size:>12,} {job:<9} {found['seconds']:>8.1f} {found['processor']:>12.1f} {speed[0]:>10,.0f} {speed[1]:>17,.0f} {found['megabytes']:>7,.0f}",
                flush=True,
            )
        for made in ("impact", "results", *(() if given.keep else (folder.name,))):
            shutil.rmtree(given.work / made, ignore_errors=True)


if __name__ == "__main__":
    main()
