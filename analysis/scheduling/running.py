"""A population's parts on a Dask cluster: each result comes once, whatever becomes of the workers.

    with connected("tcp://10.0.0.1:8786") as client:
        for part, content in results(client, parts, Job(compute, asked, laws, trace)):
            ...

A few parts at a time are on their way, so that results never pile up. A part whose worker dies is computed by another: since the same part
and task give the same bytes, and a part is taken once, nothing is lost or counted twice. Whoever stops asking (an error, Ctrl-C) lets go of
what is on its way.
"""

from __future__ import annotations

import asyncio
import queue
import time
import uuid
from collections import deque
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.scheduling import on_worker
from analysis.scheduling.installation import installation
from analysis.scheduling.job import Failed, Sent
from analysis.scheduling.workers import Workers, unlike
from engine.errors import ClusterError
from engine.user_cache import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from distributed import Client, Future

    from analysis.scheduling.job import Done, Job
    from population.partitions.parts import Part

TICK: Final = 0.5
"""Seconds between two looks at who is there."""
PATIENCE: Final = 60.0
"""Seconds for which a part waits for a worker that can read it."""
_AHEAD: Final = 2
_RETRIES: Final = 3
_FETCHING: Final = 60.0


def results(
    client: Client, parts: Sequence[Part], job: Job, *, say: Callable[[str], None] = lambda _: None, patience: float = PATIENCE
) -> Iterator[tuple[Part, bytes]]:
    """Give each part with what the job gives of it, in the order in which they are done.

    `say` is told in words what a user should know. Raises ClusterError that names the part and the worker.
    """
    by_name = {part.name: part for part in parts}
    if parts:
        for name, content in _Run(client, [_absolute(part) for part in parts], job, say, patience).results():
            yield by_name[name], content


