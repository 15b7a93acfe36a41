"""Formulas that look beyond a part: what they say of a part alone is not what they say of the whole population.

A part holds whole households, so that nearly all of the law is the same for it alone. What is not: a truth about everybody (`if array.any():`), a
formula that walks through arrays (a ranking), and what is read or added up over the members of something that parts share (a sum over a commune).
All of them stand in the trace. They are refused by the name of the variable, before a figure is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import CalculationError
from engine.graph.nodes import in_order
from engine.graph.opaque import Opaque
from engine.graph.relations import Gather, MemberLeaf, Reduce, Whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from engine.graph.nodes import Node
    from engine.simulation import Simulation
    from engine.traces import Key, Traced


def check_rows(simulation: Simulation, keys: Iterable[Key], shared: Collection[str]) -> None:
    """Raise CalculationError where a result rests on rows of other parts: it names the variable, the period and the formula's file and line."""
    asked = list(keys)
    if not asked:
        return
    trace = simulation.trace_below(*asked[0])
    traced = trace.traced
    known = [key for key in asked if key in traced]
    question = (tuple((key, traced[key].node.number) for key in known), frozenset(shared))
    if question in trace.checked:  # every part after the first
        return
    guarded = _guarded(known, traced)
    if guarded is not None:
        raise _error(guarded, traced[guarded], "asks for a truth about the whole population (as `if array.any():`)")
    for node in in_order([traced[key].node for key in known], set()):
        said = _beyond(node, shared)
        if said is not None:
            owner = _owner(node, known, traced)
            raise _error(owner, traced[owner], said)
    trace.checked.add(question)


def _beyond(node: Node, shared: Collection[str]) -> str | None:
    """Return what a node does that a part cannot do by itself; None where it does no such thing."""
    operation = node.operation
    if isinstance(operation, Opaque):
        return "walks through the values of the whole population one by one (as a ranking does)"
    if isinstance(operation, Whole):
        return f"asks whether {operation.how} of the whole population is so"
    if isinstance(operation, Reduce) and operation.group in shared:
        return f"takes the {operation.how} of all `{operation.member}` of a `{operation.group}`, which lie in several parts"
    if isinstance(operation, Gather) and operation.up and operation.group in shared:
        return f"reads one `{operation.member}` of a `{operation.group}`, whose members lie in several parts"
    if isinstance(operation, MemberLeaf) and operation.what == "position" and operation.group in shared:
        return f"numbers the `{operation.member}` of a `{operation.group}`, which lie in several parts"
    return None


def _guarded(keys: Iterable[Key], traced: Mapping[Key, Traced]) -> Key | None:
    """Return a variable that results rest on and whose formula went one way by a truth about the population."""
    pending = list(keys)
    seen = set(pending)
    while pending:
        at = pending.pop()
        found = traced.get(at)
        if found is None:
            continue
        if found.guards:
            return at
        fresh = [read for read in found.reads if read not in seen]
        seen.update(fresh)
        pending += fresh
    return None


def _owner(node: Node, keys: Iterable[Key], traced: Mapping[Key, Traced]) -> Key:
    """Return the variable whose own formula made a node: it rests on the node, and nothing that it reads does."""

    def below(names: Iterable[Key]) -> Key | None:
        return next((name for name in names if name in traced and any(each is node for each in in_order([traced[name].node], set()))), None)

    found = below(keys)
    assert found is not None
    while (deeper := below(traced[found].reads)) is not None:
        found = deeper
    return found


def _error(key: Key, found: Traced, said: str) -> CalculationError:
    where = f" ({found.formula.file}:{found.formula.line})" if found.formula is not None else ""
    return CalculationError(
        f"`{key[0]}` at {key[1]}{where} {said}: this cannot be told of one part of a population. "
        "Give the population as whole tables (one file for each entity), or leave this variable out."
    )
