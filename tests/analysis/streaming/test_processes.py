"""Parts computed by several processes of this machine: the same bytes as by one, and errors told as they are there."""

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

import cluster_jobs
from analysis.calls import impact
from analysis.scheduling.impact import in_processes
from analysis.scheduling.processes import results
from analysis.scheduling.simulate import in_processes as simulated_in_processes
from analysis.streaming.running import impact_of_parts
from analysis.streaming.task import Task
from cluster_jobs import job
from engine.errors import CalculationError, DataError, Problem, SituationError, TableError
from engine.reform import DataReform
from invented_population import in_parts, invented, repeated
from legislation import france
from population.partitions.memory import Memory
from population.partitions.parts import Part, partitioned
from population.partitions.reading import read_part
from population.partitions.simulating import Asked, simulate_parts

ROOT = Path(__file__).parents[3]
PARTS = 5
MANY = 48  # so many that a busy machine cannot finish them before it is told to stop
REFORM = DataReform(name="decote", title="Décote relevée", parameters={"impot_revenu.decote.taux": {"2022-01-01": 0.5}}, file="reforme.yaml")
TASK = Task(REFORM, 2022, replicates=4, name="Cinq parts")


@pytest.fixture(scope="module", name="population")
def _population(tmp_path_factory):
    folder = tmp_path_factory.mktemp("country") / "population"
    return partitioned(in_parts(folder, PARTS, 40), france().entities)


@pytest.fixture(name="parts")
def _parts(tmp_path):
    found = []
    for number in range(7):
        file = tmp_path / f"part-{number}.parquet"
        parquet.write_table(pa.table({"x": [number]}), file)
        found.append(Part(file.stem, (("menage", str(file)),)))
    return found


