"""A function that is being read: what its names stand for, and for which periods the reading goes on."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from engine.checks.values import UNKNOWN, join

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping
    from types import FunctionType

MISSING: Final = object()
"""Stands for a name that means nothing."""


@dataclass
class Loop:
    """A loop that is being read: the periods for which it was left, or went on to its next turn."""

    broken: int = 0
    continued: int = 0


@dataclass
class Catch:
    """What a formula catches, `try: …` or a default: the periods for which reading the law surely fails there, and for which it may."""

    failed: int = 0
    may_fail: int = 0


@dataclass
class Frame:
    """One function as it is being read. `window` is the set of periods for which the reading gets to this point; `caught` where errors are caught.

    `names` are the variables of the function; `own` all names that it gives values to somewhere, so that they are no others.
    """

    file: str
    world: Mapping[str, Any]
    window: int
    names: dict[str, Any] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    closure: Mapping[str, Any] = field(default_factory=dict)
    parent: Frame | None = None
    caught: Catch | None = None
    nodes: tuple[ast.AST, ...] = ()
    loops: list[Loop] = field(default_factory=list)
    returns: list[tuple[Any, int]] = field(default_factory=list)
    yields: list[Any] = field(default_factory=list)

    def look_up(self, name: str) -> Any:
        """Return what a name stands for, or MISSING."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.names:
                return frame.names[name]
            if name in frame.own:
                return UNKNOWN
            if name in frame.closure:
                return frame.closure[name]
            frame = frame.parent
        return self.world.get(name, vars(builtins).get(name, MISSING))

    def result(self) -> Any:
        """Return what the function gives: what it returned, and None for the periods for which it came to its end."""
        return join([*self.returns, (None, self.window)])


def closure_of(function: FunctionType) -> dict[str, Any]:
    """Return the values that a function took along from where it was made."""
    found: dict[str, Any] = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not yet given a value
            found[name] = UNKNOWN
    return found


def merged(one: tuple[dict[str, Any], int], other: tuple[dict[str, Any], int]) -> dict[str, Any]:
    """Return the names after two ways met, each with the periods for which it was gone; where one was gone for none, those of the other."""
    names, window = one
    other_names, other_window = other
    if not window:
        return other_names
    if not other_window:
        return names
    found = dict(names)
    for name, value in other_names.items():
        mine = names.get(name, MISSING)
        if mine is MISSING:
            found[name] = value
        elif mine is not value:
            found[name] = join([(mine, window), (value, other_window)])
    return found
