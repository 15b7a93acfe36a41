"""Evaluation on distinct values: a program's steps over columns of which many have few values.

Each value on the way is an array with an element per row, an array of one element where all rows have the same value, or a
column of few values (`engine/graph/distinct.py`). Results are those of the other ways of evaluation, bit for bit: numpy
computes an element in the same way whatever stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import LookUpError
from engine.graph.blocks import part
from engine.graph.direct import DirectProgram, DirectRun
from engine.graph.distinct import Encodings, Few, values_in
from engine.graph.lowering import MIXES
from engine.graph.operations import TEXT, TextArray
from engine.graph.relations import Gather, reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.graph.blocks import Block, Domain, Layout
    from engine.graph.nodes import Node
    from engine.graph.opaque import Opaque
    from engine.graph.operations import Array
    from engine.graph.plan import Program
    from engine.graph.relations import Link


_PAIR = 2
# Sums below this are exact in 32 bits.
MOST_RUNNING = 2**31


class DistinctRun(DirectRun):
    """Computes nodes over a population; `leaf` and `opaque` are an evaluator's."""

    def __init__(self, layout: Layout, leaf: Callable[[Node], Any], opaque: Callable[[Opaque, Sequence[Any]], Array] | None) -> None:
        super().__init__(layout, leaf, opaque)
        self.encodings = Encodings()

    def run(self, program: DirectProgram, known: Mapping[int, Any]) -> dict[int, Any]:
        """Return the targets' whole arrays by number. Raises LookUpError where any row's key is missing, needed or not."""
        values = program.template.copy()
        for slot, number in program.known:
            values[slot] = self._entered(known[number])
        for slot, node in program.leaves:
            values[slot] = self._entered(self.leaf(node))
        with np.errstate(all="ignore"):
            for steps in program.stretches():
                for function, operands, slot, node, ends in steps:
                    if function.__class__ is np.ufunc and len(operands) == _PAIR:  # nearly all
                        one, other = operands
                        values[slot] = self._of_two(function, values[one], values[other])
                    elif function is not None:
                        values[slot] = self._row_by_row(function, [values[operand] for operand in operands])
                    else:
                        values[slot] = self.value(node, [values[operand] for operand in operands])
                    for end in ends:
                        values[end] = None
        return {target.number: self._rows(values[slot], target) for target, slot in program.targets}

    def _entered(self, found: Any) -> Any:
        if isinstance(found, TextArray):
            return Few(self.encodings.new(found.codes, len(found.texts)), found.texts)
        return self.encodings.of_leaf(found) if isinstance(found, np.ndarray) and found.ndim and found.dtype != TEXT else found

    def _elementwise(self, node: Node, operands: list[Any]) -> Any:
        """Return an operation's result; texts that no row has are not tried."""
        assert node.entity is not None
        if not self.layout.counts[node.entity]:
            return np.zeros(0, dtype=node.dtype)
        return self._row_by_row(lambda *arrays: node.operation.run(arrays, None), operands)

    # Row by row

    def _of_two(self, function: np.ufunc, one: Any, other: Any) -> Any:
        """Return what `_row_by_row` gives for two columns, where it is quickly seen that few values go on: most steps end here."""
        if one.__class__ is Few:
            encoding = one.encoding
            if other.__class__ is Few:
                if other.encoding is not encoding:
                    return self._row_by_row(function, [one, other])
                return self.encodings.of_values(encoding, function(one.values, other.values))
            if other.__class__ is not np.ndarray or len(other) == 1:
                return self.encodings.of_values(encoding, function(one.values, other))
        elif other.__class__ is Few:
            if one.__class__ is not np.ndarray or len(one) == 1:
                return self.encodings.of_values(other.encoding, function(one, other.values))
        elif (one.__class__ is not np.ndarray or len(one) == 1) and (other.__class__ is not np.ndarray or len(other) == 1):
            return function(one, other)
        return self._row_by_row(function, [one, other])

    def _row_by_row(self, function: Callable[..., Any], columns: list[Any]) -> Any:
        few: list[Few] = []
        by_rows = False
        for column in columns:
            if column.__class__ is Few:
                few.append(column)
            elif column.__class__ is np.ndarray and len(column) != 1:
                by_rows = True
        if not by_rows:
            if not few:
                return function(*columns)
            found = self._on_values(function, columns, few)
            if found is not None:
                return found
        mixes = function in MIXES and any(column.__class__ is np.ndarray and column.dtype == np.float64 for column in columns)
        arrays = [(column.numbers() if mixes else column.rows()) if column.__class__ is Few else column for column in columns]
        return self.encodings.of_rows(function(*arrays) if function.__class__ is np.ufunc else function(*_equally_long(arrays)))

    def _on_values(self, function: Callable[..., Any], columns: list[Any], few: list[Few]) -> Any:
        """Return the function's result on distinct values; None where there are too many together, or where one that no row has is refused."""
        encoding = few[0].encoding
        if any(column.encoding is not encoding for column in few):
            joined = self.encodings.joined(few)
            if joined is None:
                columns = [self.encodings.fewest(column) if column.__class__ is Few else column for column in columns]
                joined = self.encodings.joined([column for column in columns if column.__class__ is Few])
                if joined is None:
                    return None
            encoding = joined
        arrays = [values_in(column, encoding) if column.__class__ is Few else column for column in columns]
        try:
            values = function(*arrays) if function.__class__ is np.ufunc else function(*_equally_long(arrays))
        except LookUpError:
            return None
        return self.encodings.of_values(encoding, values)

    # Between entities, and whole arrays

    def _gathered(self, node: Node, operands: list[Any]) -> Any:
        operation, column = node.operation, operands[0]
        link = self.layout.links[operation.link]
        if link.is_identity and not operation.up and isinstance(column, np.ndarray | Few):
            return column
        rows = link.holders(operation.roles, operation.nth) if operation.up else link.index
        has_missing = bool(len(rows)) and (operation.up or not link.is_total) and int(rows.min()) < 0
        if column.__class__ is Few:
            way = (operation.link, operation.up, operation.roles, operation.nth)
            encoding = self.encodings.gathered(column.encoding, way, rows, has_missing=has_missing)
            return Few(encoding, _with_default(column.values, operation.default, node) if has_missing else column.values)
        source = node.operands[0]
        array = column if isinstance(column, np.ndarray) else np.full(1, column, dtype=node.dtype)
        if len(array) == 1 and (source.entity is None or source.is_constant or self.layout.counts[source.entity] != 1 or not has_missing):
            if not has_missing:
                return array if len(rows) else array[:0]
            array = np.full(int(rows.max()) + 1, array[0], dtype=node.dtype)
        return self.encodings.of_whole_numbers((_with_default(array, operation.default, node) if has_missing else array).take(rows))

    def _reduced(self, node: Node, operands: list[Any]) -> Any:
        operation, column = node.operation, operands[0]
        link = self.layout.links[operation.link]
        if not link.group_count:
            return np.zeros(0, dtype=node.dtype)
        if operation.how in {"sum", "any"} and not np.any(column.values if column.__class__ is Few else column):  # nothing to add up
            return np.zeros(1, dtype=node.dtype)
        if column.__class__ is Few and operation.how in {"sum", "any"} and _sums_are_exact(column.values, len(link.index)):
            totals = _totals(link, column)
            return self.encodings.of_totals(totals, node.dtype) if operation.how == "sum" else self.encodings.of_rows(totals > 0)
        array = column.rows() if column.__class__ is Few else _filled(column, len(link.index), node.operands[0])
        return self.encodings.of_whole_numbers(reduced(operation, array, link.index, link.group_count, node.dtype))

    def _whole(self, node: Node, operands: list[Any]) -> Any:
        return np.bool_(getattr(self._rows(operands[0], node.operands[0]), node.operation.how)())

    def _called(self, node: Node, operands: list[Any]) -> Any:
        assert self.opaque is not None, "an opaque formula is evaluated by a simulation"
        arrays = [self._rows(column, operand) for column, operand in zip(operands, node.operands, strict=True)]
        return self.encodings.of_whole_numbers(self.opaque(node.operation, arrays))

    def _repeated(self, node: Node, operands: list[Any]) -> Any:
        return np.full(min(self.layout.counts[node.operation.entity], 1), operands[0], dtype=node.dtype)

    def _rows(self, column: Any, node: Node) -> Any:
        """Return a node's values with an element per row; what is the same for everybody by nature stays as it is."""
        if column.__class__ is Few:
            return column.rows()
        if node.entity is None or node.is_constant:
            return column
        return _filled(column, self.layout.counts[node.entity], node)


