"""Plans: in which order to compute the nodes that results need, and where each value is kept.

Nodes that go together row by row run block by block, so that intermediate values never leave the processor's cache: each
step writes into a buffer that is used again as soon as its value has been read for the last time. What crosses domains or
looks at the whole population is a barrier: it starts a new level, and what it reads is kept as a whole array.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.graph.lowering import lower
from engine.graph.nodes import DType, Node, in_order
from engine.graph.opaque import Opaque
from engine.graph.operations import TEXT, takes_out
from engine.graph.relations import Gather, Reduce, Whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.graph.blocks import Layout


@dataclass
class Program:
    """What one domain computes at one level, block by block.

    `nodes` are the graph's, in order. `reads` are nodes whose whole arrays are cut into blocks, `keeps` nodes whose whole
    arrays are put together. Once prepared, `steps` are the nodes in their cheapest form, with the buffer that each writes
    into (None: an array of its own) and the steps' numbers whose values are needed no more after it.
    """

    domain: int
    nodes: list[Node] = field(default_factory=list)
    reads: list[Node] = field(default_factory=list)
    keeps: list[Node] = field(default_factory=list)
    steps: list[Node] = field(default_factory=list)
    buffers: list[int | None] = field(default_factory=list)
    buffer_kinds: list[tuple[str, DType]] = field(default_factory=list)
    last_uses: list[list[int]] = field(default_factory=list)


@dataclass
class Level:
    """What can run once the level before is done: first what looks at whole arrays, then the programs by blocks.

    `forget` are the numbers of whole arrays that no later level reads.
    """

    whole: list[Node] = field(default_factory=list)
    programs: dict[int, Program] = field(default_factory=dict)
    forget: list[int] = field(default_factory=list)


@dataclass
class Plan:
    """The levels, and for each target the node that holds its values (another one where they are the same rows)."""

    levels: list[Level]
    targets: dict[int, Node]


def needs_whole(node: Node, layout: Layout) -> bool:
    """Whether a node reads whole arrays: a truth about everybody, an opaque formula, or a sum over a wide link."""
    operation = node.operation
    return isinstance(operation, Whole | Opaque) or (isinstance(operation, Reduce) and operation.link not in layout.local_links)


def crosses(node: Node, layout: Layout) -> bool:
    """Whether a node reads its operands' whole arrays rather than the same block's."""
    return needs_whole(node, layout) or (isinstance(node.operation, Gather) and node.operation.link not in layout.local_links)


def make_plan(targets: Sequence[Node], known: Iterable[int], layout: Layout) -> Plan:
    """Return the plan that computes the targets. `known` are numbers of nodes whose whole arrays are there already."""
    have = set(known)
    nodes, stands_for = _without_aliases(in_order(targets, have), have, layout)
    depth: dict[int, int] = {}
    levels: list[Level] = []
    for node in nodes:
        if node.number in have or node.is_leaf:
            depth[node.number] = -1
            continue
        operands = [operand for operand in node.operands if not operand.is_constant]
        depth[node.number] = max((_level_after(node, operand, depth, layout) for operand in operands), default=0)
        while len(levels) <= depth[node.number]:
            levels.append(Level())
        _place(levels[depth[node.number]], node, layout)
    ends = {target.number: stands_for.get(target.number, target) for target in targets}
    _connect(levels, depth, {node.number for node in ends.values()}, layout)
    return Plan(levels, ends)


def _without_aliases(nodes: Sequence[Node], have: set[int], layout: Layout) -> tuple[list[Node], dict[int, Node]]:
    """Leave out gathers along links that are one to one in the same order: their values are their operand's."""
    kept: list[Node] = []
    stands_for: dict[int, Node] = {}
    for node in nodes:
        if node.is_constant:
            continue
        operands = tuple(stands_for.get(operand.number, operand) for operand in node.operands)
        if node.number not in have and _is_alias(node, layout):
            stands_for[node.number] = operands[0]
            continue
        if any(new is not old for new, old in zip(operands, node.operands, strict=True)):
            node = stands_for[node.number] = Node(node.operation, operands, node.dtype, node.entity, node.exponent, node.number)  # noqa: PLW2901 - the same node
        kept.append(node)
    return kept, stands_for


