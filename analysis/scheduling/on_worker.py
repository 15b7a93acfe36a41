"""What runs on a worker: it says what it is and can read, makes the laws once, takes over traces, computes parts.

A worker computes one part at a time, with as many threads as it was started with: memory does not grow with threads.
"""

from __future__ import annotations

import os
import pickle
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from analysis.scheduling.installation import differences, installation
from analysis.scheduling.job import Done, Failed, Hello, Job, Sent, Traces
from engine.errors import BaremeError, DataError
from engine.law_identity import content_identity_of
from engine.sent_traces import SentTrace, lacking, take_over, to_send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.legislation import Legislation
    from engine.traces import Signature
    from population.partitions.parts import Part

_at_work: Final = threading.Lock()
_unpacking: Final = threading.Lock()


@lru_cache(maxsize=2)
def _unpacked(sent: Sent) -> tuple[Job, tuple[Legislation, ...]]:
    job: Job = pickle.loads(sent.content)  # noqa: S301 - whoever may connect to a cluster may run anything: docs/cluster.md
    return job, job.laws(job.asked)


def unpacked(sent: Sent) -> tuple[Job, tuple[Legislation, ...]]:
    """Return a job and its laws, made once in a process."""
    with _unpacking:
        return _unpacked(sent)


def hello(sent: Sent, parts: Sequence[Part]) -> Hello:
    """Return what this worker is, which parts it can read, and what tells the laws of a job here."""
    here = installation()
    if differences(dict(sent.installation), here):
        return Hello(here, {}, ())  # whoever is not like the client makes no law
    readable: dict[str, tuple[int, ...]] = {}
    try:
        readable = {part.name: sizes for part in parts if (sizes := sizes_of(part)) is not None}
        return Hello(here, readable, digests_of(unpacked(sent)[1]))
    except Exception as error:  # noqa: BLE001 - the client tells it, with the worker's name
        return Hello(here, readable, (), _said(error))


def digests_of(laws: Iterable[Legislation]) -> tuple[bytes | None, ...]:
    """Return what tells laws from others on any machine; None for those that files do not tell."""
    return tuple(content_identity_of(law) for law in laws)


def sizes_of(part: Part) -> tuple[int, ...] | None:
    """Return the sizes of a part's files in the order of entities; None where one cannot be read here."""
    files = [file for _, file in sorted(part.files.items())]
    if not all(os.access(file, os.R_OK) for file in files):
        return None
    return tuple(file.stat().st_size for file in files)


def which_lack(sent: Sent, traces: Sequence[tuple[int, Signature]]) -> list[int]:
    """Return the places of the traces that this worker does not have."""
    return lacking(unpacked(sent)[1], traces)


def take(sent: Sent, traces: Sequence[SentTrace]) -> None:
    """Take over traces that another worker made."""
    take_over(unpacked(sent)[1], traces)


def trace(part: Part, sent: Sent) -> Done | Failed:
    """Return the traces of a job's laws for the inputs of a part: those that this worker made or has."""

    def traced() -> Traces:
        job, laws = unpacked(sent)
        assert job.trace is not None
        job.trace(part, job.asked, laws)
        return Traces(to_send(laws))

    return _answered(part, sent, traced)


def compute(part: Part, sent: Sent) -> Done | Failed:
    """Return what a job gives of a part."""

    def computed() -> bytes:
        job, laws = unpacked(sent)
        return job.compute(part, job.asked, laws, _threads())

    return _answered(part, sent, computed)


def _answered(part: Part, sent: Sent, answer: Callable[[], Any]) -> Done | Failed:
    me = _address()
    different = differences(dict(sent.installation), installation())
    if different:
        return Failed(me, different, is_unlike=True)
    try:
        with _at_work:
            return Done(me, answer())
    except (DataError, OSError) as error:
        return Failed(me, _said(error), is_elsewhere=isinstance(error, OSError) or sizes_of(part) is None)
    except MemoryError:
        return Failed(me, "there was not enough memory: expected workers with more, or smaller parts")
    except Exception as error:  # noqa: BLE001 - told in words: an error of another process may not be understood by the client
        return Failed(me, _said(error))


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, BaremeError | OSError) else f"{type(error).__name__}: {error}"


def _address() -> str:
    from distributed import get_worker  # noqa: PLC0415 - an extra

    return str(get_worker().address)


def _threads() -> int:
    from distributed import get_worker  # noqa: PLC0415 - an extra

    return int(get_worker().state.nthreads)
