"""Compiled programs: a program's steps as small functions over numbered slots, made once and run for every block."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import LookUpError
from engine.graph.blocks import Block
from engine.graph.careful import NONE, CarefulRun, Misses
from engine.graph.operations import TEXT, Array, Cast, Elementwise, Repeat, TextArray, takes_out
from engine.graph.relations import Gather, Reduce, reduced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.graph.blocks import Domain, Layout
    from engine.graph.nodes import Node
    from engine.graph.plan import Program

Step = Callable[[list[Any], list[Any], Block], None]


class Compiled:
    """A program as a list of small functions over numbered slots, made once and run for every block."""

    def __init__(self, program: Program, domain: Domain, layout: Layout, whole: Callable[[Node], Any], misses: Misses) -> None:
        self.misses = misses
        self.careful_lock = threading.Lock()
        self.always_careful = any(operand.number in misses.marks for node in program.nodes for operand in node.operands)
        self.program = program
        self.domain = domain
        self.layout = layout
        self.whole = whole
        self.template: list[Any] = []
        self.slots: dict[Any, int] = {}
        self.tables: dict[tuple[int, int], tuple[Array, Array | None]] = {}
        self.reads = [(self._slot(node), whole(node), str(node.entity)) for node in program.reads]
        self.keeps = [(whole(node), str(node.entity)) for node in program.keeps]
        kept = {node.number: number for number, node in enumerate(program.keeps)}
        ends = [[self._slot_of(number) for number in numbers] for numbers in self._droppable()]
        steps = [self._compile(node, buffer, kept.get(node.number)) for node, buffer in zip(program.steps, program.buffers, strict=True)]
        self.schedule = list(zip(steps, ends, strict=True))

    def _droppable(self) -> list[list[int]]:
        """Return, step by step, the nodes whose own arrays (not buffers) may be forgotten after it."""
        own = {node.number for node, buffer in zip(self.program.steps, self.program.buffers, strict=True) if buffer is None}
        for node in self.program.steps:
            self._slot(node)
        return [[number for number in numbers if number in own] for numbers in self.program.last_uses]

    def _slot_of(self, number: int) -> int:
        return self.slots[number]

    def _slot(self, node: Node) -> int:
        key = ("constant", node.dtype, repr(node.value)) if node.is_constant else node.number
        slot = self.slots.get(key)
        if slot is None:
            slot = self.slots[key] = len(self.template)
            scalar = node.is_constant or node.entity is None
            self.template.append(self.whole(node) if scalar else None)
        return slot

    def work(self, blocks: Iterator[Block], done: Callable[[], None]) -> None:
        """Run blocks until none is left, with buffers of one's own."""
        largest = {key: max((block.counts[key] for block in self.domain.blocks), default=0) for key in self.domain.entities}
        buffers = [np.empty(largest[entity], dtype=dtype) for entity, dtype in self.program.buffer_kinds]
        kinds = [entity for entity, _ in self.program.buffer_kinds]
        with np.errstate(all="ignore"):
            for block in blocks:
                try:
                    if not self.always_careful:
                        self._run_block(block, [buffer[: block.counts[kind]] for buffer, kind in zip(buffers, kinds, strict=True)])
                except LookUpError:
                    self._run_carefully(block)
                if self.always_careful:
                    self._run_carefully(block)
                done()

    def _run_carefully(self, block: Block) -> None:
        """Run a block again, noting which rows rest on figures that are missing, and keep what is to be kept."""
        cut = {node.number: array[block.rows[entity]] for node, (_, array, entity) in zip(self.program.reads, self.reads, strict=True)}
        scalars = {operand.number: self.whole(operand) for node in self.program.nodes for operand in node.operands if operand.entity is None}
        with self.careful_lock:
            careful = CarefulRun(self.program, self.layout, self.misses, self._compute, self._local_rows)
            values, marks = careful.run(block, {**scalars, **cut})
            for node, (array, entity) in zip(self.program.keeps, self.keeps, strict=True):
                found = values[node.number]
                array[block.rows[entity]] = found.decoded() if isinstance(found, TextArray) else found
                if node.number in marks:
                    whole = self.misses.marks.setdefault(node.number, np.full(len(array), NONE))
                    whole[block.rows[entity]] = marks[node.number]

    def _compute(self, node: Node, operands: Sequence[Any], block: Block) -> Any:
        """Return one node's value for a block from its operands', by its own step."""
        compiled = self._compile(node, None, None)
        values = list(self.template)
        for operand, value in zip(node.operands, operands, strict=True):
            values[self._slot(operand)] = value
        compiled(values, [None], block)
        return values[self.slots[node.number]]

    def _local_rows(self, node: Node, block: Block) -> Array:
        """Return the row, of the block or of the whole population, that each row of a block reads or adds to."""
        operation = node.operation
        link = self.layout.links[operation.link]
        here = operation.group if isinstance(operation, Gather) and operation.up else operation.member
        there = operation.member if here == operation.group else operation.group
        index = link.holders(operation.roles, operation.nth) if isinstance(operation, Gather) and operation.up else link.index
        rows = index[block.rows[here]]
        if operation.link not in self.layout.local_links:
            return rows
        places = self.domain.places[there]
        placed = rows if places is None else places[rows]
        return np.where(rows >= 0, placed - block.starts[there], -1)

    def _run_block(self, block: Block, outs: list[Any]) -> None:
        values = list(self.template)
        for slot, array, entity in self.reads:
            values[slot] = array[block.rows[entity]]
        for array, entity in self.keeps:
            rows = block.rows[entity]
            outs.append(array[rows] if isinstance(rows, slice) else None)
        for step, ends in self.schedule:
            step(values, outs, block)
            for slot in ends:
                values[slot] = None

    def _compile(self, node: Node, buffer: int | None, kept: int | None) -> Step:
        out = buffer
        if kept is not None:
            out = len(self.program.buffer_kinds) + kept
        operation = node.operation
        slots = [self._slot(operand) for operand in node.operands]
        target = self._slot(node)
        if isinstance(operation, Gather | Reduce):
            step = self._relation(node, slots[0], target)
        elif isinstance(operation, Repeat):
            step = _repeat(operation, node, target)
        elif any(operand.dtype == TEXT for operand in node.operands):
            step = self._text(node, slots, target)
        elif takes_out(operation):
            step = _with_out(operation, slots, target, out)
            if kept is None or not self._is_permuted(node):
                return step
        else:
            step = _without_out(operation, slots, target)
        return step if kept is None else self._keeping(step, target, kept, str(node.entity))

    def _is_permuted(self, node: Node) -> bool:
        return self.domain.places[str(node.entity)] is not None

    def _keeping(self, step: Step, target: int, kept: int, entity: str) -> Step:
        whole, _ = self.keeps[kept]

        def run(values: list[Any], outs: list[Any], block: Block) -> None:
            step(values, outs, block)
            found = values[target]
            whole[block.rows[entity]] = found.decoded() if isinstance(found, TextArray) else found

        return run

    def _text(self, node: Node, slots: Sequence[int], target: int) -> Step:
        """Return the step of an operation that reads text: done on the distinct texts where one array alone is text."""
        function, tables = node.operation, self.tables
        varying = [place for place, operand in enumerate(node.operands) if not operand.is_constant]
        alone = varying[0] if len(varying) == 1 else None

        def run(values: list[Any], outs: list[Any], block: Block) -> None:
            del outs, block
            operands = [values[slot] for slot in slots]
            source = operands[alone] if alone is not None else None
            if alone is None or not isinstance(source, TextArray):
                values[target] = function.run([each.decoded() if isinstance(each, TextArray) else each for each in operands], None)
                return
            if not len(source):
                values[target] = np.zeros(0, dtype=node.dtype)
                return
            key = (node.number, id(source.texts))
            found = tables.get(key)
            if found is None:
                operands[alone] = source.texts
                found = tables[key] = _on_distinct(function, operands)
            table, missing = found
            if missing is not None and missing.take(source.codes).any():
                raise function.function.error(source.texts, missing)
            values[target] = TextArray(source.codes, table) if table.dtype == TEXT else table.take(source.codes)

        return run

    def _relation(self, node: Node, source: int, target: int) -> Step:
        operation = node.operation
        link = self.layout.links[operation.link]
        local = operation.link in self.layout.local_links
        if isinstance(operation, Reduce):
            return self._reduce(node, source, target)
        here, there = (operation.group, operation.member) if operation.up else (operation.member, operation.group)
        index = link.holders(operation.roles, operation.nth) if operation.up else link.index
        places = self.domain.places.get(there)
        placed = index if not local or places is None else np.where(index >= 0, places[index], -1)
        operand = node.operands[0]
        whole = None if local or operand.is_constant else self.whole(operand)
        whole = whole.decoded() if isinstance(whole, TextArray) else whole

        def run(values: list[Any], outs: list[Any], block: Block) -> None:
            del outs
            rows = placed[block.rows[here]]
            array = values[source] if whole is None else whole
            array = array.decoded() if isinstance(array, TextArray) else array
            if not isinstance(array, np.ndarray):
                values[target] = np.where(rows >= 0, array, node.dtype.type(operation.default) if node.dtype != TEXT else operation.default).astype(node.dtype)
                return
            start = block.starts[there] if local else 0
            values[target] = _gathered(array, rows, start, operation.default)

        return run

    def _reduce(self, node: Node, source: int, target: int) -> Step:
        operation = node.operation
        link = self.layout.links[operation.link]
        places = self.domain.places[operation.group]
        placed = link.index if places is None else np.where(link.index >= 0, places[link.index], -1)

        def run(values: list[Any], outs: list[Any], block: Block) -> None:
            del outs
            rows = placed[block.rows[operation.member]]
            start = block.starts[operation.group]
            index = rows - start  # who belongs to none stays below 0
            found = values[source]
            if not isinstance(found, np.ndarray):
                found = np.full(len(index), found)
            values[target] = reduced(operation, found, index, block.counts[operation.group], node.dtype)

        return run


