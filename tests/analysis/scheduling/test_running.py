"""Parts on a cluster of processes: each result comes once, whatever becomes of the workers."""

import hashlib
import time

import pytest

import cluster_jobs
from analysis.scheduling.connection import connected
from analysis.scheduling.running import results
from cluster_jobs import job
from engine.errors import ClusterError


def computed(address, parts, asked, **options):
    with connected(address) as client:
        found = list(results(client, parts, asked, **options))
    assert len({part.name for part, _ in found}) == len(found)
    return {part.name: content for part, content in found}


def expected(parts):
    return {part.name: hashlib.sha256(b"".join(file.read_bytes() for file in part.files.values())).hexdigest().encode() for part in parts}


def test_each_part_comes_once(cluster, parts, tmp_path):
    assert computed(cluster.address, parts, job(cluster_jobs.read, {"notes": tmp_path})) == expected(parts)


def test_nothing_is_asked_for_no_parts(cluster):
    assert computed(cluster.address, [], job(cluster_jobs.fail)) == {}


def test_a_worker_killed_half_way_loses_nothing(start, parts, tmp_path):
    own = start(workers=3)
    found = []
    with connected(own.address) as client:
        client.wait_for_workers(3)
        for part, content in results(client, parts, job(cluster_jobs.read, {"notes": tmp_path, "seconds": 0.2})):
            found.append((part.name, content))
            if len(found) == 4:
                own.kill(own.workers[0])
    assert len(found) == len(parts)
    assert dict(found) == expected(parts)
    begun = list(tmp_path.glob("began-*"))
    assert len(begun) > len(parts)  # what the dead one had begun was begun again
    assert {file.name.split("-")[-1] for file in begun} == {str(worker.pid) for worker in own.workers}


def test_whoever_comes_late_works_too_and_the_last_may_die(start, parts, tmp_path):
    own = start(workers=1)
    found = []
    with connected(own.address) as client:
        for part, content in results(client, parts, job(cluster_jobs.read, {"notes": tmp_path, "seconds": 0.05})):
            found.append((part.name, content))
            if len(found) == 2:
                own.kill(own.workers[0])
                own.start_worker()
    assert dict(found) == expected(parts)


def test_a_part_that_kills_its_workers_is_named(start, parts):
    own = start(workers=1, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    with pytest.raises(ClusterError, match=r"Several workers died.* with the part part-00003: expected more memory"):
        computed(own.address, parts[3:4], job(cluster_jobs.die, {"bad": "part-00003"}))


def test_without_workers_it_is_said_after_a_while(start, parts):
    own = start(workers=0)
    with pytest.raises(ClusterError, match="no worker, and none came within 1 seconds: start some with `dask worker`"):
        computed(own.address, parts, job(cluster_jobs.fail), patience=1.0)


def test_when_all_workers_die_it_is_said_after_a_while(start, parts, tmp_path):
    own = start(workers=1)
    with connected(own.address) as client:
        client.wait_for_workers(1)
        running = results(client, parts, job(cluster_jobs.read, {"notes": tmp_path}), patience=1.0)
        next(running)
        own.kill(own.workers[0])
        with pytest.raises(ClusterError, match="no worker is there"):
            list(running)


def test_when_the_scheduler_dies_it_is_said(start, parts, tmp_path):
    own = start(workers=1)
    with connected(own.address) as client:
        running = results(client, parts, job(cluster_jobs.read, {"notes": tmp_path, "seconds": 0.1}))
        next(running)
        own.kill(own.scheduler)
        with pytest.raises(ClusterError, match="The scheduler went away"):
            list(running)


@pytest.mark.parametrize("compute, said", [(cluster_jobs.refuse, "the row 7 is wrong"), (cluster_jobs.fail, "RuntimeError: an error of its own")])
def test_what_is_wrong_with_a_part_is_told_with_part_and_worker(cluster, parts, compute, said):
    with pytest.raises(ClusterError, match=rf"The worker tcp://127.0.0.1:\d+ could not compute the part part-00005: {said}"):
        computed(cluster.address, parts[5:6], job(compute, {"bad": "part-00005"}))


def test_whoever_stops_asking_lets_go_of_what_is_on_its_way(cluster, parts, tmp_path):
    with connected(cluster.address) as client:
        running = results(client, parts, job(cluster_jobs.read, {"notes": tmp_path, "seconds": 0.2}))
        next(running)
        with pytest.raises(KeyboardInterrupt):
            running.throw(KeyboardInterrupt)
        until = time.monotonic() + 5
        while client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) and time.monotonic() < until:
            time.sleep(0.05)
        assert client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) == 0
    time.sleep(0.3)
    assert len(list(tmp_path.glob("began-*"))) < len(parts)


def test_parts_that_nobody_sees_are_named_before_anything_is_computed(cluster, parts, tmp_path):
    moved = [part.moved(tmp_path / "population", "/nowhere") for part in parts]
    with pytest.raises(ClusterError, match=r"No worker can read part-00000, .* and 7 more \(/nowhere/menage/part-00000.parquet\); 2 workers are there"):
        computed(cluster.address, moved, job(cluster_jobs.fail))


def test_a_part_that_vanishes_is_tried_elsewhere_then_named(cluster, parts):
    with pytest.raises(ClusterError, match=r"could not compute the part part-00000: .*No such file") as caught:
        computed(cluster.address, parts[:1], job(cluster_jobs.vanish))
    assert str(caught.value).count("No such file") == 2  # both workers


def test_a_worker_has_the_threads_it_was_started_with(cluster, parts):
    assert set(computed(cluster.address, parts, job(cluster_jobs.threads_of)).values()) == {b"1"}


HALF = """
from analysis.scheduling import on_worker
on_worker.sizes_of = lambda part, whole=on_worker.sizes_of: whole(part) if int(part.name[-1]) % 2 == {rest} else None
"""


def test_parts_go_to_workers_that_can_read_them(start, parts, tmp_path):
    own = start(workers=0)
    for rest in (0, 1):
        (tmp_path / f"half{rest}.py").write_text(HALF.format(rest=rest))
        own.start_worker("--preload", str(tmp_path / f"half{rest}.py"))
    even, odd = (str(worker.pid) for worker in own.workers)
    with connected(own.address) as client:
        client.wait_for_workers(2)
        running = results(client, parts, job(cluster_jobs.read, {"notes": tmp_path, "seconds": 0.05}), patience=1.0)
        found = [next(running) for _ in parts]
        assert {part.name: content for part, content in found} == expected(parts)
        names = [file.name.split("-") for file in tmp_path.glob("began-*")]  # began, part, its number, the process
        begun = {(int(number) % 2, pid) for _, _, number, pid in names}
        assert begun == {(0, even), (1, odd)}
        again = results(client, parts, job(cluster_jobs.read, {"notes": tmp_path, "seconds": 0.05}), patience=1.0)
        next(again)
        own.kill(own.workers[1])
        with pytest.raises(ClusterError, match=r"No worker can read part-000\d[13579].*; 1 workers are there"):
            list(again)
