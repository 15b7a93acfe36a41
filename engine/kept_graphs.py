"""Kept graphs: what was traced once serves every later population with the same inputs given.

Graphs are kept per signature (which inputs are given). A law and its reforms, and signatures that came one after the other,
share a family: one graph, so that their nodes are the same wherever nothing differs. Families used least recently leave once
the bound in bytes is reached; a simulation that still holds one goes on with it.
"""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

from engine.graph.direct import Programs
from engine.graph.nodes import Graph
from engine.law_identity import identity_of, identity_of_rules
from engine.traces import Signature, Trace
from engine.variants import Variants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.legislation import Legislation
    from engine.variables import Rule

# A node with its place in the table and the questions that led to it takes about so many bytes; what a formula gave and asked; and a
# variable-period's place in a trace (measured over 120 cases of openfisca-france: 198,000 nodes, 53,000 formulas and 75 traces took 850 MB).
BYTES_PER_NODE = 2_000
BYTES_PER_VARIANT = 3_000
BYTES_PER_TRACED = 300
DEFAULT_BYTES = 2**30
# A family takes new signatures until its nodes and variants fill such a part of the bound: then another is begun, so that one can leave. Its traces
# take as much at most: those that leave are made again from what formulas gave before.
SHARE_OF_A_FAMILY = 0.5
# Laws and signatures kept in one family, whatever their size; a solver may try thousands.
MOST_TRACES = 128
# Traces that other machines sent are kept as they came, 2 MB each.
MOST_RECEIVED = 32


class Family:
    """The traces of a law and its reforms over one graph, with the lock under which they grow."""

    def __init__(self, most_bytes: float) -> None:
        self.most_bytes = most_bytes
        self.graph = Graph()
        self.variants = Variants()
        self.programs = Programs()
        self.lock = threading.RLock()
        self.signatures: set[Signature] = set()
        self.traces: list[Trace] = []

    def traces_of(self, legislation: Legislation, signature: Signature) -> list[Trace]:
        """Return the traces of one law for one signature; there are several where guards were answered differently."""
        return [trace for trace in self.traces if trace.legislation is legislation and trace.signature == signature]

    def add(self, legislation: Legislation, signature: Signature) -> Trace:
        """Return a new trace of a law; the law that it reforms is kept as long."""
        for base in self.traces_of(legislation.baseline, signature) if legislation.baseline is not None else ():
            self.used(base)
        trace = Trace(legislation, signature, self.graph, self.variants)
        self.keep(trace)
        return trace

    def keep(self, trace: Trace) -> None:
        """Keep a trace; those that served least recently leave where there is no room."""
        while self.traces and (len(self.traces) >= MOST_TRACES or self._bytes_of_traces > self.most_bytes):
            del self.traces[0]
            self.signatures = {trace.signature, *(each.signature for each in self.traces)}
        self.traces.append(trace)

    def used(self, trace: Trace) -> None:
        """Note that a trace served: those that served least recently leave first."""
        if trace in self.traces:
            self.traces.remove(trace)
            self.traces.append(trace)

    @property
    def is_full(self) -> bool:
        """Whether no further signature should come in."""
        return self._bytes_shared > self.most_bytes

    @property
    def bytes(self) -> int:
        """About how much memory the family takes."""
        return self._bytes_shared + self._bytes_of_traces

    @property
    def _bytes_shared(self) -> int:
        return len(self.graph) * BYTES_PER_NODE + len(self.variants) * BYTES_PER_VARIANT

    @property
    def _bytes_of_traces(self) -> int:
        return sum(len(trace.traced) for trace in self.traces) * BYTES_PER_TRACED


def _are_same(one: Mapping[str, Rule], other: Mapping[str, Rule]) -> bool:
    """Whether two laws have the very same variables."""
    return one is other or (len(one) == len(other) and all(one.get(name) is rule for name, rule in other.items()))


class KeptGraphs:
    """The families, those used least recently first, bounded in bytes.

    With `on_disk` graphs that took long are kept for later processes too; a server that runs its users' reforms keeps none, and need not
    tell each of their laws from all others.
    """

    def __init__(self, most_bytes: int = DEFAULT_BYTES, *, on_disk: bool = True) -> None:
        self.most_bytes = most_bytes
        self.on_disk = on_disk
        self._families: list[Family] = []
        self._lock = threading.Lock()
        self._identities: weakref.WeakKeyDictionary[Legislation, bytes | None] = weakref.WeakKeyDictionary()
        self._received: dict[tuple[bytes, Signature], bytes] = {}  # traces that another machine sent (engine/sent_traces.py)
        self._identity_of_rules: tuple[Mapping[str, Rule], bytes | None] | None = None  # the last: laws with other figures alone have the same

    def identity(self, legislation: Legislation) -> bytes | None:
        """Return what tells a law from any other, as it was when it was first asked for; None where nothing does, or nothing is kept on disk."""
        if not self.on_disk:
            return None
        if legislation not in self._identities:
            if self._identity_of_rules is None or not _are_same(self._identity_of_rules[0], legislation.variables):
                self._identity_of_rules = (legislation.variables, identity_of_rules(legislation.variables))
            self._identities[legislation] = identity_of(legislation, self._identity_of_rules[1])
        return self._identities[legislation]

    def keep_in_memory(self, legislation: Legislation) -> None:
        """Let nothing of a law be written to disk: a reform of the moment, that somebody sent."""
        self._identities[legislation] = None

    def receive(self, legislation: Legislation, signature: Signature, payload: bytes) -> None:
        """Keep a trace that another machine made of a law, as it sent it; the oldest leave."""
        identity = self.identity(legislation)
        if identity is not None:
            self._received[identity, signature] = payload
            for old in list(self._received)[:-MOST_RECEIVED]:
                del self._received[old]

    def received_of(self, legislation: Legislation, signature: Signature) -> bytes | None:
        """Return the trace of a law that another machine sent for a signature; None where there is none."""
        identity = self.identity(legislation) if self._received else None
        return None if identity is None else self._received.get((identity, signature))

    def family(self, signature: Signature) -> Family:
        """Return the family for a signature: its own, else one that has room, else a new one; it becomes the one used last."""
        with self._lock:
            family = self._fitting(signature)
            family.signatures.add(signature)
            self._families.append(family)
            while len(self._families) > 1 and sum(each.bytes for each in self._families) > self.most_bytes:
                self._families.pop(0)
            return family

    def _fitting(self, signature: Signature) -> Family:
        """Take the family for a signature out of the list; one that outgrew the bound by itself is begun anew."""
        for place, family in enumerate(self._families):
            if signature in family.signatures:
                del self._families[place]
                return family if family.bytes <= self.most_bytes else self._new()
        if self._families and not self._families[-1].is_full:
            return self._families.pop()
        return self._new()

    def _new(self) -> Family:
        return Family(self.most_bytes * SHARE_OF_A_FAMILY)

    @property
    def families(self) -> tuple[Family, ...]:
        """Return the families, the one used last at the end."""
        return tuple(self._families)

    def __len__(self) -> int:
        """Return how many signatures are kept."""
        return sum(len(family.signatures) for family in self._families)
