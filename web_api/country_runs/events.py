"""What happens to a run, as server-sent events.

Each event has the whole of where the run stands, so that none is missed by whoever connects again: to another worker, after the runner was
killed, or with a `Last-Event-ID`. A run whose runner has gone is handed to the next one, for this stream knows what was asked.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Final

from web_api.country_runs.client import NoRunnerError
from web_api.country_runs.results import kept
from web_api.country_runs.wire import DONE, FAILED, FINAL, FULL, UNKNOWN
from web_api.sentences import in_language, language_of_request
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
        return found | {"words": words(state)} | ({"message": in_language(message["message"], language_of_request())} if "message" in message else {})
    progress = {"step": message["step"], "words": words(message["step"]), "fraction": round(message["fraction"], 4), "ahead": message["ahead"]}
    return found | {"progress": progress}


def events(client: Client, key: str, last: str, *, is_kept: bool, once: bool = False) -> Iterator[str]:
    """Give the events of a run, from where it stands to its end; with `once` the first alone: browsers connect again by themselves.

    `last` is the `Last-Event-ID` of whoever had been connected before; `is_kept` says that files keep results.
    """
    yield RECONNECT
    yield from _Stream(client, key, last.partition(".")[0], is_kept=is_kept, once=once).events()


class Streams:
    """Counts the streams that are open in a worker."""

    def __init__(self) -> None:
        self._count = 0
        self._lock = threading.Lock()

    def open(self, most: int) -> bool:
        """Count one more where there are fewer than `most`; returns whether there were."""
        with self._lock:
            has_place = self._count < most
            self._count += has_place
        return has_place

    def close(self) -> None:
        """Count one less."""
        with self._lock:
            self._count -= 1


class _Stream:
    """What one who watches has been told, and what is needed to go on where the runner has gone: what was asked."""

    def __init__(self, client: Client, key: str, runner: str, *, is_kept: bool, once: bool) -> None:
        self._client, self._key, self._is_kept, self._once = client, key, is_kept, once
        self._runner = runner  # the one that has been told of last
        self._asked: Message | None = None
        self._is_over = False
        self._restarts = 0

    def events(self) -> Iterator[str]:
        """Give all events, until the run has ended, or the browser had better connect again."""
        for _ in range(MOST_RESTARTS + 1):
            try:
                yield from self._watched()
            except TimeoutError:  # the machine is busy, or the runner suspended
                yield HEARTBEAT
                continue
            except OSError:  # it was killed, or none was there
                pass
            if self._is_over:
                return
            if self._asked is None or (self._is_kept and kept(self._key) is not None):
                yield self._known_or_not()
                return
            if not self._handed_on(self._asked):
                yield _event(FAILED, told({"key": self._key, "state": FAILED}), f"{self._runner}.{END}")
                return
            yield _restarted(self._key)
            self._runner = ""

    def _watched(self) -> Iterator[str]:
        """Give what a runner tells, until the run has ended or it does not know it. Raises OSError where the runner is not there, or has gone."""
        for message in self._client.watch(self._key):
            if "state" not in message:
                yield HEARTBEAT
                continue
            self._asked = message.pop("asked", None) or self._asked
            if message["state"] == UNKNOWN:
                return
            if self._runner and self._runner != message["runner"]:
                yield _restarted(self._key)
            self._runner = message["runner"]
            self._is_over = self._once or message["state"] in FINAL
            yield _event(message["state"] if message["state"] in FINAL else PROGRESS, told(message), _number(message))
            if self._is_over:
                return

    def _known_or_not(self) -> str:
        """Return the event of a run that no runner knows: a file keeps its result, or it must be asked for again."""
        state = DONE if self._is_kept and kept(self._key) is not None else UNKNOWN
        return _event(state, told({"key": self._key, "state": state}), f"{self._runner}.{END}")

    def _handed_on(self, asked: Message) -> bool:
        """Have the run computed by another runner; returns whether one took it."""
        self._restarts += 1
        if self._restarts > MOST_RESTARTS:
            return False
        try:
            return bool(self._client.submit(self._key, asked)[0]["state"] != FULL)
        except NoRunnerError:
            return False


def _restarted(key: str) -> str:
    return _event(RESTARTED, {"id": key, "state": RESTARTED, "words": words(RESTARTED)}, "")


def _event(name: str, data: dict[str, Any], number: str) -> str:
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _number(message: Message) -> str:
    """Return the number of an event: the runner, the run, and how much has been told of it, or that it ended."""
    return f"{message['runner']}.{message['serial']}.{END if message['state'] in FINAL else message['number']}"
