"""What happens to a run, as server-sent events.

Each event has the whole of where the run stands, so that none is missed by whoever connects again: to another worker, after the runner was
killed, or with a `Last-Event-ID`. A run whose runner has gone is handed to the next one, for this stream knows what was asked.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from web_api.country_runs.client import NoRunnerError
from web_api.country_runs.results import kept
from web_api.country_runs.wire import DONE, FAILED, FINAL, FULL, UNKNOWN
from web_api.words import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web_api.country_runs.client import Client
    from web_api.country_runs.wire import Message

PART: Final = "country_runs"
PROGRESS: Final = "progress"
RESTARTED: Final = "restarted"
END: Final = "end"
"""The end of the `Last-Event-ID` of whoever has been told that the run ended."""
RECONNECT: Final = "retry: 1000\n\n"
HEARTBEAT: Final = ": \n\n"
MOST_RESTARTS: Final = 3
"""A run that takes the runner down with it (it may lack the memory) is handed on so many times."""
_STEPS: Final = ("etape_", "etape")


def words(step: str) -> dict[str, str]:
    """Return what a step or a state is called, by language."""
    name = _STEPS[1] if step.startswith(_STEPS[0]) else step
    return {language: say(language, f"{PART}.{name}") for language in LANGUAGES}


def told(message: Message) -> dict[str, Any]:
    """Return where a run stands, as answers and events tell it."""
    state = message["state"]
    found: dict[str, Any] = {"id": message["key"], "state": state}
    if state in FINAL:
        return found | {"words": words(state)} | ({"message": message["message"]} if "message" in message else {})
    progress = {"step": message["step"], "words": words(message["step"]), "fraction": round(message["fraction"], 4), "ahead": message["ahead"]}
    return found | {"progress": progress}


def events(client: Client, key: str, last: str, *, is_kept: bool) -> Iterator[str]:
    """Give the events of a run, from where it stands to its end. `last` is the `Last-Event-ID` of whoever had been connected before."""
    yield RECONNECT
    asked: Message | None = None
    runner, _, _ = last.partition(".")
    for attempt in range(MOST_RESTARTS + 1):
        with suppress(OSError):  # it was killed, or none was there
            for message in client.watch(key):
                if "state" not in message:
                    yield HEARTBEAT
                    continue
                asked = message.pop("asked", None) or asked
                if message["state"] == UNKNOWN:
                    break
                if runner and runner != message["runner"]:
                    yield _restarted(key)
                runner = message["runner"]
                yield _event(message["state"] if message["state"] in FINAL else PROGRESS, told(message), _number(message))
                if message["state"] in FINAL:
                    return
        if is_kept and kept(key) is not None:
            yield _event(DONE, told({"key": key, "state": DONE}), f"kept.{END}")
            return
        if asked is None:
            yield _event(UNKNOWN, told({"key": key, "state": UNKNOWN}), f"{runner}.{END}")
            return
        if attempt == MOST_RESTARTS or not _handed_on(client, key, asked):
            break
        yield _restarted(key)
        runner = ""
    yield _event(FAILED, told({"key": key, "state": FAILED}), f"{runner}.{END}")


def _restarted(key: str) -> str:
    return _event(RESTARTED, {"id": key, "state": RESTARTED, "words": words(RESTARTED)}, "")


def _handed_on(client: Client, key: str, asked: Message) -> bool:
    """Have a run computed by another runner; returns whether one took it."""
    try:
        return bool(client.submit(key, asked)[0]["state"] != FULL)
    except NoRunnerError:
        return False


def _event(name: str, data: dict[str, Any], number: str) -> str:
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _number(message: Message) -> str:
    """Return the number of an event: the runner, the run, and how much has been told of it, or that it ended."""
    return f"{message['runner']}.{message['serial']}.{END if message['state'] in FINAL else message['number']}"
