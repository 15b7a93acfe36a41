"""Frames: the formulas being run, each with what it has read so far; who asked for whom, as errors tell it; and how deep Python's stack is."""

from __future__ import annotations

import contextvars
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import FormulaError
from engine.formula_errors import told
from engine.traces import FigureRead, Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from engine.graph.nodes import Node
    from engine.periods import Period
    from engine.traces import Key
    from engine.variables import Formula, Rule

T = TypeVar("T")
# How many links of a chain of callers a message shows at each end.
CHAIN_ENDS = 8


@dataclass(slots=True)
class Frame:
    """One formula being run; where it walks through what is the same for everybody, it sees `few_rows` rows of that (None: all)."""

    key: Key
    few_rows: int | None = None
    walked: bool = False
    rows_differ: bool = False
    needed_real_values: bool = False
    reads: dict[Key, Node | None] = field(default_factory=dict)
    figures: dict[tuple[str, str], Any] = field(default_factory=dict)
    guards: list[Guard] = field(default_factory=list)
    known_periods: dict[str, tuple[Period, ...]] = field(default_factory=dict)
    rules: dict[str, Rule | None] = field(default_factory=dict)

    def figures_read(self) -> tuple[FigureRead, ...]:
        """Return the figures of the law that were read."""
        return tuple(FigureRead(name, instant, value) for (name, instant), value in self.figures.items())


def chain(frames: Sequence[Frame], key: Key) -> str:
    """Return the way to a variable that is asked for: from where it was asked before, else from the first; a long one without its middle."""
    keys = [frame.key for frame in frames]
    return " -> ".join(_shortened([*(keys[keys.index(key) :] if key in keys else keys), key]))


def failure(frames: Sequence[Frame], formula: Formula, rule: Rule, at: Period, error: Exception) -> FormulaError:
    """Return the error of a formula, that of the last frame: the variable and period, the file and line, what went wrong, and who asked."""
    callers = " <- ".join(_shortened([frame.key for frame in reversed(frames[:-1])]))
    asked = f" Asked by {callers}." if callers else ""
    return FormulaError(f"`{rule.name}` at {at}, {formula.file}:{_line_of(error, formula)}: {told(error)}{asked}")


def _shortened(keys: list[Key]) -> list[str]:
    """Return the names of a chain, with its middle left out where it is too long to read."""
    names = [f"{name} at {at}" for name, at in keys]
    if len(names) <= 2 * CHAIN_ENDS:
        return names
    return [*names[:CHAIN_ENDS], f"… ({len(names) - 2 * CHAIN_ENDS} more) …", *names[-CHAIN_ENDS:]]


def _line_of(error: BaseException, formula: Formula) -> int:
    """Return the line of the formula's file at which an error arose."""
    line = formula.line
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(formula.function.__code__.co_filename):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def is_deep() -> bool:
    """Whether more than half of the stack that Python allows is used; a thread has a stack of its own."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the only way to ask
    depth = 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth > sys.getrecursionlimit() // 2


def in_fresh_thread(function: Callable[[], T]) -> T:
    """Return what a function gives, run in a thread of its own, whose stack is empty; its error is raised here."""
    results: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(function())
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits
            errors.append(error)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(work,))  # what holds for this thread holds there
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
