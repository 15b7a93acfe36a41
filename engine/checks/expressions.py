"""Expressions: what each kind of them gives."""

from __future__ import annotations

import ast
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from engine.checks.conditions import truth_of
from engine.checks.dated import FAILED, Dated, attempt, is_plain
from engine.checks.findings import Kind
from engine.checks.frames import MISSING
from engine.checks.values import ARRAY, UNKNOWN, Column, Listing, LocalFunction, OneOf, Record, each_of, join
from engine.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.checks.frames import Frame
    from engine.checks.reading import Reading


class Expressions:
    """Reads expressions on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._readers: dict[type[ast.AST], Callable[[Any, Frame], Any]] = {
            ast.Constant: lambda node, _: node.value,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Slice: self._slice,
            ast.Call: self._call,
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.BoolOp: self._bool,
            ast.Compare: self._compare,
            ast.IfExp: self._choice,
            ast.JoinedStr: self._text,
            ast.FormattedValue: self._formatted,
            ast.List: lambda node, frame: Listing(self.listed(node.elts, frame)),
            ast.Tuple: lambda node, frame: tuple(self.listed(node.elts, frame)),
            ast.Set: lambda node, frame: Listing(self.listed(node.elts, frame)),
            ast.Dict: self._record,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.Lambda: self._lambda,
            ast.NamedExpr: self._named,
            ast.Yield: self._yield,
            ast.Starred: lambda node, frame: self.value(node.value, frame) and UNKNOWN,
        }

    def value(self, node: ast.AST | None, frame: Frame) -> Any:
        """Return what an expression gives; None where there is no expression."""
        if node is None:
            return None
        reader = self._readers.get(type(node))
        if reader is None or self.reading.is_too_long():
            return UNKNOWN
        return reader(node, frame)

    def listed(self, nodes: Sequence[ast.expr], frame: Frame) -> list[Any]:
        """Return the values of several expressions, those of a `*list` one by one."""
        found: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                turns = self.reading.items.turns(self.value(node.value, frame), frame)
                found += [UNKNOWN] if turns is None else [each for each, _ in turns]
            else:
                found.append(self.value(node, frame))
        return found

    def _call(self, node: ast.Call, frame: Frame) -> Any:
        return self.reading.calls.call(node, frame)

    # Names, attributes, items

    def _name(self, node: ast.Name, frame: Frame) -> Any:
        found = frame.look_up(node.id)
        if found is MISSING:
            if node.id in self.reading.shared.sources.later_globals(frame.file):
                return UNKNOWN
            known = [*frame.names, *frame.world]
            self.reading.notes.error(Kind.NAME, f"The name `{node.id}` means nothing here.{nearest(node.id, known)}", node, frame)
            return UNKNOWN
        return found

    def _attribute(self, node: ast.Attribute, frame: Frame) -> Any:
        value = self.value(node.value, frame)
        return each_of(frame, lambda each: self.reading.attributes.of(each, node.attr, node, frame), value)

    def _subscript(self, node: ast.Subscript, frame: Frame) -> Any:
        value, key = self.value(node.value, frame), self.value(node.slice, frame)
        return each_of(frame, lambda each, each_key: self.reading.items.of(each, each_key, node, frame), value, key)

    def _slice(self, node: ast.Slice, frame: Frame) -> Any:
        bounds = [self.value(bound, frame) for bound in (node.lower, node.upper, node.step)]
        if all(bound is None or isinstance(bound, int) for bound in bounds):
            return slice(*bounds)
        operands = [self.reading.times.of(bound) for bound in bounds]
        return UNKNOWN if any(operand is None for operand in operands) else self.reading.times.dated(slice, *operands) or UNKNOWN

    # Operators

    def _binary(self, node: ast.BinOp, frame: Frame) -> Any:
        chain = [node]
        while isinstance(chain[-1].left, ast.BinOp):  # a sum of a thousand terms is as deep, but needs no stack
            chain.append(chain[-1].left)
        found = self.value(chain[-1].left, frame)
        for each in reversed(chain):
            found = self._applied(each, found, self.value(each.right, frame), frame)
        return found

    def _applied(self, node: ast.BinOp, left: Any, right: Any, frame: Frame) -> Any:
        return each_of(frame, lambda one, other: self.reading.operators.binary(node, one, other, frame), left, right)

    def _unary(self, node: ast.UnaryOp, frame: Frame) -> Any:
        return each_of(frame, lambda each: self.reading.operators.unary(node, each), self.value(node.operand, frame))

    def _bool(self, node: ast.BoolOp, frame: Frame) -> Any:
        """Return one of the operands: the first that decides. Each is read for the periods for which those before did not."""
        whole, found = frame.window, []
        for operand in node.values[:-1]:
            value = self.value(operand, frame)
            yes, no = truth_of(value, frame.window)
            going_on, ended = (yes, no) if isinstance(node.op, ast.And) else (no, yes)
            found.append((value, ended))
            frame.window = going_on
        if frame.window:
            found.append((self.value(node.values[-1], frame), frame.window))
        frame.window = whole
        return ARRAY if any(isinstance(value, Column) for value, _ in found) else join(found)

    def _compare(self, node: ast.Compare, frame: Frame) -> Any:
        values = [self.value(each, frame) for each in (node.left, *node.comparators)]
        found = []
        for how, pair in zip(node.ops, pairwise(values), strict=True):
            found.append(each_of(frame, lambda one, other, how=how: self.reading.operators.compare(node, how, (one, other), frame), *pair))
        return found[0] if len(found) == 1 else self._all(found)

    def _all(self, found: list[Any]) -> Any:
        """Return the truth of a chain of comparisons, `a < b < c`."""
        if any(isinstance(each, Column) for each in found):
            return ARRAY
        operands = [self.reading.times.of(each) for each in found]
        if any(operand is None for operand in operands):
            return UNKNOWN
        return self.reading.times.dated(_all_hold, *operands) or UNKNOWN

    def _choice(self, node: ast.IfExp, frame: Frame) -> Any:
        whole, found = frame.window, []
        for branch, window in zip((node.body, node.orelse), self.reading.conditions.split(node.test, frame), strict=True):
            frame.window = window
            if window:
                found.append((self.value(branch, frame), window))
        frame.window = whole
        return join(found)

    # Texts

    def _text(self, node: ast.JoinedStr, frame: Frame) -> Any:
        return each_of(frame, self._joined, *(self.value(part, frame) for part in node.values))

    def _joined(self, *parts: Any) -> Any:
        if all(isinstance(part, str) for part in parts):
            return "".join(parts)
        operands = [self.reading.times.of(part) for part in parts]
        if any(operand is None for operand in operands):
            return UNKNOWN
        return self.reading.times.dated(_concatenated, *operands) or UNKNOWN

    def _formatted(self, node: ast.FormattedValue, frame: Frame) -> Any:
        form = "" if node.format_spec is None else self.value(node.format_spec, frame)
        conversion = {-1: "", 115: "s", 114: "r", 97: "a"}[node.conversion]
        return each_of(frame, lambda value, each_form: self._as_text(value, conversion, each_form), self.value(node.value, frame), form)

    def _as_text(self, value: Any, conversion: str, form: Any) -> Any:
        if not isinstance(form, str):
            return UNKNOWN
        template = f"{{{'!' + conversion if conversion else ''}:{form}}}"
        if isinstance(value, Dated):
            return self.reading.times.dated(template.format, value) or UNKNOWN
        found = attempt(template.format, value) if is_plain(value) else FAILED
        return UNKNOWN if found is FAILED else found

    # Containers

    def _record(self, node: ast.Dict, frame: Frame) -> Any:
        found, known = Record(), True
        for key, value in zip(node.keys, node.values, strict=True):
            name, each = (UNKNOWN, self.value(value, frame)) if key is None else (self.value(key, frame), self.value(value, frame))
            if key is None and isinstance(each, dict):
                found.update(each)
            elif key is not None and not isinstance(name, Dated | OneOf | Column) and name is not UNKNOWN and is_hashable(name):
                found[name] = each
            else:
                known = False
        return found if known else UNKNOWN

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, frame: Frame) -> Any:
        found: list[Any] = []
        names, whole = frame.names, frame.window
        frame.names = dict(names)
        known = self._turns(node.generators, node, found, frame)
        frame.names, frame.window = names, whole
        found = [each if window == whole else self._only(each, window) for each, window in found]
        if not known:
            return ARRAY if any(isinstance(each, Column) for each in found) else UNKNOWN
        if isinstance(node, ast.DictComp):
            return Record(found) if all(is_hashable(key) and not isinstance(key, Dated | OneOf) for key, _ in found) else UNKNOWN
        return Listing(found)

    def _turns(self, generators: Sequence[ast.comprehension], node: Any, found: list[tuple[Any, int]], frame: Frame) -> bool:
        """Read the element of a comprehension for each turn; return whether all turns are known."""
        if not generators:
            each = (self.value(node.key, frame), self.value(node.value, frame)) if isinstance(node, ast.DictComp) else self.value(node.elt, frame)
            found.append((each, frame.window))
            return True
        (loop, *others), whole = generators, frame.window
        iterable = self.value(loop.iter, frame)
        turns = self.reading.statements.turns(iterable, frame)
        known = turns is not None
        for each, window in [(UNKNOWN, whole)] if turns is None else turns:
            frame.window = whole & window
            self.reading.statements.assign(loop.target, each, frame)
            for condition in loop.ifs:
                yes, no = self.reading.conditions.split(condition, frame)
                known = known and not (yes and no)
                frame.window = yes
            if frame.window:
                known = self._turns(others, node, found, frame) and known
        frame.window = whole
        return known

    @staticmethod
    def _only(value: Any, window: int) -> Any:
        """Return a value that is there for some periods only; a pair of key and value as it is."""
        return value if isinstance(value, tuple) else OneOf(((value, window),))

    # Others

    def _lambda(self, node: ast.Lambda, frame: Frame) -> Any:
        defaults = tuple(self.value(default, frame) for default in node.args.defaults)
        return LocalFunction(node, frame, defaults)

    def _named(self, node: ast.NamedExpr, frame: Frame) -> Any:
        value = self.value(node.value, frame)
        self.reading.statements.assign(node.target, value, frame)
        return value

    def _yield(self, node: ast.Yield, frame: Frame) -> Any:
        frame.yields.append(self.value(node.value, frame))
        return UNKNOWN


def is_hashable(value: Any) -> bool:
    """Whether a value can be a key."""
    return attempt(hash, value) is not FAILED


def _all_hold(*truths: Any) -> bool:
    return all(truths)


def _concatenated(*parts: Any) -> str:
    return "".join(str(part) for part in parts)


def module_of(name: str) -> Any:
    """Return a module that is imported already, or None: reading a law imports nothing."""
    return sys.modules.get(name)