class DistinctBlocks:
    """A program of a plan, block by block: each block is a small population of its own."""

    def __init__(self, program: Program, domain: Domain, layout: Layout, whole: Callable[[Node], Any]) -> None:
        self.domain = domain
        self.layout = layout
        self.keeps = [(node, whole(node)) for node in program.keeps]
        self.reads = [(node, whole(node)) for node in program.reads]
        own = {node.number for node in program.nodes}
        self.far = [
            (node, whole(node.operands[0])) for node in program.nodes if isinstance(node.operation, Gather) and node.operation.link not in layout.local_links
        ]
        far = {node.number for node, _ in self.far}
        operands = {operand.number: operand for node in program.nodes if node.number not in far for operand in node.operands if not operand.is_constant}
        self.scalars = {number: whole(operand) for number, operand in operands.items() if operand.entity is None and number not in own}
        self.program = DirectProgram(program.keeps, {*(node.number for node in program.reads), *self.scalars, *far})

    def work(self, blocks: Iterator[Block], done: Callable[[], None]) -> None:
        """Compute blocks until none is left. Raises LookUpError where any row's key is missing, needed or not."""
        for block in blocks:
            known = {node.number: array[block.rows[str(node.entity)]] for node, array in self.reads}
            known.update({node.number: self._read_from_afar(node, array, block) for node, array in self.far})
            run = DistinctRun(part(self.layout, self.domain, block), _no_leaf, None)
            found = run.run(self.program, {**known, **self.scalars})
            for node, array in self.keeps:
                array[block.rows[str(node.entity)]] = found[node.number]
            done()

    def _read_from_afar(self, node: Node, array: Any, block: Block) -> Any:
        """Return what a block's rows read from whole arrays of another domain."""
        operation = node.operation
        link = self.layout.links[operation.link]
        rows = (link.holders(operation.roles, operation.nth) if operation.up else link.index)[block.rows[str(node.entity)]]
        source = array.decoded() if isinstance(array, TextArray) else array
        if not isinstance(source, np.ndarray):
            source = np.full(int(rows.max(initial=-1)) + 1, source, dtype=node.dtype)
        return _with_default(source, operation.default, node).take(rows)


