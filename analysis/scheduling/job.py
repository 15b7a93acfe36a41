"""What workers are asked to do with each part, and what they answer: values that can be pickled.

A job names the functions that compute (`analysis.streaming.partial.partial_of`), and what these are asked. Nothing that a worker raises
travels as an exception: it is told in words, since errors of another process may not be understood here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.sent_traces import SentTrace
    from population.partitions.parts import Part

Laws = tuple["Legislation", ...]
Compute = Callable[["Part", Any, Laws, int], bytes]
"""Takes a part, what is asked, the laws of that, and how many threads it may use. Returns bytes that the same part and task always give."""


@dataclass(frozen=True)
class Job:
    """What is done with every part: `compute(part, asked, laws, threads)`. `laws` gives all laws that it computes; a worker makes them once.

    `trace(part, asked, laws)` computes as little as makes the laws traced; None where each worker traces for itself.
    """

    compute: Compute
    asked: Any
    laws: Callable[[Any], Laws]
    trace: Callable[[Part, Any, Laws], None] | None = None


@dataclass(frozen=True)
class Sent:
    """A job as it travels: pickled once, and told from others by a digest, so that a worker unpacks it and makes its laws once."""

    content: bytes
    digest: str
    installation: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Done:
    """A part's result, or the traces of the first part, and who made it."""

    worker: str
    content: Any


@dataclass(frozen=True)
class Failed:
    """Why a worker did not compute a part. `is_unlike`: it is not like the client. `is_elsewhere`: another worker might be able to read the part."""

    worker: str
    message: str
    is_unlike: bool = False
    is_elsewhere: bool = False


@dataclass(frozen=True)
class Hello:
    """What a worker says of itself: versions, sizes of the files of each part that it can read, digests of the job's laws (None: not told by files)."""

    installation: dict[str, str]
    parts: dict[str, tuple[int, ...]]
    laws: tuple[bytes | None, ...]
    failed: str = ""


@dataclass(frozen=True)
class Traces:
    """Traces that a worker made."""

    found: tuple[SentTrace, ...]
