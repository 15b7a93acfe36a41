"""Requests are counted per client, to the second, over threads and over the workers of one server."""

import multiprocessing
import os
import signal
import threading
import time

import pytest

from web_api.rates import SETS, WAYS, Rates


def test_the_most_in_any_minute_and_not_one_more():
    rates = Rates()
    assert [rates.wait("ana", 3, 1000 + second) for second in (0, 10, 20)] == [0, 0, 0]
    assert rates.wait("ana", 3, 1020) == 40
    assert rates.wait("ana", 3, 1059) == 1
    assert rates.wait("ana", 3, 1060) == 0  # the first left the minute, and the refused ones never counted
    assert rates.wait("ana", 3, 1061) == 9
    assert rates.wait("bo", 3, 1061) == 0


def test_a_long_silence_forgets_all_and_a_clock_put_back_nothing():
    rates = Rates()
    assert [rates.wait("ana", 2, 5000), rates.wait("ana", 2, 5000)] == [0, 0]
    assert rates.wait("ana", 2, 4000) == 60
    assert rates.wait("ana", 2, 10_000_000) == 0


def test_a_burst_within_a_second_waits_a_minute():
    rates = Rates()
    assert [rates.wait("ana", 5, 77) for _ in range(6)] == [0, 0, 0, 0, 0, 60]


def test_very_many_clients_leave_place_for_those_who_come():
    rates = Rates()
    for number in range(SETS * WAYS * 2):
        assert rates.wait(f"client {number}", 1, 100) == 0
    assert rates.wait("another", 1, 101) == 0
    assert rates.wait("another", 1, 101) == 59 + 1


def test_threads_together_get_no_more_than_one():
    rates = Rates()
    served = []
    threads = [threading.Thread(target=lambda: served.extend(not rates.wait("ana", 100, 500) for _ in range(50))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(served) == 100


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_workers_that_were_forked_count_together_and_one_that_is_killed_blocks_nobody():
    rates = Rates()
    context = multiprocessing.get_context("fork")
    served = context.Queue()

    def work():
        served.put(sum(not rates.wait("ana", 100, 500) for _ in range(80)))

    def die():
        import fcntl

        fcntl.lockf(rates._file, fcntl.LOCK_EX)
        os.kill(os.getpid(), signal.SIGKILL)

    dying = context.Process(target=die)
    dying.start()
    dying.join()
    workers = [context.Process(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    total = sum(served.get(timeout=20) for _ in workers)
    for worker in workers:
        worker.join()
    assert total == 100
    assert rates.wait("ana", 100, 500)


def test_the_time_of_now_is_that_of_the_clock():
    rates = Rates()
    assert rates.wait("ana", 1) == 0
    assert 0 < rates.wait("ana", 1, time.monotonic()) <= 60


def test_no_client_stands_in_the_table():
    rates = Rates()
    rates.wait("192.0.2.77", 1)
    assert b"192.0.2.77" not in bytes(rates._table)
