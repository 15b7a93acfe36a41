"""The parameter tree: branches of figures, scales and tables, by name.

The tree is a value. `updated`, `replaced`, `with_child`, `without_child` and `merged` return another tree that shares every
item they do not touch, so that a reform costs the length of a path, and what was worked out for an untouched branch serves both.
What a branch works out for itself is bounded and never stored on disk.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from engine.errors import ParameterError
from engine.parameters.at_instant import ParametersAtInstant, RecordedParametersAtInstant
from engine.parameters.dated_values import Described, Sort
from engine.parameters.dates import date_text
from engine.parameters.items import Container, child_of, joined, steps_of
from engine.parameters.vectors import EVERY, Branches, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.parameters.at_instant import Recorder
    from engine.parameters.look_up import LookUpTable
    from engine.periods import InstantLike, Period

_KEPT_DATES: Final = 256


@dataclass(frozen=True)
class ParameterNode(Container):
    """A branch of the tree: its children by name, in the order of its file (directories: in the order of names)."""

    children: Mapping[str, Any] = field(default_factory=dict)

    sort: ClassVar[Sort] = Sort.BRANCH

    def __repr__(self) -> str:
        """Show the name, the number of children, and the first few."""
        return self._shown("child", "children")

    def at(self, instant: InstantLike) -> ParametersAtInstant:
        """Return the branch as formulas see it at an instant: `parameters(period).a.b.c`."""
        return self.at_date(date_text(instant))

    __call__ = at

    @cached_property
    def _at(self) -> dict[str, ParametersAtInstant]:
        return {}

    def at_date(self, date: str) -> ParametersAtInstant:
        """Return the branch at a date: one same object as long as it is kept (the last 256 dates or so)."""
        found = self._at.get(date)
        if found is None:
            if len(self._at) >= _KEPT_DATES:
                self._at.clear()
            found = self._at.setdefault(date, ParametersAtInstant(self, date))
        return found

    def recorded_at(self, date: str, recorder: Recorder) -> RecordedParametersAtInstant:
        """Return the branch at a date, which tells the recorder what is read."""
        return RecordedParametersAtInstant(self, date, recorder)

    def present_at(self, date: str) -> tuple[str, ...]:
        """Return the names of the children that formulas see at that date."""
        return tuple(name for name, child in self.children.items() if child.is_present(date))

    @cached_property
    def change_dates(self) -> tuple[str, ...]:
        """The dates at which something below changes, ascending."""
        return tuple(sorted({date for child in self.children.values() for date in child.change_dates}))

    @cached_property
    def _choices(self) -> dict[int, Branches | LookUpTable]:
        return {}

    def choices_at(self, date: str) -> Branches | LookUpTable:
        """Return what an array of keys chooses among at a date: one same object between two changes."""
        position = bisect_right(self.change_dates, date)
        found = self._choices.get(position)
        if found is None:
            since = self.change_dates[position - 1] if position else ""
            items = {name: self.children[name] for name in self.present_at(date)}
            found = self._choices.setdefault(position, Branches(f"{self.name}{EVERY}", date, since, items).chosen())
        return found

    def recording(self, recorder: Recorder) -> ParameterReader:
        """Return what a run hands to formulas as `parameters`: it tells `recorder` each figure that is read."""
        return ParameterReader(self, recorder)

    def read(self, name: str, instant: InstantLike) -> Any:
        """Return what the recorder was told, or would be, for a name at an instant: None where there is nothing.

        A figure's value, a scale, the look-up table `a.b[*].c`, or the names present below a branch.
        """
        return read(self, name, date_text(instant))

    def is_present(self, date: str) -> bool:
        """Tell whether formulas see the branch at that date: always."""
        del date
        return True

    def child_names(self) -> tuple[str, ...]:
        """Return the names of the children."""
        return tuple(self.children)

    def get(self, segment: str) -> Any:
        """Return the child of that name, or None."""
        return self.children.get(segment)

    def _with(self, segment: str, item: Any) -> Self:
        return replace(self, children={**self.children, segment: item})

    def renamed(self, name: str) -> Self:
        """Return the branch under another full name, its children with it."""
        if name == self.name:
            return self
        return replace(self, name=name, children={key: child.renamed(joined(name, key)) for key, child in self.children.items()})

    def descendants(self) -> Iterator[Any]:
        """Go through all items below, branches before their children."""
        for child in self.children.values():
            yield child
            if isinstance(child, ParameterNode):
                yield from child.descendants()

    def replaced(self, path: str, item: Any) -> Self:
        """Return the tree with `item` in the place of the one at `path`. Raises ParameterNotFoundError where there is none."""
        return self._edited(steps_of(path), lambda below: item.renamed(below.name))

    def with_child(self, path: str, item: Any) -> Self:
        """Return the tree with a new item at `path`. Raises ParameterError where there is one already, ParameterNotFoundError where its branch is not."""
        *branch, last = steps_of(path)

        def add(node: Any) -> Any:
            if not isinstance(node, ParameterNode):
                raise ParameterError(f"`{path}` cannot be added: `{node.name}` is not a branch of the tree.")
            if last in node.children:
                raise ParameterError(f"`{path}` cannot be added: it exists already{_at(node.children[last])}. Use `replaced`.")
            return node._with(last, item.renamed(joined(node.name, last)))  # noqa: SLF001 - the same class

        return self._edited(tuple(branch), add) if branch else add(self)

    def without_child(self, path: str) -> Self:
        """Return the tree without the item at `path`. Raises ParameterNotFoundError where there is none."""
        *branch, last = steps_of(path)

        def remove(node: Any) -> Any:
            child_of(node, last)
            if not isinstance(node, ParameterNode):
                raise ParameterError(f"`{path}` cannot be taken away: `{node.name}` is not a branch of the tree. Give it the value None from a date on.")
            return replace(node, children={key: child for key, child in node.children.items() if key != last})

        return self._edited(tuple(branch), remove) if branch else remove(self)

    def merged(self, other: ParameterNode) -> Self:
        """Return the tree with the children of another, branch by branch. Raises ParameterError that lists everything both have."""
        conflicts: list[str] = []
        merged = self._merged(other, conflicts)
        if conflicts:
            raise ParameterError("Two trees cannot be merged: both have\n" + "\n".join(conflicts))
        return merged

    def _merged(self, other: ParameterNode, conflicts: list[str]) -> Self:
        children = dict(self.children)
        for key, theirs in other.children.items():
            mine = children.get(key)
            if mine is None:
                children[key] = theirs.renamed(joined(self.name, key))
            elif isinstance(mine, ParameterNode) and isinstance(theirs, ParameterNode):
                children[key] = mine._merged(theirs, conflicts)  # noqa: SLF001 - the same class
            else:
                conflicts.append(f"`{mine.name}`{_at(mine)} and{_at(theirs) or ' there'}")
        return replace(self, children=children)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is worked out again."""
        return {key: value for key, value in self.__dict__.items() if key not in ("_at", "_choices", "change_dates")}


def _at(item: Described) -> str:
    return f" ({item.place})" if item.place else ""


class ParameterReader:
    """What a run hands to its formulas as `parameters`: the tree, read at the instants that they ask for, and who is told of it.

    For one run, used by one thread at a time.
    """

    def __init__(self, tree: ParameterNode, recorder: Recorder) -> None:
        self.tree = tree
        self.recorder = recorder
        self._at: dict[Any, ParametersAtInstant] = {}
        self._at_date: dict[str, ParametersAtInstant] = {}

    def __call__(self, instant: InstantLike | Period) -> ParametersAtInstant:
        """Return the tree at an instant, or at the start of a period."""
        found = self._at.get(instant)
        if found is None:
            date = date_text(instant)
            found = self._at_date.setdefault(date, RecordedParametersAtInstant(self.tree, date, self.recorder))
            self._at[instant] = found
        return found