def _absolute(part: Part) -> Part:
    """Return a part whose files are named as workers in another folder find them."""

    def absolute(tables: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((entity, str(Path(file).absolute())) for entity, file in tables)

    return replace(part, tables=absolute(part.tables), shared=absolute(part.shared))


def as_sent(job: Job) -> Sent:
    """Return a job as it travels. Raises ClusterError where it cannot be pickled."""
    import cloudpickle  # noqa: PLC0415 - comes with distributed, an extra

    try:
        content = cloudpickle.dumps(job)
    except Exception as error:
        raise ClusterError(f"The law or the reform cannot be sent to workers ({error}): expected files, or names of what workers can import.") from error
    return Sent(content, digest(content).hex(), tuple(installation().items()))


class _Run:
    """One run: what is on its way, and where each part may go."""

    def __init__(self, client: Client, parts: Sequence[Part], job: Job, say: Callable[[str], None], patience: float) -> None:
        self.client, self.parts, self.job, self.say, self.patience = client, parts, job, say, patience
        self.sent = as_sent(job)
        laws = on_worker.digests_of(job.laws(job.asked))
        if None in laws:
            say("The law, or the reform, is not told by files alone: each worker traces it for itself, and none can be checked to have the same.")
        self.workers = Workers(client, self.sent, parts, laws, say)
        self.is_traced = job.trace is not None and None not in laws
        self.name = uuid.uuid4().hex[:12]
        self.pending: dict[Future, tuple[Part, frozenset[str] | None]] = {}
        self.finished: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self.tried: dict[str, dict[str, str]] = {}
        self.attempts = 0
        self.looked = self.fitting = 0.0

    def results(self) -> Iterator[tuple[str, bytes]]:
        """Give the results of all parts, by name."""
        try:
            self._meet()
            if self.is_traced:
                self._trace()
            for part, done in self._answers(self.parts, on_worker.compute):
                yield part.name, done.content
        except (OSError, RuntimeError) as error:  # Dask's own: the connection broke
            if self.client.status == "running" and not isinstance(error, OSError):
                raise
            raise self._lost() from error
        finally:
            self._let_go()

    def _meet(self) -> None:
        """Wait for workers. Raises ClusterError where none comes, or none can read some part."""
        until = time.monotonic() + self.patience
        while not self.workers.known:
            self.workers.look()
            if not self.workers.known and time.monotonic() > until:
                raise ClusterError(f"The scheduler has no worker, and none came within {self.patience:g} seconds: start some with `dask worker`.")
            time.sleep(0 if self.workers.known else TICK)
        self.looked = self.fitting = time.monotonic()
        unread = [part.name for part in self.parts if not self.workers.readers(part)]
        if unread:
            raise ClusterError(self._unread(unread))

    def _trace(self) -> None:
        """Have one worker trace the laws on the first part, and all others take its traces over."""
        for _, done in self._answers(self.parts[:1], on_worker.trace):
            self.workers.share(done.content.found, done.worker)

    def _answers(self, parts: Iterable[Part], function: Callable[[Part, Sent], Done | Failed]) -> Iterator[tuple[Part, Done]]:
        """Give the parts with what the workers answer, once each."""
        waiting = deque(parts)
        while waiting or self.pending:
            while waiting and len(self.pending) < _AHEAD * max(1, len(self.workers.known)):
                self._submit(waiting.popleft(), function)
            for future in self._some_finished():
                part, _ = self.pending.pop(future, (None, None))
                if part is None:  # one that was sent elsewhere meanwhile
                    continue
                answer = self._answer(future, part)
                future.release()
                if answer is None:
                    self._submit(part, function)
                else:
                    yield part, answer
            self._look(function)

    def _submit(self, part: Part, function: Callable[..., Any]) -> None:
        """Send a part to whoever can read it; to anybody, where all can."""
        readers = frozenset(self.workers.readers(part)) - set(self.tried.get(part.name, ()))
        places = None if not readers or len(readers) == len(self.workers.known) else readers
        self.attempts += 1
        future = self.client.submit(
            function,
            part,
            self.sent,
            key=f"bareme-{self.name}-{part.name}-{self.attempts}",
            workers=None if places is None else sorted(places),
            retries=_RETRIES,
            pure=False,
        )
        self.pending[future] = part, places
        future.add_done_callback(self.finished.put)

    def _some_finished(self) -> list[Future]:
        """Return what was finished, after a while at most."""
        found: list[Future] = []
        with suppress(queue.Empty):
            found.append(self.finished.get(timeout=TICK))
            while True:
                found.append(self.finished.get_nowait())
        return found

    def _answer(self, future: Future, part: Part) -> Done | None:
        """Return what a worker answered; None where another is to be asked. Raises ClusterError."""
        if future.status == "error":
            raise ClusterError(self._died(part, future.exception()))
        if future.status != "finished":  # the worker that held it went away; the scheduler, where the connection broke
            if self.client.status != "running":
                raise self._lost()
            return None
        answer = self._fetched(future)
        if answer is None:
            return None
        if not isinstance(answer, Failed):
            return answer
        if answer.is_unlike:
            raise unlike(answer.worker, answer.message)
        tried = self.tried.setdefault(part.name, {})
        tried[answer.worker] = answer.message
        if answer.is_elsewhere and set(self.workers.readers(part)) - set(tried):
            return None
        others = "".join(f" {worker}: {message}" for worker, message in tried.items() if worker != answer.worker)
        raise ClusterError(f"The worker {answer.worker} could not compute the part {part.name}: {answer.message}{others}")

    def _fetched(self, future: Future) -> Done | Failed | None:
        """Return what a worker holds; None where it went away with it, or does not give it."""
        fetching = asyncio.run_coroutine_threadsafe(self._gathered(future), self.client.loop.asyncio_loop)
        until = time.monotonic() + max(self.patience, _FETCHING)
        while future.status == "finished" and time.monotonic() < until:
            with suppress(TimeoutError):
                try:
                    return fetching.result(timeout=TICK)
                except (asyncio.CancelledError, CancelledError):
                    return None
        fetching.cancel()
        return None

    async def _gathered(self, future: Future) -> Done | Failed:
        found: Done | Failed = await self.client.gather(future, asynchronous=True)
        return found

    def _look(self, function: Callable[..., Any]) -> None:
        """Look who is there; parts that wait for a worker that went away go to another. Raises ClusterError where none can read them for long."""
        now = time.monotonic()
        if now - self.looked < TICK:
            return
        self.workers.look()
        self.looked = now
        stuck: list[str] = []
        for future, (part, places) in list(self.pending.items()):
            if self.workers.known and (places is None or places & set(self.workers.known)):
                continue
            if places is not None and set(self.workers.readers(part)) - set(self.tried.get(part.name, ())):
                del self.pending[future]
                future.cancel()
                self._submit(part, function)
            else:
                stuck.append(part.name)
        if not stuck:
            self.fitting = now
        elif now - self.fitting > self.patience:
            raise ClusterError(f"{self._unread(stuck)} None came for {self.patience:g} seconds.")

    def _unread(self, names: Sequence[str]) -> str:
        part = next(part for part in self.parts if part.name == names[0])
        said = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")  # noqa: PLR2004 - so many names fit a line
        files = ", ".join(str(file) for file in part.files.values())
        there = f"{len(self.workers.known)} workers are there" if self.workers.known else "no worker is there"
        return f"No worker can read {said} ({files}); {there}. Expected a folder that workers see under the same name as here, or parts that lie with them."

    def _died(self, part: Part, error: BaseException | None) -> str:
        if type(error).__name__ == "KilledWorker":
            return (
                f"Several workers died, one after the other, with the part {part.name}: expected more memory for each, or smaller parts. Nothing else is lost."
            )
        return f"The part {part.name} could not be computed: {type(error).__name__}: {error}"

    def _lost(self) -> ClusterError:
        return ClusterError("The scheduler went away, or let go of what it was asked. Parts that are done are kept where a work folder is: run the same again.")

    def _let_go(self) -> None:
        """Release all that is still on its way."""
        futures = list(self.pending)
        self.pending.clear()
        if futures and self.client.status == "running":
            with suppress(OSError, RuntimeError):
                self.client.cancel(futures, force=True)
