"""A time by which computing must be done, looked at between formulas and between the steps of an evaluation: a server's promise to answer.

    with within(60.0):
        simulation.calculate("income_tax", "2024")

Where time runs out, what unwinds the computation is no `Exception`: a formula that catches errors of its own never takes it for one, so
that nothing half done is kept. It becomes an OutOfTimeError where it leaves `within`.
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from engine.errors import OutOfTimeError

if TYPE_CHECKING:
    from collections.abc import Iterator

_until: ContextVar[float] = ContextVar("until", default=math.inf)


class _StopComputing(BaseException):
    """Time has run out."""


def check() -> None:
    """Stop computing if time has run out. Threads that compute for another must run in a copy of its context (`contextvars`)."""
    until = _until.get()
    if until != math.inf and time.monotonic() > until:
        raise _StopComputing


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let what is computed meanwhile take so many seconds at most. Raises OutOfTimeError where it would take longer."""
    token = _until.set(min(_until.get(), time.monotonic() + seconds))
    try:
        yield
    except _StopComputing:
        raise OutOfTimeError(f"Computing took longer than {seconds:g} seconds and was stopped.") from None
    finally:
        _until.reset(token)
