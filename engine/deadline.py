"""A time by which computing must be done, looked at between formulas and between the steps of an evaluation: a server's promise to answer.

    with within(60.0):
        simulation.calculate("income_tax", "2024")

What somebody may give up (`unless`) is looked at as often. Where time runs out, what unwinds the computation is no `Exception`: a formula that
catches errors of its own never takes it for one, so that nothing half done is kept. It becomes an OutOfTimeError where it leaves `within`.
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from engine.errors import OutOfTimeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_until: ContextVar[float] = ContextVar("until", default=math.inf)
_is_given_up: ContextVar[Callable[[], bool] | None] = ContextVar("is_given_up", default=None)


class _StopComputing(BaseException):
    """Time has run out, or nobody waits any more."""


def check() -> None:
    """Stop computing if time has run out, or nobody waits any more. Threads that compute for another must run in a copy of its context (`contextvars`)."""
    until = _until.get()
    if until != math.inf and time.monotonic() > until:
        raise _StopComputing
    is_given_up = _is_given_up.get()
    if is_given_up is not None and is_given_up():
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


@contextmanager
def unless(is_given_up: Callable[[], bool]) -> Iterator[None]:
    """Let what is computed meanwhile go on as long as somebody waits for it; what is asked must be quick. Raises OutOfTimeError where it is stopped."""
    token = _is_given_up.set(is_given_up)
    try:
        yield
    except _StopComputing:
        if not is_given_up():  # time has run out: `within` tells it
            raise
        raise OutOfTimeError("Computing was stopped: nobody waits for it any more.") from None
    finally:
        _is_given_up.reset(token)
