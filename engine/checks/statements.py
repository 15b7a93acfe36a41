"""Statements: which way a function goes, for which periods, and what its names stand for there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from engine.checks.dated import FAILED, Dated, attempt
from engine.checks.expressions import is_hashable, module_of
from engine.checks.frames import Catch, Loop, merged
from engine.checks.values import UNKNOWN, Instance, Listing, LocalFunction, OneOf, Record, each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.checks.frames import Frame
    from engine.checks.items import Turns
    from engine.checks.reading import Reading

# what a formula catches that reads what may not be there
_MISSING_FIGURES: Final = frozenset({"ParameterNotFound", "ParameterNotFoundError"})
_CATCHES: Final = _MISSING_FIGURES | frozenset(
    {"Exception", "BaseException", "AttributeError", "KeyError", "LookupError", "ValueError"} | {"ParameterError", "VariableNotFound", "VariableNotFoundError"}
)


class Statements:
    """Reads statements on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._readers: dict[type[ast.stmt], Callable[[Any, Frame], None]] = {
            ast.Expr: self._expression,
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.If: self._if,
            ast.For: self._for,
            ast.While: self._while,
            ast.Try: self._try,
            ast.With: self._with,
            ast.Return: self._return,
            ast.Raise: self._raise,
            ast.Assert: self._assert,
            ast.Continue: self._continue,
            ast.Break: self._break,
            ast.FunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.Match: self._match,
        }

    def block(self, statements: Sequence[ast.stmt], frame: Frame) -> None:
        """Read statements as long as the reading gets there for some period."""
        for statement in statements:
            if not frame.window:
                return
            reader = self._readers.get(type(statement))
            if reader is not None:
                reader(statement, frame)

    def _expression(self, node: ast.Expr, frame: Frame) -> None:
        self.reading.expressions.value(node.value, frame)

    # Names get values

    def _assign(self, node: ast.Assign, frame: Frame) -> None:
        value = self.reading.expressions.value(node.value, frame)
        for target in node.targets:
            self.assign(target, value, frame)

    def _annotated(self, node: ast.AnnAssign, frame: Frame) -> None:
        if node.value is not None:
            self.assign(node.target, self.reading.expressions.value(node.value, frame), frame)

    def _augmented(self, node: ast.AugAssign, frame: Frame) -> None:
        before, value = self.reading.expressions.value(_as_read(node.target), frame), self.reading.expressions.value(node.value, frame)
        if isinstance(node.target, ast.Name):
            frame.names[node.target.id] = each_of(frame, lambda one, other: self.reading.operators.binary(node, one, other, frame), before, value)

    def assign(self, target: ast.expr, value: Any, frame: Frame) -> None:
        """Give a value to a name, to several, or to an item of a list or mapping that the formula made."""
        if isinstance(target, ast.Name):
            frame.names[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            for place, part in enumerate(target.elts):
                self.assign(part, self._part(value, place, target, frame), frame)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, UNKNOWN, frame)
        elif isinstance(target, ast.Attribute):
            receiver = self.reading.expressions.value(target.value, frame)
            if isinstance(receiver, Instance):
                receiver.fields[target.attr] = value
        elif isinstance(target, ast.Subscript):
            receiver, key = self.reading.expressions.value(target.value, frame), self.reading.expressions.value(target.slice, frame)
            if isinstance(receiver, Listing | Record) and is_hashable(key) and not isinstance(key, Dated | OneOf):
                attempt(receiver.__setitem__, key, value)

    def _part(self, value: Any, place: int, target: ast.Tuple | ast.List, frame: Frame) -> Any:
        if any(isinstance(each, ast.Starred) for each in target.elts):
            return UNKNOWN
        return each_of(frame, lambda each: self._nth(each, place, frame), value)

    def _nth(self, value: Any, place: int, frame: Frame) -> Any:
        turns = self.turns(value, frame)
        return turns[place][0] if turns is not None and place < len(turns) else UNKNOWN

    # Ways

    def _if(self, node: ast.If, frame: Frame) -> None:
        yes, no = self.reading.conditions.split(node.test, frame)
        self._ways([(node.body, yes), (node.orelse, no)], frame)

    def _ways(self, ways: Sequence[tuple[Sequence[ast.stmt], int]], frame: Frame) -> None:
        """Read several ways, each for its own periods, and go on where they meet."""
        before = frame.names
        met: tuple[dict[str, Any], int] = ({}, 0)
        for statements, window in ways:
            frame.names, frame.window = dict(before), window
            self.block(statements, frame)
            met = (merged(met, (frame.names, frame.window)), met[1] | frame.window)
        frame.names, frame.window = met if met[1] else (before, 0)

    def _match(self, node: ast.Match, frame: Frame) -> None:
        self.reading.expressions.value(node.subject, frame)
        for case in node.cases:
            frame.names.update(dict.fromkeys(self.reading.shared.sources.assigned(case.pattern), UNKNOWN))
        self._ways([*((case.body, frame.window) for case in node.cases), ((), frame.window)], frame)

    def _try(self, node: ast.Try, frame: Frame) -> None:
        before, whole, outer = dict(frame.names), frame.window, frame.caught
        caught = Catch()
        frame.caught = caught if any(_catches(handler.type) for handler in node.handlers) else outer
        self.block(node.body, frame)
        frame.caught = outer
        frame.window &= ~caught.failed
        self.block(node.orelse, frame)
        met = (frame.names, frame.window)
        for handler in node.handlers:
            reached = whole & (caught.failed | caught.may_fail) if _catches(handler.type, only=_MISSING_FIGURES) else whole
            frame.names, frame.window = {**before, **({handler.name: UNKNOWN} if handler.name else {})}, reached
            self.block(handler.body, frame)
            met = (merged(met, (frame.names, frame.window)), met[1] | frame.window)
        frame.names, frame.window = met
        ended = not frame.window
        frame.window = frame.window or whole
        self.block(node.finalbody, frame)
        frame.window = 0 if ended else frame.window

    def _with(self, node: ast.With, frame: Frame) -> None:
        for item in node.items:
            self.reading.expressions.value(item.context_expr, frame)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, UNKNOWN, frame)
        self.block(node.body, frame)

    def _return(self, node: ast.Return, frame: Frame) -> None:
        frame.returns.append((self.reading.expressions.value(node.value, frame), frame.window))
        frame.window = 0

    def _raise(self, node: ast.Raise, frame: Frame) -> None:
        self.reading.expressions.value(node.exc, frame)
        frame.window = 0

    def _assert(self, node: ast.Assert, frame: Frame) -> None:
        frame.window, _ = self.reading.conditions.split(node.test, frame)

    # Loops

    def turns(self, value: Any, frame: Frame) -> Turns | None:
        """Return what a loop goes through, each with its periods; None where that is not known."""
        if not isinstance(value, OneOf):
            return self.reading.items.turns(value, frame)
        found: Turns = []
        for each, window in value.alternatives:
            turns = self.reading.items.turns(each, frame)
            if turns is None:
                return None
            found += [(turn, window & inner) for turn, inner in turns]
        return found

    def _for(self, node: ast.For, frame: Frame) -> None:
        turns = self.turns(self.reading.expressions.value(node.iter, frame), frame)
        loop = Loop()
        frame.loops.append(loop)
        if turns is None:
            self._any_turn(node, frame)
            loop.broken |= frame.window
        for value, window in turns or ():
            passing = frame.window & ~window
            frame.window &= window
            if frame.window:
                self.assign(node.target, value, frame)
                loop.continued = 0
                self.block(node.body, frame)
                frame.window |= loop.continued
            frame.window |= passing
        frame.loops.pop()
        self.block(node.orelse, frame)
        frame.window |= loop.broken

    def _while(self, node: ast.While, frame: Frame) -> None:
        frame.loops.append(Loop())
        self._any_turn(node, frame)
        frame.loops.pop()

    def _any_turn(self, node: ast.For | ast.While, frame: Frame) -> None:
        """Read a loop of which the turns are not known once, for any of them."""
        whole = frame.window
        frame.names = {**frame.names, **dict.fromkeys(self.reading.shared.sources.assigned(node), UNKNOWN)}
        before = dict(frame.names)
        if isinstance(node, ast.While):
            frame.window, _ = self.reading.conditions.split(node.test, frame)
        self.block(node.body, frame)
        frame.names = merged((before, whole), (frame.names, frame.window))
        frame.window = whole

    def _continue(self, _: ast.Continue, frame: Frame) -> None:
        if frame.loops:
            frame.loops[-1].continued |= frame.window
        frame.window = 0

    def _break(self, _: ast.Break, frame: Frame) -> None:
        if frame.loops:
            frame.loops[-1].broken |= frame.window
        frame.window = 0

    # Functions and modules

    def _function(self, node: ast.FunctionDef, frame: Frame) -> None:
        defaults = tuple(self.reading.expressions.value(default, frame) for default in node.args.defaults)
        by_name = {
            argument.arg: self.reading.expressions.value(default, frame)
            for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            if default is not None
        }
        frame.names[node.name] = LocalFunction(node, frame, defaults, by_name) if not node.decorator_list else UNKNOWN

    def _class(self, node: ast.ClassDef, frame: Frame) -> None:
        frame.names[node.name] = UNKNOWN

    def _import(self, node: ast.Import, frame: Frame) -> None:
        for alias in node.names:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            frame.names[alias.asname or name] = module_of(name) or UNKNOWN

    def _import_from(self, node: ast.ImportFrom, frame: Frame) -> None:
        module = module_of(node.module or "") if not node.level else None
        for alias in node.names:
            found = attempt(getattr, module, alias.name) if module is not None else FAILED
            frame.names[alias.asname or alias.name] = UNKNOWN if found is FAILED else found


def _as_read(target: ast.expr) -> ast.expr:
    """Return the target of `x += 1` as the expression that is read."""
    return ast.copy_location(ast.Name(target.id, ast.Load()), target) if isinstance(target, ast.Name) else target


def _catches(kind: ast.expr | None, only: frozenset[str] = frozenset()) -> bool:
    """Whether a handler catches what reading the law raises; with `only`, whether it catches nothing else."""
    if kind is None:
        return not only
    parts = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    names = [part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else "" for part in parts]
    return set(names) <= only if only else bool(_CATCHES & set(names))
