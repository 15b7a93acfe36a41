"""Evaluation: running a plan over a population, block by block, on a pool of threads.

Numpy works outside Python's lock, so threads share the work on blocks. A block is computed by one thread, in the order of
the plan, from slices of whole arrays; results do not depend on the number of threads or on the size of blocks.
"""

from __future__ import annotations

import contextvars
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import deadline
from engine.errors import LookUpError
from engine.graph.careful import Misses
from engine.graph.compiled import Compiled
from engine.graph.direct import DirectProgram, DirectRun, Programs
from engine.graph.distinct_run import DistinctBlocks, DistinctRun
from engine.graph.opaque import Opaque
from engine.graph.operations import Array, TextArray
from engine.graph.plan import Level, Program, make_plan, prepare_steps
from engine.graph.relations import Whole, reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.graph.blocks import Block, Domain, Layout
    from engine.graph.nodes import Node

Values = Array | TextArray
# Long enough that Python's part and the threads' turns cost little, short enough for the caches: measured, see docs/architecture.md.
BLOCK_ROWS = 65_536
# A population smaller than a block for each thread is shared among the threads, in blocks of at least so many rows.
FEWEST_BLOCK_ROWS = 8_192
# Up to so many rows, node after node over whole arrays is faster than planning first; of fewer nodes than these, up to DISTINCT_ROWS.
DIRECT_ROWS = 65_536
FEW_NODES = 64
# Graphs of so many nodes are evaluated on distinct values, beyond so many rows: without a plan up to DISTINCT_ROWS, then in blocks.
MANY_NODES = 4_096
FEW_ROWS = 4_096
DISTINCT_ROWS = 131_072


