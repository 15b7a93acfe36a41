"""What a simulation was asked, in order, where OpenFisca's spiral rule makes results depend on it.

Where a spiral ends depends on what is known already, and a simulation that was asked for A then B may know more than one that was asked
for B. So a trace of a law with that rule serves those who ask the same in the same order; others begin a trace of their own. What an
opaque formula asks while it is evaluated, and what is asked aside, is no request.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.traces import Key, Trace


class Requests:
    """The variables and periods that a simulation was asked for since its inputs were set; `count` only where the law has the rule."""

    def __init__(self, *, count: bool) -> None:
        self._count = count
        self._asked: dict[Key, None] = {}

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let nothing count that is asked meanwhile."""
        counted, self._count = self._count, False
        try:
            yield
        finally:
            self._count = counted

    def forget(self) -> None:
        """Begin anew: other inputs were set."""
        self._asked = {}

    def go_on(self, trace: Trace, key: Key) -> bool:
        """Whether a trace that began with these requests has none, or this one, as its next, or knew the answer by then."""
        place = len(self._asked)
        return not self._count or key in self._asked or len(trace.requests) == place or trace.requests[place] == key or self._came_along(trace, key)

    def fit(self, trace: Trace, key: Key) -> bool:
        """Whether a trace began with these requests, and goes on with this one."""
        return not self._count or (trace.requests[: len(self._asked)] == list(self._asked) and self.go_on(trace, key))

    def earlier(self, trace: Trace) -> list[Key]:
        """Return what is to be asked of a new trace first, so that it knows what was known; it is noted there."""
        trace.requests = list(self._asked) if self._count else []
        return trace.requests

    def note(self, trace: Trace, key: Key) -> None:
        """Note a request, here and in the trace; one that came with those before changes nothing."""
        if not self._count or key in self._asked or self._came_along(trace, key):
            return
        if key in trace.traced and len(trace.requests) == len(self._asked):
            trace.came_along[key] = len(self._asked)
            return
        self._asked[key] = None
        if len(trace.requests) < len(self._asked):
            trace.requests.append(key)

    def _came_along(self, trace: Trace, key: Key) -> bool:
        """Whether a trace knew the answer after as many requests as there are here, or fewer: others that came later changed nothing about it."""
        return key in trace.traced and trace.came_along.get(key, len(self._asked) + 1) <= len(self._asked)
