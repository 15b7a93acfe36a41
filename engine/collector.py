"""Python's collector of cycles, kept from walking through the many objects that loading, tracing and planning make and that stay."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def at_rest() -> Iterator[None]:
    """Hold the collector back: going through ever more objects, time and again, takes up to half of the time in which they are made."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