def rows_of_a_block(rows: int, threads: int | None = None) -> int:
    """Return how many rows a block should have for a population of so many: each thread has work."""
    share = -(-rows // (threads or os.cpu_count() or 1))
    return max(FEWEST_BLOCK_ROWS, min(BLOCK_ROWS, share))


class Evaluator:
    """Computes nodes over one population.

    `leaf` gives the whole array of a leaf's node, `opaque` calls an opaque formula with the real values that it reads. A
    population of at most `direct_rows` rows is computed node after node, without a plan.
    """

    def __init__(
        self,
        layout: Layout,
        leaf: Callable[[Node], Values],
        threads: int | None = None,
        opaque: Callable[[Opaque, Sequence[Any]], Array] | None = None,
        direct_rows: int = DIRECT_ROWS,
    ) -> None:
        self.layout = layout
        self.rows = max(layout.counts.values(), default=0)
        self.direct_rows = direct_rows
        self.leaf = leaf
        self.threads = threads or os.cpu_count() or 1
        self.opaque = opaque

    def run(
        self,
        targets: Sequence[Node],
        known: Mapping[int, Values],
        progress: Callable[[int, int], None] | None = None,
        programs: Programs | None = None,
    ) -> dict[int, Any]:
        """Return the whole arrays of the targets, by node number. `known` are arrays computed before, by node number; `programs` are kept.

        `progress` is told how many blocks are done, and of how many. Raises LookUpError where a result rests on a figure
        that the law lacks.
        """
        if progress is None and self.direct_rows and self.rows <= max(self.direct_rows, DISTINCT_ROWS):
            program = programs.program(targets, known) if programs is not None else DirectProgram(targets, known)
            way = self._without_plan(program)
            if way is not None:
                try:
                    return way(self.layout, self.leaf, self.opaque).run(program, known)
                except LookUpError:
                    pass  # a row may not need what it looks up: the plan's careful evaluation tells
        plan = make_plan(targets, known, self.layout)
        arrays: dict[int, Any] = dict(known)
        misses = Misses()
        total = sum(len(self.layout.domains[number].blocks) for level in plan.levels for number in level.programs)
        done = _Progress(progress, total)
        for level in plan.levels:
            self._run_level(level, arrays, misses, done)
            for number in level.forget:
                arrays.pop(number, None)
        for node in plan.targets.values():
            error = misses.error_for(node)
            if error is not None:
                raise error
        return {number: self._whole(node, arrays) for number, node in plan.targets.items()}

    def _without_plan(self, program: DirectProgram) -> type[DirectRun | DistinctRun] | None:
        """Return how a program is run node after node; None where a plan is better."""
        if program.nodes >= MANY_NODES:
            return DirectRun if self.rows <= min(self.direct_rows, FEW_ROWS) else DistinctRun if self.rows <= DISTINCT_ROWS else None
        return DirectRun if self.rows <= (self.direct_rows if program.nodes >= FEW_NODES else DISTINCT_ROWS) else None

    def _run_level(self, level: Level, arrays: dict[int, Any], misses: Misses, done: _Progress) -> None:
        with np.errstate(all="ignore"):
            for node in level.whole:
                self._check_whole(node, misses)
                arrays[node.number] = self._run_whole(node, arrays)
        for program in level.programs.values():
            self._run_program(program, arrays, misses, done)

    @staticmethod
    def _check_whole(node: Node, misses: Misses) -> None:
        """Raise LookUpError where a node that looks at whole arrays rests on a figure that is missing."""
        for operand in node.operands:
            error = misses.error_for(operand)
            if error is not None:
                raise error

    def _whole(self, node: Node, arrays: Mapping[int, Any]) -> Any:
        if node.is_constant:
            return node.value
        found = arrays.get(node.number)
        return self.leaf(node) if found is None else found

    def _run_whole(self, node: Node, arrays: Mapping[int, Any]) -> Any:
        operation = node.operation
        operands = [self._whole(operand, arrays) for operand in node.operands]
        if isinstance(operation, Opaque):
            assert self.opaque is not None, "an opaque formula is evaluated by a simulation"
            return self.opaque(operation, operands)
        if isinstance(operation, Whole):
            return np.bool_(getattr(operands[0], operation.how)())
        link = self.layout.links[operation.link]
        values = operands[0] if isinstance(operands[0], np.ndarray) else np.full(len(link.index), operands[0])
        return reduced(operation, values, link.index, link.group_count, node.dtype)

    def _run_program(self, program: Program, arrays: dict[int, Any], misses: Misses, done: _Progress) -> None:
        domain = self.layout.domains[program.domain]
        for node in program.keeps:
            arrays[node.number] = np.empty(self.layout.counts[str(node.entity)], dtype=node.dtype)
        if len(program.nodes) >= MANY_NODES and not misses.marks:
            before = done.count
            try:
                self._run_blocks(DistinctBlocks(program, domain, self.layout, lambda node: self._whole(node, arrays)), domain, done)
            except LookUpError:
                done.count = before  # a row may not need what it looks up: the careful evaluation below tells
            else:
                return
        prepare_steps(program)
        self._run_blocks(Compiled(program, domain, self.layout, lambda node: self._whole(node, arrays), misses), domain, done)

    def _run_blocks(self, runner: Compiled | DistinctBlocks, domain: Domain, done: _Progress) -> None:
        """Have a pool of threads work on a domain's blocks."""
        blocks = iter(domain.blocks)
        workers = min(self.threads, len(domain.blocks))
        if workers <= 1:
            runner.work(blocks, done.add)
            return
        shared = _Shared(blocks)
        with ThreadPoolExecutor(workers) as pool:
            for future in [pool.submit(contextvars.copy_context().run, runner.work, shared, done.add) for _ in range(workers)]:
                future.result()


class _Progress:
    def __init__(self, tell: Callable[[int, int], None] | None, total: int) -> None:
        self._tell = tell
        self._total = total
        self.count = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        deadline.check()
        if self._tell is None:
            return
        with self._lock:
            self.count += 1
            self._tell(self.count, self._total)


class _Shared:
    """An iterator that several threads may draw from."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._lock = threading.Lock()

    def __iter__(self) -> _Shared:
        return self

    def __next__(self) -> Block:
        with self._lock:
            return next(self._blocks)
