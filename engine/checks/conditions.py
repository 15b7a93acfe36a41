"""Conditions: for which periods they hold, and for which they do not. What cannot be known may be either."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from engine.checks.dated import FAILED, Dated, at_positions
from engine.checks.values import UNKNOWN, Column, Method, OneOf

if TYPE_CHECKING:
    from engine.checks.frames import Frame
    from engine.checks.reading import Reading

Split = tuple[int, int]


class Conditions:
    """Splits sets of periods on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def split(self, node: ast.expr, frame: Frame) -> Split:
        """Return the periods of the frame for which a condition may hold, and those for which it may not."""
        if isinstance(node, ast.BoolOp):
            return self._split_bool(node, frame)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            no, yes = self.split(node.operand, frame)
            return yes, no
        return truth_of(self.reading.expressions.value(node, frame), frame.window)

    def _split_bool(self, node: ast.BoolOp, frame: Frame) -> Split:
        """Split by `and` or `or`: each operand is asked only where those before it did not decide."""
        whole = frame.window
        is_and = isinstance(node.op, ast.And)
        going_on, decided = whole, 0
        for operand in node.values:
            frame.window = going_on
            if not going_on:
                break
            yes, no = self.split(operand, frame)
            going_on, ended = (yes, no) if is_and else (no, yes)
            decided |= ended
        frame.window = whole
        return (going_on, decided) if is_and else (decided, going_on)


def truth_of(value: Any, window: int) -> Split:
    """Return the periods for which a value may be true, and those for which it may be false."""
    if isinstance(value, OneOf):
        splits = [truth_of(each, window & inner) for each, inner in value.alternatives]
        yes = no = 0
        for each_yes, each_no in splits:
            yes, no = yes | each_yes, no | each_no
        return yes, no
    if value is UNKNOWN or isinstance(value, Column):
        return window, window
    if isinstance(value, Dated):
        return _truth_of_dated(value, window)
    if isinstance(value, Method):
        return window, 0
    return (window, 0) if _is_true(value) else (0, window)


def _truth_of_dated(value: Dated, window: int) -> Split:
    yes = no = 0
    for position, each in at_positions(value, window):
        if each is FAILED:
            yes, no = yes | 1 << position, no | 1 << position
        elif each:
            yes |= 1 << position
        else:
            no |= 1 << position
    return yes, no


def _is_true(value: Any) -> bool:
    """Whether a value is true, without asking objects that decide for themselves."""
    return bool(value) if isinstance(value, str | int | float | list | tuple | dict | set | frozenset | range | type(None)) else True