def _on_distinct(operation: Elementwise | Cast, operands: Sequence[Any]) -> tuple[Array, Array | None]:
    """Return an operation's result for the distinct texts, and which of them a table of figures lacks."""
    function = getattr(operation, "function", None)
    if hasattr(function, "values_and_missing"):
        return function.values_and_missing(operands[0])  # type: ignore[no-any-return, union-attr]
    return np.asarray(operation.run(operands, None)), None


def _gathered(array: Array, rows: Array, start: int, default: Any) -> Array:
    if len(rows) and int(rows.min()) >= 0:
        return array.take(rows - start if start else rows)
    result = np.full(len(rows), default, dtype=array.dtype)
    found = rows >= 0
    result[found] = array[rows[found] - start]
    return result


def _repeat(operation: Repeat, node: Node, target: int) -> Step:
    value, dtype = node.operands[0].value, node.dtype

    def run(values: list[Any], outs: list[Any], block: Block) -> None:
        del outs
        values[target] = np.full(block.counts[operation.entity], value, dtype=dtype)

    return run


def _with_out(operation: Elementwise | Cast, slots: Sequence[int], target: int, out: int | None) -> Step:
    """Return the step that writes into a buffer, or into the result itself."""
    if isinstance(operation, Elementwise) and not operation.keywords and out is not None:
        function, place = operation.function, out
        if len(slots) == 2:  # noqa: PLR2004
            left, right = slots

            def binary(values: list[Any], outs: list[Any], block: Block) -> None:
                del block
                values[target] = function(values[left], values[right], out=outs[place])

            return binary
        if len(slots) == 1:
            (only,) = slots

            def unary(values: list[Any], outs: list[Any], block: Block) -> None:
                del block
                values[target] = function(values[only], out=outs[place])

            return unary

    def run(values: list[Any], outs: list[Any], block: Block) -> None:
        del block
        values[target] = operation.run([values[slot] for slot in slots], None if out is None else outs[out])

    return run


def _without_out(operation: Elementwise | Cast, slots: Sequence[int], target: int) -> Step:
    def run(values: list[Any], outs: list[Any], block: Block) -> None:
        del outs, block
        values[target] = operation.run([values[slot] for slot in slots], None)

    return run
