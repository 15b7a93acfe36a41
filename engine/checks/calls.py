"""Calls: of rows and of the law's figures, of functions that the law's packages write, and of Python's own."""

from __future__ import annotations

import ast
import sys
from dataclasses import MISSING, fields, is_dataclass
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from engine.checks.builtin_calls import BuiltinCalls
from engine.checks.dated import FAILED, attempt, is_plain
from engine.checks.frames import Frame, closure_of
from engine.checks.sources import plain_function
from engine.checks.values import ARRAY, THE_LAW, UNKNOWN, Column, Figures, Instance, LawAtDates, Listing, LocalFunction, Method, Rows, each_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.checks.reading import Reading

DEEPEST: Final = 14
_MOST_TIMES_OPEN: Final = 2

Given = tuple[tuple[Any, ...], "Mapping[str, Any]"]
"""The arguments of a call: by position, and by name."""


class Calls:
    """Reads calls on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.builtin = BuiltinCalls(reading)
        self.frame: Frame | None = None

    def call(self, node: ast.Call, frame: Frame) -> Any:
        """Return what a call gives."""
        function = self.reading.expressions.value(node.func, frame)
        arguments = self.reading.expressions.listed(node.args, frame)
        named = self._named(node, frame)
        if named is None:
            self._note_handed(function, arguments, node, frame)
            return UNKNOWN
        return each_of(frame, lambda each: self.of(each, (tuple(arguments), named), node, frame), function)

    def _named(self, node: ast.Call, frame: Frame) -> dict[str, Any] | None:
        """Return the arguments given by name, None where `**` gives some that are not known."""
        found: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.reading.expressions.value(keyword.value, frame)
            if keyword.arg is not None:
                found[keyword.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                found.update(value)
            else:
                return None
        return found

    def of(self, function: Any, given: Given, node: ast.Call, frame: Frame) -> Any:
        """Return what calling a value with arguments gives."""
        arguments, named = given
        if isinstance(function, partial):
            return self.of(function.func, ((*function.args, *arguments), {**function.keywords, **named}), node, frame)
        if isinstance(function, LocalFunction):
            return self._follow_local(function, given, frame)
        if isinstance(function, Rows | LawAtDates | Method) or self.builtin.knows(function):
            names = list(named)

            def one(*values: Any) -> Any:
                by_name = dict(zip(names, values[len(arguments) :], strict=True))
                return self._direct(function, (values[: len(arguments)], by_name), node, frame)

            return each_of(frame, one, *arguments, *named.values())
        followed = self._followed(function)
        if followed is not None:
            return self._follow_function(followed, given, frame)
        if isinstance(function, type) and self._is_followed_class(function):
            return _made(function, given) if is_dataclass(function) else self._constructed(function, given, frame)
        return self._opaque(function, given, node, frame)

    def _direct(self, function: Any, given: Given, node: ast.Call, frame: Frame) -> Any:
        """Return what rows, the law, a method or one of Python's functions gives, for arguments of which none is one of several."""
        if isinstance(function, Rows):
            asked = [_argument(given, place, name) for place, name in enumerate(("name", "period", "options"))]
            return self.reading.variables.call(function, asked, node, frame)
        if isinstance(function, LawAtDates):
            moment = _argument(given, 0, "instant")
            return UNKNOWN if moment is None else self.reading.figures.tree(moment, node, frame)
        if isinstance(function, Method):
            return self._method(function, given, node, frame)
        return self.builtin.call(function, given, node, frame)

    # Methods

    def _method(self, method: Method, given: Given, node: ast.Call, frame: Frame) -> Any:
        receiver, name = method.receiver, method.name
        if isinstance(receiver, Rows):
            return self._method_of_rows(receiver, name, given, node, frame)
        if isinstance(receiver, Column):
            return receiver if name == "copy" else ARRAY
        if isinstance(receiver, Figures):
            default = _argument(given, 1, "default")
            return self.reading.figures.item(receiver, given[0][0], node, frame) if default is None and given[0] else ARRAY
        kind = receiver.kind if isinstance(receiver, Instance) else type(receiver)
        own = getattr(kind, name, None)
        followed = self._followed(getattr(own, "__func__", own)) if own is not None else None
        if followed is not None:
            first = kind if isinstance(vars(kind).get(name), classmethod) else receiver
            return self._follow_function(followed, ((first, *given[0]), given[1]), frame)
        return self.builtin.method(receiver, name, given, node, frame)

    def _method_of_rows(self, rows: Rows, name: str, given: Given, node: ast.Call, frame: Frame) -> Any:
        if name == "get_holder":
            return self.reading.variables.holder(rows, _argument(given, 0, "name"), node, frame)
        if name == "simulation":
            self._note_handed(UNKNOWN, [rows], node, frame)
        return ARRAY if name not in {"entity", "simulation", "law", "rule", "get_index", "get_role", "known_periods"} else UNKNOWN

    # Functions of the law's own packages

    def _followed(self, function: Any) -> FunctionType | None:
        if isinstance(function, type):
            return None
        found = plain_function(function)
        return found if found is not None and self.reading.shared.is_followed(found.__code__.co_filename) else None

    def _is_followed_class(self, kind: type) -> bool:
        """Whether a class is one of the law's packages whose objects are made in the plain way: by its fields, or by `__init__`."""
        file = getattr(sys.modules.get(kind.__module__), "__file__", None)
        is_plain_class = type(kind) is type and not hasattr(kind, "__post_init__") and "__new__" not in vars(kind)
        return is_plain_class and file is not None and self.reading.shared.is_followed(file)

    def _constructed(self, kind: Any, given: Given, frame: Frame) -> Instance:
        made = Instance(kind, {})
        if isinstance(kind.__init__, FunctionType):
            self._follow_function(kind.__init__, ((made, *given[0]), given[1]), frame)
        return made

    def follow(self, function: Any, given: Given) -> Any:
        """Return what a function gives that is called without being written as a call: a property."""
        followed = self._followed(function)
        return UNKNOWN if followed is None or self.frame is None else self._follow_function(followed, given, self.frame)

    def _follow_function(self, function: FunctionType, given: Given, frame: Frame) -> Any:
        node = self.reading.shared.sources.node(function.__code__)
        if node is None:
            self._count_handed(given, frame.nodes[-1] if frame.nodes else None, frame)
            return UNKNOWN
        own = self.reading.shared.sources.assigned(node)
        inner = Frame(function.__code__.co_filename, function.__globals__, frame.window, own=own, closure=closure_of(function))
        names = bound(node.args, given, function.__defaults__ or (), function.__kwdefaults__ or {})
        return self.run(node, names, inner, frame)

    def _follow_local(self, function: LocalFunction, given: Given, frame: Frame) -> Any:
        own = self.reading.shared.sources.assigned(function.node)
        outer = function.frame
        inner = Frame(outer.file, outer.world, frame.window, own=own, parent=outer)
        names = bound(function.node.args, given, function.defaults, function.keyword_defaults or {})
        return self.run(function.node, names, inner, frame)

    def run(self, node: ast.FunctionDef | ast.Lambda, names: dict[str, Any] | None, inner: Frame, frame: Frame) -> Any:
        """Read a function with values for its arguments, and return what it gives."""
        if names is None or len(frame.nodes) >= DEEPEST or frame.nodes.count(node) >= _MOST_TIMES_OPEN:
            return UNKNOWN
        inner.names, inner.caught, inner.nodes = names, frame.caught, (*frame.nodes, node)
        before, self.frame = self.frame, inner
        try:
            if isinstance(node, ast.Lambda):
                return self.reading.expressions.value(node.body, inner)
            self.reading.statements.block(node.body, inner)
        finally:
            self.frame = before
        return Listing(inner.yields) if inner.yields else inner.result()

    # All others

    def _opaque(self, function: Any, given: Given, node: ast.Call, frame: Frame) -> Any:
        """Return what is known of what a function gives that is not followed: an array where it gets one."""
        values = [*given[0], *given[1].values()]
        self._note_handed(function, values, node, frame)
        if any(_holds_array(value) for value in values):
            return ARRAY
        is_read = function is UNKNOWN and bool(given[0]) and isinstance(given[0][0], str) and self.reading.times.of(given[0][-1]) is not None
        if is_read and given[0][0] in self.reading.legislation.variables:
            self.reading.notes.variable_read(node, frame, understood=False)
            return ARRAY
        return UNKNOWN

    def _note_handed(self, function: Any, values: Sequence[Any], node: ast.AST, frame: Frame) -> None:
        """Count a place that hands the law, or rows, to what is not followed."""
        if function is not UNKNOWN or any(isinstance(value, Rows | LawAtDates | Figures) for value in values):
            self._count_handed((tuple(values), {}), node, frame)

    def _count_handed(self, given: Given, node: ast.AST | None, frame: Frame) -> None:
        values = [*given[0], *given[1].values()]
        if node is None or isinstance(node, ast.FunctionDef):
            return
        if any(isinstance(value, Rows) for value in values):
            self.reading.notes.variable_read(node, frame, understood=False)
        if any(value is THE_LAW or isinstance(value, Figures) for value in values):
            self.reading.notes.parameter_read(node, frame, understood=False)