def _no_leaf(node: Node) -> Any:
    """A block's leaves are read with its other reads."""
    raise AssertionError(f"{node} is no leaf of a block")


def _filled(column: Any, count: int, node: Node) -> Array:
    """Return an array of so many rows; one that has them is itself."""
    if isinstance(column, np.ndarray) and len(column) == count:
        return column
    return np.full(count, column[0] if isinstance(column, np.ndarray) else column, dtype=node.dtype)


def _sums_are_exact(values: Array, rows: int) -> bool:
    """Whether these are truths or whole numbers of which sums of so many are exact in floats."""
    return values.dtype == bool or (values.dtype.kind in "iu" and _largest(values) * rows <= 2**53)


def _largest(values: Array) -> int:
    """Return the largest of truths or whole numbers, without their signs."""
    return max(int(values.max()), -int(values.min()))


def _totals(link: Link, column: Few) -> Array:
    """Return the sums over members of truths or whole numbers: of members side by side, the difference of running sums, half as dear."""
    if link.ends is None or _largest(column.values) * len(link.index) >= MOST_RUNNING:
        return np.bincount(*_belonging(link, column.numbers()), minlength=link.group_count)
    running = np.zeros(len(link.index) + 1, np.int32)
    np.cumsum(column.values.astype(np.int32).take(column.encoding.codes), dtype=np.int32, out=running[1:])
    return np.diff(running.take(link.ends))


def _belonging(link: Link, values: Array) -> tuple[Array, Array]:
    """Return the group of each member and its value, of those who belong to one."""
    if link.is_total:
        return link.index, values
    belongs = link.index >= 0
    return link.index[belongs], values[belongs]


def _with_default(values: Array, default: Any, node: Node) -> Array:
    """Return the values with the default behind them, where row -1 finds it."""
    result = np.empty(len(values) + 1, dtype=node.dtype)
    result[:-1] = values
    result[-1] = default
    return result


def _equally_long(arrays: Sequence[Any]) -> list[Any]:
    """Return arrays of one element repeated where others have more: only numpy's own functions do that themselves."""
    if len(arrays) == 1:
        return list(arrays)
    count = next((len(array) for array in arrays if isinstance(array, np.ndarray) and len(array) != 1), 1)
    return [array.repeat(count) if isinstance(array, np.ndarray) and len(array) == 1 != count else array for array in arrays]
