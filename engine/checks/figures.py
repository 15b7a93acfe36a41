"""Reading figures of the law: `parameters(period).a.b.c`, `["c"]`, a look-up by an array, the names of what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.checks.dated import SCALARS, Dated, values_of
from engine.checks.findings import Kind
from engine.checks.notes import place_of
from engine.checks.values import ARRAY, UNKNOWN, Column, Figures, Listing, Method, Names, join
from engine.errors import nearest
from engine.parameters import Sort
from engine.parameters.look_up import key_text

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from engine.checks.frames import Frame
    from engine.checks.reading import Reading

MOST_NAMES: Final = 400
MOST_TOLD: Final = 8
"""Where a look-up by an array leads to more items than this, the branch that was looked up is told in their place."""
_EVERY: Final = "[*]"
_TABLE_METHODS: Final = frozenset({"get"})


class FigureReads:
    """Reads figures on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.presences = reading.lacks.presences

    # The tree at a moment

    def tree(self, moment: Any, node: ast.AST, frame: Frame) -> Figures:
        """Return the law's figures at a moment that a formula asks for."""
        at = self.reading.times.of(moment)
        self.reading.notes.parameter_read(node, frame, understood=True)
        return Figures((self.reading.legislation.parameters,), at, frame.window, "")

    def attribute(self, figures: Figures, name: str, node: ast.AST, frame: Frame) -> Any:
        """Return an attribute of a branch: what stands below it under that name."""
        if name == "_children":
            return Names(figures)
        if name in {"_name", "_instant_str"}:
            return self._about(figures, name)
        if name.startswith("_") or (name in _TABLE_METHODS and figures.items[0].sort is Sort.TABLE):
            return Method(figures, name)
        return self.below(figures, name, node, frame)

    def _about(self, figures: Figures, name: str) -> Any:
        if name == "_instant_str":
            return UNKNOWN if figures.at is None else self.reading.times.dated(str, figures.at) or UNKNOWN
        return figures.items[0].at_date("0001-01-01")._name if len(figures.items) == 1 else UNKNOWN  # noqa: SLF001 - a name that formulas ask for

    # One name below a branch

    def below(self, figures: Figures, name: str, node: ast.AST, frame: Frame) -> Any:
        """Return what stands below a branch under a name: another branch, or the value of a figure at its moment, which is noted."""
        full = f"{figures.name}.{name}" if figures.name else name
        found = tuple(item for item in (_get(each, name) for each in figures.items) if item is not None)
        self.reading.notes.parameter_read(node, frame, understood=True)
        if not found:
            known = dict.fromkeys(key for each in figures.items for key in each.child_names())
            self._note_missing(f"There is no parameter `{full}`.{nearest(name, known)}", node, frame)
            return UNKNOWN
        window = frame.window & figures.window
        names = [item.name for item in found] if len(found) <= MOST_TOLD else [_looked_up(full)]
        if all(item.sort in (Sort.BRANCH, Sort.TABLE) for item in found):
            self.reading.notes.links.passed(names, place_of(node, frame))
            return Figures(found, figures.at, figures.window, full)
        self.reading.notes.links.parameter(names, place_of(node, frame))
        if figures.at is None:
            self._may_fail(frame)
        elif frame.caught is not None:
            frame.caught.failed |= window & ~self._present(found, figures.at)
        elif window:
            self.reading.lacks.note(full, found, figures.at, window, place_of(node, frame))
        return self._value(found, figures.at)

    def _note_missing(self, message: str, node: ast.AST, frame: Frame) -> None:
        if frame.caught is not None:
            frame.caught.failed |= frame.window
        self.reading.notes.error(Kind.PARAMETER, message, node, frame)

    @staticmethod
    def _may_fail(frame: Frame) -> None:
        if frame.caught is not None:
            frame.caught.may_fail |= frame.window

    def _value(self, items: tuple[Any, ...], at: Dated | None) -> Any:
        (item, *others) = items
        if others or item.sort is not Sort.FIGURE:
            return ARRAY
        dated = None if at is None else self.reading.times.dated(figure_at, ItemOf.of(item), at)
        return UNKNOWN if dated is None else dated

    def presence(self, figures: Figures, name: str) -> int:
        """Return the periods for which something stands below a branch under a name and is there."""
        found = [item for item in (_get(each, name) for each in figures.items) if item is not None]
        if figures.at is None:
            return self.reading.times.calendar.all if found else 0
        return self._present(found, figures.at)

    def _present(self, items: Iterable[Any], at: Dated) -> int:
        """Return the periods for which one of several items is there; scales always are."""
        present = 0
        for item in items:
            present |= at.calendar.all if item.sort is Sort.SCALE else self.presences.present(item, at)
        return present

    # Look-ups

    def item(self, figures: Figures, key: Any, node: ast.AST, frame: Frame) -> Any:
        """Return what `branch[key]` gives: what is below under a name, or by an array all that it may choose."""
        if isinstance(key, Dated):
            found = values_of(key, frame.window, MOST_NAMES)
            if found is None:
                return self._chosen(figures, node, frame, understood=False)
            before, results = frame.window, []
            for value, window in found:
                frame.window = before & window
                results.append((self.item(figures, value, node, frame), frame.window))
            frame.window = before
            return join(results)
        if isinstance(key, SCALARS) and key is not None:
            return self.below(figures, key_text(key), node, frame)
        return self._chosen(figures, node, frame, understood=isinstance(key, Column | Listing))

    def _chosen(self, figures: Figures, node: ast.AST, frame: Frame, *, understood: bool) -> Any:
        self.reading.notes.parameter_read(node, frame, understood=understood)
        names = [item.name for item in figures.items] if len(figures.items) <= MOST_TOLD else [_looked_up(figures.name)]
        self.reading.notes.links.parameter(names, place_of(node, frame))
        self._may_fail(frame)
        items = [item for each in figures.items for item in _children(each)]
        branches = tuple(item for item in items if item.sort in (Sort.BRANCH, Sort.TABLE))
        return Figures(branches, figures.at, figures.window, f"{figures.name}{_EVERY}") if branches else ARRAY

    def names(self, figures: Figures) -> list[tuple[str, int]] | None:
        """Return the names that stand below a branch, each with the periods for which it is there; None where there are too many."""
        known = dict.fromkeys(key for each in figures.items for key in each.child_names())
        if len(known) > MOST_NAMES:
            return None
        return [(name, self.presence(figures, name)) for name in known]


