"""Plans: in which order to compute the nodes that results need, and where each value is kept.

Nodes that go together row by row run block by block, so that intermediate values never leave the processor's cache: each
step writes into a buffer that is used again as soon as its value has been read for the last time. What crosses domains or
looks at the whole population is a barrier: it starts a new level, and what it reads is kept as a whole array.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.graph.blocks import Layout
from engine.graph.nodes import DType, Node, in_order
from engine.graph.opaque import Opaque
from engine.graph.operations import TEXT, takes_out
from engine.graph.relations import Gather, Reduce, Whole


@dataclass
class Program:
    """The steps of one domain at one level: `steps` in order, with the buffer that each writes into (None: its own array).

    `reads` are nodes whose whole arrays are cut into blocks; `keeps` are nodes whose whole arrays are put together.
    `last_uses` tells after which step a value is needed no more.
    """

    domain: int
    steps: list[Node] = field(default_factory=list)
    reads: list[Node] = field(default_factory=list)
    keeps: list[Node] = field(default_factory=list)
    buffers: list[int | None] = field(default_factory=list)
    buffer_kinds: list[tuple[str, DType]] = field(default_factory=list)
    last_uses: list[list[int]] = field(default_factory=list)


@dataclass
class Level:
    """What can run once the level before is done: first what looks at whole arrays, then the programs by blocks."""

    whole: list[Node] = field(default_factory=list)
    programs: dict[int, Program] = field(default_factory=dict)


def needs_whole(node: Node, layout: Layout) -> bool:
    """Whether a node reads whole arrays: a truth about everybody, an opaque formula, or a sum over a wide link."""
    operation = node.operation
    return isinstance(operation, Whole | Opaque) or (isinstance(operation, Reduce) and operation.link not in layout.local_links)


def crosses(node: Node, layout: Layout) -> bool:
    """Whether a node reads its operands' whole arrays rather than the same block's."""
    return needs_whole(node, layout) or (isinstance(node.operation, Gather) and node.operation.link not in layout.local_links)


def make_plan(targets: Sequence[Node], known: Iterable[int], layout: Layout) -> list[Level]:
    """Return the levels that compute the targets. `known` are numbers of nodes whose whole arrays are there already."""
    have = set(known)
    nodes = [node for node in in_order(targets, have) if not node.is_constant]
    depth: dict[int, int] = {}
    levels: list[Level] = []
    kept = {target.number for target in targets}
    for node in nodes:
        operands = [operand for operand in node.operands if not operand.is_constant]
        if node.number in have or (not operands and not needs_whole(node, layout) and not node.operands):
            depth[node.number] = -1
            continue
        level = max((_level_after(node, operand, depth, layout) for operand in operands), default=0)
        depth[node.number] = max(level, 0)
        while len(levels) <= depth[node.number]:
            levels.append(Level())
        _place(levels[depth[node.number]], node, layout)
    _connect(levels, depth, kept, layout)
    for level_ in levels:
        for program in level_.programs.values():
            _assign_buffers(program)
    return levels


def _level_after(node: Node, operand: Node, depth: Mapping[int, int], layout: Layout) -> int:
    step = 1 if crosses(node, layout) or operand.entity is None else 0
    if depth[operand.number] < 0:
        return 0
    return depth[operand.number] + step


def _place(level: Level, node: Node, layout: Layout) -> None:
    if needs_whole(node, layout):
        level.whole.append(node)
        return
    assert node.entity is not None
    domain = layout.domain_of[node.entity]
    level.programs.setdefault(domain, Program(domain)).steps.append(node)


def _connect(levels: Sequence[Level], depth: Mapping[int, int], kept: set[int], layout: Layout) -> None:
    """Find what each program reads from, and leaves to, others."""
    keep = set(kept)
    for level in levels:
        for node in level.whole:
            keep.update(operand.number for operand in node.operands)
        for program in level.programs.values():
            own = {node.number for node in program.steps}
            reads: dict[int, Node] = {}
            for node in program.steps:
                for operand in node.operands:
                    if operand.is_constant or operand.number in own:
                        continue
                    if not crosses(node, layout) and operand.entity is not None:
                        reads[operand.number] = operand
                    if depth[operand.number] >= 0:
                        keep.add(operand.number)
            program.reads = list(reads.values())
    for level in levels:
        for program in level.programs.values():
            program.keeps = [node for node in program.steps if node.number in keep]


def _assign_buffers(program: Program) -> None:
    """Give each step a buffer, and each buffer to as many steps as its values' lives allow."""
    last: dict[int, int] = {}
    for place, node in enumerate(program.steps):
        for operand in node.operands:
            last[operand.number] = place
        last.setdefault(node.number, place)
    kept = {node.number for node in program.keeps}
    own = {node.number for node in program.steps}
    free: dict[tuple[str, DType], list[int]] = {}
    buffer_of: dict[int, int] = {}
    ends: list[list[int]] = [[] for _ in program.steps]
    for number, place in last.items():
        if number in own:
            ends[place].append(number)
    for place, node in enumerate(program.steps):
        kind = (str(node.entity), node.dtype)
        buffered = takes_out(node.operation) and node.dtype != TEXT and not any(operand.dtype == TEXT for operand in node.operands)
        if buffered and node.number not in kept:
            waiting = free.setdefault(kind, [])
            if not waiting:
                waiting.append(len(program.buffer_kinds))
                program.buffer_kinds.append(kind)
            buffer_of[node.number] = waiting.pop()
        program.buffers.append(buffer_of.get(node.number))
        for number in ends[place]:
            if number in buffer_of and number != node.number:
                buffer = buffer_of[number]
                free[program.buffer_kinds[buffer]].append(buffer)
            elif number == node.number and number in buffer_of:
                free[kind].append(buffer_of[number])
    program.last_uses = ends

