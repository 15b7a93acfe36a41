"""The events of a run where its runner goes, comes back, or takes every runner down with it; told by a client that plays the runner."""

import json

import pytest

from web_api.country_runs import events as module
from web_api.country_runs.client import NoRunnerError
from web_api.country_runs.events import MOST_RESTARTS, Streams, events, words
from web_api.country_runs.wire import BEAT

KEY = "a" * 32


def running(runner="r1", number=1, **more):
    return {"key": KEY, "state": "running", "step": "tableaux", "fraction": 0.5, "ahead": 0, "runner": runner, "serial": 1, "number": number, **more}


def ended(state="done", runner="r1", **more):
    return {"key": KEY, "state": state, "runner": runner, "serial": 1, "number": 9, **more}


UNKNOWN = {"key": KEY, "state": "unknown"}
ASKED = {"changes": {}}


class Played:
    """A client: for each time that it is asked to watch, the messages that come, and what is raised then."""

    def __init__(self, *plays, starts=True):
        self.plays = list(plays)
        self.submitted = []
        self.starts = starts

    def watch(self, key):
        for message in self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]:
            if isinstance(message, type):
                raise message
            yield dict(message)

    def submit(self, key, asked):
        if not self.starts:
            raise NoRunnerError("none")
        self.submitted.append(asked)
        return {"state": "queued"}, b""


def told(client, last="", **options):
    lines = [line for text in events(client, KEY, last, is_kept=False, **options) for line in text.splitlines() if line.startswith("event: ")]
    return [line.removeprefix("event: ") for line in lines]


def test_heartbeats_are_comments_and_the_end_is_the_end():
    client = Played([running(asked=ASKED), BEAT, ended(), running()])
    assert told(client) == ["progress", "done"]
    assert module.HEARTBEAT in list(events(client, KEY, "", is_kept=False))


def test_a_runner_that_goes_is_followed_by_another_that_is_told_what_was_asked():
    client = Played([running(asked=ASKED), ConnectionResetError], [running("r2"), ended(runner="r2")])
    assert told(client) == ["progress", "restarted", "progress", "done"]
    assert client.submitted == [ASKED]


def test_another_worker_may_have_started_it_without_the_run():
    client = Played([running(asked=ASKED), ConnectionResetError], [UNKNOWN], [running("r2"), ended(runner="r2")])
    assert told(client)[-2:] == ["progress", "done"]
    assert client.submitted == [ASKED, ASKED]


def test_one_who_does_not_know_what_was_asked_says_so():
    assert told(Played([ConnectionRefusedError])) == ["unknown"]
    assert told(Played([UNKNOWN])) == ["unknown"]


def test_a_run_that_takes_every_runner_down_fails_at_last():
    client = Played([running(asked=ASKED), ConnectionResetError])
    assert told(client)[-1] == "failed"
    assert len(client.submitted) == MOST_RESTARTS


def test_no_other_runner_can_be_started():
    assert told(Played([running(asked=ASKED), ConnectionResetError], starts=False)) == ["progress", "failed"]


def test_who_comes_back_after_another_runner_took_over_is_told():
    assert told(Played([running("r2"), ended(runner="r2")]), "r1.1.4") == ["restarted", "progress", "done"]
    assert told(Played([running("r1"), ended()]), "r1.1.4") == ["progress", "done"]


def test_one_event_alone():
    assert told(Played([running(asked=ASKED), ended()]), once=True) == ["progress"]


def test_a_failure_tells_its_message():
    (text,) = [text for text in events(Played([ended("failed", message="why")]), KEY, "", is_kept=False) if "data:" in text]
    data = json.loads(text.split("data: ")[1])
    assert (data["state"], data["message"]) == ("failed", "why")
    assert text.startswith("id: r1.1.end\n")


@pytest.mark.parametrize("step", ["waiting", "chargement", "droit_en_vigueur", "projet", "amendement", "reforme", "etape_3", "tableaux", "done", "cancelled"])
def test_every_step_has_words_in_both_languages(step):
    assert all(words(step).values())
    assert set(words(step)) == {"fr", "en"}


def test_streams_leave_some_threads_to_others():
    streams = Streams()
    assert [streams.open(2) for _ in range(3)] == [True, True, False]
    streams.close()
    assert streams.open(2)
    assert not Streams().open(0)
    assert not Streams().open(-1)  # of a worker with one thread
