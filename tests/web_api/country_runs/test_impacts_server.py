"""Runs over the country through a real server: results, progress, sharing, cancelling, and processes killed in the middle."""

import contextlib
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

import bareme
from web_api.country_runs.results import encoded

DECOTE = "impot_revenu.decote.personne_seule"
RATE = "impot_revenu.bareme.brackets[1].rate"
NOBODY = "0" * 32


def changes(value):
    return {DECOTE: value}


def long(value):
    """Ask for a run that takes a while."""
    return {"changes": changes(value), "bill": "plf_2024", "replicates": 400}


def budget(result):
    (table,) = [table for table in result["tables"] if table["name"] == "budget"]
    return [(row["comparaison"], row["mesure"], row["avant"], row["apres"], row["effet_budget"]) for row in table["rows"]]


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture(scope="module", name="study")
def _study(population):
    return bareme.study(population, 2022, replicates=20)


def expected(study, reform):
    found = bareme.impact(reform, study, disclosure=True)
    return json.loads(encoded(found, {}))


def test_a_result_is_that_of_the_analysis_to_the_last_digit(server, study):
    found = server.result(changes=changes(901), replicates=20)
    known = expected(study, {"parameters": {DECOTE: {"2022-01-01": 901}}})
    assert found["tables"] == known["tables"]
    assert found["notes"] == known["notes"]
    assert "chiffres" not in {table["name"] for table in found["tables"]}
    assert (found["years"], found["replicates"], found["population"]["is_shipped"]) == ([2022], 20, False)


def test_a_known_result_comes_at_once_and_asks_no_runner(server):
    body = {"changes": changes(902), "replicates": 20}
    known = server.result(**body)
    for _ in range(4):  # both workers
        server.post(**body)
    start = time.perf_counter()
    status, told = server.post(**body)
    assert (status, told["state"], told["result"]) == (200, "done", known)
    assert time.perf_counter() - start < 0.05
    assert [name for _, name, _ in server.events(told["id"])] == ["done"]


def test_a_reform_as_data_is_the_amendment_of_the_same_figures(server):
    _, one = server.post(changes={RATE: 0.12, DECOTE: 850}, replicates=20)
    _, other = server.post(
        reform={"title": "Autre titre", "parameters": {DECOTE: {"2022-01-01": {"value": 850.0}}, RATE: {"2022-01-01": {"value": 0.12}}}}, replicates=20
    )
    assert one["id"] == other["id"]
    found = server.result(reform={"parameters": {DECOTE: {"2022-01-01": 850}}, "neutralize": ["decote"]}, replicates=20)
    assert found["tables"][0]["name"] == "budget"


def test_the_bill_and_its_amendment_are_told_in_three_steps(server):
    found = server.result(bill="plf_2024", year=2023, changes=changes(900), replicates=5)
    assert {row["comparaison"] for row in found["tables"][0]["rows"]} == {"projet", "amendement", "ensemble"}
    assert found["years"] == [2023]


def test_progress_goes_through_the_steps_and_never_back(server):
    _, told = server.post(**long(911))
    found = list(server.events(told["id"]))
    assert [name for _, name, _ in found][-1] == "done"
    progress = [data["progress"] for _, name, data in found if name == "progress"]
    fractions = [each["fraction"] for each in progress]
    assert fractions == sorted(fractions)
    assert 0.5 < fractions[-1] <= 1
    steps, known = list(dict.fromkeys(each["step"] for each in progress)), ["waiting", "projet", "amendement", "tableaux"]
    assert steps == [step for step in known if step in steps]  # a stream tells where the run stands, not all that has been
    assert len(steps) > 1
    assert all(set(each["words"]) == {"fr", "en"} for each in progress)
    number = found[-1][0]
    connection, answer = server.ask("GET", f"/v1/impacts/{told['id']}/events", headers={"Last-Event-ID": number})
    assert answer.status == 204  # the browser stops connecting
    connection.close()


