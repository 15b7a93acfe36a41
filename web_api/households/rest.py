"""Python's collector of cycles, held back while a request of typical households is answered: going through all that was traced would take as long.

It goes through what is new once the answer has left, in a thread of its own, and is at work again from then on.
"""

from __future__ import annotations

import gc
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

AFTER: Final = 0.05
"""Seconds after which an answer has left."""
LONGEST: Final = 10.0
"""Seconds after which it goes through all, where requests follow each other so closely that it would never be at work again."""
YOUNG: Final = 1

_lock = threading.Lock()
_holding: set[object] = set()
_was_at_work = True
_since = 0.0


@contextmanager
def until_answered() -> Iterator[None]:
    """Hold the collector back while the answer is made, and a moment longer; several threads may do so at once."""
    one = object()
    _hold(one)
    try:
        yield
    finally:
        later = threading.Timer(AFTER, _release, (one,))
        later.daemon = True
        later.start()


def _hold(one: object) -> None:
    global _was_at_work, _since
    with _lock:
        if not _holding:
            _was_at_work, _since = gc.isenabled(), time.monotonic()
            gc.disable()
        _holding.add(one)


def _release(one: object) -> None:
    global _since  # noqa: PLW0603 - the collector is one for the whole process
    with _lock:
        _holding.discard(one)
        if not _was_at_work:
            return
        if not _holding:
            gc.collect(YOUNG)
            gc.enable()
        elif time.monotonic() - _since > LONGEST:
            gc.collect()
            _since = time.monotonic()
