"""What is said where no scheduler answers, and where workers are not like the client."""

import socket

import pytest

import cluster_jobs
from analysis.scheduling import running
from analysis.scheduling.connection import connected
from analysis.scheduling.installation import differences, installation
from analysis.scheduling.running import results
from cluster_jobs import job
from engine.errors import ClusterError


@pytest.mark.parametrize("address", ["10.0.0.1:8786", "http://10.0.0.1:8786", "tcp:/10.0.0.1"])
def test_what_is_no_address_is_told(address):
    with pytest.raises(ClusterError, match=r"is no address of a scheduler: expected tcp://host:port"), connected(address):
        pass


def test_where_nobody_answers_it_is_said_within_the_time():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ClusterError, match=rf"No scheduler answers at {address} within 1 seconds"), connected(address, timeout=1.0):
            pass


def test_tls_without_certificates_is_told():
    with pytest.raises(ClusterError, match=r"No scheduler answers at tls://127\.0\.0\.1:1"), connected("tls://127.0.0.1:1", timeout=1.0):
        pass


def test_what_differs_is_named():
    here = installation()
    assert not differences(here, dict(here))
    assert differences(here, {**here, "numpy": "1.0"}) == f"numpy 1.0 there, {here['numpy']} here"


def test_other_code_on_a_worker_is_refused(cluster, parts, monkeypatch):
    monkeypatch.setattr(running, "installation", lambda: {**installation(), "Barème's code": "other", "numpy": "9.9"})
    with (
        connected(cluster.address) as client,
        pytest.raises(ClusterError, match=r"The worker tcp://.* is not like this machine \(Barème's code .* there, other here, numpy .* there, 9.9 here\)"),
    ):
        list(results(client, parts, job(cluster_jobs.fail)))


def test_a_worker_without_bareme_is_named(start, parts):
    own = start(workers=0)
    (own.folder / "analysis").mkdir()  # stands before one that is installed
    (own.folder / "analysis" / "__init__.py").touch()
    own.start_worker(PYTHONPATH=str(own.folder))
    with connected(own.address) as client, pytest.raises(ClusterError, match=r"The worker tcp://.* cannot run Barème"):
        list(results(client, parts, job(cluster_jobs.fail)))
