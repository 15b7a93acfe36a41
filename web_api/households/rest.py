"""Python's collector of cycles, held back while a request of typical households is answered: going through all that was traced would take as long.

It goes through what is new once the answer has left, in a thread of its own, and is at work again from then on.
"""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

AFTER: Final = 0.05
"""Seconds after which an answer has left."""
YOUNG: Final = 1

_lock = threading.Lock()
_holding: set[object] = set()
_was_at_work = True


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
    global _was_at_work  # noqa: PLW0603 - the collector is one for the whole process
    with _lock:
        if not _holding:
            _was_at_work = gc.isenabled()
            gc.disable()
        _holding.add(one)


def _release(one: object) -> None:
    with _lock:
        _holding.discard(one)
        if _holding or not _was_at_work:
            return
        gc.collect(YOUNG)
        gc.enable()
