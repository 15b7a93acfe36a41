"""What stands between brackets, and what a loop goes through."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.checks.dated import FAILED, SCALARS, Dated, at_positions, attempt, values_of
from engine.checks.values import ARRAY, UNKNOWN, Column, Figures, Listing, Names, OneOf, is_same, join
from engine.variables import EnumType

if TYPE_CHECKING:
    import ast

    from engine.checks.frames import Frame
    from engine.checks.reading import Reading

MOST_TURNS: Final = 400
_MOST_KEYS: Final = 60

Turns = list[tuple[Any, int]]


class Items:
    """Reads items on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def of(self, value: Any, key: Any, node: ast.AST, frame: Frame) -> Any:
        """Return what `value[key]` gives."""
        if isinstance(value, Figures | Names):
            figures = value.figures if isinstance(value, Names) else value
            return self.reading.figures.item(figures, key, node, frame)
        if isinstance(value, Column):
            return value if isinstance(key, Column) else ARRAY
        if isinstance(value, EnumType):
            return self.reading.attributes.of(value, key, node, frame) if isinstance(key, str) else UNKNOWN
        if isinstance(value, Dated) or isinstance(key, Dated):
            return self._dated(value, key, node, frame)
        if isinstance(value, Mapping | list | tuple | str):
            found = attempt(operator.getitem, value, key)
            return UNKNOWN if found is FAILED else found
        return UNKNOWN

    def _dated(self, value: Any, key: Any, node: ast.AST, frame: Frame) -> Any:
        if isinstance(value, Dated):
            operand = self.reading.times.of(key)
            return UNKNOWN if operand is None else self.reading.times.dated(operator.getitem, value, operand) or UNKNOWN
        keys = values_of(key, frame.window, _MOST_KEYS)
        if keys is not None:
            return join([(self.of(value, each, node, frame), window) for each, window in keys])
        operand = self.reading.times.of(value)
        return UNKNOWN if operand is None else self.reading.times.dated(operator.getitem, operand, key) or UNKNOWN

    # Loops

    def turns(self, value: Any, frame: Frame) -> Turns | None:
        """Return what a loop goes through, each with the periods for which it gets there; None where that is not known."""
        whole = frame.window
        if isinstance(value, Dated):
            return self._dated_turns(value, frame)
        if isinstance(value, Figures | Names):
            figures = value.figures if isinstance(value, Names) else value
            return self.reading.figures.names(figures)
        if isinstance(value, EnumType):
            return [(member, whole) for member in value.enums]
        if isinstance(value, dict | list | tuple | set | frozenset | range | str) and len(value) <= MOST_TURNS:
            return [(each, whole) for each in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
        return None

    def _dated_turns(self, value: Dated, frame: Frame) -> Turns | None:
        """Return the turns of a loop whose length differs by period: the i-th for the periods that have so many."""
        known = [(position, each) for position, each in at_positions(value, frame.window) if each is not FAILED]
        if not known or not all(isinstance(each, list | tuple | range | str) and len(each) <= MOST_TURNS for _, each in known):
            return None
        turns: Turns = []
        for turn in range(max(len(each) for _, each in known)):
            there = [(position, each[turn]) for position, each in known if len(each) > turn]
            fixed = all(is_same(each, there[0][1]) for _, each in there)
            found = there[0][1] if fixed else self.reading.times.dated(operator.getitem, value, turn)
            turns.append((UNKNOWN if found is None else found, sum(1 << position for position, _ in there)))
        return turns

    def common(self, one: Any, other: Any, frame: Frame) -> Any:
        """Return what two sets share, each value for the periods for which it is in both."""
        mine, theirs = self.reading.statements.turns(one, frame), self.reading.statements.turns(other, frame)
        if mine is None or theirs is None:
            return UNKNOWN
        windows: dict[Any, int] = {}
        for value, window in _only_plain(theirs):
            windows[value] = windows.get(value, 0) | window
        shared = [(value, window & windows.get(value, 0)) for value, window in _only_plain(mine)]
        return Listing(value if window == frame.window else OneOf(((value, window),)) for value, window in shared if window)


def _only_plain(turns: Turns) -> Turns:
    """Return the turns whose value is known, those of one alternative with its periods."""
    flat = [(value.alternatives[0][0], window & value.alternatives[0][1]) if isinstance(value, OneOf) else (value, window) for value, window in turns]
    return [(value, window) for value, window in flat if isinstance(value, SCALARS)]
