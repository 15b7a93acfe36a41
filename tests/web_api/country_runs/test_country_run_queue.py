"""The queue of runs: who shares, who waits, what is told, what is forgotten."""

import threading
import time

import pytest

from engine import deadline
from web_api.country_runs.runner import Runner
from web_api.country_runs.runs import MOST_KNOWN, MOST_WAITING, Runs, StoppedError


@pytest.fixture(name="runs")
def _runs():
    return Runs()


def started(runs, key="a", asked=None):
    runs.submit(key, asked or {"year": 2022})
    return runs.next()


def test_a_run_is_told_from_its_beginning_to_its_end(runs):
    assert runs.submit("a", {"year": 2022})["state"] == "queued"
    run = runs.next()
    runs.tell(run, "tableaux", 0.5)
    told, _ = runs.look("a")
    assert (told["state"], told["step"], told["fraction"]) == ("running", "tableaux", 0.5)
    runs.ended(run, content=b"{}")
    told, content = runs.look("a")
    assert (told["state"], content) == ("done", b"{}")
    assert runs.submit("a", {"year": 2022})["state"] == "done"
    assert runs.is_idle


def test_what_was_asked_is_gone_once_the_run_has_ended(runs):
    run = started(runs, asked={"year": 2022, "changes": {"secret": 1}})
    assert runs.asked_of("a")
    runs.ended(run, content=b"{}")
    assert runs.asked_of("a") is None
    assert run.asked is None


def test_the_last_who_withdraws_cancels(runs):
    run = started(runs)
    runs.submit("a", {"year": 2022})
    assert (runs.withdraw("a")["state"], runs.withdraw("a")["state"]) == ("running", "cancelled")
    with pytest.raises(StoppedError):
        runs.tell(run, "tableaux", 0.5)
    again = runs.submit("a", {"year": 2022})
    assert again["state"] == "queued"  # asked for again, it is another run
    runs.ended(run)
    assert runs.look("a")[0]["state"] == "queued"
    assert runs.next().serial == again["serial"]


def test_a_cancelled_run_that_waits_is_never_computed(runs):
    started(runs, "a")
    runs.submit("b", {"year": 2022})
    runs.submit("c", {"year": 2022})
    assert runs.look("c")[0]["ahead"] == 2
    runs.withdraw("b")
    assert runs.look("c")[0]["ahead"] == 1
    assert runs.next().key == "c"


def test_a_run_that_failed_may_be_asked_for_again(runs):
    runs.ended(started(runs), message="no")
    assert runs.look("a")[0] | {"state": "failed", "message": "no"} == runs.look("a")[0]
    assert runs.submit("a", {"year": 2022})["state"] == "queued"


def test_so_many_may_wait(runs):
    for number in range(MOST_WAITING):
        runs.submit(str(number), {"year": 2022})
    assert runs.submit("more", {"year": 2022})["state"] == "full"
    assert runs.submit("0", {"year": 2022})["state"] == "queued"


def test_so_many_results_are_known(runs):
    for number in range(MOST_KNOWN + 5):
        runs.ended(started(runs, str(number)), content=b"{}")
    assert runs.look("0")[0]["state"] == "unknown"
    assert runs.look(str(MOST_KNOWN + 4))[0]["state"] == "done"
    assert len(runs._known) <= MOST_KNOWN


def test_the_fraction_never_goes_back(runs):
    runs.submit("a", {"year": 2022})
    runs.tell_waiting(2022, "droit_en_vigueur", 0.6)
    runs.tell_waiting(2021, "droit_en_vigueur", 0.9)
    run = runs.next()
    assert run.fraction == 0.6
    runs.tell(run, "reforme", 0.0)
    assert run.fraction == 0.6
    runs.tell(run, "tableaux", 0.5)
    assert run.fraction == pytest.approx(0.8)


def test_who_watches_is_woken(runs):
    run = started(runs)
    seen = runs.look("a")[0]
    assert runs.wait("a", seen["serial"], seen["number"], 0.01) is None
    threading.Timer(0.05, runs.tell, (run, "tableaux", 0.5)).start()
    assert runs.wait("a", seen["serial"], seen["number"], 5)["fraction"] == 0.5


def test_a_run_that_is_withdrawn_stops_where_nothing_is_told_as_while_a_law_is_traced():
    runner = Runner(None)
    runner.runs.submit("k", {"year": 2023})
    run = runner.runs.next()

    class Slow:
        stopped_after = None

        def compute(self, key, body, tell):
            start = time.monotonic()
            runner.runs.withdraw(key)
            try:
                while time.monotonic() < start + 5:
                    deadline.check()
            finally:
                self.stopped_after = time.monotonic() - start

    slow = Slow()
    content, message = runner._computed(run, slow)
    runner.runs.ended(run, content=content, message=message)
    assert slow.stopped_after < 1
    assert runner.runs.look("k")[0]["state"] == "cancelled"