class ItemOf:
    """An item of the tree as an operand: equal to itself only."""

    __slots__ = ("item",)

    def __init__(self, item: Any) -> None:
        self.item = item

    @classmethod
    def of(cls, item: Any) -> ItemOf:
        """Return the operand of an item."""
        return cls(item)

    def __eq__(self, other: object) -> bool:
        """Whether both stand for the same item."""
        return isinstance(other, ItemOf) and other.item is self.item

    def __hash__(self) -> int:
        """Hash by identity."""
        return id(self.item)


def figure_at(of: ItemOf, moment: Any) -> Any:
    """Return the value of a figure at a moment. Raises LookupError where it has none."""
    value = of.item.at(moment)
    if value is None:
        raise LookupError(of.item.name)
    return value


def has_no_attribute(value: Dated, name: str) -> str | None:
    """Return the name of the figure whose values a dated value is, where no such value has an attribute of that name; else None."""
    if value.operation is not figure_at:
        return None
    item = value.operands[0].item
    values = [each for each in item.values if each is not None]
    return item.name if values and not any(hasattr(each, name) for each in values) else None


def _looked_up(name: str) -> str:
    """Return the branch that an array chose from."""
    return name.partition(_EVERY)[0]


def _get(item: Any, name: str) -> Any:
    return item.get(name) if item.sort in (Sort.BRANCH, Sort.TABLE) else None


def _children(item: Any) -> list[Any]:
    return list(item.children.values()) if item.sort is Sort.BRANCH else []
