"""How much memory a part of a population takes: to be read, by its cells; to be computed, by the households that are computed at once.

The figures of population/partitions/memory.py rest on it.

    python benchmarks/parts_memory.py --work FOLDER --sizes 5000,10000,25000,50000

makes copies of the shipped population in parts of these sizes, and the same as users' tables with 200 columns more. Of each, the part with most
persons (the shipped one has its families together) is read and computed in a process of its own, which knows no trace: beside what it took stands
what `Memory` reckons with.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from analysis.calls import reform_of
from analysis.streaming.facts import prepared
from analysis.streaming.partial import partial_of
from analysis.streaming.task import Task
from bareme.cli.parts_option import read_france
from legislation import france
from population.france.files import shipped
from population.partitions import memory
from population.partitions.making import make_parts
from population.partitions.parts import Part, Partitioned, partitioned
from population.partitions.reading import read_part
from population.partitions.simulating import Asked, found_of

HOUSEHOLDS = 100_000
AT_ONCE = (2_500, 10_000, 25_000)
WIDE = 200
YEAR = 2022
REFORM = {"title": "Décote", "parameters": {"impot_revenu.decote.taux": {"2022-01-01": 0.5}}}
VARIABLES = ("impot_net", "niveau_de_vie", "net_a_payer")
JOBS = ("read", "impact", "simulate")


def made(folder: Path, size: int) -> Partitioned:
    """Return copies of the shipped population in parts of a size; they are made where they are not there."""
    law = france()
    if not (folder / "manifest.json").is_file():
        base, about = shipped()
        make_parts(base, folder, law, HOUSEHOLDS, HOUSEHOLDS // size, about, say=lambda _: None)
    return partitioned(folder, law.entities)


def wide(folder: Path, of: Part) -> Partitioned:
    """Return a part as users' tables, which are read as they are: its households with 200 columns of amounts more."""
    law = france()
    own = [name for name, rule in law.variables.items() if rule.entity.key == "foyer_fiscal" and rule.value_type is float and not rule.formulas]
    drawn = np.random.default_rng(1)
    for entity, file in of.files.items():
        table = parquet.read_table(file).replace_schema_metadata(None)
        for name in [f"{name}@{year}" for year in range(YEAR - 1, YEAR - 20, -1) for name in own][:WIDE] if entity == "foyer_fiscal" else ():
            table = table.append_column(name, pa.array(np.round(drawn.lognormal(8, 1, table.num_rows), 2)))
        (folder / entity).mkdir(parents=True, exist_ok=True)
        parquet.write_table(table, folder / entity / "part-00000.parquet" if entity != "commune" else folder / "commune.parquet", compression="zstd")
    (folder / "commune").rmdir()
    return partitioned(folder, law.entities)


def largest(population: Partitioned) -> Part:
    """Return the part with most persons."""
    return max(population.parts, key=lambda part: parquet.read_metadata(part.files["individu"]).num_rows)


def status(word: str) -> int:
    """Return what the system says of this process, in bytes: VmRSS now, VmHWM the most since `reset`."""
    return next(int(line.split()[1]) * 1024 for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(word))


def reset() -> None:
    """Forget the most that was taken."""
    memory.give_back()
    Path("/proc/self/clear_refs").write_text("5")


def measured(folder: Path, job: str, rows: int) -> dict[str, int]:
    """Do a job over a part, and return what it took."""
    law = france()
    population = partitioned(folder, law.entities)
    part = largest(population)
    task = prepared(Task(reform_of(REFORM), YEAR, france, name="", rows=rows), population)
    reset()
    before = status("VmRSS")
    if job == "read":
        read_part(part, law, YEAR)
    elif job == "impact":
        partial_of(part, task)
    else:
        found_of(read_france(part, law, YEAR), Asked(law, VARIABLES, YEAR, rows=rows), part)
    return {"cells": memory.cells_of(part), "before": before, "most": status("VmHWM")}


def in_own_process(folder: Path, job: str, rows: int, work: Path) -> dict[str, int]:
    """Return what a job takes in a process that knows no trace."""
    words = [sys.executable, __file__, "--work", str(work), "--job", job, "--rows", str(rows), "--folder", str(folder)]
    done = subprocess.run(words, check=True, capture_output=True, text=True, env={**os.environ, "XDG_CACHE_HOME": str(work / "no-cache")})  # noqa: S603
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="a folder with room for 100 MB")
    parser.add_argument("--sizes", default="5000,10000,25000,50000")
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given: Any = parser.parse_args()
    if given.job is not None:
        print(json.dumps(measured(given.folder, given.job, given.rows)))
        return
    print(f"{'tables':<8} {'households':>10} {'at once':>8} {'job':<9} {'cells':>11} {'MB':>6} {'reckoned MB':>12} {'share':>6}")
    lines = []
    for size in (int(text) for text in given.sizes.split(",")):
        folders = {"made": given.work / f"made-{size}", "wide": given.work / f"wide-{size}"}
        wide(folders["wide"], largest(made(folders["made"], size)))
        every = [("wide", "read", 0), ("made", "read", 0), *(("made", job, rows) for job in JOBS[1:] for rows in AT_ONCE if rows <= size)]
        for kind, job, rows in every:
            found = in_own_process(folders[kind], job, rows, given.work)
            reckoned = memory.BASE + found["cells"] * memory.PER_CELL + rows * memory.PER_HOUSEHOLD
            words = f"{kind:<8} {size:>10,} {rows or '':>8} {job:<9} {found['cells']:>11,} {found['most'] / 1e6:>6,.0f} {reckoned / 1e6:>12,.0f}"
            print(f"{words} {found['most'] / reckoned:>6.0%}", flush=True)
            lines.append((kind, job, rows, found["cells"], found["most"]))
    for kind, job in dict.fromkeys(line[:2] for line in lines):
        some = np.array([line[2:] for line in lines if line[:2] == (kind, job)], np.float64)
        columns = [np.ones(len(some)), some[:, 1], *([some[:, 0]] if job != "read" else [])]
        fitted = np.linalg.lstsq(np.column_stack(columns), some[:, 2], rcond=None)[0]
        each = f", {fitted[2]:,.0f} bytes a household" if job != "read" else ""
        print(f"{kind} {job}: {fitted[0] / 1e6:,.0f} MB, {fitted[1]:,.0f} bytes a cell{each}")


if __name__ == "__main__":
    main()
