"""The collector of cycles rests while a request is answered, and is at work again afterwards."""

import gc
import time

import pytest

from web_api.households import rest
from web_api.households.rest import AFTER, until_answered


def _wait_until(is_so):
    until = time.monotonic() + 30  # a machine with other work is late
    while not is_so() and time.monotonic() < until:
        time.sleep(AFTER / 5)
    assert is_so()


@pytest.fixture(autouse=True)
def _answers_of_other_tests_have_left():
    _wait_until(lambda: not rest._holding and gc.isenabled())


def test_it_is_at_work_again_once_the_answer_has_left():
    assert gc.isenabled()
    with until_answered(), until_answered():
        assert not gc.isenabled()
    assert not gc.isenabled()
    _wait_until(gc.isenabled)


def test_it_goes_through_all_now_and_then_where_requests_never_pause(monkeypatch):
    walks = []
    monkeypatch.setattr(rest.gc, "collect", lambda *generations: walks.append(generations))
    monkeypatch.setattr(rest, "LONGEST", 0.0)
    first, second = object(), object()
    rest._hold(first)
    rest._hold(second)
    rest._release(first)
    assert (walks, gc.isenabled()) == ([()], False)
    rest._release(second)
    assert (walks, gc.isenabled()) == ([(), (rest.YOUNG,)], True)