def contents(folder):
    return {file.relative_to(folder): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_the_impact_is_the_same_to_the_byte(population, tmp_path):
    alone = impact_of_parts(TASK, population, tmp_path / "alone")
    together = impact_of_parts(TASK, population, tmp_path / "together", compute=in_processes(2))
    assert {name: together[name].rows() for name in together} == {name: alone[name].rows() for name in alone}
    assert contents(tmp_path / "together" / "partials") == contents(tmp_path / "alone" / "partials")


def test_python_asks_for_several_processes(population, tmp_path):
    reform = tmp_path / "reforme.yaml"
    reform.write_text("title: Décote relevée\nparameters:\n  impot_revenu.decote.taux: {2022-01-01: 0.5}\n", encoding="utf-8")
    alone = impact(reform, population.folder, year=2022, replicates=2)
    law = DataReform(title="Rien de plus", parameters={"impot_revenu.decote.taux": {"2023-01-01": 0.4}})(france())
    for options in ({"processes": 2}, {"processes": 2, "memory": "4GB", "law": france()}):
        together = impact(reform, population.folder, year=2022, replicates=2, **options)
        assert {name: together[name].rows() for name in together} == {name: alone[name].rows() for name in alone}
    of_reformed = impact(reform, population.folder, year=2022, replicates=2, law=law)
    assert impact(reform, population.folder, year=2022, replicates=2, law=law, processes=2)["budget"].rows() == of_reformed["budget"].rows()


@pytest.mark.parametrize(
    "options, message",
    [
        ({"processes": 0}, "`processes` is 0: expected how many parts are computed at once, 1 or more"),
        ({"processs": 2}, "`processs` is no option of an impact on a population in parts: .* Did you mean `processes`"),
        ({"processes": 8, "memory": "2GB"}, "leave 250 MB to each of 8 processes"),
    ],
)
def test_python_is_told_what_it_asks_wrongly(population, options, message):
    with pytest.raises(DataError, match=message):
        impact(REFORM, population.folder, year=2022, **options)


@pytest.mark.parametrize("option", ["processes", "memory"])
def test_a_population_read_whole_has_no_processes(option):
    with pytest.raises(DataError, match=f"`{option}` is of populations in parts"):
        impact(REFORM, invented(5), year=2022, **{option: 2})


def test_a_law_changed_by_hand_is_for_one_process(population):
    law = france().neutralizing("salaires")
    assert impact(REFORM, population.folder, year=2022, replicates=0, law=law)["budget"].rows()
    with pytest.raises(CalculationError, match=r"cannot be sent to other processes .*is not told by files or names alone"):
        impact(REFORM, population.folder, year=2022, replicates=0, law=law, processes=2)


def test_variables_are_the_same_files(population, tmp_path):
    law = france()
    asked = Asked(law, ("impot_a_payer", "niveau_de_vie"), "2022")
    alone = simulate_parts(population, asked, lambda part: read_part(part, law, "2022"), tmp_path / "alone")
    compute = simulated_in_processes(2, france, read_part)
    together = simulate_parts(population, asked, lambda part: pytest.fail("read here"), tmp_path / "together", compute=compute)
    assert together == alone
    assert contents(tmp_path / "together") == contents(tmp_path / "alone")


def test_the_bound_on_memory_reaches_every_process(population, tmp_path):
    asked = Asked(france(), ("impot_a_payer",), "2022")
    seen = []

    def compute(parts, asked):
        seen.append(asked.rows)
        yield from simulated_in_processes(1, france, read_part)(parts, asked)

    bound = Memory(500_000_000)
    simulate_parts(population, asked, lambda _: pytest.fail("read here"), tmp_path, memory=bound, compute=compute)
    assert seen == [bound.rows_beside(population.parts)]
    assert seen[0] < asked.rows


def test_each_part_comes_once(parts, tmp_path):
    found = dict(results(iter(parts), job(cluster_jobs.read, {"notes": str(tmp_path), "seconds": 0.02}), 3))
    assert sorted(found, key=lambda part: part.name) == parts
    begun = [file.name for file in tmp_path.glob("began-*")]
    assert len(begun) == len(parts)
    assert len({name.rpartition("-")[2] for name in begun}) > 1


def test_no_part_is_no_result():
    assert list(results([], job(cluster_jobs.read), 2)) == []


def test_threads_are_shared(parts, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert {content for _, content in results(parts, job(cluster_jobs.threads_of), 2)} == {b"3"}


def test_an_error_of_a_part_is_the_error(parts):
    with pytest.raises(DataError, match=r"^the row 7 is wrong$"):
        list(results(parts, job(cluster_jobs.refuse, {"bad": "part-3"}), 2))


def test_a_process_that_dies_is_told(parts):
    with pytest.raises(CalculationError, match=r"One of 2 processes died .* expected fewer --processes, or more memory. What is finished is kept"):
        list(results(parts, job(cluster_jobs.die, {"bad": "part-4"}), 2))


def test_a_law_of_a_script_cannot_be_sent(parts):
    with pytest.raises(CalculationError, match=r"cannot be sent to other processes .* expected files, or names of what can be imported; or one process"):
        list(results(parts, job(cluster_jobs.read, laws=lambda _: ()), 2))


@pytest.mark.parametrize("kind", [TableError, SituationError])
def test_errors_with_problems_are_the_same_in_another_process(kind):
    error = kind([Problem("row 3", "no number"), Problem("row 5", "no date")])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made in the same line
    assert (type(again), str(again), again.problems) == (kind, str(error), error.problems)


@pytest.mark.parametrize(
    "size, processes, rows",
    [("2GB", 1, 25_000), ("4GB", 2, 25_000), ("2GB", 2, 20_567), ("64GB", 4, 25_000)],
)
def test_memory_is_shared(size, processes, rows):
    assert Memory.parsed(size).shared(processes).rows_beside([]) == rows


def test_so_many_processes_as_cores_and_memory_allow(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert [Memory.parsed(size).processes for size in ("1GB", "2GB", "6GB", "64GB")] == [1, 1, 4, 8]


def test_too_many_processes_for_the_memory():
    with pytest.raises(
        DataError,
        match=r"2.0 GB of memory leave 250 MB to each of 8 processes: the law alone takes about 420 MB, expected 4 processes at most, or 3.5 GB or more",
    ):
        Memory.parsed("2GB").shared(8)


def test_ctrl_c_ends_all_processes_and_what_is_finished_stays(population, tmp_path):
    many = repeated(population.folder, tmp_path / "population", MANY)
    reform = tmp_path / "reforme.yaml"
    reform.write_text("title: Décote\nparameters:\n  impot_revenu.decote.taux: {2022-01-01: 0.5}\n", encoding="utf-8")
    command = [
        *(sys.executable, "-m", "bareme", "impact", str(reform), "--population", str(many), "--work", str(tmp_path / "work")),
        *("--replicates=5", "--processes=2"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BAREME_CACHE": "off"}
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
    folder = tmp_path / "work" / "2022" / "partials"
    while not (any(folder.glob("*.partial")) if folder.is_dir() else False) and running.poll() is None:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal sends it: to all of them
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1, said
    assert "Aborted" in said
    assert "Traceback" not in said
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert f" of {MANY} parts are finished already" in again.stderr
    assert "in each of 2 processes" in again.stderr