def test_two_who_ask_the_same_share_a_run(server):
    found = []
    threads = [threading.Thread(target=lambda: found.append(server.post(**long(912)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (key,) = {told["id"] for _, told in found}
    status, told = server.delete(key)
    assert (status, told["state"] in {"queued", "running", "done"}) == (200, True)  # three others wait
    assert [name for _, name, _ in server.events(key)][-1] == "done"


def test_who_cancels_stops_the_run_and_the_next_one_is_right(server, study):
    _, told = server.post(**long(913))
    stream = server.events(told["id"])
    next(data for _, _, data in stream if data["state"] == "running")
    assert server.status()["computing"] == told["id"]
    start = time.perf_counter()
    assert server.delete(told["id"])[1]["state"] == "cancelled"
    assert [name for _, name, _ in stream][-1] == "cancelled"
    until(lambda: server.status()["computing"] != told["id"])
    assert time.perf_counter() - start < 1
    assert server.get(told["id"])[1]["state"] == "cancelled"
    found = server.result(changes=changes(914), replicates=20)
    assert time.perf_counter() - start < 3
    assert found["tables"] == expected(study, {"parameters": {DECOTE: {"2022-01-01": 914}}})["tables"]
    assert [name for _, name, _ in server.events(server.post(**long(913))[1]["id"])][-1] == "done"  # asked for again, it is computed


def test_a_runner_killed_in_the_middle_is_followed_by_another(server):
    _, told = server.post(**long(915))
    names, killed = [], None
    for _, name, data in server.events(told["id"]):
        names.append(name)
        if killed is None and data["state"] == "running":
            killed = server.runner
            os.kill(killed, signal.SIGKILL)
    assert names[-1] == "done"
    assert names.count("restarted") == 1
    assert server.runner != killed
    found = server.get(told["id"])[1]["result"]
    again = server.result(**{**long(915), "replicates": 399})  # another run of the same law: its figures are the same, but for the errors
    assert budget(found) == budget(again)


def test_workers_killed_in_the_middle_change_nothing(server):
    _, told = server.post(**long(916))
    last, killed = "", set(server.workers)
    with contextlib.suppress(OSError):
        for number, name, data in server.events(told["id"]):
            assert name == "progress"
            last = number
            if data["state"] == "running":
                for worker in killed:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(worker, signal.SIGKILL)
    runner = server.runner

    def is_back():
        with contextlib.suppress(OSError):
            return server.get(NOBODY)[0] == 410

    until(is_back)
    names = [name for _, name, _ in server.events(told["id"], last)]
    assert names[-1] == "done"
    assert "restarted" not in names
    assert server.runner == runner
    assert not killed & set(server.workers)


def test_who_connects_again_after_the_runner_has_changed_is_told(server):
    _, told = server.post(**long(917))
    found = list(server.events(told["id"], "ffffffff.3.7"))
    assert found[0][1] == "restarted"
    assert found[-1][1] == "done"


def test_more_streams_than_there_is_room_for_end_after_one_event(server):
    _, told = server.post(**long(918))
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(contextlib.closing(server.events(told["id"]))) for _ in range(16)]
        firsts = [next(stream)[1] for stream in streams]
        assert set(firsts) <= {"progress", "done"}
        lasts = [name for stream in streams for _, name, _ in stream]
    assert "done" in lasts + firsts
    assert server.get(NOBODY)[0] == 410  # others are answered


def test_what_the_server_does_not_know_is_to_be_asked_again(server):
    assert server.get(NOBODY)[0] == 410
    assert server.delete(NOBODY)[0] == 410
    assert [name for _, name, _ in server.events(NOBODY)] == ["unknown"]
    assert server.get("nothing")[0] == 404


def test_all_that_is_wrong_is_told_before_anything_waits(server):
    status, told = server.post(bill="plf", changes={"impot_revenu.decot.x": 1, DECOTE: "much"}, replicates=3)
    assert status == 400
    assert [problem["path"] for problem in told["error"]["problems"]] == ["/bill", "/changes/impot_revenu.decot.x", f"/changes/{DECOTE}"]


def test_no_trace_of_an_amendment_is_left_on_the_server(server):
    secret = 923.4567
    server.result(changes=changes(secret), replicates=5)
    server.post(changes={DECOTE: [{"threshold": secret}]})
    files = [file for file in server.folder.rglob("*") if file.is_file()]
    assert any("impact-" in file.name for file in files)
    assert not any(str(secret).encode() in file.read_bytes() for file in files)
    assert str(secret).encode() not in Path(f"/proc/{server.runner}/cmdline").read_bytes()
