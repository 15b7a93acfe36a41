"""What a reform does, and variables over parts, on a cluster: the same bytes as on this machine, whatever becomes of a worker."""

import os
import signal
import subprocess
import sys
import time

import pytest

import cluster_jobs
from analysis.scheduling.connection import connected
from analysis.scheduling.impact import on_cluster
from analysis.scheduling.running import as_sent, results
from analysis.scheduling.simulate import on_cluster as simulated_on_cluster
from analysis.streaming.running import impact_of_parts
from analysis.streaming.task import Task
from cluster_jobs import job
from engine.reform import DataReform, chained
from engine.sent_traces import lacking, take_over, to_send
from invented_population import in_parts, repeated
from legislation import france
from population.partitions.parts import partitioned
from population.partitions.reading import read_part
from population.partitions.simulating import Asked, simulate_parts

REFORM = DataReform(name="decote", title="Décote relevée", parameters={"impot_revenu.decote.taux": {"2022-01-01": 0.5}}, file="reforme.yaml")
YAML = "title: Décote relevée\nparameters:\n  impot_revenu.decote.taux: {2022-01-01: 0.5}\n"
PARTS = 8
MANY = 48  # so many that a busy machine cannot finish them before it is told to stop


@pytest.fixture(scope="session")
def population(tmp_path_factory):
    """Eight parts of 60 households."""
    folder = tmp_path_factory.mktemp("country") / "population"
    return partitioned(in_parts(folder, PARTS, 60), france().entities)


@pytest.fixture(scope="session")
def undisturbed(population, tmp_path_factory):
    """What one machine says: the folder of its partials, and its tables."""
    work = tmp_path_factory.mktemp("undisturbed")
    return work, impact_of_parts(TASK, population, work)


TASK = Task(REFORM, 2022, replicates=5, name="Huit parts")


def contents(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_a_worker_killed_half_way_changes_no_byte(start, population, undisturbed, tmp_path):
    own, said = start(workers=2), []
    with connected(own.address) as client:
        client.wait_for_workers(2)

        def watch(step, done, total):
            if step == "parts" and done == 3:
                own.kill(own.workers[0])

        found = impact_of_parts(TASK, population, tmp_path / "work", watch=watch, compute=on_cluster(client, said.append))
    work, expected = undisturbed
    assert contents(tmp_path / "work" / "partials") == contents(work / "partials")
    assert {name: found[name].rows() for name in found} == {name: expected[name].rows() for name in expected}
    assert [words for words in said if "traced graphs" in words and "were sent to tcp://" in words]


def test_a_run_that_was_cut_off_goes_on(cluster, population, tmp_path):
    folder = repeated(population.folder, tmp_path / "population", MANY)
    file = tmp_path / "reforme.yaml"
    file.write_text(YAML, encoding="utf-8")
    command = [
        *(sys.executable, "-m", "bareme", "impact", str(file), "--population", str(folder), "--work", str(tmp_path / "work")),
        "--replicates=5",
    ]
    command.append(f"--scheduler={cluster.address}")
    environment = {**os.environ, "PYTHONPATH": cluster.environment["PYTHONPATH"]}
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    folder = tmp_path / "work" / "2022" / "partials"
    while len(list(folder.glob("*.partial")) if folder.is_dir() else []) < 2 and running.poll() is None:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode == 1
    assert "Aborted" in said
    finished = len(list(folder.glob("*.partial")))
    assert 2 <= finished < MANY
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert f" of {MANY} parts are finished already" in again.stderr
    assert len(contents(folder)) == MANY


def test_variables_over_parts_are_the_same_files(cluster, population, tmp_path):
    law, said = france(), []
    asked = Asked(law, ("impot_a_payer", "nombre_parts"), "2022")
    here = simulate_parts(population, asked, lambda part: read_part(part, law, "2022"), tmp_path / "here")
    with connected(cluster.address) as client:
        compute = simulated_on_cluster(client, france, read_part, said.append)
        there = simulate_parts(population, asked, lambda part: pytest.fail("read here"), tmp_path / "there", compute=compute)
    assert there == here
    assert contents(tmp_path / "there" / "foyer_fiscal") == contents(tmp_path / "here" / "foyer_fiscal")


def test_a_worker_that_has_the_traces_is_not_sent_them_again(start, population, tmp_path):
    own = start(workers=2)
    asked = job(cluster_jobs.how_traced, laws=cluster_jobs.france_only, trace=cluster_jobs.traced_france)
    with connected(own.address) as client:
        client.wait_for_workers(2)
        runs = []
        for _ in range(2):
            said = []
            answers = [content.split() for _, content in results(client, population.parts, asked, say=said.append)]
            runs.append((said, {int(pid): int(received) for pid, received, _ in answers}))
    (first, received), (again, _) = runs
    assert len(first) == 1
    assert "traced graphs" in first[0]
    assert sorted(received.values()) in ([0, 1], [1], [0])  # one made it, the other was sent it
    assert not again


def test_a_law_that_files_do_not_tell_is_traced_by_each_worker_and_that_is_said(cluster, population, tmp_path):
    def of_a_script(law, unknown=object):
        return law.replacing(cluster_jobs.rule_of_a_script())

    said = []
    task = Task(chained(of_a_script), 2022, replicates=2)
    with connected(cluster.address) as client:
        found = impact_of_parts(task, population, tmp_path, compute=on_cluster(client, said.append))
    assert said == ["The law, or the reform, is not told by files alone: each worker traces it for itself, and none can be checked to have the same."]
    assert found["budget"].rows()


def test_traces_serve_another_process_only_under_the_same_law(population):
    law = france()
    cluster_jobs.traced_france(population.parts[0], None, (law,))
    traces = to_send([law])
    assert traces
    assert not lacking([law], [(each.law, each.signature) for each in traces])
    take_over([law], traces)
    assert all(law.kept_graphs.received_of(law, each.signature) == each.payload for each in traces)
    assert as_sent(job(cluster_jobs.read)).digest == as_sent(job(cluster_jobs.read)).digest
