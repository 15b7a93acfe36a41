"""A Dask cluster of processes on this machine, as a user starts one: a scheduler, and workers that can be killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from population.partitions.parts import Part

ROOT = Path(__file__).parents[3]
distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed: nothing was computed on a cluster")


class Cluster:
    """A scheduler at `address`, and workers; all are stopped at the end."""

    def __init__(self, folder, workers=2, **environment):
        self.folder = folder
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
            "BAREME_CACHE": "off",
            **environment,
        }
        self.processes = []
        self.workers = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        self.address = json.loads(_read_when_there(file, self.scheduler))["address"]
        for _ in range(workers):
            self.start_worker()

    def start_worker(self, *options, cwd=None, **environment):
        """Start another worker, without a nanny: who is killed stays dead."""
        worker = self._start(
            *(
                "worker",
                self.address,
                "--host",
                "127.0.0.1",
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--death-timeout",
                "60",
                "--local-directory",
                str(self.folder),
            ),
            *options,
            cwd=cwd,
            **environment,
        )
        self.workers.append(worker)
        return worker

    def _start(self, *arguments, cwd=None, **environment):
        log = (self.folder / f"log-{len(self.processes)}").open("wb")
        command = [sys.executable, "-m", "dask", *arguments]
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**self.environment, **environment}, cwd=cwd or self.folder)
        log.close()
        self.processes.append(process)
        return process

    def kill(self, process):
        """Kill a process as a machine that loses its power."""
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.kill()
            process.wait()


def _read_when_there(file, process):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        text = file.read_text() if file.exists() else ""
        if text.strip().endswith("}"):
            return text
        assert process.poll() is None, "the scheduler ended"
        time.sleep(0.05)
    raise AssertionError("no scheduler came")


@pytest.fixture
def start(tmp_path_factory):
    """Start clusters of a test's own."""
    clusters = []

    def started(workers=2, **environment):
        clusters.append(Cluster(tmp_path_factory.mktemp("cluster"), workers, **environment))
        return clusters[-1]

    yield started
    for cluster in clusters:
        cluster.stop()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Two workers for all tests that kill none."""
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    yield found
    found.stop()


@pytest.fixture
def parts(tmp_path):
    """Twelve parts of a table."""
    return made_parts(tmp_path / "population", 12)


def made_parts(folder, count, rows=10):
    found = []
    for number in range(count):
        file = folder / "menage" / f"part-{number:05}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(pa.table({"x": [number * rows + row for row in range(rows)]}), file)
        found.append(Part(file.stem, (("menage", str(file)),)))
    return found
