"""Kept graphs: what was traced once serves every later population with the same inputs given.

Graphs are kept per signature (which inputs are given). A law and its reforms share the graph of a signature, so that a
reform's nodes are the law's wherever it changes nothing. Graphs used least recently leave once the bound in bytes is
reached; a simulation that still holds one goes on with it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from engine.graph.nodes import Graph
from engine.traces import Signature, Trace

if TYPE_CHECKING:
    from engine.legislation import Legislation

# A node with its key in the table takes about so many bytes (measured on the taxe d'habitation).
BYTES_PER_NODE = 700
DEFAULT_BYTES = 512 * 2**20
# Laws and reforms kept for one set of inputs; a solver may try thousands.
MOST_TRACES = 64


class Family:
    """The traces of a law and its reforms for one signature, over one graph, with the lock under which they grow."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.lock = threading.RLock()
        self.traces: list[Trace] = []

    def traces_of(self, legislation: Legislation) -> list[Trace]:
        """Return the traces of one law; there are several where guards were answered differently."""
        return [trace for trace in self.traces if trace.legislation is legislation]

    def add(self, legislation: Legislation, signature: Signature) -> Trace:
        """Return a new trace of a law, on top of the one of the law that it reforms if that was traced."""
        base, reformed = None, legislation.baseline
        while reformed is not None and base is None:
            base = next(iter(self.traces_of(reformed)), None)
            reformed = reformed.baseline
        if base is not None:
            self.used(base)
        trace = Trace(legislation, signature, self.graph, base)
        self.traces.append(trace)
        del self.traces[:-MOST_TRACES]
        return trace

    def used(self, trace: Trace) -> None:
        """Note that a trace served: those that served least recently leave first."""
        if trace in self.traces:
            self.traces.remove(trace)
            self.traces.append(trace)


class KeptGraphs:
    """The families by signature, bounded in bytes."""

    def __init__(self, most_bytes: int = DEFAULT_BYTES) -> None:
        self.most_bytes = most_bytes
        self._families: OrderedDict[Signature, Family] = OrderedDict()
        self._lock = threading.Lock()

    def family(self, signature: Signature) -> Family:
        """Return the family for a signature, made now if it is new; it becomes the one used last."""
        with self._lock:
            self._families.setdefault(signature, Family())
            self._families.move_to_end(signature)
            while self._families and self._bytes() > self.most_bytes:
                self._families.popitem(last=False)
            return self._families.setdefault(signature, Family())  # begun anew where it outgrew the bound by itself

    def _bytes(self) -> int:
        return sum(len(family.graph) for family in self._families.values()) * BYTES_PER_NODE

    def __len__(self) -> int:
        """Return how many signatures are kept."""
        return len(self._families)
