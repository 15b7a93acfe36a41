"""Traces on their way between machines: a law is traced once, and whoever else computes it is sent what came of it.

What is sent is what engine/kept_files.py writes, with the signature that it serves. A machine that takes it over must have the same law, by
what its files hold (`law_identity.content_identity_of`); figures are compared when it is used, as those of a file are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.kept_files import kept_payload, payload_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.legislation import Legislation
    from engine.traces import Signature


@dataclass(frozen=True)
class SentTrace:
    """A trace of one of several laws, by its place among them, as bytes."""

    law: int
    signature: Signature
    payload: bytes

    @property
    def name(self) -> str:
        """Tell which law and inputs it serves: the same name on all machines that have the same laws."""
        inputs = sorted((name, str(at), bounded, str(first)) for name, at, bounded, first in self.signature.inputs)
        said = repr((self.law, inputs, sorted(self.signature.total_links)))
        return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def to_send(laws: Sequence[Legislation]) -> tuple[SentTrace, ...]:
    """Return what this process traced of some laws, the last trace for each signature; nothing of laws that cannot be told from others."""
    found: dict[tuple[int, Signature], bytes] = {}
    for place, law in enumerate(laws):
        if law.kept_graphs.identity(law) is None:
            continue
        for family in law.kept_graphs.families:
            with family.lock:
                for trace in family.traces:
                    payload = payload_of(trace) if trace.legislation is law and trace.traced else None
                    if payload is not None:
                        found[place, trace.signature] = payload
    return tuple(SentTrace(place, signature, payload) for (place, signature), payload in found.items())


def lacking(laws: Sequence[Legislation], traces: Iterable[tuple[int, Signature]]) -> list[int]:
    """Return the places of traces, each named by its law and signature, that this process neither made nor has."""
    return [place for place, (law, signature) in enumerate(traces) if not _has(laws[law], signature)]


def _has(law: Legislation, signature: Signature) -> bool:
    made = any(family.traces_of(law, signature) for family in law.kept_graphs.families)
    return made or kept_payload(law, signature) is not None


def take_over(laws: Sequence[Legislation], traces: Iterable[SentTrace]) -> None:
    """Keep traces that another machine sent: simulations of these laws use them. Nothing of laws that cannot be told from others."""
    for each in traces:
        law = laws[each.law]
        law.kept_graphs.receive(law, each.signature, each.payload)