def _is_alias(node: Node, layout: Layout) -> bool:
    operation = node.operation
    if not isinstance(operation, Gather) or operation.nth or node.operands[0].is_constant:
        return False
    return layout.links[operation.link].is_identity and not (operation.up and operation.roles is not None)


def _level_after(node: Node, operand: Node, depth: Mapping[int, int], layout: Layout) -> int:
    if depth[operand.number] < 0:
        return 0
    return depth[operand.number] + (1 if crosses(node, layout) or operand.entity is None else 0)


def _place(level: Level, node: Node, layout: Layout) -> None:
    if needs_whole(node, layout):
        level.whole.append(node)
        return
    assert node.entity is not None
    domain = layout.domain_of[node.entity]
    level.programs.setdefault(domain, Program(domain)).nodes.append(node)


def _connect(levels: Sequence[Level], depth: Mapping[int, int], ends: set[int], layout: Layout) -> None:
    """Find what each program reads from, and leaves to, others, and after which level a whole array is needed no more."""
    last: dict[int, int] = {}
    for number, level in enumerate(levels):
        for node in level.whole:
            last.update((operand.number, number) for operand in node.operands)
        for program in level.programs.values():
            outside = _read_from_outside(program)
            last.update((operand.number, number) for _, operand in outside)
            cut = {operand.number: operand for node, operand in outside if not crosses(node, layout) and operand.entity is not None}
            program.reads = list(cut.values())
    for level in levels:
        for program in level.programs.values():
            program.keeps = [node for node in program.nodes if node.number in last or node.number in ends]
    for operand_number, number in last.items():
        if operand_number not in ends and depth.get(operand_number, -1) >= 0:
            levels[number].forget.append(operand_number)


def _read_from_outside(program: Program) -> list[tuple[Node, Node]]:
    """Return the nodes of a program that read what another made, each with what it reads."""
    own = {node.number for node in program.nodes}
    return [(node, operand) for node in program.nodes for operand in node.operands if not operand.is_constant and operand.number not in own]


def prepare_steps(program: Program) -> None:
    """Bring a program's nodes into their cheapest form, and give each step a buffer that is free when it runs."""
    program.steps = lower(program.nodes)
    _assign_buffers(program)


def _assign_buffers(program: Program) -> None:
    """Give each step a buffer, and each buffer to as many steps as its values' lives allow."""
    last: dict[int, int] = {}
    for place, node in enumerate(program.steps):
        last[node.number] = place
        last.update((operand.number, place) for operand in node.operands if not operand.is_constant)
    own = {node.number for node in program.steps}
    program.last_uses = [[] for _ in program.steps]
    for number, place in last.items():
        if number in own:
            program.last_uses[place].append(number)
    kept = {node.number for node in program.keeps}
    free: dict[tuple[str, DType], list[int]] = {}
    buffer_of: dict[int, int] = {}
    for node, ends in zip(program.steps, program.last_uses, strict=True):
        plain = node.dtype != TEXT and not any(operand.dtype == TEXT for operand in node.operands)
        if plain and takes_out(node.operation) and node.number not in kept:
            kind = (str(node.entity), node.dtype)
            waiting = free.setdefault(kind, [])
            if not waiting:
                waiting.append(len(program.buffer_kinds))
                program.buffer_kinds.append(kind)
            buffer_of[node.number] = waiting.pop()
        program.buffers.append(buffer_of.get(node.number))
        for number in ends:
            if number in buffer_of:
                free[program.buffer_kinds[buffer_of[number]]].append(buffer_of[number])
