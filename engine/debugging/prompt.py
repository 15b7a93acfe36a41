"""The prompt: Python's debugger, or IPython's, at the first line of a formula; it steps over the engine, never into it."""

from __future__ import annotations

import bdb
import pdb  # noqa: T100 - whoever asks for it gets it
import sys
from fnmatch import fnmatch
from functools import lru_cache
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from engine.errors import BaremeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from engine.debugging.formula import DebuggedFormula
    from engine.debugging.values import Shown
    from engine.graph.operations import Array

_PASSED_OVER: Final = ("engine", "engine.*", "bareme.*", "bdb", "pdb", "numpy", "numpy.*", "contextlib", "functools", "importlib.*", "<frozen *")

PROMPTS: Final = ("ipython", "pdb")


class Quitted(Exception):  # noqa: N818 - no error: the user's wish
    """The user left the prompt before the formula was done."""


def stop_in(debugged: DebuggedFormula, shown: Shown, write: Callable[[str], object], prompt: str | None = None) -> Array:
    """Run a formula with a prompt at its first line, and return its values.

    `prompt` is `ipython` or `pdb`; by default IPython's, where it is installed and this is a terminal. Raises Quitted, and what the
    formula raises: the prompt has stopped there.
    """
    debugger = _class_of(prompt)(debugged, shown, write)
    try:
        return debugged.run(debugger.call)
    except bdb.BdbQuit as quitted:
        raise Quitted from quitted
    except Exception as error:
        debugger.stop_at(error)
        raise


def _class_of(prompt: str | None) -> Any:
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if prompt == "pdb" or (prompt is None and not at_terminal) or find_spec("IPython") is None:
        return type("Prompt", (_InFormula, pdb.Pdb), {})
    from IPython.terminal.debugger import TerminalPdb  # noqa: PLC0415 - half a second, where it is wanted

    return type("Prompt", (_InFormula, TerminalPdb), {})


class _InFormula:
    """What the law adds to a debugger: where it stops first, and commands of its own."""

    def __init__(self, debugged: DebuggedFormula, shown: Shown, write: Callable[[str], object]) -> None:
        super().__init__(nosigint=True)  # type: ignore[call-arg]
        self.debugged = debugged
        self.shown = shown
        self.write = write
        self._has_begun = False
        self._has_shown_error = False

    def stop_here(self, frame: FrameType) -> bool:
        """Whether to stop in a frame: never in the engine's."""
        return not _is_passed_over(frame) and super().stop_here(frame)  # type: ignore[misc]

    def user_call(self, frame: FrameType, arguments: Any) -> None:
        """Go on to the first line of a function."""
        if self._has_begun:
            super().user_call(frame, arguments)  # type: ignore[misc]

    def user_line(self, frame: FrameType) -> None:
        """Stop at a line: the first time, at the first of the formula."""
        if self._has_begun or frame.f_code is self.debugged.code:
            self._has_begun = True
            super().user_line(frame)  # type: ignore[misc]

    def user_return(self, frame: FrameType, value: Any) -> None:
        """Stop where a function returns; the formula's own return is told by what follows."""
        if self._has_begun:
            super().user_return(frame, value)  # type: ignore[misc]

    def user_exception(self, frame: FrameType, error: Any) -> None:
        """Stop where an error arises in the law."""
        if self._has_begun:
            self._has_shown_error = True
            super().user_exception(frame, error)  # type: ignore[misc]

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a function gives, run under the debugger. Raises BdbQuit where the user leaves, which `runcall` keeps to itself."""
        debugger: Any = self
        debugger.reset()
        before = sys.gettrace()
        sys.settrace(debugger.trace_dispatch)
        try:
            return function(*arguments)
        finally:
            debugger.quitting = True
            sys.settrace(before)

    def get_stack(self, frame: FrameType | None, trace: TracebackType | None) -> tuple[list[tuple[FrameType, int]], int]:
        """Return the frames from the formula on, and which is the present one: how the formula came to be called is no matter of the law."""
        stack, place = super().get_stack(frame, trace)  # type: ignore[misc]
        first = next((number for number, (each, _) in enumerate(stack) if each.f_code is self.debugged.code), 0)
        return stack[first:], max(place - first, 0)

    def stop_at(self, error: BaseException) -> None:
        """Stop where an error arose that the user has not seen yet: he had let the formula run on."""
        if self._has_shown_error or isinstance(error, bdb.BdbQuit):
            return
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code is not self.debugged.code:
            trace = trace.tb_next
        if trace is not None:
            self.write(f"*** {type(error).__name__}: {error}")
            debugger: Any = self
            debugger.reset()
            debugger.interaction(None, _of_law(trace))

    def do_rows(self, argument: str) -> None:
        """Show an expression row by row, each with its id: `rows salary * 2`."""
        value = self._getval(argument)  # type: ignore[attr-defined]
        for line in self.shown.rows(value):
            self.write(line)

    def do_reads(self, argument: str) -> None:
        """Show the variables and the figures of the law that were read so far."""
        del argument
        tell_reads(self.debugged, self.shown, self.write)

    def do_engine(self, argument: str) -> None:
        """Show what the engine finds for this variable."""
        del argument
        found = self.debugged.engine_value
        self.write(f"{type(found).__name__}: {found}" if isinstance(found, BaremeError) else self.shown.line(found))


def _of_law(trace: TracebackType) -> TracebackType:
    """Return a traceback without its end within the engine: the prompt opens at the deepest line of the law."""
    links: list[TracebackType] = []
    pending: TracebackType | None = trace
    while pending is not None:
        links.append(pending)
        pending = pending.tb_next
    of_law = [link for link in links if not _is_passed_over(link.tb_frame)]
    found: TracebackType | None = None
    for link in reversed(of_law):
        found = TracebackType(found, link.tb_frame, link.tb_lasti, link.tb_lineno)
    return found or trace


def _is_passed_over(frame: FrameType) -> bool:
    return _is_ours(str(frame.f_globals.get("__name__", "")))


@lru_cache(maxsize=4096)
def _is_ours(module: str) -> bool:
    return any(fnmatch(module, pattern) for pattern in _PASSED_OVER)


def tell_reads(debugged: DebuggedFormula, shown: Shown, write: Callable[[str], object]) -> None:
    """Write the variables and the figures of the law that a formula has read."""
    for (name, at), values in debugged.session.variables_read().items():
        write(f"  {name} at {at} = {shown.line(values)}")
    for (name, instant), value in debugged.session.figures_read.items():
        write(f"  {name} at {instant} = {shown.line(value)}")