def _made(kind: Any, given: Given) -> Any:
    """Return an object of a dataclass: itself where all its fields are known."""
    arguments, named = given
    if all(is_plain(value) for value in (*arguments, *named.values())):
        found = attempt(lambda: kind(*arguments, **named))
        return UNKNOWN if found is FAILED else found
    names = [field.name for field in fields(kind) if field.init]
    values = {field.name: field.default for field in fields(kind) if field.default is not MISSING}
    return Instance(kind, {**values, **dict(zip(names, arguments, strict=False)), **named})


def _argument(given: Given, place: int, name: str) -> Any:
    arguments, named = given
    return arguments[place] if len(arguments) > place else named.get(name)


def _holds_array(value: Any) -> bool:
    return isinstance(value, Column) or (isinstance(value, list | tuple) and any(isinstance(each, Column) for each in value))


def bound(wanted: ast.arguments, given: Given, defaults: Sequence[Any], keyword_defaults: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a function's arguments by name; None where they do not fit."""
    arguments, named = given
    names = [each.arg for each in (*wanted.posonlyargs, *wanted.args)]
    if len(arguments) > len(names) and wanted.vararg is None:
        return None
    found: dict[str, Any] = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True)) | dict(keyword_defaults)
    found |= dict(zip(names, arguments, strict=False))
    known = {*names, *(each.arg for each in wanted.kwonlyargs)}
    found |= {name: value for name, value in named.items() if name in known}
    if wanted.vararg is not None:
        found[wanted.vararg.arg] = tuple(arguments[len(names) :])
    if wanted.kwarg is not None:
        found[wanted.kwarg.arg] = {name: value for name, value in named.items() if name not in known}
    return found
