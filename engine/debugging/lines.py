"""A formula told line by line: each statement that ran, with what it gave to each name."""

from __future__ import annotations

import ast
import linecache
import sys
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.checks.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType, FrameType

    from engine.debugging.values import Shown

MOST_PASSES: Final = 3
"""How often a statement in a loop is told."""
_INDENT: Final = " " * 7


class Lines:
    """Calls a function, and writes what each of its lines did."""

    def __init__(self, code: CodeType, shown: Shown, write: Callable[[str], object]) -> None:
        self.code = code
        self.shown = shown
        self.write = write
        self._spans = _spans(code)
        self._here: tuple[int, int] | None = None
        self._passes: Counter[tuple[int, int]] = Counter()
        self._before: dict[str, tuple[Any, Any]] = {}
        self._untold: dict[str, Any] = {}

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what the function gives for these arguments."""
        before = sys.gettrace()
        sys.settrace(self._calls)
        try:
            return function(*arguments)
        finally:
            sys.settrace(before)
            for name, value in self._untold.items():
                self.write(f"{_INDENT}{name} = {self.shown.line(value)}  (at the end)")

    def _calls(self, frame: FrameType, event: str, argument: Any) -> Any:  # noqa: ARG002 - Python's own signature
        if frame.f_code is not self.code or event != "call":
            return None
        self._before = _kept(frame.f_locals)
        return self._lines

    def _lines(self, frame: FrameType, event: str, argument: Any) -> Any:
        self._tell_changes(frame.f_locals)
        if event == "line":
            self._tell_statement(frame.f_lineno)
        elif event == "exception":
            self.write(f"{_INDENT}raised {argument[0].__name__}: {argument[1]}")
        elif event == "return" and argument is not None:
            self.write(f"{_INDENT}returned {self.shown.line(argument)}")
        return self._lines

    def _tell_statement(self, line: int) -> None:
        span = self._spans.get(line, (line, line))
        if span == self._here:
            return
        self._here = span
        self._passes[span] += 1
        if self._passes[span] > MOST_PASSES:
            if self._passes[span] == MOST_PASSES + 1:
                self.write(f"{span[0]:>5}  … again")
            return
        source = textwrap.dedent("".join(linecache.getline(self.code.co_filename, each) for each in range(span[0], span[1] + 1))).splitlines()
        for number, text in enumerate(source, span[0]):
            self.write(f"{number:>5}  {text}")

    def _tell_changes(self, names: Mapping[str, Any]) -> None:
        is_told = self._here is None or self._passes[self._here] <= MOST_PASSES
        for name, value in names.items():
            if name in self._before and _is_same(value, *self._before[name]):
                continue
            if is_told:
                self.write(f"{_INDENT}{name} = {self.shown.line(value)}")
                self._untold.pop(name, None)
            else:
                self._untold[name] = value
            self._before[name] = (value, _copy(value))


def _kept(names: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (value, _copy(value)) for name, value in names.items()}


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _is_same(value: Any, before: Any, copy: Any) -> bool:
    """Whether a name still stands for the same thing: an array may be written into."""
    if value is not before or not isinstance(value, np.ndarray):
        return value is before
    left, right = value.view(np.ndarray), copy.view(np.ndarray)
    return bool(np.array_equal(left, right, equal_nan=left.dtype.kind in "fmM"))


def _spans(code: CodeType) -> dict[int, tuple[int, int]]:
    """Return the first and last line of the statement at each line; of one with a block, its head."""
    function = Sources().node(code)
    found: dict[int, tuple[int, int]] = {}
    for node in ast.walk(function) if function is not None else ():  # what lies within comes later, and holds
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            span = (node.lineno, max(node.lineno, last))
            found.update(dict.fromkeys(range(span[0], span[1] + 1), span))
    return found
