"""A population's parts on this machine, several at a time, each process computing one: the same job as on a cluster, without one.

A few parts more than there are processes are on their way. A process that dies (the system ends one where memory runs out) ends the run, and what
is finished stays.
"""

from __future__ import annotations

import os
import pickle
import signal
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from engine.errors import BaremeError, CalculationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.scheduling.job import Job, Laws
    from population.partitions.parts import Part

_AHEAD: Final = 2
_AT_WORK: dict[str, tuple[Job, Laws, int]] = {}
"""In a process of its own: the job, its laws, made once, and how many threads it may use."""


def results(parts: Iterable[Part], job: Job, processes: int) -> Iterator[tuple[Part, bytes]]:
    """Give each part with what the job gives of it, in the order in which they are done.

    Raises CalculationError for a law or reform that cannot be sent to another process, and where a process dies; else what the job raises.
    """
    content, threads = _pickled(job), max(1, (os.cpu_count() or 1) // processes)
    pending: dict[Future[bytes], Part] = {}
    waiting = iter(parts)
    # new processes, not forked ones: a process with threads cannot be forked safely
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(content, threads))
    try:
        while True:
            for part in islice(waiting, _AHEAD * processes - len(pending)):
                pending[pool.submit(_computed, part)] = part
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                yield pending.pop(future), future.result()
    except BrokenProcessPool as error:
        raise CalculationError(
            f"One of {processes} processes died while they computed parts, most often for want of memory: expected fewer --processes, or more memory. "
            'What is finished is kept: run the same again. (In a script of Python, what computes stands below `if __name__ == "__main__":`.)'
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _pickled(job: Job) -> bytes:
    try:
        return pickle.dumps(job)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise CalculationError(
            f"The law or the reform cannot be sent to other processes ({error}): expected files, or names of what can be imported; or one process."
        ) from error


def _begin(content: bytes, threads: int) -> None:
    """Make the laws, in a new process. Ctrl-C is for the one that waits for the results: it lets the others end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job: Job = pickle.loads(content)  # noqa: S301 - of the process that began this one
    _AT_WORK["job"] = job, job.laws(job.asked), threads


def _computed(part: Part) -> bytes:
    job, laws, threads = _AT_WORK["job"]
    try:
        return job.compute(part, job.asked, laws, threads)
    except BaremeError as error:
        if _travels(error):
            raise
        raise CalculationError(str(error)) from None


def _travels(error: BaremeError) -> bool:
    """Whether an error is the same after it has been sent: some are made of more than their message."""
    try:
        return str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - made in the same line
    except Exception:  # noqa: BLE001 - whatever an error of a country package raises when it is made anew
        return False
