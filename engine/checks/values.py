"""What a formula handles, as far as it is known without running it.

What Python itself would have is that very thing: a text, a number, a list, a function, an enumeration. What differs by period is `Dated`.
Everything else is one of the classes here.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Final

from engine.checks.dated import SCALARS, Dated

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Mapping

    from engine.checks.frames import Frame
    from engine.variables import Rule

MOST_ALTERNATIVES: Final = 16
MOST_COMBINATIONS: Final = 64


class Unknown:
    """What nothing is known of."""

    def __repr__(self) -> str:
        """Show what it is."""
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class LawAtDates:
    """The law's figures as a formula gets them: `parameters`, to be called with a period."""


THE_LAW: Final = LawAtDates()


@dataclass(frozen=True)
class Column:
    """An array of values, one per row; of a variable where it is one."""

    rule: Rule | None = None


ARRAY: Final = Column()


@dataclass(frozen=True)
class Rows:
    """The rows of an entity, by its key."""

    entity: str


@dataclass(frozen=True, eq=False)
class Figures:
    """Items of the parameter tree at a date: one, or several of which an array chooses. `window` are the periods for which it was read.

    `at` is the moment, None where it is not known. `name` is as it was asked for, with `[*]` where an array chose.
    """

    items: tuple[Any, ...]
    at: Dated | None
    window: int
    name: str


@dataclass(frozen=True, eq=False)
class Names:
    """The names of the items below a branch that are there at a date, with the items: what `_children` of a branch gives."""

    figures: Figures


@dataclass(frozen=True, eq=False)
class Method:
    """A method of a value, to be called."""

    receiver: Any
    name: str


@dataclass(frozen=True, eq=False)
class LocalFunction:
    """A function, or a lambda, written within another; its defaults are what they were there."""

    node: ast.FunctionDef | ast.Lambda
    frame: Frame
    defaults: tuple[Any, ...] = ()
    keyword_defaults: Mapping[str, Any] | None = None


@dataclass(frozen=True, eq=False)
class Instance:
    """An object of a class of the law's packages, by the values of its attributes, which its own methods may set."""

    kind: type
    fields: dict[str, Any]


class Listing(list[Any]):
    """A list that the formula itself made, and may change."""


class Record(dict[Any, Any]):
    """A mapping that the formula itself made, and may change."""


@dataclass(frozen=True, eq=False)
class OneOf:
    """One of several values, each with the periods for which it may be that one."""

    alternatives: tuple[tuple[Any, int], ...]


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are surely the same."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    return isinstance(one, (*SCALARS, Rows, Column)) and bool(one == other)


def join(alternatives: Iterable[tuple[Any, int]]) -> Any:
    """Return the value that is one of these, each with its periods."""
    found: list[tuple[Any, int]] = []
    for value, window in _flat(alternatives):
        if not window:
            continue
        known = next((place for place, (each, _) in enumerate(found) if is_same(each, value)), None)
        if known is None:
            found.append((value, window))
        else:
            found[known] = (value, found[known][1] | window)
    if not found or len(found) > MOST_ALTERNATIVES:
        return UNKNOWN
    return found[0][0] if len(found) == 1 else OneOf(tuple(found))


def _flat(alternatives: Iterable[tuple[Any, int]]) -> Iterable[tuple[Any, int]]:
    for value, window in alternatives:
        if isinstance(value, OneOf):
            yield from ((each, inner & window) for each, inner in value.alternatives)
        else:
            yield value, window


def each_of(frame: Frame, action: Callable[..., Any], *values: Any) -> Any:
    """Return what an action gives for values, alternative by alternative, each for its own periods only."""
    place = next((place for place, value in enumerate(values) if isinstance(value, OneOf)), None)
    if place is None:
        return action(*values)
    if prod(len(value.alternatives) for value in values if isinstance(value, OneOf)) > MOST_COMBINATIONS:
        return action(*(UNKNOWN if isinstance(value, OneOf) else value for value in values))
    before, found = frame.window, []
    for value, window in values[place].alternatives:
        frame.window = before & window
        if frame.window:
            found.append((each_of(frame, action, *values[:place], value, *values[place + 1 :]), frame.window))
    frame.window = before
    return join(found)
